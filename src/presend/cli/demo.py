"""`presend demo`: the main job on the imitated platforms, through the official SDKs."""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path

import click


@click.command("demo")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), default=Path("presend-demo.html"))
@click.option("--world", default="mishaps", show_default=True, help="mishaps, clean, big, cross, or a folder.")
@click.option("--format", "form", type=click.Choice(("table", "json", "markdown", "sarif")), default="table")
@click.option("-v", "--verbose", count=True, help="More on stderr.")
def command(report: Path, world: str, form: str, verbose: int) -> int:
    """Start the three imitated platforms, scan their accounts and write the report.

    Needs no account, no key and no network. Exits 0 when the scan ran whole, 4 when it did not.
    """
    from pydantic import SecretStr

    from presend.cli.common import Wanted, note, rule_set
    from presend.cli.deeds import widened
    from presend.cli.run import Scope, run
    from presend.errors import UsageError
    from presend.exitcodes import ExitCode
    from presend.logs import configure
    from presend.model import Platform
    from presend.settings import Account, Settings, load_file

    configure(verbose)
    sandbox = importlib.import_module("presend_sandbox").Sandbox
    wanted = Wanted(
        form=form,
        output=None,
        report=report,
        recipients=None,
        fail_on="high",
        fail_confidence="high",
        select=(),
        ignore=(),
        as_of=None,
        show_pii=False,
        config=None,
        verbose=verbose,
    )
    with tempfile.TemporaryDirectory(prefix="presend-demo-") as folder:
        try:
            with sandbox(world=world) as box:
                env = box.env()
                accounts = tuple(
                    Account(
                        name=platform.value,
                        platform=platform,
                        key=SecretStr(_key(env, platform)),
                        base_url=env[f"PRESEND_{platform.name}__BASE_URL"],
                    )
                    for platform in Platform
                    if f"PRESEND_{platform.name}__BASE_URL" in env
                )
                file = Path(folder) / "presend.toml"
                file.write_text(box.settings(), encoding="utf-8")
                settings = Settings(accounts=accounts, file=load_file(file), state_dir=Path(folder))
                note(f"the platforms are imitated at {box.origin}; everybody in them is invented")
                with widened(settings, None, Scope(accounts), None) as scope:
                    code = run(settings, wanted, rule_set(settings, (), ()), scope)
        except ValueError as error:
            raise UsageError(f"there is no world {world!r}", help="mishaps, clean, big, cross, or a folder.") from error
    return int(ExitCode.INCOMPLETE if code is ExitCode.INCOMPLETE else ExitCode.CLEAR)


def _key(env: dict[str, str], platform: object) -> str:
    name = getattr(platform, "name", "")
    return env.get(f"PRESEND_{name}__API_KEY") or env[f"PRESEND_{name}__ACCESS_TOKEN"]

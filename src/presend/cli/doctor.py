"""`presend doctor`: can presend reach each account, with which rights, and what could it not do there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from presend.cli.common import account_config, chosen_accounts, platform_sentence, progress

if TYPE_CHECKING:
    from presend.cli.facts import Coverage
    from presend.ports import Connector
    from presend.settings import Account, Settings


@click.command("doctor")
@click.option("--account", "accounts", multiple=True, metavar="NAME", help="Only this account; repeatable.")
@click.option("--facts", is_flag=True, help="Also read the recipients of what is due, and say what is known of them.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
@click.option("-v", "--verbose", count=True, help="More on stderr.")
def command(accounts: tuple[str, ...], facts: bool, form: str, config: Path | None, verbose: int) -> int:
    """Say for each account whether it can be reached, what the key may do and what presend cannot do there.

    Also whether the channels of notices would take one. Asks only; changes nothing. Exit codes: 0 all reached,
    3 no account, 4 one could not be reached.
    """
    from datetime import UTC, datetime

    from presend.cli.facts import as_data, lines
    from presend.cli.notices import rights as channel_rights
    from presend.errors import PlatformError
    from presend.exitcodes import ExitCode
    from presend.logs import clean, configure
    from presend.model import Able
    from presend.registry import connector_for
    from presend.settings import load

    configure(verbose)
    settings = load(config)
    told: list[dict[str, object]] = []
    code = ExitCode.CLEAR
    for account in chosen_accounts(settings, accounts):
        entry: dict[str, object] = {"account": account.name, "platform": account.platform.value}
        try:
            connector = connector_for(account_config(settings, account))
            try:
                info = connector.info()
                known = _facts(settings, account, connector, info.facts) if facts else None
            finally:
                connector.close()
        except PlatformError as error:
            code = ExitCode.INCOMPLETE
            entry |= {"reached": False, "reason": clean(platform_sentence(error)), "rights": []}
        else:
            rights = [{"name": r.name, "able": r.able.value, "detail": r.detail} for r in info.rights]
            entry |= {"reached": True, "name": info.name, "zone": info.zone, "rights": rights}
            if known is not None:
                entry["facts"] = as_data(known, account.name) if form == "json" else list(lines(known, account.name))
                code = ExitCode.INCOMPLETE if known.failed else code
        told.append(entry)
    for right in channel_rights(settings, datetime.now(UTC)):
        told.append({"channel": right.name, "able": right.able.value, "detail": right.detail})
        code = ExitCode.INCOMPLETE if right.able is Able.NO else code
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        for entry in told:
            _show(entry)
    return int(code)


def _facts(settings: Settings, account: Account, connector: Connector, sources: Mapping[str, str]) -> Coverage:
    from datetime import UTC, datetime

    from presend.cli.facts import coverage

    mapped = settings.file.facts.get(account.name, {})
    with progress(enabled=True) as tell:
        return coverage(connector, sources, mapped, datetime.now(UTC), settings.memory_limit, tell)


def _show(entry: dict[str, object]) -> None:
    if "channel" in entry:
        click.echo(f"notices to {entry['channel']}: {entry['able']}. {entry['detail']}")
        return
    head = f"{entry['account']} ({entry['platform']})"
    if not entry["reached"]:
        click.echo(f"{head}: not reached. {entry['reason']}")
        return
    click.echo(f"{head}: {entry['name']}, zone {entry['zone']}")
    rights = entry["rights"]
    assert isinstance(rights, list)
    for right in rights:
        click.echo(f"  {right['able']:<7} {right['name']}: {right['detail']}")
    facts = entry.get("facts", [])
    assert isinstance(facts, list)
    for line in facts:
        click.echo(line)

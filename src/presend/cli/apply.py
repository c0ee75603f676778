"""`presend apply FILE`: do exactly the plan that `presend scan --plan FILE` saved."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("apply")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--policy", type=click.Path(path_type=Path, dir_okay=False), help="A TOML file with [policy].")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(file: Path, policy: Path | None, form: str, config: Path | None) -> int:
    """Do the plan in FILE, made by `presend scan --plan FILE`, if nothing changed since.

    A campaign that was edited, or whose recipients are others now, is left alone. The limits hold as they do for a
    scan. Exit codes: 0 done or left alone, 2 the file is no plan, was changed or is too old, 3 its account is not
    configured, 4 another run is at work on it, 5 refused, failed or unconfirmed.
    """
    from presend.cli.applying import apply_file

    return int(apply_file(file, policy_file=policy, form=form, config=config))

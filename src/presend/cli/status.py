"""`presend status`: what is held, who is left out, what is unsure, what waits."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("status")
@click.option("--account", metavar="NAME", help="Only this account.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(account: str | None, form: str, config: Path | None) -> int:
    """Show the campaigns that presend holds, those it leaves people out of, what is unsure, what waits to be told.

    Deeds of a run that ended in between are looked at on the platform first; nothing is ever done by this command.
    Exit codes: 0 shown, 2 the store cannot be opened, 3 no such account, 5 it cannot be read, or something is
    not known.
    """
    from presend.cli.standing import status

    return int(status(account, form=form, config=config))

"""`presend hold CAMPAIGN`: take one campaign back to draft, by hand."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("hold")
@click.argument("campaign")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--apply", is_flag=True, hidden=True, help="Taken for scripts that give it everywhere; changes nothing.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(campaign: str, dry_run: bool, apply: bool, config: Path | None) -> int:
    """Take CAMPAIGN (platform:id or account:id) back to draft.

    Never cancels. What is needed to put it back is stored before the platform is asked. Exit codes: 0 done or
    planned, 3 there is no such campaign, 4 it could not be read, 5 refused, failed or unconfirmed.
    """
    from presend.cli.byhand import hold

    del apply
    return int(hold(campaign, dry_run=dry_run, config=config))

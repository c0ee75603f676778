"""`presend release CAMPAIGN`: put a held campaign back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from presend.cli.common import Moment


@click.command("release")
@click.argument("campaign")
@click.option("--at", type=Moment(), help="Send then, instead of at the time it had.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--apply", is_flag=True, hidden=True, help="Taken for scripts that give it everywhere; changes nothing.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(campaign: str, at: datetime | None, dry_run: bool, apply: bool, config: Path | None) -> int:
    """Schedule CAMPAIGN (platform:id or account:id) again as it was before presend held it."""
    from presend.cli.byhand import release

    del apply
    return int(release(campaign, at=at, dry_run=dry_run, config=config))

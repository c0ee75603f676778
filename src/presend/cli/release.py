"""`presend release CAMPAIGN`: put a held campaign back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from presend.cli.common import Moment
from presend.errors import UsageError


@click.command("release")
@click.argument("campaign")
@click.option("--at", type=Moment(), help="Send then, instead of at the time it had.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--apply", is_flag=True, hidden=True, help="Taken for scripts that give it everywhere; changes nothing.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(campaign: str, at: datetime | None, dry_run: bool, apply: bool, config: Path | None) -> int:
    """Schedule CAMPAIGN (platform:id or account:id) again as it was before presend held it.

    Exit codes: 0 done or planned, 2 a time that has passed, 3 presend does not hold it, 5 not done or unconfirmed.
    """
    from presend.cli.byhand import release

    del apply
    if at is not None and at <= datetime.now(UTC):
        raise UsageError(
            f"--at {at:%Y-%m-%d %H:%M} UTC has passed", help="Give a time that is still to come; nothing was done."
        )
    return int(release(campaign, at=at, dry_run=dry_run, config=config))

"""`presend undo RUN`: take back what a run did, the last deed first."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("undo")
@click.argument("run")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken back.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(run: str, dry_run: bool, form: str, config: Path | None) -> int:
    """Take back what RUN did (as `presend history` and `presend status` name it; a beginning will do).

    Marks come off, notes say what they said before, those who were left out are let in again, held campaigns go
    back to the time they had if that is still ahead. What cannot be taken back is said. The limits of the policy do
    not apply. Exit codes: 0 taken back or planned, 3 no such run, 5 something was not, or is unconfirmed.
    """
    from presend.cli.undoing import undo

    return int(undo(run, dry_run=dry_run, form=form, config=config))

"""`presend approve CAMPAIGN`: a person's verdict on a campaign exactly as it is now."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("approve")
@click.argument("campaign")
@click.option("--by", required=True, metavar="NAME", help="Who approves it: an entry of [people].")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(campaign: str, by: str, config: Path | None) -> int:
    """Approve CAMPAIGN (platform:id or account:id) as it is now: content, audience definition and schedule.

    Any edit ends the approval. Nobody approves what they wrote; where the platform does not tell who wrote it, two
    people must approve. NAME is an attestation, no login: whoever can run this command can give any name of [people].
    Exit codes: 0 stored, 2 refused (not in [people], one's own campaign), 3 there is no such campaign,
    4 it could not be read.
    """
    from presend.cli.spoken import approve

    return int(approve(campaign, by, config))

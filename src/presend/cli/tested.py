"""`presend tested CAMPAIGN`: record that a test was sent and looked at."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("tested")
@click.argument("campaign")
@click.option("--by", required=True, metavar="NAME", help="Who looked at it; an entry of [people] where there are any.")
@click.option(
    "--message",
    "messages",
    multiple=True,
    metavar="LABEL",
    help="The variant it was of: A, B, …; repeatable. Default: all.",
)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(campaign: str, by: str, messages: tuple[str, ...], config: Path | None) -> int:
    """Record a test send of CAMPAIGN (platform:id or account:id) as it is now; no platform tells of one."""
    from presend.cli.spoken import tested

    return int(tested(campaign, by, messages, config))

"""`presend ack FINGERPRINT`: accept one finding until a date, with a reason."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("ack")
@click.argument("fingerprint")
@click.option("--until", required=True, metavar="DATE", help="A date, or an ISO 8601 time; within a year.")
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option("--by", required=True, metavar="NAME", help="Who accepts it; an entry of [people] where there are any.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(fingerprint: str, until: str, reason: str, by: str, config: Path | None) -> int:
    """Accept the finding with FINGERPRINT (in the JSON report) until DATE.

    It stays in every report as acknowledged, leads to no deed and no exit code 1, and speaks again after DATE, or once
    it reaches half as many people again.
    """
    from presend.cli.spoken import ack

    return int(ack(fingerprint, by, reason, until, config))

"""`presend ack FINGERPRINT`: accept one finding until a date, with a reason."""

from __future__ import annotations

import re
from pathlib import Path

import click

from presend.errors import UsageError


@click.command("ack")
@click.argument("fingerprint")
@click.option("--until", metavar="DATE", help="A date, or an ISO 8601 time; within a year.")
@click.option("--reason", help="Why it is accepted.")
@click.option("--by", metavar="NAME", help="Who accepts it; an entry of [people] where there are any.")
@click.option("--remove", is_flag=True, help="Accept it no longer; takes none of the others.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
def command(
    fingerprint: str, until: str | None, reason: str | None, by: str | None, remove: bool, config: Path | None
) -> int:
    """Accept the finding with FINGERPRINT (in the table and the JSON report) until DATE.

    It stays in every report as acknowledged, leads to no deed and no exit code 1, and speaks again after DATE, or once
    it reaches half as many people again. Exit codes: 0 done, 2 no fingerprint, or a word is missing or wrong,
    3 --remove of what nobody has accepted.
    """
    from presend.cli.spoken import ack, no_ack

    if not re.fullmatch(r"[0-9a-f]{16}", fingerprint):
        raise UsageError(
            f"{fingerprint!r} is no fingerprint: those are 16 of the characters 0-9 and a-f",
            help="`presend scan` shows it behind each finding that is high or worse, with -v behind all.",
        )
    if remove:
        return int(no_ack(fingerprint, config))
    if until is None or reason is None or by is None:
        given = {"--until": until, "--reason": reason, "--by": by}
        lacking = ", ".join(name for name, value in given.items() if value is None)
        raise UsageError(f"to accept a finding takes {lacking}", help="Or --remove, to accept it no longer.")
    return int(ack(fingerprint, by, reason, until, config))

"""`presend watch`: scan again and again in the foreground, for containers and service managers."""

from __future__ import annotations

import random
import sys
import time
from datetime import timedelta

import click

from presend.cli.common import Span
from presend.errors import UsageError


@click.command("watch", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--every", type=Span(), default="15m", show_default=True, help="From one scan's beginning to the next's.")
@click.option(
    "--jitter",
    type=click.FloatRange(0, 0.5),
    default=0.1,
    show_default=True,
    help="Share of --every by which the pause varies.",
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def command(every: timedelta, jitter: float, options: tuple[str, ...]) -> int:
    """Run `presend scan OPTIONS` every so often, until SIGTERM or Ctrl-C.

    What follows the options of watch goes to scan: `presend watch --every 15m --apply`. A scan at work is finished
    before it stops; a second signal ends that too. Wrong options or settings stop it with 2 at once, no account with
    3; a scan that fails later is logged, and the next one comes.
    """
    from presend.cli.scan import command as scan
    from presend.cli.watching import Pace, Stop, watch
    from presend.logs import configure

    if every.total_seconds() < 1:
        raise UsageError("--every is less than a second", help="Give for example --every 15m.")
    words = [word for at, word in enumerate(options) if not (at == 0 and word == "--")]
    # Wrong options are said now, and not by every round.
    scan.make_context("presend scan", list(words)).close()
    configure(1)
    stop = Stop()
    stop.listen()
    call = (sys.executable, "-m", "presend", "scan", *words)
    pace = Pace(every.total_seconds(), jitter)
    chance = random.SystemRandom().random
    return int(watch(pace, lambda: stop.run(call), wait=stop.wait, clock=time.monotonic, chance=chance))

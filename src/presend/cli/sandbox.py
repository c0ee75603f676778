"""`presend sandbox`: the three imitated platforms on loopback, with the settings that point presend at them."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("sandbox")
@click.option("--world", default="mishaps", show_default=True, help="mishaps, clean, big, cross, or a folder.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free one.")
@click.option("--request-log", type=click.Path(path_type=Path, dir_okay=False), help="JSON lines, one a request.")
@click.option("--switch", "switches", multiple=True, metavar="NAME=VALUE", help="An open point of a platform.")
def command(world: str, port: int, request_log: Path | None, switches: tuple[str, ...]) -> int:
    """Run the three imitated platforms on loopback until interrupted.

    Prints the settings that point presend at them, as NAME=value lines, then a blank line when ready.
    """
    import importlib

    from presend.errors import UsageError

    pairs = dict(pair.partition("=")[::2] for pair in switches)
    # By name: the core knows no platform, and the sandbox is one of the platforms' rooms.
    server = importlib.import_module("presend_sandbox.server")
    try:
        server.serve_forever(world=world, port=port, request_log=request_log, switches=pairs)
    except (ValueError, FileNotFoundError, OSError) as error:
        raise UsageError(f"the sandbox cannot start: {error}", help="See `presend sandbox --help`.") from error
    return 0

"""`python -m presend_sandbox`: serve a world until interrupted."""

from __future__ import annotations

import argparse
from pathlib import Path

from presend_sandbox.server import serve_forever


def main() -> None:
    """Read the options and serve; ends with Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m presend_sandbox", description="Three platforms, imitated on loopback."
    )
    parser.add_argument("--world", default="mishaps", help="a built-in world, or a folder that holds one")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--request-log", type=Path, default=None, help="file that gets one JSON line per request")
    options = parser.parse_args()
    serve_forever(world=options.world, port=options.port, request_log=options.request_log)


if __name__ == "__main__":
    main()

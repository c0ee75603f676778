"""`python -m presend`: the same command, for places where scripts are not on the path."""

from __future__ import annotations

from presend.cli import main

main()

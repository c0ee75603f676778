"""presend reads scheduled e-mail campaigns as each of their recipients would, before they go out."""

from __future__ import annotations


def __getattr__(name: str) -> str:
    """`__version__`, read from the installed distribution only when someone asks."""
    if name == "__version__":
        from importlib.metadata import version

        return version("presend")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""What went wrong, in a sentence or in the log, and never in anybody's data."""

from __future__ import annotations

import traceback

from presend.errors import PresendError
from presend.logs import logger


def fault(error: Exception) -> None:
    """Log where it happened, and not its words: they may hold somebody's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    logger("actions").error("fault", kind=type(error).__name__, where=f"{last.name}:{last.lineno}")


def said(error: Exception) -> str:
    """What happened and what to do next, where it is an error of ours; else only its kind."""
    if isinstance(error, PresendError):
        return f"{error.message}. {error.help}".strip() if error.help else error.message
    return type(error).__name__

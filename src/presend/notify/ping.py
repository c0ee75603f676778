"""The dead man's ping: asked for after each complete scan, so that a monitor notices when none comes any more."""

from __future__ import annotations

import requests

TIMEOUT_SECONDS = 10


def ping(url: str) -> str:
    """Ask for the URL once; the empty string when it answered well, else why not (never the URL: it is a secret)."""
    try:
        answer = requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except (requests.RequestException, ValueError) as error:
        return f"the monitor could not be reached ({type(error).__name__})"
    return "" if answer.status_code < 400 else f"the monitor answered {answer.status_code}"

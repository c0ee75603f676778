"""Keeps two runs on one account apart, by a file lock in the state folder; a dead process's lock heals by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from presend.errors import Busy, SettingsError
from presend.settings import Settings


def state_dir(settings: Settings) -> Path:
    """The state folder, made with rights 0700. Raises SettingsError when it cannot be used."""
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"the state folder {settings.state_dir} cannot be made: {error.strerror}",
            help="Set PRESEND_STATE_DIR to a folder that presend may write to.",
        ) from error
    return settings.state_dir


@contextmanager
def account_lock(settings: Settings, account: str) -> Iterator[None]:
    """Hold the account's lock. Raises Busy when another run has it, SettingsError for an unusable state folder."""
    folder = state_dir(settings) / "locks"
    name = re.sub(r"[^A-Za-z0-9._-]", "_", account)
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = FileLock(folder / f"{name}.lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise Busy(
            f"another run of presend is at work on account {account}",
            help="Wait for it to end, or run with --account for the others.",
        ) from None
    except OSError as error:
        raise SettingsError(
            f"the lock folder {folder} cannot be used: {error.strerror}",
            help="Set PRESEND_STATE_DIR to a folder that presend may write to.",
        ) from error
    try:
        yield
    finally:
        lock.release()

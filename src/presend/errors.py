"""The exception tree: every error a user can meet carries what happened, to what, and what to do next.

PresendError
├── UsageError            a wrong option, setting or file given by the user      (exit 2)
│   ├── SettingsError     unreadable or invalid settings
│   └── AudienceFileError an audience file with a broken row or an unknown shape
├── NothingSelected       no account, campaign or template matched               (exit 3)
├── PlatformError         a platform did not give what was asked                 (exit 4)
│   ├── Refused           the key is wrong or lacks a right
│   ├── Unreachable       no connection, a time-out, or the deadline passed
│   ├── Gone              the thing asked for is not there (any more)
│   ├── BadAnswer         an answer that is not what the API promises
│   ├── Unknowable        the platform has no way to tell: listed, but nothing failed
│   └── Unconfirmed       a write whose answer was lost: the platform may have done it
├── DeedError             a write failed, was refused by a limit, or is unconfirmed (exit 5)
└── Busy                  another run holds the lock of this account             (exit 4)
"""

from __future__ import annotations


class PresendError(Exception):
    """Base of all of presend's errors; `help` is the sentence that says what to do next."""

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(PresendError):
    """The user gave something that presend cannot work with."""


class SettingsError(UsageError):
    """Settings that cannot be read or are not valid; never holds a secret's value."""


class AudienceFileError(UsageError):
    """An audience file that cannot be read as a whole; names the file and the row."""


class NothingSelected(PresendError):
    """Nothing matched the selection."""


class PlatformError(PresendError):
    """A platform did not give what was asked; `status` is the HTTP status where there was one."""

    def __init__(self, message: str, *, help: str = "", status: int | None = None) -> None:
        super().__init__(message, help=help)
        self.status = status


class Refused(PlatformError):
    """The platform refused: a wrong key, or a missing right."""


class Unreachable(PlatformError):
    """No connection, a time-out, or the deadline of this account passed."""


class Gone(PlatformError):
    """The thing asked for does not exist, or no longer does."""


class BadAnswer(PlatformError):
    """An answer came, but not one the API promises: truncated, another type, an unknown shape."""


class Unknowable(PlatformError):
    """The platform has no way to tell, so nothing failed: whom a workflow will reach, for example."""


class Unconfirmed(PlatformError):
    """The answer to a write was lost; the platform may have done it, so read back and never repeat blindly."""


class DeedError(PresendError):
    """A write failed, was refused by a limit, or could not be confirmed."""


class Busy(PresendError):
    """Another run holds this account's lock."""

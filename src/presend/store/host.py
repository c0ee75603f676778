"""Which machine this is, so that a file of SQLite is never written from two of them."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path

MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
"""Where Linux keeps an id of the installation (machine-id(5)); containers and other systems have none."""


def machine_id() -> str:
    """The id of the installation, or an empty string where there is none."""
    for path in MACHINE_IDS:
        try:
            found = path.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            continue
        if found:
            return found
    return ""


def host(name: str | None = None, machine: str | None = None) -> str:
    """A hash of the host's name and machine id, 64 hex digits; nothing of either can be read from it.

    Of the name only the first label counts: what follows it changes with the network a laptop is in.
    """
    label = (socket.gethostname() if name is None else name).partition(".")[0].lower()
    number = machine_id() if machine is None else machine
    return hashlib.sha256(f"presend\n{label}\n{number}".encode()).hexdigest()

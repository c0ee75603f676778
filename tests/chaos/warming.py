"""Makes this process ready to be forked: everything imported, and one scan done, so that nothing is compiled later."""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import sys
import tempfile
import time
from pathlib import Path

from presend.audience import rooms
from presend_sandbox import Sandbox
from tests.chaos.deeds import SCAN
from tests.e2e.worlds import presend

PACKAGES = ("presend", "presend_connectors", "presend_checks", "presend_sandbox")
WORLD = Path(__file__).parent / "world"


def warm() -> None:
    """Leaves no thread behind. Raises RuntimeError when one stays, as forking would then be unsafe."""
    for package in PACKAGES:
        found = importlib.import_module(package)
        for one in pkgutil.walk_packages(found.__path__, f"{package}."):
            if "__main__" not in one.name and "migrations" not in one.name:
                importlib.import_module(one.name)
    _scan()
    # The engine's threads end with it; every process of the matrix starts its own, with a folder of its own.
    for engine in rooms._engines.values():
        engine.close()
    rooms._engines.clear()
    rooms._home.cache_clear()
    _alone()
    # What is there now stays: the collector of a forked process need not touch, and so copy, any of it.
    gc.collect()
    gc.freeze()


def _alone(patience: float = 30.0) -> None:
    """Until the kernel has taken the last thread away: whoever joins one is told so a moment earlier."""
    end = time.monotonic() + patience
    while (left := len(list(Path("/proc/self/task").iterdir()))) > 1:
        if time.monotonic() > end:
            raise RuntimeError(
                f"{left - 1} threads of the first scan are still there after {patience:.0f} s,"
                " so this process cannot be forked"
            )
        time.sleep(0.01)


def _scan() -> None:
    """Of all three platforms, which another process serves."""
    told, tell = os.pipe()
    end, ended = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(ended)
        with Sandbox(str(WORLD)) as box:
            os.write(tell, json.dumps(box.env()).encode() + b"\n")
            os.read(end, 1)
        os._exit(0)
    with os.fdopen(told) as lines, tempfile.TemporaryDirectory(prefix="chaos-warm-") as name:
        env = json.loads(lines.readline())
        folder = Path(name)
        (folder / "policy.toml").write_text('[policy]\nhold = "high"\nhold_irreversible = true\n')
        done = presend(*SCAN, env={**env, "PRESEND_STATE_DIR": str(folder / "state")}, cwd=folder)
        if done.code not in (0, 1):
            raise RuntimeError(f"the first scan ended with {done.code}: {done.err}")
    for each in (ended, end, tell):
        os.close(each)
    os.waitpid(pid, 0)

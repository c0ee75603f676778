"""Runs one row of the matrix: finds the points at which presend can be killed, kills it at each, and judges."""

from __future__ import annotations

import json
import logging
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from presend_sandbox import Sandbox
from tests.chaos.child import Child, Job
from tests.chaos.deeds import MEND, Deed, Scene, put_right, spoil
from tests.chaos.gate import Gate, Told
from tests.chaos.judging import Seen, Verdict, judge, said
from tests.e2e.accounts import ACCOUNTS
from tests.e2e.worlds import Outcome

WORLD = Path(__file__).parent / "world"
T = TypeVar("T")


@dataclass(frozen=True)
class Point:
    """The moment at which presend dies: after a write of its store or a request, and before the next one of either."""

    kind: str
    number: int
    after: bool
    """False only for the first moment: before anything was written."""
    label: str
    next: str = ""
    """What it did not come to."""

    def __str__(self) -> str:
        if not self.after:
            return f"before {self.label}"
        return f"after {self.label}" + (f", before {self.next}" if self.next else "")


@dataclass(frozen=True)
class Row:
    """A deed on a platform, and what came of every point."""

    deed: str
    platform: str
    verdicts: tuple[tuple[Point, Verdict], ...]
    seconds: float
    moments: int = 0
    """How many there are; more than `verdicts` where only some were tried."""
    fault: str = ""
    """Why there is no row: the deed did not even happen undisturbed."""


def apart(work: Callable[[], T]) -> T:
    """Do it in a forked process, so that nothing it changes is left behind; this process must have no threads."""
    back, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(back)
        code = 1
        try:
            told = pickle.dumps(work())
            with os.fdopen(there, "wb") as out:
                out.write(told)
            code = 0
        except BaseException:
            logging.getLogger("chaos").exception("a process of the matrix failed")
        finally:
            os._exit(code)
    os.close(there)
    with os.fdopen(back, "rb") as told_back:
        found = told_back.read()
    _pid, status = os.waitpid(pid, 0)
    if status or not found:
        raise RuntimeError("a process of the matrix ended without a result")
    result: T = pickle.loads(found)
    return result


@dataclass
class Stage:
    """The account of a row, and the folder that presend runs in; between two runs nothing is served."""

    deed: Deed
    platform: str
    folder: Path
    gate: Gate = field(init=False)
    box: Sandbox = field(init=False)
    scene: Scene = field(init=False)

    def __post_init__(self) -> None:
        logging.getLogger("uvicorn.error").disabled = True
        self.gate = Gate(Told())
        self.box = Sandbox(str(WORLD), only=[self.platform], around=self.gate.around)
        self.box.close()
        self.scene = Scene(ACCOUNTS[self.platform](self.box), self.gate)
        spoil(self.scene)
        (self.folder / "policy.toml").write_text(self.deed.policy_file())

    @contextmanager
    def children(self, count: int) -> Iterator[list[Child]]:
        """Processes that wait for their jobs; forked before the sandbox's thread runs."""
        made = [Child() for _each in range(count)]
        with self.box:
            yield made
        for child in made:
            if child.dead is None:
                child.dismiss()

    def job(self, name: str, *words: str, die: int = 0, after: bool = False) -> Job:
        """A command in this row's folder."""
        env = {
            **self.box.env(),
            **self.deed.env(self.box.origin),
            "PRESEND_STATE_DIR": str(self.folder / "state"),
            "HOME": str(self.folder),
            "NO_PROXY": "127.0.0.1",
        }
        out = str(self.folder / name)
        return Job(words, env, str(self.folder), out, self.box.origin, die, after, f"{out}.writes")

    def prepare(self) -> None:
        """Everything that comes before the deed."""
        for step in self.deed.before:
            if step == MEND:
                put_right(self.scene)
                continue
            with self.children(1) as (child,):
                done = child.run(self.job("before", *step))
                if done.code not in (0, 1):
                    raise RuntimeError(f"could not prepare {self.deed.name} on {self.platform}: {done.err or done.out}")

    def play(self, point: Point | None) -> Seen:
        """The deed, perhaps cut off at a point, then again, then what `presend status` says. Once per process."""
        store = point if point is not None and point.kind == "store" else None
        wire = point if point is not None and point.kind == "request" else None
        looks: list[tuple[Hashable, bool, Hashable]] = []

        def look() -> None:
            now = (self.deed.shows(self.scene), self.scene.held, self.scene.goes())
            if not looks or looks[-1] != now:
                looks.append(now)

        look()
        command = self.deed.command(self.platform)
        with self.children(3) as (first, second, third):
            gate = self.gate
            gate.armed, gate.kill, gate.look = lambda: first.armed, first.kill, look
            gate.die, gate.after = (wire.number, wire.after) if wire else (0, False)
            died = (store.number, store.after) if store else (0, False)
            one = first.run(self.job("first", *command, die=died[0], after=died[1]))
            while gate.at_work:
                time.sleep(0.001)
            look()
            requests = list(gate.seen)
            gate.die, gate.closed, gate.armed = 0, False, lambda: False
            half = len(looks)
            two = second.run(self.job("second", *command))
            look()
            status = third.run(self.job("status", "status", "--format", "json"))
        return Seen(one, two, json.loads(status.out), looks, half, self._order(requests))

    def _order(self, requests: list[dict[str, Any]]) -> list[tuple[float, str, str]]:
        """Writes and requests of the first run in the order in which they came."""
        file = self.folder / "first.writes"
        lines = file.read_text().splitlines() if file.exists() else []
        writes = [(one["at"], "store", one["label"]) for one in map(json.loads, lines)]
        return sorted([*writes, *((one["at"], "request", one["label"]) for one in requests)])


def points(seen: Seen) -> list[Point]:
    """Every moment between two writes or requests of an undisturbed run, before the first and after the last."""
    counts = {"store": 0, "request": 0}
    names = [f"{kind} {label}" for _at, kind, label in seen.order]
    found = [Point(seen.order[0][1], 1, False, names[0])]
    for (_at, kind, _label), name, after in zip(seen.order, names, [*names[1:], ""], strict=True):
        counts[kind] += 1
        found.append(Point(kind, counts[kind], True, name, after))
    return found


def row(deed: Deed, platform: str, sample: int = 0) -> Row:
    """Every point of one deed on one platform, or about `sample` of them. Forks; call it without threads."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        folder = Path(name)
        stage = Stage(deed, platform, folder)
        stage.prepare()
        kept = folder / "kept"
        if (folder / "state").exists():
            shutil.copytree(folder / "state", kept)

        def play(point: Point | None) -> Seen:
            shutil.rmtree(folder / "state", ignore_errors=True)
            (folder / "first.writes").unlink(missing_ok=True)
            if kept.exists():
                shutil.copytree(kept, folder / "state")
            return apart(lambda: stage.play(point))

        whole = play(None)
        if why := _undone(deed, whole):
            return Row(deed.name, platform, (), time.monotonic() - began, fault=why)
        all_points = points(whole)
        step = max(1, len(all_points) // sample) if sample else 1
        verdicts = tuple((point, judge(deed, whole, play(point))) for point in all_points[step // 2 :: step])
    return Row(deed.name, platform, verdicts, time.monotonic() - began, len(all_points))


def _undone(deed: Deed, whole: Seen) -> str:
    """Why an undisturbed run is nothing to compare with; empty when it is."""
    if whole.looks[0][0] == whole.looks[-1][0]:
        return f"undisturbed it changed nothing: {_tail(whole.first)}"
    if said(deed, whole.first) != ["done"]:
        return f"undisturbed it was not done, or not alone: {_tail(whole.first)}"
    if len({kind for _at, kind, _label in whole.order}) < 2:
        return "undisturbed it wrote nothing or asked nothing"
    return ""


def _tail(done: Outcome) -> str:
    return f"exit {done.code} {done.err[-600:]} {done.out[-1500:]}"

"""Two `presend scan --apply` at the same time, in two processes: each deed once, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from presend_sandbox import Sandbox
from tests.chaos.deeds import CAMPAIGN, SCAN, Scene, everyone, spoil
from tests.chaos.gate import HOOK, Gate, Told
from tests.e2e.accounts import ACCOUNTS, log_of
from tests.e2e.worlds import Outcome, presend

WORLD = Path(__file__).parent / "world"
POLICY = """
[policy]
hold_irreversible = true
notify = "medium"
[[policy.rule]]
codes = ["TAG", "VAL"]
hold = "high"
tag = "high"
comment = "high"
"""


class Together:
    """Holds the first request until the other process asks something as well, or has ended: so they do overlap."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.go = threading.Event()
        self._first = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._first:
            self._first = False
            await asyncio.to_thread(self.go.wait, 60)
        else:
            self.go.set()
        await self._app(scope, receive, send)


def both(folders: Sequence[Path], env: dict[str, str], together: Together) -> list[Outcome]:
    """The command in two processes, started together."""

    def run(folder: Path) -> Outcome:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PRESEND_")}
        words = [sys.executable, "-c", "from presend.cli import main; main()", *SCAN]
        mine = {**clean, **env, "PRESEND_STATE_DIR": str(folder / "state")}
        done = subprocess.run(words, env=mine, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        together.go.set()
        return Outcome(done.returncode, done.stdout, done.stderr)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, folders))


def campaigns(notices: Sequence[dict[str, Any]]) -> list[str]:
    """The platforms of the campaigns in them; that an account was busy is told too, and is none."""
    return sorted(one["platform"] for notice in notices for one in notice["campaigns"] if one["campaign_id"])


def story(folders: Sequence[Path], **more: str) -> None:
    for folder in {*folders}:
        folder.mkdir(exist_ok=True)
        (folder / "policy.toml").write_text(POLICY)
    gate, layers = Gate(Told()), []

    def around(app: ASGIApp) -> ASGIApp:
        layers.append(Together(gate.around(app)))
        return layers[0]

    with Sandbox(str(WORLD), around=around) as box:
        scenes = [Scene(ACCOUNTS[platform](box), gate) for platform in ACCOUNTS]
        for scene in scenes:
            spoil(scene)
        secret = "a-secret-of-no-use-at-all-0123456789"
        env = {**box.env(), "PRESEND_NOTIFY__URLS": f"{box.origin}{HOOK}", "PRESEND_NOTIFY__SECRET": secret, **more}
        done = both(folders, env, layers[0])
        since, told = len(box.requests), len(gate.told.hook)
        third = presend(*SCAN, env={**env, "PRESEND_STATE_DIR": str(folders[0] / "state")}, cwd=folders[0], box=box)

    assert any("another run of presend" in one.err + one.out for one in done), [one.err for one in done]
    states = [(d["verb"], d["account"], d["state"]) for one in done for d in one.report["deeds"] if d["campaign_id"]]
    assert sorted(states) == sorted((v, p, "done") for p in ACCOUNTS for v in ("hold", "tag", "comment"))
    for scene in scenes:
        account = scene.account
        assert scene.held
        found = [m[1] for each in log_of(account) if (m := account.holds.fullmatch(str(each)))]
        assert found == account.parts(CAMPAIGN[account.platform])
        assert len(account.notes(CAMPAIGN[account.platform])) == 1
        assert frozenset(everyone(scene)) in scene.marked()
    assert campaigns(gate.told.hook) == sorted(ACCOUNTS)
    assert [d for d in third.report["deeds"] if d["verb"] != "notify"] == []
    assert log_of(scenes[0].account, since) == []
    assert campaigns(gate.told.hook[told:]) == []


@pytest.mark.worlds
def test_two_scans_on_one_machine(tmp_path: Path) -> None:
    story([tmp_path, tmp_path])


@pytest.mark.postgres
def test_two_scans_on_two_machines_with_one_server(tmp_path: Path, postgres_url: str) -> None:
    """Each has a state folder of its own, so only the server's lock can keep them apart."""
    story([tmp_path / "one", tmp_path / "two"], PRESEND_STORE_URL=postgres_url)

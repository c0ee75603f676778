"""What the end-to-end tests share: the command run on an imitated account, where nothing is waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.accounts import Account
from tests.e2e.worlds import PLATFORMS, Here, Outcome, presend

WHOLE = ("test_audit", "test_deeds", "test_doctor", "test_mishaps", "test_notices", "test_oversight", "test_worlds")
"""Beginnings of the files that read whole accounts, which takes minutes: `make test-worlds` runs them."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what reads whole worlds, and keep on one worker what looks at the same one: it is read once then."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.name.startswith(WHOLE):
            item.add_marker(pytest.mark.worlds)
            given = getattr(item, "callspec", None)
            params = given.params.values() if given else ()
            for platform in (one for one in PLATFORMS if one in params and not any(item.iter_markers("xdist_group"))):
                item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {platform}"))


@pytest.fixture
def here() -> Here:
    """The command in this test's folder, against an imitated account, with further settings by name."""
    state = os.environ["PRESEND_STATE_DIR"]

    def call(account: Account, *words: str, **env: str) -> Outcome:
        known = {"PRESEND_STATE_DIR": state, **account.box.env(), **env}
        return presend(*words, env=known, cwd=Path.cwd(), box=account.box)

    return call

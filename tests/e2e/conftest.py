"""What the end-to-end tests share: the command run on an imitated account, where nothing is waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.e2e.accounts import Account
from tests.e2e.worlds import Here, Outcome, presend


@pytest.fixture
def here() -> Here:
    """The command in this test's folder, against an imitated account, with further settings by name."""
    state = os.environ["PRESEND_STATE_DIR"]

    def call(account: Account, *words: str, **env: str) -> Outcome:
        known = {"PRESEND_STATE_DIR": state, **account.box.env(), **env}
        return presend(*words, env=known, cwd=Path.cwd(), box=account.box)

    return call

"""A store of its own for each test, and what works on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from presend.settings import Settings
from presend.store.database import opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sa.Engine]:
    with opened(Settings(accounts=(), state_dir=tmp_path / "state")) as engine:
        yield engine

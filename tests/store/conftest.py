"""The store on both databases: every test that asks for `settings` or `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from presend.settings import Settings
from presend.store.database import opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings with an empty store of the test's own."""
    url = None
    if request.param == "postgres":
        url = SecretStr(request.getfixturevalue("postgres_url"))
    return Settings(accounts=(), state_dir=tmp_path / "state", store_url=url)


@pytest.fixture
def store(settings: Settings) -> Iterator[sa.Engine]:
    """The store, opened."""
    with opened(settings) as engine:
        yield engine

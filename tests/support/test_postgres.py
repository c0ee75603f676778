"""The throwaway PostgreSQL server itself."""

from __future__ import annotations

import psycopg
import pytest

pytestmark = pytest.mark.postgres


def test_each_test_gets_an_empty_database_on_a_real_server(postgres_url: str, postgres_server) -> None:
    """Two databases of one server do not see each other's tables, and a wrong password is refused."""
    first, second = postgres_url, postgres_server.new_database()
    with psycopg.connect(first.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE mark (id int)")
    with psycopg.connect(second.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT to_regclass('mark'), version()").fetchone()

    assert row is not None
    assert row[0] is None
    assert row[1].startswith("PostgreSQL ")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(first.replace("+psycopg", "").replace(postgres_server.password, "wrong"))

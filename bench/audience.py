"""Writes made-up audiences of any size: the same people as presend's snapshot and as a plain table for queries by hand.

Drawn by hashing (seed, what, person): the same people on every run, whatever the size of the chunk. The rates of
faults are those measured in the field where there are any: 3.4 % of names in capitals, 7.5 % in lower case (two years
of contacts of a shop system), company empty for 30 % (a CRM survey); the others are small and made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bench.people import words

SEED = 7
CHUNK = 1_000_000
"""People that are made at a time; each chunk is one file, so that ten million need no more memory than one."""

NOW = "2026-11-23 09:00:00"
"""The moment that ages are drawn back from."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where an audience was written; both hold the same people in the same order."""

    cells: Path
    """presend's snapshot: seq, id, why, c0, c1, … as JSON text."""
    plain: Path
    """For queries by hand: text, numbers and times as themselves, NULL when absent, mailable people only."""
    recipients: int


def uniform(what: str, whom: str = "i") -> str:
    """A number in [0, 1) that depends on the seed, the person (or several, by one number) and what it is for."""
    return f"(hash({SEED}, '{what}', {whom}) % 4294967296) / 4294967296.0"


def _zipf(kind: str, what: str, size: int) -> str:
    """A word of the list, the r-th as often as 1/r."""
    return f"{kind}s[CAST(floor(pow({size}.0, {uniform(what)})) AS INTEGER)]"


def _any(kind: str, what: str) -> str:
    return f"{kind}s[1 + CAST(floor({uniform(what)} * len({kind}s)) AS INTEGER)]"


def ago(what: str, days: int, *, mean: bool = False) -> str:
    """A time before NOW: spread evenly over `days`, or exponentially with that mean, to the second."""
    back = f"-ln(1 - {uniform(what)}) * {days}" if mean else f"{uniform(what)} * {days}"
    return f"TIMESTAMP '{NOW}' - to_seconds(CAST(86400 * {back} AS BIGINT))"


def some(share: float, what: str, value: str) -> str:
    """The value for that share of the people, absent for the others."""
    return f"CASE WHEN {uniform(what)} < {share} THEN {value} END"


_NAME = f"""CASE
    WHEN {uniform("fault")} < 0.080 THEN NULL
    WHEN {uniform("fault")} < 0.084 THEN ''
    WHEN {uniform("fault")} < 0.085 THEN ' '
    WHEN {uniform("fault")} < 0.119 THEN upper(n)
    WHEN {uniform("fault")} < 0.194 THEN lower(n)
    WHEN {uniform("fault")} < 0.197 THEN {_any("junk", "junk")}
    WHEN {uniform("fault")} < 0.198 THEN {_any("misplaced", "misplaced")}
    WHEN {uniform("fault")} < 0.1985 THEN {_any("garbled", "garbled")}
    WHEN {uniform("fault")} < 0.1986 THEN {_any("templated", "templated")}
    ELSE n END"""

_TIER = f"""CASE
    WHEN {uniform("tier")} < 0.02 THEN NULL
    WHEN {uniform("tier")} < 0.10 THEN 'gold'
    WHEN {uniform("tier")} < 0.103 THEN 'Gold'
    WHEN {uniform("tier")} < 0.104 THEN 'gold '
    WHEN {uniform("tier")} < 0.35 THEN 'silver'
    ELSE 'bronze' END"""

PEOPLE: dict[str, str] = {
    "first_name": _NAME,
    "email": "lower(strip_accents(n)) || i || '@example.' || ['com', 'org', 'net'][1 + i % 3]",
    "location.city": some(0.95, "has_city", _zipf("city", "city", 1_500)),
    "organization": some(0.70, "has_company", _zipf("company", "company", 30_000)),
    "loyalty_tier": _TIER,
    "points": f"CAST(floor(pow(5000.0, {uniform('points')})) AS INTEGER)",
    "last_product": some(0.60, "has_product", _zipf("product", "product", 800)),
    "@as_of:loyalty_tier": ago("tier_at", 200, mean=True),
    "@created_at": ago("created", 2_200),
    "@updated_at": ago("updated", 120, mean=True),
    "@last_activity_at": some(0.93, "has_activity", ago("activity", 240, mean=True)),
    "@last_order_at": some(0.60, "has_product", ago("order", 300, mean=True)),
    "@orders": some(0.60, "has_product", f"CAST(floor(pow(40.0, {uniform('orders')})) AS INTEGER)"),
    "@consent": f"CASE WHEN {uniform('consent')} < 0.98 THEN 'subscribed' ELSE 'never_subscribed' END",
    "@consent_at": some(0.9, "has_consent_at", ago("created", 2_200)),
    "@country": "['US', 'US', 'US', 'GB', 'DE', 'FR', 'CA', 'AU'][1 + i % 8]",
}
"""Column of the audience → how it is drawn, in SQL over the person's number `i` and the spotless first name `n`."""

COLUMNS = tuple(PEOPLE)
"""In the order of the snapshot's c0, c1, …"""

SUPPRESSED = 0.01
"""Share of the people whom the platform will not mail."""


def _cell(column: str) -> str:
    """The JSON text of a plain column's value."""
    if column.endswith("_at") or column.startswith("@as_of:"):
        return f"""'"' || strftime("{column}", '%Y-%m-%dT%H:%M:%SZ') || '"'"""
    if column == "points":
        # One person in a hundred has the number as text, as forms deliver it.
        return f"CASE WHEN {uniform('as_text')} < 0.01 THEN to_json(CAST(points AS VARCHAR)) ELSE to_json(points) END"
    return f'to_json("{column}")'


def write(folder: Path, recipients: int, people: Mapping[str, str] = PEOPLE) -> Files:
    """Make the people, chunk by chunk; `recipients` counts the mailable and the suppressed."""
    db = duckdb.connect(":memory:")
    db.execute("SET threads = 1")
    db.execute(f"SET temp_directory = '{folder}'")
    for kind, list_ in words(SEED).items():
        db.execute(f"SET VARIABLE {kind} = ?", [list_])
    lists = ", ".join(f"getvariable('{kind}') AS {kind}s" for kind in words(SEED))
    drawn = ", ".join(f'{sql} AS "{name}"' for name, sql in people.items())
    cells = ", ".join(f"CAST({_cell(name)} AS VARCHAR) AS c{index}" for index, name in enumerate(people))
    files = Files(folder / "cells", folder / "plain", recipients)
    for part, first in enumerate(range(0, recipients, CHUNK)):
        last = min(first + CHUNK, recipients)
        db.execute(f"""
            CREATE OR REPLACE TEMP TABLE p AS
            SELECT i, {uniform("why")} < {SUPPRESSED} AS gone, {drawn}
            FROM (SELECT i, {_zipf("name", "name", 20_000)} AS n, * FROM range({first}, {last}) r(i), (SELECT {lists}))
        """)
        for target, query in (
            (files.cells, f"SELECT i AS seq, 'p' || i AS id, CASE WHEN gone THEN 'bounced' END AS why, {cells} FROM p"),
            (files.plain, "SELECT * EXCLUDE (gone) FROM p WHERE NOT gone"),
        ):
            target.mkdir(exist_ok=True)
            db.execute(f"COPY ({query}) TO '{target}/{part:04}.parquet' (FORMAT parquet, COMPRESSION snappy)")
    db.close()
    return files

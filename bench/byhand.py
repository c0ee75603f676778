"""The data checks that presend makes of this mail, written by hand for one table and one mail: Polars and DuckDB.

Both count the same things: who reads a blank, and whose first name is white space, junk, shouted, small, no name,
garbled or a tag; who has what the copy prints; who just misses the condition; how old activity and tier are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.people import JUNK

PRINTED = ("first_name", "location.city", "organization", "loyalty_tier", "points", "last_product", "email")
TEXTS = ("first_name", "location.city", "organization", "last_product")

NO_NAME = r"@|www\.|://|\d{3}|\b(?:GmbH|Ltd|Inc|LLC)\b"
GARBLED = r"Ã|â€|&(?:amp|lt|gt|#)|<[a-z/]"
TEMPLATED = r"\{\{|\{%|\*\||%[A-Z_]+%"

NOW = "2026-11-23"
OLD_DAYS = 365


def prepare_polars() -> None:
    """Import Polars with one thread, so that all contenders have one core."""
    import os

    os.environ["POLARS_MAX_THREADS"] = "1"
    import polars as pl  # noqa: F401 - imported before the clock starts


def with_polars(folder: Path) -> dict[str, int]:
    """One lazy query over the file."""
    from datetime import datetime, timedelta

    import polars as pl

    name = pl.col("first_name")
    word = name.str.strip_chars()
    letters = word.str.contains(r"\p{L}{2}")
    old = datetime.fromisoformat(NOW) - timedelta(days=OLD_DAYS)
    checks: dict[str, Any] = {"people": pl.len()}
    for column in PRINTED:
        checks[f"has {column}"] = pl.col(column).is_not_null().sum()
    for column in TEXTS:
        blank = pl.col(column).is_null() | (pl.col(column).str.strip_chars() == "")
        checks[f"blank {column}"] = blank.sum()
        checks[f"templated {column}"] = pl.col(column).str.contains(TEMPLATED).sum()
        checks[f"garbled {column}"] = pl.col(column).str.contains(GARBLED).sum()
    checks |= {
        "blank loyalty_tier": pl.col("loyalty_tier").is_null().sum(),
        "white first_name": ((word == "") & (name != "")).sum(),
        "junk": word.str.to_lowercase().is_in([one.lower() for one in JUNK]).sum(),
        "shouted": (letters & (word == word.str.to_uppercase())).sum(),
        "small": (letters & (word == word.str.to_lowercase())).sum(),
        "no name": word.str.contains(NO_NAME).sum(),
        "gold": (pl.col("loyalty_tier") == "gold").sum(),
        "nearly gold": (
            (pl.col("loyalty_tier") != "gold") & (pl.col("loyalty_tier").str.strip_chars().str.to_lowercase() == "gold")
        ).sum(),
        "dormant": (pl.col("@last_activity_at") < old).sum(),
        "old tier": (pl.col("@as_of:loyalty_tier") < old).sum(),
        "fresh": (pl.col("@updated_at") >= old).sum(),
    }
    found = pl.scan_parquet(folder / "*.parquet").select(**checks).collect(engine="streaming")
    return {key: int(value) for key, value in found.row(0, named=True).items()}


def with_duckdb(folder: Path) -> dict[str, int]:
    """One SQL query over the file."""
    import duckdb

    word, tier = "trim(first_name)", '"loyalty_tier"'
    letters = rf"regexp_matches({word}, '\p{{L}}{{2}}')"
    old = f"TIMESTAMP '{NOW}' - INTERVAL {OLD_DAYS} DAY"
    junk = ", ".join(f"'{one.lower()}'" for one in JUNK)
    checks = {"people": "TRUE"}
    for column in PRINTED:
        checks[f"has {column}"] = f'"{column}" IS NOT NULL'
    for column in TEXTS:
        checks[f"blank {column}"] = f"\"{column}\" IS NULL OR trim(\"{column}\") = ''"
        checks[f"templated {column}"] = f"regexp_matches(\"{column}\", '{TEMPLATED}')"
        checks[f"garbled {column}"] = f"regexp_matches(\"{column}\", '{GARBLED}')"
    checks |= {
        "blank loyalty_tier": f"{tier} IS NULL",
        "white first_name": f"{word} = '' AND first_name <> ''",
        "junk": f"lower({word}) IN ({junk})",
        "shouted": f"{letters} AND {word} = upper({word})",
        "small": f"{letters} AND {word} = lower({word})",
        "no name": f"regexp_matches({word}, '{NO_NAME}')",
        "gold": f"{tier} = 'gold'",
        "nearly gold": f"{tier} <> 'gold' AND lower(trim({tier})) = 'gold'",
        "dormant": f'"@last_activity_at" < {old}',
        "old tier": f'"@as_of:loyalty_tier" < {old}',
        "fresh": f'"@updated_at" >= {old}',
    }
    db = duckdb.connect(":memory:")
    db.execute("SET threads = 1")
    counted = ", ".join(f"count(*) FILTER (WHERE {test})" for test in checks.values())
    row = db.execute(f"SELECT {counted} FROM read_parquet('{folder}/*.parquet')").fetchall()[0]
    db.close()
    return dict(zip(checks, map(int, row), strict=True))

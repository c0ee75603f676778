"""The platforms' own CSV exports: their headings are known, and a slip is told from another name."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from presend.audience import native
from presend.audience.files import AudienceFile
from presend.audience.people import Naming
from presend.lint import column_namer
from presend.model import Field, Platform, Vocabulary

MC, KL, HS = Platform.MAILCHIMP, Platform.KLAVIYO, Platform.HUBSPOT
HEAD = "Email,First Name,Last Name\n"


def opened(path: Path, platform: Platform, wanted: set[str], vocabulary: Vocabulary) -> AudienceFile:
    return AudienceFile(path, Naming(platform, column_namer(platform, vocabulary, wanted)))


def cells(
    tmp_path: Path, text: str, platform: Platform, wanted: str, vocabulary: Vocabulary | None = None
) -> tuple[list[str | None], dict[str, str]]:
    """The wanted column of a CSV file, and what its headings were taken for."""
    path = tmp_path / "people.csv"
    path.write_text(text)
    file = opened(path, platform, {wanted}, vocabulary or Vocabulary())
    (batch,) = file.batches({wanted})
    return list(batch.columns.get(wanted, [None] * len(batch.ids))), file.taken


@pytest.mark.parametrize(("platform", "column"), [(MC, "FNAME"), (KL, "first_name"), (HS, "firstname")])
def test_an_exports_heading_is_the_field_it_stands_for(tmp_path: Path, platform: Platform, column: str) -> None:
    found, taken = cells(tmp_path, HEAD + "ann@example.com,Ann,Lee\nbo@example.com,,Bo\n", platform, column)

    assert found == ['"Ann"', None]
    assert taken["First Name"] == column


@pytest.mark.parametrize(("platform", "column"), [(MC, "FNAME"), (KL, "first_name"), (HS, "firstname")])
def test_a_column_of_the_templates_own_name_comes_first(tmp_path: Path, platform: Platform, column: str) -> None:
    found, taken = cells(tmp_path, f"First Name,{column}\nWrong,Ann\n", platform, column)

    assert found == ['"Ann"']
    assert "First Name" not in taken


def test_a_property_that_is_really_called_so_stays_one(tmp_path: Path) -> None:
    found, taken = cells(tmp_path, HEAD + "ann@example.com,Ann,Lee\n", KL, "First Name")

    assert found == ['"Ann"']
    assert "First Name" not in taken


def test_a_renamed_field_is_known_by_its_own_name(tmp_path: Path) -> None:
    """Mailchimp heads the column with the field's name, and the list of fields says which field that is."""
    fields = Vocabulary((Field("MMERGE7", label="First Name"),), complete=True)

    found, taken = cells(tmp_path, HEAD + "ann@example.com,Ann,Lee\n", MC, "MMERGE7", fields)

    assert found == ['"Ann"']
    assert "First Name" not in taken


def test_parquet_too(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    duckdb.sql("""SELECT 'Ann' AS "First Name" """).write_parquet(str(path))
    file = opened(path, KL, {"first_name"}, Vocabulary())

    (batch,) = file.batches({"first_name"})

    assert batch.columns["first_name"] == ['"Ann"']
    assert file.taken == {"First Name": "first_name"}


@pytest.mark.parametrize("platform", list(Platform))
def test_every_heading_stands_for_a_column_that_a_template_can_read(platform: Platform) -> None:
    namer = column_namer(platform, Vocabulary())

    for column in native.HEADINGS[platform].values():
        assert namer(column) == column


@pytest.mark.parametrize(
    ("platform", "keys", "columns", "meant"),
    [
        (KL, ["First_Name"], ["first_name"], {"first_name": "First_Name"}),
        (KL, ["FIRST NAME"], ["first_name"], {"first_name": "FIRST NAME"}),
        (HS, ["first-name"], ["firstname"], {"firstname": "first-name"}),
        (MC, ["first_name"], ["FNAME"], {"FNAME": "first_name"}),
        (KL, ["Given name", "name"], ["first_name"], {}),
    ],
)
def test_a_slip_is_told_from_another_name(
    platform: Platform, keys: list[str], columns: list[str], meant: dict[str, str]
) -> None:
    assert native.nearly(platform, keys, columns) == meant

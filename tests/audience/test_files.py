"""Audience files: absent, empty and null stay three things, the platforms' shapes fit, one broken row costs one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from presend.audience.files import PAGE, AudienceFile
from presend.audience.people import Naming, moment
from presend.audience.snapshot import Snapshot
from presend.errors import AudienceFileError
from presend.lint import column_namer, null_is_absent
from presend.model import Platform, Vocabulary

Cell = str | None


@dataclass
class People:
    """Everything a file gave, in one piece."""

    file: AudienceFile
    ids: list[str] = field(default_factory=list)
    columns: dict[str, list[Cell]] = field(default_factory=dict)
    why: list[str | None] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def __getitem__(self, column: str) -> list[Cell]:
        return self.columns.get(column, [None] * len(self.ids))


def read(
    path: Path,
    wanted: set[str],
    platform: Platform = Platform.KLAVIYO,
    types: Mapping[str, str] | None = None,
    **facts: str,
) -> People:
    """The file as `presend lint` reads it, for templates that use the wanted columns."""
    namer = column_namer(platform, Vocabulary(), wanted)
    file = AudienceFile(path, Naming(platform, namer, facts, null_is_absent(platform)), types)
    people = People(file)
    for batch in file.batches(wanted):
        before = len(people.ids)
        people.ids += batch.ids
        for name in {*people.columns, *batch.columns}:
            have = people.columns.setdefault(name, [None] * before)
            have += batch.columns.get(name, [None] * len(batch.ids))
        people.why += batch.suppressed
        people.names |= batch.names
    return people


def csv(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def jsonl(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "people.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


# -------------------------------------------------------------------------------------------------- cells


def test_an_empty_cell_is_absent_and_two_quotes_are_empty(tmp_path: Path) -> None:
    found = read(csv(tmp_path, 'id,first_name\n1,Ann\n2,\n3,""\n4," "\n5,null\n'), {"first_name"})

    assert found["first_name"] == ['"Ann"', None, '""', '" "', '"null"']


def test_numbers_and_truth_in_csv_are_text(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "id,points,vip\n1,007,true\n"), {"points", "vip"})

    assert (found["points"], found["vip"]) == (['"007"'], ['"true"'])


def test_a_column_is_read_as_its_type_where_all_of_it_can_be(tmp_path: Path) -> None:
    text = 'id,points,vip,code,note\n1,250,TRUE,12,12\n2,-3.50,false,007,7\n3,,,,\n4,"",true,5,"a\n5,0,no,8,x\n'
    types = {"points": "number", "vip": "boolean", "code": "number"}
    found = read(csv(tmp_path, text), {"points", "vip", "code", "note"}, types=types)

    assert found["points"] == ["250", "-3.5", None, "0"]
    assert found["vip"] == ['"TRUE"', '"false"', None, '"no"']
    assert found["code"] == ['"12"', '"007"', None, '"8"']
    assert found["note"] == ['"12"', '"7"', None, '"x"']
    assert found.file.texts == {"vip": 1, "code": 1}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_a_byte_order_mark(tmp_path: Path, delimiter: str, end: str, mark: str) -> None:
    rows = (("email", "first_name"), ("ann@example.com", f'"Ann{delimiter}Lee"'), ("bo@example.com", ""))
    text = mark + "".join(delimiter.join(row) + end for row in rows)

    found = read(csv(tmp_path, text), {"first_name"})

    assert found.ids == ["ann@example.com", "bo@example.com"]
    assert found["first_name"] == [f'"Ann{delimiter}Lee"'.replace("\t", "\\t"), None]


def test_quotes_may_hold_lines_and_quotes(tmp_path: Path) -> None:
    found = read(csv(tmp_path, 'id,note\n1,"two\nlines, ""said"" Ann"\n2,5" nail\n'), {"note"})

    assert found["note"] == ['"two\\nlines, \\"said\\" Ann"', '"5\\" nail"']
    assert not found.file.lost


def test_null_and_absent_differ_in_json_where_the_platform_sees_it(tmp_path: Path) -> None:
    lines = ('{"id":1,"first_name":null,"tier":null}', '{"id":2}', '{"id":3,"first_name":"","tier":[1]}')

    klaviyo = read(jsonl(tmp_path, *lines), {"first_name", "tier"})
    hubspot = read(jsonl(tmp_path, *lines), {"first_name", "tier"}, Platform.HUBSPOT)

    assert klaviyo["first_name"] == [None, None, '""']  # an attribute of the profile: null is no value
    assert klaviyo["tier"] == ["null", None, "[1]"]  # a custom property: null is a value
    assert hubspot["tier"] == [None, None, "[1]"]


def test_a_parquet_file_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "it's [1].parquet"
    duckdb.sql(
        "SELECT 1 AS id, 'Ann' AS first_name, NULL::VARCHAR AS tier, 7 AS points, true AS vip,"
        " 1.50::DECIMAL(9,2) AS due, ['a', NULL] AS tags, {'a': 1} AS more, 'NaN'::DOUBLE AS odd,"
        " TIMESTAMPTZ '2026-01-02 03:04:05+02' AS"
        " last_order_at, DATE '2026-03-01' AS born, 3 AS __index_level_0__"
    ).write_parquet(str(path))

    found = read(path, {"first_name", "tier", "points", "vip", "due", "tags", "more", "odd", "born"})

    assert found.ids == ["1"]
    cells = {name: found[name][0] for name in ("first_name", "tier", "points", "vip", "due", "odd", "born")}
    assert cells == {
        "first_name": '"Ann"',
        "tier": "null",
        "points": "7",
        "vip": "true",
        "due": "1.5",
        "odd": "null",
        "born": '"2026-03-01"',
    }
    assert (found["tags"], found["more"]) == (['["a",null]'], ['{"a":1}'])
    assert found["@last_order_at"] == ['"2026-01-02T01:04:05Z"']
    assert "__index_level_0__" not in found.names


# -------------------------------------------------------------------------------------------- who and what


def test_the_id_names_a_recipient_then_the_address_then_the_row(tmp_path: Path) -> None:
    lines = ('{"id":7,"email":"a@example.com"}', '{"id":"","email":"b@example.com"}', '{"id":null,"name":"C"}')

    assert read(jsonl(tmp_path, *lines), set()).ids == ["7", "b@example.com", "3"]


def test_facts_are_facts_and_columns_too(tmp_path: Path) -> None:
    text = (
        "email,orders,last_order_at,products,role_account,car_as_of,car\n"
        "a@example.com,3,2026-01-02T10:00:00+02:00,Tea; Jam,yes,2024-05-01,Volvo\n"
    )

    found = read(csv(tmp_path, text), {"orders", "car"})

    assert (found["orders"], found["@orders"]) == (['"3"'], ["3"])
    assert found["@last_order_at"] == ['"2026-01-02T08:00:00Z"']
    assert found["@products"] == ['["Tea","Jam"]']
    assert found["@role_account"] == ["true"]
    assert found["@as_of:car"] == ['"2024-05-01T00:00:00Z"']
    assert found["@email"] == ['"a@example.com"']
    assert found.names == {"email", "orders", "last_order_at", "products", "role_account", "car"}


def test_a_fact_that_is_none_is_left_out_and_counted(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "id,last_order_at\n1,last week\n2,\n3,2026-01-02\n"), {"last_order_at"})

    assert found["@last_order_at"] == [None, None, '"2026-01-02T00:00:00Z"']
    assert found["last_order_at"] == ['"last week"', None, '"2026-01-02"']
    assert found.file.odd == {"last_order_at": 1}


def test_a_mapped_property_is_a_fact(tmp_path: Path) -> None:
    path = csv(tmp_path, "id,Last Purchase Date\n1,2026-01-02\n")

    assert read(path, set(), last_order_at="Last Purchase Date")["@last_order_at"] == ['"2026-01-02T00:00:00Z"']


def test_a_mapped_property_may_date_another(tmp_path: Path) -> None:
    path = csv(tmp_path, "id,car,Checked\n1,Volvo,2026-01-02\n")

    assert read(path, {"car"}, car_as_of="Checked")["@as_of:car"] == ['"2026-01-02T00:00:00Z"']


def test_values_that_cannot_be_are_no_facts_and_are_counted(tmp_path: Path) -> None:
    text = "id,birthday,orders\n1,1900-01-01,-2\n2,1984-02-29,inf\n3,--02-29,0\n"
    found = read(csv(tmp_path, text), set())

    assert found["@birthday"] == [None, '"1984-02-29"', '"--02-29"']
    assert found["@orders"] == [None, None, "0"]
    assert found.file.odd == {"birthday": 1, "orders": 2}


@pytest.mark.parametrize("platform", [Platform.KLAVIYO, Platform.MAILCHIMP])
def test_a_column_called_as_people_call_a_fact_states_it(tmp_path: Path, platform: Platform) -> None:
    path = csv(tmp_path, "id,Salutation,date_of_birth,Sex,notes\n1,Mr,1984-02-29,m,dob\n")

    found = read(path, set(), platform)
    assert (found["@title"], found["@birthday"], found["@gender"]) == (['"Mr"'], ['"1984-02-29"'], ['"m"'])
    mapped = read(path, set(), platform, birthday="Born")
    assert (mapped["@birthday"], mapped["@title"]) == ([None], ['"Mr"'])


def test_a_column_of_hubspots_states_what_hubspot_keeps_there(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "id,sex,salutation\n1,m,Mr\n"), set(), Platform.HUBSPOT)

    assert (found["@gender"], found["@title"]) == ([None], ['"Mr"'])


def test_a_nickname_is_what_people_want_to_be_called_in_klaviyo_alone(tmp_path: Path) -> None:
    path = csv(tmp_path, "id,nickname\n1,Bo\n")

    assert read(path, set())["@preferred_name"] == ['"Bo"']
    assert read(path, set(), Platform.MAILCHIMP)["@preferred_name"] == [None]


def test_a_zone_that_does_not_exist_is_none_and_is_counted(tmp_path: Path) -> None:
    path = csv(tmp_path, "id,timezone\n1,PST8\n2,Europe/Berlin\n3,Europe\n4,\n5,GMT+2\n")

    found = read(path, set())
    assert found["@timezone"] == [None, '"Europe/Berlin"', None, None, None]
    assert found.file.odd == {"timezone": 3}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("2026-01-02 03:04", "2026-01-02T03:04:00Z"),
        ("2026-01-02T03:04:05.5-05:00", "2026-01-02T08:04:05Z"),
        ("02/01/2026", None),
        ("2026", None),
        ("", None),
        (5, None),
    ],
)
def test_times(written: object, said: str | None) -> None:
    assert moment(written) == said


def test_suppressed_people_are_not_recipients(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "id,suppressed\n1,true\n2,false\n3,\n"), set())

    assert [bool(why) for why in found.why] == [True, False, False]


# -------------------------------------------------------------------------------------------------- faults


def test_a_broken_row_costs_one_row_and_is_named_without_its_values(tmp_path: Path) -> None:
    text = b'id,first_name\n1,Ann\n2,Secret,Extra\n3\n"4,Bo\n5,Cy\n6,\xff\n7,"Di" x\n8,Ed\n'

    found = read(csv(tmp_path, text), {"first_name"})

    assert found.ids == ["1", "5", "8"]
    assert found["first_name"] == ['"Ann"', '"Cy"', '"Ed"']
    assert found.file.trouble() == (
        "people.csv: 5 rows could not be read and nobody in them was checked: "
        "row 2 (line 3): 3 fields where the header has 2; row 3 (line 4): 1 field where the header has 2; "
        "row 4 (line 5): a quote is never closed; row 6 (line 7): it is not UTF-8; "
        "row 7 (line 8): there is text behind a closing quote"
    )


def test_a_quote_that_is_never_closed_takes_only_its_own_line(tmp_path: Path) -> None:
    found = read(csv(tmp_path, 'id,first_name\n1,Ann\n2,"Bo\n' + "".join(f"{i},Cy\n" for i in range(3, 9))), set())

    assert found.ids == ["1", "3", "4", "5", "6", "7", "8"]
    assert [str(one) for one in found.file.broken] == ["row 2 (line 3): a quote is never closed"]


def test_broken_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_bytes(b'{"id":1}\n\n{"id":2\n[3]\n{"id":"\xff"}\n{"id":5}\n')

    found = read(path, set())

    assert found.ids == ["1", "5"]
    assert [(b.row, b.line, b.reason) for b in found.file.broken] == [
        (2, 3, "it is not valid JSON"),
        (3, 4, "it is not a JSON object"),
        (4, 5, "it is not UTF-8"),
    ]


def test_many_broken_rows_are_counted_and_the_first_named(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "id,first_name\n" + "x\n" * 50), set())

    assert found.file.lost == 50
    assert found.file.trouble().endswith("; and 40 more")


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl"])
@pytest.mark.parametrize("text", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_audience(tmp_path: Path, name: str, text: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(text)

    found = read(path, {"first_name"})

    assert (found.ids, found.file.rows, found.file.lost) == ([], 0, 0)


def test_a_header_alone_is_an_empty_audience_with_fields(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "email,first_name\n"), {"first_name"})

    assert (found.ids, found.names) == ([], {"email", "first_name"})


def test_an_empty_line_in_a_file_of_one_column_is_a_person(tmp_path: Path) -> None:
    found = read(csv(tmp_path, "first_name\nAnn\n\nBo\n\n\n"), {"first_name"})

    assert found["first_name"] == ['"Ann"', None, '"Bo"']


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("people.xlsx", b"PK", "no audience file that presend knows"),
        ("people.csv", b"\xff\xfei\x00d\x00", "not UTF-8 text"),
        ("people.csv", b"id,\xff\n", "first line is not UTF-8"),
        ("people.csv", b"id,tier,tier\n", "two columns"),
        ("people.csv", b"id,name\r1,Ann\r", "bare carriage return"),
        ("people.jsonl", b'[\n {"id": 1}\n]\n'.replace(b' {"id": 1}\n', b' "x",\n'), "is not JSON lines"),
        ("people.parquet", b"nothing of the kind", "cannot be read as Parquet"),
        ("absent.csv", None, "No such file"),
        ("absent.jsonl", None, "No such file"),
        ("absent.parquet", None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, text: bytes | None, why: str) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text)

    with pytest.raises(AudienceFileError, match=why):
        read(path, set())


def test_a_large_file_comes_in_pages(tmp_path: Path) -> None:
    size = 2 * PAGE + 1
    path = csv(tmp_path, "id,first_name\n" + "".join(f"{i},N{i % 7}\n" for i in range(size)))
    file = AudienceFile(path, Naming(Platform.KLAVIYO))
    with Snapshot({"first_name"}) as snapshot:
        longest = 0
        for batch in file.batches({"first_name"}):
            longest = max(longest, len(batch.ids))
            snapshot.add(batch)
        audience = snapshot.finish()

        assert (audience.size, longest) == (size, PAGE)
        assert audience.distinct_count(("first_name",)) == 7

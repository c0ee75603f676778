"""Settings, CSV files and calendars become blackouts; a broken row is said with its reason, and nothing is used."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from presend.blackouts import Wanted, gathered
from presend.cli.run import blackouts_of
from presend.errors import SettingsError
from presend.exitcodes import ExitCode
from presend.settings import load
from tests.e2e.worlds import presend

TODAY = date(2026, 11, 20)
HEADING = "reason,country,regions,postcodes,from,until\n"


def written(folder: Path, name: str, text: str) -> Wanted:
    (folder / name).write_text(text, encoding="utf-8")
    return Wanted(files=(folder / name,))


def test_a_csv(tmp_path: Path) -> None:
    flooded = "flood,USA,Texas; US-LA ,770;77401-,2026-11-20,2026-12-04\n"
    text = f"\ufeff{HEADING}{flooded}\nmourning,GB,,,2026-11-21,2026-11-27\n"

    flood, mourning = gathered(written(tmp_path, "floods.csv", text), TODAY).dark

    assert (flood.country, flood.regions, flood.postcodes) == ("US", {"US-TX", "US-LA"}, ("770", "77401"))
    assert (flood.first, flood.last) == (date(2026, 11, 20), date(2026, 12, 4))
    assert (mourning.country, mourning.regions, mourning.postcodes) == ("GB", frozenset(), ())
    assert mourning.origin == "floods.csv, row 4"


ICS = """BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:Flood\\, and storm
LOCATION:US: Texas\\; US-LA\\;
  770
DTSTART;VALUE=DATE:20261120
DTEND;VALUE=DATE:20261205
BEGIN:VALARM
SUMMARY:Not this
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:A day of mourning
LOCATION:GB
DTSTART;VALUE=DATE:20261121
END:VEVENT
BEGIN:VEVENT
SUMMARY:Strike
LOCATION:France
DTSTART:20261122T060000Z
DTEND:20261123T120000Z
END:VEVENT
BEGIN:VEVENT
SUMMARY:Called off
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_calendar(tmp_path: Path, end: str) -> None:
    found = gathered(written(tmp_path, "dark.ics", ICS.replace("\n", end)), TODAY).dark

    flood, mourning, strike = found
    assert (flood.reason, flood.regions, flood.postcodes) == ("Flood, and storm", {"US-TX", "US-LA"}, ("770",))
    assert (flood.first, flood.last) == (date(2026, 11, 20), date(2026, 12, 4))
    assert (mourning.first, mourning.last) == (date(2026, 11, 21), date(2026, 11, 21))
    assert (strike.country, strike.first, strike.last) == ("FR", date(2026, 11, 22), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",US,,,2026-11-20,2026-12-04", "row 2: it gives no reason"),
        ("flood,,,,2026-11-20,2026-12-04", "row 2: it names no country"),
        ("flood,Atlantis,,,2026-11-20,2026-12-04", "no country is called 'Atlantis'"),
        ("flood,Germny,,,2026-11-20,2026-12-04", "did you mean 'germany'"),
        ("flood,US,Texs,,2026-11-20,2026-12-04", "no region of US is called 'Texs'; did you mean 'texas'"),
        ("flood,US,DE-BY,,2026-11-20,2026-12-04", "the region 'DE-BY' is not in US"),
        ("flood,US,,--,2026-11-20,2026-12-04", "'--' is no beginning of a postcode"),
        ("flood,US,,,20.11.2026,2026-12-04", "from is '20.11.2026'"),
        ("flood,US,,,2026-11-31,2026-12-04", "from is '2026-11-31': there is no such day: November 2026 has 30 days"),
        (
            "flood,Atlantis,,,2026-11-31,2026-12-04",
            "no country is called 'Atlantis'; did you mean 'islanti'?; from is '2026-11-31': there is no such",
        ),
        (
            ",US,Texs,--,2026-12-04,soon",
            "it gives no reason; until is 'soon': a day is written as in 2026-11-20; no reg",
        ),
        ("flood,US,,,2026-11-20,", "nothing is dark for ever"),
        ("flood,US,,,2026-12-04,2026-11-20", "until 2026-11-20 is before from 2026-12-04"),
        ("flood,US,Texas,2026-11-20,2026-12-04", "5 cells under 6 headings"),
    ],
)
def test_a_broken_row_is_said_with_its_reason(tmp_path: Path, row: str, says: str) -> None:
    good = "mourning,GB,,,2026-11-21,2026-11-27\n"

    with pytest.raises(SettingsError) as caught:
        gathered(written(tmp_path, "floods.csv", f"{HEADING}{row}\n{good}"), TODAY)

    assert "floods.csv, row 2" in caught.value.message
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("SUMMARY:x\nLOCATION:US\nDTSTART:20261120\nRRULE:FREQ=YEARLY", "it repeats"),
        ("SUMMARY:x\nLOCATION:US\nDTSTART:soon", "no date"),
        ("SUMMARY:x\nLOCATION:US\nDTSTART:20261120\nDURATION:P3D", "DURATION"),
        ("SUMMARY:x\nLOCATION:US", "it has no from"),
        ("SUMMARY:x\nDTSTART:20261120", "names no country"),
    ],
)
def test_a_broken_event_is_said_with_its_reason(tmp_path: Path, event: str, says: str) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{event}\nEND:VEVENT\nEND:VCALENDAR\n"

    with pytest.raises(SettingsError, match=says):
        gathered(written(tmp_path, "dark.ics", text), TODAY)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "reason,country,from\n", "lacks the heading until"),
        ("x.csv", "", "lacks the heading reason"),
        ("x.csv", HEADING.replace("regions", "region"), "has the heading 'region'"),
        ("x.csv", HEADING.replace("regions", "reason"), "has a heading twice"),
        ("x.ics", "hello", "is no calendar"),
        ("x.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", "it has no end"),
        ("x.txt", "", "neither .csv nor .ics"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        gathered(written(tmp_path, name, text), TODAY)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="not UTF-8"):
        gathered(Wanted(files=(tmp_path / "x.csv",)), TODAY)
    with pytest.raises(SettingsError, match=r"none\.csv cannot be read"):
        gathered(Wanted(files=(tmp_path / "none.csv",)), TODAY)


def test_many_faults_are_counted(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="and 2 more"):
        gathered(written(tmp_path, "x.csv", HEADING + "x,,,,,\n" * 12), TODAY)


def test_settings_and_the_files_beside_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is looked for beside presend.toml, wherever the command runs."""
    folder = tmp_path / "conf"
    folder.mkdir()
    (folder / "floods.csv").write_text(f"{HEADING}flood,US,TX,,2026-11-20,2026-12-04\n")
    (folder / "presend.toml").write_text(
        'blackout_files = ["floods.csv"]\n'
        '[[blackouts]]\nreason = "mourning"\ncountry = "GB"\nfrom = 2026-11-21\nuntil = 2026-11-27\n'
    )
    monkeypatch.chdir(tmp_path)

    found = blackouts_of(load(folder / "presend.toml"), datetime(2026, 11, 20, tzinfo=UTC))

    assert [one.reason for one in found.dark] == ["mourning", "flood"]
    assert found.gaps == ()


def test_a_broken_row_ends_the_run_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"{HEADING}flood,US,Texs,,2026-11-20,2026-12-04\n")
    (tmp_path / "presend.toml").write_text('blackout_files = ["x.csv"]\n')
    (tmp_path / "mail.html").write_text("<p>Hello</p>")

    done = presend("lint", "mail.html", "--platform", "klaviyo", env={}, cwd=tmp_path)

    assert done.code == ExitCode.USAGE
    assert "x.csv, row 2: no region of US is called 'Texs'" in done.err


def test_a_template_is_judged_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "presend.toml").write_text(
        '[[blackouts]]\nreason = "flood"\ncountry = "US"\nregions = ["Texas"]\nfrom = 2026-11-20\nuntil = 2026-12-04\n'
    )
    (tmp_path / "mail.html").write_text("<p>Free shipping all week.</p>")
    (tmp_path / "people.csv").write_text("id,country,region\na,US,TX\nb,US,LA\nc,US,Texas\n")
    words = ("lint", "mail.html", "--platform", "klaviyo", "--audience", "people.csv", "--format", "json")

    done = presend(*words, "--send-at", "2026-11-25T12:00:00Z", env={}, cwd=tmp_path)

    (found,) = [one for one in done.report["findings"] if one["code"] == "SEN004"]
    assert (found["severity"], found["affected"], done.code) == ("high", 2, 1)

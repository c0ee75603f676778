"""Blackouts that stand in files of the user's: a CSV with a heading, or a calendar (ICS)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from presend.errors import SettingsError

HEADINGS = ("reason", "country", "regions", "postcodes", "from", "until")
REQUIRED = ("reason", "country", "from", "until")
_CODE = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")
_HELP = "docs/blackouts.md says what such a file may hold. Nothing was checked."

Row = tuple[str, Mapping[str, Any]]
"""Where it stands in the file, and what it holds, or its `fault`; `blackout_of` tells whether that is a blackout."""


def rows_of(path: Path) -> Iterator[Row]:
    """Every row of a file. Raises SettingsError for one that cannot be read, or is neither CSV nor ICS."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = f"the blackout file {path.name} cannot be read: {error.strerror or error}"
        raise SettingsError(why, help="Check blackout_files in presend.toml, and the file's rights.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name} is not UTF-8 (byte {error.start})", help="Save it as UTF-8.") from error
    match path.suffix.lower():
        case ".csv":
            yield from _csv(path.name, text)
        case ".ics":
            yield from _ics(path.name, text)
        case suffix:
            raise SettingsError(f"{path.name}: {suffix or 'no suffix'} is neither .csv nor .ics", help=_HELP)


def _csv(name: str, text: str) -> Iterator[Row]:
    reader = csv.reader(text.splitlines())
    heading = [cell.strip().casefold() for cell in next(reader, [])]
    strange = sorted(set(heading) - set(HEADINGS))
    lacking = [one for one in REQUIRED if one not in heading]
    if strange or lacking or len(set(heading)) < len(heading):
        why = f"has the heading {strange[0]!r}" if strange else f"lacks the heading {lacking[0] if lacking else '?'}"
        why = "has a heading twice" if not (strange or lacking) else why
        raise SettingsError(f"{name} {why}; a blackout file has {', '.join(HEADINGS)}", help=_HELP)
    for number, cells in enumerate(reader, 2):
        if any(cell.strip() for cell in cells):
            # A row with too many cells has its cells in the wrong columns: nothing of it may be believed.
            fits = len(cells) == len(heading)
            yield f"row {number}", dict(zip(heading, cells, strict=False)) if fits else _broken(len(cells), heading)


def _broken(count: int, heading: list[str]) -> Mapping[str, Any]:
    return {"fault": f"it has {count} cells under {len(heading)} headings"}


# -- calendars (RFC 5545)


def _ics(name: str, text: str) -> Iterator[Row]:
    if "BEGIN:VCALENDAR" not in text.upper():
        raise SettingsError(f"{name} is no calendar: it has no BEGIN:VCALENDAR", help=_HELP)
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    event: dict[str, tuple[str, str]] | None = None
    nested, count = 0, 0
    for line in lines:
        key, _, value = line.partition(":")
        word, _, settings = key.partition(";")
        word = word.upper()
        if word == "BEGIN" and value.strip().upper() == "VEVENT":
            event, nested, count = {}, 0, count + 1
        elif event is None:
            continue
        elif word == "BEGIN":
            nested += 1
        elif word == "END" and nested:
            nested -= 1
        elif word == "END":
            if event.get("STATUS", ("", ""))[0].strip().upper() != "CANCELLED":
                yield f"event {count}", _event(event)
            event = None
        elif not nested:
            event[word] = (value, settings)
    if event is not None:
        yield f"event {count}", {"fault": "it has no end"}


def _event(event: Mapping[str, tuple[str, str]]) -> Mapping[str, Any]:
    """SUMMARY is the reason, LOCATION the place: `US`, or `US: Texas; US-LA; 770`."""
    if "RRULE" in event or "RDATE" in event:
        return {"fault": "it repeats, which presend does not read; write each time as an event of its own"}
    country, _, places = _plain(event.get("LOCATION", ("", ""))[0]).partition(":")
    inside = [one.strip() for one in re.split(r"[;,]", places) if one.strip()]
    codes = [one for one in inside if any(c.isdigit() for c in one) and not _CODE.fullmatch(one)]
    row: dict[str, Any] = {
        "reason": _plain(event.get("SUMMARY", ("", ""))[0]),
        "country": country,
        "regions": [one for one in inside if one not in codes],
        "postcodes": codes,
    }
    try:
        start = _moment(event["DTSTART"][0]) if "DTSTART" in event else None
        end = _moment(event["DTEND"][0]) if "DTEND" in event else None
    except ValueError:
        return {"fault": "its DTSTART or DTEND is no date"}
    if "DURATION" in event and end is None:
        return {"fault": "it has a DURATION, which presend does not read; give it a DTEND"}
    if start is None:
        return row
    # The end is not part of an event: the last day is the one before a DTEND without an hour, or at midnight.
    last = start if end is None else max(start, end - timedelta(seconds=1)) if end > start else end
    return {**row, "from": start.date(), "until": last.date()}


def _plain(text: str) -> str:
    return re.sub(r"\\([\\;,])", r"\1", text.replace("\\n", " ").replace("\\N", " ")).strip()


def _moment(text: str) -> datetime:
    stripped = text.strip().removesuffix("Z")
    if len(stripped) == 8:
        day = date(int(stripped[:4]), int(stripped[4:6]), int(stripped[6:]))
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - days are meant, wherever one is
    return datetime.strptime(stripped, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - as written, in the place's own zone

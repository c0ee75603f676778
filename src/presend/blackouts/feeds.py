"""Two public feeds of disasters, OpenFEMA and GDACS: read by URL, off by default, never a reason for a run to fail.

What they answer is somebody else's text: it is bounded, decoded strictly, and what cannot be is said and left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import requests

from presend.blackouts.places import gazetteer
from presend.blackouts.rows import BadRow, blackout_of
from presend.model import Blackout, Gap, folded

TIMEOUT_SECONDS = 15
MOST_BYTES = 16 * 1024 * 1024
LONGEST_DAYS = 366
"""An event that lasts longer is a slip of the feed's, or nothing that keeps an offer at home."""
OPEN_DAYS = 30
"""For how long an event without an end is taken to go on: nothing is dark for ever."""
AHEAD_DAYS = 60

Fetch = Callable[[str], bytes]
"""The body behind a URL. Raises Unfetched."""


class Unfetched(Exception):
    """The feed could not be had; the message says why, in a sentence without the URL."""


def fetched(url: str) -> bytes:
    """The body behind a URL, at most `MOST_BYTES`. Raises Unfetched."""
    try:
        with requests.get(url, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise Unfetched(f"it answered {answer.status_code}")
            body = b""
            for chunk in answer.iter_content(65536):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Unfetched(f"it answered more than {MOST_BYTES // 1024 // 1024} MB")
            return body
    except (requests.RequestException, ValueError) as error:
        raise Unfetched(f"it could not be reached ({type(error).__name__})") from error


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed: what it is called, what is asked of it, and how its answer reads."""

    name: str
    rows: Callable[[bytes], Iterator[Mapping[str, Any] | None]]
    """Rows for `blackout_of`, None for one of no interest. Raises Unfetched for an answer that is something else."""
    question: Callable[[date], str] = lambda _today: ""


def read_feed(
    feed: Feed, url: str, today: date, aftermath_days: int, fetch: Fetch
) -> tuple[list[Blackout], list[Gap]]:
    """What a feed says is dark today or later; gaps where it failed, or some of it could not be believed."""
    found: dict[Blackout, None] = {}
    bad: list[str] = []
    try:
        asked = url if "?" in url else url + feed.question(today)
        for count, row in enumerate(feed.rows(fetch(asked)), 1):
            try:
                one = None if row is None else _believed(row, feed.name, today, aftermath_days)
            except BadRow as why:
                bad.append(f"entry {count}: {why}")
                continue
            if one is not None:
                found[one] = None
    except Unfetched as error:
        return [], [Gap(f"the feed {feed.name} of blackouts was not read: {error}; nobody was judged by it")]
    gaps = []
    if bad:
        left = f"{len(bad)} of its entries were left out ({bad[0]})"
        gaps.append(Gap(f"the feed {feed.name} of blackouts was not read whole: {left}"))
    return list(found), gaps


def _believed(row: Mapping[str, Any], name: str, today: date, aftermath_days: int) -> Blackout | None:
    if "fault" in row:
        raise BadRow(row["fault"])
    first, over = row["from"], row["over"] or row["from"] + timedelta(days=OPEN_DAYS)
    if not timedelta(0) <= over - first <= timedelta(days=LONGEST_DAYS) or first > today + timedelta(days=AHEAD_DAYS):
        raise BadRow(f"it lasts from {first} to {over}, which cannot be")
    last = over + timedelta(days=aftermath_days)
    if last < today:
        return None
    return blackout_of({**row, "over": over, "until": last, "exact": False}, name)


# -- OpenFEMA: DisasterDeclarationsSummaries, https://www.fema.gov/openfema-data-page/disaster-declarations-summaries-v2

_FEMA_OTHER = frozenset({"biological", "drought", "fishing losses", "human cause", "other"})
"""Incidents that last for seasons, or are nothing that an offer offends by."""


def _openfema_question(today: date) -> str:
    since = today - timedelta(days=120)
    return f"?$filter=declarationDate%20ge%20'{since}T00:00:00.000z'&$top=1000&$format=json"


def _openfema(body: bytes) -> Iterator[Mapping[str, Any] | None]:
    try:
        answer = json.loads(body)
        rows = answer["DisasterDeclarationsSummaries"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unfetched("its answer is not OpenFEMA's list of declarations") from error
    if not isinstance(rows, list):
        raise Unfetched("its answer is not OpenFEMA's list of declarations")
    yield from map(_declaration, rows)


def _declaration(row: Any) -> Mapping[str, Any] | None:
    if not isinstance(row, dict):
        return {"fault": "it is no declaration"}
    kind = str(row.get("incidentType") or "").strip()
    if kind.casefold() in _FEMA_OTHER:
        return None
    state = str(row.get("state") or "").strip()
    # States in free association have codes of their own, as countries do.
    is_state = folded(state) in gazetteer().regions["US"]
    place = {"country": "US", "regions": [state]} if is_state else {"country": state}
    first = _iso(row.get("incidentBeginDate"))
    return {"reason": kind.lower(), **place} | _days(first, _iso(row.get("incidentEndDate")))


def _iso(text: Any) -> date | None:
    try:
        return datetime.fromisoformat(str(text)).date() if text else None
    except ValueError:
        return None


def _days(first: date | None, over: date | None) -> dict[str, Any]:
    if first is None:
        return {"fault": "it does not say when it began"}
    return {"from": first, "over": over}


# -- GDACS: the RSS of https://www.gdacs.org/xml/rss.xml

_GDACS = {
    "EQ": "earthquake",
    "TC": "tropical cyclone",
    "FL": "flood",
    "VO": "volcano",
    "WF": "wildfire",
    "TS": "tsunami",
}
_SPACE = "{http://www.gdacs.org}"


def _gdacs(body: bytes) -> Iterator[Mapping[str, Any] | None]:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Unfetched("its answer declares entities, which a feed of events has no use for")
    try:
        root = ET.fromstring(body)  # noqa: S314 - nothing that declares entities gets here
    except ET.ParseError as error:
        raise Unfetched("its answer is not GDACS's list of events") from error
    if root.tag != "rss":
        raise Unfetched("its answer is not GDACS's list of events")
    for item in root.iter("item"):
        yield from _alert(item)


def _alert(item: ET.Element) -> Iterator[Mapping[str, Any] | None]:
    def text(name: str) -> str:
        return (item.findtext(_SPACE + name) or "").strip()

    kind = _GDACS.get(text("eventtype").upper())
    countries = [one.strip() for one in text("country").split(",") if one.strip()]
    if kind is None or text("alertlevel").casefold() not in ("orange", "red") or not countries:
        yield None  # at sea, or not much harm
        return
    for country in countries:
        yield {"reason": kind, "country": country} | _days(_mailed(text("fromdate")), _mailed(text("todate")))


def _mailed(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date() if text else None
    except ValueError:
        return None


FEEDS: Mapping[str, Feed] = {
    "openfema": Feed("OpenFEMA", _openfema, _openfema_question),
    "gdacs": Feed("GDACS", _gdacs),
}
"""By the key under `[blackout_feeds]`."""

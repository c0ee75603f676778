"""The two public feeds, by answers as they give them: what is dark, and what is said where they fail or are absurd."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from presend.blackouts import Wanted, gathered
from presend.blackouts.feeds import Unfetched, fetched
from presend.model import Blackouts

TODAY = date(2026, 11, 20)


def told(name: str, body: bytes | str) -> Blackouts:
    answer = body.encode() if isinstance(body, str) else body
    return gathered(Wanted(feeds={name: "https://feed.example/x"}, aftermath_days=7), TODAY, lambda _url: answer)


def declaration(**changed: Any) -> dict[str, Any]:
    return {
        "femaDeclarationString": "DR-4999-TX",
        "state": "TX",
        "declarationType": "DR",
        "declarationDate": "2026-11-16T00:00:00.000Z",
        "incidentType": "Flood",
        "incidentBeginDate": "2026-11-15T00:00:00.000Z",
        "incidentEndDate": None,
        "designatedArea": "Harris (County)",
    } | changed


def fema(*rows: Any) -> str:
    return json.dumps({"metadata": {"skip": 0}, "DisasterDeclarationsSummaries": list(rows)})


ALERT = """<item><title>Green flood alert</title>
<gdacs:eventtype>{kind}</gdacs:eventtype><gdacs:alertlevel>{level}</gdacs:alertlevel>
<gdacs:fromdate>{since}</gdacs:fromdate><gdacs:todate>{until}</gdacs:todate>
<gdacs:country>{country}</gdacs:country></item>"""
EVENT = {
    "kind": "FL",
    "level": "Orange",
    "since": "Sun, 15 Nov 2026 01:00:00 GMT",
    "until": "Wed, 18 Nov 2026 01:00:00 GMT",
    "country": "Viet Nam, Philippines",
}


def gdacs(*events: dict[str, str]) -> str:
    items = "".join(ALERT.format(**{**EVENT, **one}) for one in events)
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:gdacs="http://www.gdacs.org"><channel>{items}</channel></rss>'


def test_openfema() -> None:
    """One blackout for a state, however many counties; an open end is thirty days, and then comes the aftermath."""
    ended = declaration(state="la", incidentEndDate="2026-11-18T00:00:00.000Z", incidentType="Hurricane")
    old = declaration(state="FL", incidentBeginDate="2026-09-01T00:00:00.000Z", incidentEndDate="2026-09-05")
    found = told("openfema", fema(declaration(), declaration(designatedArea="Fort Bend"), ended, old))

    assert [(one.reason, one.regions, one.first, one.over, one.last) for one in found.dark] == [
        ("flood", {"US-TX"}, date(2026, 11, 15), date(2026, 12, 15), date(2026, 12, 22)),
        ("hurricane", {"US-LA"}, date(2026, 11, 15), date(2026, 11, 18), date(2026, 11, 25)),
    ]
    assert not any(one.exact for one in found.dark)
    assert found.gaps == ()


def test_what_offends_nobody_is_passed_over() -> None:
    slow = [declaration(incidentType=kind) for kind in ("Biological", "Drought")]

    assert told("openfema", fema(*slow)) == told("openfema", fema())


@pytest.mark.parametrize(
    "row",
    [
        declaration(incidentBeginDate="2026-11-15", incidentEndDate="2026-11-01"),
        declaration(incidentEndDate="9999-12-31T00:00:00.000Z"),
        declaration(incidentBeginDate="2031-01-01T00:00:00.000Z"),
        declaration(incidentBeginDate="yesterday"),
        declaration(state="Atlantis"),
        declaration(state=None),
        "a row",
        None,
    ],
)
def test_an_absurd_declaration_is_left_out_and_said(row: Any) -> None:
    found = told("openfema", fema(row, declaration()))

    assert [one.regions for one in found.dark] == [{"US-TX"}]
    assert [gap.reason for gap in found.gaps if "1 of its entries were left out (entry 1:" in gap.reason]


OTHER_ANSWERS = ["", "<html>busy</html>", "[]", "{}", '{"DisasterDeclarationsSummaries": 7}', "\x00", "[" * 90000]


@pytest.mark.parametrize("name", ["openfema", "gdacs"])
@pytest.mark.parametrize("body", OTHER_ANSWERS)
def test_another_answer_is_said_and_nothing_used(name: str, body: str) -> None:
    found = told(name, body)

    assert found.dark == ()
    assert len(found.gaps) == 1
    assert "was not read" in found.gaps[0].reason


def test_gdacs() -> None:
    """Orange and red alerts, a blackout for each country."""
    quiet = ({"level": "Green"}, {"kind": "DR"}, {"country": ""})
    found = told("gdacs", gdacs({}, *quiet, {"kind": "TC", "country": "Japan"}))

    assert [(one.reason, one.country, one.first, one.over, one.last) for one in found.dark] == [
        ("flood", "VN", date(2026, 11, 15), date(2026, 11, 18), date(2026, 11, 25)),
        ("flood", "PH", date(2026, 11, 15), date(2026, 11, 18), date(2026, 11, 25)),
        ("tropical cyclone", "JP", date(2026, 11, 15), date(2026, 11, 18), date(2026, 11, 25)),
    ]


ABSURD = [{"since": "soon"}, {"country": "Atlantis"}, {"until": "Sun, 01 Nov 2026 00:00:00 GMT"}]


@pytest.mark.parametrize("event", ABSURD)
def test_an_absurd_alert_is_left_out_and_said(event: dict[str, str]) -> None:
    found = told("gdacs", gdacs({"country": "Japan"}, event))

    assert {one.country for one in found.dark} == {"JP"}
    assert "left out" in found.gaps[0].reason


def test_entities_are_not_read() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "b">]>' + gdacs({})

    assert "entities" in told("gdacs", bomb).gaps[0].reason


def test_a_feed_that_is_down_is_said_without_its_address() -> None:
    def down(_url: str) -> bytes:
        raise Unfetched("it answered 503")

    found = gathered(Wanted(feeds={"gdacs": "https://feed.example/secret"}), TODAY, down)

    assert "GDACS" in found.gaps[0].reason
    assert "503" in found.gaps[0].reason
    assert "secret" not in found.gaps[0].reason


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path.startswith("/ok") else 302)
            self.send_header("Location", "/ok")
            self.end_headers()
            self.wfile.write(self.path.encode())

        def log_message(self, *_words: Any) -> None:
            """Nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Answers) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_what_is_fetched(server: str) -> None:
    assert fetched(f"{server}/ok?a=1") == b"/ok?a=1"
    with pytest.raises(Unfetched, match="answered 302"):
        fetched(f"{server}/elsewhere")
    with pytest.raises(Unfetched, match="could not be reached"):
        fetched("http://127.0.0.1:1/")


def test_only_news_is_asked_of_openfema() -> None:
    asked: list[str] = []

    def noted(url: str) -> bytes:
        asked.append(url)
        return fema().encode()

    gathered(Wanted(feeds={"openfema": "https://feed.example/v2/x"}), TODAY, noted)
    gathered(Wanted(feeds={"openfema": "https://feed.example/v2/x?$top=5"}), TODAY, noted)

    assert "$filter=declarationDate%20ge%20'2026-07-23" in asked[0]
    assert asked[1].endswith("?$top=5")

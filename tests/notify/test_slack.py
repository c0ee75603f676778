"""The digest and its way to Slack: what it says, what it must not say, Slack's limits, and a service that is down."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from presend.model import Example, FindingState, Severity
from presend.notify.digest import digest
from presend.notify.slack import blocks, send
from presend.report import Report
from tests.deeds.fakes import NOW, campaign, finding, result


def report(*results: Any) -> Report:
    return Report("0", NOW, NOW, NOW, results, (), 1)


@pytest.fixture
def hook() -> Iterator[Any]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            served.got.append(json.loads(body))
            self.send_response(served.status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    served: Any = HTTPServer(("127.0.0.1", 0), Handler)
    served.got, served.status = [], 200
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


def told(*findings: Any) -> frozenset[str]:
    return frozenset(f.fingerprint for f in findings)


def test_says_campaign_deadline_and_counts() -> None:
    one = finding(severity=Severity.BLOCKER)

    (item,) = digest(report(result(campaign(), [one])), told(one)).items

    assert item.title == "klaviyo: Campaign 1"
    assert item.deadline.startswith("5 h 40 min left to stop it")
    assert item.lines == ("blocker: TAG002 no-fallback in html, line 3 - 2 of 4 recipients",)


def test_holds_nobodys_data() -> None:
    one = finding(
        says="says Ann", snippet="snippet Ann", examples=(Example("ann@example.com", "Hi Ann,"),), reason="Ann"
    )
    named = replace(campaign(), ref=replace(campaign().ref, name="For ann@example.com"))

    text = json.dumps(blocks(digest(report(result(named, [one])), told(one))))

    assert "Ann" not in text
    assert "ann@" not in text


def test_says_nothing_of_what_is_known_or_was_not_asked_for() -> None:
    known = finding(state=FindingState.KNOWN)
    other = finding("VAL002")

    assert digest(report(result(campaign(), [known, other])), told(known)).empty


def test_what_can_be_stopped_least_long_comes_first() -> None:
    soon = replace(campaign(2), schedule=replace(campaign().schedule, stoppable_until=NOW.replace(hour=10)))
    one = finding()

    items = digest(report(result(campaign(1), [one]), result(soon, [one])), told(one)).items

    assert [item.title for item in items] == ["klaviyo: Campaign 2", "klaviyo: Campaign 1"]


def test_fits_slacks_limits_whatever_there_is() -> None:
    names = "x" * 4000 + "<!channel>&|"
    one = finding()
    many = [
        result(replace(campaign(n), ref=replace(campaign(n).ref, name=names), url="http://127.0.0.1/x"), [one] * 40)
        for n in range(200)
    ]

    made = blocks(digest(report(*many), told(one)))

    assert len(made) <= 50
    assert all(len(b["text"]["text"]) <= 3000 for b in made if b["type"] == "section")
    assert "<!channel>" not in json.dumps(made)


def test_is_taken(hook: Any) -> None:
    one = finding()

    assert send(f"http://127.0.0.1:{hook.server_port}/hook", digest(report(result(campaign(), [one])), told(one))) == ""
    assert hook.got[0]["blocks"][0]["type"] == "header"


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_refusal_is_said_without_the_url(hook: Any, status: int) -> None:
    hook.status = status
    one = finding()

    why = send(f"http://127.0.0.1:{hook.server_port}/secret", digest(report(result(campaign(), [one])), told(one)))

    assert why == f"Slack answered {status}"


def test_nobody_there_is_said_without_the_url() -> None:
    one = finding()

    why = send("http://127.0.0.1:9/secret", digest(report(result(campaign(), [one])), told(one)))

    assert why.startswith("Slack could not be reached")
    assert "secret" not in why

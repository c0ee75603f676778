"""The digest and its way to Slack: what it says, what it must not say, Slack's limits, and a service that is down."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from presend.model import DeedState, Example, FindingState, Reversible, Severity, Verb
from presend.notify.digest import Digest, digest
from presend.notify.slack import blocks, send
from presend.report import Deed, Report
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


def told(*findings: Any, owner: str | None = None) -> dict[str, str | None]:
    return {f.fingerprint: owner for f in findings}


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


def test_a_hold_is_told_though_its_findings_are_known() -> None:
    known = finding("TAG003", state=FindingState.KNOWN)
    deed = Deed(Verb.HOLD, "klaviyo", "acme", "c1", DeedState.DONE, Reversible.EXACT, "said Ann")
    done = replace(report(result(campaign(), [known])), deeds=(deed,))

    (item,) = digest(done, told(known), changed={("acme", "c1")}).items

    assert item.lines == ("high: TAG003 no-fallback in html, line 3 - 2 of 4 recipients", "hold: done")


def test_says_who_owns_it() -> None:
    one = finding()

    (item,) = digest(report(result(campaign(), [one])), told(one, owner="@crm-team")).items

    assert item.lines[-1] == "for @crm-team"


def test_a_notice_that_waited_says_that_it_is_late() -> None:
    one = finding()
    made = digest(report(result(campaign(), [one])), told(one), over="2 campaigns would be held, and max_holds is 1")

    late = Digest.restored(json.loads(json.dumps(made.stored())), NOW)

    assert late.footer[0] == "This notice is late: it is of 20 Nov 09:00 UTC."
    assert late.footer[1:] == made.footer
    assert [(i.title, i.deadline, i.lines, i.worst) for i in late.items] == [
        (i.title, i.deadline, i.lines, i.worst) for i in made.items
    ]


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


def test_what_does_not_fit_is_the_least_bad() -> None:
    mild, bad = finding(), finding("TAG003", Severity.BLOCKER)
    late = replace(campaign(99), schedule=replace(campaign().schedule, stoppable_until=NOW.replace(hour=23)))
    many = [*(result(campaign(n), [mild]) for n in range(40)), result(late, [bad])]

    text = json.dumps(blocks(digest(report(*many), told(mild, bad))))

    assert "Campaign 99" in text
    assert "and 19 more campaigns" in text


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


@pytest.mark.parametrize("url", ["hooks.invalid/secret", "ftp://127.0.0.1/secret", "", "http://127.0.0.1:99999/secret"])
def test_what_is_no_address_is_said_without_showing_it(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    one = finding()

    why = send(url, digest(report(result(campaign(), [one])), told(one)))

    assert why.startswith("Slack could not be reached")
    assert "secret" not in why + "".join(capfd.readouterr())


def test_an_answer_that_is_none_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as served:

        def babble() -> None:
            line, _peer = served.accept()
            with line:
                line.recv(65536)
                line.sendall(b"this is not HTTP\r\n\r\n")

        threading.Thread(target=babble, daemon=True).start()
        one = finding()

        why = send(
            f"http://127.0.0.1:{served.getsockname()[1]}/x", digest(report(result(campaign(), [one])), told(one))
        )

    assert why.startswith("Slack could not be reached")


def test_nobody_there_is_said_without_the_url() -> None:
    one = finding()

    why = send("http://127.0.0.1:9/secret", digest(report(result(campaign(), [one])), told(one)))

    assert why.startswith("Slack could not be reached")
    assert "secret" not in why

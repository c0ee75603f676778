"""Signed webhooks and Apprise's services: what they get, and every way in which sending may end."""

from __future__ import annotations

import hashlib
import hmac
import logging
import sys
from collections.abc import Iterator

import pytest

from presend.notify.channel import Fate
from presend.notify.digest import Line, Section, merged, plain
from presend.notify.services import MISSING, Service
from presend.notify.webhook import Webhook, document, signature
from tests.deeds.fakes import NOW
from tests.notify.made import item, letter, notice
from tests.notify.server import Answer, running
from tests.notify.server import Service as Served

SECRET = "a long random text"


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running() as made:
        yield made


@pytest.fixture
def service(served: Served) -> Served:
    served.got.clear()
    served.next.clear()
    return served


def hook(service: Served, scheme: str = "http") -> Webhook:
    return Webhook("url:1", "number 1", f"{scheme}{service.url.removeprefix('http')}/in?key=hidden", SECRET)


@pytest.mark.parametrize("scheme", ["http", "http+json"])
def test_a_webhook_gets_a_signed_document(service: Served, scheme: str) -> None:
    assert hook(service, scheme).send(letter()).fate is Fate.SENT

    (got,) = service.got
    stamp = got.headers["x-presend-timestamp"]
    want = hmac.new(SECRET.encode(), f"{stamp}.".encode() + got.raw, hashlib.sha256).hexdigest()
    assert got.path == "/in?key=hidden"
    assert got.headers["x-presend-signature"] == f"v1={want}"
    assert stamp == str(int(NOW.timestamp()))
    assert got.headers["x-presend-id"] == got.body["id"] == "k" * 32
    assert got.body["schema"] == "presend.notice/v1"


def test_the_signature_covers_time_and_body() -> None:
    """A vector computed with OpenSSL: printf '1700000000.{}' | openssl dgst -sha256 -hmac secret."""
    want = "b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"

    assert signature("secret", "1700000000", b"{}") == f"v1={want}"
    assert signature("secret", "1700000001", b"{}") != f"v1={want}"


def test_the_document_says_what_the_message_says() -> None:
    said = notice(item(owners=("@crm",)), item(2, campaign_id=""), footer=("Nothing was done: x.",))
    made = document(said, "n1", NOW)

    assert made["headline"] == "presend: 1 campaign to look at (2 new)"
    assert made["notes"] == ["Nothing was done: x."]
    assert made["campaigns"][0] == {
        "platform": "klaviyo",
        "account": "acme",
        "campaign_id": "c1",
        "name": "klaviyo: Campaign 1",
        "url": None,
        "stoppable_until": "2026-11-20T14:40:00+00:00",
        "time_left": "5 h 40 min left to stop it (until 20 Nov 14:40 UTC)",
        "held": False,
        "severity": "high",
        "owners": ["@crm"],
        "lines": [{"section": "new", "text": "high: TAG002 no-fallback in html, line 3 - 2 of 4 recipients"}],
    }
    assert made["campaigns"][1]["campaign_id"] is None


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (Answer(204), Fate.SENT),
        (Answer(301, headers={"Location": "http://127.0.0.1:9/"}), Fate.REFUSED),
        (Answer(404), Fate.REFUSED),
        (Answer(429, headers={"Retry-After": "120"}), Fate.REFUSED),
        (Answer(500), Fate.REFUSED),
        (Answer(504), Fate.UNKNOWN),
        (Answer(dead=True), Fate.UNKNOWN),
    ],
)
def test_how_a_webhook_may_end(service: Served, answer: Answer, fate: Fate) -> None:
    service.next.append(answer)

    outcome = hook(service).send(letter())

    assert outcome.fate is fate
    assert outcome.wait == (120 if answer.status == 429 else None)
    assert "hidden" not in outcome.why + repr(hook(service))
    assert len(service.got) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/hidden", "https://127.0.0.1:9/hidden", "http://:0/hidden"])
def test_a_webhook_that_is_not_there_was_not_reached(url: str) -> None:
    outcome = Webhook("url:1", "number 1", url, SECRET).send(letter())

    assert outcome.fate is Fate.REFUSED
    assert outcome.why.startswith("number 1 could not be reached")
    assert "hidden" not in outcome.why


def apprised(service: Served, path: str = "/in") -> Service:
    return Service("url:2", "number 2", f"json://user:hidden@{service.url.removeprefix('http://')}{path}")


def test_apprise_gets_text(service: Served) -> None:
    assert apprised(service).send(letter()).fate is Fate.SENT

    (got,) = service.got
    assert got.body["title"] == "presend: 1 campaign to look at (1 new)"
    assert "klaviyo: Campaign 1" in got.body["message"]
    assert "5 h 40 min left" in got.body["message"]


@pytest.mark.parametrize(
    ("answer", "fate", "why"),
    [
        (Answer(404), Fate.REFUSED, "number 2 answered 404"),
        (Answer(500), Fate.REFUSED, "number 2 answered 500"),
        (Answer(502), Fate.UNKNOWN, "number 2 did not confirm, so it may have arrived"),
        (Answer(dead=True), Fate.UNKNOWN, "number 2 did not confirm, so it may have arrived"),
    ],
)
def test_how_apprise_may_end(
    service: Served, answer: Answer, fate: Fate, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    service.next.append(answer)

    outcome = apprised(service).send(letter())

    assert (outcome.fate, outcome.why) == (fate, why)
    assert "hidden" not in "".join(capfd.readouterr())
    assert len(service.got) == 1


@pytest.mark.parametrize("url", ["json://127.0.0.1:9/hidden", "mailto://127.0.0.1:9/?from=p@example.com&to=a@example.com"])
def test_a_service_that_is_not_there_was_not_reached(url: str) -> None:
    outcome = Service("url:2", "number 2", url).send(letter())

    assert outcome.fate is Fate.REFUSED
    assert outcome.why.startswith("number 2 could not be reached")


def test_a_url_that_apprise_does_not_know_is_said() -> None:
    outcome = Service("url:2", "number 2", "nonsense://hidden").send(letter())

    assert (outcome.fate, outcome.why) == (Fate.REFUSED, "number 2 is no URL that Apprise knows")


def test_without_apprise_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    outcome = Service("url:2", "number 2", "json://127.0.0.1:9").send(letter())

    assert (outcome.fate, outcome.why) == (Fate.REFUSED, MISSING)


def test_apprises_log_is_left_as_it_was(service: Served) -> None:
    log = logging.getLogger("apprise")
    before = log.level, log.propagate, list(log.handlers)

    apprised(service).send(letter())

    assert (log.level, log.propagate, list(log.handlers)) == before


def test_a_name_cannot_make_a_link_or_call_anyone() -> None:
    made = plain(notice(item(title="[x](https://example.org) @everyone *b*\n# h", url=None)), NOW)

    assert "**x (https://example.org) (at)everyone b h**" in made


def test_two_notices_become_one_and_the_newer_line_holds() -> None:
    older = notice(item(lines=(Line(Section.NEW, "f1", "old"), Line(Section.DONE, "deed:hold", "hold: done"))))
    newer = notice(item(lines=(Line(Section.GREW, "f1", "grown"),)), item(2), made=NOW.replace(hour=10), footer=("x",))

    both = merged(older, newer)

    assert both.made == NOW
    assert [i.title for i in both.items] == ["klaviyo: Campaign 1", "klaviyo: Campaign 2"]
    assert [line.text for line in both.items[0].lines] == ["grown", "hold: done"]
    assert both.footer == ("x",)

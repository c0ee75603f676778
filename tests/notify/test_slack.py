"""Slack: what a notice looks like there, Slack's limits, and every way in which sending it may end."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from presend.model import Severity
from presend.notify.channel import Fate
from presend.notify.digest import Line, Section, deadline, headline, ordered
from presend.notify.slack import Bot, blocks, post
from tests.deeds.fakes import NOW
from tests.notify.made import item, letter, notice
from tests.notify.server import Answer, Service, Slack, running

TOKEN = "xoxb-good-token"


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with running() as made:
        yield made


@pytest.fixture
def service(served: Service) -> Service:
    served.got.clear()
    served.next.clear()
    served.answers = lambda _got: Answer()
    return served


@pytest.fixture
def bot(service: Service) -> Bot:
    service.answers = Slack()
    return Bot(TOKEN, "#marketing", service.url)


def text_of(*items: object) -> str:
    return "\n".join(b["text"]["text"] for b in blocks(notice(*items), NOW) if "text" in b)  # type: ignore[arg-type]


def test_says_campaign_time_left_and_sections() -> None:
    lines = (
        Line(Section.STILL, "f3", "low: VAL001 there before"),
        Line(Section.NEW, "f1", "high: TAG002 new one"),
        Line(Section.DONE, "deed:hold", "hold: done"),
    )

    assert text_of(item(lines=lines, owners=("@crm-team",))).splitlines()[1:] == [
        "*klaviyo: Campaign 1*",
        "_5 h 40 min left to stop it (until 20 Nov 14:40 UTC)_",
        "*Held, released, left out*",
        "\u2022 hold: done",
        "*New*",
        "\u2022 high: TAG002 new one",
        "*Still there*",
        "\u2022 low: VAL001 there before",
        "for @crm-team",
    ]


def test_the_moment_is_in_the_zone_of_the_account() -> None:
    assert deadline(item(zone="America/New_York"), NOW).endswith("(until 20 Nov 09:40 America/New_York)")


def test_least_time_left_first_then_unknown_then_too_late() -> None:
    hours = {1: 5.0, 2: None, 3: -1.0, 4: 0.5}
    items = [item(n, until=None if h is None else NOW + timedelta(hours=h)) for n, h in hours.items()]
    items.append(item(5, campaign_id="", until=None))

    assert [i.title[-1] for i in ordered(items, NOW)] == ["4", "1", "2", "3", "5"]


@pytest.mark.parametrize(
    ("items", "want"),
    [
        ((item(),), "presend: 1 campaign to look at (1 new)"),
        (
            (item(worst=Severity.BLOCKER), item(2, lines=(Line(Section.WAITS, "x", "y"),))),
            "presend: 2 campaigns to look at, 1 must not go as it is (1 waiting for approval, 1 new)",
        ),
        ((item(campaign_id=""),), "presend: an account to look at"),
    ],
)
def test_the_headline_counts(items: tuple[object, ...], want: str) -> None:
    assert headline(notice(*items)) == want  # type: ignore[arg-type]


def test_fits_slacks_limits_whatever_there_is() -> None:
    lines = tuple(Line(section, f"{n}", "&" * 900) for section in Section for n in range(40))
    items = [
        item(n, title="x<!channel>&|" * 20, url="https://example.com/?a|b>c", lines=lines, worst=Severity.BLOCKER)
        for n in range(200)
    ]

    made = blocks(notice(*items, footer=("y" * 5000,)), NOW)

    assert len(made) <= 50
    assert all(len(b["text"]["text"]) <= 3000 for b in made if b["type"] == "section")
    assert len(made[0]["text"]["text"]) <= 150
    assert "<!channel>" not in json.dumps(made)
    assert not any(b["text"]["text"].endswith(("&", "&a", "&am", "&amp")) for b in made if b["type"] == "section")


def test_what_does_not_fit_is_the_least_bad() -> None:
    bad = item(99, worst=Severity.BLOCKER, until=NOW + timedelta(hours=14))

    text = json.dumps(blocks(notice(*(item(n) for n in range(40)), bad), NOW))

    assert "Campaign 99" in text
    assert "and 19 more campaigns" in text


def test_a_late_notice_says_so_with_the_time_that_is_left_now() -> None:
    late = json.dumps(blocks(notice(), NOW + timedelta(hours=5)))

    assert "This notice is late: it is of 20 Nov 09:00 UTC." in late
    assert "40 min left" in late
    assert "late" not in json.dumps(blocks(notice(), NOW))


def test_a_webhook_takes_it(service: Service) -> None:
    assert post(f"{service.url}/hook", letter()).fate is Fate.SENT
    assert service.got[0].body["blocks"][0]["type"] == "header"


@pytest.mark.parametrize(
    ("answer", "fate", "why"),
    [
        (Answer(404), Fate.REFUSED, "Slack answered 404: there is nothing at this address any more; make a new one"),
        (Answer(403), Fate.REFUSED, "Slack answered 403: the address or token is not valid any more"),
        (Answer(429, headers={"Retry-After": "90"}), Fate.REFUSED, "Slack answered 429: too many messages"),
        (Answer(500), Fate.REFUSED, "Slack answered 500"),
        (Answer(503), Fate.REFUSED, "Slack answered 503"),
        (Answer(502), Fate.UNKNOWN, "Slack answered 502, so it may have arrived"),
        (Answer(504), Fate.UNKNOWN, "Slack answered 504, so it may have arrived"),
        (Answer(dead=True), Fate.UNKNOWN, "Slack gave no answer (RemoteDisconnected), so it may have arrived"),
    ],
)
def test_how_a_webhook_may_end(service: Service, answer: Answer, fate: Fate, why: str) -> None:
    service.next.append(answer)

    outcome = post(f"{service.url}/secret", letter())

    assert (outcome.fate, outcome.why) == (fate, why)
    assert outcome.wait == (90 if answer.status == 429 else None)
    assert len(service.got) == 1


@pytest.mark.parametrize(
    "url",
    [
        "hooks.invalid/secret",
        "ftp://127.0.0.1/secret",
        "",
        "http://127.0.0.1:99999/secret",
        "http://127.0.0.1:9/secret",
    ],
)
def test_what_is_no_address_is_said_without_showing_it(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    outcome = post(url, letter())

    assert outcome.fate is Fate.REFUSED
    assert outcome.why.startswith("Slack could not be reached")
    assert "secret" not in outcome.why + "".join(capfd.readouterr())


def test_an_answer_that_is_none_may_be_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as served:

        def babble() -> None:
            line, _peer = served.accept()
            with line:
                line.recv(65536)
                line.sendall(b"this is not HTTP\r\n\r\n")

        threading.Thread(target=babble, daemon=True).start()
        outcome = post(f"http://127.0.0.1:{served.getsockname()[1]}/x", letter())

    assert outcome.fate is Fate.UNKNOWN


def test_a_bot_posts_once_and_updates_in_place(bot: Bot, service: Service) -> None:
    first = bot.send(letter())
    second = bot.send(letter(notice(item(title="changed")), handle=dict(first.handle or {})))

    assert (first.fate, second.fate) == (Fate.SENT, Fate.SENT)
    assert second.handle == first.handle == {"channel": "C1", "ts": "1700000000.000000"}
    assert service.paths() == ["/api/chat.postMessage", "/api/chat.update"]
    assert service.got[0].body["channel"] == "#marketing"
    assert isinstance(service.answers, Slack)
    (message,) = service.answers.messages.values()
    assert "changed" in json.dumps(message["blocks"])


def test_a_message_that_is_gone_is_posted_anew(bot: Bot, service: Service) -> None:
    outcome = bot.send(letter(handle={"channel": "C1", "ts": "1.0"}))

    assert outcome.fate is Fate.SENT
    assert outcome.handle == {"channel": "C1", "ts": "1700000000.000000"}
    assert service.paths() == ["/api/chat.update", "/api/chat.postMessage"]


def test_an_update_that_nobody_confirmed_may_be_repeated(bot: Bot, service: Service) -> None:
    handle = dict(bot.send(letter()).handle or {})
    service.next.append(Answer(dead=True))

    assert bot.send(letter(handle=handle)).fate is Fate.REFUSED
    assert service.paths() == ["/api/chat.postMessage", "/api/chat.update"]


@pytest.mark.parametrize(
    ("answer", "fate", "why", "wait"),
    [
        (Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "9"}), Fate.REFUSED, "ratelimited: too", 9),
        (Answer(429, "", {"Retry-After": "30"}), Fate.REFUSED, "answered 429: too many messages", 30),
        (Answer(body={"ok": False, "error": "not_in_channel"}), Fate.REFUSED, "said not_in_channel: the bot", None),
        (Answer(body={"ok": False, "error": "token_revoked"}), Fate.REFUSED, "said token_revoked: the bot's", None),
        (Answer(body={"ok": False, "error": "invalid_blocks"}), Fate.REFUSED, "said invalid_blocks", None),
        (Answer(body={"ok": False, "error": "internal_error"}), Fate.UNKNOWN, "may have arrived", None),
        (Answer(body="<html>secret</html>"), Fate.UNKNOWN, "cannot be read", None),
        (Answer(404, "nothing"), Fate.REFUSED, "answered 404", None),
        (Answer(502, "bad gateway"), Fate.UNKNOWN, "answered 502", None),
        (Answer(dead=True), Fate.UNKNOWN, "gave no answer", None),
    ],
)
def test_how_a_bot_may_end(
    bot: Bot, service: Service, answer: Answer, fate: Fate, why: str, wait: float | None
) -> None:
    service.next.append(answer)

    outcome = bot.send(letter())

    assert (outcome.fate, outcome.wait) == (fate, wait)
    assert why in outcome.why
    assert "secret" not in outcome.why
    assert len(service.got) == 1


def test_a_token_that_is_none_is_said_plainly_and_not_shown(service: Service) -> None:
    service.answers = Slack()
    bot = Bot("xoxb-wrong-token", "#marketing", service.url)

    outcome = bot.check(NOW)

    assert outcome.why == "Slack said invalid_auth: the bot's token is not valid; set PRESEND_SLACK__BOT_TOKEN anew"
    assert "wrong" not in repr(bot)
    assert service.paths() == ["/api/auth.test"]

"""Which channels the settings make, what is refused before anything is read, and what doctor says of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from presend.actions.plan import Plan
from presend.cli.notices import must_tell, notice_planned, rights
from presend.errors import SettingsError
from presend.model import Able
from presend.notify.channels import channels
from presend.settings import load
from presend.store.database import opened
from presend.store.outbox import Outbox
from tests.deeds.fakes import NOW
from tests.notify.server import Service, Slack, running
from tests.notify.test_changes import report

HIDDEN = "http://127.0.0.1:9/hidden"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running() as made:
        made.answers = Slack()
        yield made


def given(monkeypatch: pytest.MonkeyPatch, file: str = "", **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name if name.startswith("CRM") else f"PRESEND_{name}", value)
    Path("presend.toml").write_text(file)


def test_nothing_set_is_nobody_told() -> None:
    assert channels(load()) == []


def test_every_kind_by_its_name_and_none_by_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        SLACK__WEBHOOK_URL=HIDDEN,
        SLACK__BOT_TOKEN="xoxb-hidden",
        SLACK__CHANNEL="#all",
        NOTIFY__URLS=f"{HIDDEN}, https+json://127.0.0.1/hidden,discord://hidden/hidden,https://hooks.slack.com/hidden",
        NOTIFY__SECRET="hidden",
    )

    made = [routed.channel for routed in channels(load())]

    kinds = [(type(one).__name__, one.name) for one in made]
    assert kinds == [
        ("Bot", "Slack #all"),
        ("Post", "Slack"),
        ("Webhook", "number 1 of PRESEND_NOTIFY__URLS"),
        ("Webhook", "number 2 of PRESEND_NOTIFY__URLS"),
        ("Service", "number 3 of PRESEND_NOTIFY__URLS"),
        ("Post", "Slack (number 4 of PRESEND_NOTIFY__URLS)"),
    ]
    assert "hidden" not in repr(load()) + "".join(one.id + one.name for one in made)
    assert "hidden" not in "".join(repr(one) for one in made if type(one).__name__ != "Post")


def test_a_channels_key_does_not_change_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, NOTIFY__URLS=f"{HIDDEN},{HIDDEN}2", NOTIFY__SECRET="s")
    before = {routed.channel.id for routed in channels(load())}
    given(monkeypatch, NOTIFY__URLS=f"{HIDDEN}2,{HIDDEN}")

    assert {routed.channel.id for routed in channels(load())} == before


OWNERS = '[owners]\n"@crm" = ["env:CRM_URL", "slack:#crm"]\n"@news" = ["slack:#crm"]\n'


def test_owners_have_channels_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, OWNERS, SLACK__BOT_TOKEN="xoxb-x", SLACK__CHANNEL="#all", NOTIFY__SECRET="s", CRM_URL=HIDDEN)

    made = {routed.channel.id: routed for routed in channels(load())}

    assert list(made) == ["slack:#all", "env:CRM_URL", "slack:#crm"]
    assert {key: [o for o in ("@crm", "@news", "@other", None) if one.serves(o)] for key, one in made.items()} == {
        "slack:#all": ["@other", None],
        "env:CRM_URL": ["@crm"],
        "slack:#crm": ["@crm", "@news"],
    }


def test_without_a_default_the_owners_share_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, '[owners]\n"@crm" = ["env:CRM_URL"]\n', NOTIFY__SECRET="s", CRM_URL=HIDDEN)

    (routed,) = channels(load())

    assert routed.serves(None)


@pytest.mark.parametrize(
    ("file", "values", "says"),
    [
        ("", {"SLACK__BOT_TOKEN": "xoxb-hidden"}, "PRESEND_SLACK__BOT_TOKEN is set without a channel"),
        ("", {"SLACK__CHANNEL": "a b"}, "(?i)slack[._]+channel"),
        ("", {"SLACK__BASE_URL": "http://127.0.0.1/hidden"}, "(?i)slack[._]+base_url"),
        ("", {"NOTIFY__URLS": HIDDEN}, "number 1 of PRESEND_NOTIFY__URLS is a webhook, and there is nothing to sign"),
        ("", {"NOTIFY__URLS": "hidden"}, "number 1 of PRESEND_NOTIFY__URLS is not a URL"),
        ("", {"NOTIFY__MESSAGES": "0"}, "(?i)notify[._]+messages"),
        (OWNERS, {"CRM_URL": HIDDEN, "NOTIFY__SECRET": "s"}, r"\[owners\] tells @crm in slack:#crm, which takes a bot"),
        ('[owners]\n"@crm" = ["env:CRM_URL"]\n', {}, "the variable CRM_URL, which is not set"),
        ('[owners]\n"@crm" = ["env:CRM_URL"]\n', {"CRM_URL": HIDDEN}, "CRM_URL is a webhook, and there is nothing"),
        (f'[owners]\n"@crm" = ["{HIDDEN}"]\n', {}, r"owners[\].]+ ?@crm"),
    ],
)
def test_what_could_tell_nobody_is_refused(
    file: str, values: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, file, **values)

    with pytest.raises(SettingsError, match=says) as caught:
        must_tell(load())

    assert "hidden" not in str(caught.value)


CRM = '[owners]\n"@crm" = ["env:CRM_URL"]\n'


def test_what_an_owner_lacks_is_said_at_once_and_stops_only_what_tells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given(monkeypatch, CRM)
    settings = load()

    with pytest.raises(SettingsError) as caught:
        must_tell(settings)
    assert "CRM_URL, which is not set" in caught.value.message
    assert "PRESEND_NOTIFY__SECRET" in caught.value.help
    assert notice_planned(settings, report(), Plan((), {})) == ()
    said = capsys.readouterr().err
    assert (said.count("note: "), said.count("\n")) == (1, 1)
    assert "CRM_URL" in said
    (right,) = rights(settings, NOW)
    assert right.able is Able.NO
    assert "CRM_URL" in right.detail


def test_what_lacks_nothing_may_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, CRM, CRM_URL=HIDDEN, NOTIFY__SECRET="s")
    must_tell(load())


@pytest.mark.parametrize(
    ("token", "able", "says"),
    [("xoxb-good-token", Able.YES, "it takes presend's token"), ("xoxb-wrong", Able.NO, "Slack said invalid_auth: ")],
)
def test_doctor_tries_a_bots_token(
    service: Service, token: str, able: Able, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, SLACK__BOT_TOKEN=token, SLACK__CHANNEL="#all", SLACK__BASE_URL=service.url)

    (right,) = rights(load(), NOW)

    assert (right.name, right.able) == ("Slack #all", able)
    assert right.detail.startswith(says)


def test_doctor_says_of_a_webhook_how_the_last_notice_fared(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK__WEBHOOK_URL=HIDDEN)
    settings = load()
    (before,) = rights(settings, NOW)
    with opened(settings) as engine:
        outbox = Outbox(engine)
        outbox.failed(outbox.put({}, NOW, channel="slack"), "Slack answered 404")
    (after,) = rights(settings, NOW)

    assert (before.able, after.able) == (Able.UNKNOWN, Able.NO)
    assert after.detail == "the last notice did not go out and waits: Slack answered 404"


def test_doctor_says_that_apprise_does_not_know_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, NOTIFY__URLS="nonsense://hidden")

    (right,) = rights(load(), NOW)

    assert (right.able, right.detail) == (Able.NO, "number 1 of PRESEND_NOTIFY__URLS is no URL that Apprise knows")


def test_doctor_survives_a_store_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SLACK__WEBHOOK_URL=HIDDEN, STORE_URL="nonsense://hidden")

    (right,) = rights(load(), NOW)

    assert right.able is Able.NO
    assert "hidden" not in right.detail

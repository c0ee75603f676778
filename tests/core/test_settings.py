"""Settings: where they come from, what is refused and how, and that no secret shows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from presend.errors import SettingsError
from presend.model import Platform
from presend.settings import duration, load

KEY = "0123456789abcdef0123456789abcdef-us21"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("48h", timedelta(hours=48)),
        ("10m", timedelta(minutes=10)),
        ("1.5d", timedelta(days=1.5)),
        ("2w", timedelta(14)),
    ],
)
def test_durations(text: str, value: timedelta) -> None:
    assert duration(text) == value


@pytest.mark.parametrize("text", ["", "soon", "48", "-3h", "3 hours or so"])
def test_durations_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


def test_one_account_needs_nothing_but_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_MAILCHIMP__API_KEY", KEY)

    (account,) = load().accounts

    assert (account.name, account.platform, account.key.get_secret_value()) == ("mailchimp", Platform.MAILCHIMP, KEY)


def test_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_MAILCHIMP__API_KEY", KEY)
    monkeypatch.setenv("PRESEND_SLACK__WEBHOOK_URL", "http://127.0.0.1/T0/B0/hidden")
    monkeypatch.setenv("PRESEND_STORE_URL", "postgresql+psycopg://me:hidden@127.0.0.1/x")

    settings = load()

    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert KEY not in text
        assert "hidden" not in text


@pytest.mark.parametrize("url", ["ftp://x", "http://user:pw@127.0.0.1", "http://127.0.0.1:1/path", "nonsense"])
def test_a_base_url_is_an_origin_and_is_not_repeated(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KLAVIYO__BASE_URL", url)

    with pytest.raises(SettingsError, match=r"klaviyo\.base_url") as caught:
        load()

    assert "pw" not in str(caught.value)


def test_accounts_by_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", KEY)
    Path("presend.toml").write_text(
        '[[accounts]]\nname = "acme"\nplatform = "hubspot"\nkey = "env:ACME_KEY"\nhubspot_enterprise = true\n'
    )

    (account,) = load().accounts

    assert account.name == "acme"
    assert account.hubspot_enterprise is True


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[accounts]]\nname = "a"\nplatform = "hubspot"\nkey = "env:NOT_SET"\n', "NOT_SET, which is not set"),
        ('[[accounts]]\nname = "a"\nplatform = "hubspot"\nkey = "pat-na1-secret"\n', "accounts.0.key"),
        ('[policy]\nhald = "high"\n', "policy.hald"),
        ('[policy]\nhold = "sometimes"\n', "policy.hold"),
        ("[policy\n", "not valid TOML"),
        ('[freshness]\npet = "ages"\n', "freshness"),
        ("[[blackouts]]\nreason = 'flood'\ncountry = 'US'\nfrom = 2026-11-20\n", "until"),
    ],
)
def test_bad_files_are_refused_with_the_place(text: str, says: str) -> None:
    Path("presend.toml").write_text(text)

    with pytest.raises(SettingsError, match=says) as caught:
        load()

    assert "pat-na1-secret" not in str(caught.value)


def test_a_file_that_was_named_must_be_there() -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(Path("nowhere.toml"))

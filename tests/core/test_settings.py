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


@pytest.mark.parametrize("text", ["999999999y", "9" * 400 + "d"])
def test_durations_that_no_calendar_holds(text: str) -> None:
    with pytest.raises(ValueError, match=r"is longer than 1,000 years$"):
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

    with pytest.raises(SettingsError, match=r"PRESEND_KLAVIYO__BASE_URL must be an origin") as caught:
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


BLACKOUT = "[[blackouts]]\nreason = 'flood'\ncountry = 'US'\nuntil = 2026-12-04\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[accounts]]\nname = "a"\nplatform = "hubspot"\nkey = "env:NOT_SET"\n', "NOT_SET, which is not set"),
        (
            '[[accounts]]\nname = "a"\nplatform = "hubspot"\nkey = "pat-na1-secret"\n',
            r"\[\[accounts\]\] number 1, key must be env: and the name of a variable",
        ),
        ('[[accounts]]\nname = "a"\nplatform = "hubspot"\n', r"\[\[accounts\]\] number 1, key is missing"),
        (
            '[policy]\nhald = "high"\n',
            r"\[policy\] has no key 'hald'; did you mean hold\? There are: approval, comment, exclude, hold, .*",
        ),
        ("[polcy]\n", r"there is no key or table 'polcy'; did you mean policy\? There are: accounts, blackout"),
        ("[[policy.rule]]\nzzz = 1\n", r"\[\[policy.rule\]\] number 1 has no key 'zzz'. There are: accounts, codes, "),
        ('[policy]\nhold = "sometimes"\n', r"\[policy\] hold must be one of 'never', 'info', .* or 'blocker'"),
        ('[policy]\nhold_irreversible = "yes"\n', r"hold_irreversible must be true or false, without quotes"),
        ("[policy]\nhold_irreversible = 1\n", r"hold_irreversible must be true or false"),
        ('[policy]\nmax_holds = "5"\n', r"\[policy\] max_holds must be a whole number, without quotes"),
        ("[policy]\nmax_holds = -1\n", r"\[policy\] max_holds must be at least 0"),
        ('[policy]\ntag_codes = "TAG"\n', r"\[policy\] tag_codes must be a list"),
        ("policy = 3\n", r"valid: policy must be a table"),
        ("[[policy.rule]]\ncodes = []\n", r"\[\[policy.rule\]\] number 1, codes is an empty list"),
        ("[[policy.rule]]\naccounts = []\n", r"number 1, accounts is an empty list"),
        ('[[policy.rule]]\nneutral = "no"\n', r"number 1, neutral must be true or false"),
        ("[[policy.rule]]\nowner = 3\n", r"number 1, owner must be a text in quotes$"),
        (
            "[people]\nann = { hubspot = 5678 }\n",
            r"\[people.ann\] hubspot must be a text in quotes, or a list of such$",
        ),
        ('[people]\nann = { hubspt = "1" }\n', r"\[people.ann\] has no key 'hubspt'; did you mean hubspot\?"),
        ('[owners]\n"@crm" = ["crm"]\n', r"\[owners\] @crm, entry 1 must be slack:"),
        ("[policy\n", "not valid TOML"),
        ("[policy.rule]\ncodes = ['TAG']\n", r"must be a list of tables: write \[\[policy.rule\]\] for each"),
        ("[blackouts]\nreason = 'x'\n", r"must be a list of tables: write \[\[blackouts\]\] for each"),
        ("[[policy.rule]]\naccounts = 'a'\n", r"number 1, accounts must be a list, as in"),
        ('[freshness]\npet = "999999999y"\n', "'999999999y' is longer than 1,000 years"),
        ('[freshness]\npet = "ages"\n', "freshness 'ages' is not a duration"),
        ("[[blackouts]]\nreason = 'flood'\ncountry = 'US'\nfrom = 2026-11-20\n", "number 1, until is missing"),
        ("[[blackouts]]\nfrom = 2026-13-01\n", r"line 2, .*Line 2 has `from = 2026-13-01`: there is no month 13$"),
        (
            "[[blackouts]]\nfrom = 2026-11-31\n",
            r"`from = 2026-11-31`: there is no such day: November 2026 has 30 days$",
        ),
        ("[[blackouts]]\nfrom = 2026-2-3\n", r"two digits for month and day: 2026-02-03$"),
        ("key = 2026-11-20 pat-na1-secret\n", r"\(at line 1, column \d+\)$"),
        (
            BLACKOUT + "from = '2026-11-31'\n",
            r"from is 2026-11-31, and there is no such day: November 2026 has 30 days$",
        ),
        (BLACKOUT + "from = '2026-13-01'\n", r"from is 2026-13-01, and there is no month 13$"),
        (BLACKOUT + "from = 'pat-na1-secret'\n", r"from must be a day, as in 2026-11-20 without quotes$"),
    ],
)
def test_bad_files_are_refused_with_the_place(text: str, says: str) -> None:
    Path("presend.toml").write_text(text)

    with pytest.raises(SettingsError, match=says) as caught:
        load()

    assert "pat-na1-secret" not in str(caught.value)


def test_a_misspelt_variable_is_asked_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KLAVIYO__API_KEI", "pk_secret")

    with pytest.raises(
        SettingsError, match=r"API_KEI is no variable .* did you mean PRESEND_KLAVIYO__API_KEY\?"
    ) as got:
        load()

    assert "pk_secret" not in str(got.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PRESEND_KLAVIO__API_KEY", "PRESEND_KLAVIYO__API_KEY"),
        ("PRESEND_KLAVIYO_API_KEY", "PRESEND_KLAVIYO__API_KEY"),
        ("PRESEND_STOREURL", "PRESEND_STORE_URL"),
    ],
)
@pytest.mark.parametrize("in_file", [True, False])
def test_a_variable_that_would_be_passed_over_is_asked_after(
    name: str, meant: str, in_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_file:
        Path(".env").write_text(f"{name}=pk_secret\n")
    else:
        monkeypatch.setenv(name, "pk_secret")

    with pytest.raises(SettingsError, match=rf"{name} is no variable of presend's; did you mean {meant}\?") as got:
        load()

    assert "pk_secret" not in str(got.value)


@pytest.mark.parametrize(
    "name",
    [
        "PRESEND_PORT",
        "PRESEND_PORT_80_TCP",
        "PRESEND_SERVICE_HOST",
        "PRESEND_KLAVIYO_UK_API_KEY",
        "PRESEND_KLAVIYO2_API_KEY",
    ],
)
def test_other_peoples_variables_are_left_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "anything")

    assert load().accounts == ()


def test_a_key_by_reference_may_be_called_nearly_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KLAVIYO_API_KEY", "pk_acme")
    Path("presend.toml").write_text(
        "[[accounts]]\nname = 'acme'\nplatform = 'klaviyo'\nkey = 'env:PRESEND_KLAVIYO_API_KEY'\n"
    )

    (account,) = load().accounts

    assert account.name == "acme"


def test_a_line_of_dotenv_with_a_key_must_be_readable() -> None:
    Path(".env").write_text('NAME=1\nPRESEND_KLAVIYO__API_KEY="pk_secret\nX=1\n')

    with pytest.raises(SettingsError, match=r"\.env, line 2 cannot be read") as got:
        load()

    assert "pk_secret" not in str(got.value)


def test_dotenv_is_utf8_and_other_tools_lines_are_theirs() -> None:
    Path(".env").write_text("this is = = theirs\n")
    assert load().accounts == ()

    Path(".env").write_bytes(b"NAME=\xff\n")
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        load()


@pytest.mark.parametrize(("url", "lacks"), [("hidden", 1), ("http://127.0.0.1:9/T0/hidden", 0)])
def test_a_slack_webhook_is_a_url(url: str, lacks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_SLACK__WEBHOOK_URL", url)

    said = load().lacks

    assert [one.why for one in said] == ["PRESEND_SLACK__WEBHOOK_URL is not a URL"] * lacks
    assert "hidden" not in str(said)


def test_presend_toml_is_utf8() -> None:
    Path("presend.toml").write_bytes(b"[people]\n# J\xfcrg\n")

    with pytest.raises(SettingsError, match=r"presend\.toml is not UTF-8 \(line 2\)"):
        load()


def test_flags_and_numbers_are_taken_as_toml_has_them() -> None:
    Path("presend.toml").write_text(
        "[policy]\nhold_irreversible = true\nmax_holds = 3\n[[policy.rule]]\ncodes = ['CLM']\nneutral = true\n"
    )

    policy = load().file.policy

    assert (policy.hold_irreversible, policy.max_holds, policy.rule[0].neutral) == (True, 3, True)


def test_a_file_that_was_named_must_be_there() -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(Path("nowhere.toml"))

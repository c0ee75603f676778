"""What is asked for and there is not: accounts, options and numbers that nobody can mean, with what was meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from presend.cli import spoken
from presend.cli.ranges import out_of_range
from presend.model import Campaign
from presend.registry import rules
from presend.settings import Account, Settings, load
from presend.store import oversight
from presend.store.database import opened
from tests.cli.conftest import Presend
from tests.outputs.made import campaign


@pytest.fixture(autouse=True)
def klaviyo(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nobody answers there: what is refused is refused before anything is asked.
    monkeypatch.setenv("PRESEND_KLAVIYO__API_KEY", "pk_none")
    monkeypatch.setenv("PRESEND_KLAVIYO__BASE_URL", "http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("words", "says", "silent"),
    [
        (("audit", "nope"), "no configured account is called 'nope'\n", "PRESEND_MAILCHIMP__API_KEY"),
        (("audit", "klavyo"), "called 'klavyo'; did you mean klaviyo?", "PRESEND_MAILCHIMP__API_KEY"),
        (("scan", "--platform", "hubspot"), "no configured account is of hubspot\n", "called"),
        (("scan", "--account", "klaviyo", "--account", "klavyo"), "called 'klavyo'; did you mean klaviyo?", "reading"),
        (("scan", "--account", "klaviyo", "--platform", "hubspot"), "called 'klaviyo' of hubspot\n", "did you mean"),
    ],
)
def test_an_account_that_there_is_not_is_quoted(
    presend: Presend, words: tuple[str, ...], says: str, silent: str
) -> None:
    done = presend(*words)

    assert done.code == 3
    assert says in done.err
    assert "Configured: klaviyo." in done.err
    assert silent not in done.err


@pytest.mark.parametrize(("word", "meant"), [("--frobnicate", ""), ("--formt", "Did you mean '--format'?")])
def test_only_a_near_option_is_suggested(presend: Presend, word: str, meant: str) -> None:
    done = presend("scan", word)

    assert done.code == 2
    assert f"No such option '{word}'." in done.err
    assert done.err.rstrip().endswith(meant or f"No such option '{word}'.")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("[facts.shop]\norders = 'Orders'\n", "[facts.shop] names no configured account"),
        ("[defaults.klavyo]\nname = 'you'\n", "[defaults.klavyo] names no configured account (did you mean klaviyo?)"),
        ("[facts.klaviyo]\nlast_ordr_at = 'x'\n", "last_ordr_at, which is no fact (did you mean last_order_at?)"),
        ("[facts.hubspot]\nlast_ordr_at = 'x'\n", "[facts.hubspot] has last_ordr_at, which is no fact"),
        ("[facts.klaviyo]\nlast_order_at = ' '\n", "[facts.klaviyo] last_order_at names no property"),
        ("[freshness]\npossessions = '1y'\n", "'possessions' is no kind of fact; did you mean possession?"),
        ("[checks.AGE002]\ndormant_days = 1.5\n", "dormant_days must be a whole number without quotes, as in 730"),
        ("[checks.AGE002]\nshare = '1'\n", "share must be a number without quotes, as in 0.3"),
        ("[checks.CPY004]\nenabled = 1\n", "enabled must be true or false, without quotes"),
        ("[checks.CPY001]\nown_words = 'x'\n", "own_words must be a list"),
        ("[checks.DUP006]\nmails_a_day = 0\n", "[checks.DUP006] mails_a_day must be at least 1, and is 0"),
    ],
)
@pytest.mark.parametrize("words", [("scan",), ("audit", "klaviyo")])
def test_what_can_mean_nothing_is_refused_before_anybody_is_asked(
    presend: Presend, words: tuple[str, ...], file: str, says: str
) -> None:
    Path("presend.toml").write_text(file)

    done = presend(*words)

    assert done.code == 2
    assert says in done.err
    assert "reading campaigns" not in done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--within", "9" * 20 + "d"), "is longer than 1,000 years"),
        (("--as-of", "9999-12-31T23:59:59-14:00"), "is in no year from 1970 to 2999"),
        (("--as-of", "0001-01-01T00:00:00+14:00"), "is in no year from 1970 to 2999"),
        (("--select", "TAG", "--ignore", "TAG"), "leave no check, so nothing would be looked at"),
        (("--output", "nowhere/report.txt"), "nowhere/report.txt cannot be written: there is no folder nowhere"),
        (("--report", "nowhere/page.html"), "there is no folder nowhere"),
        (("--recipients", "nowhere/people.jsonl"), "there is no folder nowhere"),
        (("--plan", "nowhere/plan.json"), "there is no folder nowhere"),
    ],
)
def test_what_cannot_end_well_is_refused_before_anybody_is_asked(
    presend: Presend, words: tuple[str, ...], says: str
) -> None:
    done = presend("scan", *words)

    assert done.code == 2
    assert says in done.err
    assert "reading campaigns" not in done.err


def test_a_template_on_disk_needs_no_account(presend: Presend) -> None:
    Path("presend.toml").write_text("[facts.shop]\norders = 'Orders'\n[facts.hubspot]\norders = 'Orders'\n")
    Path("a.html").write_text("<p>Hello</p>")

    done = presend("lint", "a.html", "--platform", "klaviyo", "--select", "TAG")

    assert done.code == 0
    assert done.err.count("[facts.") == 1
    assert "note: [facts.shop] names no configured account" in done.err


@pytest.mark.parametrize(
    ("name", "default", "good", "bad"),
    [
        ("mails_a_day", 3, (1, 9), (0, -1)),
        ("max_lag_days", 14, (0, 30, 100_000), (-1, 100_001)),
        ("least_people", 3, (0, 5), (-2,)),
        ("from_hour", 22, (0, 23), (-1, 24)),
        ("share", 0.3, (0.0, 1, 0.5), (-0.1, 1.5, float("nan"))),
        ("times", 3.0, (1, 2.5), (0.5, float("inf"), float("nan"))),
        ("enabled", False, (True, False), ()),
    ],
)
def test_the_ranges_of_numbers(name: str, default: object, good: tuple[object, ...], bad: tuple[object, ...]) -> None:
    assert [value for value in good if out_of_range(name, default, value)] == []
    assert [value for value in bad if not out_of_range(name, default, value)] == []


def test_every_default_is_within_its_range() -> None:
    options = [(rule.code, *option) for rule in rules() for option in rule.options.items()]
    assert len(options) > 20
    assert [(code, name) for code, name, value in options if out_of_range(name, value, value)] == []


@pytest.mark.parametrize(("word", "code", "says"), [("b", 0, "A test of B of"), ("c", 2, "has no message 'c'")])
def test_the_case_of_a_message_does_not_matter(
    presend: Presend, word: str, code: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign("News", hours=3).campaign
    (message, *_rest) = made.messages
    both = replace(made, messages=(replace(message, label="A"), replace(message, label="B")))

    def live(settings: Settings, _name: str) -> tuple[Account, Campaign]:
        return settings.accounts[0], both

    monkeypatch.setattr(spoken, "_live", live)

    done = presend("tested", "klaviyo:c1", "--by", "ann", "--message", word)

    assert (done.code, says in done.out + done.err) == (code, True)
    with opened(load()) as engine:
        recorded = oversight.Tests(engine).of("klaviyo", both.ref.id)
    assert [one.message for one in recorded] == ([] if code else ["B"])

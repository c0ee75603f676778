"""The lists behind claims and copy: every entry has its case, and the ledger counts what the checks judge."""

from __future__ import annotations

import re

import pytest

from presend.audience.schema import DEAR
from presend.cases import Case, load_cases, opened
from presend.mail import Mail
from presend.model import Platform
from presend.readout import claims
from presend.rules import RuleSet
from presend_checks import rulebook
from presend_checks._lexicon import entries, pairs, rows
from presend_checks.claims._phrases import About, phrases
from presend_checks.claims._said import said, text_of

RULES = {rule.code: rule for rule in rulebook.rules}


def bad(*families: str) -> list[Case]:
    return [
        case for rule in rulebook.rules if rule.family in families for case in load_cases(rule) if case.kind == "bad"
    ]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    found = []
    for case in bad("CLM"):
        with opened(case) as message:
            found += [text_of(part) for part in message.reading.parts.values()]
    return found


@pytest.mark.parametrize("phrase", phrases(), ids=lambda phrase: phrase.entry[:40])
def test_every_phrase_has_a_case_that_must_be_found(phrase, texts: list[str]) -> None:
    found = [text for text in texts if phrase.pattern.compiled().search(text)]

    assert found
    assert all(map(phrase.pattern.may_match, found))


@pytest.mark.parametrize("name", ["misspellings", "misspellings_near"])
def test_no_wrong_form_is_a_right_one(name: str) -> None:
    found = pairs("copy", name, " -> ")

    assert not {right.casefold() for right in found.values()} & set(found)
    assert all(wrong == wrong.casefold() for wrong in found)


@pytest.mark.parametrize(
    "name", ["misspellings", "misspellings_near", "exclusive", "leftovers", "never_twice", "may_be_twice"]
)
def test_no_entry_stands_twice(name: str) -> None:
    assert len(set(entries("copy", name))) == len(entries("copy", name))


@pytest.mark.parametrize("name", ["misspellings", "misspellings_near", "never_twice"])
def test_every_word_has_a_case(name: str) -> None:
    copy = "\n".join(str(case.data.get("html", "")) for case in bad("CPY")).casefold()

    assert [entry for entry in entries("copy", name) if entry.partition(" -> ")[0].casefold() not in copy] == []


def test_every_word_that_leaves_somebody_out_has_a_case_and_a_near_one() -> None:
    told, silent = (
        "\n".join(str(case.data.get("html")) for case in load_cases(RULES["CPY004"]) if case.kind == kind)
        for kind in ("bad", "good")
    )

    for shape, other, example, twin in rows("copy", "exclusive", " => "):
        assert f"<p>{example}</p>" in told
        assert f"<p>{twin}</p>" in silent
        assert re.search(rf"\b(?:{shape})\b", other, re.IGNORECASE) is None


def test_every_wording_that_sells_has_a_case(texts: list[str]) -> None:
    words = [wording for _kind, wording in rows("claims", "selling", " = ")]
    copy = " ".join("\n".join(texts).casefold().split())

    assert [word for word in words if word not in copy] == []


MADE_UP = Case(
    code="CLM001",
    name="made up",
    kind="bad",
    why="for the ledger",
    platform=Platform.KLAVIYO,
    expect=(),
    data={
        "send_at": "2026-11-24T09:00:00Z",
        "subject": "We miss you",
        "html": "<p>{% if person.vip %}Thank you for your recent purchase.{% endif %} Welcome home.</p>",
        "people": [
            {"vip": True, "orders": 0},
            {"vip": True, "orders": 2, "last_order_at": "2026-11-20"},
            {"vip": True, "orders": 1},
            {"orders": 0},
        ],
    },
)


def test_the_ledger_counts_who_reads_a_claim_and_for_whom_it_is_so() -> None:
    with opened(MADE_UP) as message:
        found = {one.words: (place, one) for place, one in claims(message, [rulebook])}

    place, bought = found["your recent purchase"]
    assert (place, bought.seen, bought.true, bought.false, bought.unknown) == ("html 1:37", 3, 1, 1, 1)
    assert bought.facts == ("orders", "last_order_at")
    assert f"{bought.newest:%Y-%m-%d}" == "2026-11-20"
    missed = found["We miss you"][1]
    assert (missed.seen, missed.true, missed.false, missed.unknown) == (4, 0, 3, 1)
    home = found["Welcome home"][1]
    assert (home.seen, home.unknown, home.facts, home.newest) == (4, 4, (), None)


@pytest.mark.parametrize("rule", [RULES["CLM001"], RULES["CLM002"], RULES["CLM006"]], ids=lambda rule: rule.code)
def test_every_part_of_a_ledger_adds_up(rule) -> None:
    for case in load_cases(rule):
        with opened(case) as message:
            if message.audience is not None:
                for _place, one in claims(message, [rulebook]):
                    assert one.true + one.false + one.unknown == one.seen


def test_what_is_said_is_found_once_however_many_phrases_fit() -> None:
    with opened(MADE_UP) as message:
        mail = Mail(message, RULES["CLM001"])

        assert [one.words for one in said(mail, *About)] == ["We miss you", "your recent purchase", "Welcome home"]


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("<p>You recently viewed our kettles.</p>", True),
        ("<p>You <b>recently</b>\n  viewed it.</p>", True),
        ("<p>You&rsquo;ve been looking at kettles.</p>", True),
        ("<p>Thank you for your recent purchase.</p>", False),
        ("<p>The view that you overlooked.</p>", False),
        ("<" * 50_000, False),
    ],
)
def test_visits_are_asked_for_where_a_template_speaks_of_them(source: str, asked: bool) -> None:
    assert RuleSet((RULES["CLM006"],)).dear(["", source]) == ({"@last_visit_at"} if asked else frozenset())


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("<p>Recommended <i>for you</i>: a kettle.</p>", True),
        ("<p>{{ person.next_best_product }}</p>", True),
        ("<p>Our office is closed on Friday.</p>", False),
    ],
)
def test_products_are_asked_for_where_a_template_may_offer_any(source: str, asked: bool) -> None:
    assert RuleSet((RULES["CLM003"],)).dear([source]) == ({"@last_product", "@products"} if asked else frozenset())


def test_no_rule_asks_for_what_costs_nothing_or_is_no_fact() -> None:
    assert {name for rule in RULES.values() for name in rule.asks} <= DEAR

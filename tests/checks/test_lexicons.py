"""Every list of words says where it is from, has one entry a line and none twice, and each entry has its case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import presend_checks
from presend.cases import Case, run
from presend.model import Confidence, Finding, Platform, Role
from presend_checks import rulebook
from presend_checks._lexicon import entries, pairs, rows
from presend_checks.copy._slips import slips
from presend_checks.values._classes import Fault, fault_of
from presend_checks.values._lexicons import names_too
from presend_checks.values.misspelt_name import _behind, _meant

HERE = Path(__file__).parent
ROOT = Path(presend_checks.__file__).parent
LISTS = sorted(path for path in ROOT.glob("*/*/*.txt"))
RULES = {rule.code: rule for rule in rulebook.rules}


def found(code: str, **data: Any) -> list[Finding]:
    return list(run(RULES[code], Case(code, "entry", "bad", "", Platform.KLAVIYO, (), data)).findings)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_a_list_tells_its_source_has_nothing_twice_and_is_tested(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines[:4] if line.startswith("# ")]
    kept = [line for line in lines if line.strip() and line != "#" and not line.startswith("# ")]

    assert any(re.match("# (?:Source: |Made by )", line) for line in head)
    same = str.strip if path.stem in ("companies_exact", "leftovers_exact", "streets") else str.casefold
    assert len(set(map(same, kept))) == len(kept)
    assert not [line for line in kept if path.parent.name != "phrases" and ";" in line]
    tests = "".join(file.read_text(encoding="utf-8") for file in HERE.glob("test_*.py"))
    assert f'"{path.stem}"' in tests or path.parent.name == "phrases"


# -- values


def first(text: str) -> Fault | None:
    return fault_of(text, Role.FIRST_NAME)


@pytest.mark.parametrize("entry", entries("values", "placeholders"))
def test_a_placeholder_is_no_name(entry: str) -> None:
    assert {fault_of(entry, role) for role in (Role.FIRST_NAME, Role.LAST_NAME)} <= {
        Fault.PLACEHOLDER,
        Fault.NO_LETTERS,
        Fault.REPEATED,
    }
    assert first(f"Anna-{entry.capitalize()}") is not Fault.PLACEHOLDER


@pytest.mark.parametrize("entry", entries("values", "placeholders_first"))
def test_a_family_name_is_a_placeholder_only_for_a_given_one(entry: str) -> None:
    assert (first(entry), fault_of(entry, Role.LAST_NAME)) == (Fault.PLACEHOLDER, Fault.DOUBTFUL)


@pytest.mark.parametrize(("word", "spellings"), names_too().items())
def test_a_placeholder_that_is_a_name_too(word: str, spellings: frozenset[str]) -> None:
    """Also `names_too`: sure only in the spellings of computers."""
    assert len(entries("values", "names_too")) == len(names_too())
    assert {first(spelt) for spelt in spellings} <= {Fault.PLACEHOLDER}
    assert first(word.capitalize()) is Fault.DOUBTFUL


@pytest.mark.parametrize("entry", entries("values", "leftovers"))
def test_a_leftover_of_a_program_is_nothing_in_any_column(entry: str) -> None:
    assert fault_of(entry, Role.OTHER) is Fault.PLACEHOLDER
    assert fault_of(f"{entry} street", Role.OTHER) is None


@pytest.mark.parametrize("entry", entries("values", "leftovers_exact"))
def test_a_leftover_of_a_program_is_one_in_its_own_spelling(entry: str) -> None:
    assert fault_of(entry, Role.OTHER) is Fault.PLACEHOLDER
    assert fault_of(entry.strip("<>").title(), Role.OTHER) is None


@pytest.mark.parametrize("entry", entries("values", "functions"))
def test_a_department_is_no_name(entry: str) -> None:
    assert first(entry) is Fault.FUNCTION
    assert first(f"Anna {entry}") is not Fault.FUNCTION


@pytest.mark.parametrize(("word", "where"), rows("values", "function_heads", "|"))
def test_a_word_for_a_department_or_a_post_makes_one_of_others(word: str, where: str) -> None:
    told = {"begins": first(f"{word} Riga"), "ends": first(f"Riga {word}")}

    assert {end for end, fault in told.items() if fault is Fault.FUNCTION} == (
        {where} if where != "both" else set(told)
    )
    assert first(word.title()) is not Fault.FUNCTION


@pytest.mark.parametrize("entry", entries("values", "notes"))
def test_a_note_is_no_name(entry: str) -> None:
    assert first(f"Anna {entry}") is Fault.NOTE
    assert first(f"Anna x{entry}x") is not Fault.NOTE


@pytest.mark.parametrize("entry", entries("values", "companies"))
def test_a_legal_form_makes_a_firm(entry: str) -> None:
    assert first(f"Northwind {entry.title()}") is Fault.COMPANY
    # In scripts without blanks the form counts wherever it stands.
    assert not entry.isascii() or first(f"{entry.title()}x Northwind") is not Fault.COMPANY


@pytest.mark.parametrize("entry", entries("values", "companies_exact"))
def test_a_legal_form_in_its_own_spelling_makes_a_firm(entry: str) -> None:
    assert first(f"Northwind {entry}") is Fault.COMPANY
    assert first(f"Northwind {entry.swapcase()}") is not Fault.COMPANY


@pytest.mark.parametrize("word", [*entries("values", "firm_words"), *entries("values", "firm_suffixes")])
def test_a_word_for_a_trade_makes_a_firm_of_several_words(word: str) -> None:
    """`firm_suffixes` end a compound word; no word is a common name, and behind a particle each may be part of one."""
    said = f"Holz-und-garten{word}" if word in entries("values", "firm_suffixes") else word.title()

    assert (first(f"{said} Kronfeld"), first(f"Kronfeld {said}")) == (Fault.COMPANY, Fault.COMPANY)
    assert first(f"Van der {said}") is not Fault.COMPANY
    assert first(word.title()) is not Fault.COMPANY
    assert word not in pairs("values", "common_names", "|")


@pytest.mark.parametrize("words", entries("values", "firm_ends"))
def test_a_last_word_makes_a_firm(words: str) -> None:
    assert first(f"Kron {words.title()}") is Fault.COMPANY
    assert first(words.rpartition(" ")[2].title()) is not Fault.COMPANY
    assert words not in pairs("values", "common_names", "|")


@pytest.mark.parametrize("word", entries("values", "firm_the"))
def test_what_begins_with_the_is_a_place(word: str) -> None:
    assert first(f"The Old {word.title()}") is Fault.COMPANY
    assert first(f"Thea Ould {word.title()}x") is not Fault.COMPANY


@pytest.mark.parametrize("word", entries("values", "firm_of"))
def test_what_is_of_a_place_is_an_institution(word: str) -> None:
    assert first(f"{word.title()} of Riga") in (Fault.COMPANY, Fault.FUNCTION)
    assert first(f"Anna {word.title()} Of") is not Fault.COMPANY


def test_every_common_name_and_every_real_spelling_is_left_alone() -> None:
    """As it is: nothing is wrong with it, its letters follow each other as in names, and none is a slip of another."""
    common = [line.partition(" | ")[0].capitalize() for line in entries("values", "common_names")]
    real = [name.capitalize() for name in (*entries("values", "real_spellings"), *entries("values", "own_spellings"))]
    people = [{"first_name": name} for name in common for _copy in range(2)] + [{"first_name": name} for name in real]

    assert {fault_of(name, Role.FIRST_NAME) for name in (*common, *real)} == {None}
    assert found("VAL009", html="<p>Hi {{ first_name|default:'you' }}</p>", people=people) == []


def test_every_spelling_of_ones_own_would_be_a_slip_but_for_its_list() -> None:
    own = entries("values", "own_spellings")

    assert [name for name in own if not (_meant(name, "given") or _meant(name, "family"))] == []
    assert not set(own) & set(entries("values", "real_spellings"))


def test_letters_that_follow_each_other_in_names_are_not_odd() -> None:
    lines = [line.split(" ") for line in entries("values", "letter_triples")]

    assert [pair for pair, after in lines if _behind()[pair] != after or len(set(after)) != len(after)] == []
    assert len(_behind()) == len(lines)


# -- addresses


def reached(code: str, addresses: list[str], **data: Any) -> list[int | None]:
    people = [{"first_name": "Ann", "email": address} for address in addresses]
    return [finding.affected for finding in found(code, html="<p>Hi {{ first_name }}</p>", people=people, **data)]


def test_every_name_of_a_task_is_one_and_not_as_a_part_of_a_name() -> None:
    names = entries("people", "roles")

    assert reached("DUP004", [f"{name.title()}2@example.com" for name in names]) == [len(names)]
    assert reached("DUP004", [f"ann.{name}@example.com" for name in names]) == []


def test_every_word_beside_a_task_says_which_and_is_none_alone() -> None:
    words = entries("people", "role_sides")
    beside = [
        address for word in words for address in (f"info.{word}@example.com", f"{word.title()}-sales3@example.com")
    ]

    assert reached("DUP004", beside) == [len(beside)]
    assert reached("DUP004", [f"{word}@example.com" for word in words]) == []


@pytest.mark.parametrize(("name", "confidence"), [("families", Confidence.HIGH), ("homes", Confidence.LOW)])
def test_every_name_of_a_family_is_one_and_not_as_a_part_of_a_name(name: str, confidence: Confidence) -> None:
    names = [name.replace("*", "ida").replace(" ", sign) for name in entries("people", name) for sign in ".-"]
    people = [{"first_name": "Ann", "email": f"{name.title()}2@example.com"} for name in dict.fromkeys(names)]
    told = found("DUP003", html="<p>Hi {{ first_name }}</p>", people=people)

    assert [(one.affected, one.confidence) for one in told] == [(len(people), confidence)]
    assert (
        reached("DUP003", [f"bo.{name}@example.com" for name in names if "und" not in name and "and" not in name]) == []
    )


def test_every_word_for_a_family_makes_one_and_words_of_trades_make_none() -> None:
    """`family_words` beside a name, without and with one of `family_trades`."""
    words, trades = entries("people", "family_words"), entries("people", "family_trades")
    families = [
        address for word in words for address in (f"olumide.{word}@example.com", f"{word}_olumide4@example.com")
    ]

    assert reached("DUP003", families) == [len(families)]
    assert reached("DUP003", [f"family{sign}{trade}@example.com" for trade in trades for sign in ("", ".")]) == []
    assert reached("DUP003", ["famke@example.com", "clancy@example.com", "gezinus@example.com"]) == []


def test_two_who_raise_children_speak_for_both() -> None:
    sexes = pairs("people", "parents", "|")
    both = [
        f"{name}{join}{'mum' if sex == 'm' else 'dad'}@example.com"
        for name, sex in sexes.items()
        for join in (".", "and")
    ]

    assert reached("DUP003", both) == [len(both)]
    assert reached("DUP003", [f"{name}.of.two@example.com" for name in sexes]) == []


def test_two_given_names_are_a_couple_where_one_person_has_not_both() -> None:
    sexes = pairs("people", "given", "|")
    joined = [
        f"{name}{join}{'ida' if sex == 'm' else 'otto'}@example.com"
        for name, sex in sexes.items()
        for join in ("and", ".und.")
    ]
    beside = [
        f"{name}-{'ida' if sex == 'm' else 'otto'}.olumide@example.com" for name, sex in sexes.items() if sex != "x"
    ]
    doubled = [
        f"{name}-{'ida' if sex == 'f' else 'otto'}.olumide@example.com" for name, sex in sexes.items() if sex != "x"
    ]
    alone = [f"{name}.olumide@example.com" for name in sexes]

    assert reached("DUP003", [*joined, *beside]) == [len(joined) + len(beside)]
    assert (
        reached(
            "DUP003", [*doubled, *alone, *(f"{name}-ida.olumide@example.com" for name in sexes if sexes[name] == "x")]
        )
        == []
    )


@pytest.mark.parametrize(("short", "whole"), rows("people", "short_names", "|"))
def test_a_short_name_is_the_same_person_as_the_whole_one(short: str, whole: str) -> None:
    def told(*names: str) -> list[Finding]:
        people = [{"first_name": name, "email": "box@example.com"} for name in names]
        return found("DUP003", html="<p>Hi {{ first_name }}</p>", people=people)

    assert told(short.title(), whole.title()) == []
    assert len(told(short.title(), "Olumide")) == 1
    assert not whole.startswith(short)


def test_every_name_of_a_test_is_one_and_not_as_a_part_of_a_name() -> None:
    names = [name.replace(" ", sign) for name in entries("segments", "tests") for sign in ("", ".", "-")]
    names += entries("segments", "test_words")
    others = [f"ann.{name}@example.com" for name in names]

    assert reached("SEG006", [*others, *(f"{name}@example.com" for name in names)]) == [len(names)]
    assert reached("SEG006", others) == []


def test_every_word_beside_a_test_makes_one_and_is_none_alone() -> None:
    words = [word.replace(" ", "") for word in entries("segments", "beside_test")]
    tests = [f"{word}-test@example.com" for word in words] + [f"staging.{word}3@example.com" for word in words]
    alone = {name.replace(" ", "") for name in (*entries("segments", "tests"), *entries("segments", "test_words"))}
    others = [f"{word}@example.com" for word in words if word not in alone]
    people = [f"{word}.{name}@example.com" for word in words for name in ("ann", "contest")]

    assert reached("SEG006", [*others, *people, *tests]) == [len(tests)]
    assert reached("SEG006", [*others, *people]) == []


def test_every_domain_of_a_service_that_measures_delivery_is_one_with_what_is_below_it() -> None:
    domains = entries("segments", "seeds")
    seeds = [f"ann{number}@in.{domain}" for number, domain in enumerate(domains)]
    others = [f"ann@my{domain}" for domain in domains]

    assert reached("SEG006", [*seeds, *others]) == [len(domains)]


def test_at_a_domain_of_tests_nobody_reads() -> None:
    domains = entries("segments", "test_domains")
    people = [f"ann@my{domain.replace('.', '')}.example" for domain in domains]

    assert reached("SEG006", [*people, "bo@example.com", *(f"ann@{domain}" for domain in domains)]) == [len(domains)]
    assert reached("SEG006", people) == []


def test_what_is_no_name_and_no_domain_is_a_test_only_on_both_sides() -> None:
    fillers = entries("segments", "no_domains")
    both = [f"{filler}@{filler}.example" for filler in fillers]
    people = [f"ann@{filler}.example" for filler in fillers]

    assert reached("SEG006", [*people, "bo@example.com", *both, "xx@b.example"]) == [len(both) + 1]
    assert reached("SEG006", people) == []


@pytest.mark.parametrize("domain", entries("segments", "freemail"))
def test_a_domain_for_everybody_is_nobodys_own(domain: str) -> None:
    others = [f"ann{number}@example.org" for number in range(9)]

    assert reached("SEG006", [f"bo@{domain}", *others], reply_to=f"shop@{domain}") == []
    assert reached("SEG006", [f"bo@my{domain}", *others], reply_to=f"shop@my{domain}") == [1]


@pytest.mark.parametrize("name", entries("segments", "everybody"))
def test_a_list_of_that_name_is_everybody_and_of_a_longer_one_is_not(name: str) -> None:
    def severities(name: str) -> list[int]:
        lists = [{"id": "1", "kind": "list", "name": name}]
        people = [{"email": "ann@example.com"}, {"email": "bo@example.com"}]
        more = {"included": lists, "people": people, "settings": {"least": 2}}
        return [finding.severity for finding in found("SEG001", html="<p>Hi</p>", **more)]

    assert severities(f"{name.title()} (2026)") == [1]
    assert severities(f"{name} Leeds") == [0]


# -- copy


def test_every_word_that_may_stand_twice_does() -> None:
    words = entries("copy", "may_be_twice")
    text = "\n".join(f"We say {word} {word} here." for word in words)

    assert found("CPY003", text=text) == []
    assert len(found("CPY003", text=f"{text}\nWe say the the here.")) == 1


def test_every_common_word_is_found_with_two_letters_exchanged_and_no_real_word_is_taken_for_a_slip() -> None:
    words = entries("copy", "common_words")
    wrong = {form: word for word in words if (form := f"{word[:3]}{word[4]}{word[3]}{word[5:]}") in slips()}
    text = " and ".join(f"the {form}" for form in wrong)

    # The rest has the same letter twice there, or another word comes out.
    assert len(wrong) > len(words) * 0.9
    assert {one.says.split('"')[3].casefold() for one in found("CPY001", text=text)} == set(wrong.values())
    # Some of the others' words are slips where all around them is English.
    real = [word for word in entries("copy", "real_words") if word not in pairs("copy", "misspellings_near", " -> ")]
    assert found("CPY001", text=" and ".join(f"the {word}" for word in (*words, *real))) == []


def said_of(shape: tuple[str, ...], code: str) -> tuple[list[str], list[str]]:
    example, twin = shape[-2:]
    return [one.confidence.word for one in found(code, text=example)], [one.says for one in found(code, text=twin)]


@pytest.mark.parametrize("shape", rows("copy", "shapes", " => "), ids=lambda shape: shape[2])
def test_every_shape_of_a_leftover_and_its_twin(shape: tuple[str, ...]) -> None:
    assert said_of(shape, "CPY002") == ([shape[0]], [])


@pytest.mark.parametrize("shape", rows("copy", "grammar", " => "), ids=lambda shape: shape[2])
def test_every_slip_of_grammar_and_its_twin(shape: tuple[str, ...]) -> None:
    assert said_of(shape, "CPY003") == (["high"], [])


def test_every_wording_that_is_left_behind() -> None:
    several = entries("copy", "leftovers")

    assert len(found("CPY002", text="\n".join(several))) >= len(several) * 0.9
    assert [one for one in several if len(found("CPY002", text=f"It says {one}.")) != 1] == []

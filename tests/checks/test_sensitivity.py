"""Every entry of the lists beside the checks of sensitivity does its work, and the ordinary words around it do not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import presend_checks.sensitivity
from presend.cases import Case, run
from presend.model import Finding, Platform
from presend_checks import rulebook
from presend_checks._lexicon import rows
from presend_checks.sensitivity import _lexicons
from presend_checks.sensitivity._breath import cheered_condolence, in_one_breath
from presend_checks.sensitivity._offers import offers
from presend_checks.sensitivity._revealed import column_kind, field_category, said, value_category
from presend_checks.sensitivity.tone_clash import clash

FOLDER = Path(presend_checks.sensitivity.__file__).parent / "lexicons"
RULES = {rule.code: rule for rule in rulebook.rules}


def entries(name: str) -> list[str]:
    return list(_lexicons.lines(name))


def pairs(name: str) -> list[tuple[str, str]]:
    return [(kind, entry) for kind, several in _lexicons.table(name).items() for entry in several]


def filled(entry: str) -> str:
    """An entry with a word for its star."""
    return entry.replace("*", "s") if entry.endswith("*") else entry.replace("*", "ten")


def found(code: str, **parts: object) -> list[Finding]:
    return list(run(RULES[code], Case(code, "x", "good", "y", Platform.KLAVIYO, (), parts)).findings)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_a_list_tells_its_source_and_has_nothing_twice(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line.strip().casefold() for line in lines if not line.startswith("#")]

    assert any(line.startswith("# Source:") for line in lines)
    assert all(kept)
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize("cheer", entries("joy"))
def test_every_cheer(cheer: str) -> None:
    assert clash(f"{cheer.capitalize()} on your recent loss", lost=False)
    assert clash(f"{cheer.capitalize()} on your wedding", lost=False) is None


@pytest.mark.parametrize("grave", entries("grave"))
def test_every_grave_word(grave: str) -> None:
    assert clash(f"Congratulations on {grave}", lost=False)
    assert clash(f"Our thoughts are with you for {grave}", lost=False) is None
    assert clash(f"Congratulations, on Monday we speak of {grave}", lost=False) is None


@pytest.mark.parametrize("word", entries("overcome"))
def test_every_word_that_turns_a_cheer(word: str) -> None:
    assert clash(f"Congratulations on {word} your eviction", lost=False) is None


@pytest.mark.parametrize("trade", entries("trades"))
def test_every_word_of_a_trade(trade: str) -> None:
    assert clash(f"Happy bereavement {trade}", lost=False) is None


@pytest.mark.parametrize("word", entries("not_grave"))
def test_every_word_that_makes_a_loss_a_good_one(word: str) -> None:
    html = f"<p>News of {word} today.</p>"

    assert found("SEN003", subject="Congratulations on your recent loss", html=html) == []


@pytest.mark.parametrize("sorry", entries("condolence"))
def test_every_condolence(sorry: str) -> None:
    sure = "medium" if re.search("your (recent )?loss", sorry) else "high"

    assert [one.confidence.word for one in found("SEN003", subject=f"{sorry}, and free shipping")] == [sure]
    assert found("SEN003", subject=sorry) == []


@pytest.mark.parametrize("word", entries("not_grave_near"))
def test_every_word_that_makes_a_loss_a_good_one_in_its_own_sentence(word: str) -> None:
    assert found("SEN003", subject=f"Congratulations on your recent loss of {word}") == []
    (one,) = found("SEN003", subject="Congratulations on your recent loss", html=f"<p>News of {word} today.</p>")
    assert one.confidence.word == ("medium" if word in ("game", "games", "match", "league", "tournament") else "high")


@pytest.mark.parametrize("cheer", entries("exult"))
def test_every_cheer_at_the_beginning(cheer: str) -> None:
    assert in_one_breath(f"{cheer.capitalize()}: your brother has passed away")
    assert in_one_breath(f"{cheer.capitalize()}: your brother has passed his test") is None


@pytest.mark.parametrize("cheer", entries("exult_alone"))
def test_every_cheer_that_a_sign_makes_one(cheer: str) -> None:
    assert in_one_breath(f"{cheer.capitalize()}: your brother has passed away")
    assert cheered_condolence(f"{cheer.capitalize()}! Sorry for your loss")
    assert in_one_breath(f"{cheer.capitalize()} people say your brother has passed away") is None


@pytest.mark.parametrize("row", rows("sensitivity", "mocked", " => "), ids=lambda row: row[1])
def test_every_kind_of_fun_made_of_grief_and_its_twin(row: tuple[str, ...]) -> None:
    _shape, example, twin = row

    assert [one.confidence.word for one in found("SEN003", subject=example)] == ["high"]
    assert found("SEN003", subject=twin) == []


def test_a_cheer_in_the_middle_is_none() -> None:
    assert in_one_breath("Bravo: your brother has passed away")
    assert in_one_breath("The singer cried bravo: your brother has passed away") is None


@pytest.mark.parametrize("fun", entries("revels"))
def test_every_kind_of_fun(fun: str) -> None:
    assert in_one_breath(f"Your miscarriage: {fun}")
    assert in_one_breath(f"Your marriage: {fun}") is None


@pytest.mark.parametrize("ordeal", rows("sensitivity", "ordeals", " => "), ids=lambda row: row[1])
def test_every_ordeal_and_its_twin(ordeal: tuple[str, ...]) -> None:
    _shape, example, twin = ordeal
    assert in_one_breath(f"Hooray, {example}" if not example.startswith("happy") else example)
    assert in_one_breath(f"Hooray, {twin}" if not twin.startswith("happy") else twin) is None


@pytest.mark.parametrize("word", entries("turned"))
def test_every_word_that_turns_it_to_good(word: str) -> None:
    assert in_one_breath(f"Good news: your eviction is, {word}, so") is None


@pytest.mark.parametrize("word", entries("follows"))
def test_every_word_that_may_follow_what_befell_somebody(word: str) -> None:
    assert in_one_breath(f"Good news: your eviction {word} there")


@pytest.mark.parametrize("words", entries("consoles"))
def test_every_way_to_console(words: str) -> None:
    html = f"<p>Dear you, {words}, you know.</p>"

    assert [one.confidence.word for one in found("SEN003", subject="Hooray!", html=html)] == ["medium"]
    assert found("SEN003", subject="A letter", html=html) == []


@pytest.mark.parametrize("offer", entries("offers"))
def test_every_offer(offer: str) -> None:
    assert offers().search(f"Now 20{offer} today") if offer.startswith("%") else offers().search(f"Our {offer} today")
    assert not offers().search("We open at nine, and there is tea.")


@pytest.mark.parametrize(("kind", "entry"), pairs("conditions"))
def test_every_condition(kind: str, entry: str) -> None:
    (one,) = found("SEN001", subject=f"News: {entry}")

    assert one.part.value == "subject"
    assert (one.severity.word, one.confidence.word) == ("high", "high")
    assert said("conditions", entry) is not None
    assert kind in one.says or entry in one.says
    assert [two.confidence.word for two in found("SEN001", subject=f"News: {entry} pillow")] == ["medium"]
    assert said("conditions", f"our {entry.removeprefix('your ')}") is None or not entry.startswith("your ")


@pytest.mark.parametrize("state", entries("states"))
def test_a_state_is_told_where_it_is_taken_for_known(state: str) -> None:
    (one,) = found("SEN001", html=f"<p>Since you are {state}, start slowly.</p>")
    assert (one.severity.word, one.confidence.word) == ("medium", "high")
    assert not found("SEN001", html=f"<p>Whoever is {state} starts slowly. Tell us if you are {state}.</p>")


@pytest.mark.parametrize("illness", entries("suffered"))
def test_everything_that_somebody_has(illness: str) -> None:
    assert [one.confidence.word for one in found("SEN001", html=f"<p>As you have {illness}, come in.</p>")] == ["high"]
    assert [one.confidence.word for one in found("SEN001", html=f"<p>As someone with {illness}, come.</p>")] == ["high"]
    assert found("SEN001", html=f"<p>We work for people who have {illness}.</p>") == []


@pytest.mark.parametrize("word", entries("tails"))
def test_every_word_that_makes_a_condition_the_readers_own(word: str) -> None:
    assert [one.confidence.word for one in found("SEN001", subject=f"Your dementia {word}")] == ["high"]
    assert [one.confidence.word for one in found("SEN001", html=f"<p>Your dementia {word}</p>")] == ["high"]
    assert [one.confidence.word for one in found("SEN001", html=f"<p>Ten tips on your dementia {word}</p>")] == ["low"]


@pytest.mark.parametrize("word", entries("hedges"))
def test_every_word_that_speaks_to_whoever_it_concerns(word: str) -> None:
    assert [one.confidence.word for one in found("SEN001", subject=f"Your dementia: {word} so")] == ["medium"]


@pytest.mark.parametrize(("kind", "entry"), pairs("products"))
def test_every_product_in_a_value(kind: str, entry: str) -> None:
    assert value_category(f"{filled(entry).title()}, large") == kind
    assert value_category("Tea pot, large") == ""


@pytest.mark.parametrize("goods", rows("sensitivity", "telling_goods", " => "), ids=lambda row: row[2])
def test_every_kind_of_goods_that_tell_and_its_twin(goods: tuple[str, ...]) -> None:
    kind, _shape, example, twin = goods

    assert (value_category(example), value_category(twin)) == (kind, "")
    several = [{"last_item": example}, {"last_item": twin}]
    (one,) = found("SEN001", html="<p>How is the {{ person.last_item }}?</p>", people=several)
    assert (one.affected, one.confidence.word) == (1, "high")


@pytest.mark.parametrize("word", entries("innocent_goods"))
def test_every_word_by_which_goods_tell_nothing(word: str) -> None:
    assert value_category(f"Chlamydia {word}") == value_category(f"Vibrator {word}") == ""


@pytest.mark.parametrize("word", entries("remedies"))
def test_every_thing_against_an_illness(word: str) -> None:
    assert value_category(f"Anxiety {word}") == value_category(f"{word} for anxiety") == "health"
    assert value_category(f"A {word}") == ""


@pytest.mark.parametrize(("kind", "entry"), pairs("field_words"))
def test_every_word_that_makes_a_field_tell(kind: str, entry: str) -> None:
    assert field_category(f"Current {filled(entry)} stage") == kind
    assert field_category(f"{filled(entry)} pillow") == ""


@pytest.mark.parametrize("word", entries("field_companions"))
def test_every_word_beside_a_telling_one(word: str) -> None:
    assert field_category(f"{word} fertility") == "pregnancy"
    assert field_category(word) == ""


@pytest.mark.parametrize("name", entries("quiet_fields"))
def test_every_field_that_tells_little(name: str) -> None:
    column = name.replace(" ", "_")
    (one,) = found("SEN001", html=f"<p>{{{{ person.{column} }}}}</p>", people=[{column: "some"}])

    assert one.confidence.word == "medium"


@pytest.mark.parametrize("topic", rows("sensitivity", "topics", " => "), ids=lambda row: row[0])
def test_every_topic_of_a_segment_and_its_copy(topic: tuple[str, ...]) -> None:
    kind, _name, _copy, name, copy, twin = topic

    def told(segment: str, text: str) -> list[str]:
        included = [{"id": "s", "kind": "segment", "name": segment}]
        return [
            one.says.split("\u201d")[1].split("'s ")[1].split(",")[0]
            for one in found("SEN001", text=text, included=included)
        ]

    assert told(name, copy) == [kind]
    assert told(twin, copy) == told(name, "We moved to Leeds") == []


@pytest.mark.parametrize("word", entries("innocent_names"))
def test_every_word_of_an_innocent_segment(word: str) -> None:
    included = [{"id": "s", "kind": "segment", "name": f"Pregnant {word}"}]

    assert found("SEN001", text="Two prams", included=included) == []


@pytest.mark.parametrize("word", entries("ends"))
def test_every_word_that_may_follow_a_condition(word: str) -> None:
    assert [one.confidence.word for one in found("SEN001", subject=f"Your debt {word} more")] == ["high"]


@pytest.mark.parametrize(("kind", "entry"), pairs("goods"))
def test_every_kind_of_goods(kind: str, entry: str) -> None:
    assert [one.confidence.word for one in found("SEN001", from_name=f"The {entry}")] == ["medium"]
    assert found("SEN001", html=f"<p>The {entry}</p>") == []
    assert kind


@pytest.mark.parametrize(("kind", "entry"), pairs("fields"))
def test_every_field(kind: str, entry: str) -> None:
    name = filled(entry)

    assert field_category(name.replace(" ", "_")) == kind
    assert field_category("MMERGE7", name.title()) == kind
    assert field_category(f"{name}_and_more") == ""


@pytest.mark.parametrize(("kind", "entry"), pairs("values"))
def test_every_value(kind: str, entry: str) -> None:
    assert value_category(entry.upper()) == kind
    assert value_category(f"not {entry} at all") == ""


@pytest.mark.parametrize(("kind", "entry"), pairs("tracked_fields"))
def test_every_field_of_a_tracker(kind: str, entry: str) -> None:
    assert column_kind("tracked_fields", entry.replace(" ", "_")) == kind


@pytest.mark.parametrize("entry", entries("watched"))
def test_every_way_to_say_that_one_watches(entry: str) -> None:
    assert [one.code for one in found("SEN002", subject=f"Hello, {filled(entry)} boots")] == ["SEN002"]


@pytest.mark.parametrize("deed", rows("sensitivity", "deeds", " => "), ids=lambda row: row[1])
def test_every_deed_that_only_watching_tells(deed: tuple[str, ...]) -> None:
    assert [one.code for one in found("SEN002", subject=f"We saw you {deed[1]} blue boots")] == ["SEN002"]
    assert found("SEN002", subject=f"Some of you were {deed[1]} blue boots") == []


@pytest.mark.parametrize("watcher", rows("sensitivity", "watchers", " => "), ids=lambda row: row[1])
def test_every_way_to_look_on(watcher: tuple[str, ...]) -> None:
    assert [one.confidence.word for one in found("SEN002", subject=f"{watcher[1]} you hovering over it")] == ["high"]
    assert found("SEN002", subject=f"{watcher[1]} you had a lovely summer") == []


@pytest.mark.parametrize("spied", rows("sensitivity", "spied", " => "), ids=lambda row: row[1])
def test_every_other_way_to_tell_and_its_twin(spied: tuple[str, ...]) -> None:
    assert [one.confidence.word for one in found("SEN002", subject=spied[1])] == ["high"]
    assert found("SEN002", subject=spied[2]) == []


def test_a_moment_by_the_clock_of_three_zones() -> None:
    """The same send is inside the window in one zone, and outside of it in the two beside it."""
    at = datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
    dark = {"reason": "storm", "country": "NZ", "from": "2026-11-21", "until": "2026-11-21"}
    people = [{"country": "NZ", "timezone": zone} for zone in ("Pacific/Auckland", "Pacific/Honolulu", "Europe/London")]
    when = {"send_at": at, "stated": at, "now": "2026-11-20T06:00:00Z"}

    (one,) = found("SEN004", html="x", people=people, blackouts=[dark], **when)

    assert one.affected == 1
    assert re.search(r"storm in NZ from 2026-11-21", one.says)

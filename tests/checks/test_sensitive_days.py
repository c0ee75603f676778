"""Every word for a day that hurts some readers, and every name of a field by which they want no mail about it."""

from __future__ import annotations

import pytest

from presend.cases import Case, campaign_of, run
from presend.engine import columns_of, parse
from presend.model import Finding, Platform, day_refused, is_yes, preference_names
from presend_checks import rulebook
from presend_checks._lexicon import rows
from presend_checks.sensitivity import _lexicons

RULES = {rule.code: rule for rule in rulebook.rules}


def entries(name: str) -> list[str]:
    return list(_lexicons.lines(name))


def pairs(name: str) -> list[tuple[str, str]]:
    return [(kind, entry) for kind, several in _lexicons.table(name).items() for entry in several]


def found(code: str, **parts: object) -> list[Finding]:
    return list(run(RULES[code], Case(code, "x", "good", "y", Platform.KLAVIYO, (), parts)).findings)


@pytest.mark.parametrize(("day", "entry"), pairs("occasions"))
def test_every_word_for_a_day(day: str, entry: str) -> None:
    people = [{f"no_{day}": True}, {}]
    subject = f"Flowers for {entry}"

    (one,) = found("SEN006", subject=subject, people=people)

    assert one.affected == 1
    assert f"no_{day}" in preference_names([subject], (), complete=False)


@pytest.mark.parametrize(("day", "shape", "example", "twin"), rows("sensitivity", "day_shapes", " => "))
def test_every_turn_for_a_day_and_its_twin(day: str, shape: str, example: str, twin: str) -> None:
    people = [{f"no_{day}": True}, {}]

    assert [one.affected for one in found("SEN006", subject=example, people=people)] == [1], shape
    assert found("SEN006", subject=twin, people=people) == []
    assert f"no_{day}" in preference_names([example], (), complete=False)


@pytest.mark.parametrize("word", entries("other_days"))
def test_every_other_reason_for_gifts(word: str) -> None:
    people = [{"no_mothers_day": True}]

    assert len(found("SEN006", subject="Treat your mum", html="<p>Zebras are in</p>", people=people)) == 1
    assert found("SEN006", subject=f"Treat your mum: {word} is here", people=people) == []


@pytest.mark.parametrize("word", entries("way_round"))
def test_every_way_round(word: str) -> None:
    people = [{"no_mothers_day": True}]

    assert found("SEN006", subject=f"Mother's Day: {word} it", people=people) == []


NAMES = {
    "no_mothers_day": "mothers_day",
    "NoMothersDay": "mothers_day",
    "mothers_day_opt_out": "mothers_day",
    "skip Father's Day": "fathers_day",
    "opt_out_valentines_day": "valentines_day",
    "Opt out of Valentine's": "valentines_day",
    "Mute Valentine's Day": "valentines_day",
    "Opted out of Mother's Day e-mails": "mothers_day",
    "Don't send Father's Day campaigns": "fathers_day",
    "mothers_day_emails_muted": "mothers_day",
    "Father's Day: no thanks": "fathers_day",
    "unsubscribed_from_mothers_day": "mothers_day",
    "Do not email about Valentines": "valentines_day",
    "offer_valentines_day": "",
    "mothers_day_officer": "",
    "Blocked by Valentine": "",
    "hide_and_seek_mothers": "",
    "mothers_day_mails": "",
    "mothers_day_send_date": "",
    "mothers_day": "",
    "mothers_day_order": "",
    "north_mothers_day": "",
    "no": "",
}


@pytest.mark.parametrize(("name", "day"), NAMES.items())
def test_names_of_preferences(name: str, day: str) -> None:
    assert day_refused(name) == day
    assert day_refused("MMERGE3", name) == day


USUAL = {
    "Mute Valentine's Day": "Be our Valentine: hearts in every box",
    "Opt out of Valentine's": "Sweets for your valentine",
    "mute_valentines_day": "Valentines gifts for under ten pounds",
    "mute_fathers_day": "Gifts for Father's Day that are not socks",
    "skip_mothers_day": "Spoil your mum this Sunday",
    "mothers_day_opt_out": "Roses for Mother's Day",
}


@pytest.mark.parametrize(("name", "subject"), USUAL.items())
def test_a_usual_preference_is_found_where_fields_are_not_listed(name: str, subject: str) -> None:
    """Klaviyo names no fields beforehand: what is asked for is read, and is held against the copy."""
    assert name in preference_names([subject], (), complete=False)
    assert name not in preference_names(["Tulips are in"], (), complete=False)
    assert [one.affected for one in found("SEN006", subject=subject, people=[{name: "yes"}, {name: "no"}])] == [1]


def test_when_a_preference_holds() -> None:
    assert all(map(is_yes, (True, 1, "Yes", " on ", "1")))
    assert not any(map(is_yes, (False, 0, "no", "", None, [], "mother")))


def test_preferences_are_asked_for_only_where_the_copy_may_need_them() -> None:
    """The template does not read them, and other campaigns do not pay for them."""
    day = campaign_of(Case("SEN006", "x", "good", "y", Platform.KLAVIYO, (), {"subject": "Mother's Day", "html": "x"}))
    other = campaign_of(Case("SEN006", "x", "good", "y", Platform.KLAVIYO, (), {"subject": "Tulips", "html": "x"}))

    assert "no_mothers_day" in columns_of(day, parse(day))
    assert columns_of(other, parse(other)) == frozenset()
    fields = [{"tag": "MMERGE9", "label": "No Mother's Day"}, {"tag": "FNAME"}]
    known = {"subject": "Mother's Day", "html": "x", "fields": fields}
    listed = campaign_of(Case("SEN006", "x", "good", "y", Platform.MAILCHIMP, (), known))
    assert columns_of(listed, parse(listed)) == {"MMERGE9"}


@pytest.mark.parametrize("text", ["The maximum is paid in a moment: bananas, finance and dadaism", "A febrile spa day"])
def test_no_field_is_asked_for_where_a_word_only_holds_one(text: str) -> None:
    assert not preference_names([text], (), complete=False)

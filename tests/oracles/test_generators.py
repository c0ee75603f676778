"""The generators reach what they are for, and the oracles answer everything that they make."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracles import django_plain, generators, hubspot, mailchimp

NOW = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
KINDS = get_args(generators.Kind)
several = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def answer(platform: generators.Platform, source: str, row: dict[str, Any], part: str) -> tuple[str, str | None]:
    if platform == "mailchimp":
        return mailchimp.render(
            source,
            row,
            fields=generators.MAILCHIMP_FIELDS,
            groups=generators.MAILCHIMP_GROUPS,
            part=part,
            now=NOW,
        )
    if platform == "klaviyo":
        return django_plain.render(source, row)
    return hubspot.render(
        source,
        row,
        properties=generators.HUBSPOT_PROPERTIES,
        defaults=generators.HUBSPOT_DEFAULTS,
        programmable=part == "html",
        part=part,
    )


PEOPLE = {"mailchimp": generators.members(), "klaviyo": generators.contexts(), "hubspot": generators.contacts()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("platform", get_args(generators.Platform))
def test_the_oracle_answers_whatever_is_generated(platform: generators.Platform, kind: generators.Kind) -> None:
    seen: Counter[str] = Counter()

    @several
    @given(generators.templates(platform, kind), PEOPLE[platform], st.sampled_from(generators.PARTS))
    def every(template: generators.Template, row: dict[str, Any], part: str) -> None:
        outcome, text = answer(platform, template.source, row, part)
        assert outcome in {"printed", "unknown", "skipped"}
        assert (text is None) == (outcome != "printed")
        seen[outcome] += 1

    every()

    # A generator whose templates are all unknown, or never, would test nothing.
    assert seen["printed"] >= 10
    assert seen["unknown"] + seen["skipped"] >= (0 if kind == "valid" else 5)


@several
@given(generators.mailchimp_templates(), generators.members())
def test_a_mailchimp_text_depends_on_the_named_columns_alone(
    template: generators.Template, row: dict[str, Any]
) -> None:
    kept = {key: value for key, value in row.items() if key in {*template.columns, "EMAIL", "interests"}}

    assert answer("mailchimp", template.source, kept, "html") == answer("mailchimp", template.source, row, "html")


@several
@given(generators.hubspot_templates("hostile"), generators.contacts())
def test_a_hubspot_text_depends_on_the_named_columns_alone(template: generators.Template, row: dict[str, Any]) -> None:
    kept = {key: value for key, value in row.items() if key in template.columns}

    assert answer("hubspot", template.source, kept, "html") == answer("hubspot", template.source, row, "html")


@several
@given(st.text(alphabet=st.characters(exclude_characters="*|{}")), generators.members())
def test_text_without_delimiters_prints_as_it_stands(text: str, row: dict[str, Any]) -> None:
    assert answer("mailchimp", text, row, "html") == ("printed", text)
    assert answer("hubspot", text, {}, "html") == ("printed", text)
    assert answer("klaviyo", text, {}, "html") == ("printed", text)

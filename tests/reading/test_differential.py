"""The reading against the oracles: where both say what prints, they say the same, byte for byte."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from presend.dialects.base import OutcomeKind
from presend.model import Part, Platform
from tests.oracles import django_plain, generators, hubspot, mailchimp
from tests.reading.build import NOW, klaviyo_column, part_reading, program_of

KINDS = st.sampled_from(("valid", "broken", "hostile"))
PARTS = st.sampled_from((Part.HTML, Part.SUBJECT, Part.TEXT, Part.PREVIEW_TEXT))
EXAMPLES = 300


def _mailchimp_row(member: dict[str, Any]) -> dict[str, Any]:
    row = dict(member.get("merge_fields", member))
    interests = row.pop("interests", None) or member.get("interests") or {}
    for title, names in interests.items():
        row[f"INTERESTED:{title}"] = list(names)
    return row


def _agrees(kind: str, text: str | None, rendered: Any) -> None:
    if kind == "printed":
        if rendered.kind is OutcomeKind.PRINTED:
            assert rendered.text == text
        else:
            assert rendered.kind in (OutcomeKind.UNKNOWN, OutcomeKind.SKIPPED)
    elif kind == "skipped":
        assert rendered.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN)
    else:
        assert rendered.kind is not OutcomeKind.PRINTED, f"said {rendered.text!r} where nobody can know"


@settings(max_examples=EXAMPLES)
@given(data=st.data(), kind=KINDS, part=PARTS)
def test_mailchimp(data: st.DataObject, kind: Any, part: Part) -> None:
    """Merge tags print what the oracle, written from the vendor's notes alone, says they print."""
    template = data.draw(generators.mailchimp_templates(kind))
    member = data.draw(generators.members())
    said, text = mailchimp.render(
        template.source,
        member,
        fields=generators.MAILCHIMP_FIELDS,
        groups=generators.MAILCHIMP_GROUPS,
        part=part.value,
        now=NOW,
    )
    program = program_of(Platform.MAILCHIMP, template.source, part)
    _agrees(said, text, part_reading(program).render(_mailchimp_row(member)))


@settings(max_examples=EXAMPLES)
@given(data=st.data(), kind=KINDS)
def test_klaviyo(data: st.DataObject, kind: Any) -> None:
    """Django's own constructs print what a stock Django engine prints."""
    template = data.draw(generators.klaviyo_templates(kind, django_only=True))
    row = data.draw(generators.rows(generators.KLAVIYO_COLUMNS))
    # A null top-level attribute is absent in Klaviyo; the stock engine would print None.
    row = {k: v for k, v in row.items() if not (v is None and "." not in k)}
    said, text = django_plain.render(template.source, generators.nested(row))
    program = program_of(Platform.KLAVIYO, template.source, Part.HTML)
    flat = {klaviyo_column(name): value for name, value in row.items()}
    _agrees(said, text, part_reading(program).render(flat))


@settings(max_examples=EXAMPLES)
@given(data=st.data(), kind=KINDS, part=PARTS, programmable=st.booleans())
def test_hubspot(data: st.DataObject, kind: Any, part: Part, programmable: bool) -> None:
    """HubL prints what the oracle, written from the vendor's notes alone, says it prints."""
    template = data.draw(generators.hubspot_templates(kind))
    contact = data.draw(generators.contacts())
    said, text = hubspot.render(
        template.source,
        contact,
        properties=generators.HUBSPOT_PROPERTIES,
        defaults=generators.HUBSPOT_DEFAULTS,
        programmable=programmable,
        part=part.value,
    )
    program = program_of(Platform.HUBSPOT, template.source, part, programmable=programmable)
    _agrees(said, text, part_reading(program).render(contact))

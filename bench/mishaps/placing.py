"""Where a line of copy goes in a letter, in what markup, and fields that an account has of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bench.mishaps.accounts import Slot
from bench.mishaps.letters import Draft
from bench.mishaps.planting import Unfit
from presend.model import Platform

SHAPES: tuple[tuple[str, str], ...] = (
    ("<p>{}</p>", "{}"),
    ("<p>{}.</p>", "{}."),
    ("<p>{}.</p>", "{}."),
    ("<h2>{}</h2>", "{}"),
    ("<p style='font-size:15px'><strong>{}</strong></p>", "{}"),
    ('<a href="https://www.example.org/loft" style="padding:9px">{}</a>', "{}: https://www.example.org/loft"),
    ("<ul><li>{}</li><li>Jam</li></ul>", "- {}\n- Jam"),
    ('<table width="100%"><tr><td>{}</td><td>Loft</td></tr></table>', "{} | Loft"),
)
"""Paragraphs, headings, buttons, lists and cells."""


def once(draft: Draft, what: str) -> None:
    """No second fault of the kind, and none in a letter that is uncertain. Raises Unfit."""
    if draft.closed or what in draft.spoilt:
        raise Unfit
    draft.spoilt.add(what)


def escaped(text: str) -> str:
    """Plain text as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(draft: Draft, text: str) -> str:
    """The line with straight or curly apostrophes, as keyboards and editors have it."""
    return text if draft.rng.random() < 0.6 else re.sub(r"(?<=\w)'(?=\w|\s|$)", "\u2019", text)


def body(draft: Draft, text: str) -> None:
    """Put the line somewhere into the letter; it may hold tokens, and holds no sign that HTML would escape."""
    html, plain = draft.rng.choice(SHAPES)
    # A line with its own full stop or question mark gets no second one.
    shown = text.rstrip(".") if "}." in html and text.endswith(".") else text
    if "}." in html and text[-1] in "!?":
        html, plain = SHAPES[0]
    draft.blocks.insert(draft.rng.randint(0, len(draft.blocks)), (html.format(escaped(shown)), plain.format(shown)))


def place(draft: Draft, text: str) -> str:
    """Put a fault's line into the subject, the preview text or the body; which it was."""
    kind = draft.rng.random()
    if kind < 0.35 and "subject" not in draft.spoilt:
        draft.spoilt.add("subject")
        draft.subject = text
        return "subject"
    if 0.35 <= kind < 0.5 and "preview" not in draft.spoilt:
        draft.spoilt.add("preview")
        draft.preview = text
        return "preview"
    body(draft, text)
    return "body"


def innocent(name: str, entries: Sequence[str]) -> Callable[[Draft], bool]:
    """A hard negative of one or two lines, anywhere in the letter."""

    def trick(draft: Draft) -> bool:
        for line in {draft.phrase(entries) for _ in range(draft.rng.randint(1, 2))}:
            text = quoted(draft, line)
            kind = draft.rng.random()
            if kind < 0.35 and "subject" not in draft.spoilt:
                draft.subject = text
            elif kind < 0.5 and "preview" not in draft.spoilt:
                draft.preview = text
            else:
                body(draft, text)
        return True

    trick.__name__ = name
    return trick


def add_field(draft: Draft, key: str, label: str, values: list[Any], *, column: str = "", kind: str = "text") -> Slot:
    """Give the account a field with one value for each of its people, fresh where such facts age."""
    snake = column or re.sub(r"\W+", "_", label.replace("'", "")).strip("_").lower()
    match draft.platform:
        case Platform.MAILCHIMP:
            name = token = re.sub(r"\W", "", label).upper()[:10]
        case Platform.KLAVIYO:
            plain = "'" not in label and draft.rng.random() < 0.5
            name = label if plain else snake
            token = f"person|lookup:'{name}'" if plain else f"person.{name}"
        case _:  # HubSpot
            name, token = snake, f"contact.{snake}"
    if name in draft.crowd.columns or key in draft.account.slots:
        raise Unfit
    slot = Slot(key, name, token, label, kind)
    draft.account.slots[key] = slot
    draft.crowd.columns[name] = values
    draft.crowd.age(slot, draft.rng)
    draft.crowd.taken.add(key)
    return slot

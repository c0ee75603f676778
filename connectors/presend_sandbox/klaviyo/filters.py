"""Klaviyo's filter grammar: `op(field,value)`, several joined by commas or and(...)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_TERM = re.compile(r"\s*([a-z-]+)\(")
_FIELD = re.compile(r"\s*([A-Za-z0-9_.$-]+)\s*(,|\))")

Allowed = Mapping[str, tuple[str, ...]]


class FilterError(ValueError):
    """A filter that cannot be read, or a field or operator that is not allowed there."""


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison; `value` is text, number, bool, a list of these, or None for has()."""

    operator: str
    field: str
    value: Any


def parse(text: str, allowed: Allowed) -> list[Term]:
    """The terms of a filter, all of which must hold. Raises FilterError."""
    terms, rest = _terms(text)
    if rest.strip():
        raise FilterError(f"unexpected {rest.strip()[:20]!r} in the filter")
    for term in terms:
        if term.field not in allowed:
            raise FilterError(f"{term.field!r} is not a filterable field; use one of {', '.join(sorted(allowed))}")
        if term.operator not in allowed[term.field]:
            known = ", ".join(allowed[term.field])
            raise FilterError(f"{term.operator!r} is not an operator of {term.field!r}; use one of {known}")
    return terms


def _terms(text: str) -> tuple[list[Term], str]:
    terms: list[Term] = []
    while True:
        found = _TERM.match(text)
        if found is None:
            raise FilterError('a filter term looks like equals(field,"value")')
        operator, text = found[1], text[found.end() :]
        if operator == "and":
            inner, text = _terms(text)
            terms += inner
            if not text.startswith(")"):
                raise FilterError("and( is not closed")
            text = text[1:]
        else:
            term, text = _comparison(operator, text)
            terms.append(term)
        text = text.lstrip()
        if not text.startswith(","):
            return terms, text
        text = text[1:]


def _comparison(operator: str, text: str) -> tuple[Term, str]:
    found = _FIELD.match(text)
    if found is None:
        raise FilterError(f"{operator}( needs a field")
    text = text[found.end() :]
    if found[2] == ")":
        return Term(operator, found[1], None), text
    end = _closing(text)
    return Term(operator, found[1], _value(text[:end].strip())), text[end + 1 :]


def _closing(text: str) -> int:
    quote = ""
    skip = False
    for index, letter in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = letter == "\\"
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == ")":
            return index
    raise FilterError("a filter term is not closed")


def _value(text: str) -> Any:
    if text[:1] == "'" and text[-1:] == "'" and len(text) > 1:
        return text[1:-1].replace("\\'", "'")
    try:
        return json.loads(text.replace("'", '"') if text.startswith("[") else text)
    except json.JSONDecodeError:
        if not text or text[0] in "\"'[":
            raise FilterError(f"{text[:20]!r} is not a value") from None
        return text


def matches(terms: list[Term], row: Mapping[str, Any]) -> bool:
    """Whether a row (field → value) satisfies every term. Raises FilterError for a time that is none."""
    return all(_holds(term, row.get(term.field)) for term in terms)


def _holds(term: Term, actual: Any) -> bool:
    wanted = term.value
    match term.operator:
        case "has":
            return actual is not None
        case "equals" | "any":
            options = wanted if isinstance(wanted, list) else [wanted]
            held = actual if isinstance(actual, list) else [actual]
            return any(_same(each, option) for each in held for option in options)
        case "contains":
            return str(wanted).lower() in str(actual or "").lower()
        case "starts-with":
            return str(actual or "").startswith(str(wanted))
        case "ends-with":
            return str(actual or "").endswith(str(wanted))
    if actual is None:
        return False
    left, right = (actual, _moment(wanted)) if isinstance(actual, datetime) else (actual, wanted)
    return {
        "greater-than": left > right,
        "greater-or-equal": left >= right,
        "less-than": left < right,
        "less-or-equal": left <= right,
    }[term.operator]


def _same(actual: Any, option: Any) -> bool:
    if isinstance(actual, datetime):
        return actual == _moment(option)
    return bool(actual == option) or (isinstance(option, (int, float)) and str(actual) == str(option))


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text).replace(" ", "+"))
    except ValueError:
        raise FilterError(f"{text!r} is not a date and time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

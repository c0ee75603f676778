"""Runs built expressions over one recipient's row and says what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from presend.audience.values import Row
from presend.dialects.base import Outcome, OutcomeKind, printed, unknown
from presend.dialects.hubspot.scope import Env, Fn
from presend.dialects.hubspot.values import Unknowable, Value, missing, shown, text_of, truth

Evaluate = Callable[[Row], Outcome]

_FILTERED = "filters on personalization tokens are documented as not working in email"
_UNREADY = "a contact's data in HubL logic is ignored unless the email is programmable"
_EMPTY = "whether an empty value counts as missing, so that the fallback prints, is not documented"
_MISSING = "what HubSpot takes a missing value for in logic is not documented"

_TRUE, _FALSE = Outcome(OutcomeKind.PRINTED, "true"), Outcome(OutcomeKind.BLANK, "")


def constant(outcome: Outcome) -> Evaluate:
    """The same for every recipient."""
    return lambda _: outcome


def unready() -> Evaluate:
    """HubSpot ignores the contact's data here, and what it does instead is not documented."""
    return constant(unknown(_UNREADY))


def printing(value: Value) -> Outcome:
    """The outcome of printing a value."""
    try:
        return printed(shown(value))
    except Unknowable as reason:
        return unknown(str(reason))


def asking(value: Value) -> Outcome:
    """The outcome of a condition that has a value."""
    return _TRUE if truth(value) else _FALSE


def bare(column: str, fallback: str | None, formatted: str) -> Evaluate:
    """A property printed as it is; `formatted` says why its stored value is not what prints, if so."""
    void = printing(fallback or "")
    empty = void if void.kind is OutcomeKind.BLANK else unknown(_EMPTY)
    reformatted = unknown(formatted)

    def evaluate(row: Row) -> Outcome:
        value = row.get(column)
        if missing(value):
            return void if value is None else empty
        outcome = printing(value)
        return reformatted if formatted and outcome.kind is OutcomeKind.PRINTED else outcome

    return evaluate


def settled(
    value: Fn, show: Callable[[Value], Outcome], columns: tuple[str, ...], defaults: Mapping[str, str]
) -> Evaluate:
    """A computed value, certain only where every plausible reading gives the same.

    A missing value may be null, empty or the account's default; a filter on a contact's data may do nothing.
    """
    defaulted = {column: defaults[column] for column in columns if column in defaults}

    def outcome(env: Env) -> Outcome:
        try:
            return show(value(env))
        except Unknowable as reason:
            return unknown(str(reason))
        except (RecursionError, OverflowError, MemoryError):
            return unknown("the expression is too large to work out")

    def evaluate(row: Row) -> Outcome:
        lacking = [column for column in columns if missing(row.get(column))]
        readings = [Env(row)]
        if lacking:
            readings.append(Env(row, void=""))
        if any(column in defaulted for column in lacking):
            readings.append(Env(row, defaults=defaulted))
        first, *others = [outcome(env) for env in readings]
        if any(other != first for other in others):
            return unknown(_MISSING)
        if first.kind is OutcomeKind.UNKNOWN:
            return first
        doubtful = [env for env in readings if env.filtered and columns]
        plain = [Env(row, void=env.void, defaults=env.defaults, unfiltered=True) for env in doubtful]
        return first if all(outcome(env) == first for env in plain) else unknown(_FILTERED)

    return evaluate


def unaltered(value: Fn, columns: tuple[str, ...], formatted: str) -> Evaluate:
    """A token under filters, which may not work in email: certain only where they would change nothing."""
    reason = _FILTERED
    if len(columns) != 1:
        return constant(unknown(reason))
    column = columns[0]

    def evaluate(row: Row) -> Outcome:
        raw = row.get(column)
        if missing(raw):
            return unknown(reason)
        try:
            same = text_of(value(Env(row))) == text_of(raw)
        except Unknowable:
            same = False
        if not same:
            return unknown(reason)
        outcome = printing(raw)
        return unknown(formatted) if formatted and outcome.kind is OutcomeKind.PRINTED else outcome

    return evaluate

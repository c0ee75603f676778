"""Which rules run: `--select` and `--ignore` by code, family or name, checked against what exists."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from presend.check import Rule
from presend.errors import UsageError


def _words(texts: Sequence[str]) -> list[str]:
    return [word.strip() for text in texts for word in text.replace(" ", ",").split(",") if word.strip()]


def _matches(word: str, rule: Rule) -> bool:
    return rule.code.startswith(word.upper()) or rule.name == word.lower()


def select(rules: Sequence[Rule], wanted: Sequence[str] = (), ignored: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules left after both lists; an empty `wanted` means all.

    Raises UsageError for a word that names no rule, and where none is left: what checks nothing must not look clear.
    """
    keep, drop = _words(wanted), _words(ignored)
    known = [w for rule in rules for w in (rule.code, rule.family, rule.name)]
    for word in (*keep, *drop):
        if not any(_matches(word, rule) for rule in rules):
            close = difflib.get_close_matches(word, known, n=1) or difflib.get_close_matches(word.upper(), known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise UsageError(f"no check is called {word!r}", help=f"`presend checks` lists them all.{hint}")
    left = tuple(
        rule
        for rule in rules
        if (not keep or any(_matches(w, rule) for w in keep)) and not any(_matches(w, rule) for w in drop)
    )
    if rules and not left:
        raise UsageError(
            "--select and --ignore leave no check, so nothing would be looked at", help="Leave one of the two out."
        )
    return left

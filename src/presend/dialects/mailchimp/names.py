"""Which names an account's merge tags answer to, and which one a wrong name probably meant."""

from __future__ import annotations

import difflib
import html
import re
from dataclasses import dataclass

from presend.dialects.lexicon import tag_for
from presend.dialects.mailchimp import catalogue
from presend.model import Field, Gap, Known, Platform, Vocabulary

_POSSIBLE = re.compile(r"[A-Z][A-Z0-9_]*")
_NUMBERED = re.compile(r"M?MERGE(\d+)")
_ALWAYS = (
    Field("EMAIL", ("EMAIL", "MERGE0", "MMERGE0"), "Email address", "email", default=Known("")),
    Field(catalogue.LANGUAGE, (catalogue.LANGUAGE,), "Language", "text", default=Known("")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """What `INTERESTED:…` names: a title, the names that exist, and those that do not."""

    title: str
    names: tuple[str, ...]
    strangers: tuple[str, ...]
    known_title: bool

    @property
    def column(self) -> str:
        """The audience column that lists the groups of this title that a person is in."""
        return f"INTERESTED:{self.title}"


class Names:
    """The names of one account."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.index: dict[str, Field] = {}
        for field in (*vocabulary.fields, *_ALWAYS):
            for name in field.all_names:
                self.index.setdefault(name, field)
                if numbered := _NUMBERED.fullmatch(name):
                    self.index.setdefault(f"MERGE{numbered[1]}", field)
                    self.index.setdefault(f"MMERGE{numbered[1]}", field)

    def find(self, name: str) -> Field | None:
        """The field that answers to a name, exactly as written."""
        return self.index.get(name)

    def column(self, name: str) -> str:
        """The audience column that a name reads."""
        field = self.index.get(name)
        return field.tag if field else name

    def possible(self, name: str) -> bool:
        """Whether some account could have a field of this name and this one is not fully known."""
        return not self.vocabulary.complete and _POSSIBLE.fullmatch(name) is not None

    def unnumbered(self, name: str) -> bool:
        """Whether a name is a field's number, `MERGE1`, and nobody has told the number of any field."""
        numbers = {name for field in self.vocabulary.fields for name in field.all_names if _NUMBERED.fullmatch(name)}
        return _NUMBERED.fullmatch(name) is not None and not numbers

    def meant(self, name: str) -> str:
        """The name that was probably meant, or ""."""
        candidates = self._candidates()
        folded = {re.sub(r"[\W_]", "", known).casefold(): known for known in reversed(candidates)}
        bare = re.sub(r"[\W_]", "", name).casefold()
        if bare in folded:
            return folded[bare]
        if bare.upper() in catalogue.OFTEN_MEANT:
            return catalogue.OFTEN_MEANT[bare.upper()]
        by_word = tag_for(name, Platform.MAILCHIMP).strip("*|")
        if by_word in candidates:
            return by_word
        close = difflib.get_close_matches(bare, list(folded), n=1, cutoff=0.72)
        return folded[close[0]] if close else ""

    @staticmethod
    def closest(text: str, pool: list[str]) -> str:
        """The one of `pool` that `text` probably meant, or ""."""
        folded = {known.casefold(): known for known in pool}
        close = difflib.get_close_matches(text.casefold(), list(folded), n=1, cutoff=0.6)
        holding = [known for known in pool if text.casefold() in known.casefold()]
        return folded[close[0]] if close else holding[0] if len(holding) == 1 else ""

    def _candidates(self) -> list[str]:
        own = [field.tag for field in self.vocabulary.fields]
        base = list(catalogue.DEFAULT_FIELDS) if not own else ["EMAIL"]
        return [*own, *base, catalogue.LANGUAGE, *catalogue.SYSTEM, "CURRENT_YEAR"]

    def group(self, written: str) -> Group | None:
        """What an INTERESTED tag names (`written` is all behind its first colon); None when it names no group."""
        groups = self.vocabulary.groups
        known = {} if isinstance(groups, Gap) else groups
        for text in (written, html.unescape(written)):
            for title in sorted(known, key=len, reverse=True):
                if text.startswith(f"{title}:"):
                    names, strangers = _split(text[len(title) + 1 :], known[title])
                    if not strangers or "&" not in text or text != written:
                        return Group(title, names, strangers, True) if names or strangers else None
        title, _colon, rest = written.partition(":")
        names = tuple(part.strip() for part in rest.split(",") if part.strip())
        if not names:
            return None
        return Group(title, names, (), isinstance(groups, Gap))


def _split(text: str, known: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names in a comma-separated list, some of which may hold commas themselves: (known ones, others)."""
    parts = text.split(",")
    names, strangers, at = [], [], 0
    while at < len(parts):
        ends = range(len(parts), at, -1)
        end = next((end for end in ends if ",".join(parts[at:end]).strip() in known), None)
        if end is None:
            end = at + 1
            if parts[at].strip():
                strangers.append(parts[at].strip())
        else:
            names.append(",".join(parts[at:end]).strip())
        at = end
    return tuple(names), tuple(strangers)

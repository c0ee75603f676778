"""Which properties an account has, what it prints for a missing one, and which one a wrong name meant."""

from __future__ import annotations

import difflib
import re
from functools import cached_property

from presend.dialects.hubspot.catalogue import COMPANY_ROOTS, FORMATTED_TYPES, STANDARD_PROPERTIES
from presend.model import Field, Known, Vocabulary

_NOISE = re.compile(r"[\s_.\-]+")


def _key(name: str) -> str:
    return _NOISE.sub("", name).casefold()


class Names:
    """The vocabulary of one account, asked in HubSpot's terms."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {name: field for field in self.vocabulary.fields for name in field.all_names}

    @cached_property
    def _company(self) -> frozenset[str]:
        return frozenset(name.partition(".")[2] for name in self._fields if name.startswith("company."))

    @cached_property
    def _contact(self) -> frozenset[str]:
        own = frozenset(name for name in self._fields if "." not in name)
        return own if self.vocabulary.complete and own else own | STANDARD_PROPERTIES

    def of(self, root: str) -> frozenset[str]:
        """The known properties of contacts or of companies."""
        return self._company if root in COMPANY_ROOTS else self._contact

    def sees_companies(self) -> bool:
        """Whether the vocabulary says anything about companies at all."""
        return bool(self._company)

    def canonical(self, column: str) -> str:
        """The column of a field that answers to several names."""
        field = self._fields.get(column)
        return field.tag if field else column

    def known(self, root: str, name: str) -> bool:
        """Whether a property exists, or presend cannot tell because the account's names are not known at all."""
        if name in self.of(root):
            return True
        if root in COMPANY_ROOTS:
            return not self._company
        # Without the account's list only a name that looks like a slip for a standard one is worth a word.
        return not self._fields and not self.impossible(name) and not self.meant(root, name)

    def impossible(self, name: str) -> bool:
        """Whether no account can have a property of this name: HubSpot's are in lower case, without spaces."""
        return re.fullmatch(r"[a-z0-9_]+", name) is None

    def certain(self, root: str, name: str) -> bool:
        """Whether an unknown name surely does not exist."""
        return self.impossible(name) or (self.vocabulary.complete and bool(self.of(root)))

    def meant(self, root: str, name: str) -> str:
        """The property that a wrong name was probably meant to be; empty when nobody can tell."""
        known = sorted(self.of(root))
        wanted = _key(name)
        for candidate in known:
            if _key(candidate) == wanted:
                return candidate
        close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.8)
        return close[0] if close else ""

    def default(self, column: str) -> str | None:
        """What HubSpot prints for a missing value, as far as the user or the platform told us."""
        text = self.vocabulary.defaults.get(column)
        if text is None and (field := self._fields.get(column)) and isinstance(field.default, Known):
            text = field.default.value
        return text if text and text.strip() else None

    def defaults(self) -> dict[str, str]:
        """Every known default by column."""
        columns = {*self.vocabulary.defaults, *(field.tag for field in self.vocabulary.fields)}
        found = ((column, self.default(column)) for column in columns)
        return {column: text for column, text in found if text is not None}

    def formatted(self, column: str) -> str:
        """Why a property's stored value is not what is printed; empty when it is."""
        field = self._fields.get(column)
        return FORMATTED_TYPES.get(field.type, "") if field else ""

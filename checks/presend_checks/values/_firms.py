"""Names of firms, practices, clubs and departments, told from names of people by their legal form and their words."""

from __future__ import annotations

import re
from functools import cache

from presend_checks._lexicon import pairs
from presend_checks.values import _lexicons as lexicons

_AND_SONS = re.compile(
    r"(?:[&+]|\b(?:and|und|et|y|e)\b)\s+(?:sons?|brothers|bros|co|company|partners?|associates|söhne|sohn|fils|cie|"
    r"associés|hijos|figli|filhos|zonen)\.?$",
    re.IGNORECASE,
)
_CJK_COMPANY = re.compile(r"株式会社|有限会社|合同会社|有限公司|주식회사")
_OWNED = re.compile(
    r"^[^\W\d_]{2,}['’]s\s+(?!(?:and|&|mum|mom|dad|wife|husband|friend|partner)\b)[^\W\d_]{3,}", re.IGNORECASE
)
"""Jenny's Nails; not what somebody noted of a person (Anna's mum)."""
_MADE_BY = re.compile(r"^[^\W\d_]{3,}\s+by\s+[^\W\d_]{2,}", re.IGNORECASE)
"""Hair by Kate."""
_CHEZ = re.compile(r"^chez\s+[^\W\d_]", re.IGNORECASE)
_HEAD = re.compile(
    r"^(?:ООО|ЗАО|ОАО|ПАО|ТОВ|ИП|ФОП)\s+[\"«„]?[^\W\d_]{2,}|^(?:شركة|مؤسسة|شرکت)\s|\bבע[\"״]מ|\(주\)|㈱|^บริษัท"
)
"""Legal forms that stand before the name, or in a script of their own."""
_TEAM = re.compile(r"^(?:A?FC|RFC|TSV|VfB|VfL|TuS|SpVgg)\s+[^\W\d_]{3,}")
"""FC Sunrise, in its own spelling: of other letters people make initials."""
_PARTICLES = frozenset(
    ["van", "von", "vom", "zum", "zur", "zu", "auf", "ten", "ter", "te", "di", "da", "del", "della", "dos", "das", "do"]
) | frozenset(["du", "de", "der", "den", "al", "bin", "ibn", "ap"])
"""Words with which family names begin that are made of common words (Van der Bakkerij)."""
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def is_company(text: str) -> bool:
    """Whether a text is the name of a firm or an institution."""
    if _CJK_COMPANY.search(text) or _AND_SONS.search(text) or _HEAD.search(text):
        return True
    tokens = text.replace(",", " ").split()
    if len(tokens) == 1:
        return tokens[0].casefold() in ("gmbh", "llc") and not tokens[0].istitle()
    folded = [token.casefold().replace(".", "") for token in tokens]
    return _has_form(tokens, folded) or _has_trade(text)


def _has_form(tokens: list[str], folded: list[str]) -> bool:
    """Müller GmbH."""
    forms = lexicons.words("companies")
    if any(" ".join(folded[i:]) in forms for i in range(1, len(folded))) or folded[-1] in ("gmbh", "llc"):
        return True
    exact = lexicons.exactly("companies_exact")
    return any(
        " ".join(tokens[i:]) in exact and any(any(c.islower() for c in token) for token in tokens[:i])
        for i in range(1, len(tokens))
    )


def _has_trade(text: str) -> bool:
    """Sunrise Dental Clinic, Jenny's Nails, University of Leeds."""
    if any(sign.match(text) for sign in (_OWNED, _MADE_BY, _CHEZ, _TEAM)):
        return True
    words = [word.casefold() for word in _WORDS.findall(text)]
    if len(words) < 2 or words[0] in _PARTICLES:
        return False
    if words[1] == "of" and words[0] in lexicons.words("firm_of"):
        return True
    if words[0] == "the" and len(words) > 2 and words[-1] in lexicons.words("firm_the"):
        return True
    if not lexicons.words("firm_ends").isdisjoint((words[-1], " ".join(words[-2:]) if len(words) > 2 else "")):
        return True
    if not lexicons.words("firm_words").isdisjoint(words):
        return True
    ends = _suffixes()
    return any(len(word) > _LEAST and word.endswith(ends) for word in words)


_LEAST = 9
"""A compound word has so many letters before one looks at its end: shorter words are names (Althaus, Betrieb)."""


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(sorted(lexicons.words("firm_suffixes")))


def is_function(text: str) -> bool:
    """Whether a text is the name of a department, a post or a mailbox."""
    if text.casefold() in lexicons.words("functions"):
        return True
    words = [word.casefold() for word in _WORDS.findall(text)]
    heads = pairs("values", "function_heads", "|")
    return len(words) > 1 and (heads.get(words[0]) in ("begins", "both") or heads.get(words[-1]) in ("ends", "both"))

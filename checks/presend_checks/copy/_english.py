"""Whether the words around a place are English: some slips are words of other languages."""

from __future__ import annotations

import re

_NEAR = 90
"""Signs on either side that are looked at."""
_ENGLISH = re.compile(
    r"(?<![\w'-])(?:the|your|you|our|we|with|and|of|is|are|this|that|these|it|for|from|to|has|have|was|will|by|at|all|my|be|its"
    r"|i|he|she|they|an|there|what|not|but|how|which|than|about|who|some|out|up|new|now|more|every|before|after"
    r"|please|see|here|their|them|been|were|would|should|could|because|when|where|only|free|into|then|just|like|make|get"
    r"|if|today|tomorrow|tonight|yesterday|happy|happily)(?![\w'-])",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?<![\w'-])(?:der|die|das|und|ist|mit|für|ein|eine|nicht|wir|sie|le|la|les|des|une|est|pour|avec|vous|nous|sur|et"
    r"|el|los|las|con|para|por|y|del|una|su|il|di|che|per|non|e|o|os|um|uma|com|seu|het|een|van|voor|met|je|wij|niet"
    r"|och|att|som|av|og|til|på|ut|sed|ac|nec|vel|aut|qui|quis|quia|quam|nulla|amet|ipsum|dolor|dolore|magna|labore"
    r"|velit|elit)(?![\w'-])",
    re.IGNORECASE,
)


def is_foreign(word: str) -> bool:
    """Whether a word is a small one of another language."""
    return _OTHER.fullmatch(word) is not None


def is_english(text: str, start: int, end: int, least: int = 1) -> bool:
    """Whether a stretch stands among English words: at least so many small ones, and more than of other languages.

    With `least` 0 it may stand among no small words at all, as in many a subject; with more than one the words are
    those of its own line, since the next one may be in another language.
    """
    before, behind = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if least > 1:
        before, behind = before.rpartition("\n")[2], behind.partition("\n")[0]
    near = f"{before} \x00 {behind}"
    own, other = len(_ENGLISH.findall(near)), len(_OTHER.findall(near))
    return own >= least and (own > other or own == other == 0)

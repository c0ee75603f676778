"""Faults and hard negatives of CPY001 to CPY004."""

from __future__ import annotations

import re
from collections.abc import Callable

from bench.mishaps import phrases_copy as said
from bench.mishaps import phrases_grammar as grammar
from bench.mishaps.labels import Label
from bench.mishaps.letters import Draft
from bench.mishaps.placing import escaped, innocent, once, place, quoted
from bench.mishaps.planting import Plant, Unfit, html_only
from presend.model import Confidence


def _marked(draft: Draft, entry: str) -> tuple[str, str]:
    """A line without its marks, and the slip between them."""
    line = quoted(draft, entry)
    found = re.search("`(.+)`", line)
    slip = found[1] if found else line
    return line.replace("`", ""), slip


def misspelt(draft: Draft) -> list[Label]:
    """CPY001: a word that nobody spells so on purpose (M27)."""
    once(draft, "spelling")
    text, slip = _marked(draft, draft.phrase(said.MISSPELT))
    where = place(draft, text)
    why = "two words written as one may be called a fault of grammar"
    other = ("CPY003",)
    return [Label("CPY001", draft.crowd.everyone(), slip, other, why=why, fault=f"misspelt {slip}, {where}")]


def left_over(draft: Draft) -> list[Label]:
    """CPY002: dummy text, and notes to colleagues (M27)."""
    once(draft, "leftover")
    text = draft.phrase(said.LEFT_OVER)
    where = place(draft, text)
    why = "what is in brackets may be taken for a placeholder, and dummy text for misspelt words"
    also, other = ("CPY001", "CPY003"), ("TAG006",)
    everyone = draft.crowd.everyone()
    return [Label("CPY002", everyone, text, other, also=also, why=why, fault=f"left_over {where}")]


def doubled(draft: Draft) -> list[Label]:
    """CPY003: the same word twice, also across a line's end or a change of weight."""
    once(draft, "grammar")
    entry = draft.phrase(grammar.DOUBLED)
    text, slip = _marked(draft, entry)
    kind = draft.rng.random()
    if kind < 0.4:
        first, second = slip.split(" ")
        html_only(draft)
        needle = f"<b>{first}</b> {second}" if kind < 0.2 else f"{first}\n{second}"
        draft.blocks.insert(draft.rng.randint(0, len(draft.blocks)), (f"<p>{text.replace(slip, needle)}.</p>", ""))
        return [Label("CPY003", draft.crowd.everyone(), needle, fault="doubled, in markup")]
    where = place(draft, text)
    needle = slip if slip in text else text
    return [Label("CPY003", draft.crowd.everyone(), needle, fault=f"doubled {slip}, {where}")]


def broken_grammar(draft: Draft) -> list[Label]:
    """CPY003: an article, a verb or an apostrophe that cannot be right."""
    once(draft, "grammar")
    text, slip = _marked(draft, draft.phrase(grammar.BROKEN_GRAMMAR))
    where = place(draft, text)
    why = "M27 puts typos and grammar in one row"
    return [Label("CPY003", draft.crowd.everyone(), slip, ("CPY001",), why=why, fault=f"grammar {slip}, {where}")]


def shutting_out(draft: Draft) -> list[Label]:
    """CPY004: words that leave some readers out, in an account that has asked to be told."""
    once(draft, "exclusive")
    if "nobody_asked" in draft.tricks:
        raise Unfit
    draft.settings["CPY004"] = {"enabled": True}
    text = quoted(draft, draft.phrase(said.SHUTTING_OUT))
    where = place(draft, text)
    sure, why = Confidence.LOW, "the documents give no list of such words, and tastes differ"
    return [Label("CPY004", draft.crowd.everyone(), text, confidence=sure, why=why, fault=f"shutting_out {where}")]


def shutting_nobody_out(draft: Draft) -> bool:
    """The account has asked, and the words only look so."""
    if "nobody_asked" in draft.tricks:
        return False
    draft.settings["CPY004"] = {"enabled": True}
    return innocent("shutting_nobody_out", said.SHUTTING_NOBODY_OUT)(draft)


def nobody_asked(draft: Draft) -> bool:
    """Such words in an account that has not asked: the check is off."""
    if "CPY004" in draft.settings:
        return False
    return innocent("nobody_asked", said.SHUTTING_OUT)(draft)


def same_words_in_blocks(draft: Draft) -> bool:
    """A word at the end of one block and at the beginning of the next, and cells that hold the same."""
    word = draft.rng.choice(("Tea", "Plums", "Linen", "Maps"))
    html, text = draft.rng.choice(
        (
            (f"<h2>{word}</h2><p>{word} for slow days.</p>", f"{word}\n\n{word} for slow days."),
            (f"<tr><td>{word}</td><td>{word}</td></tr>", f"{word} | {word}"),
            (f"<ul><li>{word}</li><li>{word}</li></ul>", f"- {word}\n- {word}"),
            (f'<img src="https://www.example.org/a.png" alt="{word}"><p>{word}, dried.</p>', f"{word}, dried."),
            (f'<p>All about <a href="https://www.example.org/t">{word}</a>. {word}, dried.</p>', f"{word}, dried."),
        )
    )
    if html.startswith("<tr>"):
        html = f"<table>{html}</table>"
    draft.blocks.insert(draft.rng.randint(0, len(draft.blocks)), (html, text))
    return True


def own_brand(draft: Draft) -> bool:
    """The account's own odd word, in its sender's name and more than once in its copy."""
    brand = draft.phrase(_BRANDS)
    if "from" in draft.spoilt:
        return False
    draft.from_name = brand
    for line in ("{} opens its doors", "A new shelf at {}", "Thank you from all at {}"):
        draft.say(escaped(line.format(brand)), line.format(brand))
    return True


_BRANDS = (
    "Kwikglaze",
    "Flickr & Potz",
    "Tumblr Teas",
    "Loomly Wyrks",
    "Grrreat Grains",
    "Brrd Houses",
    "Definately Maybe Records",
    "Recievr Radio",
    "Teh Tarik House",
    "Adress Book Co",
    "Accomodata",
    "Kaleidoskop",
    "Froot Lupe",
    "Phresh Phish",
    "Xpresso Xpress",
    "Thru the Loom",
    "Boxd",
    "Knottd",
    "Wovn",
    "Spoolr",
    "Nite Owl Tees",
    "Lite House",
    "Happi Haus",
    "Luvly Jars",
)


PLANTS: tuple[tuple[Plant, int], ...] = (
    (misspelt, 3),
    (left_over, 2),
    (doubled, 2),
    (broken_grammar, 1),
    (shutting_out, 2),
)
"""Faults with their weights."""

TRICKS: tuple[Callable[[Draft], bool], ...] = (
    innocent("spelled_as_meant", said.SPELLED_AS_MEANT),
    innocent("not_left_over", said.NOT_LEFT_OVER),
    innocent("right_as_it_is", grammar.RIGHT_AS_IT_IS),
    same_words_in_blocks,
    own_brand,
    shutting_nobody_out,
    nobody_asked,
)
"""What looks like one of these faults and is none; each says whether it could stand in the letter."""

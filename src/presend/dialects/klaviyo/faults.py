"""Says in plain words why Klaviyo refuses a tag, and how the tag should have been written.

Each repair is one habit that people bring from elsewhere (Liquid, JavaScript, a word processor). They are tried in
turn until the tag can be parsed; the first that changed something gives the reason.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from presend.dialects.klaviyo import listing, names, tags

SKIPPED = "Klaviyo refuses the template, or skips every recipient with “Email syntax error”."

_FILTERS = sorted(listing.library().filters)
_TAGS = sorted({*tags.library().tags, *tags.CLOSERS.values(), *tags.COMPANIONS})


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is wrong with one tag; `contents` is what to parse in its place, or None to leave the tag out."""

    says: str
    fix: str
    meant: str
    contents: str | None


Repair = tuple[str, Callable[[str], str]]
CanParse = Callable[..., bool]


def _sub(pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda contents: compiled.sub(replacement, contents)


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "") | {0xA0: " ", 0x202F: " "}
_CURLY = dict.fromkeys(map(ord, "‘’‚‛′´`"), "'") | dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_QUOTED = r"'[^'\"]*'|\"[^'\"]*\""


def _steps(match: re.Match[str]) -> str:
    return match[1] + "".join(f"|lookup:'{step}'" for step in match[2].strip(".").split("."))


def _subscript(match: re.Match[str]) -> str:
    return f"{match[1]}|lookup:'{match[2]}'"


def _spaced_name(match: re.Match[str]) -> str:
    return names.written(match[1].strip())


def _bare_words(match: re.Match[str]) -> str:
    known = re.sub(r"\s+", "_", match[1].strip()).lower()
    return known if known in names.BARE else names.written(match[1].strip())


_ANYWHERE: tuple[Repair, ...] = (
    (
        "half of its closing sign is missing, so that it runs on to the next tag",
        _sub(r"\A([^{}]*[^{}%\s])\s*[}%](?=\s*<|[^{}%\w'\"|]*\{)[\s\S]*\Z", r"\1"),
    ),
    ("formatting stands inside it", _sub(r"</?[A-Za-z][^<>]*>", "")),
    ("there is an invisible character or a non-breaking space inside it", lambda text: text.translate(_INVISIBLE)),
    ("an editor turned its signs into HTML entities", lambda text: html.unescape(text).translate(_INVISIBLE)),
    ("it has curly quotes instead of straight ones", lambda text: text.translate(_CURLY)),
    ("there is a space at a filter's colon", _sub(r"(\|\s*\w+)\s*:\s+(?=\S)|(\|\s*\w+)\s+:", r"\1\2:")),
    ("a filter takes its value after a colon", _sub(rf"\|\s*(\w+)\s*\(\s*({_QUOTED}|[\w.]+)\s*\)", r"|\1:\2")),
    ("a filter takes its value after a colon", _sub(rf"\|\s*(\w+)\s*=?\s*(?={_QUOTED})", r"|\1:")),
    ("after lookup every further step must be a lookup too", _sub(rf"(lookup:(?:{_QUOTED}))((?:\.\w+)+)", _steps)),
    ("brackets are not part of Klaviyo's language", _sub(r"\b([\w.]+)\[['\"]([^'\"\]]+)['\"]\]", _subscript)),
    (
        "a quote is closed by another sign than opened it",
        _sub(r"(:)(['\"])([^'\"|]*)(?!\2)['\"](?=\s*(?:\||\Z))", r"\1\2\3\2"),
    ),
    ("a quote is not closed", _sub(r"(\|\s*\w+:)(['\"])([^'\"|]*)\Z", r"\1\2\3\2")),
    ("a filter's pipe is missing its filter", _sub(r"\|\s*\Z", "")),
)

_IN_VARIABLE: tuple[Repair, ...] = (
    (
        "a property whose name has spaces or signs is reached with lookup",
        _sub(r"\Aperson\.([^|'\".]*[^\w|'\".][^|'\".]*?)\s*(?=\||\Z)", _spaced_name),
    ),
    (
        "a name cannot have spaces; a property is reached with lookup",
        _sub(r"\A([A-Za-z]\w*(?: (?!or\b|and\b|if\b)\w+)+)\s*(?=\||\Z)", _bare_words),
    ),
    ("a default is written with the filter default", _sub(rf"\s*(?:\?\?|\|\||\bor\b)\s*({_QUOTED})\Z", r"|default:\1")),
)

_IN_CONDITION: tuple[Repair, ...] = (
    (
        "Liquid's contains is “in” here, with its two sides the other way round",
        _sub(rf"((?:[\w.]+)(?:\|\w+(?::{_QUOTED})?)*)\s+contains\s+({_QUOTED}|[\w.]+)", r"\2 in \1"),
    ),
    ("a comparison is written ==, with spaces around it", _sub(r"\s*(?<![!<>=])={1,3}(?!=)\s*", " == ")),
    ("and is written out", _sub(r"\s*(?:&&|\bAND\b)\s*", " and ")),
    ("or is written out", _sub(r"\s*(?:\|\||\bOR\b)\s*", " or ")),
    ("unequal is written !=", _sub(r"<>", "!=")),
    ("not is written out", _sub(r"\bNOT\b\s*|!(?!=)\s*", "not ")),
    ("a comparison has spaces around it", _sub(r"\s*(!=|<=|>=|<|>)\s*", r" \1 ")),
    (
        "a property whose name has spaces is reached with lookup",
        _sub(
            r"\bperson\.(\w+(?: (?!and\b|or\b|in\b|not\b|is\b)\w+)+)(?=\s*(?:==|!=|<|>|\||\Z|\band\b|\bor\b))",
            _spaced_name,
        ),
    ),
)

_WORDS = {
    "elsif": ("elif", "Liquid's elsif is elif here"),
    "elseif": ("elif", "the word is elif"),
    "else if": ("elif", "the word is elif"),
    "end if": ("endif", "the word is endif, without a space"),
    "end for": ("endfor", "the word is endfor, without a space"),
    "end with": ("endwith", "the word is endwith, without a space"),
    "end": ("endif", "a block is closed by its own word, such as endif"),
    "fi": ("endif", "the word is endif"),
    "unless": ("if not", "Liquid's unless is “if not” here"),
    "endunless": ("endif", "Liquid's unless is “if not” here"),
    "raw": ("verbatim", "Liquid's raw is verbatim here"),
    "endraw": ("endverbatim", "Liquid's raw is verbatim here"),
    "else:": ("else", "else has no colon"),
}

_LEFT_OUT = {
    "assign": "Liquid's assign does not exist here; use {% with name=value %} … {% endwith %}",
    "set": "set does not exist here; use {% with name=value %} … {% endwith %}",
    "capture": "Liquid's capture does not exist here",
    "case": "Liquid's case does not exist here; use if and elif",
    "when": "Liquid's case does not exist here; use if and elif",
    "include": "Klaviyo has no include",
    "extends": "Klaviyo has no extends",
    "block": "Klaviyo has no block",
    "url": "Klaviyo has no url tag",
    "load": "load is not available to one's own templates",
}

_STANDINS = {
    "if": "if 0",
    "elif": "elif 0",
    "for": "for x in ''",
    "with": "with x=0",
    "autoescape": "autoescape on",
    "filter": "filter upper",
    "catalog": "catalog 0",
}
"""What to parse instead of an opening tag beyond repair, so that its block still has a beginning."""


_DOUBLED = re.compile(r"%[^%{}]*[^%{}\s][^%{}]*%")
"""What stands between the braces of `{{% unsubscribe %}}`."""
_HANDLEBARS = re.compile(r"[{#/^>!&]")
"""The first sign of a tag of Handlebars or Mustache: `{{{name}}}`, `{{#each items}}`, `{{/each}}`, `{{> header}}`."""


def explain(token: Any, message: str, can_parse: CanParse) -> Explanation:
    """Why this tag is refused; `message` is the engine's own."""
    block = token.token_type.value == 2
    contents = str(token.contents)
    if not contents:
        return _explanation("it is empty", "Delete the empty tag.", "", None)
    if not block and _DOUBLED.fullmatch(contents) and _fits(inner := contents.strip("% \t"), can_parse):
        meant = _tag(inner, block=True)
        return _explanation("it has a brace too many at both ends", f"Write {meant}", meant, None)
    cause, mended = _repaired(contents, block=block, can_parse=can_parse)
    if mended is not None:
        meant = _tag(mended, block=block)
        return _explanation(cause, f"Write {meant}", meant, mended)
    if not block and _HANDLEBARS.match(contents):
        fix = "Write it with {{ name }}, {% if … %} or {% for … %}, or delete it."
        return _explanation("it is written as in Handlebars or Mustache", fix, "", None)
    cause, fix = _cause(contents, message, block=block)
    standin = _STANDINS.get(contents.split(None, 1)[0]) if block else None
    return _explanation(cause, fix, "", standin)


def _explanation(cause: str, fix: str, meant: str, contents: str | None) -> Explanation:
    return Explanation(f"This tag cannot be read: {cause}. {SKIPPED}", fix, meant, contents)


def _tag(contents: str, *, block: bool) -> str:
    inner = " ".join(contents.split())
    return "{% " + inner + " %}" if block else "{{ " + inner + " }}"


def _repaired(contents: str, *, block: bool, can_parse: CanParse) -> tuple[str, str | None]:
    cause = ""
    if block:
        contents, cause = _first_word(contents)
        if cause and _fits(contents, can_parse):
            return cause, contents
    condition = block and contents.split(None, 1)[0] in ("if", "elif")
    special = _IN_CONDITION if condition else () if block else _IN_VARIABLE
    for reason, repair in (*_ANYWHERE, *special):
        changed = repair(contents)
        if changed == contents:
            continue
        changed = changed.strip()
        contents, cause = changed, cause or reason
        if _fits(contents, can_parse) if block else can_parse(contents, block=False):
            return cause, contents
    return cause, None


def _fits(contents: str, can_parse: CanParse) -> bool:
    name, _, rest = contents.partition(" ")
    if name == "elif":
        return can_parse(f"if {rest}", block=True)
    if name in tags.COMPANIONS or name in tags.CLOSERS.values():
        return not rest.strip()
    return can_parse(contents, block=True)


def _first_word(contents: str) -> tuple[str, str]:
    parts = contents.translate(_INVISIBLE).split(None, 2)
    for count in (2, 1):
        written = " ".join(parts[:count])
        if len(parts) >= count and written.lower() in _WORDS:
            word, cause = _WORDS[written.lower()]
            return " ".join([word, *parts[count:]]), cause
    if parts[0] != parts[0].lower() and parts[0].lower() in _TAGS:
        return " ".join([parts[0].lower(), *parts[1:]]), "tags are written in lower case"
    return contents, ""


def _cause(contents: str, message: str, *, block: bool) -> tuple[str, str]:
    name = contents.split(None, 1)[0]
    if block and name.lower() in _LEFT_OUT:
        return _LEFT_OUT[name.lower()], "Write it in Klaviyo's own terms."
    if block and name in tags.COMPANIONS:
        return f"{name} stands outside its block or after its else", f"Move it, or open its {tags.COMPANIONS[name][0]}."
    opener = next((opener for opener, closer in tags.CLOSERS.items() if closer == name), None)
    if block and opener:
        return f"it closes a block that no {opener} opened", "Delete it, or open its block."
    if contents.startswith("*|"):
        return "a Mailchimp tag stands inside Klaviyo's braces", "Write Klaviyo's own name for it."
    if block and (name in names.BARE or name.startswith("person.")):
        return "a value is printed with two braces", f"Write {_tag(contents, block=False)}"
    if block and message.startswith("Invalid block tag"):
        return _unknown("tag", name, _TAGS)
    invalid = re.search(r"Invalid filter: '(\w+)'", message)
    if invalid:
        return _unknown("filter", invalid[1], _FILTERS)
    return f"the engine says “{_short(message)}”", "Correct the tag."


def _unknown(what: str, name: str, known: list[str]) -> tuple[str, str]:
    close = difflib.get_close_matches(name, known, 1, 0.7)
    fix = f"Write {close[0]}." if close else f"Use a {what} that Klaviyo has."
    return f"Klaviyo has no {what} {name}", fix


def _short(message: str) -> str:
    first = message.splitlines()[0] if message else ""
    return first if len(first) <= 160 else first[:159] + "…"

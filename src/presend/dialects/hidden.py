"""The second pass of all three dialects: tags that the platform will not see, another platform's, and placeholders.

It reads the shadow of the source (`presend.dialects.shadow`). A tag pattern in the shadow that the dialect did not
take for a tag of its own will be printed as it stands, or breaks the send.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from presend.dialects import unfinished
from presend.dialects.base import Issue, IssueKind, Span
from presend.dialects.lexicon import tag_for, word
from presend.dialects.shadow import BLOCK, MASK, Stream, Zone, streams, why_unseen
from presend.model import Part, Platform

_STOP = f"{BLOCK}{MASK}"
_NAME = r"[A-Za-z][A-Za-z0-9_]{0,40}"
_ARGUMENT = rf"(?:[:|=][^*|\n{_STOP}]{{0,120}})?"
_EDGE = rf"[\s{BLOCK}]{{0,4}}"

# What a merge tag looks like to a person, whole, then with one of its four signs lost or mistyped.
_MERGE_TAG = re.compile(rf"\*(?P<gap1>\s{{0,2}})\|{_EDGE}(?P<name>{_NAME}){_ARGUMENT}{_EDGE}\|(?P<gap2>\s{{0,2}})\*")
_MERGE_HALF = (
    re.compile(rf"\*\|[ ]?(?P<name>{_NAME}){_ARGUMENT}(?:\*(?!\|)|\|(?!\*))"),
    re.compile(rf"(?<!\*)\|(?P<name>{_NAME}){_ARGUMENT}\|\*"),
    re.compile(rf"(?<![|*\w])\*(?P<name>{_NAME}){_ARGUMENT}\|\*"),
    re.compile(rf"\*\|(?P<name>{_NAME})\b(?![^*\n]*\s\|[^*\n]*\s\|)"),  # not a row of words between pipes
    re.compile(rf"(?<![\w*|:])(?P<name>{_NAME})\|\*"),
    re.compile(
        r"\*[Il1!¦](?P<name>(?:ELSEIF|IFNOT|IF|ELSE|END|[A-Z]{2,10}))(?::[^*|\n]{0,60})?(?:[Il1!¦]\*|(?<=:)|\b)"
    ),
)
_BARE_PIPES = re.compile(r"(?<![\w|*])\|(?P<name>[A-Z][A-Z0-9_]{1,9})(?::[a-zA-Z]{1,10})?\|(?![\w|*])")
_STARS = re.compile(r"(?<![\w*])\*(?P<name>[A-Z][A-Z0-9_]{1,9})\*(?![\w*])")
_SURE_NAMES = frozenset(
    ["FNAME", "LNAME", "FIRSTNAME", "LASTNAME", "UNSUB", "MERGE0", "MERGE1", "MERGE2", "MMERGE1", "MMERGE2", "MMERGE3"]
)
_PIPE_NAMES = _SURE_NAMES | {"EMAIL", "ARCHIVE", "UPDATE_PROFILE", "FORWARD", "LIST"}
_CONTROLS = frozenset(["IF", "IFNOT", "ELSEIF", "ELSE", "END", "INTERESTED"])
_TAKES_ARGUMENT = _CONTROLS | {"UPPER", "LOWER", "TITLE", "HTML", "URL", "DATE", "LIST", "MC", "USER", "FEED"}

# Braces and percent signs: the two languages that look alike, and their relatives.
_BRACES = re.compile(
    rf"\{{\{{\{{?[-~]?\s*(?P<name>[#/^>!&@]?\s*[A-Za-z_$\"'][^{{}}{_STOP}]{{0,200}}?)\s*[-~]?\}}?\}}\}}"
)
_PERCENT = re.compile(rf"\{{%[-+]?\s*(?P<name>[A-Za-z_][^{{}}%{_STOP}]{{0,300}}?)\s*[-+]?%\}}")
_REMARK = re.compile(rf"\{{#\s*(?P<name>[^{{}}{_STOP}\n]{{1,200}}?)\s*#\}}")
_PATH = rf"(?P<name>[A-Za-z_][\w.]{{0,60}}(?:\([^(){{}}\n{_STOP}]{{0,120}}\))?)(?:\s*\|[^{{}}\n{_STOP}]{{0,80}})?"
_BRACES_HALF = (
    re.compile(rf"(?<!\{{)\{{\{{\s*{_PATH}\s*\}}(?!\s?\}})"),
    re.compile(rf"(?<!\{{)(?<!\{{\s)\{{\s*{_PATH}\s*\}}\}}(?!\}})"),
    re.compile(rf"\{{\s\{{\s*{_PATH}\s*\}}\s?\}}|\{{\s?\{{\s*(?P<name2>[A-Za-z_][\w.]{{0,60}})\s*\}}\s\}}"),
    re.compile(rf"\{{[\[(]\s*{_PATH}\s*[\])]\}}"),
    re.compile(r"\{\s+%\s*(?P<name>[a-z]+)\b[^{}%\n]{0,120}%\s*\}|\{\s?%\s*(?P<name2>[a-z]+)\b[^{}%\n]{0,120}%\s+\}"),
    re.compile(r"\{\{\s*(?P<name>[A-Za-z_][\w.]{0,60})(?=[\s,.!;:<" + _STOP + r"]|$)(?![^{}\n]*\})"),
)
_OPEN = len(_BRACES_HALF) - 1
_NO_OPENER = re.compile(rf"(?<![\w.{{]){_PATH}\s*\}}\}}(?!\}})")
_FIELD_ROOT = re.compile(r"(?:contact|company|person|event|organization|subscription_type)\.\w")
_TAG_WORD = (
    r"(?P<name>if|elif|else|endif|for|endfor|with|endwith|set|unless|endunless|unsubscribe(?:_link)?"
    r"|manage_preferences(?:_link)?|web_view(?:_link)?|view_in_browser|coupon_code|include|module|today|now)"
)
_PERCENT_HALF = (
    re.compile(r"\{%[-+]?\s*(?P<name>[a-z][a-z_]{1,40})\b[^{}%\n" + _STOP + r"]{0,120}\}(?!\})"),
    re.compile(rf"(?<![\w{{%])%\s*{_TAG_WORD}\b[^{{}}%\n{_STOP}]{{0,120}}%\}}"),
    re.compile(rf"\{{%[-+]?\s*{_TAG_WORD}\b[^{{}}%\n{_STOP}]{{0,120}}%(?!\s?\}})"),
)
_SPACED_BRACE = re.compile(r"(?<![{$#\w])\{\s+(?P<name>[A-Za-z_][\w.]{0,40})\s+\}(?!\})")

# Placeholders: (pattern, what the inside must be). `any`: nobody writes this for another reason.
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[\[\s*(?P<name>MISSING TOKEN\b[^\[\]\n]{0,60})\]\]", re.IGNORECASE), "any"),
    (re.compile(r"\[\[(?P<name>[^\[\]\n]{1,60})\]\]"), "plain"),
    (re.compile(r"\[\s*(?P<name>(?:insert|enter your)\b[^\[\]\n]{1,60})\]", re.IGNORECASE), "any"),
    (re.compile(r"\[\s*(?P<name>X{2,5})\s*\]"), "any"),
    (re.compile(r"(?<!\w)(?<!\])\[(?P<name>[^\[\]\n]{1,60})\](?![(\[]|:[ \t]*[\w/])"), "plain"),
    (re.compile(r"(?<![\w$])[$#]\{\s*(?P<name>[A-Za-z_][\w.]{0,40})\s*\}"), "any"),
    (re.compile(r"(?<!\{)\{!(?P<name>[A-Za-z_$][\w.]{0,60})\}"), "any"),
    (re.compile(r"(?<![{$#\w])\{(?P<name>[^{}\n]{1,60})\}(?!\})"), "plain"),
    (re.compile(r"<<\s*(?P<name>[^<>\n]{1,60}?)\s*>>"), "plain"),
    (re.compile(r"«\s*(?P<name>[^«»\n]{1,60}?)\s*»"), "quoted"),
    (re.compile(r"(?<!\w)-(?P<name>[a-z]+_[a-z_]{1,30})-(?!\w)"), "greeted"),
    (re.compile(r"(?<![#\w])##(?P<name>[A-Za-z](?:[\w ]{0,40}\w)?)##(?![#\w])"), "plain"),
    (re.compile(r"(?<![@\w])@@(?P<name>[A-Za-z](?:[\w ]{0,40}\w)?)@@(?![@\w])"), "plain"),
    (
        # As a label these are ordinary: "[Date] 3 May"; behind a preposition the sentence waits for them.
        re.compile(
            r"(?:(?<= on )|(?<= at )|(?<= by )|(?<= in )|(?<=code )|(?<=from )|(?<=until ))"
            r"\[\s*(?P<name>date|day|time|place|venue|location|(?:promo |discount )?code|year|month)\s*\](?![(:\[])",
            re.IGNORECASE,
        ),
        "any",
    ),
    (re.compile(r"(?<![@\w.])@(?P<name>[A-Za-z][A-Za-z_]{2,30})@(?![@\w])"), "strong"),
    (re.compile(r"(?<![#\w&])#(?P<name>[A-Za-z][A-Za-z_]{2,30})#(?![#\w])"), "strong"),
    (re.compile(r"\[\s*(?P<name>(?:(?:START|END|EVENT|EXPIRY|DUE|DELIVERY)[ _])?DATE)\s*\](?![(:\[])"), "any"),
    (re.compile(r"(?<!%)%%(?P<name>[A-Za-z_][\w .]{0,40})%%(?!%)"), "any"),
    (re.compile(r"(?<![\w%])%(?P<name>[A-Za-z][A-Za-z_\-]{1,40})%(?![\w%])"), "plain"),
    (re.compile(r"(?<!\w)__(?P<name>[A-Za-z][A-Za-z_]{1,30}?)__(?!\w)"), "strong"),
    (re.compile(r"(?<!<)<(?P<name>[A-Za-z][A-Za-z _\-]{1,40})>(?!>)"), "strong"),
)
# A greeting before a placeholder tells it from a quotation.
_GREETING = re.compile(
    r"\b(?:Hi|Hello|Hey|Dear|Hola|Bonjour|Bonsoir|Salut|Chère?s?|Cher|Hallo|Liebe[rs]?|Beste|Estimad[oa]|Querid[oa]"
    r"|Ol[aá]|Ciao|Gentile|Car[oa]|Hej)[ ,]+\Z",
    re.IGNORECASE,
)
_GREETED_END = re.compile(rf"\s*(?:[,!.:;«{_STOP}]|\n|\Z)")
_SOLID = re.compile(r"\S")
_TEST_SUBJECT = re.compile(r"\s*(?:\[test\]|test\s*$|TEST\s*[:\-–])", re.IGNORECASE)
_TRIGGERS = re.compile(
    r"[*|{}\[%«<_]|[A-Z]{4}|XX|[Ll]orem|Dear|H[eia]|Ciao|Bonjour|##|@@|[#@][a-z]{3,30}[#@]|TB[CD]"
    r"|text\s+(?:block|here)|[Hh]eadline|caption|@(?:Model|View)"
)
_OWN = {
    Platform.MAILCHIMP: "Mailchimp",
    Platform.KLAVIYO: "Klaviyo",
    Platform.HUBSPOT: "HubSpot",
}


@dataclass
class _Hunt:
    """What has been found in one part so far; an earlier find keeps its ground."""

    source: str
    part: Part
    platform: Platform
    names: frozenset[str]
    issues: list[Issue] = field(default_factory=list)
    taken: bytearray = field(init=False)
    """One byte for each character of the source: whether a find covers it."""

    def __post_init__(self) -> None:
        self.taken = bytearray(len(self.source))

    def add(
        self,
        kind: IssueKind,
        stream: Stream,
        found: re.Match[str],
        meant: str,
        *,
        certain: bool = True,
        told: tuple[str, str] | None = None,
    ) -> None:
        span = stream.span(*found.span())
        if any(self.taken[span.start : span.end]):
            return
        self.taken[span.start : span.end] = b"\1" * (span.end - span.start)
        written = self.source[span.start : span.end]
        shown = found[0].replace(BLOCK, " ").strip()
        says, fix = told or _sentences(kind, self.platform, written, shown, meant)
        reads = written if stream.zone in (Zone.URL, Zone.MAILTO) else shown
        normal = " ".join(shown.split())
        self.issues.append(
            Issue(kind, span, written, says, fix, reads=reads, certain=certain, normal=normal, meant=meant)
        )


def find_hidden(
    source: str, part: Part, platform: Platform, masked: Sequence[Span], names: Collection[str] = ()
) -> list[Issue]:
    """What stands in a part outside the dialect's own intact tags (`masked`) and was meant to be a tag.

    BROKEN_TAG: the platform's own, but hidden from it. FOREIGN_TAG: another platform's. PLACEHOLDER: `[FIRST_NAME]` and
    the like. `names`: the account's own fields, which help to tell half a tag from an emphasis. In source order.
    """
    hunt = _Hunt(source, part, platform, frozenset(names))
    for stream in streams(source, part, masked):
        if _TRIGGERS.search(stream.text):
            _merge_tags(hunt, stream)
            _brace_tags(hunt, stream)
            if stream.zone is not Zone.OTHER:
                _placeholders(hunt, stream)
    whole = Stream(source, range(len(source)), range(1, len(source) + 1), Zone.URL)
    for target in unfinished.TARGET.finditer(source) if part is Part.HTML else ():
        hunt.add(IssueKind.PLACEHOLDER, whole, target, "")
    for code in unfinished.SERVER_CODE.finditer(source):
        hunt.add(IssueKind.FOREIGN_TAG, whole, code, tag_for(code[1] or "", platform))
    if part is Part.HTML:
        _elements(hunt, whole)
    if part is Part.SUBJECT and (found := _TEST_SUBJECT.match(source)) and not masked and found[0].strip():
        hunt.add(IssueKind.PLACEHOLDER, whole, found, "", certain=False)
    return sorted(hunt.issues, key=lambda issue: issue.span)


def _elements(hunt: _Hunt, whole: Stream) -> None:
    """Elements that somebody else was to make something of; the first of MJML stands for all."""
    own = _OWN[hunt.platform]
    for found in unfinished.ELEMENT.finditer(hunt.source):
        meant = tag_for("unsubscribelink", hunt.platform) if found[1].casefold() == "unsubscribe" else ""
        says = f"This is another mailer's element: in {own} it is no link, and readers see only the words in it."
        fix = (
            f'Write <a href="{meant}">…</a> instead.' if meant else f"Write a link with the tag that {own} has for it."
        )
        hunt.add(IssueKind.FOREIGN_TAG, whole, found, meant, told=(says, fix))
    if first := unfinished.MJML.search(hunt.source):
        says = "This is MJML that nobody compiled: mail programs know none of its elements, and show bare text at best."
        hunt.add(IssueKind.FOREIGN_TAG, whole, first, "", told=(says, "Compile it to HTML, and check and send that."))


def _merge_tags(hunt: _Hunt, stream: Stream) -> None:
    if "*" not in stream.text and "|" not in stream.text:
        return
    own = hunt.platform is Platform.MAILCHIMP
    kind = IssueKind.BROKEN_TAG if own else IssueKind.FOREIGN_TAG
    for found in _MERGE_TAG.finditer(stream.text):
        spaced = bool(found["gap1"] or found["gap2"])
        if not spaced or _known(found["name"], hunt.names):
            hunt.add(kind, stream, found, _merge_meant(hunt, found))
    for pattern in _MERGE_HALF:
        for found in pattern.finditer(stream.text):
            if _known(found["name"], hunt.names) or (found[0].startswith("*|") and found["name"].isupper()):
                hunt.add(kind, stream, found, _merge_meant(hunt, found))
    if own and stream.zone is not Zone.OTHER:
        for found in _BARE_PIPES.finditer(stream.text):
            known = found["name"] in _PIPE_NAMES or found["name"] in hunt.names
            if known and _line_around(stream.text, found).count("|") == 2:  # more would be the cells of a table
                hunt.add(kind, stream, found, _merge_meant(hunt, found))
        for found in _STARS.finditer(stream.text):
            if found["name"] in _SURE_NAMES:
                hunt.add(kind, stream, found, _merge_meant(hunt, found))


def _line_around(text: str, found: re.Match[str]) -> str:
    breaks = re.compile(rf"[\n{BLOCK}]")
    before = breaks.split(text[max(0, found.start() - 120) : found.start()])[-1]
    return before + found[0] + breaks.split(text[found.end() : found.end() + 120])[0]


def _known(name: str, names: frozenset[str]) -> bool:
    return name in _CONTROLS or name in names or name in _PIPE_NAMES or (name.isupper() and word(name) is not None)


def _merge_meant(hunt: _Hunt, found: re.Match[str]) -> str:
    name = found["name"]
    if hunt.platform is not Platform.MAILCHIMP:
        return tag_for(name, hunt.platform)
    argument = re.search(rf"{name}(?P<rest>[:|=][^*|¦!]*)", re.sub(rf"[\s{BLOCK}]+", " ", found[0]))
    if name not in _TAKES_ARGUMENT or argument is None:
        return f"*|{name}|*"
    return f"*|{name}{argument['rest'].strip()}|*"


def _brace_tags(hunt: _Hunt, stream: Stream) -> None:
    own = hunt.platform is not Platform.MAILCHIMP
    if "{" in stream.text or "}" in stream.text:
        for pattern, left, right in ((_BRACES, "{{ ", " }}"), (_PERCENT, "{% ", " %}"), (_REMARK, "{# ", " #}")):
            for found in pattern.finditer(stream.text):
                _whole_braces(hunt, stream, found, f"{left}{found['name'].strip()}{right}")
        if stream.zone in (Zone.TEXT, Zone.URL):
            kind = IssueKind.BROKEN_TAG if own else IssueKind.FOREIGN_TAG
            for number, pattern in enumerate(_BRACES_HALF):
                for found in pattern.finditer(stream.text):
                    groups = found.groupdict()
                    name = str(groups["name"] or groups.get("name2"))
                    if number == _OPEN and not (word(name) or name in hunt.names or re.search(r"_|\.\w", name)):
                        continue  # two braces and an ordinary word: somebody writes of braces
                    whole = "{% " + found[0].strip("{}% ") + " %}" if number == 4 else "{{ " + name + " }}"
                    hunt.add(kind, stream, found, whole if own else tag_for(name, hunt.platform))
            _without_partner(hunt, stream, kind)
            for found in _SPACED_BRACE.finditer(stream.text) if own else ():
                if word(found["name"]) is not None or found["name"] in hunt.names:
                    hunt.add(kind, stream, found, "{{ " + found["name"] + " }}")
    for pattern in unfinished.SCRIPTED:
        for found in pattern.finditer(stream.text):
            hunt.add(IssueKind.FOREIGN_TAG, stream, found, tag_for(found["name"].strip("= "), hunt.platform))


def _without_partner(hunt: _Hunt, stream: Stream, kind: IssueKind) -> None:
    own = kind is IssueKind.BROKEN_TAG
    for found in _NO_OPENER.finditer(stream.text) if "}}" in stream.text else ():
        name, before = found["name"], stream.text[max(0, found.start() - 400) : found.start()]
        field = word(name) is not None or name in hunt.names or _FIELD_ROOT.match(name)
        if field and before.count("{") <= before.count("}"):  # else the end of some JSON
            hunt.add(kind, stream, found, "{{ " + name + " }}" if own else tag_for(name, hunt.platform))
    for pattern in _PERCENT_HALF if "%" in stream.text else ():
        for found in pattern.finditer(stream.text):
            hunt.add(kind, stream, found, "{% " + found[0].strip("{}% ") + " %}" if own else "")


def _whole_braces(hunt: _Hunt, stream: Stream, found: re.Match[str], whole: str) -> None:
    if hunt.platform is Platform.MAILCHIMP:
        path = re.split(r"[|\s]", found["name"].strip())[0]
        hunt.add(IssueKind.FOREIGN_TAG, stream, found, tag_for(path, hunt.platform))
        return
    span = stream.span(*found.span())
    written = hunt.source[span.start : span.end]
    # Written as it reads and still not taken: a tag over two lines, which Klaviyo does not see, or text that the
    # dialect knows better about (a raw block).
    if written != found[0] or (hunt.platform is Platform.KLAVIYO and "\n" in written):
        hunt.add(IssueKind.BROKEN_TAG, stream, found, " ".join(whole.split()))


def _placeholders(hunt: _Hunt, stream: Stream) -> None:
    if stream.zone is Zone.MAILTO:
        return
    for pattern, need in _FORMS:
        for found in pattern.finditer(stream.text):
            if _is_placeholder(found, need, stream):
                hunt.add(IssueKind.PLACEHOLDER, stream, found, tag_for(found["name"], hunt.platform))
    if stream.zone is Zone.URL:
        for found in unfinished.LINK_BLANK.finditer(stream.text):
            if _before(stream.text, found.start()) in ("", "=", "/"):
                hunt.add(IssueKind.PLACEHOLDER, stream, found, tag_for(found["name"], hunt.platform))
    if stream.zone is Zone.TEXT:
        for found in _untouched(stream.text):
            hunt.add(IssueKind.PLACEHOLDER, stream, found, "")
        for found in (*unfinished.UNDECIDED.finditer(stream.text), *_unmade(hunt, stream)):
            hunt.add(IssueKind.PLACEHOLDER, stream, found, "", certain=False)
        _fillers(hunt, stream)
        for found in (one for pattern in unfinished.WORDS for one in pattern.finditer(stream.text)):
            name = found.groupdict().get("name") or ""
            hunt.add(IssueKind.PLACEHOLDER, stream, found, tag_for(name, hunt.platform))


def _fillers(hunt: _Hunt, stream: Stream) -> None:
    for found in unfinished.FILLER.finditer(stream.text):
        # In the middle of a sentence somebody may speak of it: with a small letter that is taken for granted.
        begins = found["more"] or _before(stream.text, found.start()) in ("", BLOCK, *".!?:")
        if begins or found["cap"] == "L":
            hunt.add(IssueKind.PLACEHOLDER, stream, found, "", certain=bool(begins))


def _unmade(hunt: _Hunt, stream: Stream) -> Iterator[re.Match[str]]:
    """`[Shop now →]` in a paragraph of its own that is no link: a button that nobody made."""
    for found in unfinished.UNMADE.finditer(stream.text) if hunt.part is Part.HTML else ():
        start = stream.span(*found.span()).start
        after = _SOLID.search(stream.text, found.end())
        alone = _before(stream.text, found.start()) in ("", BLOCK) and (after is None or after[0] == BLOCK)
        if alone and hunt.source.rfind("<a ", 0, start) <= hunt.source.rfind("</a", 0, start):
            yield found


def _untouched(text: str) -> Iterator[re.Match[str]]:
    yield from unfinished.UNTOUCHED.finditer(text)
    for found in unfinished.UNTOUCHED_ALONE.finditer(text):
        after = _SOLID.search(text, found.end())
        if _before(text, found.start()) in ("", BLOCK) and (after is None or after[0] == BLOCK):
            yield found


def _before(text: str, at: int) -> str:
    """The last character before a place that can be seen; empty where there is none."""
    while at and text[at - 1].isspace():
        at -= 1
    return text[at - 1 : at] if at else ""


def _is_placeholder(found: re.Match[str], need: str, stream: Stream) -> bool:
    bracket, name = found[0][0] == "[", found["name"]
    if stream.zone is Zone.URL and bracket and stream.text[found.start() - 1 : found.start()] not in ("=", "/"):
        return False  # `filter[email]=…` is how PHP and many APIs spell a parameter
    if need == "any":
        return True
    meaning = word(name)
    if meaning is None:
        return False
    if need in ("quoted", "greeted"):
        greeted = _GREETING.search(stream.text[max(0, found.start() - 24) : found.start()])
        addressed = greeted is not None and _GREETED_END.match(stream.text, found.end()) is not None
        return addressed or (need == "quoted" and meaning.strong and "_" in name)
    if meaning.strong or need == "strong":
        return meaning.strong
    # A plain text part made from a page has link labels in brackets: `[Email] https://…`
    after = stream.text[found.end() : found.end() + 12].lstrip()
    return not (bracket and after.startswith(("http", "(http", "<http", "mailto")))


def _sentences(kind: IssueKind, platform: Platform, written: str, shown: str, meant: str) -> tuple[str, str]:
    own = _OWN[platform]
    match kind:
        case IssueKind.BROKEN_TAG:
            says = f"{own} does not see this as a tag, because {why_unseen(written)}: everybody reads it as it stands."
            fix = f"Delete it and type {meant} in one go, without formatting." if meant else "Type the tag anew."
        case IssueKind.FOREIGN_TAG:
            says = f"This is another platform's tag: {own} prints it as it stands."
            fix = f"Write {meant} instead." if meant else f"Replace it with a tag of {own}, or delete it."
        case _:
            says = (
                f"“{' '.join(shown.split())}” is a placeholder that nobody filled in: everybody reads it as it stands."
            )
            fix = f"Write {meant}, or the real text." if meant else "Write the real text, or delete it."
    return says, fix

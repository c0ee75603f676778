"""What is wrong with a template that Klaviyo accepts: names nobody has, missing data, defaults that are none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from presend.dialects.base import Issue, IssueKind, Span
from presend.dialects.klaviyo import names, tags
from presend.dialects.klaviyo.scope import Ref, Scan, Where
from presend.dialects.klaviyo.syntax import Parsed
from presend.dialects.klaviyo.tags import UnknownNode
from presend.dialects.lexicon import tag_for
from presend.model import Kind, Platform, Vocabulary

_ATTRIBUTE = re.compile(r"""\b(?:href|src|action|background)\s*=\s*["']?\s*\Z""", re.IGNORECASE)
_BLANK = r"(?:\s|&(?:nbsp|ensp|emsp|thinsp|#0*160|#x0*a0);)*"
_FALLBACK = re.compile(r"\|\s*default(?:_if_none)?:(?!\s*(?:''|\"\"))")
_WRITTEN = re.compile(r"""\|\s*default(?:_if_none)?:(["'])([^"'|]*[^"'|\s][^"'|]*)\1\s*\}\}""")
"""A fallback that stands in the tag itself, at its end."""
_GIVEN = re.compile(r"\{\{\s*(?:person(?:\.|\|lookup:['\"])\$?)?first_name\b", re.IGNORECASE)
"""A tag that prints a given name, for which a word that fits every place is known."""
_NOISE = re.compile(r"[\s_\-$.]+")
_SPELLINGS = {"true": "True", "false": "False", "null": "None", "none": "None", "nil": "None", "undefined": "None"}
_FOREIGN = frozenset({"contact", "company", "customer", "subscriber", "site_settings", "recipient", "member"})
"""First words of other platforms' names."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges what was found in one part by the account's vocabulary."""

    vocabulary: Vocabulary
    kind: Kind
    source: str

    def issues(self, found: Scan, parsed: Parsed) -> Iterator[Issue]:
        """All issues, in no particular order."""
        told: set[tuple[IssueKind, Span, str]] = set()
        for ref in found.refs:
            issue = self._of_ref(ref)
            if issue is not None and (key := (issue.kind, issue.span, issue.says)) not in told:
                told.add(key)  # one tag may read two details of an event: `event.Was|minus:event.Price`
                yield issue
        for empty in found.defaults:
            yield _empty_fallback(empty.span, empty.source, empty.filter)
        for ref in found.raw_dates:
            yield _raw_date(ref)
        for tag in found.tags:
            if isinstance(tag, UnknownNode) and not tag.documented:
                yield _undocumented(f"tag {tag.name}", Span(*tag.token.position), tag.source)
        for one in found.unlisted:
            yield _undocumented(f"filter {one.filter}", one.span, one.source)
        for token in parsed.tokens:
            if token.token_type.value == 2 and token.contents.split(None, 1)[:1]:
                yield from self._nested_link(token)

    def _of_ref(self, ref: Ref) -> Issue | None:
        match ref.where:
            case Where.NOWHERE:
                return self._nowhere(ref)
            case Where.ELSEWHERE:
                return self._elsewhere(ref)
            case Where.PROFILE:
                return self._property(ref)
            case Where.WHOLE | Where.LOCAL:
                return None

    # -- names without person

    def _nowhere(self, ref: Ref) -> Issue:
        if ref.argument and not ref.condition:
            return _unquoted(ref)
        if ref.head in names.TAGS_NOT_NAMES:
            right = names.TAGS_NOT_NAMES[ref.head]
            says = f"{ref.head} is a tag and no variable: in braces it prints nothing for everybody."
            return _issue(IssueKind.UNKNOWN_NAME, ref, says, f"Write {right}", meant=right)
        if ref.text in _SPELLINGS:
            right = _SPELLINGS[ref.text]
            says = f"{ref.text} is no word of Klaviyo's language, but an empty variable; the word is {right}."
            return _issue(IssueKind.UNKNOWN_NAME, ref, says, f"Write {right}.", meant=_replaced(ref, right))
        if ref.head in _FOREIGN:
            meant = tag_for(ref.text, Platform.KLAVIYO)
            says = f"{ref.text} is another platform's name: Klaviyo prints nothing for everybody."
            fix = f"Write {meant} instead." if meant else "Replace it with a name of Klaviyo."
            return _issue(IssueKind.FOREIGN_TAG, ref, says, fix, meant=meant)
        root = difflib.get_close_matches(ref.head, [*names.ELSEWHERE, "person"], 1, 0.85) if ref.rest else []
        right = ref.text.replace(ref.head, root[0], 1) if root else self._nearest(ref.head)
        right = right or ("" if not ref.condition else f"'{ref.text}'")
        effect = "it stands for nothing here" if ref.condition else "it prints nothing for everybody"
        says = f"Klaviyo fills no variable {ref.head}: {effect}. Names are case-sensitive, properties need person."
        meant = _replaced(ref, right) if right else tag_for(ref.head, Platform.KLAVIYO)
        fix = f"Write {meant}" if meant else "Delete it, or write the name of a property after person."
        return _issue(IssueKind.UNKNOWN_NAME, ref, says, fix, meant=meant)

    def _elsewhere(self, ref: Ref) -> Issue | None:
        if ref.head in names.TRIGGER_DATA and self.kind is not Kind.AUTOMATION:
            effect = "is empty" if ref.condition else "prints nothing"
            if not ref.condition and _FALLBACK.search(ref.source):
                effect = "prints its fallback"
            says = f"{ref.head} has data only in a flow that it starts; in a campaign this {effect} for everybody."
            fix = "Delete it, or use a property of the profile."
            issue = _issue(IssueKind.EVENT_DATA, ref, says, fix, certain=self.kind is Kind.CAMPAIGN)
            written = _WRITTEN.search(ref.source)
            return replace(issue, reads=written[2]) if written and not ref.condition else issue
        if ref.head in ("catalog_item", "catalog_id"):
            says = f"{ref.head} has data only inside {{% catalog %}}; here it prints nothing for everybody."
            return _issue(IssueKind.UNKNOWN_NAME, ref, says, "Put it inside a catalog block.")
        return self._of_organization(ref) if ref.head == "organization" and ref.rest else None

    def _of_organization(self, ref: Ref) -> Issue | None:
        name = ref.rest[0]
        if name in names.ORGANIZATION or f"organization.{name}" in self.vocabulary.constants:
            return None
        close = difflib.get_close_matches(_fold(name), names.ORGANIZATION, 1, 0.6)
        meant = _replaced(ref, f"organization.{close[0]}") if close else ""
        says = f"organization has no documented {name}; it may print nothing."
        fix = f"Write {meant}" if meant else "Use a documented detail of the account."
        return _issue(IssueKind.UNKNOWN_NAME, ref, says, fix, certain=False, meant=meant)

    # -- properties

    def _property(self, ref: Ref) -> Issue | None:
        if ref.key in names.ALIASES or ref.key in (names.FULL_NAME, "KlaviyoID") or ref.column in self._known():
            return None
        right = self._nearest(ref.key)
        if not self.vocabulary.fields and not self.vocabulary.complete and not right:
            return None  # nothing is known of the account's properties
        whose = "No profile has" if self.vocabulary.complete else "No profile seen has"
        effect = "is empty" if ref.condition else "prints nothing"
        says = f"{whose} a property {ref.key}: it {effect} for everybody. Names are case-sensitive."
        meant = _replaced(ref, right) if right else ""
        fix = f"Write {meant}" if meant else "Correct the name, or delete the tag."
        return _issue(IssueKind.UNKNOWN_NAME, ref, says, fix, certain=self.vocabulary.complete, meant=meant)

    def _known(self) -> set[str]:
        return {name for field in self.vocabulary.fields for name in field.all_names}

    def _nearest(self, name: str) -> str:
        """The way to write the known name that was probably meant, or nothing."""
        folded: dict[str, str] = {}
        customs = [field.tag for field in self.vocabulary.fields if field.tag not in names.NOT_CUSTOM]
        for custom in customs:
            folded.setdefault(_fold(custom), names.written(custom))
        for key, column in names.ALIASES.items():
            if not key.startswith("$") and key != "id":
                folded.setdefault(_fold(key), names.preferred(column))
        folded.setdefault(_fold(names.FULL_NAME), names.FULL_NAME)
        wanted = _fold(name)
        if wanted in folded:
            return folded[wanted]
        if not self.vocabulary.fields and not self.vocabulary.complete:
            return ""
        close = difflib.get_close_matches(wanted, list(folded), 1, 0.8)
        return folded[close[0]] if close else ""

    # -- tags

    def _nested_link(self, token: object) -> Iterator[Issue]:
        contents = str(getattr(token, "contents", ""))
        start, end = getattr(token, "position", (0, 0))
        name = contents.split(None, 1)[0]
        if name not in tags.WHOLE_LINKS or not _ATTRIBUTE.search(self.source[max(0, start - 40) : start]):
            return
        written = self.source[start:end]
        meant = "{% " + name + "_link %}"
        says = f"{name} prints a whole link, not an address: inside an attribute it breaks the markup for everybody."
        yield Issue(
            IssueKind.BROKEN_TAG, Span(start, end), written, says, f"Write {meant}", normal=written, meant=meant
        )


def _fold(name: str) -> str:
    return _NOISE.sub("", name).casefold()


def _replaced(ref: Ref, right: str) -> str:
    """The tag with the right name in it."""
    if ref.text in ref.source:
        return " ".join(ref.source.replace(ref.text, right, 1).split())
    return "{{ " + right + " }}"


def _issue(kind: IssueKind, ref: Ref, says: str, fix: str, *, certain: bool = True, meant: str = "") -> Issue:
    normal = " ".join(ref.source.split())
    return Issue(kind, ref.span, ref.source, says, fix, certain=certain, normal=normal, meant=meant)


def _unquoted(ref: Ref) -> Issue:
    meant = " ".join(ref.source.replace(f"{ref.argument}:{ref.text}", f"{ref.argument}:'{ref.text}'", 1).split())
    says = (
        f"The text after {ref.argument} has no quotes, so it is taken for a variable that does not exist: "
        "the tag fails and every recipient is skipped with “Email syntax error”."
    )
    return _issue(IssueKind.SYNTAX, ref, says, f"Write {meant}", meant=meant)


def _empty_fallback(span: Span, source: str, name: str) -> Issue:
    word = "there" if _GIVEN.match(source) else "…"
    meant = " ".join(re.sub(rf"({name}:)(?:'{_BLANK}'|\"{_BLANK}\")", rf"\1'{word}'", source, count=1).split())
    says = "The default is blank, so it prints nothing for those without a value."
    fix = f"Write a word between the quotes, such as {meant}"
    return Issue(IssueKind.EMPTY_FALLBACK, span, source, says, fix, normal=" ".join(source.split()))


def _raw_date(ref: Ref) -> Issue:
    meant = " ".join(re.sub(r"\|\s*(date|time)\b", r"|format_date_string|\1", ref.source, count=1).split())
    says = "The filter date prints nothing for a date that is kept as text; it has to be read as a date first."
    return _issue(IssueKind.UNRELIABLE, ref, says, f"Write {meant}", certain=False, meant=meant)


def _undocumented(what: str, span: Span, source: str) -> Issue:
    says = f"Whether Klaviyo has the {what} is not documented; if not, every recipient is skipped."
    fix = "Do without it, or preview it in Klaviyo first."
    return Issue(IssueKind.UNSUPPORTED, span, source, says, fix, certain=False, normal=" ".join(source.split()))

"""Klaviyo's dialect: parse, column and compile on Django's own engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from presend.dialects.base import (
    Emit,
    Expression,
    Issue,
    IssueKind,
    Node,
    NodeKind,
    Outcome,
    Piece,
    Program,
    Scene,
    Span,
    Template,
    unknown,
)
from presend.dialects.hidden import find_hidden
from presend.dialects.klaviyo import names
from presend.dialects.klaviyo.build import Around, build
from presend.dialects.klaviyo.issues import Judge
from presend.dialects.klaviyo.rendering import World
from presend.dialects.klaviyo.scope import Ref, Where, scan
from presend.dialects.klaviyo.syntax import Fault, Parsed, parse
from presend.model import Kind, Part, Platform, Vocabulary

_KINDS = {0: NodeKind.TEXT, 1: NodeKind.OUTPUT, 2: NodeKind.TAG, 3: NodeKind.COMMENT}
_TOO_DEEP = "the template's blocks are nested too deeply to be read"


class KlaviyoDialect:
    """Klaviyo's template language."""

    @property
    def platform(self) -> Platform:
        """Klaviyo."""
        return Platform.KLAVIYO

    def parse(self, source: str, part: Part) -> Template:
        """The lossless template; never raises."""
        parsed = parse(source)
        found = set() if parsed.too_deep else {name for ref in scan(parsed.nodes).refs for name in _names(ref)}
        nodes = tuple(_nodes(parsed, source))
        return Template(Platform.KLAVIYO, part, source, nodes, tuple(sorted(found)), native=parsed)

    def column(self, name: str, vocabulary: Vocabulary) -> str:
        """The canonical column that a name as written reads."""
        del vocabulary  # Klaviyo's names do not depend on the account
        return names.column(name)

    def compile(self, template: Template, vocabulary: Vocabulary, scene: Scene) -> Program:
        """The program and what is wrong with the source; never raises."""
        parsed: Parsed = template.native
        issues = [_syntax(fault) for fault in parsed.faults]
        fatal = f"recipients are skipped: Email syntax error. {parsed.faults[0].says}" if parsed.faults else ""
        pieces: tuple[Piece, ...] = (_unreadable(template.source),)
        if not parsed.too_deep:
            world = World(_local(scene.now, vocabulary.zone), scene.kind, template.part, vocabulary.constants)
            pieces = build(parsed.nodes, Around(world, template.source, world.escapes))
            judge = Judge(vocabulary, scene.kind, template.source)
            broken = {fault.span for fault in parsed.faults}
            found = judge.issues(scan(parsed.nodes), parsed)
            issues += [issue for issue in found if issue.span not in broken]
            issues += [issue for fault in parsed.faults for issue in _misnamed(fault, vocabulary, scene.kind)]
        tags = [field.tag for field in vocabulary.fields]
        issues += find_hidden(template.source, template.part, Platform.KLAVIYO, _masked(template), tags)
        return Program(template, pieces, tuple(sorted(issues, key=lambda issue: issue.span)), fatal)


def _names(ref: Ref) -> tuple[str, ...]:
    match ref.where:
        case Where.PROFILE if ref.key == names.FULL_NAME:
            return "first_name", "last_name"
        case Where.PROFILE:
            return (ref.key if ref.bare else names.name_of(ref.key),)
        case Where.NOWHERE | Where.ELSEWHERE:
            return (ref.text,)
        case Where.WHOLE | Where.LOCAL:
            return ()


def _nodes(parsed: Parsed, source: str) -> list[Node]:
    broken = {fault.span for fault in parsed.faults}
    nodes = []
    hidden = False
    for token in parsed.tokens:
        span = Span(*token.position)
        kind = _KINDS[token.token_type.value]
        name = _word(token)
        if kind is NodeKind.TAG and name in ("comment", "endcomment"):
            hidden = name == "comment"
            kind = NodeKind.COMMENT
        elif hidden:
            kind, name = NodeKind.COMMENT, ""
        elif span in broken:
            kind = NodeKind.BROKEN
        nodes.append(Node(kind, span, source[span.start : span.end], name))
    return nodes


def _word(token: Any) -> str:
    """The tag's word, or the variable of an output without its filters."""
    contents = str(token.contents)
    match token.token_type.value:
        case 1:
            return contents.partition("|")[0].strip()
        case 2:
            return contents.split(None, 1)[0] if contents.strip() else ""
        case _:
            return ""


def _masked(template: Template) -> list[Span]:
    return [node.span for node in template.nodes if node.kind is not NodeKind.TEXT]


def _misnamed(fault: Fault, vocabulary: Vocabulary, kind: Kind) -> list[Issue]:
    """A wrong name in a tag that cannot be read: it would stay wrong once the syntax is put right."""
    mended = parse(fault.meant) if fault.meant else None
    if mended is None or mended.faults:
        return []
    found = Judge(vocabulary, kind, fault.meant).issues(scan(mended.nodes), mended)
    return [
        replace(issue, span=fault.span, source=fault.source)
        for issue in found
        if issue.kind is IssueKind.UNKNOWN_NAME and issue.meant
    ]


def _syntax(fault: Fault) -> Issue:
    normal = " ".join(fault.source.split())
    return Issue(IssueKind.SYNTAX, fault.span, fault.source, fault.says, fault.fix, normal=normal, meant=fault.meant)


def _unreadable(source: str) -> Emit:
    def evaluate(_: object) -> Outcome:
        return unknown(_TOO_DEEP)

    return Emit(Expression(Span(0, len(source)), source[:80], " ".join(source[:80].split()), (), evaluate))


def _local(now: datetime, zone: str) -> datetime:
    aware = now if now.tzinfo else now.replace(tzinfo=UTC)
    try:
        return aware.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError, OverflowError):
        return aware.astimezone(UTC)

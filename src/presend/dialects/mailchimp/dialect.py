"""Mailchimp's merge tags behind the `Dialect` protocol."""

from __future__ import annotations

import re

from presend.dialects.base import Issue, IssueKind, Node, NodeKind, Program, Scene, Span, Template
from presend.dialects.hidden import find_hidden
from presend.dialects.mailchimp import catalogue
from presend.dialects.mailchimp.blocks import structure_of
from presend.dialects.mailchimp.compiler import Compiler
from presend.dialects.mailchimp.lexer import CONDITIONS, CONTROLS, Tag, TagKind, tags_of
from presend.dialects.mailchimp.names import Names
from presend.model import Part, Platform, Vocabulary

_BROKEN_LINE = re.compile(r"\*\|[ \t]*(?:[\r\n]+[ \t]*[A-Z][A-Z0-9_:]*|[A-Z][A-Z0-9_:]*[ \t]*[\r\n]+)\s*\|\*")
"""A plain tag with a line break in it, which Mailchimp does not take for one."""
_READERS = frozenset([TagKind.FIELD, TagKind.INLINE_DEFAULT, *CONDITIONS])
_NO_FIELDS = catalogue.NEVER_IN_MAIL | catalogue.ACCOUNT_CONDITIONS


class MailchimpDialect:
    """Mailchimp's template language."""

    @property
    def platform(self) -> Platform:
        """Whose language this is."""
        return Platform.MAILCHIMP

    def parse(self, source: str, part: Part) -> Template:
        """The lossless template; never raises."""
        tags = tags_of(source)
        nodes: list[Node] = []
        at = 0
        for tag in tags:
            if at < tag.span.start:
                nodes.append(Node(NodeKind.TEXT, Span(at, tag.span.start), source[at : tag.span.start]))
            nodes.append(Node(_node_kind(tag), tag.span, tag.source, tag.name))
            at = tag.span.end
        if at < len(source):
            nodes.append(Node(NodeKind.TEXT, Span(at, len(source)), source[at:]))
        names = sorted({name for tag in tags if (name := _name_read(tag))})
        return Template(Platform.MAILCHIMP, part, source, tuple(nodes), tuple(names), native=tuple(tags))

    def column(self, name: str, vocabulary: Vocabulary) -> str:
        """The audience column that a name as written reads (MERGE1 → FNAME; INTERESTED:Topic is its own)."""
        return Names(vocabulary).column(name)

    def compile(self, template: Template, vocabulary: Vocabulary, scene: Scene) -> Program:
        """The program and what is wrong with the source; never raises."""
        tags: list[Tag] = list(template.native or tags_of(template.source))
        names = Names(vocabulary)
        compiler = Compiler(template.source, template.part, names, scene)
        pieces = compiler.compile(structure_of(tags, template.source))
        own = [tag.span for tag in tags if not _BROKEN_LINE.match(template.source, tag.span.start)]
        hidden = find_hidden(template.source, template.part, Platform.MAILCHIMP, own, names.index.keys())
        found = sorted({*compiler.issues, *hidden}, key=lambda issue: (issue.span, issue.kind, issue.says))
        return Program(template, pieces, _one_per_place(found))


def _one_per_place(found: list[Issue]) -> tuple[Issue, ...]:
    """A misspelt tag that also leaves its block open is one slip: the first sentence on it is enough."""
    out: list[Issue] = []
    seen: set[tuple[Span, IssueKind]] = set()
    for issue in found:
        if (issue.span, issue.kind) not in seen:
            seen.add((issue.span, issue.kind))
            out.append(issue)
    return tuple(out)


def _node_kind(tag: Tag) -> NodeKind:
    if tag.kind is TagKind.BROKEN or tag.wrong:
        return NodeKind.BROKEN
    return NodeKind.TAG if tag.kind in CONTROLS else NodeKind.OUTPUT


def _name_read(tag: Tag) -> str:
    if tag.wrong == "hidden":
        return ""
    if tag.kind is TagKind.INTERESTED:
        return f"INTERESTED:{tag.name.partition(':')[0]}"
    return tag.name.strip() if tag.kind in _READERS and tag.name not in _NO_FIELDS else ""

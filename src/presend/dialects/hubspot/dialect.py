"""The HubSpot dialect: parse a part to lossless nodes, compile it against an account's vocabulary."""

from __future__ import annotations

import re
from dataclasses import replace

from presend.dialects.base import Node, NodeKind, Program, Scene, Span, Template
from presend.dialects.hidden import find_hidden
from presend.dialects.hubspot.catalogue import COMPANY_ROOTS
from presend.dialects.hubspot.compiler import Compiler
from presend.dialects.hubspot.lexer import Token, TokenKind, scan
from presend.dialects.hubspot.names import Names
from presend.dialects.hubspot.report import mangled
from presend.dialects.hubspot.tree import Misnest, Tree, nest
from presend.model import Part, Platform, Vocabulary

Native = tuple[tuple[Tree, ...], tuple[Misnest, ...]]

_PROPERTY = re.compile(r"\b(contact|company|account)(?:\.([^\W\d]\w*(?:[.-]\w+)*)|\[\s*['\"]([^'\"\]]+)['\"]\s*\])")
_PROGRAMMABLE = re.compile(r"isEnabledForEmailV3Rendering\s*:\s*true", re.IGNORECASE)
_BEGIN = re.compile(r"{%[-+]?\s*(\w+)")
_BODY = (Part.HTML, Part.TEXT)
_KINDS = {
    TokenKind.TEXT: NodeKind.TEXT,
    TokenKind.OUTPUT: NodeKind.OUTPUT,
    TokenKind.TAG: NodeKind.TAG,
    TokenKind.COMMENT: NodeKind.COMMENT,
    TokenKind.BROKEN: NodeKind.BROKEN,
}


def _read_by(token: Token) -> list[str]:
    if token.kind not in (TokenKind.OUTPUT, TokenKind.TAG):
        return []
    return [f"{root}.{dotted or bracketed}" for root, dotted, bracketed in _PROPERTY.findall(token.body)]


def _node(token: Token) -> Node:
    name = token.name
    if token.kind is TokenKind.OUTPUT:
        name = next(iter(_read_by(token)), "")
    return Node(_KINDS[token.kind], Span(token.start, token.end), token.text, name)


class HubspotDialect:
    """HubL as marketing email renders it."""

    @property
    def platform(self) -> Platform:
        """HubSpot."""
        return Platform.HUBSPOT

    def parse(self, source: str, part: Part) -> Template:
        """The lossless template; never raises."""
        tokens = scan(source)
        names = sorted({name for token in tokens for name in _read_by(token)})
        native: Native = nest(tokens)
        return Template(Platform.HUBSPOT, part, source, tuple(map(_node, tokens)), tuple(names), native)

    def column(self, name: str, vocabulary: Vocabulary) -> str:
        """`contact.x` and `x` read the column x, `company.x` and `account.x` the column company.x."""
        root, dot, rest = name.partition(".")
        if dot and root == "contact":
            name = rest
        elif dot and root in COMPANY_ROOTS:
            name = f"company.{rest}"
        return Names(vocabulary).canonical(name)

    def compile(self, template: Template, vocabulary: Vocabulary, scene: Scene) -> Program:
        """The program and what is wrong with the source; never raises."""
        native: Native = template.native or nest(scan(template.source))
        trees, misnests = native
        # Programmable content is a module's or a template's; the subject and its like belong to neither.
        programmable = template.part in _BODY and (
            bool(scene.options.get("programmable")) or bool(_PROGRAMMABLE.search(template.source))
        )
        # None: a file does not say how the module is set that it is to be.
        unsaid = template.part in _BODY and not programmable and scene.options.get("programmable", False) is None
        options = {**scene.options, "programmable": programmable, "unsaid": unsaid}
        compiler = Compiler(template.source, Names(vocabulary), replace(scene, options=options))
        eaten = _eaten(template) if misnests else {}
        for misnest in misnests:
            token = misnest.token
            if misnest.opener or eaten.get(token.name.removeprefix("end"), token.end) >= token.end:
                compiler.report.misnested(misnest)
        pieces = tuple(compiler.pieces(trees))
        own = [node.span for node in template.nodes if node.kind is not NodeKind.TEXT]
        names = [name for field in vocabulary.fields for name in field.all_names]
        hidden = find_hidden(template.source, template.part, Platform.HUBSPOT, own, names)
        issues = sorted([*compiler.report.issues, *hidden], key=lambda issue: (issue.span, issue.kind))
        return Program(template, pieces, tuple(issues), compiler.report.fatal)


def _eaten(template: Template) -> dict[str, int]:
    """By the name of a block, where the first broken tag ends that has its beginning inside, and was told already."""
    found: dict[str, int] = {}
    for node in template.nodes:
        if node.kind is NodeKind.OUTPUT and "{%" in node.text and mangled(node.text[2:-2]):
            for name in _BEGIN.findall(node.text):
                found.setdefault(name, node.span.end)
    return found

"""Compiles a HubL tree and an account's vocabulary to pieces and issues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from jinja2 import nodes

from presend.dialects.base import (
    Arm,
    Choice,
    Emit,
    Expression,
    IssueKind,
    Outcome,
    OutcomeKind,
    Piece,
    Scene,
    Span,
    Text,
    unknown,
)
from presend.dialects.hubspot import catalogue, run
from presend.dialects.hubspot.blocks import Body, assignment, brought_in, each, imported
from presend.dialects.hubspot.build import Build, alias_of, bound, column_of, personalization_of, property_of
from presend.dialects.hubspot.compares import comparisons
from presend.dialects.hubspot.lexer import Token, TokenKind
from presend.dialects.hubspot.names import Names
from presend.dialects.hubspot.report import Reporter, fallback_place, odd, token_text
from presend.dialects.hubspot.scope import Bound, Env, Fn, Scope, never
from presend.dialects.hubspot.syntax import ExpressionError, parse_expression
from presend.dialects.hubspot.tree import Block, Fork, Leaf, TextLeaf, Tree, is_platform_tag
from presend.dialects.hubspot.values import Safe, Value, truth

_FOOTER_TAGS = frozenset(["page_footer", "email_subscriptions", "email_simple_subscription"])


class Compiler:
    """Compiles one part of one message."""

    def __init__(self, source: str, names: Names, scene: Scene) -> None:
        self.source = source
        self.names = names
        self.programmable = bool(scene.options.get("programmable"))
        self.report = Reporter(names, scene)
        self.scope = Scope()
        self.defaults = names.defaults()

    def pieces(self, trees: Sequence[Tree]) -> list[Piece]:
        """The pieces of a sequence of trees; `self.scope` moves on as names are set."""
        pieces: list[Piece] = []
        for tree in trees:
            match tree:
                case TextLeaf(token=token, text=text):
                    pieces.append(Text(Span(token.start, token.end), text))
                case Leaf(token=token):
                    pieces.append(self._leaf(token))
                case Fork():
                    pieces.append(self._fork(tree))
                case Block():
                    pieces += self._block(tree)
        return pieces

    def _leaf(self, token: Token) -> Piece:
        self.report.token = token
        nothing = Text(Span(token.start, token.end), "")
        if token.kind is TokenKind.BROKEN:
            return self._broken(token)
        if token.kind is TokenKind.OUTPUT:
            return self._output(token, token.body)
        if token.name == "print":
            return self._output(token, token.args)
        if token.name == "set":
            self._set(token)
            return nothing
        if not self.report.tag():
            deep = unknown("blocks are nested too deeply to follow")
            block = token.name in catalogue.CORE_BLOCKS
            return Emit(self._expression(token, (), run.constant(deep))) if block else nothing
        if is_platform_tag(token.name):
            self.scope = each(token, self.scope)
            effect = "footer" if token.name in _FOOTER_TAGS else "content"
            return Emit(self._literal(token, effect))
        if token.name == "do":
            self.build(token, token.args, self.scope)
            return nothing
        self.scope = imported(token, self.scope)
        self.report.opened |= token.name in catalogue.OPENING and not brought_in(token)
        why = unknown(f"what `{token.name}` brings in is known to HubSpot only")
        return Emit(replace(self._expression(token, (), run.constant(why)), effect="content"))

    def _broken(self, token: Token) -> Piece:
        """Notes a delimiter that is left open."""
        nothing = Text(Span(token.start, token.end), "")
        if token.text == "{#}":
            says = "Whether the # closes the comment that it opens is not documented: text after it may be missing."
            self.report.issue(IssueKind.SYNTAX, says, "Close the comment with #} of its own.", certain=False)
            why = unknown("where a comment of three characters ends is not documented")
            return Emit(self._expression(token, (), run.constant(why)))
        if token.text.startswith("{#"):
            says = "The comment is never closed: everything after it is missing from the email."
            self.report.issue(IssueKind.SYNTAX, says, "Close it with #}.")
            return nothing
        inner = token.body.strip().rstrip("}%").strip()
        opener, closer = token.text[:2], "}}" if token.text.startswith("{{") else "%}"
        meant = f"{opener} {inner} {closer}" if inner and self._parses(inner) else ""
        fix = f"Write {meant}." if meant else f"Close the tag with {closer}."
        if token.closed_later:
            self.report.refuse(IssueKind.BROKEN_TAG, "The tag is never closed", fix, meant=meant)
            return nothing
        says = "The tag is never closed: HubSpot prints it as it stands, or refuses to publish the email."
        self.report.issue(IssueKind.BROKEN_TAG, says, fix, certain=False, meant=meant)
        why = unknown("what becomes of a tag that is never closed is not documented")
        return Emit(self._expression(token, (), run.constant(why)))

    def _parses(self, text: str) -> bool:
        try:
            parse_expression(text)
        except ExpressionError:
            return False
        return True

    def _parsed(self, token: Token, text: str) -> nodes.Expr | None:
        self.report.token = token
        try:
            if odd(token.body):
                raise ExpressionError("an invisible character")
            return parse_expression(text)
        except ExpressionError as error:
            self.report.unparsed(error)
            return None

    def _expression(self, token: Token, columns: tuple[str, ...], evaluate: run.Evaluate) -> Expression:
        return Expression(Span(token.start, token.end), token.text, token.normal, columns, evaluate)

    def _literal(self, token: Token, effect: str) -> Expression:
        outcome = Outcome(OutcomeKind.LITERAL, token.text, "HubSpot fills this in itself")
        return replace(self._expression(token, (), run.constant(outcome)), effect=effect)

    def _output(self, token: Token, text: str) -> Piece:
        tree = self._parsed(token, text)
        if tree is None:
            return Text(Span(token.start, token.end), "")
        if token.may_trim:
            return Emit(self._untrimmed(token, tree))
        personal = personalization_of(tree)
        found = property_of(tree, self.scope)
        if personal:
            return Emit(self._token(token, personal[0], personal[1], personal[2]))
        if found:
            return Emit(self._token(token, *found, None))
        build = Build(self.scope, self.report)
        value = build.value(tree)
        columns = tuple(sorted(build.columns))
        if build.platform and not columns:
            return Emit(self._literal(token, _effect(tree)))
        if columns:
            return Emit(self._computed(token, tree, build, value, columns))
        outcome = run.settled(value, run.printing, (), {})({})
        if outcome.kind is not OutcomeKind.UNKNOWN:
            return Text(Span(token.start, token.end), outcome.text)
        return Emit(self._expression(token, (), run.constant(outcome)))

    def _untrimmed(self, token: Token, tree: nodes.Node) -> Expression:
        build = Build(self.scope, self.report)
        build.value(tree)
        why = unknown("whether a trim mark of an output removes the white space beside it is not documented")
        return self._expression(token, tuple(sorted(build.columns)), run.constant(why))

    def _token(self, token: Token, root: str, name: str, fallback: str | None) -> Expression:
        self.report.property(root, name)
        column = self.column(root, name)
        default = self.names.default(column)
        void = default if fallback is None else fallback
        if fallback is not None and not fallback.strip():
            says = "The fallback is empty: whoever has no value reads nothing there."
            self.report.issue(IssueKind.EMPTY_FALLBACK, says, f"Write {token_text(root, name)}.")
        evaluate = run.bare(column, void, self.names.formatted(column))
        if root in catalogue.COMPANY_ROOTS and not self.names.sees_companies():
            evaluate = _unless_absent(column, evaluate)
        return replace(
            self._expression(token, (column,), evaluate),
            bare=True,
            fallback=void,
            fallback_place=fallback_place(root, name, column),
        )

    def column(self, root: str, name: str) -> str:
        """The canonical column of a property as written."""
        return self.names.canonical(column_of(root, name))

    def _computed(
        self, token: Token, tree: nodes.Node, build: Build, value: Fn, columns: tuple[str, ...]
    ) -> Expression:
        formatted = self.names.formatted(columns[0]) if len(columns) == 1 else ""
        place = ""
        if build.filtered:
            base = tree
            while isinstance(base, nodes.Filter) and base.node is not None:
                base = base.node
            found = property_of(base, self.scope)
            place = fallback_place(*found, self.column(*found)) if found else ""
            root = base
            while isinstance(root, nodes.Getattr | nodes.Getitem):
                root = root.node
            # A member of what a name holds is no token's value, which has none: `company.name|title`.
            if found or root is base or not isinstance(root, nodes.Name):
                self.report.filtered(_without_filter(tree, found))
            evaluate = run.unaltered(value, columns, formatted)
        elif not self.programmable:
            self.report.unready("a computed output")
            evaluate = run.unready()
        elif build.platform:
            evaluate = run.constant(unknown("HubSpot fills in a part of this itself"))
        else:
            evaluate = run.settled(value, run.printing, columns, self.defaults)
            place = fallback_place(*alias, self.column(*alias)) if (alias := alias_of(tree, self.scope)) else ""
        return replace(self._expression(token, columns, evaluate), fallback_place=place)

    def build(self, token: Token, text: str, scope: Scope, *, test: bool = False) -> Bound:
        """The expression `text` of a tag; a faulty one is noted and becomes unknowable."""
        tree = self._parsed(token, text)
        if tree is None:
            return Bound(never("the tag does not parse"))
        self.report.in_test = test
        result = bound(tree, scope, self.report)
        self.report.in_test = False
        return result

    def check_tag(self, token: Token) -> bool:
        """Whether a leaf tag exists; a faulty or broken one is noted."""
        self.report.token = token
        if token.kind is TokenKind.BROKEN:
            self._broken(token)
            return False
        return self.report.tag()

    def check_loop(self, token: Token, items: Bound) -> None:
        """Notes a loop over the wrapper of CRM records."""
        self.report.token = token
        if items.crm:
            self.report.wrapper()

    def refuse(self, token: Token, reason: str, fix: str) -> None:
        """Notes a syntax error that stops publishing."""
        self.report.token = token
        self.report.refuse(IssueKind.SYNTAX, reason, fix)

    def _set(self, token: Token) -> None:
        parsed = assignment(token)
        names, text = parsed or ((), None)
        if not text or not text.strip():
            self.refuse(token, "`set` needs a name, = and a value", "Write {% set name = value %}.")
            return
        value = self.build(token, text, self.scope)
        if value.columns and not self.programmable:
            self.report.unready("`set`")
        for name in names:
            known = value if len(names) == 1 and "." not in name else replace(value, value=never("not imitated"))
            self.scope = self.scope.bind(name.partition(".")[0], known)

    def _fork(self, fork: Fork) -> Choice:
        before = self.scope
        arms: list[Arm] = []
        tests: list[Bound | None] = []
        scopes: list[Scope] = []
        for branch in fork.branches:
            self.scope = before
            test = self._test(branch.token, negated=fork.negated) if branch.tested else None
            if not branch.tested and branch.token.args.strip():
                self.report.token = branch.token
                says = "`else` takes no condition: HubSpot ignores it."
                self.report.issue(IssueKind.SYNTAX, says, "Write `elif` instead.", key="else")
            arms.append(Arm(test[0] if test else None, tuple(self.pieces(branch.body))))
            tests.append(test[1] if test else None)
            scopes.append(self.scope)
        self.scope = _merged(before, tests, scopes)
        return Choice(Span(fork.start, fork.end), tuple(arms))

    def _test(self, token: Token, *, negated: bool) -> tuple[Expression, Bound]:
        tree = self._parsed(token, token.args) if token.args.strip() else None
        if tree is None:
            if not token.args.strip():
                self.refuse(token, f"`{token.name}` needs a condition", "Write the condition after it.")
            broken = run.constant(unknown("the condition does not parse"))
            return replace(self._expression(token, (), broken), test=True), Bound(never("it does not parse"))
        if negated:
            tree = nodes.Not(tree)
        self.report.in_test = True
        value = bound(tree, self.scope, self.report)
        self.report.in_test = False
        columns = tuple(sorted(value.columns))
        if columns and not self.programmable:
            self.report.unready("a condition")
            evaluate, value = run.unready(), replace(value, value=never("the condition is ignored"))
        else:
            evaluate = run.settled(value.value, run.asking, columns, self.defaults)
        expression = self._expression(token, columns, evaluate)
        return replace(expression, test=True, compares=comparisons(tree, self.scope)), value

    def _block(self, block: Block) -> list[Piece]:
        token = block.token
        self.report.token = token
        match token.name:
            case "raw":
                for tree in block.body:
                    if isinstance(tree, TextLeaf):
                        self.report.shielded(token, tree.token)
                return self.pieces(block.body)
            case "block" | "autoescape" | "ifchanged":
                return self.pieces(block.body)
            case "macro":
                self.scope = Body(self).macro(block, self.scope)
                return [Text(Span(block.start, block.end), "")]
        body = Body(self)
        if token.name == "for":
            text: Callable[[Env], str] = body.loop(block, self.scope)
        else:
            text = body.sequence(block.body, self.scope)
        value: Fn = lambda env: Safe(text(env))  # noqa: E731
        columns = tuple(sorted(body.columns))
        ready = self.programmable or not columns
        if not ready:
            self.report.token = token
            self.report.unready(f"`{token.name}`")
        if token.name == "set":
            names = (assignment(token) or ((), None))[0]
            kept = Bound(value if ready else never("ignored"), frozenset(columns), body.platform)
            for name in names:
                self.scope = self.scope.bind(name, kept)
            return [Text(Span(block.start, block.end), "")]
        return [Emit(self._whole(block, value, columns, ready=ready))]

    def _whole(self, block: Block, value: Fn, columns: tuple[str, ...], *, ready: bool) -> Expression:
        if block.token.name != "for":
            evaluate = run.constant(unknown(f"`{block.token.name}` is not imitated"))
        elif ready:
            evaluate = run.settled(value, run.printing, columns, self.defaults)
        else:
            evaluate = run.unready()
        source = self.source[block.start : block.end]
        return Expression(Span(block.start, block.end), source, block.token.normal, columns, evaluate)


def _unless_absent(column: str, evaluate: run.Evaluate) -> run.Evaluate:
    """Nobody read the companies: an absent value is not a missing one."""
    unread = unknown("the contact's company was not read")
    return lambda row: evaluate(row) if column in row else unread


def _effect(tree: nodes.Node) -> str:
    roots = {node.name for node in tree.find_all(nodes.Name)} | ({tree.name} if isinstance(tree, nodes.Name) else set())
    if roots & catalogue.URL_VALUES:
        return "url"
    return "footer" if roots & catalogue.FOOTER_VALUES else "content"


def _without_filter(tree: nodes.Node, found: tuple[str, str] | None) -> str:
    if found is None:
        return "Print the token without a filter."
    fallback = ""
    if isinstance(tree, nodes.Filter) and tree.name in ("default", "d") and tree.args:
        first = tree.args[0]
        if isinstance(first, nodes.Const) and isinstance(first.value, str) and first.value.strip():
            fallback = first.value
        return f"Write {token_text(*found, fallback)}."
    return f"Write {{{{ {found[0]}.{found[1]} }}}} without the filter."


def _merged(before: Scope, tests: Sequence[Bound | None], scopes: Sequence[Scope]) -> Scope:
    """The names after a fork: what an arm has set holds only for those who took that arm."""
    changed = sorted({n for s in scopes for n, b in s.names.items() if before.names.get(n) is not b})
    after = before
    asked = frozenset(column for test in tests if test for column in test.columns)
    for name in changed:
        old = before.names.get(name, Bound(lambda _: None))
        arms = [(test.value if test else None, s.names.get(name, old)) for test, s in zip(tests, scopes, strict=True)]
        columns = asked | old.columns
        for _, kept in arms:
            columns |= kept.columns
        platform = any(kept.platform for _, kept in arms)
        after = after.bind(name, Bound(_chosen(arms, old.value), columns, platform))
    for scope in scopes:
        for name, macro in scope.macros.items():
            after = after.define(name, macro)
    return after


def _chosen(arms: Sequence[tuple[Fn | None, Bound]], otherwise: Fn) -> Fn:
    def value(env: Env) -> Value:
        for test, kept in arms:
            if test is None or truth(test(env)):
                return kept.value(env)
        return otherwise(env)

    return value

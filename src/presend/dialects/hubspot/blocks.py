"""Bodies that run as a whole: loops, macros, and what stands inside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from jinja2 import nodes

from presend.dialects.hubspot.filters import as_items
from presend.dialects.hubspot.lexer import Token, TokenKind
from presend.dialects.hubspot.scope import Bound, Env, Fn, Macro, Scope, never
from presend.dialects.hubspot.syntax import ExpressionError, parse_expression
from presend.dialects.hubspot.tree import Block, Fork, Leaf, TextLeaf, Tree
from presend.dialects.hubspot.values import Unknowable, Value, shown, truth

Run = Callable[[Env], str]

_FOR = re.compile(r"\s*(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s+in\s(?P<items>.*)", re.DOTALL)
_SET = re.compile(r"\s*(?P<names>[^\W\d][\w.]*(?:\s*,\s*[^\W\d]\w*)*)\s*(?:=(?!=)(?P<value>.*))?", re.DOTALL)
_MACRO = re.compile(r"\s*(?P<name>[^\W\d]\w*)\s*\((?P<params>.*)\)\s*", re.DOTALL)
_ITEM = re.compile(r"""\bitem\s*=\s*(["'])([^\W\d]\w*)\1""")
_MAX_OUTPUT = 500_000


class _Stop(Exception):
    """`break` or `continue` inside a loop; carries what had been printed."""

    def __init__(self, printed: str, *, ends: bool) -> None:
        super().__init__()
        self.printed = printed
        self.ends = ends


class Parts(Protocol):
    """What a body needs of the compiler: expressions built in a scope, their columns remembered."""

    def build(self, token: Token, text: str, scope: Scope, *, test: bool = False) -> Bound:
        """The expression `text` of a tag; a faulty one is noted and becomes unknowable."""

    def check_tag(self, token: Token) -> bool:
        """Whether a leaf tag exists; a faulty one is noted."""

    def check_loop(self, token: Token, items: Bound) -> None:
        """Notes what is wrong with what a loop goes over."""

    def refuse(self, token: Token, reason: str, fix: str) -> None:
        """Notes a syntax error that stops publishing."""


def assignment(token: Token) -> tuple[tuple[str, ...], str | None] | None:
    """(names, expression or None for a set with a body) of a `set` tag; None when it is malformed."""
    found = _SET.fullmatch(token.args)
    if not found:
        return None
    names = tuple(name.strip() for name in found["names"].split(","))
    return names, found["value"]


def brought_in(token: Token) -> tuple[str, ...]:
    """The names that an `import` or `from` tag says it defines; none for an import that takes everything."""
    if token.name == "import":
        found = re.search(r"\sas\s+([^\W\d]\w*)\s*\Z", token.args)
        return (found[1],) if found else ()
    _, imports, listed = token.args.partition(" import ") if token.name == "from" else ("", "", "")
    return tuple(item.split()[-1] for item in listed.split(",") if item.strip()) if imports else ()


def imported(token: Token, scope: Scope) -> Scope:
    """The scope after an `import` or `from`: what its names stand for is known to HubSpot only."""
    for name in brought_in(token):
        scope = scope.bind(name, Bound(never("what an import defines is known to HubSpot only"), platform=True))
    return scope


def each(token: Token, scope: Scope) -> Scope:
    """The scope after `email_each`: its item, by the name it gives or `item`, is known when a single send brings it."""
    if token.name != "email_each":
        return scope
    named = _ITEM.search(token.args)
    item = Bound(never("what a list of a single send holds is known at the send only"), platform=True)
    return scope.bind(named[2] if named else "item", item)


def loop_of(token: Token) -> tuple[tuple[str, ...], str] | None:
    """(loop variables, expression) of a `for` tag; None when it is malformed."""
    found = _FOR.fullmatch(token.args)
    return (tuple(name.strip() for name in found["names"].split(",")), found["items"]) if found else None


def assigned(trees: Sequence[Tree]) -> Iterator[str]:
    """Every name that something inside sets or loops over."""
    for tree in trees:
        match tree:
            case Leaf(token=token) if token.name == "set":
                yield from (assignment(token) or ((), None))[0]
            case Fork(branches=branches):
                for branch in branches:
                    yield from assigned(branch.body)
            case Block(token=token, body=body):
                if token.name == "for":
                    yield from (*(loop_of(token) or ((), ""))[0], "loop")
                elif token.name == "set":
                    yield from (assignment(token) or ((), None))[0]
                yield from assigned(body)


class Body:
    """Builds one body; afterwards `columns` and `platform` tell what it leans on."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.columns: set[str] = set()
        self.platform = False

    def sequence(self, trees: Sequence[Tree], scope: Scope) -> Run:
        """The run of a sequence of trees; macros defined on the way are known to what follows."""
        runs: list[Run] = []
        for tree in trees:
            run, scope = self._one(tree, scope)
            runs.append(run)

        def all_of(env: Env) -> str:
            printed = ""
            for run in runs:
                try:
                    printed += run(env)
                except _Stop as stop:
                    stop.printed = printed + stop.printed
                    raise
                if len(printed) > _MAX_OUTPUT:
                    raise Unknowable("the block prints too much to work out")
            return printed

        return all_of

    def _one(self, tree: Tree, scope: Scope) -> tuple[Run, Scope]:
        match tree:
            case TextLeaf(text=text):
                return (lambda _: text), scope
            case Leaf(token=token) if token.kind is TokenKind.TAG and token.name == "set":
                return self._set(token, scope)
            case Leaf(token=token):
                return self._leaf(token, scope), each(token, scope)
            case Fork():
                return self._fork(tree, scope), scope
            case Block(token=token) if token.name == "for":
                return self.loop(tree, scope), scope
            case Block(token=token) if token.name == "macro":
                return (lambda _: ""), self.macro(tree, scope)
            case Block(token=token, body=body) if token.name in ("autoescape", "raw"):
                return self.sequence(body, scope), scope
            case Block(token=token, body=body):
                self.sequence(body, scope)
                return _unknown(f"`{token.name}` inside a block is not imitated"), scope

    def _bound(self, token: Token, text: str, scope: Scope, *, test: bool = False) -> Fn:
        return self._take(token, text, scope, test=test).value

    def _take(self, token: Token, text: str, scope: Scope, *, test: bool = False) -> Bound:
        bound = self.parts.build(token, text, scope, test=test)
        self.columns |= bound.columns
        self.platform |= bound.platform
        return bound

    def _leaf(self, token: Token, scope: Scope) -> Run:
        if token.kind is TokenKind.OUTPUT:
            value = self._bound(token, token.body, scope)
            if token.may_trim:
                return _unknown("whether a trim mark of an output removes the white space beside it is not documented")
            return lambda env: shown(value(env))
        if token.kind is TokenKind.BROKEN:
            self.parts.check_tag(token)
            return _unknown("a broken tag")
        match token.name:
            case "do":
                value = self._bound(token, token.args, scope)
                return _silent(value)
            case "print":
                value = self._bound(token, token.args, scope)
                return lambda env: shown(value(env))
            case "break" | "continue" as word:
                return _stopping(ends=word == "break")
        known = self.parts.check_tag(token)
        self.platform |= known
        return _unknown("HubSpot fills this in itself" if known else "an unknown tag")

    def _set(self, token: Token, scope: Scope) -> tuple[Run, Scope]:
        parsed = assignment(token)
        if parsed is None or parsed[1] is None or len(parsed[0]) != 1 or "." in parsed[0][0]:
            return _unknown("such an assignment is not imitated"), scope
        name = parsed[0][0]
        bound = self._take(token, parsed[1], scope)
        value = bound.value

        def assign(env: Env) -> str:
            env.vars[name] = value(env)
            return ""

        return assign, scope.holding([name] if bound.personal else [])

    def _fork(self, fork: Fork, scope: Scope) -> Run:
        arms: list[tuple[Fn | None, Run]] = []
        for branch in fork.branches:
            test = self._bound(branch.token, branch.token.args, scope, test=True) if branch.tested else None
            arms.append((test, self.sequence(branch.body, scope)))

        def choose(env: Env) -> str:
            for test, run in arms:
                if test is None or truth(test(env)) is not fork.negated:
                    return run(env)
            return ""

        return choose

    def loop(self, block: Block, scope: Scope) -> Run:
        """The run of a `for` block; what it sets is gone after it."""
        parsed = loop_of(block.token)
        if parsed is None:
            self.parts.refuse(block.token, "`for` needs a name, `in` and what to go over", "Write {% for x in list %}.")
            return _unknown("a loop that does not parse")
        names, text = parsed
        bound = self._take(block.token, text, scope)
        self.parts.check_loop(block.token, bound)
        kept = frozenset(assigned(block.body))
        # What a turn sets the next one finds, so that a name may hold a contact's data before its `set` is come to.
        inside = scope.running(kept | {*names, "loop"}).holding(kept.difference(names))
        run = self.sequence(block.body, inside.holding(names if bound.personal else ()))
        return _looping(names, bound.value, run)

    def macro(self, block: Block, scope: Scope) -> Scope:
        """The scope in which a macro is defined."""
        found = _MACRO.fullmatch(block.token.args)
        params = _params(found["params"]) if found else None
        if found is None or params is None:
            self.parts.refuse(block.token, "`macro` needs a name and parameters", "Write {% macro name(a, b) %}.")
            return scope
        body = Body(self.parts)
        # Inside its own body the macro's name means nothing yet: recursion is not imitated.
        names = frozenset([*assigned(block.body), *(name for name, _ in params), "caller"])
        run = body.sequence(block.body, scope.running(names))
        self.columns |= body.columns
        return scope.define(found["name"], Macro(params, run, frozenset(body.columns)))


def _params(text: str) -> tuple[tuple[str, Fn | None], ...] | None:
    try:
        call = parse_expression(f"macro({text})")
    except ExpressionError:
        return None
    if not isinstance(call, nodes.Call) or not all(isinstance(arg, nodes.Name) for arg in call.args):
        return None
    params: list[tuple[str, Fn | None]] = [(arg.name, None) for arg in call.args if isinstance(arg, nodes.Name)]
    for pair in call.kwargs:
        if not isinstance(pair.value, nodes.Const):
            return None
        params.append((pair.key, _fixed(pair.value.value)))
    return tuple(params)


def _fixed(value: Value) -> Fn:
    return lambda _: value


def _unknown(reason: str) -> Run:
    def run(_: Env) -> str:
        raise Unknowable(reason)

    return run


def _silent(value: Fn) -> Run:
    def run(env: Env) -> str:
        value(env)
        return ""

    return run


def _stopping(*, ends: bool) -> Run:
    def run(_: Env) -> str:
        raise _Stop("", ends=ends)

    return run


def _assign(env: Env, names: Sequence[str], item: Value) -> None:
    if len(names) == 1:
        env.vars[names[0]] = item
        return
    if not isinstance(item, (list, tuple)) or len(item) < len(names):
        raise Unknowable("a loop over several names needs lists of as many items")
    env.vars.update(zip(names, item, strict=False))


def _looping(names: Sequence[str], value: Fn, body: Run) -> Run:
    def run(env: Env) -> str:
        items = as_items(value(env))
        before, printed = dict(env.vars), ""
        for index, item in enumerate(items):
            env.vars["loop"] = _loop(index, len(items))
            _assign(env, names, item)
            try:
                printed += body(env)
            except _Stop as stop:
                printed += stop.printed
                if stop.ends:
                    break
            if len(printed) > _MAX_OUTPUT:
                raise Unknowable("the loop prints too much to work out")
        env.vars = before
        return printed

    return run


def _loop(index: int, length: int) -> dict[str, Value]:
    left = length - index
    return {
        "index": index + 1,
        "index0": index,
        "revindex": left,
        "revindex0": left - 1,
        "first": index == 0,
        "last": left == 1,
        "length": length,
    }

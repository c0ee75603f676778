"""Turns an expression's syntax tree into a function of one recipient's row, under Jinjava's rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from jinja2 import nodes

from presend.dialects.hubspot import catalogue
from presend.dialects.hubspot.filters import apply_filter, apply_test, as_range
from presend.dialects.hubspot.scope import Bound, Env, Fn, Macro, Notes, Scope, never
from presend.dialects.hubspot.values import (
    Safe,
    Unknowable,
    Value,
    add,
    arithmetic,
    contains,
    equal,
    missing,
    order,
    text_of,
    truth,
)

_FILLED_IN = "HubSpot fills this value in itself"


def property_of(node: nodes.Node, scope: Scope) -> tuple[str, str] | None:
    """(root, name) when a node reads a contact or company property, `("contact", "firstname")`."""
    path: list[str] = []
    while True:
        match node:
            case nodes.Getattr():
                path.append(node.attr)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                path.append(key)
            case nodes.Name(name=root) if path and _is_record(root) and not _shadowed(root, scope):
                return root, ".".join(reversed(path))
            case _:
                return None
        node = node.node


def _is_record(root: str) -> bool:
    return root in catalogue.CONTACT_ROOTS or root in catalogue.COMPANY_ROOTS


def _shadowed(name: str, scope: Scope) -> bool:
    return name in scope.names or name in scope.live


def column_of(root: str, name: str) -> str:
    """The audience column of a property."""
    return f"company.{name}" if root in catalogue.COMPANY_ROOTS else name


def personalization_of(node: nodes.Node) -> tuple[str, str, str | None] | None:
    """(root, name, fallback or None) of `personalization_token("contact.x", "fallback")` with constant arguments."""
    match node:
        case nodes.Call(node=nodes.Name(name="personalization_token"), args=args, kwargs=[]) if 1 <= len(args) <= 2:
            texts = [arg.value for arg in args if isinstance(arg, nodes.Const)]
            root, dot, name = str(texts[0]).partition(".") if texts else ("", "", "")
            if len(texts) < len(args) or not dot or not _is_record(root):
                return None
            fallback = texts[1] if len(texts) > 1 else None
            return root, name, None if fallback is None else text_of(fallback)
    return None


def dashed(node: nodes.Node, scope: Scope) -> str | None:
    """`contact.first-name` where a hyphen, meant as part of the name, is a minus."""
    match node:
        case nodes.Sub(left=left, right=nodes.Name(name=tail)) if not _shadowed(tail, scope):
            head = property_of(left, scope)
            if head:
                return f"{head[0]}.{head[1]}-{tail}"
            longer = dashed(left, scope)
            return f"{longer}-{tail}" if longer else None
    return None


class Build:
    """Builds one expression; afterwards says which columns it reads and what it leans on."""

    def __init__(self, scope: Scope, notes: Notes) -> None:
        self.scope = scope
        self.notes = notes
        self.columns: set[str] = set()
        self.platform = False
        """It reads values that only HubSpot knows."""
        self.personal = False
        """It reads a contact's data."""
        self.filtered = False
        """A filter is laid on a contact's data."""

    def value(self, node: nodes.Node) -> Fn:
        """The function for a node; whatever HubL would reject or nobody knows raises Unknowable when run."""
        match node:
            case nodes.Const(value=constant):
                return lambda _: constant
            case nodes.Name(name=name):
                return self._name(name)
            case nodes.Getattr() | nodes.Getitem():
                return self._property(node)
            case nodes.Filter():
                return self._filter(node)
            case nodes.Test():
                return self._test(node)
            case nodes.Call():
                return self._call(node)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                parts = [self.value(item) for item in items]
                return lambda env: [part(env) for part in parts]
            case nodes.Dict(items=pairs):
                return self._dict(pairs)
            case _:
                return self._operator(node)

    def _operator(self, node: nodes.Node) -> Fn:
        if text := dashed(node, self.scope):
            self.notes.dash(text)
            return never("the hyphen is a minus here, and nobody knows what is subtracted from what")
        match node:
            case nodes.Not(node=inner):
                operand = self.value(inner)
                return lambda env: not truth(operand(env))
            case nodes.Neg(node=inner):
                operand = self.value(inner)
                return lambda env: arithmetic("Sub", 0, operand(env))
            case nodes.And(left=left, right=right):
                a, b = self.value(left), self.value(right)
                return lambda env: truth(a(env)) and truth(b(env))
            case nodes.Or(left=left, right=right):
                return _either(self.value(left), self.value(right))
            case nodes.CondExpr(test=test, expr1=yes, expr2=no):
                ask, then = self.value(test), self.value(yes)
                other = self.value(no) if no is not None else (lambda _: None)
                return lambda env: then(env) if truth(ask(env)) else other(env)
            case nodes.Compare(expr=nodes.Not() as left, ops=[nodes.Operand(expr=right)]):
                self.value(left), self.value(right)
                return never("whether `not` goes before the comparison is not documented")
            case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]):
                return _compare(op, self._side(left, right), self._side(right, left))
            case nodes.Concat(nodes=parts):
                texts = [self.value(part) for part in parts]
                return lambda env: "".join(text_of(text(env)) for text in texts)
            case nodes.Add(left=left, right=right):
                a, b = self.value(left), self.value(right)
                return lambda env: add(a(env), b(env))
            case nodes.BinExpr(left=left, right=right):
                a, b, kind = self.value(left), self.value(right), type(node).__name__
                return lambda env: arithmetic(kind, a(env), b(env))
        return never("a construct of HubL that is not imitated")

    def _side(self, node: nodes.Node, other: nodes.Node) -> Fn:
        """One side of a comparison."""
        if isinstance(node, nodes.Name) and property_of(other, self.scope) and self._means_nothing(node.name):
            self.notes.unquoted(node.name)
            return never(f"nothing defines `{node.name}`, with which a property is compared")
        return self.value(node)

    def _means_nothing(self, name: str) -> bool:
        ours = catalogue.PLATFORM_VALUES | catalogue.RECORD_ROOTS | {"null", "custom"}
        return not (name in ours or _shadowed(name, self.scope) or _is_record(name) or name in self.scope.macros)

    def _name(self, name: str) -> Fn:
        if name in self.scope.live:
            return self._live(name)
        if bound := self.scope.names.get(name):
            self._reads(bound.columns)
            self.platform |= bound.platform
            return bound.value
        if name == "null":
            return lambda _: None
        if name in catalogue.PLATFORM_VALUES:
            self.platform = True
            if name in catalogue.AUTOMATED_VALUES:
                self.notes.record(name)
            return never(_FILLED_IN)
        if name in catalogue.RECORD_ROOTS or name == "custom":
            self.notes.record(name)
            return never("only an automated or single-send email has this data")
        if _is_record(name) or name in self.scope.macros:
            return never("how HubSpot prints a whole record is not documented")
        self.notes.undefined(name)
        return never(f"nothing defines `{name}`: it prints nothing, or the account's settings make it an error")

    def _reads(self, columns: Collection[str]) -> None:
        self.columns.update(columns)
        self.personal |= bool(columns)

    def _live(self, name: str) -> Fn:
        outer = self.scope.names.get(name)
        self.personal |= name in self.scope.personal
        if outer:
            self._reads(outer.columns)
        before = outer.value if outer else (lambda _: None)
        return lambda env: env.vars[name] if name in env.vars else before(env)

    def _property(self, node: nodes.Getattr | nodes.Getitem) -> Fn:
        if found := property_of(node, self.scope):
            self.notes.property(*found)
            column = column_of(*found)
            self._reads((column,))
            return lambda env: env.property(column)
        base = self.value(node.node)
        if isinstance(node, nodes.Getattr):
            attr = node.attr
            if isinstance(node.node, nodes.Name) and node.node.name == "site_settings":
                self.notes.setting(attr)
            return lambda env: _member(base(env), attr)
        if isinstance(node.arg, nodes.Slice):
            return never("slices are not imitated")
        key = self.value(node.arg)
        return lambda env: _member(base(env), key(env))

    def _filter(self, node: nodes.Filter) -> Fn:
        if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            return never("a construct of HubL that is not imitated")
        outside, self.personal = self.personal, False
        inner = self.value(node.node)
        personal = self.personal
        self.personal |= outside
        self.filtered |= personal
        args = self._args(node.args, node.kwargs)
        name = node.name
        if name not in catalogue.FILTERS:
            self.notes.unknown("filter", name)
            return never(f"HubL has no filter `{name}`")
        if personal:
            return lambda env: _doubtful(env, name, inner(env), args)
        return lambda env: apply_filter(name, inner(env), [arg(env) for arg in args])

    def _test(self, node: nodes.Test) -> Fn:
        inner = self.value(node.node)
        args = self._args(node.args or (), node.kwargs or ())
        name = node.name
        if name not in catalogue.EXPRESSION_TESTS:
            self.notes.unknown("expression test", name)
            return never(f"HubL has no expression test `{name}`")
        return lambda env: apply_test(name, inner(env), [arg(env) for arg in args])

    def _args(self, args: Sequence[nodes.Node], kwargs: Sequence[nodes.Node]) -> list[Fn]:
        built = [self.value(arg) for arg in args]
        for pair in kwargs:
            if isinstance(pair, nodes.Keyword):
                self.value(pair.value)
        return [never("named arguments are not imitated")] if kwargs else built

    def _dict(self, pairs: Sequence[nodes.Node]) -> Fn:
        items = [
            (self.value(pair.key if isinstance(pair.key, nodes.Const) else nodes.Const("")), self.value(pair.value))
            for pair in pairs
            if isinstance(pair, nodes.Pair)
        ]
        return lambda env: {text_of(key(env)): value(env) for key, value in items}

    def _call(self, node: nodes.Call) -> Fn:
        if found := personalization_of(node):
            root, name, fallback = found
            self.notes.property(root, name)
            column = column_of(root, name)
            self._reads((column,))
            return lambda env: _or_fallback(env, column, fallback)
        args = self._args(node.args, node.kwargs)
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            return never("a construct of HubL that is not imitated")
        if not isinstance(node.node, nodes.Name):
            self.value(node.node)
            return never("methods of values are not imitated")
        name = node.node.name
        if macro := self.scope.macros.get(name):
            self._reads(macro.columns)
            return lambda env: _expand(macro, env, args)
        if _shadowed(name, self.scope):
            self.value(node.node)
            return never(f"what `{name}()` prints is not imitated")
        if name not in catalogue.FUNCTIONS:
            self.notes.unknown("function", name)
            return never(f"HubL has no function `{name}`")
        self.notes.call(name)
        match node.args:
            case [nodes.Const(value=str() as asked), *_] if name == "personalization_token" and "." not in asked:
                self.notes.rootless(asked)
        if name == "range":
            return lambda env: as_range([arg(env) for arg in args])
        self.platform |= name != "personalization_token"
        return never(f"what `{name}()` gives is known to HubSpot only")


def _either(left: Fn, right: Fn) -> Fn:
    def value(env: Env) -> Value:
        first = left(env)
        return first if truth(first) else right(env)

    return value


def _compare(op: str, left: Fn, right: Fn) -> Fn:
    match op:
        case "eq":
            return lambda env: equal(left(env), right(env))
        case "ne":
            return lambda env: not equal(left(env), right(env))
        case "in":
            return lambda env: contains(left(env), right(env))
        case "notin":
            return lambda env: not contains(left(env), right(env))
        case _:
            return lambda env: order(op, left(env), right(env))


def _member(base: Value, key: Value) -> Value:
    if base is None:
        return None
    if isinstance(base, dict):
        return base.get(text_of(key))
    if isinstance(base, list) and isinstance(key, int) and not isinstance(key, bool):
        return base[key] if 0 <= key < len(base) else None
    raise Unknowable("properties and methods of such a value are not imitated")


def _doubtful(env: Env, name: str, value: Value, args: Sequence[Fn]) -> Value:
    env.filtered = True
    return value if env.unfiltered else apply_filter(name, value, [arg(env) for arg in args])


def _or_fallback(env: Env, column: str, fallback: str | None) -> Value:
    value = env.row.get(column)
    if not missing(value):
        return value
    return env.property(column) if fallback is None else fallback


def _expand(macro: Macro, env: Env, args: Sequence[Fn]) -> Value:
    values = [arg(env) for arg in args]
    local: dict[str, Value] = {}
    for index, (name, default) in enumerate(macro.params):
        if index < len(values):
            local[name] = values[index]
        else:
            local[name] = default(env) if default else None
    inner = env.inner(local)
    printed = macro.body(inner)
    env.filtered |= inner.filtered
    return Safe(printed)


def bound(node: nodes.Node, scope: Scope, notes: Notes) -> Bound:
    """What a `set` binds its name to."""
    build = Build(scope, notes)
    value = build.value(node)
    alias = alias_of(node, scope)
    return Bound(value, frozenset(build.columns), build.platform, _is_wrapper(node, scope), build.personal, alias)


def alias_of(node: nodes.Node, scope: Scope) -> tuple[str, str] | None:
    """(root, name) of the property that a node reads, be it by a name that was set to it."""
    if isinstance(node, nodes.Name) and node.name in scope.names and node.name not in scope.live:
        return scope.names[node.name].alias
    return property_of(node, scope)


def _is_wrapper(node: nodes.Node, scope: Scope) -> bool:
    match node:
        case nodes.Call(node=nodes.Name(name=name)):
            return name in catalogue.CRM_WRAPPERS
        case nodes.Name(name=name) if name in scope.names:
            return scope.names[name].crm
    return False

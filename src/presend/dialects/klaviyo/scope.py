"""What a stretch of Django's nodes reads: names and properties, filters and their arguments, variables it sets.

Understands scoping: a name that a `for`, a `with` or an `as` binds is no property, and `{% with p=person %}` makes `p`
another word for the profile.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from presend.dialects.base import Comparison, Span
from presend.dialects.klaviyo import names
from presend.dialects.klaviyo.engine import DJANGO
from presend.dialects.klaviyo.listing import LOOKUP, UNLISTED
from presend.dialects.klaviyo.tags import TagNode

_base, _stock = DJANGO.base, DJANGO.defaulttags

_DEFAULTS = ("default", "default_if_none")
KNOWN_WORDS = frozenset({"True", "False", "None"})


class Where(Enum):
    """What a name is about."""

    PROFILE = "profile"
    """A property of the profile; `key` is its name."""
    WHOLE = "whole"
    """The profile itself, or a property whose name is worked out while rendering."""
    ELSEWHERE = "elsewhere"
    """The account, an event, a feed, a catalog item."""
    NOWHERE = "nowhere"
    """A bare name that Klaviyo does not fill."""
    LOCAL = "local"
    """A variable that the template itself sets."""


@dataclass(frozen=True, slots=True)
class Ref:
    """One reading of one name."""

    where: Where
    text: str
    """As written: `First_Name`, `person.vip_note`, `person|lookup:'X Y'`."""
    head: str
    span: Span
    """Of the tag in which it stands."""
    source: str
    """The tag as written."""
    key: str = ""
    """The property's name, for PROFILE."""
    rest: tuple[str, ...] = ()
    bare: bool = False
    """Said without `person`."""
    argument: str = ""
    """The filter whose argument it is; empty when it is no argument."""
    condition: bool = False

    @property
    def column(self) -> str:
        """The column it reads."""
        return names.column_of(self.key)


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter in a tag."""

    span: Span
    source: str
    filter: str


@dataclass(slots=True)
class Scan:
    """Everything a stretch of nodes reads and sets."""

    refs: list[Ref] = field(default_factory=list)
    tags: list[Any] = field(default_factory=list)
    """Klaviyo's own tags in it."""
    defaults: list[Applied] = field(default_factory=list)
    """A `default` whose text is blank."""
    unlisted: list[Applied] = field(default_factory=list)
    """Filters of which nobody knows whether they exist."""
    raw_dates: list[Ref] = field(default_factory=list)
    """Properties given to `date` as they are."""
    sets: set[str] = field(default_factory=set)
    """Variables that it leaves set for what follows."""
    reads: set[str] = field(default_factory=set)
    """Variables of the template itself that it reads, `cycle:…` for a cycle that goes on."""


Env = dict[str, str]
"""Names bound around a node: `person` for another word for the profile, "" for anything else."""


@dataclass(frozen=True, slots=True)
class _At:
    span: Span
    source: str
    condition: bool = False


def scan(nodes: Iterable[Any], env: Env | None = None) -> Scan:
    """Look through nodes in order."""
    found = Scan()
    _nodes(nodes, dict(env or {}), found)
    return found


def read_by(value: Any, env: Env, span: Span, source: str) -> Scan:
    """What one expression reads that a tag (`span`, `source`) binds to a name."""
    found = Scan()
    _expression(value, env, found, _At(span, source))
    return found


def alias_of(value: Any) -> str:
    """What a name stands for that is bound to an expression: see `Env`."""
    return "person" if value.token.strip() == "person" else ""


def _nodes(nodes: Iterable[Any], env: Env, found: Scan) -> None:
    for node in nodes:
        _node(node, env, found)


def _place(node: Any) -> _At:
    return _At(Span(*node.token.position), node.source)


def _node(node: Any, env: Env, found: Scan) -> None:
    match node:
        case _base.TextNode() | _stock.CommentNode() | _stock.VerbatimNode() | _stock.TemplateTagNode():
            return
        case _base.VariableNode():
            _expression(node.filter_expression, env, found, _place(node))
        case _stock.IfNode():
            arms = zip(node.conditions_nodelists, node.arm_tokens, node.arm_sources, strict=True)
            for (condition, body), token, source in arms:
                if condition is not None:
                    _condition(condition, env, found, _At(Span(*token.position), source, condition=True))
                _nodes(body, env, found)
        case _stock.ForNode():
            at = _place(node)
            _expression(node.sequence, env, found, at)
            _nodes(node.nodelist_loop, env | dict.fromkeys((*node.loopvars, "forloop"), ""), found)
            _nodes(node.nodelist_empty, dict(env), found)
        case _stock.WithNode():
            at = _place(node)
            inner = dict(env)
            for name, value in node.extra_context.items():
                _expression(value, env, found, at)
                inner[name] = alias_of(value)
            _nodes(node.nodelist, inner, found)
        case _:
            _other(node, env, found)


def _other(node: Any, env: Env, found: Scan) -> None:
    at = _place(node)
    match node:
        case TagNode():
            found.tags.append(node)
            _expressions(node.expressions, env, found, at)
            _nodes(node.nodelist, env | dict.fromkeys(node.local_names, ""), found)
            _set(node.asvar if not node.local_names else "", env, found)
        case _stock.FirstOfNode():
            _expressions(node.vars, env, found, at)
            _set(node.asvar, env, found)
        case _stock.CycleNode():
            _expressions(node.cyclevars, env, found, at)
            mark = f"cycle:{id(node)}"
            found.reads.add(mark)
            found.sets.add(mark)
            _set(node.variable_name, env, found)
        case _stock.IfChangedNode():
            _expressions(node._varlist, env, found, at)  # noqa: SLF001 - Django offers no other way to it
            _nodes(node.nodelist_true, env, found)
            _nodes(node.nodelist_false or (), env, found)
        case _stock.WidthRatioNode():
            _expressions((node.val_expr, node.max_expr, node.max_width), env, found, at)
            _set(node.asvar, env, found)
        case _:
            _nodes(node.nodelist, env, found)


def _set(name: str | None, env: Env, found: Scan) -> None:
    if name:
        env[name] = ""
        found.sets.add(name)


def _expressions(expressions: Iterable[Any], env: Env, found: Scan, at: _At) -> None:
    for expression in expressions:
        _expression(expression, env, found, at)


def _condition(condition: Any, env: Env, found: Scan, at: _At) -> None:
    if condition is None:
        return
    if isinstance(condition, _stock.TemplateLiteral):
        _expression(condition.value, env, found, at)
        return
    _condition(condition.first, env, found, at)
    _condition(condition.second, env, found, at)


def _expression(expression: Any, env: Env, found: Scan, at: _At) -> None:
    main = None
    if expression.is_var:
        main = _ref(expression.var, expression.filters, env, at)
        _keep(main, found)
    for position, (function, arguments) in enumerate(expression.filters):
        name = function._filter_name  # noqa: SLF001 - Django keeps the name under this word only
        if name in UNLISTED:
            found.unlisted.append(Applied(at.span, at.source, name))
        for is_variable, argument in arguments:
            if is_variable:
                ref = _ref(argument, (), env, at)
                _keep(replace(ref, argument=name) if ref else None, found)
            elif name in _DEFAULTS and not html.unescape(str(argument)).strip():
                later = {one._filter_name for one, _ in expression.filters[position + 1 :]}  # noqa: SLF001
                if "default" not in later:
                    found.defaults.append(Applied(at.span, at.source, name))
        lookups_only = all(one is LOOKUP for one, _ in expression.filters[:position])
        if name in ("date", "time") and lookups_only and main and main.where is Where.PROFILE:
            found.raw_dates.append(main)


def _keep(ref: Ref | None, found: Scan) -> None:
    if ref is None:
        return
    found.reads.add(ref.head)
    if ref.where is not Where.LOCAL:
        found.refs.append(ref)


def _ref(variable: Any, filters: Any, env: Env, at: _At) -> Ref | None:
    lookups = variable.lookups
    if not lookups:
        return None
    head, *rest = lookups
    text = str(variable.var)
    ref = Ref(Where.NOWHERE, text, head, at.span, at.source, rest=tuple(rest), condition=at.condition)
    if head in env and env[head] != "person":
        return replace(ref, where=Where.LOCAL)
    if head == "person" or head in env:
        return _profile(ref, rest, filters)
    if head in names.BARE or head in names.MAYBE_BARE:
        return replace(ref, where=Where.PROFILE, key=head, bare=True)
    if head in KNOWN_WORDS:
        return replace(ref, where=Where.LOCAL)
    if head in names.ELSEWHERE:
        return replace(ref, where=Where.ELSEWHERE)
    return ref


def _profile(ref: Ref, rest: list[str], filters: Any) -> Ref:
    if rest:
        return replace(ref, where=Where.PROFILE, key=rest[0], rest=tuple(rest[1:]))
    if filters and filters[0][0] is LOOKUP and filters[0][1] and not filters[0][1][0][0]:
        key = str(filters[0][1][0][1])
        quote = '"' if "'" in key else "'"
        further = tuple(str(args[0][1]) for function, args in filters[1:] if function is LOOKUP and args)
        return replace(ref, where=Where.PROFILE, key=key, rest=further, text=f"{ref.text}|lookup:{quote}{key}{quote}")
    return replace(ref, where=Where.WHOLE)


_OPERATORS = {"==", "!=", "<", "<=", ">", ">="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def comparisons(condition: Any, env: Env) -> Iterator[Comparison]:
    """The comparisons of a property, as it is, with a literal."""
    if isinstance(condition, _stock.TemplateLiteral):
        column = _plain_column(condition, env)
        if column:
            yield Comparison(column, "truthy")
        return
    first, second = condition.first, condition.second
    if condition.id in ("and", "or", "not"):
        for part in (first, second):
            if part is not None:
                yield from comparisons(part, env)
        return
    left, right = _plain_column(first, env), _plain_column(second, env)
    operator = condition.id
    if left and not right and _is_literal(second):
        if operator in _OPERATORS or operator == "in":
            yield Comparison(left, operator, _literal(second))
    elif right and not left and _is_literal(first):
        if operator in _OPERATORS:
            yield Comparison(right, _MIRRORED.get(operator, operator), _literal(first))
        elif operator == "in":
            yield Comparison(right, "contains", _literal(first))


def _is_literal(operand: Any) -> bool:
    expression = operand.value if isinstance(operand, _stock.TemplateLiteral) else None
    if expression is None or expression.filters:
        return False
    return not expression.is_var or expression.var.literal is not None or expression.var.var in KNOWN_WORDS


def _literal(operand: Any) -> Any:
    expression = operand.value
    if not expression.is_var:
        return str(expression.var)
    if expression.var.literal is not None:
        return expression.var.literal
    return {"True": True, "False": False, "None": None}[expression.var.var]


def _plain_column(operand: Any, env: Env) -> str:
    if not isinstance(operand, _stock.TemplateLiteral):
        return ""
    expression = operand.value
    if not expression.is_var or len(expression.filters) > 1:
        return ""
    if expression.filters and expression.filters[0][0] is not LOOKUP:
        return ""
    ref = _ref(expression.var, expression.filters, env, _At(Span(0, 0), ""))
    if ref is None or ref.where is not Where.PROFILE or ref.rest or ref.key == names.FULL_NAME:
        return ""
    return ref.column

"""The comparisons inside a condition, in neutral words."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from presend.dialects.base import Comparison
from presend.dialects.hubspot.build import column_of, personalization_of, property_of
from presend.dialects.hubspot.scope import Scope

_OPS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "in"}
_FLIPPED = {"lt": "gt", "gt": "lt", "lteq": "gteq", "gteq": "lteq"}
_TESTS = {"equalto": "==", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "in": "in"}
_TESTS |= {"string_containing": "contains", "containing": "contains", "within": "in"}


def _column(node: nodes.Node, scope: Scope) -> str | None:
    while isinstance(node, nodes.Filter) and node.node is not None:
        node = node.node
    personal = personalization_of(node)
    found = personal[:2] if personal else property_of(node, scope)
    return column_of(*found) if found else None


def _literal(node: nodes.Node) -> object | None:
    match node:
        case nodes.Const():
            constant: object = node.value
            return constant
        case nodes.List(items=items) | nodes.Tuple(items=items) if all(isinstance(i, nodes.Const) for i in items):
            return tuple(item.value for item in items if isinstance(item, nodes.Const))
    return None


def _compared(op: str, left: nodes.Node, right: nodes.Node, scope: Scope) -> Comparison | None:
    column, literal = _column(left, scope), _literal(right)
    if column and literal is not None:
        return Comparison(column, _OPS[op], literal)
    column, literal = _column(right, scope), _literal(left)
    if column and literal is not None:
        return Comparison(column, "contains" if op in ("in", "notin") else _OPS[_FLIPPED.get(op, op)], literal)
    return None


def _walk(node: nodes.Node, scope: Scope) -> Iterator[Comparison]:
    match node:
        case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]):
            if found := _compared(op, left, right, scope):
                yield found
                return
        case nodes.Test(node=inner, name=name, args=[arg]) if name in _TESTS:
            column, literal = _column(inner, scope), _literal(arg)
            if column and literal is not None:
                yield Comparison(column, _TESTS[name], literal)
                return
        case nodes.Expr() if column := _column(node, scope):
            yield Comparison(column, "truthy")
            return
    for child in node.iter_child_nodes():
        yield from _walk(child, scope)


def comparisons(tree: nodes.Node, scope: Scope) -> tuple[Comparison, ...]:
    """Every comparison of a property with a literal, and every property that is only asked for being there."""
    return tuple(dict.fromkeys(_walk(tree, scope)))

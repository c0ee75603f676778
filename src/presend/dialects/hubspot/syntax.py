"""HubL expressions: Jinja2's lexer and parser, bent to the grammar of Jinjava's expression language.

Differences that matter: `not` binds tighter than comparisons, `==` looser than `<`, `~` and `+` are alike, there are
`a ? b : c`, `&&`, `||`, `!`, `empty x`, and operators in words (eq, ne, lt, le, gt, ge, div, mod).
"""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import Environment, TemplateError, nodes
from jinja2.parser import Parser


class ExpressionError(Exception):
    """An expression HubSpot cannot parse; the message is the reason."""


_MAX_DEPTH = 120
"""Deeper trees than this are refused: nobody writes them, and closures must not meet Python's recursion limit."""

_PIECES = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|&&|\|\||!(?!=)|[?;]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?![\\'\"ntr])")
_REWRITE = {"&&": " and ", "||": " or ", "!": " not ", "?": ";"}
_EQUALITY = {"eq": "eq", "ne": "ne", "name:eq": "eq", "name:ne": "ne"}
_ORDER = {"lt": "lt", "lteq": "lteq", "gt": "gt", "gteq": "gteq"}
_ORDER |= {"name:lt": "lt", "name:le": "lteq", "name:gt": "gt", "name:ge": "gteq"}
_SUM: dict[str, type[nodes.BinExpr]] = {"add": nodes.Add, "sub": nodes.Sub}
_PRODUCT: dict[str, type[nodes.BinExpr]] = {
    "mul": nodes.Mul,
    "div": nodes.Div,
    "floordiv": nodes.FloorDiv,
    "mod": nodes.Mod,
    "pow": nodes.Pow,
    "name:div": nodes.Div,
    "name:mod": nodes.Mod,
}
_OPERANDS = frozenset({"name", "string", "integer", "float", "lparen", "lbracket", "lbrace"})
_WORDS = frozenset({"and", "or", "not", "is", "in", "if", "else", "eq", "ne", "lt", "le", "gt", "ge", "div", "mod"})


def _rewrite(found: re.Match[str]) -> str:
    piece = found.group()
    if piece[0] in "'\"":
        # Jinja2 would read more escapes than HubL has, and would warn of those it does not know.
        return _ESCAPE.sub(r"\\\\", piece)
    if piece == ";":
        raise ExpressionError("unexpected ';'")
    return _REWRITE[piece]


class _HublParser(Parser):
    """Jinja2's parser with Jinjava's levels of precedence, loosest first."""

    def _operator(self, table: dict[str, str]) -> str | None:
        token = self.stream.current
        found = table.get(token.type) or table.get(f"name:{token.value}" if token.type == "name" else "")
        if found:
            next(self.stream)
        return found

    def parse_condexpr(self) -> nodes.Expr:
        expr = self.parse_or()
        if self.stream.skip_if("name:if"):
            test = self.parse_condexpr()
            other = self.parse_condexpr() if self.stream.skip_if("name:else") else None
            return nodes.CondExpr(test, expr, other)
        if self.stream.skip_if("semicolon"):
            chosen = self.parse_condexpr()
            self.stream.expect("colon")
            return nodes.CondExpr(expr, chosen, self.parse_condexpr())
        return expr

    def parse_and(self) -> nodes.Expr:
        left = self._parse_equality()
        while self.stream.skip_if("name:and"):
            left = nodes.And(left, self._parse_equality())
        return left

    def _parse_equality(self) -> nodes.Expr:
        left = self._parse_order()
        while op := self._operator(_EQUALITY):
            left = nodes.Compare(left, [nodes.Operand(op, self._parse_order())])
        return left

    def _parse_order(self) -> nodes.Expr:
        left = self.parse_math1()
        while True:
            if op := self._operator(_ORDER):
                pass
            elif self.stream.skip_if("name:in"):
                op = "in"
            elif self.stream.current.test("name:not") and self.stream.look().test("name:in"):
                self.stream.skip(2)
                op = "notin"
            else:
                return left
            left = nodes.Compare(left, [nodes.Operand(op, self.parse_math1())])

    def parse_math1(self) -> nodes.Expr:
        left = self.parse_math2()
        while True:
            kind = self.stream.current.type
            if kind == "tilde":
                next(self.stream)
                left = nodes.Concat([left, self.parse_math2()])
            elif kind in _SUM:
                next(self.stream)
                left = _SUM[kind](left, self.parse_math2())
            else:
                return left

    def parse_math2(self) -> nodes.Expr:
        left = self.parse_unary()
        while True:
            token = self.stream.current
            kind = f"name:{token.value}" if token.type == "name" else token.type
            if kind not in _PRODUCT:
                return left
            next(self.stream)
            left = _PRODUCT[kind](left, self.parse_unary())

    def parse_unary(self, with_filter: bool = True) -> nodes.Expr:
        token = self.stream.current
        if token.test("name:not"):
            next(self.stream)
            return nodes.Not(self.parse_unary())
        if token.type == "sub":
            next(self.stream)
            return nodes.Neg(self.parse_unary())
        if token.test("name:empty") and self._operand_follows():
            next(self.stream)
            return nodes.Test(self.parse_unary(), "empty", [], [], None, None)
        node = self.parse_postfix(self.parse_primary())
        return self.parse_filter_expr(node) if with_filter else node

    def parse_primary(self, *args: bool, **kwargs: bool) -> nodes.Expr:
        if self.stream.current.type == "string" and self.stream.look().type == "string":
            # Jinja2 would join them; HubL's expressions know no such thing.
            raise ExpressionError("two texts stand side by side without a comma")
        return super().parse_primary(*args, **kwargs)

    def _operand_follows(self) -> bool:
        after = self.stream.look()
        return after.type in _OPERANDS and not (after.type == "name" and after.value in _WORDS)


_ENVIRONMENT = Environment(autoescape=True)
"""Only parsed with, never rendered: escaping is not its business."""


def _depth_within(root: nodes.Node, limit: int) -> bool:
    level: list[nodes.Node] = [root]
    for _ in range(limit):
        level = [child for node in level for child in node.iter_child_nodes()]
        if not level:
            return True
    return False


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> nodes.Expr:
    """The tree of one expression; an empty one is the empty string, as in Jinjava. Raises ExpressionError."""
    if not text.strip():
        return nodes.Const("")
    try:
        parser = _HublParser(_ENVIRONMENT, _PIECES.sub(_rewrite, text), state="variable")
        tree = parser.parse_expression()
        if not parser.stream.eos:
            raise ExpressionError(f"'{parser.stream.current.value}' is not expected there")
    except TemplateError as error:
        raise ExpressionError(error.message or "it does not parse") from error
    except (RecursionError, ValueError, ArithmeticError) as error:
        raise ExpressionError("it does not parse") from error
    if not _depth_within(tree, _MAX_DEPTH):
        raise ExpressionError("it is nested too deeply")
    return tree

"""A recursive-descent parser for the part of HubL that the vendor notes describe (section 3.1).

Trees are plain tuples. Anything outside that part raises Unknown, also where Jinjava would accept it.
"""

from __future__ import annotations

import re
from typing import Any

from tests.oracles.worlds import Unknown

Tree = tuple[Any, ...]
TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"[^"\\]*"|'[^'\\]*')
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>==|!=|<=|>=|&&|\|\||[<>!?:~|()\[\],.=+*/%-])
    )""",
    re.VERBOSE,
)
COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}
BINDS_DIFFERENTLY = COMPARISONS | {"|", "~", "+", "-", "*", "/", "%", "is", "in", "not"}
RAW = re.compile(r"\{%\s*raw\s*%\}(.*?)\{%\s*endraw\s*%\}", re.DOTALL)
WORDS = {"and", "or", "not", "is", "in", "if", "else"}


def parse_template(source: str) -> list[Tree]:
    """The template as a list of ("text", s), ("out", tree), ("if", branches), ("for", …), ("set", …)."""
    parser = _Template(_split(source))
    nodes, stopped_by = parser.block(set())
    if stopped_by is not None:
        raise Unknown(f"nothing to close: {stopped_by}")
    return nodes


def _split(source: str) -> list[tuple[str, str]]:
    """Cut into ("text" | "out" | "tag", body); comments are dropped and raw is text."""
    pieces: list[tuple[str, str]] = []
    position = 0
    while True:
        starts = [at for at in (source.find(opener, position) for opener in ("{{", "{%", "{#")) if at >= 0]
        if not starts:
            pieces.append(("text", source[position:]))
            return pieces
        start = min(starts)
        pieces.append(("text", source[position:start]))
        raw = RAW.match(source, start)
        if raw:
            pieces.append(("text", raw.group(1)))
            position = raw.end()
        elif source.startswith("{#", start):
            end = source.find("#}", start + 2)
            if source.startswith("{#}", start):
                raise Unknown("whether the # closes what it opened")
            if end < 0:
                return pieces  # S10, the end token: what follows is all comment
            position = end + 2
        else:
            position = _one_piece(source, start, pieces)


def _one_piece(source: str, start: int, pieces: list[tuple[str, str]]) -> int:
    kind, closer = ("out", "}}") if source.startswith("{{", start) else ("tag", "%}")
    quote = ""
    at = start + 2
    while at < len(source):
        char = source[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif source.startswith(closer, at):
            body = source[start + 2 : at]
            if body[:1] == "{":
                raise Unknown("3.1 says nothing of triple braces")
            pieces.append((kind, _untrimmed(body, kind, source[:start], source[at + 2 :])))
            return at + 2
        at += 1
    raise Unknown("a tag never closed")


def _untrimmed(body: str, kind: str, before: str, after: str) -> str:
    """The body without the marks of whitespace control, which 3.1 does not describe: certain without white space."""
    left, right = body[:1] == "-", body[-1:] == "-"
    if (left or right) and (kind == "tag" or (left and before[-1:].isspace()) or (right and after[:1].isspace())):
        raise Unknown("3.1 says nothing of whitespace control")
    return body[left : len(body) - right]


class _Template:
    def __init__(self, pieces: list[tuple[str, str]]) -> None:
        self.pieces = pieces
        self.at = 0

    def block(self, closers: set[str]) -> tuple[list[Tree], str | None]:
        nodes: list[Tree] = []
        while self.at < len(self.pieces):
            kind, body = self.pieces[self.at]
            self.at += 1
            if kind == "text":
                nodes.append(("text", body))
                continue
            if kind == "out":
                nodes.append(("out", parse_expression(body)))
                continue
            keyword, _, rest = body.strip().partition(" ")
            if keyword in closers:
                self.rest = rest.strip()
                return nodes, keyword
            nodes.append(self.statement(keyword, rest.strip()))
        if closers:
            raise Unknown("3.2: rendering goes on after a missing end tag, how is not said")
        return nodes, None

    def statement(self, keyword: str, rest: str) -> Tree:
        if keyword in {"if", "unless"}:
            return self.condition(keyword, rest)
        if keyword == "for":
            match = re.fullmatch(r"([A-Za-z_]\w*)\s+in\s+(.+)", rest, re.DOTALL)
            if match is None or match.group(1) in WORDS:
                raise Unknown("one loop variable over one list")
            body, _ = self.closed_by("endfor")
            return "for", match.group(1), parse_expression(match.group(2)), body
        if keyword == "set":
            match = re.fullmatch(r"([A-Za-z_]\w*)\s*=(?!=)\s*(.+)", rest, re.DOTALL)
            if match is None or match.group(1) in WORDS | {"contact", "loop"}:
                raise Unknown("set one name to one value")
            return "set", match.group(1), parse_expression(match.group(2))
        if keyword == "macro":
            if re.fullmatch(r"[A-Za-z_]\w*\(\s*\)", rest) is None:
                raise Unknown("a macro with parameters")
            self.closed_by("endmacro")
            return "text", ""  # what it prints, it prints where it is called
        raise Unknown(f"3.1: a tag of HubSpot's own, or none: {keyword}")

    def closed_by(self, closer: str) -> tuple[list[Tree], str | None]:
        body, stopped_by = self.block({closer})
        self.no_rest()
        return body, stopped_by

    def no_rest(self) -> None:
        if self.rest:
            raise Unknown("words after a tag that takes none")

    def condition(self, keyword: str, rest: str) -> Tree:
        test = parse_expression(rest)
        branches: list[Tree] = []
        current: Tree | None = ("not", test) if keyword == "unless" else test
        end = f"end{keyword}"
        closers = {"elif", "else", end} if keyword == "if" else {"else", end}
        while True:
            body, stopped_by = self.block(closers)
            branches.append((current, body))
            if stopped_by == "elif":
                current = parse_expression(self.rest)
                continue
            self.no_rest()
            if stopped_by == end:
                return "if", branches
            current, closers = None, {end}


def parse_expression(text: str) -> Tree:
    """One expression; Unknown for everything the notes do not describe."""
    if not text.strip():
        return "literal", None  # 4.2 counts {{}} among what Jinjava takes; S10 resolves a blank expression to nothing
    parser = _Expression(_tokens(text))
    tree = parser.choice()
    if parser.peek() != ("end", ""):
        raise Unknown(f"left over: {parser.peek()}")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise Unknown("not a token")
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    return [*tokens, ("end", "")]


class _Expression:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at]

    def image(self) -> str:
        kind, image = self.peek()
        return "" if kind == "string" else image

    def take(self, image: str) -> bool:
        if self.image() == image and image:
            self.at += 1
            return True
        return False

    def need(self, image: str) -> None:
        if not self.take(image):
            raise Unknown(f"expected {image}")

    def choice(self) -> Tree:
        value = self.either()
        if self.take("?"):
            first = self.choice()
            self.need(":")
            return "choice", value, first, self.choice()
        if self.take("if"):
            test = self.choice()
            return "choice", test, value, self.choice() if self.take("else") else ("literal", None)
        return value

    def either(self) -> Tree:
        value = self.both()
        while self.take("or") or self.take("||"):
            value = ("or", value, self.both())
        return value

    def both(self) -> Tree:
        value = self.comparison()
        while self.take("and") or self.take("&&"):
            value = ("and", value, self.comparison())
        return value

    def comparison(self) -> Tree:
        value = self.joined()
        operator = self.image()
        if operator in COMPARISONS:
            self.at += 1
            value = ("compare", operator, value, self.joined())
        elif self.take("is"):
            negated = self.take("not")
            if self.name() != "defined":
                raise Unknown("3.1 names no expression tests, S10 leaves no doubt about this one alone")
            value = ("not", ("defined", value)) if negated else ("defined", value)
        if self.image() in COMPARISONS | {"is", "in", "not"}:
            raise Unknown("3.1 says nothing of chained comparisons, tests or membership")
        return value

    def joined(self) -> Tree:
        value = self.unary()
        while self.image() in {"~", "+"}:
            kind = "join" if self.take("~") else "sum"
            self.take("+")
            value = (kind, value, self.unary())
        return value

    def unary(self) -> Tree:
        if self.take("not") or self.take("!"):
            value: Tree = ("not", self.unary())
            if self.image() in BINDS_DIFFERENTLY:
                raise Unknown("how tightly a negation binds differs between Jinja and Jinjava")
            return value
        value = self.dotted()
        while self.take("|"):
            name = self.name()
            arguments = self.arguments() if self.image() == "(" else []
            value = ("filter", value, name, arguments)
        return value

    def dotted(self) -> Tree:
        value = self.primary()
        while True:
            if self.take("."):
                value = ("dot", value, self.name())
            elif self.image() == "(" and value[0] == "name":
                value = ("call", value[1], self.arguments())
            elif self.image() in {"(", "["}:
                raise Unknown("3.1 says nothing of methods and brackets")
            else:
                return value

    def name(self) -> str:
        kind, image = self.peek()
        if kind != "name" or image in WORDS:
            raise Unknown("expected a name")
        self.at += 1
        return image

    def arguments(self) -> list[Tree]:
        self.need("(")
        values: list[Tree] = []
        while not self.take(")"):
            values.append(self.choice())
            if self.image() != ")":
                self.need(",")
        return values

    def primary(self) -> Tree:
        kind, image = self.peek()
        if kind == "string":
            self.at += 1
            return "literal", image[1:-1]
        if kind == "number":
            self.at += 1
            return "literal", float(image) if "." in image else int(image)
        if self.take("("):
            value = self.choice()
            self.need(")")
            return value
        if self.take("["):
            items: list[Tree] = []
            while not self.take("]"):
                items.append(self.choice())
                if self.image() != "]":
                    self.need(",")
            return "list", items
        name = self.name()
        constants: dict[str, Any] = {"true": True, "True": True, "false": False, "False": False, "null": None}
        return ("literal", constants[name]) if name in constants else ("name", name)

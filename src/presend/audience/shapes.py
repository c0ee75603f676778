"""What `presend.audience.engine` asks of single cells, in DuckDB's SQL: cheap enough to ask of every recipient."""

from __future__ import annotations

from typing import assert_never

from presend.audience.engine import SHAPES, Fold, Shape

# What Python's str.strip() removes, as the JSON text of a cell holds it (control characters are escaped there).
_SPACE = (
    r"(?:[ \x{0085}\x{00A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]"
    r"|\\[nrtf]|\\u000[bB]|\\u001[c-fC-F]|\\u0085)*"
)

_SHAPE_SQL: dict[str, str] = {
    "absent": "{c} IS NULL",
    "null": "{c} = 'null'",
    "empty": "{c} = '\"\"'",
    "blank": "regexp_full_match({c}, '\"" + _SPACE + "\"')",
    "number": "left({c}, 1) NOT IN ('\"', '[', '{')",
    "nested": "left({c}, 1) IN ('[', '{')",
    "delimiter": "regexp_matches({c}, '\\*\\||\\|\\*|\\{\\{|\\}\\}|\\{%|%\\}|\\{#')",
    "markup": "regexp_matches({c}, '[&<>'']|\\\\\"')",
    "long": "length({c}) > 202",
    "other": "TRUE",
}

# A string that begins with a letter or a digit and has nothing that any other shape asks for: nearly every cell,
# told by a few searches for single characters instead of three regular expressions.
_PLAIN_SQL = "{c} >= '\"0' AND {c} < '\"{' AND strlen({c}) <= 202" + "".join(
    f" AND NOT contains({{c}}, '{character}')" for character in ("&", "<", ">", "''", "\\", "{", "}", "%", "|")
)

_SHAPE_CASE = (
    f"CASE WHEN {_PLAIN_SQL} THEN 'other' "
    + " ".join(f"WHEN {test} THEN '{shape}'" for shape, test in _SHAPE_SQL.items())
    + " END"
)

# The shapes of cells without anything to see, each by itself. White space begins with a space, with the backslash
# of an escape, or beyond ASCII: only such cells are worth a regular expression.
_LACKING_SQL: dict[str, str] = {shape: _SHAPE_SQL[shape] for shape in ("absent", "null", "empty")} | {
    "blank": "({c} <> '\"\"' AND ({c} < '\"!' OR ({c} >= '\"\\' AND {c} < '\"]') OR {c} > '\"\u007f') AND "
    + _SHAPE_SQL["blank"]
    + ")"
}


def shape_of(cell: str) -> str:
    """The expression that gives a cell's shape as text."""
    return _SHAPE_CASE.replace("{c}", cell)


def any_of(cell: str, shapes: frozenset[Shape]) -> str:
    """The condition that a cell has one of the shapes; never NULL."""
    wanted = [shape for shape in SHAPES if shape in shapes]
    if shapes <= _LACKING_SQL.keys():
        tests = [_LACKING_SQL[shape].replace("{c}", cell) for shape in wanted]
        return f"COALESCE({' OR '.join(tests)}, FALSE)"
    names = ", ".join(f"'{shape}'" for shape in wanted)
    return f"({shape_of(cell)} IN ({names}))"


def folded(cell: str, fold: Fold) -> str:
    """A text cell in small letters, without quotes and blanks around it; NULL for what is no text of the fold."""
    text = f"CASE WHEN {cell} LIKE '\"%' THEN trim(lower({cell}), '\" ') END"
    match fold:
        case Fold.CASE:
            return text
        case Fold.MAILBOX:
            at = f"split_part({text}, '@', 2)"
            name = f"split_part(split_part({text}, '@', 1), '+', 1)"
            gmail = f"WHEN {at} IN ('gmail.com', 'googlemail.com') THEN replace({name}, '.', '')"
            return f"CASE {gmail} WHEN {at} <> '' AND {name} <> '' THEN {name} || '@' || {at} END"
        case _:
            assert_never(fold)


_IS_DAY = "{c} LIKE '\"____-__-__%'"


def day_of(cell: str) -> str:
    """The expression that gives the day of a time; NULL for what is none."""
    return f"CASE WHEN {_IS_DAY.replace('{c}', cell)} THEN substr({cell}, 2, 10) END"


def days_between(cell: str, since: str | None, until: str | None) -> str:
    """The condition that a time is on a day in [since, until); never NULL."""
    # A cell begins with its day, so that cells compare as their days do, at a third of the cost of taking days out.
    tests = [f"{cell} >= '\"{since[:10]}'"] if since else []
    tests += [f"{cell} < '\"{until[:10]}'"] if until else []
    return "COALESCE(" + " AND ".join([*tests, _IS_DAY.replace("{c}", cell)]) + ", FALSE)"


def days_after(cell: str, other: str) -> str:
    """The condition that a time is on a later day than another one; never NULL."""
    both = f"{_IS_DAY.replace('{c}', cell)} AND {_IS_DAY.replace('{c}', other)}"
    return f"COALESCE({both} AND left({cell}, 11) > left({other}, 11), FALSE)"

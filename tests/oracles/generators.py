"""Hypothesis strategies for templates of the three dialects and for the data that people really have.

A generated template knows its columns and its kind: "valid" templates use described constructs only, "broken"
ones hold some that are misspelt or torn, "hostile" ones mix languages and bury delimiters in text. Klaviyo
columns are dotted paths ("person.City"); `nested` makes a context of a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st

from tests.oracles import constructs

Platform = Literal["mailchimp", "klaviyo", "hubspot"]
Kind = Literal["valid", "broken", "hostile"]

PARTS = ("subject", "preview_text", "from_name", "html", "text", "link")
MAILCHIMP_FIELDS: list[dict[str, Any]] = [
    {"tag": "FNAME", "name": "First name", "type": "text", "required": False, "default": "", "merge_id": 1},
    {"tag": "LNAME", "name": "Last name", "type": "text", "required": False, "default": "friend", "merge_id": 2},
    {"tag": "POINTS", "name": "Points", "type": "number", "required": False, "default": "", "merge_id": 3},
    {"tag": "PLAN", "name": "Plan", "type": "dropdown", "required": False, "default": "", "merge_id": 4},
    {"tag": "WEBSITE", "name": "Website", "type": "url", "required": False, "default": "", "merge_id": 5},
    {"tag": "BDAY", "name": "Birthday", "type": "birthday", "required": False, "default": "", "merge_id": 6},
    {"tag": "ADDRESS", "name": "Address", "type": "address", "required": False, "default": "", "merge_id": 7},
]
MAILCHIMP_GROUPS = {"Topic": ["News", "Events & more"], "Cadence": ["Weekly"]}
KLAVIYO_COLUMNS = ("first_name", "last_name", "email", "person.City", "person.Points", "person.vip", "person.tags")
HUBSPOT_PROPERTIES: list[dict[str, Any]] = [
    {"name": "firstname", "type": "string"},
    {"name": "lastname", "type": "string"},
    {"name": "city", "type": "string"},
    {"name": "vip", "type": "bool"},
    {"name": "points", "type": "number"},
]
HUBSPOT_DEFAULTS = {"lastname": "friend"}

TEMPLATE_SYNTAX = (
    "*|FNAME|*", "*|", "|*", "*|IF:FNAME|*", "*|END:IF|*", "{{ first_name }}", "{{", "}}", "{% if x %}", "{% endif %}",
    "{#", "#}", "{{ contact.firstname }}", "{% raw %}", "[FIRST_NAME]", "%%FNAME%%", "<<Name>>", "{FirstName}",
)  # fmt: skip
SCRIPTS = (
    "محمد",
    "李雷",
    "さくら",
    "Ольга",
    "Zoë",
    "Zoe\u0308",
    "👩‍👩‍👧",
    "İpek",
    "Weiß",
    "Ὀδυσσεύς",
    "e\u0301\u0301\u0301",
    "\u202eAnn",
)
BLANKS = ("", " ", "   ", "\u00a0", "\u200b", "\u3000", "\t", "\n", "\r\n")
MARKUP = ("Tom & Jo", "<b>Ann</b>", "<script>x</script>", "O'Brien", '"Ann"', "&amp;", "a < b > c", "'); --", "\\n")
JUNK = ("N/A", "-", "test", "asdf", "ANN", "ann", "null", "None", "false", "False", "0", "no", "ann@example.com")


@dataclass(frozen=True, slots=True)
class Template:
    """A source, the columns that it reads and how well-meant it is."""

    source: str
    columns: tuple[str, ...]
    kind: Kind
    django_only: bool = True
    """Klaviyo: whether it uses nothing but Django's own tags and filters."""


@cache
def plain_values() -> st.SearchStrategy[Any]:
    """What a tidy audience holds. Strategies are kept: making one anew for every draw costs more than drawing."""
    return st.sampled_from(("Ann", "Bo", "mcdonald", "Jean Paul", "Paris", "pro", "basic", "7", "250", "2026-11-20"))


TIDY: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(
        ("FNAME", "LNAME", "first_name", "last_name", "firstname", "lastname"), ("Ann", "Bo", "Zoë", "Ольга")
    ),
    **dict.fromkeys(("POINTS", "person.Points", "points"), (7, 99, 250, 1000)),
    "PLAN": ("pro", "basic"),
    "WEBSITE": ("https://example.com/ann", "https://example.org"),
    "BDAY": ("11/20", "02/29"),
    "ADDRESS": ({"addr1": "1 Main St", "city": "Springfield", "zip": "00000", "country": "US"},),
    "email": ("ann@example.com", "bo@example.org"),
    **dict.fromkeys(("person.City", "city"), ("Paris", "Lyon", "São Paulo")),
    "person.vip": (True, False),
    "vip": ("true", "false"),
    "person.tags": (["news", "vip"], []),
}
"""What each field is meant to hold."""


def tidy_rows(columns: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """One recipient whose fields all hold what they are meant to."""
    return st.fixed_dictionaries({column: st.sampled_from(TIDY[column]) for column in columns})


@cache
def hostile_values() -> st.SearchStrategy[Any]:
    """Everything an import may leave in a field; absence is `rows`' business."""
    texts = st.sampled_from((*BLANKS, *SCRIPTS, *MARKUP, *JUNK, *TEMPLATE_SYNTAX))
    numbers = st.one_of(st.integers(-(10**6), 10**18), st.sampled_from((0, 0.0, 40.0, 2.5, -1.25, 1e300, 1e-9)))
    long = st.builds(lambda text, times: (text or "x") * times, st.text(max_size=4), st.integers(500, 3000))
    lists = st.lists(st.one_of(texts, numbers, st.none()), max_size=4)
    objects = st.dictionaries(st.sampled_from(("addr1", "city", "items", "0", "a b")), texts, max_size=3)
    glued = st.builds(lambda left, right: left + right, texts, texts)
    free = st.text(max_size=30)
    return st.one_of(st.none(), st.booleans(), texts, texts, glued, free, numbers, long, lists, objects)


@cache
def values() -> st.SearchStrategy[Any]:
    """Tidy and hostile, about half and half."""
    return st.one_of(plain_values(), hostile_values())


@st.composite
def rows(draw: st.DrawFn, columns: tuple[str, ...]) -> dict[str, Any]:
    """One recipient: a key that is missing is absent; null, "" and blank are values."""
    return {column: draw(values()) for column in dict.fromkeys(columns) if draw(st.integers(0, 4))}


def nested(row: dict[str, Any]) -> dict[str, Any]:
    """A Klaviyo context of a row with dotted columns."""
    context: dict[str, Any] = {"person": {}}
    for column, value in row.items():
        head, _, tail = column.partition(".")
        if tail:
            context[head][tail] = value
        else:
            context[head] = value
    return context


@st.composite
def members(draw: st.DrawFn) -> dict[str, Any]:
    """A Mailchimp member with values for all fields and a choice of interests."""
    member: dict[str, Any] = draw(rows(tuple(str(field["tag"]) for field in MAILCHIMP_FIELDS)))
    member["EMAIL"] = "ann@example.com"
    member["interests"] = {
        title: draw(st.lists(st.sampled_from(names), unique=True)) for title, names in MAILCHIMP_GROUPS.items()
    }
    return member


@cache
def contacts() -> st.SearchStrategy[dict[str, Any]]:
    """A HubSpot contact."""
    return rows(tuple(str(row["name"]) for row in HUBSPOT_PROPERTIES))


@cache
def contexts() -> st.SearchStrategy[dict[str, Any]]:
    """A Klaviyo context."""
    return rows(KLAVIYO_COLUMNS).map(nested)


@cache
def literals() -> st.SearchStrategy[str]:
    """What stands between the tags."""
    return st.sampled_from(
        ("", " ", "Hi ", ", ", "!\n", "<p>", "</p>", "a | b * c", "100 %", "{ x }", "Ёлка 🎄", "&amp;")
    )


def _fill(patterns: tuple[str, ...], names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A pattern with NAME replaced by one of the names."""
    return st.builds(
        lambda pattern, name: pattern.replace("NAME", name), st.sampled_from(patterns), st.sampled_from(names)
    )


def _blocks(
    leaves: st.SearchStrategy[str], shapes: tuple[str, ...], conditions: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    """Leaves nested in blocks: a shape has COND and, for the bodies, ONE and TWO."""

    def build(shape: str, condition: str, one: str, two: str) -> str:
        head, _, rest = shape.replace("COND", condition, 1).partition("ONE")
        middle, mark, end = rest.partition("TWO")
        return f"{head}+{one}{middle}{two if mark else ''}{end}"

    def extend(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.builds(build, st.sampled_from(shapes), conditions, children, children)

    return st.recursive(leaves, extend, max_leaves=4)


def _sources(kind: Kind, good: st.SearchStrategy[str], bad: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pieces = good if kind == "valid" else st.one_of(good, bad)
    if kind == "hostile":
        noise = st.text(alphabet="*|{}%# \n'\"abIF:.", max_size=20)
        pieces = st.one_of(pieces, st.sampled_from((*TEMPLATE_SYNTAX, *MARKUP, *SCRIPTS, *BLANKS)), noise)
    return st.lists(st.builds(str.__add__, literals(), pieces), max_size=5).map("".join)


def _template(source: str, kind: Kind, spellings: Mapping[str, tuple[str, ...]], django_only: bool = True) -> Template:
    """The columns are those with a spelling that occurs in the source: more than it reads at times, never fewer."""
    columns = tuple(column for column, names in spellings.items() if any(name in source for name in names))
    return Template(source, columns, kind, django_only)


@cache
def mailchimp_templates(kind: Kind = "valid") -> st.SearchStrategy[Template]:
    """Mailchimp sources over MAILCHIMP_FIELDS and MAILCHIMP_GROUPS."""
    names = tuple(str(row["tag"]) for row in MAILCHIMP_FIELDS)
    conditions = _fill(constructs.MAILCHIMP_CONDITIONS, names)
    good = _blocks(_fill(constructs.MAILCHIMP_TAGS, names), constructs.MAILCHIMP_SHAPES, conditions)
    spellings = {str(row["tag"]): (str(row["tag"]), f"MERGE{row['merge_id']}") for row in MAILCHIMP_FIELDS}
    sources = _sources(kind, good, _fill(constructs.MAILCHIMP_BROKEN, names))
    return sources.map(lambda source: _template(source, kind, spellings))


@cache
def klaviyo_templates(kind: Kind = "valid", *, django_only: bool = True) -> st.SearchStrategy[Template]:
    """Klaviyo sources over KLAVIYO_COLUMNS; with `django_only` the stock engine can judge every one of them."""
    tags = constructs.KLAVIYO_TAGS if django_only else (*constructs.KLAVIYO_TAGS, *constructs.KLAVIYO_OWN)
    conditions = _fill(constructs.KLAVIYO_CONDITIONS, KLAVIYO_COLUMNS)
    good = _blocks(_fill(tags, KLAVIYO_COLUMNS), constructs.KLAVIYO_SHAPES, conditions)
    spellings = {column: (column.removeprefix("person."),) for column in KLAVIYO_COLUMNS}
    sources = _sources(kind, good, _fill(constructs.KLAVIYO_BROKEN, KLAVIYO_COLUMNS))
    return sources.map(lambda source: _template(source, kind, spellings, django_only))


@cache
def hubspot_templates(kind: Kind = "valid") -> st.SearchStrategy[Template]:
    """HubL sources over HUBSPOT_PROPERTIES; columns are the bare property names."""
    names = tuple(f"contact.{row['name']}" for row in HUBSPOT_PROPERTIES)
    conditions = _fill(constructs.HUBSPOT_CONDITIONS, names)
    good = _blocks(_fill(constructs.HUBSPOT_TAGS, names), constructs.HUBSPOT_SHAPES, conditions)
    spellings = {name.removeprefix("contact."): (name,) for name in names}
    sources = _sources(kind, good, _fill(constructs.HUBSPOT_BROKEN, names))
    return sources.map(lambda source: _template(source, kind, spellings))


@cache
def everyday_templates(platform: Platform) -> st.SearchStrategy[str]:
    """Sources of mails that work as their authors meant them to."""
    tags, conditions, shapes = constructs.EVERYDAY[platform]
    return _sources("valid", _blocks(st.sampled_from(tags), shapes, st.sampled_from(conditions)), st.nothing())


def templates(platform: Platform, kind: Kind = "valid") -> st.SearchStrategy[Template]:
    """Templates of one platform."""
    match platform:
        case "mailchimp":
            return mailchimp_templates(kind)
        case "klaviyo":
            return klaviyo_templates(kind)
        case "hubspot":
            return hubspot_templates(kind)

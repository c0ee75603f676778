"""The tags a Klaviyo template may use: Django's own that work there, and Klaviyo's.

Facts: Klaviyo Help Center "Message personalization reference" (4408802648731), "Catalog lookup tag reference"
(360004785571), "Date personalization" (115005257788). Django's control flow was verified to work there; `include`,
`extends`, `block`, `url` and a `load` of one's own are not available.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from presend.dialects.klaviyo.engine import DJANGO
from presend.dialects.klaviyo.values import Undecided, choose, session

_base, _stock = DJANGO.base, DJANGO.defaulttags
_Node: Any = DJANGO.base.Node
_TagError = _base.TemplateSyntaxError

_DATE_DIRECTIVES = frozenset("YmdBbAayjuwUWG%")


class TagNode(_Node):  # type: ignore[misc]  # Django has no types
    """A tag of Klaviyo's own, with what the analysis wants to know of any tag."""

    child_nodelists = ("nodelist",)

    def __init__(self, name: str, expressions: list[Any], asvar: str = "") -> None:
        self.name = name
        self.expressions = expressions
        self.asvar = asvar
        self.local_names: tuple[str, ...] = ()
        self.nodelist: Any = _base.NodeList()

    def store(self, context: Any, text: str) -> str:
        """Print the text, or keep it under the `as` name."""
        if not self.asvar:
            return text
        context[self.asvar] = text
        return ""


class ClockNode(TagNode):
    """Prints something of the moment at which the email is rendered."""

    def __init__(self, name: str, show: Callable[[datetime], str], asvar: str = "") -> None:
        super().__init__(name, [], asvar)
        self._show = show

    def render(self, context: Any) -> str:
        """What the clock of the rendering shows."""
        return self.store(context, self._show(session().now))


class OwnSourceNode(TagNode):
    """Prints something that only the platform can fill in, the same kind of thing for everybody: left as it is."""

    effect = ""

    def render(self, context: Any) -> str:
        """The tag's own source."""
        return self.store(context, str(self.source))


class UnknownNode(TagNode):
    """Prints something that cannot be known from here."""

    effect = ""
    reason = ""
    documented = True

    def render(self, context: Any) -> str:
        """Nothing: it stops."""
        del context
        raise Undecided(self.reason)


class CurrencyNode(TagNode):
    """`{% currency_format VALUE %}`: formats numbers; a text such as "$40" stays as it is [documented]."""

    def render(self, context: Any) -> str:
        """The text unchanged; for numbers the account's currency format is not known."""
        value = self.expressions[0].resolve(context)
        if isinstance(value, str) and value:
            try:
                float(value)
            except ValueError:
                shown: str = _base.render_value_in_context(value, context)
                return shown
        raise Undecided("how currency_format writes this value in the account's currency is not known")


def _bits(token: Any) -> tuple[str, list[str], str]:
    name, *bits = token.split_contents()
    if len(bits) >= 2 and bits[-2] == "as":
        return name, bits[:-2], bits[-1]
    return name, bits, ""


def _compiled(parser: Any, bits: list[str]) -> list[Any]:
    """The arguments' expressions; `name=value` counts by its value."""
    values = []
    for bit in bits:
        match = _base.kwarg_re.match(bit)
        values.append(parser.compile_filter(match[2] if match else bit))
    return values


def _own_source(effect: str, *, reads: bool = True) -> Callable[[Any, Any], Any]:
    def compile_tag(parser: Any, token: Any) -> Any:
        name, bits, asvar = _bits(token)
        node = OwnSourceNode(name, _compiled(parser, bits) if reads else [], asvar)
        node.effect = effect
        return node

    return compile_tag


def _unknown(reason: str, effect: str = "", end: str = "", local: tuple[str, ...] = ()) -> Callable[[Any, Any], Any]:
    def compile_tag(parser: Any, token: Any) -> Any:
        name, bits, asvar = _bits(token)
        node = UnknownNode(name, _compiled(parser, bits), asvar)
        node.effect, node.reason, node.local_names = effect, reason, local
        if end:
            node.local_names = (*local, asvar) if asvar else local
            node.nodelist = parser.parse((end,))
            parser.delete_first_token()
        return node

    return compile_tag


def _undocumented(end: str = "") -> Callable[[Any, Any], Any]:
    """Tags of Django's that no page of the vendor's names: whether they are there at all is open."""

    def compile_tag(parser: Any, token: Any) -> Any:
        name, _, asvar = _bits(token)
        node = UnknownNode(name, [], asvar)
        node.reason = f"whether Klaviyo has the tag {name} is not documented"
        node.documented = False
        if end:
            node.nodelist = parser.parse((end,))
            parser.delete_first_token()
        return node

    return compile_tag


def _currency(parser: Any, token: Any) -> Any:
    name, bits, asvar = _bits(token)
    if len(bits) != 1:
        raise _TagError("'currency_format' takes one argument")
    return CurrencyNode(name, _compiled(parser, bits), asvar)


def _today(parser: Any, token: Any) -> Any:
    del parser
    name, bits, asvar = _bits(token)
    if len(bits) != 1 or bits[0][:1] not in "\"'" or bits[0][:1] != bits[0][-1:] or len(bits[0]) < 2:
        raise _TagError("'today' takes a date format in quotes")
    pattern = bits[0][1:-1]

    def show(now: datetime) -> str:
        after_signs = pattern.replace("%%", "").split("%")[1:]
        if not asvar or any(part[:1] not in _DATE_DIRECTIVES for part in after_signs):
            raise Undecided("what the tag today prints in this form is not documented")
        return now.strftime(pattern)

    return ClockNode(name, show, asvar)


def _now(parser: Any, token: Any) -> Any:
    node = _stock.now(parser, token)

    def show(now: datetime) -> str:
        # The vendor's page gives the account's zone for current_* and today only.
        moments = (now, now.astimezone(UTC))
        texts = (DJANGO.defaultfilters.date(moment, node.format_string) for moment in moments)
        return str(choose("in which zone the tag now tells the time is not documented", *texts))

    return ClockNode("now", show, node.asvar or "")


def _current(show: Callable[[datetime], str]) -> Callable[[Any, Any], Any]:
    def compile_tag(parser: Any, token: Any) -> Any:
        del parser
        name, _, asvar = _bits(token)
        return ClockNode(name, show, asvar)

    return compile_tag


def _padded(number: int) -> str:
    reason = "whether current_day and current_month have a leading zero is not documented"
    return str(choose(reason, f"{number}", f"{number:02d}"))


def _if(parser: Any, token: Any) -> Any:
    """Django's `if`, which keeps the tokens of its branches: their places are needed for reports."""
    arms, tokens = [], []
    name = token.contents.split(None, 1)[0]
    while True:
        if name == "else":
            condition, until = None, ["endif"]
        else:
            bits = token.split_contents()[1:]
            condition, until = _stock.TemplateIfParser(parser, bits).parse(), ["elif", "else", "endif"]
        tokens.append(token)
        arms.append((condition, parser.parse(until)))
        token = parser.next_token()
        try:
            name = _branch(token)
        except _TagError as error:
            error.token = token  # the fault is the branch's, and not of the `if` above it
            raise
        if name == "endif":
            break
    node = _stock.IfNode(arms)
    node.arm_tokens = tokens
    return node


def _branch(token: Any) -> str:
    # As Django tells them apart: by the start for elif, by the whole for else and endif.
    if token.contents.startswith("elif"):
        return "elif"
    if token.contents in ("else", "endif"):
        return str(token.contents)
    raise _TagError(f'Malformed template tag at line {token.lineno}: "{token.contents}"')


_SKIPS = "the platform looks it up when it sends, and skips the recipient when it finds nothing"
_CUSTOM_OBJECT = "the account's custom objects are not known here"

CLOSERS = {
    "autoescape": "endautoescape",
    "catalog": "endcatalog",
    "comment": "endcomment",
    "customobject": "endcustomobject",
    "customobjects": "endcustomobjects",
    "filter": "endfilter",
    "for": "endfor",
    "if": "endif",
    "ifchanged": "endifchanged",
    "spaceless": "endspaceless",
    "verbatim": "endverbatim",
    "with": "endwith",
}
"""Tags that open a block, and the tag that closes it."""

COMPANIONS = {"elif": ("if",), "else": ("if", "ifchanged"), "empty": ("for",)}
"""Tags that stand inside a block, and the blocks they may stand in."""


def library() -> Any:
    """The tags, for a parser."""
    found = DJANGO.library.Library()
    found.tags = {name: function for name, function in _stock.register.tags.items() if name in _STOCK_TAGS}
    found.tags |= {name: _undocumented() for name in ("csrf_token", "debug", "lorem", "regroup", "resetcycle")}
    found.tags |= {
        "barcode": _unknown("the barcode is drawn by the platform", "content"),
        "catalog": _unknown(f"catalog item: {_SKIPS}", "catalog", "endcatalog", ("catalog_item", "catalog_id")),
        "coupon_code": _unknown(f"coupon code: {_SKIPS}", "coupon"),
        "currency_format": _currency,
        "current_day": _current(lambda now: _padded(now.day)),
        "current_month": _current(lambda now: _padded(now.month)),
        "current_month_name": _current(lambda now: now.strftime("%B")),
        "current_weekday": _current(lambda now: now.strftime("%A")),
        "current_year": _current(lambda now: f"{now.year}"),
        "customobject": _unknown(_CUSTOM_OBJECT, "content", "endcustomobject"),
        "customobjects": _unknown(_CUSTOM_OBJECT, "content", "endcustomobjects"),
        "filter": _undocumented("endfilter"),
        "has_category": _unknown("the categories of a catalog item are not known here", "catalog"),
        "if": _if,
        "manage_preferences": _own_source("footer"),
        "manage_preferences_link": _own_source("url"),
        "now": _now,
        "render_variable": _own_source("content", reads=False),
        "today": _today,
        "unsubscribe": _own_source("footer"),
        "unsubscribe_link": _own_source("url"),
        "update_property_link": _own_source("url"),
        "web_view": _own_source("footer"),
        "web_view_link": _own_source("url"),
    }
    return found


_STOCK_TAGS = frozenset(
    (
        "autoescape",
        "comment",
        "cycle",
        "firstof",
        "for",
        "ifchanged",
        "spaceless",
        "templatetag",
        "verbatim",
        "widthratio",
        "with",
    )
)

WHOLE_LINKS = frozenset({"unsubscribe", "manage_preferences", "web_view"})
"""Tags that print a whole link, so that inside an attribute they break the markup."""

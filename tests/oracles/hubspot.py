"""What a HubSpot marketing email prints for one contact, read slowly by an evaluator of its own.

Written from section 3 of the vendor notes (cited as H3.1, H3.2, and by row of the failure catalogue) and,
where they name Jinjava's source as proof (S10), from what that source does. What they
say that sources contradict each other about, and what they do not describe makes the whole text "unknown". Where
they leave a question open between answers that can be listed, the mail is read under every answer, and is "unknown"
only when two readings differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.oracles import hubl_filters
from tests.oracles.hubl_syntax import Tree, parse_template
from tests.oracles.hubl_values import text, truth
from tests.oracles.worlds import Unknown, World, same_in_every_world

MARKUP = set("&<>\"'")
DELIMITERS = ("{{", "{%", "{#")
# H3.2: filled by HubSpot from the account, the send or the CRM; a contact cannot tell what they print.
OPAQUE = {
    *("account", "association", "company", "content", "custom", "deal", "owner", "placeholder", "ticket"),
    *("site_settings", "subscription_confirmation_url", "subscription_name", "view_as_page_url"),
    *("unsubscribe_link", "unsubscribe_link_all", "unsubscribe_link_single"),
}
EMPTY_IS_MISSING = "an empty value counts as missing"
# The notes do not say how these print (a dropdown's label or its value, a date's format).
SHAPELESS = {"date", "datetime", "enumeration"}


@dataclass
class Mail:
    """One contact, what the account knows, and the variables set so far."""

    contact: dict[str, Any]
    types: dict[str, str]
    defaults: dict[str, str]
    programmable: bool
    world: World
    scopes: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    personal: list[set[str]] = field(default_factory=lambda: [set()])
    """By scope, the names of variables that were set from a token."""


def render(
    source: str,
    contact: dict[str, Any],
    *,
    properties: list[dict[str, Any]],
    defaults: dict[str, str],
    programmable: bool,
    part: str,
) -> tuple[str, str | None]:
    """Return ("printed", text) or ("unknown", None).

    `properties` rows carry name and type; `defaults` are the account's global defaults by property. `part` is
    taken for likeness with the other oracles: H3.2 marks escaping "in email" as [U], so that markup in a value
    is unknown in every part.
    """
    del part
    types = {str(row["name"]): str(row.get("type", "string")) for row in properties}
    try:
        nodes = parse_template(source)
        return "printed", same_in_every_world(
            lambda world: _nodes(nodes, Mail(contact, types, defaults, programmable, world))
        )
    except Unknown:
        return "unknown", None


def _nodes(nodes: list[Tree], mail: Mail) -> str:
    return "".join(_node(node, mail) for node in nodes)


def _node(node: Tree, mail: Mail) -> str:
    match node:
        case ("text", text):
            return str(text)
        case ("out", tree):
            return _safe(_printed(tree, mail))
        case ("if", branches):
            for test, body in branches:
                if test is None or truth(_value(test, mail)):
                    return _nodes(body, mail)
            return ""
        case ("set", name, tree):
            if name in OPAQUE:
                raise Unknown("H3.2: a name that HubSpot fills")
            value, personal = _value(tree, mail), _personal(tree, mail)
            mail.scopes[-1][name] = value
            mail.personal[-1].discard(name)
            mail.personal[-1] |= {name} if personal else set()
            return ""
        case ("for", name, tree, body):
            return _loop(name, tree, body, mail)
    raise Unknown(f"no such node: {node[0]}")


def _loop(name: str, tree: Tree, body: list[Tree], mail: Mail) -> str:
    items = _value(tree, mail)
    if not isinstance(items, list):
        raise Unknown("H3.1: loops over anything but a list are not described")
    # H3.2: what is set inside a loop is lost after it. S10: one scope for the whole loop, not one a turn.
    scope: dict[str, Any] = {}
    personal = {name} if _personal(tree, mail) else set()
    mail.scopes.append(scope)
    mail.personal.append(personal)
    out = []
    for index, item in enumerate(items):
        scope[name] = item
        scope["loop"] = {
            "index": index + 1,
            "index0": index,
            "revindex": len(items) - index,
            "revindex0": len(items) - index - 1,
            "first": index == 0,
            "last": index == len(items) - 1,
            "length": len(items),
        }
        out.append(_nodes(body, mail))
    mail.scopes.pop()
    mail.personal.pop()
    return "".join(out)


def _printed(tree: Tree, mail: Mail) -> str:
    """An output tag; a bare token and a bare personalization_token work in every email (H3.2)."""
    match tree:
        case ("dot", ("name", "contact"), name):
            value = _property(name, mail)
            if value is None and name in mail.defaults:
                return mail.defaults[name]
            if value == "" and name in mail.defaults and mail.world.holds(EMPTY_IS_MISSING):
                return mail.defaults[name]
            return text(value)
        case ("call", "personalization_token", arguments):
            return text(_personalization_token(arguments, mail))
        case ("filter", ("dot", ("name", "contact"), property_name), name, arguments):
            return text(_filtered(_in_logic(property_name, mail), name, arguments, mail, True))
    return text(_value(tree, mail))


def _value(tree: Tree, mail: Mail) -> Any:
    if _personal(tree, mail) and not mail.programmable:
        raise Unknown("H3.2, row 59: a token inside logic needs programmable email")
    match tree:
        case ("literal", value):
            return value
        case ("list", items):
            return [_value(item, mail) for item in items]
        case ("name", name):
            return _variable(name, mail)
        case ("dot", ("name", "contact"), name):
            return _in_logic(name, mail)
        case ("dot", base, name):
            return _member(_value(base, mail), base, name)
        case ("call", "personalization_token", arguments):
            return _personalization_token(arguments, mail)
        case ("filter", base, name, arguments):
            return _filtered(_value(base, mail), name, arguments, mail, _personal(base, mail))
        case ("choice", test, first, second):
            return _value(first if truth(_value(test, mail)) else second, mail)
    return _operator(tree, mail)


def _operator(tree: Tree, mail: Mail) -> Any:
    match tree:
        case ("not", operand):
            return not truth(_value(operand, mail))
        case ("and", left, right):
            # H3.1: "and" yields a boolean.
            return truth(_value(left, mail)) and truth(_value(right, mail))
        case ("or", left, right):
            # S10 OrOperator: the first truthy operand, else the last.
            value = _value(left, mail)
            return value if truth(value) else _value(right, mail)
        case ("join", left, right):
            return text(_value(left, mail)) + text(_value(right, mail))
        case ("defined", operand):
            return _value(operand, mail) is not None  # S10 IsDefinedExpTest
        case ("sum", left, right):
            return _sum(_value(left, mail), _value(right, mail))
        case ("compare", operator, left, right):
            return _compare(operator, _value(left, mail), _value(right, mail))
    raise Unknown(f"H3.1 does not describe {tree[0]} {tree[1]}")


def _sum(left: Any, right: Any) -> Any:
    """Two numbers leave no doubt, a fraction making a double of both; of text and null the notes say nothing."""
    if _kind(left) != "number" or _kind(right) != "number":
        raise Unknown("arithmetic with anything but numbers is not described")
    if isinstance(left, int) and isinstance(right, int):
        if abs(left + right) >= 2**63:
            raise Unknown("more than a long holds")
        return left + right
    return float(left) + float(right)


def _compare(operator: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        # The expression language under Jinjava: null equals null alone; every order with one null is false.
        same = left is None and right is None
        return {"==": same, "!=": not same, "<=": same, ">=": same}.get(operator, False)
    kinds = {_kind(left), _kind(right)}
    if kinds == {"text", "boolean"} and operator in {"==", "!="}:
        # S10, TruthyTypeConverter: beside a boolean a text counts as what it is in a condition.
        return (truth(left) == truth(right)) == (operator == "==")
    if kinds not in ({"text"}, {"number"}, {"boolean"}):
        raise Unknown("the notes do not say how HubL compares different kinds")
    if operator in {"==", "!="}:
        return bool((left == right) == (operator == "=="))
    if kinds == {"boolean"}:
        raise Unknown("no order among booleans")
    if kinds == {"text"}:
        left, right = left.encode("utf-16-be"), right.encode("utf-16-be")
    return bool({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator])


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "other"


def _safe(printed: str) -> str:
    if MARKUP & set(printed):
        raise Unknown("H3.2: autoescape in email is [U]")
    if any(delimiter in printed for delimiter in DELIMITERS):
        raise Unknown("row 69: a delimiter inside data is [U]")
    return printed


def _property(name: str, mail: Mail) -> Any:
    value = mail.contact.get(name)
    if name not in mail.types:
        if name in mail.defaults:
            raise Unknown("a default for a property that nobody has")
        return None  # row 56: an unknown property is blank
    if value not in (None, "") and mail.types[name] in SHAPELESS:
        raise Unknown("the notes do not say how this kind of property prints")
    return value


def _filtered(value: Any, name: str, arguments: list[Tree], mail: Mail, personal: bool) -> Any:
    after = hubl_filters.apply(name, value, [_value(each, mail) for each in arguments])
    # H3.2, row 54: vendor pages disagree about filters on tokens in email.
    return after if not personal or mail.world.holds("filters on tokens work in email") else value


def _in_logic(name: str, mail: Mail) -> Any:
    value = _property(name, mail)
    missing = value is None or (value == "" and mail.world.holds(EMPTY_IS_MISSING))
    if not missing:
        return value
    if name in mail.defaults and mail.world.holds("logic sees the global default"):
        return mail.defaults[name]
    # H3.2: empty and absent are not distinguished in the docs.
    return "" if mail.world.holds("what is missing is empty text to logic") else None


def _personalization_token(arguments: list[Tree], mail: Mail) -> Any:
    match arguments:
        case [("literal", str(path)), ("literal", str(default))]:
            head, _, name = path.partition(".")
            if head != "contact" or name not in mail.types:
                raise Unknown("H3.2 describes the function for known contact properties")
            value = _property(name, mail)
            if value == "" and mail.world.holds(EMPTY_IS_MISSING):
                return default
            return default if value is None else value
    raise Unknown("H3.2: personalization_token takes a path and a fallback")


def _variable(name: str, mail: Mail) -> Any:
    for scope in reversed(mail.scopes):
        if name in scope:
            return scope[name]
    if name in OPAQUE or name == "contact":
        raise Unknown("H3.2: filled by HubSpot")
    raise Unknown('H3.2: undefined is "" unless failOnUnknownTokens, and HubSpot fills hundreds of names')


def _member(value: Any, base: Tree, name: str) -> Any:
    if value is None:
        return None
    if base == ("name", "loop") and isinstance(value, dict) and name in value:
        return value[name]
    raise Unknown("H3.1 does not describe this member")


def _personal(tree: Any, mail: Mail) -> bool:
    """Whether a token, or a variable set from one, occurs anywhere in the expression."""
    match tree:
        case ("literal", _):
            return False
        case ("name", name):
            held = [
                name in personal for scope, personal in zip(mail.scopes, mail.personal, strict=True) if name in scope
            ]
            return held[-1] if held else name == "contact" or name in OPAQUE
        case ("call", _, _):
            return True
    if isinstance(tree, tuple | list):
        return any(_personal(branch, mail) for branch in tree)
    return False

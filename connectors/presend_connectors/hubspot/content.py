"""A marketing email's module JSON as HTML, in the order of its layout, with smart content as passages; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from presend.model import Alternatives, Part, Passage

PREVIEW = "preview_text"
IN_LIST = "in_list:"
"""Prefix of columns that tell who is in a list; a property's name has no colon."""

_TEXTS = ("html", "rich_text", "value")
_MORE = ("heading", "subheading", "title", "text", "content", "caption", "label")
_DEPTH = 12

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What an email says."""

    html: str
    preview_text: str
    text: str | None
    programmable: bool
    footer: bool
    """HubSpot's own footer module prints address and links, without a tag in the JSON."""
    alternatives: tuple[Alternatives, ...] = ()
    lists: frozenset[str] = frozenset()
    """Lists that decide who gets which smart content."""
    unread: tuple[str, ...] = ()
    """Sentences about content that could not be read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One variant of a smart module: for members of any of the lists, or for whom nobody can tell."""

    lists: tuple[str, ...]
    html: str
    name: str = ""


@dataclass(slots=True)
class _Page:
    """The HTML as it grows, and where smart content stands in it."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    groups: list[Alternatives] = field(default_factory=list)

    def write(self, text: str) -> tuple[int, int]:
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start, self.length


def read_content(content: JSON, list_names: Mapping[str, str] | None = None) -> Content:
    """The content of an email. Never raises: what is not understood is said in `unread`."""
    widgets = {str(name): widget for name, widget in _dict(content.get("widgets")).items() if isinstance(widget, dict)}
    smart, unread = _smart(content.get("smartFields"), widgets)
    page = _Page()
    programmable = footer = False
    for name, body in _bodies(content, widgets):
        programmable = programmable or body.get("isEnabledForEmailV3Rendering") is True
        footer = footer or str(body.get("path", "")).endswith("email_footer")
        _module(page, render(body), smart.get(name, ()), list_names or {})
        page.write("\n")
    text = content.get("plainTextVersion")
    preview = _dict(_dict(widgets.get(PREVIEW)).get("body")).get("value")
    return Content(
        html="".join(page.pieces),
        preview_text=preview if isinstance(preview, str) else "",
        text=text if isinstance(text, str) and text.strip() else None,
        programmable=programmable,
        footer=footer,
        alternatives=tuple(page.groups),
        lists=frozenset(one for rules in smart.values() for rule in rules for one in rule.lists),
        unread=unread,
    )


def _module(page: _Page, html: str, rules: Sequence[Rule], list_names: Mapping[str, str]) -> None:
    """One module: its smart variants in the order of their rules, then what everybody else gets."""
    passages = []
    for rule in rules:
        start, end = page.write(rule.html)
        where = " or ".join(list_names.get(one, one) for one in rule.lists)
        passages.append(
            Passage(
                start,
                end,
                tuple(f"{IN_LIST}{one}" for one in rule.lists),
                f"the list {where}" if rule.lists else (rule.name or "smart content"),
                "" if rule.lists else "HubSpot does not tell by API who gets this smart content",
            )
        )
    start, end = page.write(html)
    if passages:
        page.groups.append(Alternatives(Part.HTML, (*passages, Passage(start, end))))


# -- the modules, in order


def _bodies(content: JSON, widgets: Mapping[str, JSON]) -> Iterator[tuple[str, JSON]]:
    """Module bodies with their ids: as laid out, then those the layout does not name, by their own order."""
    placed = [name for name in _layout(content) if name in widgets]
    rest = [name for name in widgets if name not in set(placed) and name != PREVIEW]
    rest.sort(key=lambda name: _order(widgets[name]))
    for name in dict.fromkeys([*placed, *rest]):
        yield name, _dict(widgets[name].get("body"))
    for container in _dict(content.get("widgetContainers")).values():
        for widget in _list(_dict(container).get("widgets")):
            yield str(_dict(widget).get("id", "")), _dict(_dict(widget).get("body"))


def _layout(content: JSON) -> Iterator[str]:
    for area in _dict(content.get("flexAreas")).values():
        for section in _list(_dict(area).get("sections")):
            for column in _list(_dict(section).get("columns")):
                for widget in _list(_dict(column).get("widgets")):
                    yield str(widget.get("id", "") if isinstance(widget, dict) else widget)


def _order(widget: JSON) -> float:
    order = widget.get("order")
    return float(order) if isinstance(order, int | float) else float("inf")


# -- one module


def render(body: JSON) -> str:
    """The HTML of a module's body: its own, a button as a link, an image with its link.

    Of a module that presend does not know, every text that stands under a usual name or holds a tag is shown.
    """
    pieces = [body[key] for key in _TEXTS if isinstance(body.get(key), str)]
    used = set(_TEXTS)
    if isinstance(body.get("img"), dict):
        pieces.append(_image(body["img"], _address(body.get("link"))))
        used |= {"img", "link"}
    target = _address(body.get("destination")) or ("" if "link" in used else _address(body.get("link")))
    if target and isinstance(body.get("text"), str):
        pieces.append(f"<p>{_link(target, body['text'])}</p>")
        used |= {"text", "destination", "link"}
    pieces += [f"<p>{text}</p>" for text in _others(body, used)]
    return "".join(pieces)


def _address(value: Any, depth: int = 0) -> str:
    """A link's target: a text, or a text under url, then href."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and depth < 3:
        return _address(value.get("url", value.get("href")), depth + 1)
    return ""


def _quoted(value: str) -> str:
    return f"'{value}'" if '"' in value and "'" not in value else f'"{value}"'


def _link(target: str, inner: str) -> str:
    return f"<a href={_quoted(target)}>{inner}</a>"


def _image(image: JSON, target: str) -> str:
    shown = f"<img src={_quoted(str(image.get('src') or ''))} alt={_quoted(str(image.get('alt') or ''))}>"
    return _link(target, shown) if target else shown


def _others(value: Any, used: set[str], depth: int = 0) -> Iterator[str]:
    """Texts under usual names, and texts anywhere that hold a tag."""
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if depth == 0 and key in used:
                continue
            if isinstance(inner, str):
                if (key in _MORE and inner.strip()) or "{{" in inner or "{%" in inner:
                    yield inner
            else:
                yield from _others(inner, used, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _others({"": inner} if isinstance(inner, str) else inner, used, depth + 1)


# -- smart content


def _smart(fields: Any, widgets: Mapping[str, JSON]) -> tuple[dict[str, tuple[Rule, ...]], tuple[str, ...]]:
    """Rules by widget, and what could not be read. The shape is not published; two plausible ones are understood."""
    found: dict[str, tuple[Rule, ...]] = {}
    unread: list[str] = []
    for key, value in _dict(fields).items():
        name = str(_dict(value).get("widgetId") or _dict(value).get("widget_id") or key)
        rules = tuple(_rules(value))
        if not rules or name not in widgets:
            unread.append(f"smart content of {name} is in a form that presend does not know: look at its variants")
        else:
            found[name] = found.get(name, ()) + rules
    return found, tuple(unread)


def _rules(value: Any, depth: int = 0) -> Iterator[Rule]:
    """Everything inside that has a body of its own, in order."""
    if isinstance(value, dict) and depth < _DEPTH:
        body = value.get("body")
        if isinstance(body, dict):
            yield Rule(tuple(dict.fromkeys(_lists(value))), render(body), str(value.get("name") or ""))
            return
        for inner in value.values():
            yield from _rules(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _rules(inner, depth + 1)


def _lists(value: Any, depth: int = 0) -> Iterator[str]:
    if not isinstance(value, dict) or depth > _DEPTH:
        return
    for key, inner in value.items():
        if key in ("listId", "listIds") and isinstance(inner, str | int | list):
            yield from (str(one) for one in (inner if isinstance(inner, list) else [inner]))
        elif key != "body":
            yield from _lists(inner, depth + 1)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

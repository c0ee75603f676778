"""Builds a marketing email's module JSON, as HubSpot's editor leaves it, from a world's plain description."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from presend_sandbox.hubspot.state import JSON

_MODULE_IDS = {
    "@hubspot/rich_text": 1155639,
    "@hubspot/email_footer": 2869621,
    "@hubspot/email_button": 1976948,
    "@hubspot/email_linked_image": 1367093,
}
_LINK = re.compile(r"<a\b[^>]*?href=\"([^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|h\d|li|tr|div|td)>")
_DROPPED = re.compile(r"<!--.*?-->|<(style|head)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def plain_text(markup: str) -> str:
    """The plain-text part that HubSpot makes from the modules when nobody wrote one: links become "text (target)"."""
    text = _LINK.sub(r"\2 (\1)", _DROPPED.sub("", markup))
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def build_content(campaign: Mapping[str, Any], frame: Mapping[str, Any], smart_shape: str) -> JSON:
    """The `content` of a marketing email.

    `campaign` has `modules` (tables with html; or button and url; or image, alt and link; or footer = true),
    `preview_text`, `text` (left out: made from the modules) and `smart` variants (module number, list, html).
    `frame` gives what several campaigns share: the html of `head` and `foot`, and `middle`, modules between the
    campaign's own and the foot.
    """
    modules = [
        *_framed(frame, "head"),
        *campaign.get("modules", ()),
        *frame.get("middle", ()),
        *_framed(frame, "foot"),
    ]
    offset = len(_framed(frame, "head"))
    widgets: JSON = {"preview_text": _preview(str(campaign.get("preview_text", "")))}
    sections = []
    for index, module in enumerate(modules):
        name = f"module-{index}-0-0"
        widgets[name] = _widget(name, index + 1, module)
        sections.append(_section(index, name))
    shown = "\n".join(_visible(module) for module in modules)
    return {
        "templatePath": campaign.get("template_path", "@hubspot/email/dnd/Start_from_scratch.html"),
        "plainTextVersion": campaign.get("text", plain_text(shown)),
        "flexAreas": {"main": {"boxed": False, "isSingleColumnFullWidth": False, "sections": sections}},
        "widgets": widgets,
        "widgetContainers": {},
        "smartFields": _smart_fields(campaign.get("smart", ()), offset, smart_shape),
        "styleSettings": {"backgroundColor": "#EAF0F6", "bodyColor": "#FFFFFF", "primaryFont": "Arial, sans-serif"},
        "themeSettingsValues": {},
    }


def _framed(frame: Mapping[str, Any], part: str) -> list[JSON]:
    markup = frame.get(part)
    if not markup:
        return []
    return [{"footer": True}] if markup == "module" else [{"html": markup}]


def _section(index: int, widget: str) -> JSON:
    return {
        "id": f"section-{index}",
        "columns": [{"id": f"column-{index}-0", "widgets": [widget], "width": 12}],
        "style": {"backgroundColor": "", "backgroundType": "CONTENT", "paddingBottom": "10px", "paddingTop": "10px"},
    }


def _widget(name: str, order: int, module: Mapping[str, Any]) -> JSON:
    body = _body(module)
    return {
        "id": name,
        "name": name,
        "label": None,
        "order": order,
        "type": "module",
        "module_id": _MODULE_IDS[body["path"]],
        "body": body,
        "child_css": {},
        "css": {},
        "styles": {},
    }


def _body(module: Mapping[str, Any]) -> JSON:
    shared: JSON = {"css_class": "dnd-module", "schema_version": 2}
    if "button" in module:
        return shared | {"path": "@hubspot/email_button", "text": module["button"], "destination": module["url"]}
    if "image" in module:
        image = {"src": module["image"], "alt": module.get("alt", ""), "width": 600, "height": 240}
        return shared | {"path": "@hubspot/email_linked_image", "img": image, "link": module.get("link", "")}
    if module.get("footer"):
        return shared | {"path": "@hubspot/email_footer", "align": "center", "unsubscribe_link_type": "both"}
    return shared | {"path": "@hubspot/rich_text", "html": module["html"]} | _programmable(module)


def _programmable(module: Mapping[str, Any]) -> JSON:
    return {"isEnabledForEmailV3Rendering": True} if module.get("programmable") else {}


def _visible(module: Mapping[str, Any]) -> str:
    if "button" in module:
        return f'<p><a href="{module["url"]}">{module["button"]}</a></p>'
    return str(module.get("html", ""))


def _preview(text: str) -> JSON:
    return {
        "id": "preview_text",
        "name": "preview_text",
        "label": "Preview text",
        "order": 0,
        "type": "text",
        "body": {"value": text},
        "child_css": {},
        "css": {},
        "styles": {},
    }


def _smart_fields(variants: Sequence[Mapping[str, Any]], offset: int, shape: str) -> JSON:
    """Variants per list. The shape is unpublished; both plausible ones keep the variant's body beside its list."""
    fields: JSON = {}
    for number, variant in enumerate(variants, start=1):
        widget = f"module-{offset + int(variant['module'])}-0-0"
        rule = {
            "id": f"rule-{number}",
            "name": variant.get("name", f"Variant {number}"),
            "criteria": {"type": "LIST_MEMBERSHIP", "listIds": [str(variant["list"])]},
            "body": {"path": "@hubspot/rich_text", "css_class": "dnd-module", "html": variant["html"]},
        }
        if shape == "by_widget":
            fields.setdefault(widget, {"id": widget, "type": "CONTACT_LIST", "rules": []})["rules"].append(rule)
        else:
            fields[f"definition-{number}"] = {"widgetId": widget, "smartType": "CONTACT_LIST", "values": {"1": rule}}
    return fields

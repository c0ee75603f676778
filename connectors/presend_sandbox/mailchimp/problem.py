"""Mailchimp's way of saying no: problem documents."""

from __future__ import annotations

from typing import Any

_TITLES = {
    400: "Invalid Resource",
    401: "API Key Invalid",
    403: "Forbidden",
    404: "Resource Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
}
_GLOSSARY = "https://mailchimp.com/developer/marketing/docs/errors/"


class Problem(Exception):
    """A refusal that becomes a problem document; `fields` names what was wrong with which field."""

    def __init__(self, status: int, detail: str, fields: dict[str, str] | None = None, title: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.fields = fields or {}
        self.title = title or _TITLES[status]

    def document(self, instance: str) -> dict[str, Any]:
        """The body; 400s list their fields."""
        body: dict[str, Any] = {
            "type": _GLOSSARY,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.status == 400:
            body["errors"] = [{"field": name, "message": text} for name, text in self.fields.items()]
        return body


def not_found() -> Problem:
    """The one answer for everything that is not there."""
    return Problem(404, "The requested resource could not be found.")


def bad_request(detail: str) -> Problem:
    """A request whose meaning is refused, without a field to blame."""
    return Problem(400, detail, title="Bad Request")

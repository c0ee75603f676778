"""HubSpot's way of saying no: one exception that carries everything its error bodies hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Context = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """A request that HubSpot answers with an error body; `context` maps names to lists of strings, as HubSpot does."""

    def __init__(
        self,
        status: int,
        category: str,
        message: str,
        *,
        context: Context | None = None,
        sub_category: str | None = None,
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.category = category
        self.message = message
        self.context = context
        self.sub_category = sub_category
        self.details = details
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The JSON error body."""
        body: dict[str, Any] = {"status": "error", "message": self.message, "correlationId": correlation_id}
        if self.category:
            body["category"] = self.category
        if self.sub_category:
            body["subCategory"] = self.sub_category
        if self.context is not None:
            body["context"] = {name: list(values) for name, values in self.context.items()}
        if self.details:
            body["errors"] = [dict(detail) for detail in self.details]
        return body | self.extra


def unauthenticated() -> Refusal:
    """No token, or one that HubSpot does not know."""
    return Refusal(401, "INVALID_AUTHENTICATION", "Authentication credentials not found or not valid for this account.")


def missing_scopes(needed: Sequence[str]) -> Refusal:
    """A valid token without one of the scopes that the operation needs."""
    return Refusal(
        403,
        "MISSING_SCOPES",
        "This app has not been granted all scopes that this call requires.",
        context={"requiredScopes": needed},
        details=[
            {
                "message": "One or more of these scopes are required.",
                "context": {"requiredGranularScopes": list(needed)},
            }
        ],
    )


def not_found(what: str, name: str) -> Refusal:
    """Something that the account does not hold."""
    return Refusal(404, "OBJECT_NOT_FOUND", f"No {what} with id {name} exists.", context={"id": [name]})


def invalid(message: str, *, code: str | None = None, context: Context | None = None) -> Refusal:
    """A request that HubSpot's validation turns down."""
    details = [{"message": message, "code": code, "context": dict(context or {})}] if code else []
    return Refusal(400, "VALIDATION_ERROR", message, context=context, details=details)


def rate_limited(policy: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """More requests than a limit allows: DAILY, TEN_SECONDLY_ROLLING or SECONDLY. There is no Retry-After."""
    spoken = {"DAILY": "daily", "TEN_SECONDLY_ROLLING": "ten_secondly_rolling", "SECONDLY": "secondly"}[policy]
    return Refusal(
        429,
        "",
        f"You have reached your {spoken} limit.",
        headers=headers,
        extra={"errorType": "RATE_LIMIT", "policyName": policy, "requestId": "sandbox"},
    )

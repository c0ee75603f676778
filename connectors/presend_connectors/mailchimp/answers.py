"""What Mailchimp's keys and refusals say."""

from __future__ import annotations

import re

import msgspec

from presend_connectors.mailchimp import wire
from presend_connectors.transport import Answer

_DATA_CENTRE = re.compile(r"[a-z]{2,4}\d{1,3}")
_ADDRESS = re.compile(r"\S+@\S+")


def data_centre(key: str) -> str | None:
    """The data centre named behind the last hyphen of a key, or None.

    The SDK puts whatever stands there into the host name: `key-evil.example/x#` would send the key to a stranger.
    """
    _secret, hyphen, suffix = key.rpartition("-")
    return suffix if hyphen and _DATA_CENTRE.fullmatch(suffix) else None


def explain(answer: Answer) -> str:
    """What a problem document says, without addresses; "" when there is none."""
    try:
        problem = msgspec.json.decode(answer.body, type=wire.Problem)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return ""
    fields = "; ".join(f"{each.get('field', '')}: {each.get('message', '')}".strip(": ") for each in problem.errors)
    text = " ".join(part for part in (problem.detail or problem.title, f"({fields})" if fields else "") if part)
    return _ADDRESS.sub("[address]", text)[:300].rstrip(".")


def overloaded(answer: Answer) -> bool:
    """A 403 without a problem document is Mailchimp's other way of saying 429."""
    return answer.status == 403 and not explain(answer)

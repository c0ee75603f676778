"""Who matches conditions that are saved nowhere: only those conditions that can mean but one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from presend.errors import BadAnswer
from presend.model import Field
from presend_connectors.mailchimp import wire
from presend_connectors.mailchimp.client import Client
from presend_connectors.mailchimp.facts import merge_cell
from presend_connectors.mailchimp.listing import EMAIL, Listing
from presend_connectors.mailchimp.narrowing import is_whole, tag_of

Test = Callable[[wire.Member], bool]
_TEXT_TYPES = frozenset({"text", "dropdown", "radio", "email", "url", "imageurl", "phone", "zip"})
_GROUP_OPS = frozenset({"interestcontains", "interestcontainsall", "interestnotcontains"})
_TEXT_OPS: dict[str, Callable[[str, str], bool]] = {
    "is": lambda have, want: have == want,
    "not": lambda have, want: have != want,
    "contains": lambda have, want: want in have,
    "notcontain": lambda have, want: want not in have,
    "starts": lambda have, want: have.startswith(want),
    "ends": lambda have, want: have.endswith(want),
    "blank": lambda have, _want: not have,
    "blank_not": lambda have, _want: bool(have),
}


def cannot(campaign_id: str, what: str) -> BadAnswer:
    """The error for a condition of which nobody outside Mailchimp can say whom it means."""
    return BadAnswer(
        f"the campaign {campaign_id} goes to a part of its list by {what}, and Mailchimp does not list those people",
        help="Save the conditions as a segment in Mailchimp and choose that segment for the campaign.",
    )


def members(
    client: Client, campaign_id: str, options: wire.SegmentOpts | None, listing: Listing
) -> Iterator[list[wire.Member]]:
    """The people of a campaign, of every status, a page at a time. Raises PlatformError when they cannot be had."""
    if options is None or is_whole(options):
        yield from client.members(listing.id)
    elif options.saved_segment_id:
        yield from client.segment_members(listing.id, options.saved_segment_id)
    elif not options.conditions:
        raise cannot(campaign_id, "one of Mailchimp's ready-made segments")
    else:
        tests = [_test(client, campaign_id, each, listing) for each in options.conditions]
        decide = {"any": any, "all": all}.get(options.match)
        if decide is None:
            raise cannot(campaign_id, f"a match of the kind {options.match!r}")
        for page in client.members(listing.id):
            yield [member for member in page if decide([test(member) for test in tests])]


def listable(options: wire.SegmentOpts | None, listing: Listing) -> bool:
    """Whether `members` knows whom the options mean, asked without asking Mailchimp; a comparison may still be refused
    for a value that hangs on capitals or blanks.
    """
    if options is None or is_whole(options) or options.saved_segment_id:
        return True
    if not options.conditions or options.match not in ("any", "all"):
        return False
    return all(_known(each, listing) for each in options.conditions)


def _known(raw: Mapping[str, Any], listing: Listing) -> bool:
    field, op = str(raw.get("field", "")), str(raw.get("op", ""))
    if tag_of(raw, "static_is") or tag_of(raw, "static_not"):
        return True
    if field.startswith("interests-"):
        return op in _GROUP_OPS
    tag = _field(field, listing)
    return tag is not None and tag.type in _TEXT_TYPES and op in _TEXT_OPS


def _field(name: str, listing: Listing) -> Field | None:
    return next((f for f in listing.fields if name in f.all_names or (name == "merge0" and f.tag == EMAIL)), None)


def _test(client: Client, campaign_id: str, raw: Mapping[str, Any], listing: Listing) -> Test:
    field, op, value = str(raw.get("field", "")), str(raw.get("op", "")), raw.get("value")
    if field == "static_segment" and op in ("static_is", "static_not") and str(value).isdigit():
        held = {one.id for page in client.contacts(listing.id, int(str(value))) for one in page}
        return (lambda m: m.id in held) if op == "static_is" else (lambda m: m.id not in held)
    if field.startswith("interests-"):
        return _interests(campaign_id, op, value if isinstance(value, list) else [value])
    tag = _field(field, listing)
    if tag is None or tag.type not in _TEXT_TYPES or op not in _TEXT_OPS:
        raise cannot(campaign_id, f"a condition on {field or 'something'} ({op or 'no comparison'})")
    return _text(campaign_id, tag.tag, op, "" if value is None else str(value))


def _interests(campaign_id: str, op: str, ids: Sequence[Any]) -> Test:
    def held(member: wire.Member) -> list[bool]:
        groups = member.interests if isinstance(member.interests, dict) else {}
        return [groups.get(str(each), False) for each in ids]

    match op:
        case "interestcontains":
            return lambda m: any(held(m))
        case "interestcontainsall":
            return lambda m: all(held(m))
        case "interestnotcontains":
            return lambda m: not any(held(m))
        case _:
            raise cannot(campaign_id, f"a condition on groups ({op or 'no comparison'})")


def _text(campaign_id: str, tag: str, op: str, want: str) -> Test:
    """A comparison of text; refused where it hangs on upper and lower case or on blanks, which nobody documents."""
    compare = _TEXT_OPS[op]

    def test(member: wire.Member) -> bool:
        cell = None if tag == EMAIL else merge_cell(member, tag)
        stored = member.email_address if tag == EMAIL else msgspec.json.decode(cell) if cell else None
        have = "" if stored is None else str(stored)
        verdicts = {
            compare(have, want),
            compare(have.casefold(), want.casefold()),
            compare(have.strip(), want.strip()),
        }
        if len(verdicts) > 1:
            raise cannot(campaign_id, f"a comparison of {tag} that hangs on capitals or blanks")
        return verdicts.pop()

    return test

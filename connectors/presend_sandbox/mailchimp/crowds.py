"""Fills lists with invented people, with exactly as many gaps and odd values as a world asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from presend_sandbox.clock import Clock
from presend_sandbox.mailchimp.state import Account, Audience, Member, Order, Segment
from presend_sandbox.people import Person, crowd

_GAPS = ("absent", "null", "empty", "blank")

_FILL: dict[str, Callable[[Person], Any]] = {
    "first": lambda person: person.first,
    "last": lambda person: person.last,
    "city": lambda person: person.city,
    "region": lambda person: person.region,
    "country": lambda person: person.country,
    "postcode": lambda person: person.postcode,
    "phone": lambda person: person.phone,
    "birthday": lambda person: person.birthday.strftime("%m/%d"),
    "address": lambda person: {
        "addr1": f"{person.birthday.day} Example Street",
        "addr2": "",
        "city": person.city,
        "state": person.region,
        "zip": person.postcode,
        "country": person.country,
    },
}


def add_crowd(account: Account, audience: Audience, spec: dict[str, Any]) -> None:
    """Add `count` people as [[crowd]] says; slices of fields count from the first person, statuses from the last."""
    people = crowd(spec["count"], spec.get("seed", 1), spec["prefix"])
    members = [_member(account.clock, audience, spec, person, place) for place, person in enumerate(people)]
    for number, slice_ in enumerate(spec.get("slices", [])):
        _apply(account, audience, members, slice_, _start(spec["slices"], number))
    for member in members:
        audience.members[member.id] = member
        _join(account.clock, audience, member, spec)
    if "orders" in spec:
        for order in _orders(account.clock, people, spec["orders"], spec["prefix"]):
            account.add_order(order)


def add_person(account: Account, audience: Audience, spec: dict[str, Any]) -> None:
    """Add one person as [[people]] says; fields not named are "", those in `nulls` and `absent` are what they say."""
    clock = account.clock
    changed = clock.resolve(spec.get("changed", "-3d"))
    joined = clock.resolve(spec.get("joined", "-200d"))
    values: dict[str, Any] = dict.fromkeys((field.tag for field in audience.fields), "")
    values |= _resolved(clock, spec.get("values", {})) | dict.fromkeys(spec.get("nulls", []))
    for tag in spec.get("absent", []):
        del values[tag]
    member = Member(
        email=spec["email"],
        status=spec.get("status", "subscribed"),
        values=values,
        interests={},
        signed_up=joined,
        opted_in=joined,
        changed=changed,
        last_active=clock.resolve(spec["active"]) if spec.get("active") else None,
        language=spec.get("language", "en"),
        country=spec.get("country", "US"),
        region=spec.get("region", ""),
        timezone=spec.get("timezone", "America/New_York"),
    )
    audience.members[member.id] = member
    _join(clock, audience, member, spec)


def _resolved(clock: Clock, values: dict[str, Any]) -> dict[str, Any]:
    """Values written as {date = "-30d"} become the date they mean."""
    return {
        tag: clock.resolve(stored["date"]).date().isoformat()
        if isinstance(stored, dict) and "date" in stored
        else stored
        for tag, stored in values.items()
    }


def _member(clock: Clock, audience: Audience, spec: dict[str, Any], person: Person, place: int) -> Member:
    def spread(span: list[str]) -> datetime:
        first, last = clock.resolve(span[0]), clock.resolve(span[1])
        return first + (last - first) * place / max(1, int(spec["count"]) - 1)

    values: dict[str, Any] = dict.fromkeys((field.tag for field in audience.fields), "")
    values |= {tag: _FILL[name](person) for tag, name in spec.get("fill", {}).items()}
    values |= _resolved(clock, spec.get("set", {}))
    values |= {tag: choices[place % len(choices)] for tag, choices in spec.get("cycle", {}).items()}
    values |= {tag: spread(span).date().isoformat() for tag, span in spec.get("spread", {}).items()}
    joined = spread(spec.get("joined", ["-900d", "-30d"]))
    return Member(
        email=person.email,
        status=spec.get("status", "subscribed"),
        values=values,
        interests={},
        signed_up=joined,
        opted_in=joined,
        changed=max(joined, spread(spec.get("changed", ["-60d", "-1d"]))),
        last_active=spread(spec["active"]) if spec.get("active") else None,
        language=person.language,
        source=spec.get("source", "Signup Form"),
        country=person.country,
        region=person.region,
        timezone=spec.get("timezone", person.timezone),
    )


def _start(slices: list[dict[str, Any]], number: int) -> int:
    """Where a slice begins: after the earlier ones of the same field or kind, unless it says `from`."""
    this = slices[number]
    if "from" in this:
        return int(this["from"])
    same = [each for each in slices[:number] if _kind(each) == _kind(this) and "from" not in each]
    return sum(_length(each) for each in same)


def _kind(spec: dict[str, Any]) -> str:
    if "field" in spec:
        return str(spec["field"])
    return next(name for name in ("status", "tag", "interest") if name in spec)


def _length(spec: dict[str, Any]) -> int:
    gaps = sum(int(spec.get(gap, 0)) for gap in _GAPS)
    return gaps + len(spec.get("values", [])) + int(spec.get("count", 0))


def _apply(account: Account, audience: Audience, members: list[Member], spec: dict[str, Any], start: int) -> None:
    if "status" in spec:
        for member in members[len(members) - start - spec["count"] : len(members) - start]:
            member.status = spec["status"]
            member.left_because = spec.get("because", "")
        return
    chosen = members[start : start + _length(spec)]
    if len(chosen) < _length(spec):
        raise ValueError(f"a slice of {_kind(spec)} needs {_length(spec)} people from {start} on; there are fewer")
    if "field" in spec:
        for member, change in zip(chosen, _changes(account.clock, spec), strict=True):
            change(member.values)
        return
    for member in chosen:
        _join(account.clock, audience, member, {"tags": [spec["tag"]]} if "tag" in spec else _interest(spec))


def _interest(spec: dict[str, Any]) -> dict[str, Any]:
    return {"interests": [spec["interest"]]}


def _changes(clock: Clock, spec: dict[str, Any]) -> Iterator[Callable[[dict[str, Any]], None]]:
    tag = spec["field"]
    stored = {"null": None, "empty": "", "blank": " "}

    def drop(values: dict[str, Any]) -> None:
        values.pop(tag, None)

    def put(value: Any) -> Callable[[dict[str, Any]], None]:
        return lambda values: values.__setitem__(tag, value)

    def derive(how: str) -> Callable[[dict[str, Any]], None]:
        return lambda values: values.__setitem__(
            tag, str(values[tag]).upper() if how == "upper" else values[tag].lower()
        )

    for gap in _GAPS:
        for _ in range(spec.get(gap, 0)):
            yield drop if gap == "absent" else put(stored[gap])
    for value in spec.get("values", []):
        yield put(_resolved(clock, {tag: value})[tag])
    for _ in range(spec.get("count", 0)):
        yield derive(spec["case"]) if "case" in spec else put(_resolved(clock, {tag: spec["value"]})[tag])


def _join(clock: Clock, audience: Audience, member: Member, spec: dict[str, Any]) -> None:
    """Give a member its tags (made when they do not exist yet) and its groups ("Title: Name")."""
    for name in spec.get("tags", []):
        found = [each for each in audience.segments.values() if each.type == "static" and each.name == name]
        if not found:
            raise ValueError(f"the list {audience.name!r} has no segment of type static called {name!r}")
        tag: Segment = found[0]
        tag.members[member.id] = member.opted_in or clock.start
    for name in spec.get("interests", []):
        title, _, group = name.partition(": ")
        ids = {(each.title, one.name): one.id for each in audience.categories for one in each.interests}
        member.interests[ids[title, group]] = True


def _orders(clock: Clock, people: Sequence[Person], spec: dict[str, Any], prefix: str) -> Iterator[Order]:
    """One order each for the first `count` people, spread over the time `placed`, products taking turns."""
    count = spec.get("count", len(people))
    first, last = (clock.resolve(end) for end in spec["placed"])
    for place, person in enumerate(people[:count]):
        yield Order(
            id=f"{prefix}-{place + 1:05d}",
            store_id=spec["store"],
            email=person.email,
            first=person.first,
            last=person.last,
            product=spec["products"][place % len(spec["products"])],
            total=round(float(spec.get("total", 40)) + place % 7 * 5.5, 2),
            placed=first + (last - first) * place / max(1, count - 1),
        )

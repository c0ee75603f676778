"""Runs the cases that stand beside a check: the `.toml` next to its module, for the tests and for `presend explain`.

A case is a small made-up account: template parts, people, fields; `expect` lists exactly the findings of that check.
Keys above the first `[[case]]` hold for every case of the file that does not say otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from presend.audience.duck import DuckAudience
from presend.audience.meeting import Meeting
from presend.audience.schema import FACTS, as_of, fact
from presend.audience.snapshot import Snapshot
from presend.audience.values import encode
from presend.blackouts import Wanted as Asked
from presend.blackouts import gathered
from presend.check import Rule
from presend.dialects import dialect_for
from presend.engine import Parsed, columns_of, compile_message, parse, with_names
from presend.mail import Beside, Crossed, Denied, Opened
from presend.model import (
    HALF_LIFE_DAYS,
    TEMPLATE_PARTS,
    AudienceRef,
    Campaign,
    CampaignRef,
    ChecklistItem,
    Condition,
    Definition,
    Field,
    Finding,
    Gap,
    Ground,
    ItemState,
    Joint,
    Kind,
    Known,
    Leaf,
    ListRef,
    Logic,
    Message,
    Op,
    Platform,
    Record,
    Role,
    Schedule,
    Severity,
    Source,
    State,
    Strategy,
    Vocabulary,
)
from presend.ports import Batch
from presend.ports import Role as BatchRole
from presend.reading import Reading
from presend.rules import RuleSet, Verdict, judge

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""The moment to judge from unless a case says otherwise: a Sunday."""

AS_OF_SUFFIX = "_as_of"
"""A person's key with this behind a column's name dates that column."""

KINDS = ("bad", "good")

KEYS = frozenset(
    {"name", "kind", "why", "platform", "expect", "missed", "people", "fields", "complete", "groups", "defaults"}
    | {"constants", "zone", "options", "settings", "checklist", "sources", "conditions", "included", "excluded"}
    | {"frozen_since", "send_at", "stated", "strategy", "now", "state", "sending", "half_lives", "owner", "updated_at"}
    | {"stated_size", "definitions", "record", "blackouts", "found", "account", "neighbours", "opted_out"}
    | {part.value for part in TEMPLATE_PARTS}
)
"""Everything a case may say. `settings` are the check's own options, `options` those of the message.

`neighbours` are other campaigns that are due, described as cases are; `opted_out` has people by another account, each
with an email, perhaps since and until when, and perhaps the account's platform and another answer.
"""

EXPECTED = frozenset(
    {"severity", "confidence", "part", "line", "column", "snippet", "affected", "reads", "says", "fix", "message"}
)
"""What can be expected of a finding; `says` and `fix` are fragments, `reads` is one of the examples in full."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of one check."""

    code: str
    name: str
    kind: str
    """`bad`: the check must speak; `good`: it must not speak louder than `expect` says."""
    why: str
    platform: Platform
    expect: tuple[Mapping[str, Any], ...]
    data: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        """The code and the name, fit for a test's id."""
        return f"{self.code}-{'-'.join(self.name.split())}"


def load_cases(rule: Rule) -> tuple[Case, ...]:
    """The cases beside the rule's module, in file order; none where a rule book ships none.

    Raises ValueError for a case with a key that means nothing, without a reason, or of another kind.
    """
    package, _, name = rule.module.rpartition(".")
    file = resources.files(package).joinpath(f"{name}.toml")
    if not file.is_file():
        return ()
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    common = {key: value for key, value in document.items() if key != "case"}
    return tuple(_case(rule, {**common, **entry}) for entry in document.get("case", ()))


def _case(rule: Rule, data: Mapping[str, Any]) -> Case:
    name, kind, why = str(data.get("name", "")), str(data.get("kind", "")), str(data.get("why", ""))
    expect = tuple(data.get("expect", ()))
    strange = (set(data) - KEYS) | {key for one in expect for key in set(one) - EXPECTED}
    if strange:
        raise ValueError(f"{rule.code} {name!r}: no case has the key {min(strange)!r}")
    if not name or not why or kind not in KINDS or "platform" not in data:
        raise ValueError(f"{rule.code} {name!r}: a case has a name, a why, a platform and a kind (bad or good)")
    return Case(rule.code, name, kind, why, Platform(data["platform"]), expect, data)


# ---------------------------------------------------------------------------------------- the made-up account


def campaign_of(case: Case) -> Campaign:
    """The campaign that a case describes, without its people."""
    data = case.data
    message = Message("m1", "A", {p: data[p.value] for p in TEMPLATE_PARTS if p.value in data}, data.get("options", {}))
    send_at: datetime | Gap = _moment(data["send_at"]) if "send_at" in data else Gap("the case states no time")
    stated = _moment(data["stated"]) if "stated" in data else send_at
    items = [
        ChecklistItem(ItemState(i["state"]), i["heading"], i.get("details", "")) for i in data.get("checklist", ())
    ]
    marks = [
        Source(s["name"], _moment(s["watermark"]) if "watermark" in s else Gap(s["gap"]))
        for s in data.get("sources", ())
    ]
    return Campaign(
        ref=CampaignRef(
            case.platform,
            data.get("account", case.platform.value),
            Kind(data.get("sending", "campaign")),
            data.get("id", "c1"),
            case.name,
        ),
        state=State(data.get("state", "scheduled")),
        native_state=data.get("state", "scheduled"),
        schedule=Schedule(Strategy(data.get("strategy", "static")), stated, send_at, send_at, data.get("zone")),
        messages=(message,),
        audience=_audience_ref(data),
        revision="r1",
        vocabulary=_vocabulary(case.platform, data),
        checklist=tuple(items) if "checklist" in data else Gap("the platform has no checklist of its own"),
        sources=tuple(marks),
        owner=data.get("owner"),
        updated_at=_moment(data["updated_at"]) if "updated_at" in data else None,
    )


def _audience_ref(data: Mapping[str, Any]) -> AudienceRef:
    lists = data.get("included", [{"id": "l1", "kind": "list", "name": "Everyone"}])
    frozen = data.get("frozen_since")
    return AudienceRef(
        included=tuple(ListRef(**one) for one in lists),
        excluded=tuple(ListRef(**one) for one in data.get("excluded", ())),
        conditions=tuple(Condition(one["column"], one["op"], one.get("value")) for one in data.get("conditions", ())),
        definitions=tuple(
            Definition(one["name"], _logic(one), one.get("fixed", False)) for one in data.get("definitions", ())
        ),
        key="everyone",
        stated_size=data.get("stated_size", Gap("the case states no size")),
        frozen_since=None if frozen is None else _moment(frozen),
    )


def _logic(row: Mapping[str, Any]) -> Logic:
    for word in ("all", "any"):
        if word in row:
            return Joint(word == "all", tuple(map(_logic, row[word])))
    ground, op = Ground(row.get("ground", "field")), Op(row.get("op", "other"))
    return Leaf(ground, row.get("column", ""), op, tuple(row.get("values", ())), row.get("unset"))


def _vocabulary(platform: Platform, data: Mapping[str, Any]) -> Vocabulary:
    groups = data.get("groups")
    return Vocabulary(
        fields=tuple(_field(platform, entry) for entry in data.get("fields", ())),
        complete=data.get("complete", "fields" in data),
        groups=Gap("the case has no groups") if groups is None else {t: tuple(n) for t, n in groups.items()},
        defaults=data.get("defaults", {}),
        constants=data.get("constants", {}),
        zone=data.get("zone", "UTC"),
    )


def _field(platform: Platform, entry: Mapping[str, Any]) -> Field:
    tag = entry["tag"]
    numbered = (f"MERGE{entry['merge_id']}", f"MMERGE{entry['merge_id']}") if "merge_id" in entry else ()
    default: Known[str] | Gap = Gap("the platform does not tell defaults")
    if "default" in entry or platform is Platform.MAILCHIMP:
        default = Known(str(entry.get("default", "")))  # Mailchimp states every field's default, be it empty
    return Field(
        tag=tag,
        names=(tag, *numbered),
        label=entry.get("label", ""),
        type=entry.get("type", "text"),
        required=entry.get("required", False),
        default=default,
    )


def _record(data: Mapping[str, Any]) -> Record | None:
    if "record" not in data:
        return None
    said = dict(data["record"])
    said |= {name: tuple(said.get(name, ())) for name in ("approved_by", "untested", "unreadable", "sizes")}
    return Record(**said | ({"tested_at": _moment(said["tested_at"])} if "tested_at" in said else {}))


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _cell(value: Any) -> str:
    if value == {"null": True}:
        return "null"
    if isinstance(value, datetime):
        value = _moment(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return encode(value)


# ----------------------------------------------------------------------------------------------- its people


def _people(case: Case, campaign: Campaign) -> tuple[Batch, set[str]]:
    """The people as one page, and the names of the properties that were seen on them."""
    dialect = dialect_for(case.platform)
    people: Sequence[Mapping[str, Any]] = case.data["people"]
    columns: dict[str, list[str | None]] = {}
    names: set[str] = set()
    for index, person in enumerate(people):
        for key, value in person.items():
            if key == "id":
                continue
            targets = [dialect.column(key, campaign.vocabulary)]
            if key.endswith(AS_OF_SUFFIX):
                targets = [as_of(dialect.column(key.removesuffix(AS_OF_SUFFIX), campaign.vocabulary))]
            else:
                names.add(targets[0])
            targets += [fact(key)] if key in FACTS else []
            for target in targets:
                columns.setdefault(target, [None] * len(people))[index] = _cell(value)
    ids = [str(person.get("id", f"p{index}")) for index, person in enumerate(people, start=1)]
    return Batch(BatchRole.INCLUDE, ids, columns, names=frozenset(names)), names


def _snapshot(batch: Batch, columns: frozenset[str]) -> DuckAudience:
    snapshot = Snapshot(columns | set(batch.names), memory_limit="256MB")
    try:
        snapshot.add(batch)
        return snapshot.finish()
    except BaseException:
        snapshot.close()
        raise


@contextmanager
def opened(case: Case) -> Iterator[Opened]:
    """The case's message with all that the engine would have about it; its people are gone afterwards."""
    with ExitStack() as stack:
        message = _opened(case, stack)
        others = [_opened(_neighbour(case, number, row), stack) for number, row in enumerate(_rows(case, "neighbours"))]
        if isinstance(message.audience, DuckAudience) and ("neighbours" in case.data or "opted_out" in case.data):
            message = replace(message, crossed=_crossed(case, message, message.audience, others, stack))
        yield message


def _opened(case: Case, stack: ExitStack) -> Opened:
    campaign = campaign_of(case)
    now = _moment(case.data.get("now", NOW))
    templates: Parsed = parse(campaign)
    audience: DuckAudience | None = None
    if "people" in case.data:
        batch, names = _people(case, campaign)
        audience = _snapshot(batch, columns_of(campaign, templates))
        stack.callback(audience.close)
        campaign = campaign if "fields" in case.data else with_names(campaign, names)
    message = campaign.messages[0]
    reading = Reading(compile_message(campaign, message, templates[message.label], now), audience)
    lives = {**HALF_LIFE_DAYS, **{Role(k): v for k, v in case.data.get("half_lives", {}).items()}}
    dark = gathered(Asked(entries=tuple(case.data.get("blackouts", ()))), now.date())
    found = Severity[case.data["found"].upper()] if "found" in case.data else None
    return Opened(campaign, message, reading, audience, now, lives, dark, _record(case.data), found)


def _rows(case: Case, key: str) -> Sequence[Mapping[str, Any]]:
    rows: Sequence[Mapping[str, Any]] = case.data.get(key, ())
    return rows


def _neighbour(case: Case, number: int, row: Mapping[str, Any]) -> Case:
    """Another campaign as a case: what it does not say of itself is as the platform has it, not as the case does."""
    if strange := set(row) - KEYS - {"id"}:
        raise ValueError(f"{case.code} {case.name!r}: no neighbour has the key {min(strange)!r}")
    data = {"id": f"n{number}", "now": case.data.get("now", NOW), **row}
    platform = Platform(row.get("platform", case.platform))
    return Case(case.code, str(row.get("name", f"Neighbour {number}")), "good", case.why, platform, (), data)


def _crossed(case: Case, message: Opened, mine: DuckAudience, others: Sequence[Opened], stack: ExitStack) -> Crossed:
    audiences = [one.audience for one in others if isinstance(one.audience, DuckAudience)]
    meeting = Meeting((mine, *audiences), memory_limit="256MB")
    stack.callback(meeting.close)
    denied = []
    for account, rows in case.data.get("opted_out", {}).items():
        meeting.take(account, map(_answer, rows))
        denied.append(Denied(account, Platform(rows[0].get("platform", "klaviyo")), *meeting.denied(mine, account)))
    beside = [
        Beside((one,), meeting.between(mine, one.audience)) for one in others if isinstance(one.audience, DuckAudience)
    ]
    return Crossed((message,), tuple(beside), meeting.several, tuple(denied))


def _answer(row: Mapping[str, Any]) -> tuple[str, str | None, str | None, bool]:
    def stamp(key: str) -> str | None:
        return _moment(row[key]).strftime("%Y-%m-%dT%H:%M:%SZ") if key in row else None

    return row["email"], stamp("since"), stamp("until"), row.get("answer") == "agreed"


# ---------------------------------------------------------------------------------------------- its outcome


def run(rule: Rule, case: Case) -> Verdict:
    """What the rule says of the case; people's values are in clear, since they are made up."""
    rules = RuleSet((rule,), {rule.code: case.data.get("settings", {})})
    with opened(case) as message:
        return next(judge(message, rules, first=True, show_pii=True))


def misses(case: Case, verdict: Verdict) -> list[str]:
    """How the verdict differs from what the case expects, one sentence each; empty when it does not."""
    said = "" if verdict.missed is None else verdict.missed[0].value
    if said != case.data.get("missed", ""):
        why = "it looked" if verdict.missed is None else verdict.missed[2]
        return [f"could not look: expected {case.data.get('missed', '') or 'nothing'!r}, got {said!r} ({why})"]
    left = list(verdict.findings)
    found = []
    for wanted in case.expect:
        match = next((one for one in left if not _differences(wanted, one)), None)
        if match is not None:
            left.remove(match)
        else:
            found.append(f"expected {dict(wanted)}, not found")
    return [*found, *(f"not expected, or not so: {_told(one)}" for one in left)]


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "part": finding.part.value,
        "line": finding.line,
        "column": finding.column,
        "snippet": finding.snippet,
        "affected": finding.affected,
        "reads": [example.reads for example in finding.examples],
        "says": finding.says,
        "fix": finding.fix,
        "message": finding.message,
    }


def _differences(wanted: Mapping[str, Any], finding: Finding) -> list[str]:
    told = _told(finding)
    fragments = {"says", "fix"}
    return [
        key
        for key, value in wanted.items()
        if not (value in told[key] if key in fragments or key == "reads" else value == told[key])
    ]

"""What is known of the people who are written to: for `presend doctor --facts`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from presend.audience.duck import DuckAudience
from presend.audience.engine import EVERYONE
from presend.audience.schema import DEAR, FACTS, as_of, fact
from presend.audience.snapshot import Snapshot
from presend.audience.values import FACT
from presend.cli.common import platform_sentence
from presend.cli.mapped import nowhere
from presend.engine import columns_of, is_due, parse, with_names
from presend.errors import PlatformError, Unknowable
from presend.logs import clean
from presend.model import Campaign, Platform, Vocabulary
from presend.model.counting import many
from presend.ports import Batch, Connector, Role, Trouble

WITHIN = timedelta(hours=48)
"""What is due soon; where nothing is, everything that is scheduled is looked at."""
DATED = "<field>_as_of"
UNPROVABLE = "not there: what copy says of it is unprovable"
OWN = {"role_account": "told from the address, not from the platform"}

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of one account."""

    name: str
    known: int
    """Recipients of whom it is known."""
    source: str
    """Where it comes from, or where it would: a field of the platform, or a property that the user mapped."""
    mapped: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The facts of an account over the recipients of some campaigns, each person counted once."""

    of: str
    """Which campaigns these are, in words."""
    campaigns: tuple[str, ...]
    recipients: int
    rows: tuple[Row, ...]
    missed: tuple[str, ...]
    """What could not be read, a sentence each: its people are not counted."""
    failed: bool
    """Whether any of that should have been readable."""
    nowhere: str = ""
    """What the user maps and no property of the account is, in a sentence."""


def coverage(
    connector: Connector,
    sources: Mapping[str, str],
    mapped: Mapping[str, str],
    now: datetime,
    limit: str,
    tell: Progress,
) -> Coverage:
    """Read the recipients of what is due and count what is known of them.

    `sources` is the platform's own place of each fact, `mapped` the user's `[facts.<account>]`, `limit` the memory for
    people.
    """
    missed = _Missed([])
    chosen, of = _chosen(connector, now, missed)
    columns = frozenset(name for campaign in chosen for name in columns_of(campaign, parse(campaign)))
    with Snapshot(columns, memory_limit=limit) as people:
        seen: set[str] = set()
        done: list[str] = []
        words: list[Vocabulary] = []
        for campaign in chosen:
            key = campaign.audience.key or campaign.ref.id
            try:
                if key not in seen:
                    names = _take(people, connector, campaign, columns, limit, tell)
                    words.append(with_names(campaign, names).vocabulary)
            except PlatformError as error:
                missed.add(f"{campaign.ref.name}: {platform_sentence(error)}", unknowable=isinstance(error, Unknowable))
            else:
                seen.add(key)
                done.append(campaign.ref.id)
        audience = people.finish()
        rows = tuple(_rows(audience, sources, _mapped(connector.platform, sources, mapped), columns))
        lost = nowhere(connector.account, connector.platform, mapped, words) or ""
        return Coverage(of, tuple(done), audience.size, rows, tuple(missed.reasons), missed.failed, lost)


@dataclass(slots=True)
class _Missed:
    reasons: list[str]
    failed: bool = False

    def add(self, reason: str, *, unknowable: bool) -> None:
        self.reasons.append(clean(reason))
        self.failed |= not unknowable


def _chosen(connector: Connector, now: datetime, missed: _Missed) -> tuple[list[Campaign], str]:
    scheduled: list[Campaign] = []
    try:
        for item in connector.campaigns():
            if isinstance(item, Trouble):
                missed.add(item.reason, unknowable=item.unknowable)
            elif is_due(item, now, None):
                scheduled.append(item)
    except PlatformError as error:
        missed.add(platform_sentence(error), unknowable=False)
    due = [campaign for campaign in scheduled if is_due(campaign, now, WITHIN)]
    if due:
        return due, "due within 48 hours"
    return scheduled, "scheduled, since none is due within 48 hours"


def _take(
    everybody: Snapshot, connector: Connector, campaign: Campaign, columns: frozenset[str], limit: str, tell: Progress
) -> set[str]:
    """Add the campaign's recipients, and give the names of their properties.

    A campaign's exclusions are its own, so it is closed before it joins the others.
    """
    with Snapshot(columns, memory_limit=limit) as snapshot:
        count = 0
        for batch in connector.people(campaign, columns | {fact(name) for name in DEAR}):
            snapshot.add(batch)
            count += len(batch.ids)
            tell(f"{connector.account}: {campaign.ref.name}", count)
        audience = snapshot.finish()
        names = sorted(name for name in audience.columns if name.startswith(FACT))
        for page in audience.rows(EVERYONE, names):
            cells = {name: [one.cells[at] for one in page] for at, name in enumerate(names)}
            everybody.add(Batch(Role.INCLUDE, [one.id for one in page], cells))
        return set(snapshot.names)


def _mapped(platform: Platform, sources: Mapping[str, str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Where mapped facts come from. Mailchimp's fields belong to a list: one that lacks the field keeps its own."""
    words = {name: f"property {source!r}, as [facts] maps it" for name, source in mapped.items()}
    if platform is not Platform.MAILCHIMP:
        return words
    return {name: f"{told}, else {sources[name]}" if name in sources else told for name, told in words.items()}


def _rows(
    audience: DuckAudience, sources: Mapping[str, str], mapped: Mapping[str, str], columns: Collection[str]
) -> Iterator[Row]:
    for name in FACTS:
        yield _row(audience, name, fact(name), sources.get(name, ""), mapped.get(name, ""))
    for column in sorted(columns):
        dated, told = as_of(column), f"{column}_as_of"
        if dated in audience.columns or told in mapped:
            yield _row(audience, told, dated, sources.get(DATED, ""), mapped.get(told, ""))


def _row(audience: DuckAudience, name: str, column: str, source: str, mapped: str) -> Row:
    known = audience.size - audience.count(audience.where((column,), [(None,)])) if column in audience.columns else 0
    return Row(name, known, mapped or source, bool(mapped))


def as_data(found: Coverage, account: str) -> dict[str, object]:
    """The coverage for `--format json`; shares are of the recipients, null where there are none."""
    return {
        "of": found.of,
        "campaigns": list(found.campaigns),
        "recipients": found.recipients,
        "known": [
            {
                "fact": row.name,
                "known": row.known,
                "share": round(row.known / found.recipients, 4) if found.recipients else None,
                "source": row.source or None,
                "mapped": row.mapped,
                "note": note(row, account, found.recipients),
            }
            for row in found.rows
        ],
        "missed": list(found.missed),
        "mapped_nowhere": found.nowhere or None,
    }


def note(row: Row, account: str, recipients: int) -> str:
    """What follows from a fact that is not there; empty where it is there, or where there is nobody to look at."""
    if row.known or not recipients:
        return ""
    if row.mapped:
        return f"{UNPROVABLE} (nobody has the {row.source}; is it spelt so?)"
    if row.name in OWN:
        return OWN[row.name]
    why = "nobody has it" if row.source else "the platform keeps no such thing"
    return f"{UNPROVABLE} ({why}; [facts.{account}] maps a property)"


def share(known: int, of: int) -> str:
    """`53 %`; nothing that is not all is 100 %, and nothing that is something is 0 %."""
    if not known or known == of:
        return f"{100 if known else 0} %"
    return f"{min(99, max(1, round(100 * known / of)))} %"


def lines(found: Coverage, account: str) -> Iterator[str]:
    """The coverage as text."""
    for why in found.missed:
        yield f"  could not be looked at: {why}"
    if found.nowhere:
        yield f"  {found.nowhere}"
    if not found.recipients:
        yield "  facts: no recipients to look at: nothing is scheduled, or nobody is left of it"
        return
    campaigns = f"{many(len(found.campaigns), 'campaign')} {found.of}"
    people = many(found.recipients, "recipient")
    yield f"  facts about the {people} of {campaigns}:"
    width = max(len(row.name) for row in found.rows)
    for row in found.rows:
        told = note(row, account, found.recipients) or row.source
        yield f"    {row.name:<{width}}  {share(row.known, found.recipients):>5}  {row.known:>9,}  {told}"

"""`presend read`: what each recipient would read, of a template on disk or of a campaign on its platform."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from presend.cli.common import PLATFORMS, Moment, note, private_file, progress
from presend.cli.lint import PART_OPTIONS, say, setting_of, template_options
from presend.errors import UsageError
from presend.model.counting import many


@dataclass(frozen=True, slots=True)
class Read:
    """One message of one template or campaign, over its recipients."""

    title: str
    variant: str
    """Its letter, only where there are several."""
    reading: Any
    audience: Any
    opened: Any
    """All of it, as checks are handed it."""


@click.command("read")
@click.argument("what", metavar="TEMPLATE|CAMPAIGN")
@click.option("--platform", type=click.Choice(PLATFORMS), help="Whose template it is; not for a campaign.")
@template_options
@click.option("--format", "form", type=click.Choice(("table", "jsonl")), default="table", show_default=True)
@click.option("--claims", is_flag=True, help="What the copy says of its readers, and for how many it is so.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write there, readable by you only.")
@click.option("--as-of", type=Moment(), help="The moment to read from; default now.")
@click.option("--show-pii", is_flag=True, help="Show people's values in clear (jsonl always does).")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Default: presend.toml, if there.")
@click.option("-v", "--verbose", count=True, help="More on stderr.")
def command(
    what: str, platform: str | None, form: str, claims: bool, output: Path | None, verbose: int, **options: Any
) -> int:
    """Show what each recipient would read.

    TEMPLATE is a file, with --platform and --audience; CAMPAIGN is platform:id or account:id of a scheduled one.
    The table shows the distinct outcomes with their counts, worst first; --format jsonl writes one line per
    recipient, with people's values in clear. --claims shows instead what the copy says of its readers ("your recent
    purchase"): where, to how many, and for how many of them it is true, false or not known, by which facts.
    """
    from presend.exitcodes import ExitCode
    from presend.logs import configure
    from presend.settings import load

    configure(verbose)
    if claims and form == "jsonl":
        raise UsageError("--claims has no lines per recipient", help="Leave --format out.")
    settings = load(options.pop("config"))
    show_pii = options.pop("show_pii")
    with ExitStack() as stack:
        tell = stack.enter_context(progress(enabled=True))
        opened: Any = (
            _of_campaign(what, settings, tell, options, claims=claims)
            if platform is None and not Path(what).exists()
            else _of_template(what, platform, settings, tell, options)
        )
        messages, whole = stack.enter_context(opened)
        out = stack.enter_context(_target(output, form))
        if form == "jsonl":
            count = sum(_write_lines(one, out) for one in messages)
            note(f"{many(count, 'line')} of people's data written to {_place(output)}")
        else:
            for one in messages:
                out.write((_ledger(one) if claims else _table(one, show_pii=show_pii)).encode())
            if output is not None:
                note(f"written to {_place(output)}")
    return int(ExitCode.CLEAR if whole else ExitCode.INCOMPLETE)


def _place(output: Path | None) -> str:
    return "stdout" if output is None else f"{output} (readable by you only)"


@contextmanager
def _target(output: Path | None, form: str) -> Iterator[BinaryIO]:
    """Where it goes: a file of the user's own, or stdout."""
    if output is not None:
        with os.fdopen(private_file(output), "wb") as file:
            yield file
        return
    if form == "jsonl" and sys.stdout.isatty():
        note("what follows holds people's data")
    yield sys.stdout.buffer
    sys.stdout.flush()


def _request(settings: Any, tell: Any, options: dict[str, Any]) -> Any:
    from datetime import UTC, datetime

    from presend.engine import Request
    from presend.rules import RuleSet

    now = options["as_of"] or datetime.now(UTC)
    return Request(as_of=now, rules=RuleSet(()), memory_limit=settings.memory_limit, progress=tell)


@contextmanager
def _of_template(
    what: str, platform: str | None, settings: Any, tell: Any, options: dict[str, Any]
) -> Iterator[tuple[list[Read], bool]]:
    from presend.lint import find, prepared
    from presend.model import UncheckedKind

    if platform is None:
        raise UsageError(f"whose template {what} is, is not said", help="Add --platform mailchimp, klaviyo or hubspot.")
    people: Path | None = options["audience"]
    if people is None:
        raise UsageError("there is nobody to read it", help="Add --audience FILE (.csv, .jsonl or .parquet).")
    paths = find([what])
    setting = setting_of(platform, settings, **{name: options[name] for name in PART_OPTIONS})
    request = _request(settings, tell, options)
    with prepared(paths, setting, people, request) as bench:
        say(bench)
        found = [
            one
            for campaign, parsed in zip(bench.campaigns, bench.parsed, strict=True)
            for one in _readings(campaign, parsed, bench.audience, request.as_of, several=len(paths) > 1)
        ]
        yield found, not any(kind is UncheckedKind.FAILED for kind, _count, _why in bench.notes)


@contextmanager
def _of_campaign(
    what: str, settings: Any, tell: Any, options: dict[str, Any], *, claims: bool
) -> Iterator[tuple[list[Read], bool]]:
    from presend.audience.snapshot import Snapshot
    from presend.cli.common import account_config, campaign_of, find_campaign
    from presend.engine import columns_of, parse, with_names
    from presend.registry import connector_for, rules
    from presend.rules import RuleSet

    given = [name for name in ("audience", *PART_OPTIONS) if options[name] is not None]
    if given:
        raise UsageError(
            f"--{given[0].replace('_', '-')} is for templates on disk", help="A campaign brings its own along."
        )
    if ":" not in what:
        raise UsageError(f"there is no template {what}", help="Name a file, or a campaign as platform:id.")
    account, campaign_id = find_campaign(settings, what)
    request = _request(settings, tell, options)
    with ExitStack() as stack:
        connector = connector_for(account_config(settings, account))
        stack.callback(connector.close)
        campaign = campaign_of(connector, campaign_id)
        parsed = parse(campaign)
        columns = columns_of(campaign, parsed)
        if claims:
            sources = [template.source for parts in parsed.values() for template in parts.values()]
            columns |= RuleSet(tuple(rules())).dear(sources)
        snapshot = stack.enter_context(Snapshot(columns, memory_limit=settings.memory_limit))
        count = 0
        for batch in connector.people(campaign, columns):
            snapshot.add(batch)
            count += len(batch.ids)
            tell(campaign.ref.name, count)
        audience = snapshot.finish()
        for gap in campaign.gaps:
            note(f"note: {gap.reason}")
        seen = with_names(campaign, snapshot.names)
        yield list(_readings(seen, parsed, audience, request.as_of)), not campaign.gaps


def _readings(campaign: Any, parsed: Any, audience: Any, as_of: Any, *, several: bool = False) -> Iterator[Read]:
    from presend.engine import compile_message
    from presend.mail import Opened
    from presend.reading import Reading

    ref = campaign.ref
    for message in campaign.messages:
        variant = message.label if len(campaign.messages) > 1 else ref.id if several else ""
        title = f"{ref.platform.value}  {ref.name}" + (f"  ({message.label})" if len(campaign.messages) > 1 else "")
        reading = Reading(compile_message(campaign, message, parsed[message.label], as_of), audience)
        yield Read(title, variant, reading, audience, Opened(campaign, message, reading, audience, as_of))


def _write_lines(one: Read, out: BinaryIO) -> int:
    import msgspec

    from presend.readout import lines

    encoder = msgspec.json.Encoder()
    count = 0
    for line in lines(one.reading, one.audience, one.variant):
        out.write(encoder.encode(line) + b"\n")
        count += 1
    return count


def _table(one: Read, *, show_pii: bool) -> str:
    from presend.outputs.account import people
    from presend.readout import outcomes, totals

    size = one.audience.size
    text = [f"{one.title}: {people(size)}"]
    counts = totals(one.reading, one.audience)
    text.append("  " + ", ".join(f"{count:,} {kind.value}" for kind, count in counts.items() if count))
    found = outcomes(one.reading, one.audience, show_pii=show_pii)
    rows = [(d.kind.value, f"{d.count:,}", d.where, d.snippet, d.reads) for d in found]
    widths = _widths([row[:4] for row in rows])
    for row in rows:
        cells = (row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].ljust(widths[2]), row[3].ljust(widths[3]))
        text.append(_safe(f"  {'  '.join(cells)}  {row[4]}".rstrip()))
    if not rows and size:
        text.append("  the same for everybody")
    return "\n".join(text) + "\n"


def _ledger(one: Read) -> str:
    from presend.outputs.account import people
    from presend.readout import claims
    from presend.registry import rulebooks

    text = [f"{one.title}: {people(one.audience.size)}"]
    for where, claim in claims(one.opened, rulebooks()):
        text.append(_safe(f'  {where}  "{claim.words}": the reader {claim.about}'))
        counts = f"{claim.true:,} true, {claim.false:,} false, {claim.unknown:,} unknown"
        facts = f"by {', '.join(claim.facts)}" if claim.facts else "no fact can prove it"
        newest = f" (newest {claim.newest:%Y-%m-%d})" if claim.newest else ""
        text.append(_safe(f"    read by {claim.seen:,}: {counts}; {facts}{newest}"))
    if len(text) == 1:
        text.append("  nothing that presend knows as a claim about the reader")
    return "\n".join(text) + "\n"


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max((len(row[i]) for row in rows), default=0) for i in range(4)]


def _safe(text: str) -> str:
    """The text without characters that a terminal would obey."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)

"""The report for a terminal: campaigns by time left, the worst finding first, what people would read."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence

from presend.engine import CampaignResult
from presend.logs import clean
from presend.model import DeedState, Finding, Gap, Severity, UncheckedKind
from presend.model.counting import many
from presend.outputs.account import headline, mend, notes, people
from presend.outputs.order import grouped, in_blocks, moment, questions, severities
from presend.report import Deed, Report, left_until, verdict
from presend.scoring import Audit

_STYLES = {
    Severity.BLOCKER: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
_WIDEST = 140
_PRINTS = 4
"""Fingerprints shown of findings that say the same of several places."""


def write(report: Report) -> str:
    """The table, coloured when stdout is a terminal."""
    from rich.console import Console

    out = io.StringIO()
    terminal = sys.stdout.isatty()
    width = min(_WIDEST, shutil.get_terminal_size((110, 24)).columns) if terminal else 110
    console = Console(file=out, force_terminal=terminal, width=width, highlight=False, emoji=False, soft_wrap=False)
    ranked = sorted(report.campaigns, key=lambda r: _rank(r, report))
    for result in ranked:
        if verdict(result) != "clear":
            _campaign(console, result, report)
    _clear(console, [r for r in ranked if verdict(r) == "clear"])
    _unchecked(console, report)
    _deeds(console, report.deeds, applied=report.applied)
    if report.audit is not None:
        _audit(console, report.audit)
    console.print(_summary(report), markup=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _rank(result: CampaignResult, report: Report) -> tuple[int, float, str]:
    worst = max((f.severity for f in result.findings), default=Severity.INFO)
    left, _words = left_until(result.campaign.schedule.stoppable_until, report.as_of)
    return -worst, left, result.campaign.ref.name


def _campaign(console: object, result: CampaignResult, report: Report) -> None:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    ref, schedule = result.campaign.ref, result.campaign.schedule
    when = "time not known" if isinstance(schedule.send_at, Gap) else moment(schedule.send_at, report.as_of)
    size = "recipients not known" if result.audience is None else people(result.audience.size)
    title = Text(f"{ref.platform.value}  {ref.name}", style="bold")
    title.append(f"  ({ref.account}:{ref.id})", style="dim")
    console.print(title)
    _left, deadline = left_until(schedule.stoppable_until, report.as_of)
    console.print(Text(f"  {verdict(result)} | sends {when} | {size} | {deadline}", style="dim"))
    for same in grouped(_shown(result)):
        _finding(console, same, no_deed=_no_deed(same, report), prints=_prints(same, report))
    console.print()


def _shown(result: CampaignResult) -> list[Finding]:
    return [f for f in result.findings if f.severity > Severity.INFO]


def _clear(console: object, results: Sequence[CampaignResult]) -> None:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    if not results:
        return
    console.print(Text("Clear", style="bold green"))
    for result in results:
        ref = result.campaign.ref
        size = "" if result.audience is None else people(result.audience.size)
        console.print(Text(f"  {ref.platform.value}  {ref.name}  ({ref.account}:{ref.id})  {size}", style="dim"))
    console.print()


def place(finding: Finding) -> str:
    """`html 12:9`, with the variant when there are several."""
    words = finding.part.value.replace("_", " ")
    return words + (f" {finding.line}:{finding.column}" if finding.line else "")


def reach(finding: Finding) -> str:
    """`41 of 1,200`, or nothing where there is no audience."""
    if finding.affected is None or finding.audience is None:
        return ""
    return f"{finding.affected:,} of {finding.audience:,}"


def _no_deed(same: list[Finding], report: Report) -> bool:
    """Whether the policy was asked and leaves these findings without any deed."""
    decisions = [report.decisions.get(finding.fingerprint) for finding in same]
    return all(decision is not None and not decision.verbs for decision in decisions)


def _prints(same: list[Finding], report: Report) -> str:
    """What `presend ack` takes: of what is high or worse, or of everything; nothing where no deed is to be had."""
    if not report.decisions or (same[0].severity < Severity.HIGH and not report.detailed):
        return ""
    more = f" and {len(same) - _PRINTS} more, see --format json" if len(same) > _PRINTS else ""
    return " ".join(finding.fingerprint for finding in same[:_PRINTS]) + more


def _finding(console: object, same: list[Finding], *, no_deed: bool, prints: str) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    assert isinstance(console, Console)
    first = same[0]
    line = Text(first.severity.word, style=_STYLES[first.severity])
    line.append(" " * (8 - len(first.severity.word)), style="default not bold")
    line.append(f"{first.code} {first.name}", style="bold")
    variant = f"{first.message}: " if first.message != "A" else ""
    places = ", ".join(place(f) for f in same[:4]) + (f" and {len(same) - 4} more" if len(same) > 4 else "")
    line.append(f"  {variant}{places}", style="dim")
    if reach(first):
        line.append(f"  {reach(first)}")
    if first.confidence.word != "high":
        line.append(f"  ({first.confidence.word} confidence)", style="dim")
    if no_deed:
        line.append("  no deed", style="dim")
    console.print(Padding(line, (0, 0, 0, 2)))
    body = Text(f"{first.says}\n")
    reads = next((e.reads for f in same for e in f.examples if e.reads), "")
    if reads:
        body.append("reads ", style="dim")
        body.append(f"{reads}\n", style="italic")
    body.append("fix ", style="dim")
    body.append(first.fix)
    if prints:
        body.append("\nack ", style="dim")
        body.append(prints, style="dim")
    console.print(Padding(body, (0, 0, 0, 10)))


def _unchecked(console: object, report: Report) -> None:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    failed = [u for u in report.unchecked if u.kind is UncheckedKind.FAILED]
    if failed:
        console.print(Text("Could not be checked", style="bold red"))
        for item in failed:
            where = ":".join(filter(None, (item.account, item.campaign_id)))
            console.print(Text(f"  {where}  {item.code}  {clean(item.reason)}"))
        console.print()
    unknowable = questions(report)
    if unknowable:
        console.print(Text("Nobody can say from here", style="bold"))
        for doubt in unknowable[:10]:
            said = "  ".join(filter(None, (doubt.where, doubt.people, clean(doubt.reason))))
            console.print(Text(f"  {said}", style="dim"))
        if len(unknowable) > 10:
            console.print(Text(f"  and {len(unknowable) - 10} more, see --format json", style="dim"))
        console.print()


def _audit(console: object, audit: Audit) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    assert isinstance(console, Console)
    console.print(Text(headline(audit), style="bold"))
    for one in audit.mends:
        what, fix = mend(one)
        console.print(Padding(Text(what), (0, 0, 0, 2)))
        console.print(Padding(Text(fix, style="dim"), (0, 0, 0, 10)))
    if audit.more:
        console.print(Text(f"  and {audit.more} more that would raise it less", style="dim"))
    for line in notes(audit):
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    console.print()


def _deeds(console: object, deeds: Sequence[Deed], *, applied: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)
    if not deeds:
        return
    undone = all(d.state in (DeedState.PLANNED, DeedState.CANNOT, DeedState.REFUSED) for d in deeds)
    words = ("What was not done" if applied else "What would be done with --apply") if undone else "What was done"
    console.print(Text(words, style="bold"))
    for deed in deeds:
        where = ":".join(filter(None, (deed.account, deed.campaign_id)))
        console.print(Text(f"  {deed.verb.value:<8} {deed.state.value.replace('_', ' '):<10} {where}  {deed.detail}"))
    console.print()


def _summary(report: Report) -> str:
    counts = severities(report)
    found = ", ".join(f"{n} {s.word}" for s, n in counts.items() if n) or "no findings"
    notes = counts[Severity.INFO]
    flagged = [r for r in report.campaigns if verdict(r) != "clear"]
    blocks = in_blocks([_shown(result) for result in flagged])
    asides = [f"above: {blocks}"] if blocks else []
    asides += ["info is shown by --format json and --report"] if notes else []
    found += f" ({'; '.join(asides)})" if asides else ""
    whole = "complete" if report.complete else "INCOMPLETE"
    campaigns = many(len(report.campaigns), "campaign")
    accounts = many(report.accounts, "account")
    return f"{campaigns} in {accounts}, {len(flagged)} to look at: {found}; scan {whole}"

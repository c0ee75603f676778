"""The report as Markdown, for a comment on a pull request: what is wrong first, everything else folded away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from presend.engine import CampaignResult
from presend.logs import clean
from presend.model import Finding, Gap, UncheckedKind
from presend.outputs.account import headline, mend, notes
from presend.outputs.order import counted, grouped, questions, ranked
from presend.outputs.table import place, reach
from presend.report import Report, verdict
from presend.scoring import Audit

_SPECIAL = re.compile(r"([\\`*_\[\]|~>$])|\A([-+=#])|(?<=\d)([.)])")
"""What Markdown reads as markup anywhere, at the start of a line, or behind a number there."""
_BACKTICKS = re.compile(r"`+")
MOST = 25
"""Findings shown per campaign; a comment has a length limit."""


def text(words: str) -> str:
    """Words of somebody else's as Markdown that shows them as they are: no markup, no HTML, no mention of anybody."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    flat = _SPECIAL.sub(r"\\\g<0>", flat.replace("&", "&amp;").replace("<", "&lt;"))
    return flat.replace("@", "@\u200b")


def code(source: str) -> str:
    """Source as inline code, whatever backticks it holds."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in source).split())
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


def write(report: Report) -> str:
    """The report as Markdown, ending in a newline."""
    out = [f"## presend: {counted(report)}", ""]
    if not report.complete:
        out += ["**Incomplete:** something that was selected could not be checked, see below.", ""]
    if report.campaigns:
        out += list(_overview(report))
    for result in ranked(report):
        out += list(_campaign(result))
    if report.audit is not None:
        out += list(_audit(report.audit))
    out += list(_unchecked(report))
    out += list(_deeds(report))
    return "\n".join(out).rstrip() + "\n"


def _overview(report: Report) -> Iterator[str]:
    yield "| campaign | verdict | sends | recipients |"
    yield "|---|---|---|---|"
    for result in ranked(report):
        ref, when = result.campaign.ref, result.campaign.schedule.send_at
        sends = "not known" if isinstance(when, Gap) else f"{when:%Y-%m-%d %H:%M} UTC"
        size = "" if result.audience is None else f"{result.audience.size:,}"
        yield f"| {ref.platform.value}: {text(ref.name)} | {verdict(result)} | {sends} | {size} |"
    yield ""


def _campaign(result: CampaignResult) -> Iterator[str]:
    groups = grouped(result.findings)
    if not groups:
        return
    ref = result.campaign.ref
    yield f"### {ref.platform.value}: {text(ref.name)}"
    yield ""
    for same in groups[:MOST]:
        yield from _finding(same)
    if len(groups) > MOST:
        yield f"- and {len(groups) - MOST} more, see the report"
    yield ""


def _finding(same: Sequence[Finding]) -> Iterator[str]:
    first = same[0]
    places = ", ".join(place(f) for f in same[:4]) + (f" and {len(same) - 4} more" if len(same) > 4 else "")
    variant = f"variant {text(first.message)}, " if first.message != "A" else ""
    words = [f"**{first.severity.word}** {first.code} {first.name}", f"{variant}{places}"]
    words += [reach(first)] if reach(first) else []
    words += [f"{first.confidence.word} confidence"] if first.confidence.word != "high" else []
    words += ["acknowledged"] if first.state.value == "acknowledged" else []
    yield f"- {'; '.join(words)}  "
    snippet = f"{code(first.snippet)}: " if first.snippet else ""
    yield f"  {snippet}{text(first.says)}  "
    reads = next((example.reads for example in first.examples if example.reads), "")
    if reads:
        yield f"  reads: {code(reads)}  "
    yield f"  fix: {text(first.fix)}"


def _audit(audit: Audit) -> Iterator[str]:
    yield f"### {headline(audit)}"
    yield ""
    for one in audit.mends:
        what, fix = mend(one)
        yield f"- {text(what)}  "
        yield f"  fix: {text(fix)}"
    yield from (f"- {text(line)}" for line in notes(audit))
    yield ""


def _unchecked(report: Report) -> Iterator[str]:
    failed = [u for u in report.unchecked if u.kind is UncheckedKind.FAILED]
    if failed:
        yield "### Could not be checked"
        yield ""
        for item in failed:
            where = ":".join(filter(None, (item.account, item.campaign_id)))
            yield f"- {text(where)} {item.code} {text(clean(item.reason))}"
        yield ""
    unsure = questions(report)
    if unsure:
        yield f"<details><summary>Nobody can say from here ({len(unsure)})</summary>"
        yield ""
        for doubt in unsure[:MOST]:
            yield f"- {text(doubt.where)}: {', '.join(filter(None, (doubt.people, text(clean(doubt.reason)))))}"
        if len(unsure) > MOST:
            yield f"- and {len(unsure) - MOST} more"
        yield ""
        yield "</details>"
        yield ""


def _deeds(report: Report) -> Iterator[str]:
    if not report.deeds:
        return
    yield "### Deeds"
    yield ""
    for deed in report.deeds:
        where = ":".join(filter(None, (deed.account, deed.campaign_id)))
        state = deed.state.value.replace("_", " ")
        yield f"- {deed.verb.value} {text(where)}: **{state}** {text(clean(deed.detail))}"
    yield ""

"""The report for people: one HTML page, whole in itself, that asks nothing of anybody's network and runs no script."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from presend.engine import CampaignResult
from presend.logs import clean
from presend.model import Finding, FindingState, Gap, Severity, UncheckedKind
from presend.outputs.account import gain, headline, notes
from presend.outputs.account import people as recipients
from presend.outputs.order import counted, grouped, moment, ranked, severities
from presend.outputs.table import place, reach
from presend.report import Report, left_until, verdict
from presend.scoring import Audit

if TYPE_CHECKING:
    from jinja2 import Template

LINKS = ("https://", "http://")
"""Beginnings of an edit link that may be followed; anything else a platform gives is shown and not linked."""


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("presend.outputs", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def write(report: Report) -> str:
    """The page, ending in a newline."""
    failed = [u for u in report.unchecked if u.kind is UncheckedKind.FAILED]
    unsure = [u for u in report.unchecked if u.kind is UncheckedKind.UNKNOWABLE]
    page = _template().render(
        version=report.version,
        as_of=f"{report.as_of:%A %d %B %Y, %H:%M} UTC",
        headline=counted(report),
        complete=report.complete,
        totals=[(s.word, n) for s, n in severities(report).items() if n],
        campaigns=[_campaign(result, report) for result in ranked(report)],
        failed=[_unchecked(item) for item in failed],
        unsure=[_unchecked(item) for item in unsure],
        account=None if report.audit is None else _account(report.audit),
        deeds=[
            {
                "verb": deed.verb.value,
                "state": deed.state.value.replace("_", " "),
                "where": ":".join(filter(None, (deed.account, deed.campaign_id))),
                "detail": clean(deed.detail),
                "undo": deed.reversible.value,
            }
            for deed in report.deeds
        ],
    )
    return page.rstrip() + "\n"


def _account(audit: Audit) -> dict[str, Any]:
    return {
        "headline": headline(audit),
        "mends": [
            {
                "gain": gain(one),
                "severity": one.severity.word,
                "code": one.code,
                "name": one.name,
                "snippet": one.snippet,
                "campaigns": len(one.campaigns),
                "mails": "" if one.affected is None else f"{one.affected:,}",
                "fix": one.fix,
            }
            for one in audit.mends
        ],
        "more": audit.more,
        "notes": list(notes(audit)),
    }


def _unchecked(item: Any) -> dict[str, Any]:
    return {
        "where": ":".join(filter(None, (item.account, item.campaign_id))),
        "code": item.code,
        "people": "" if item.affected is None else f"{item.affected:,}",
        "reason": clean(item.reason),
    }


def _campaign(result: CampaignResult, report: Report) -> dict[str, Any]:
    ref, schedule, people = result.campaign.ref, result.campaign.schedule, result.audience
    url = result.campaign.url
    found = {
        "platform": ref.platform.value,
        "name": ref.name,
        "id": f"{ref.account}:{ref.id}",
        "url": url if url is not None and url.startswith(LINKS) else None,
        "verdict": verdict(result),
        "sends": "" if isinstance(schedule.send_at, Gap) else moment(schedule.send_at, report.as_of),
        "deadline": left_until(schedule.stoppable_until, report.as_of)[1],
        "people": "" if people is None else recipients(people.size),
        "left_out": "",
        "coverage": result.coverage,
        "findings": [_finding(same) for same in grouped(result.findings)],
    }
    if people is not None:
        parts = [f"{people.excluded:,} excluded"] if people.excluded else []
        parts += [f"{people.suppressed:,} not mailed by the platform"] if people.suppressed else []
        found["left_out"] = ", ".join(parts)
    return found


def _finding(same: list[Finding]) -> dict[str, Any]:
    first = same[0]
    examples = list(dict.fromkeys((e.recipient, e.reads) for f in same for e in f.examples if e.reads))
    return {
        "severity": first.severity.word,
        "quiet": first.severity is Severity.INFO or first.state is FindingState.ACKNOWLEDGED,
        "code": first.code,
        "name": first.name,
        "variant": "" if first.message == "A" else first.message,
        "places": [place(f) for f in same],
        "snippets": list(dict.fromkeys(f.snippet for f in same if f.snippet)),
        "reach": reach(first),
        "confidence": first.confidence.word,
        "state": first.state.value,
        "says": first.says,
        "fix": first.fix,
        "examples": examples[:3],
        "fingerprint": first.fingerprint,
    }

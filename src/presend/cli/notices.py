"""The notice of a run: what is news in it, on its way through the outbox, so that none is lost or told twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from presend.actions.plan import Plan
from presend.cli.common import note
from presend.errors import DeedError
from presend.model import DeedState, Reversible, Verb
from presend.notify.digest import Digest, digest, many
from presend.report import Deed, Report
from presend.settings import Settings
from presend.store.outbox import Outbox

Campaigns = Collection[tuple[str, str]]
"""Campaigns as account and id."""


def changed(done: Sequence[Deed], before: Mapping[tuple[str, str], DeedState]) -> Campaigns:
    """The campaigns whose hold is news: it was done, or it ended in another way than the last time it was tried."""
    holds = [d for d in done if d.verb is Verb.HOLD and d.state not in (DeedState.REFUSED, DeedState.CANNOT)]
    return {
        (d.account, d.campaign_id)
        for d in holds
        if d.state is DeedState.DONE or d.state is not before.get((d.account, d.campaign_id))
    }


def _digest(report: Report, plan: Plan, news: Campaigns) -> Digest:
    told = {
        d.finding.fingerprint: d.owner for found in plan.decisions.values() for d in found if Verb.NOTIFY in d.verbs
    }
    return digest(report, told, plan.over, news)


def _deed(state: DeedState, detail: str) -> Deed:
    return Deed(Verb.NOTIFY, "", "", "", state, Reversible.NO, detail)


def notice_planned(settings: Settings, report: Report, plan: Plan) -> tuple[Deed, ...]:
    """The notice that a run with --apply would send."""
    if settings.slack_webhook is None or _digest(report, plan, ()).empty:
        return ()
    return (_deed(DeedState.PLANNED, "send one digest to Slack"),)


def notify(
    settings: Settings, engine: sa.Engine, report: Report, plan: Plan, news: Campaigns, now: datetime
) -> tuple[Deed, ...]:
    """Send what is new, after what could not go out earlier. A failure is a note and a deed, never an error."""
    if settings.slack_webhook is None:
        return ()
    url = settings.slack_webhook.get_secret_value()
    notice = _digest(report, plan, news)
    outbox = Outbox(engine)
    try:
        late = outbox.waiting()
        if not notice.empty and not _repeats(notice, outbox.last()):
            outbox.put(notice.stored(), now)
        waiting = outbox.waiting()
        fresh = {one.id for one in waiting} - {one.id for one in late}
        why, sent = "", 0
        for one in waiting:
            why = _send(url, notice if one.id in fresh else Digest.restored(one.notice, one.made))
            if why:
                break
            outbox.sent(one.id, now)
            sent += 1
    except DeedError as error:
        note(f"the notice may not have gone out: {error.message}")
        return (_deed(DeedState.FAILED, f"the digest may not have gone out: {error.message}"),)
    if why:
        note(f"the notice did not go out: {why}. It waits, and the next run with --apply tries again.")
        left = many(len(waiting) - sent, "digest")
        return (_deed(DeedState.FAILED, f"{left} did not go out: {why}; kept for the next run"),)
    return (_deed(DeedState.DONE, f"{many(sent, 'digest')} sent to Slack"),) if sent else ()


def _send(url: str, notice: Digest) -> str:
    from presend.notify.slack import send

    return send(url, notice)


def _repeats(notice: Digest, last: Mapping[str, object] | None) -> bool:
    """Whether it says nothing of any campaign, and about the run only what the last notice said already."""
    return last is not None and not notice.items and list(notice.footer) == last["footer"]

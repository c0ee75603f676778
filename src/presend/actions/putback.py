"""Keeps in the journal that a person put a campaign back, and as what: a scan does not hold it again unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from presend.actions.faults import said
from presend.actions.known import PutBack
from presend.errors import DeedError, PlatformError
from presend.model import DeedState, Verb
from presend.ports import Connector
from presend.store.journal import Entry, Journal

PUT_BACK = "put_back"
"""The stage of a deed of a person after which the campaign goes as that person said."""

RELEASE = "presend release"
UNDO = "presend undo"

ABOUT = (Verb.HOLD, Verb.EXCLUDE, Verb.RELEASE)
"""The deeds that say whether, and to whom, a campaign goes."""


def noted(journal: Journal, entry: int, revision: str, by: str, at: datetime) -> None:
    """Note that the deed put the campaign back as this revision. Raises DeedError."""
    journal.stage(entry, PUT_BACK, {"revision": revision, "by": by, "at": at.isoformat()})


def note(connector: Connector, journal: Journal, entry: int, campaign_id: str, by: str, at: datetime) -> str:
    """Read the campaign as it is now and note it; the sentence for the person. Raises nothing of its own."""
    try:
        noted(journal, entry, connector.campaign(campaign_id).revision, by, at)
    except (PlatformError, DeedError) as error:
        return f"how it is now could not be kept ({said(error)}), so the next scan may hold it again"
    return "scans leave it so until it is edited, or held by `presend hold`"


def last_word(entries: Sequence[Entry]) -> PutBack | None:
    """What a person said last about the going of a campaign, of its entries oldest first; None: presend did, or nobody.

    What surely was not done said nothing.
    """
    for entry in reversed(entries):
        if entry.verb not in ABOUT:
            continue
        if entry.state is DeedState.DONE:
            back = next((stage.data for stage in reversed(entry.stages) if stage.name == PUT_BACK), None)
            if back is None:
                return None
            return PutBack(back["revision"], datetime.fromisoformat(back["at"]), back["by"])
        if entry.holding or entry.state is DeedState.UNKNOWN:
            return None
    return None

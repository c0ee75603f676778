"""What an account's plan and role allow, told before it is tried."""

from __future__ import annotations

from presend.model import Able
from presend_connectors.mailchimp import wire

Verdict = tuple[Able, str]
_READERS = frozenset({"viewer"})
_AUTHORS = frozenset({"viewer", "author"})


class Rights:
    """Judged from GET /: it names plan and role, but not the paid tiers apart."""

    def __init__(self, root: wire.Root) -> None:
        self.plan = root.pricing_plan_type
        self.role = root.role.casefold()

    @property
    def schedule(self) -> Verdict:
        """Schedule and unschedule."""
        if self.plan == "forever_free":
            return Able.NO, "Mailchimp's free plan does not include scheduling, so nothing could be put back"
        return self._by_role(_AUTHORS, "pause or schedule campaigns (Manager or higher is needed)")

    @property
    def contacts(self) -> Verdict:
        """Change contacts."""
        return self._by_role(_AUTHORS, "tag contacts (Manager or higher is needed)")

    @property
    def exclude(self) -> Verdict:
        """Leave people out of a campaign: both of them, the weaker one first."""
        order = [Able.NO, Able.UNKNOWN, Able.YES]
        return min(self.schedule, self.contacts, key=lambda verdict: order.index(verdict[0]))

    @property
    def comment(self) -> Verdict:
        """Comment on campaigns."""
        return self._by_role(_READERS, "comment on campaigns")

    def _by_role(self, too_low: frozenset[str], what: str) -> Verdict:
        if self.role in too_low:
            return Able.NO, f"the key's user is {self.role} in Mailchimp and may not {what}"
        if not self.role:
            return Able.UNKNOWN, "Mailchimp did not tell the role of the key's user, so it may be refused"
        return Able.YES, f"the key's user is {self.role}"

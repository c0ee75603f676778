"""What an id in an audience is: a segment or a list. Klaviyo does not tell, so both are asked."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from presend.errors import Gone, PlatformError, Refused
from presend.model import OUT, Condition, Definition, Gap
from presend_connectors.klaviyo.client import Client
from presend_connectors.klaviyo.definitions import conditions_of, definition_of
from presend_connectors.klaviyo.gather import sentence
from presend_connectors.klaviyo.shapes import Document, GroupRow

EVERYONE = "everyone"
"""Kind of the audience of a flow: anyone of the account may enter it."""


@dataclass(frozen=True, slots=True)
class Group:
    """A list or a segment."""

    id: str
    kind: str
    """`list` or `segment`."""
    name: str
    processing: bool = False
    """A segment that is being computed shows only some of its members, without saying so."""
    conditions: tuple[Condition, ...] = field(default=())
    definition: Definition | None = None
    """A segment's conditions as they are joined."""

    @property
    def own(self) -> bool:
        """Whether presend made it, to leave people out."""
        return self.kind == "list" and self.name.startswith(OUT)


class Groups:
    """Looks groups up, each once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, Group] = {}
        self._lock = threading.Lock()

    def find(self, key: str) -> Group:
        """The segment or list of that id. Raises Gone when neither has it, PlatformError when it cannot be read."""
        with self._lock:
            if key in self._known:
                return self._known[key]
        found = self._ask(key)
        with self._lock:
            return self._known.setdefault(key, found)

    def every(self, keys: Iterable[str]) -> dict[str, Group | Gap]:
        """Each group, or why it could not be read."""
        wanted = list(dict.fromkeys(keys))
        with ThreadPoolExecutor(max_workers=4) as pool:
            return dict(zip(wanted, pool.map(self._or_gap, wanted), strict=True))

    def processing(self, group: Group) -> bool:
        """Whether a segment is being computed at this moment; asks anew."""
        return group.kind == "segment" and self._read("segment", group.id).processing

    def _or_gap(self, key: str) -> Group | Gap:
        try:
            return self.find(key)
        except PlatformError as error:
            return Gap(sentence(error))

    def _ask(self, key: str) -> Group:
        try:
            return self._read("segment", key)
        except (Gone, Refused) as error:
            try:
                return self._read("list", key)
            except Gone:
                if isinstance(error, Refused):
                    raise error from None
                raise Gone(
                    f"Klaviyo has neither a segment nor a list {key}, which the campaign's audience names",
                    help="Choose the audience again in Klaviyo.",
                ) from None

    def _read(self, kind: str, key: str) -> Group:
        row = self._client.read(f"/api/{kind}s/{{id}}", Document[GroupRow], f"{kind} {key}", id=key).data
        told = row.attributes
        name, shown = told.name or row.id, told.definition
        return Group(row.id, kind, name, bool(told.is_processing), conditions_of(shown), definition_of(name, shown))

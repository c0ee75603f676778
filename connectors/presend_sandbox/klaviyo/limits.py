"""Fixed windows of one second and one minute per endpoint, told in headers and kept only when asked to."""

from __future__ import annotations

import time
from collections.abc import Callable


class Limits:
    """Counts calls per endpoint; `ticks` gives seconds that only grow."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._seen: dict[tuple[str, int], tuple[int, int]] = {}

    def count(self, endpoint: str, rate: tuple[int, int], enforced: bool) -> tuple[dict[str, str], int]:
        """The headers of a success and, when a limit that is kept is exceeded, the whole seconds to wait."""
        now = self._ticks()
        burst = self._add(endpoint, 1, now)
        steady = self._add(endpoint, 60, now)
        reset = 60 - int(now) % 60
        if enforced and (burst > rate[0] or steady > rate[1]):
            return {}, reset if steady > rate[1] else 1
        headers = {
            "RateLimit-Limit": f"{rate[0]}, {rate[0]};w=1, {rate[1]};w=60",
            "RateLimit-Remaining": str(max(rate[1] - steady, 0)),
            "RateLimit-Reset": str(reset),
        }
        return headers, 0

    def _add(self, endpoint: str, width: int, now: float) -> int:
        window = int(now) // width
        seen_window, calls = self._seen.get((endpoint, width), (window, 0))
        calls = calls + 1 if seen_window == window else 1
        self._seen[endpoint, width] = (window, calls)
        return calls

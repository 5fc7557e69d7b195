"""How often something may happen: sliding windows of the library `limits`, by the clock of whoever asks."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict, deque
from typing import Final

from limits import parse_many

from footfall.core.errors import FootfallError
from footfall.core.ports import Clock

MOST_KEYS: Final = 20_000
"""How many callers are remembered; the one that was quiet for longest is forgotten first."""


class TooMany(FootfallError):
    """A limit is used up."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many attempts; try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Limit:
    """One limit for each of many callers.

    Args:
        text: as the library `limits` reads it: `1/second;5/minute;20/hour`.
        clock: its `monotonic_s` dates what happens, so that setting the machine's clock locks nobody out.
    """

    def __init__(self, text: str, clock: Clock) -> None:
        self._windows = [(item.amount, item.get_expiry()) for item in parse_many(text)]
        self._most = max(amount for amount, _ in self._windows)
        self._clock = clock
        self._lock = threading.Lock()
        self._times_s: OrderedDict[str, deque[float]] = OrderedDict()

    def hit(self, key: str) -> None:
        """Count one more.

        Raises:
            TooMany: that would be too much; it was not counted.
        """
        with self._lock:
            now_s = self._clock.monotonic_s()
            times_s = self._times_s.setdefault(key, deque(maxlen=self._most))
            self._times_s.move_to_end(key)
            if len(self._times_s) > MOST_KEYS:
                self._times_s.popitem(last=False)
            wait_s = max(_wait_s(times_s, amount, window_s, now_s) for amount, window_s in self._windows)
            if wait_s > 0:
                raise TooMany(math.ceil(wait_s))
            times_s.append(now_s)

    def take_back(self, key: str) -> None:
        """The last one does not count after all."""
        with self._lock:
            times_s = self._times_s.get(key)
            if times_s:
                times_s.pop()


def _wait_s(times_s: deque[float], amount: int, window_s: int, now_s: float) -> float:
    return times_s[-amount] + window_s - now_s if len(times_s) >= amount else 0.0

"""From a connection's stream time to media time. Pure (spec/grpc-extension.md section 7)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from footfall.core.media_time import TICKS_PER_S, ticks_of

DRIFT_S: Final = 1.0
"""A camera whose clock has run off so far is set by ours again."""
AHEAD_S: Final = 2.0
"""A new anchor holds from so much later on: packets that are ahead of their pictures must not be dated twice."""


class MediaClock:
    """Wall clock at the start of a session plus the stream's own time differences.

    Media time never falls while stream time grows; packets and pictures of the same stream time have the same.

    Args:
        after: Media time of the session before, in ticks: this one is later.
    """

    def __init__(self, after: int = 0) -> None:
        self._floor = after
        self._anchor: int | None = None
        self._next: tuple[float, int] | None = None
        self.last = after
        """The latest that was given."""

    def ticks(self, t_s: float, utc: datetime) -> int:
        """The media time of what is shown at stream time `t_s`.

        Args:
            t_s: stream time of the connection.
            utc: when that was by the machine's clock, as well as is known by now.
        """
        stream = round(t_s * TICKS_PER_S)
        wall = ticks_of(utc) - stream
        if self._anchor is None:
            self._anchor = max(wall, self._floor + 1 - stream)
        if self._next is None and abs(wall - self._anchor) > DRIFT_S * TICKS_PER_S:
            self._next = (t_s + AHEAD_S, wall)
        if self._next is not None and t_s > self._next[0] + AHEAD_S:
            self._floor = max(self._floor, self._anchor + round(self._next[0] * TICKS_PER_S))
            self._anchor, self._next = self._next[1], None
        found = self._anchor + stream
        if self._next is not None and t_s >= self._next[0]:
            found = max(self._next[1] + stream, self._anchor + round(self._next[0] * TICKS_PER_S))
        found = max(found, self._floor)
        self.last = max(self.last, found)
        return found

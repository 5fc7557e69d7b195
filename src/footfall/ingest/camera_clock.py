"""How far a camera's own clock is from ours, and when it took a picture. Pure: both clocks come in as arguments.

A camera tells its time in RTCP sender reports (RFC 3550 section 6.4.1): which NTP time belongs to which time stamp. A
picture that comes late says nothing about the clock, so the quickest of some minutes counts: what is left is the
shortest way of a picture to us, usually well below half a second.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from footfall.core.types import CLOCK_LIMIT_S

STEP_S: Final = 0.25
"""A clock that moves so far between two packets was set: what was learnt before does not hold any more."""
SETTLE_S: Final = 3.0
"""So long both clocks have to run on before they are compared."""
SLOT_S: Final = 10.0
SLOTS: Final = 30
"""The quickest packet of five minutes counts: drift is small in them, and no delay lasts so long."""
TRUST_AGAIN_S: Final = 2.5
"""A clock that was off is believed again from here on, well inside of the limit."""


class CameraClock:
    """The clock of one camera during one connection."""

    def __init__(self) -> None:
        self.offset_s: float | None = None
        """How far it is ahead of ours; None as long as it has told nothing. Stays what it was while a step settles."""
        self._zero: datetime | None = None
        self._ours: datetime | None = None
        self._since_s = 0.0
        self._leads: deque[tuple[int, float]] = deque(maxlen=SLOTS)
        self._is_settled = False
        self._is_off = False

    def tell(self, pts_s: float, camera: datetime, now: datetime, steady_s: float) -> None:
        """A packet came.

        Args:
            pts_s: its time stamp in seconds on the stream's own axis.
            camera: when it was taken, by the camera's clock.
            now: when it arrived, by our clock.
            steady_s: the same on a clock that is never set.
        """
        zero, ours = camera - timedelta(seconds=pts_s), now - timedelta(seconds=steady_s)
        if _has_stepped(self._zero, zero) or _has_stepped(self._ours, ours):
            self._leads.clear()
            self._since_s, self._is_settled = steady_s, False
        self._zero, self._ours = zero, ours
        self._keep(int(steady_s // SLOT_S), (camera - now).total_seconds())
        if steady_s - self._since_s >= SETTLE_S:
            self._settle(max(lead_s for _, lead_s in self._leads))

    def taken(self, pts_s: float) -> datetime | None:
        """When a picture was taken, by our clock; None as long as the camera's clock is not known.

        The camera is believed while it is at most `CLOCK_LIMIT_S` behind, since delay looks like that. What would lie
        in the future, and all times of a clock that is off, are corrected by the offset.
        """
        if self._zero is None or self.offset_s is None or not self._is_settled:
            return None
        wrong_s = self.offset_s if self._is_off or self.offset_s > 0.0 else 0.0
        return self._zero + timedelta(seconds=pts_s - wrong_s)

    def _keep(self, slot: int, lead_s: float) -> None:
        if self._leads and self._leads[-1][0] == slot:
            lead_s = max(lead_s, self._leads.pop()[1])
        self._leads.append((slot, lead_s))

    def _settle(self, offset_s: float) -> None:
        self.offset_s, self._is_settled = offset_s, True
        self._is_off = abs(offset_s) > (TRUST_AGAIN_S if self._is_off else CLOCK_LIMIT_S)


def _has_stepped(before: datetime | None, after: datetime) -> bool:
    return before is None or abs((after - before).total_seconds()) > STEP_S

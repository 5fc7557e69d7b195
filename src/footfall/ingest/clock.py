"""From a stream's own time stamps to stream time and UTC. Pure: the time of day comes in as an argument.

Stream time `t_s` starts at 0 with the first frame and never goes back. It follows the presentation time stamps (pts)
while they make sense: they may repeat, be missing, wrap, restart with the camera or leap.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from footfall.ingest.camera_clock import CameraClock

LIVE_GAP_S: Final = 10.0
"""A live stream whose pts leap further than this has a new time base."""
FILE_GAP_S: Final = 3600.0
"""A recording may hold longer pauses: motion recordings and time lapses do."""
BACK_S: Final = 0.5
"""So much backwards is disorder, more is a new time base."""
STUCK_S: Final = 1.0
"""After so long without progress the pts are not believed any more."""
SLEW: Final = 0.01
"""UTC approaches the time of arrival by at most this fraction of stream time: far above any camera's drift."""
HOLD: Final = timedelta(seconds=5.0)
"""UTC that would go back further was set."""
LATE_S: Final = 2.0
PATIENCE_S: Final = 5.0
"""Frames that arrive more than `LATE_S` late for `PATIENCE_S` are not a burst: UTC is set to their arrival."""


class StreamTime(NamedTuple):
    """When a frame was."""

    t_s: float
    """Seconds since the first frame."""
    utc: datetime


class StreamClock:
    """Gives the frames of one source their times, over reconnects of a looped file too.

    A live stream's UTC is what `camera` says as soon as that knows. Before, and where it never does, it starts at the
    arrival of the first frame, follows the pts and is slewed towards the time of arrival. It never lies after that.
    A recording's UTC is the arrival of its first frame plus stream time.
    """

    def __init__(self, *, live: bool) -> None:
        self.camera = CameraClock()
        """Is told the times of packets, by whoever reads them."""
        self._live = live
        self._max_gap_s = LIVE_GAP_S if live else FILE_GAP_S
        self._interval_s = 0.0
        self._t_s = 0.0
        self._stamped_s = 0.0
        self._unstamped = 0
        self._base_s: float | None = None
        self._idle_s = 0.0
        self._arrival_s: float | None = None
        self._anchor: datetime | None = None
        self._utc: datetime | None = None
        self._late_since_s: float | None = None

    def start(self, nominal_fps: float) -> None:
        """A stream, or the same file once more, begins: its pts are new, time goes on one frame interval later."""
        self._interval_s = 1.0 / nominal_fps
        self._base_s = None
        self._stamp(self._t_s)

    def tick(self, pts_s: float | None, now: datetime, steady_s: float | None = None) -> StreamTime:
        """Time of the next frame in presentation order.

        Args:
            pts_s: the frame's time stamp in seconds on the stream's own axis, if it has one.
            now: when the frame arrived, UTC.
            steady_s: the same in seconds on a clock that is never set; without it a step of `now` is taken for time.
        """
        before_s = self._t_s
        arrival_s = now.timestamp() if steady_s is None else steady_s
        if self._anchor is None:
            self._anchor = now
            self._rebase(pts_s, 0.0)
        else:
            self._advance(pts_s, self._guess_s(arrival_s))
        self._arrival_s = arrival_s
        if self._live:
            taken = None if pts_s is None else self.camera.taken(pts_s)
            if taken is None:
                self._anchor = self._follow(self._anchor, now, self._t_s - before_s)
            else:
                self._anchor = min(taken, now) - timedelta(seconds=self._t_s)
        return StreamTime(self._t_s, self._dated(self._anchor + timedelta(seconds=self._t_s), now))

    def at(self, pts_s: float | None, now: datetime) -> StreamTime:
        """Time of a packet that was not decoded yet, estimated from the frames so far; changes nothing."""
        if self._anchor is None:
            return StreamTime(0.0, now)
        t_s = self._t_s
        if pts_s is not None and self._base_s is not None and abs(pts_s + self._base_s - t_s) <= self._max_gap_s:
            t_s = max(0.0, pts_s + self._base_s)
        return StreamTime(t_s, self._anchor + timedelta(seconds=t_s))

    def postpone(self, delay_s: float) -> None:
        """Playback stood still for so long: UTC of all that follows is later."""
        if self._anchor is not None:
            self._anchor += timedelta(seconds=delay_s)

    def _advance(self, pts_s: float | None, guess_s: float) -> None:
        if pts_s is None:
            self._unstamped += 1
            self._t_s = self._t_s + guess_s if self._live else self._stamped_s + self._unstamped * guess_s
            return
        if self._base_s is None:
            self._rebase(pts_s, guess_s)
            return
        step_s = pts_s + self._base_s - self._t_s
        if 0.0 < step_s <= self._max_gap_s:
            self._stamp(pts_s + self._base_s)
            return
        self._idle_s += guess_s
        if not -BACK_S <= step_s <= 0.0 or self._idle_s > STUCK_S:
            self._rebase(pts_s, self._idle_s)

    def _rebase(self, pts_s: float | None, step_s: float) -> None:
        self._stamp(self._t_s + step_s)
        if pts_s is not None:
            self._base_s = self._t_s - pts_s

    def _stamp(self, t_s: float) -> None:
        self._t_s = self._stamped_s = t_s
        self._unstamped = 0
        self._idle_s = 0.0

    def _guess_s(self, arrival_s: float) -> float:
        """Time since the last frame where the pts do not tell: as arrived, or one frame of a recording."""
        if not self._live or self._arrival_s is None:
            return self._interval_s
        return min(max(0.0, arrival_s - self._arrival_s), self._max_gap_s)

    def _dated(self, utc: datetime, now: datetime) -> datetime:
        """UTC stands still where it would go back a little, so that no minute comes twice."""
        if self._live and self._utc is not None and utc < self._utc <= utc + HOLD:
            utc = min(self._utc, now)
        self._utc = utc
        return utc

    def _follow(self, anchor: datetime, now: datetime, step_s: float) -> datetime:
        late_s = (now - anchor).total_seconds() - self._t_s
        if late_s <= LATE_S:
            self._late_since_s = None
        elif self._late_since_s is None:
            self._late_since_s = self._t_s
        elif self._t_s - self._late_since_s > PATIENCE_S:
            self._late_since_s = None
            return anchor + timedelta(seconds=late_s)
        return anchor + timedelta(seconds=min(late_s, SLEW * step_s))

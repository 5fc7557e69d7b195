"""Frames that wait for a client to send them: bounded, the oldest gives way, and is counted."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from footfall.core.types import Frame
from footfall.extension.client import Diagnostic, Trouble
from footfall.extension.render import Json


@dataclass(frozen=True, slots=True)
class Offer:
    """One frame that waits."""

    frame: Frame
    timestamp_90k: int
    annotations: tuple[Json, ...] = ()


class Waiting:
    """Not safe by itself: whoever calls holds `changed`.

    Args:
        between_reports_s: `drops` says something at most this often.
    """

    def __init__(self, between_reports_s: float) -> None:
        self.changed = threading.Condition()
        """Told of every change here and in what the client waits for."""
        self.dropped = 0
        self._offers: deque[Offer] = deque()
        self._between_reports_s = between_reports_s
        self._reported = 0
        self._reported_s: float | None = None

    def __len__(self) -> int:
        return len(self._offers)

    def put(self, offer: Offer, room: int) -> None:
        """Let it wait; of more than `room` the oldest go, the newest stays in any case."""
        self._offers.append(offer)
        self.trim(room)
        self.changed.notify_all()

    def trim(self, room: int) -> None:
        """Drop the oldest until as many are left as there is room for, or one."""
        while len(self._offers) > max(1, room):
            self._offers.popleft()
            self.dropped += 1

    def first(self) -> Offer | None:
        """The oldest one; it goes on waiting."""
        return self._offers[0] if self._offers else None

    def take(self) -> Offer:
        """The oldest one."""
        return self._offers.popleft()

    def drop_all(self) -> None:
        """Nobody will send them."""
        self.dropped += len(self._offers)
        self._offers.clear()

    def drops(self, now_s: float) -> Trouble | None:
        """What there is to report of frames that were dropped since the last report (section 6)."""
        count = self.dropped - self._reported
        is_due = self._reported_s is None or now_s - self._reported_s >= self._between_reports_s
        if not count or not is_due:
            return None
        self._reported, self._reported_s = self.dropped, now_s
        return Trouble(
            Diagnostic.DATA_DROPPED, {"dataType": "video"}, f"{count} frames were dropped: the server is slow"
        )

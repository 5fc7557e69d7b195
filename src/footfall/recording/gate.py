"""When to record: a signal gate that events open and time closes. Pure: times are arguments.

Rules R1-R14 and the state machine are those of spec/recording.md section 2. All times are stream times in seconds. What
"has arrived by now" is the stream time that the analysis has reached, so that the same video gives the same clips.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import Final

LONGEST_OFFSET_S: Final = 60.0
LONGEST_WINDOW_S: Final = 10.0
LONGEST_OPENING_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class GateSettings:
    """The four durations of a gate, in seconds.

    Raises:
        ValueError: one is out of its range, or nothing would ever be recorded (R14).
    """

    offset_s: float = 0.0
    """activationSignalOffset O: where a clip starts relative to its first event; negative: before it."""
    minimum_s: float = 30.0
    """minimumActivationTime m: how long the gate stays open after the last event."""
    maximum_s: float = 30.0
    """maximumActivationTime M: how long after the first event it closes in any case."""
    window_s: float = 1.0
    """activationEvaluationWindow W: how long events are collected before the first of them is told."""

    def __post_init__(self) -> None:
        if not -LONGEST_OFFSET_S <= self.offset_s <= LONGEST_OFFSET_S:
            raise ValueError(f"the offset is {self.offset_s:g} s, not within {LONGEST_OFFSET_S:g} s")
        if not 0.0 <= self.window_s <= LONGEST_WINDOW_S:
            raise ValueError(f"the evaluation window is {self.window_s:g} s, not 0 to {LONGEST_WINDOW_S:g} s")
        if not 1.0 <= self.minimum_s <= LONGEST_OPENING_S:
            raise ValueError(f"the minimum is {self.minimum_s:g} s, not 1 to {LONGEST_OPENING_S:g} s")
        if not self.minimum_s <= self.maximum_s <= LONGEST_OPENING_S:
            raise ValueError(f"the maximum is {self.maximum_s:g} s, not the minimum to {LONGEST_OPENING_S:g} s")
        if self.minimum_s <= self.offset_s:
            raise ValueError(f"a start {self.offset_s:g} s after the event leaves nothing of {self.minimum_s:g} s")


@dataclass(frozen=True, slots=True)
class Opening:
    """The span of one clip."""

    number: int
    """Counts the openings of a gate from 1 (R12)."""
    event_s: float
    """Its first event E1."""
    start_s: float
    end_s: float
    """May still move on, never back, while the gate is open."""
    correlation_id: str = ""
    """Of its first event (R12)."""


EVERYTHING: Final = Opening(0, -inf, -inf, inf)
"""What is recorded without a gate."""


@dataclass(frozen=True, slots=True)
class _Event:
    t_s: float
    correlation_id: str


@dataclass(frozen=True, slots=True)
class _Collected:
    """Events that arrived before the gate opened for them."""

    since_s: float
    """When the first of them arrived."""
    events: tuple[_Event, ...]


class SignalGate:
    """Closed, evaluating, open, and closed again."""

    def __init__(self, settings: GateSettings) -> None:
        self._settings = settings
        self._waiting: _Collected | None = None
        self._number = 0
        self._over: list[Opening] = []
        self._over_s = -inf
        self.opening: Opening | None = None
        """What is open now."""

    def trigger(self, t_s: float, now_s: float, correlation_id: str = "") -> None:
        """Count an event of time `t_s` that arrives at `now_s`."""
        if self.opening is None or t_s > self.opening.end_s:
            self._pass(now_s)
        opening = self.opening
        if opening is None or t_s > opening.end_s:
            earlier = self._waiting or _Collected(now_s, ())
            self._waiting = replace(earlier, events=(*earlier.events, _Event(t_s, correlation_id)))
        elif t_s >= opening.event_s:
            self.opening = replace(opening, end_s=max(opening.end_s, self._end_s(opening.event_s, t_s)))

    def advance(self, now_s: float) -> list[Opening]:
        """Let time pass; the openings that are over since the last call, in order. Infinity ends everything."""
        self._pass(now_s)
        over, self._over = self._over, []
        return over

    def _pass(self, now_s: float) -> None:
        """Close and open as often as it takes to come to this time."""
        while True:
            if self.opening is not None:
                if now_s <= self.opening.end_s:
                    return
                self._over.append(self.opening)
                self._over_s = self.opening.end_s
                self.opening = None
            if self._waiting is None or now_s < self._waiting.since_s + self._settings.window_s:
                return
            self._open(self._waiting)

    def _open(self, waiting: _Collected) -> None:
        """Open for the events that have come, but not where the last opening has been already (R11)."""
        events = sorted(waiting.events, key=lambda event: event.t_s)
        first = events[0]
        counted = [event for event in events if event.t_s <= first.t_s + self._settings.maximum_s]
        later = tuple(events[len(counted) :])
        self._waiting = replace(waiting, events=later) if later else None
        start_s = max(first.t_s + self._settings.offset_s, self._over_s)
        end_s = self._end_s(first.t_s, counted[-1].t_s)
        if end_s > start_s:
            self._number += 1
            self.opening = Opening(self._number, first.t_s, start_s, end_s, first.correlation_id)

    def _end_s(self, first_s: float, last_s: float) -> float:
        return min(last_s + self._settings.minimum_s, first_s + self._settings.maximum_s)

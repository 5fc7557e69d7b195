"""How many people are inside a place, from who goes in and out through its doors. Never below nobody.

A door is a line, or a zone, of any camera. Small mistakes at doors add up, so a place is anchored from time to time:
at a time of day it is known how many are there, or that nobody is; or a count rule of a zone that sees the whole place
says how many; or a person counted. What was off at an anchor, per passage since the one before, is the drift, and is
taken off from then on. Everything that has to survive a restart is in `Occupancy`, a small frozen value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from footfall.spatial.certainty import weigh
from footfall.spatial.interval import Estimate, Interval
from footfall.spatial.signs import Evidence, What

LEARN_FROM = 200.0
"""Drift is believed by half once it was seen over so many passages..."""
REMEMBER = 0.7
"""...of which each anchor forgets a part, because cameras are moved and seasons change."""
MOST_DRIFT = 0.2


@dataclass(frozen=True, slots=True)
class Door:
    """A line or zone through which people come and go."""

    region: str
    inward: tuple[What, ...]
    """Of `What`: crossing to the right or left, entering or leaving the zone."""
    outward: tuple[What, ...]
    camera: str = ""
    """Source id; empty: any camera that has such a region."""

    @classmethod
    def of(cls, region: str, *, is_turned: bool = False, camera: str = "") -> Door:
        """In is to the right over the line, or into the zone; turned, it is the other way round."""
        ways = ((What.RIGHT, What.ENTER), (What.LEFT, What.EXIT))
        inward, outward = ways[::-1] if is_turned else ways
        return cls(region, inward, outward, camera)


@dataclass(frozen=True, slots=True)
class Anchor:
    """At this time of day so many people are inside: `people`, or as many as the count rule of `zone` says."""

    at: time
    people: int = 0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What belongs together."""

    name: str
    doors: tuple[Door, ...]
    anchors: tuple[Anchor, ...] = ()


NO_DOUBTS = Estimate()


@dataclass(frozen=True, slots=True)
class Occupancy:
    """One place at one moment; all of it is needed to go on after a restart.

    Raises:
        ValueError: a number is below 0, or a date has no time zone.
    """

    base: int = 0
    """People at the last anchor, and since then:"""
    entered: int = 0
    left: int = 0
    lifted: int = 0
    """How many people too many had left: they must have been inside."""
    doubts: Estimate = NO_DOUBTS
    """What evidence there is against the passages; `told` is not used."""
    drift: float = 0.0
    """Mean error of earlier anchors: people too many..."""
    passages: float = 0.0
    """...over so many passages."""
    since: datetime | None = None
    """When it was anchored last, or begun."""

    def __post_init__(self) -> None:
        if min(self.base, self.entered, self.left, self.lifted, self.passages) < 0:
            raise ValueError("numbers of people must not be negative")
        if self.since is not None and self.since.tzinfo is None:
            raise ValueError("`since` has no time zone")

    @property
    def people(self) -> int:
        """How many are inside: 0 or more."""
        return max(0, self._balance)

    @property
    def rate(self) -> float:
        """People too many for each passage, as far as anchors have shown."""
        rate = self.drift / (self.passages + LEARN_FROM)
        return max(-MOST_DRIFT, min(MOST_DRIFT, rate))

    @property
    def estimate(self) -> Estimate:
        """The same with what speaks against it."""
        return replace(self.doubts, told=self.people)

    def interval(self) -> Interval:
        """The truth lies in it 19 times out of 20."""
        return self.estimate.interval()

    @property
    def _balance(self) -> int:
        passages = self.entered + self.left
        return round(self.base + self.entered - self.left - self.rate * passages) + self.lifted

    def passed(self, inward: int, outward: int) -> Occupancy:
        """So many more people went in and out, in this order."""
        after = replace(self, entered=self.entered + inward, left=self.left + outward)
        return replace(after, lifted=after.lifted - min(0, after._balance))

    def anchored(self, people: int, now: datetime) -> Occupancy:
        """At `now`, timezone-aware, so many people are inside; what was off is learnt from.

        Raises:
            ValueError: `people` is negative or `now` has no time zone.
        """
        passages = self.entered + self.left
        error = self.base + self.entered - self.left - people
        drift = REMEMBER * self.drift + (error if passages else 0)
        return Occupancy(people, drift=drift, passages=REMEMBER * self.passages + passages, since=now)


def advance(
    place: Place,
    before: Occupancy,
    evidence: Iterable[Evidence],
    now: datetime,
    counts: Mapping[str, int] | None = None,
    camera: str = "",
) -> Occupancy:
    """What a frame made known, at `now` in the place's own time zone -> the occupancy after it.

    Args:
        place: its doors and anchors.
        before: the occupancy before.
        evidence: of one camera's rules, told or not (`certainty.Certainty.evidence`).
        now: timezone-aware; anchors are times of day on this clock.
        counts: zone -> people in it now, where a count rule says so.
        camera: source id of that camera.
    """
    after = before if before.since is not None else replace(before, since=now)
    due = _due(place, after, now, counts or {})
    if due is not None:
        after = after.anchored(due[1], due[0])
    for item in evidence:
        for door in place.doors:
            if door.region == item.region and door.camera in ("", camera):
                after = _through(door, after, item)
    return after


def _through(door: Door, before: Occupancy, item: Evidence) -> Occupancy:
    """One piece of evidence about a door."""
    is_in, is_out = item.what in door.inward, item.what in door.outward
    if not (is_in or is_out):
        return before
    doubt = weigh(item)
    doubts = before.doubts + doubt if is_in else before.doubts - doubt
    told = doubt.told
    return replace(before.passed(told * is_in, told * is_out), doubts=replace(doubts, told=0))


def _due(place: Place, state: Occupancy, now: datetime, counts: Mapping[str, int]) -> tuple[datetime, int] | None:
    """The latest anchor that has come since the last one: when, and how many people."""
    passed = [
        (moment, counts[anchor.zone] if anchor.zone else anchor.people)
        for anchor in place.anchors
        if state.since is not None
        and (not anchor.zone or anchor.zone in counts)
        and (moment := _latest(anchor.at, now)) > state.since
    ]
    return max(passed, default=None)


def _latest(at: time, now: datetime) -> datetime:
    """The last time before `now` that the clock showed `at`."""
    today = datetime.combine(now.date(), at, now.tzinfo)
    return today if today <= now else datetime.combine(now.date() - timedelta(days=1), at, now.tzinfo)

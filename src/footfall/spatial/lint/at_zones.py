"""What recorded people say about a zone: whose feet come in, who is stepped over, where visits break."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from footfall.core.geometry import edges
from footfall.spatial.lint.at_lines import EDGE_S, ENOUGH, FEW, STANDS_ALONE_S, STANDS_S
from footfall.spatial.lint.findings import Finding, Place, percent
from footfall.spatial.lint.floor import SMALLEST_PX
from footfall.spatial.lint.recording import Bools, Floats
from footfall.spatial.lint.shapes import deepest_w, depth, inside, on_picture_edge
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import DEFAULT_THRESHOLD_W, DwellRule, Focus, Zone, ZoneCrossingRule

STEPPED_OVER = 0.3
BETWEEN = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875)
UNSEEN = 0.4
BROKEN = 0.3
STATUE_S = 20.0
STATUE_SHARE = 0.9
STATUE_HEIGHTS = 0.05


@dataclass(frozen=True, eq=False)
class Visits:
    """A zone held against recorded walks."""

    zone: Zone
    walks: Walks

    @property
    def threshold_w(self) -> float:
        """The smallest of its rules."""
        return min((rule.threshold_w for rule in self.zone.rules), default=DEFAULT_THRESHOLD_W)

    @property
    def focus(self) -> Focus:
        """Which point of people is inside or not."""
        return self.zone.rules[0].focus if self.zone.rules else Focus.FOOTPRINT

    @property
    def tells_visits(self) -> bool:
        """Whether somebody wants to know who comes and goes."""
        return any(isinstance(rule, ZoneCrossingRule | DwellRule) for rule in self.zone.rules)

    def _depth(self, points_n: Floats) -> Floats:
        zone = self.zone
        return depth(zone.polygon_n, points_n, self.walks.recording.aspect, is_open=zone.is_open)

    @cached_property
    def depth_w(self) -> Floats:
        """(n,) distance of each sight to the border in image widths, positive inside."""
        return self._depth(self.walks.point_n(self.focus))

    @cached_property
    def visitors(self) -> Bools:
        """(p,) who is seen inside, deeper than the threshold."""
        return self.walks.any(self.depth_w > self.threshold_w)

    @cached_property
    def heads(self) -> Bools:
        """(p,) whose head is seen inside."""
        return self.walks.any(inside(self.zone.polygon_n, self.walks.head_n))

    @cached_property
    def skipped(self) -> Bools:
        """(p,) whose path leads through the zone, deeper than the threshold, between two sights outside of that."""
        rows = self.walks.steps
        point, found = self.walks.point_n(self.focus), np.zeros(len(self.walks.recording), bool)
        for share in BETWEEN:
            way = point[rows] + share * (point[rows + 1] - point[rows])
            found[rows] |= self._depth(way) > self.threshold_w
        return np.asarray(self.walks.any(found) & ~self.visitors)

    @cached_property
    def vanished(self) -> Bools:
        """(p,) visitors who are last seen in the zone, or too near to it to be outside, while the recording goes on."""
        recording, last = self.walks.recording, self.walks.last
        early = recording.t_s[last] < recording.frame_s[-1] - EDGE_S
        return np.asarray(self.visitors & (self.depth_w[last] > -self.threshold_w) & early)

    @cached_property
    def appeared(self) -> Bools:
        """(p,) visitors who are first seen in the zone, well after the recording's start."""
        recording, first = self.walks.recording, self.walks.first
        late = recording.t_s[first] > recording.frame_s[0] + EDGE_S
        return np.asarray(self.visitors & (self.depth_w[first] > 0.0) & late)

    @cached_property
    def broken(self) -> int:
        """How many tracks break off inside and go on under another id, inside too."""
        ends, begins = self.walks.last[self.walks.breaks[:, 0]], self.walks.first[self.walks.breaks[:, 1]]
        return int(((self.depth_w[ends] > 0.0) & (self.depth_w[begins] > 0.0)).sum())

    @cached_property
    def near(self) -> Bools:
        """(n,) sights inside or within half a body height."""
        return np.asarray(self.depth_w > -0.5 * self.walks.height_w)

    @cached_property
    def edge_s(self) -> Floats:
        """(p,) seconds that each person stands so near to the border that it is not sure on which side."""
        walks = self.walks
        unsure = np.abs(self.depth_w) < np.maximum(self.threshold_w, walks.jitter_w)
        return walks.sums(walks.credit_s * (walks.standing & unsure))


def at_zone(place: Place, walks: Walks) -> Iterator[Finding]:
    """Every finding about one zone that recorded people tell."""
    assert isinstance(place.region, Zone)
    visits = Visits(place.region, walks)
    yield from _entered(place, visits)
    yield from _size(place, visits)
    yield from _stood_on(place, visits)
    if visits.tells_visits:
        yield from _unseen_exits(place, visits)
        yield from _broken(place, visits)
    yield from _statues(place, visits)


def _entered(place: Place, visits: Visits) -> Iterator[Finding]:
    feet, heads = int(visits.visitors.sum()), int(visits.heads.sum())
    skipped, walked = int((visits.skipped & visits.walks.walked).sum()), int(visits.walks.walked.sum())
    if skipped >= FEW and skipped >= STEPPED_OVER * (feet + skipped):
        what = f"{skipped} people pass through it between two frames, and {feet} are seen in it: it is too thin"
        yield place.found("zone-stepped-over", what, "make it wider, use a line instead, or analyse more frames")
    elif visits.focus is not Focus.CENTER and heads >= max(ENOUGH, 0.5 * walked) and feet <= 0.1 * heads:
        what = (
            f"the heads of {heads} people come into it, but the feet of {feet}: it hangs over bodies, not on the floor"
        )
        yield place.found("zone-without-feet", what, "move it down to the floor on which people stand")
    elif feet == 0 and walked >= ENOUGH:
        what = f"none of the {walked} people who walk through the picture comes into it"
        yield place.found("zone-never-entered", what, "fine if nobody should; else draw it where people walk")


def _size(place: Place, visits: Visits) -> Iterator[Finding]:
    walks, zone, near = visits.walks, visits.zone, visits.near
    if walks.any(near).sum() < FEW:
        return
    width_px, aspect = walks.recording.size_px[0], walks.recording.aspect
    height_px = float(np.median(walks.height_w[near])) * width_px
    if height_px < SMALLEST_PX <= float(np.median(walks.height_w)) * width_px:
        what = f"people are {height_px:.0f} pixels high there, fewer than a detector finds reliably"
        yield place.found("zone-people-too-small", what, "draw it nearer to the camera, or raise the frame's width")
    box = walks.recording.box_n[near]
    person_w, widest_w = (
        float(np.median(box[:, 2] - box[:, 0])),
        2.0 * deepest_w(zone.polygon_n, aspect, is_open=zone.is_open),
    )
    if widest_w < 0.5 * person_w:
        what = f"it is {widest_w:.3f} picture widths wide where people are {person_w:.3f} wide: a step leads out of it"
        yield place.found("zone-smaller-than-person", what, "draw it at least as wide as a person")


def _stood_on(place: Place, visits: Visits) -> Iterator[Finding]:
    standers = visits.edge_s >= STANDS_S
    count, longest = int(standers.sum()), float(visits.edge_s.max())
    crowd = int((standers | visits.visitors).sum())
    if longest >= STANDS_ALONE_S or (count >= FEW and count >= 0.2 * crowd):
        what = (
            f"{count} people stand on its border for up to {longest:.0f} seconds, so that they are in and out by chance"
        )
        yield place.found("zone-edge-through-standing", what, "draw the border where people do not stand")


def _unseen_exits(place: Place, visits: Visits) -> Iterator[Finding]:
    walks, zone = visits.walks, visits.zone
    if zone.is_open and any(on_picture_edge(*side) for side in edges(zone.polygon_n)):
        return
    gone = int((visits.vanished & walks.near_border[walks.last]).sum())
    everybody = int(visits.visitors.sum())
    if gone >= FEW and gone >= UNSEEN * everybody:
        what = f"{gone} of {everybody} visitors leave the picture before they are seen outside of it"
        cure = "end it a body height before the picture's border, so that people are seen to leave"
        yield place.found("zone-cut-by-border", what, cure)


def _broken(place: Place, visits: Visits) -> Iterator[Finding]:
    walks, everybody = visits.walks, int(visits.visitors.sum())
    if visits.broken >= FEW and visits.broken >= BROKEN * everybody:
        what = f"{visits.broken} tracks break off in it and go on under a new id: one visit is told as two"
        yield place.found("zone-where-tracks-break", what, "leave out what hides people, or raise the memory of tracks")
        return
    inner = (visits.vanished & ~walks.near_border[walks.last]) | (visits.appeared & ~walks.near_border[walks.first])
    count = int(inner.sum())
    if count >= ENOUGH and count >= 0.5 * everybody:
        what = f"{percent(count / everybody)} of its visitors appear or vanish in it, as at a door: the way is not seen"
        yield place.found("zone-over-door", what, "fine for counting; for entries and exits leave the door outside")


def _statues(place: Place, visits: Visits) -> Iterator[Finding]:
    walks, recording = visits.walks, visits.walks.recording
    for person in np.flatnonzero(walks.any(visits.depth_w > 0.0) & (walks.life_s >= STATUE_S)):
        box = recording.box_n[walks.first[person] : walks.last[person] + 1]
        moved = np.abs(box - np.median(box, axis=0)) * np.array([1.0, recording.aspect] * 2)
        still = float(np.quantile(moved.max(axis=1), 0.9)) <= STATUE_HEIGHTS * float(
            walks.height_w[walks.first[person]]
        )
        if still and walks.life_s[person] >= STATUE_SHARE * recording.duration_s:
            what = f"something in it does not move for {walks.life_s[person]:.0f} seconds: a poster, a mannequin?"
            yield place.found("zone-never-empty", what, "leave it out of the zone, or let stationary people be ignored")
            return

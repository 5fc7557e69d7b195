"""What recorded people say about a line: who passed it, who could not be seen on both sides, who stood on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from footfall.spatial.lint.findings import Finding, Place
from footfall.spatial.lint.floor import SMALLEST_PX
from footfall.spatial.lint.recording import Bools, Floats
from footfall.spatial.lint.shapes import in_widths, segment
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import DEFAULT_THRESHOLD_W, Focus, Line

FEW = 2
"""Fewer people say nothing about a place."""
ENOUGH = 3
LOST = 0.3
BESIDE = 0.2
ALONG_DEG = 25.0
MOVING_HEIGHTS = 0.3
STANDS_S = 3.0
STANDS_ALONE_S = 20.0
EDGE_S = 0.6
"""Whoever is there at the very start or end of the recording was not seen to appear or vanish."""


@dataclass(frozen=True, eq=False)
class Passages:
    """A line held against recorded walks; lengths in image widths."""

    line: Line
    walks: Walks

    @property
    def threshold_w(self) -> float:
        """The largest of its rules."""
        return max((rule.threshold_w for rule in self.line.rules), default=DEFAULT_THRESHOLD_W)

    @property
    def focus(self) -> Focus:
        """Which point of people passes."""
        return self.line.rules[0].focus if self.line.rules else Focus.FOOTPRINT

    @cached_property
    def axes(self) -> tuple[Floats, Floats, float]:
        """Start and direction, both (2,), and length."""
        return segment(self.line.start_n, self.line.end_n, self.walks.recording.aspect)

    @property
    def length_w(self) -> float:
        """Of the line."""
        return self.axes[2]

    def _across_along(self, point_w: Floats) -> tuple[Floats, Floats]:
        start, way, _ = self.axes
        x, y = (point_w - start).T
        return way[0] * y - way[1] * x, way[0] * x + way[1] * y

    @cached_property
    def across_w(self) -> Floats:
        """(n,) signed distance to the endless line, positive on its right."""
        return self._across_along(self.walks.point_w(self.focus))[0]

    @cached_property
    def distance_w(self) -> Floats:
        """(n,) distance to the line."""
        across, along = self._across_along(self.walks.point_w(self.focus))
        return np.asarray(np.hypot(across, along - np.clip(along, 0.0, self.length_w)))

    def _meets(self, point_w: Floats) -> tuple[Bools, Floats]:
        """(k,) steps that change sides, and where along the line they do."""
        across, along = self._across_along(point_w)
        rows = self.walks.steps
        before, after = across[rows], across[rows + 1]
        changes = (before > 0.0) != (after > 0.0)
        share = before / np.where(changes, before - after, 1.0)
        return changes, along[rows] + share * (along[rows + 1] - along[rows])

    def _people(self, steps: Bools) -> Bools:
        rows = np.zeros(len(self.walks.recording), bool)
        rows[self.walks.steps[steps]] = True
        return self.walks.any(rows)

    def passing(self, point_w: Floats) -> Bools:
        """(p,) whether this point of a person passes the line."""
        changes, at = self._meets(point_w)
        return self._people(changes & (at >= 0.0) & (at <= self.length_w))

    @cached_property
    def passed(self) -> Bools:
        """(p,) whose deciding point passes the line."""
        return self.passing(self.walks.point_w(self.focus))

    @cached_property
    def at_ends(self) -> Bools:
        """(p,) who passes within a quarter body height of an end that is not at the picture's border."""
        changes, at = self._meets(self.walks.point_w(self.focus))
        reach, inner = 0.25 * self.walks.height_w[self.walks.steps], np.zeros(len(at), bool)
        for (x, y), room in ((self.line.start_n, at), (self.line.end_n, self.length_w - at)):
            if 0.01 < x < 0.99 and 0.01 < y < 0.99:
                inner |= (room >= 0.0) & (room < reach)
        return self._people(changes & inner)

    @cached_property
    def beside(self) -> Bools:
        """(p,) who never passes the line, but near one of its ends, in a direction in which others pass it.

        Near is within half its length and half a body height. The other direction may be a lane of its own.
        """
        walks, rows = self.walks, self.walks.steps
        changes, at = self._meets(walks.point_w(self.focus))
        is_right = self.across_w[rows + 1] > 0.0
        passes = changes & (at >= 0.0) & (at <= self.length_w)
        shared = np.where(is_right, (passes & is_right).any(), (passes & ~is_right).any())
        beyond = np.maximum(-at, at - self.length_w)
        reach = 0.5 * np.minimum(self.length_w, walks.height_w[rows])
        start, way, _ = self.axes
        place = start + at[:, None] * way
        in_picture = ((place >= 0.0) & (place <= np.array([1.0, walks.recording.aspect]))).all(axis=1)
        return self._people(changes & shared & (beyond <= reach) & in_picture) & ~self.passed

    @cached_property
    def counted(self) -> Bools:
        """(p,) who passes the line and is seen on both sides, far enough away for the threshold and the jitter."""
        sure = self.distance_w >= np.maximum(self.threshold_w, self.walks.jitter_w)
        right, left = self.walks.any(sure & (self.across_w > 0.0)), self.walks.any(sure & (self.across_w < 0.0))
        return self.passed & right & left

    @cached_property
    def _appears(self) -> tuple[Bools, Bools]:
        """(p,) who appears, and who vanishes, within the threshold and half a body height of the line."""
        walks, recording = self.walks, self.walks.recording
        near = self.distance_w < self.threshold_w + 0.5 * walks.height_w
        late = recording.t_s[walks.first] > recording.frame_s[0] + EDGE_S
        early = recording.t_s[walks.last] < recording.frame_s[-1] - EDGE_S
        return near[walks.first] & late, near[walks.last] & early

    @cached_property
    def lost(self) -> Bools:
        """(p,) walkers who appear or vanish at the line and are not counted."""
        appears, vanishes = self._appears
        return (appears | vanishes) & ~self.counted & self.walks.walked

    @cached_property
    def at_border(self) -> float:
        """Share of those that come from, or leave to, beyond the picture."""
        walks, (appears, vanishes) = self.walks, self._appears
        ways = [walks.near_border[walks.first] & appears, walks.near_border[walks.last] & vanishes]
        return float((ways[0] | ways[1])[self.lost].mean()) if self.lost.any() else 0.0

    @cached_property
    def broken(self) -> int:
        """How many tracks end on one side of the line and go on as another on the other side."""
        walks = self.walks
        point = walks.point_w(self.focus)
        ends, begins = point[walks.last[walks.breaks[:, 0]]], point[walks.first[walks.breaks[:, 1]]]
        (before, start), (after, end) = self._across_along(ends), self._across_along(begins)
        changes = (before > 0.0) != (after > 0.0)
        share = before / np.where(changes, before - after, 1.0)
        at = start + share * (end - start)
        return int((changes & (at >= 0.0) & (at <= self.length_w)).sum())

    @cached_property
    def near(self) -> Bools:
        """(n,) sights within half a body height of the line."""
        return np.asarray(self.distance_w <= 0.5 * self.walks.height_w)

    @cached_property
    def along(self) -> Bools:
        """(p,) who walks near the line, at less than `ALONG_DEG` to it, and is not counted."""
        walks, (_, way, _) = self.walks, self.axes
        moving = (self.near & (walks.speed_heights >= MOVING_HEIGHTS)).astype(np.float64)
        ways = walks.sums(moving * np.abs(walks.velocity_w @ way))
        whole = walks.sums(moving * np.hypot(walks.velocity_w[:, 0], walks.velocity_w[:, 1]))
        return np.asarray((whole > 0.0) & (ways >= np.cos(np.radians(ALONG_DEG)) * whole) & ~self.counted)

    @cached_property
    def standing_s(self) -> Floats:
        """(p,) seconds that each person stands so near that the side is not sure."""
        walks = self.walks
        unsure = self.distance_w < np.maximum(self.threshold_w, walks.jitter_w) + 0.05 * walks.height_w
        return walks.sums(walks.credit_s * (walks.standing & unsure))


def at_line(place: Place, walks: Walks) -> Iterator[Finding]:
    """Every finding about one line that recorded people tell."""
    assert isinstance(place.region, Line)
    passages = Passages(place.region, walks)
    if passages.length_w <= 1e-6:
        return
    lost = [*_lost(place, passages)]
    yield from lost or _crossed(place, passages)
    yield from _across(place, passages)
    yield from _stood_on(place, passages)
    yield from _small(place, passages)


def _crossed(place: Place, passages: Passages) -> Iterator[Finding]:
    walks = passages.walks
    feet = int(passages.passed.sum())
    heads = int(passages.passing(in_widths(walks.head_n, walks.recording.aspect)).sum())
    if passages.focus is not Focus.CENTER and heads >= ENOUGH and feet <= 0.2 * heads:
        what = f"the heads of {heads} people pass it, but the feet of {feet}: it hangs above the floor"
        yield place.found("line-at-head-height", what, "move it down to where the feet pass")
    elif feet == 0 and walks.walked.sum() >= ENOUGH:
        what = f"none of the {int(walks.walked.sum())} people who walk through the picture passes it with the feet"
        yield place.found("line-never-crossed", what, "draw it across the way that people take")


def _lost(place: Place, passages: Passages) -> Iterator[Finding]:
    counted, lost, broken = int(passages.counted.sum()), int(passages.lost.sum()), passages.broken
    if broken >= FEW and broken >= 0.25 * (counted + broken):
        what = f"{broken} tracks break off there and go on under a new id beyond it: something hides people at the line"
        yield place.found("line-over-broken-tracks", what, "move it to where people are seen without a break")
    elif lost >= FEW and lost >= LOST * (counted + lost):
        what = f"{lost} people appear or vanish right at it, so that they are never seen on both sides ({counted} are)"
        if passages.at_border >= 0.5:
            cure = "move it a body height or more away from the picture's border"
            yield place.found("line-near-border", what, cure)
        else:
            cure = "move it to where people have been in view for a second before they pass"
            yield place.found("line-where-tracks-begin", what, cure)


def _across(place: Place, passages: Passages) -> Iterator[Finding]:
    counted, passed = int(passages.counted.sum()), int(passages.passed.sum())
    beside = int((passages.beside & passages.walks.walked).sum())
    if beside >= FEW and beside >= BESIDE * (passed + beside):
        what = f"{beside} people walk past its ends and {passed} over it: it is shorter than the way"
        yield place.found("line-shorter-than-walk", what, "draw it across the whole way, from wall to wall")
    along = int(passages.along.sum())
    if along >= ENOUGH and along > counted:
        what = f"{along} people walk along it, and {counted} are seen to walk over it"
        yield place.found("line-along-walk", what, "turn it, so that it lies across the way")


def _stood_on(place: Place, passages: Passages) -> Iterator[Finding]:
    standers = passages.standing_s >= STANDS_S
    count, longest = int(standers.sum()), float(passages.standing_s.max())
    crowd = int((standers | passages.passed).sum())
    if longest >= STANDS_ALONE_S or (count >= FEW and count >= 0.2 * crowd):
        what = f"{count} people stand on it for up to {longest:.0f} seconds, and a trembling box is taken to and fro"
        yield place.found("line-through-standing", what, "move it to where people keep walking")


def _small(place: Place, passages: Passages) -> Iterator[Finding]:
    walks = passages.walks
    near = passages.near
    if not walks.any(near).sum() >= FEW:
        return
    height_px = float(np.median(walks.height_w[near])) * walks.recording.size_px[0]
    if height_px < SMALLEST_PX <= float(np.median(walks.height_w)) * walks.recording.size_px[0]:
        what = f"people are {height_px:.0f} pixels high there, fewer than a detector finds reliably"
        yield place.found("line-people-too-small", what, "draw it nearer to the camera, or raise the frame's width")

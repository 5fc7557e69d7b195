"""What really happened: computed from where the feet are on the floor, never from the pictures.

Format "footfall-truth-1": coordinates normalised, origin top left; frames from 0 in decode order. A line's sign is that
of the cross product after the crossing: +1 is CrossRight, -1 is CrossLeft (spec/operations.md section 6.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from footfall.core.geometry import Box, Point, Polygon, contains, crossing_fraction, side_of_line
from footfall.simulator.story import Story
from footfall.simulator.view import View
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule

HARD_TO_SEE = 0.3
"""A crossing by somebody of whom less than this share can be seen is optional."""


@dataclass(frozen=True, slots=True)
class PersonTruth:
    """One person in one frame."""

    id: str
    ground_m: Point
    """(lateral right, forward) on the floor."""
    foot_n: Point
    """The same point in the picture; outside 0..1 where the feet are out of the picture."""
    full_box_n: Box | None
    """Tight box of the whole figure, hidden parts too; None out of the picture."""
    visible_box_n: Box | None
    """Tight box of what can be seen; None when nothing can."""
    visibility: float
    """Share of the figure that can be seen, 0..1."""


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """Everybody in the story at one frame, also outside of the picture."""

    frame: int
    t_s: float
    people: tuple[PersonTruth, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A foot passed a line between the frame before and this one."""

    frame: int
    sign: int
    person: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay in a zone: first frame inside, first frame outside again; `exit` is None when the clip ends before."""

    enter: int
    exit: int | None
    person: str


@dataclass(frozen=True, slots=True)
class Regions:
    """What is watched, in the picture."""

    lines: Mapping[str, tuple[Point, Point]]
    zones: Mapping[str, Polygon]

    def spatial(self) -> SpatialSpec:
        """Rules that count lines, entries, exits, dwell times and people in zones."""
        rules = (CountRule(), ZoneCrossingRule(), DwellRule())
        return SpatialSpec(
            tuple(Zone(name, polygon, rules) for name, polygon in self.zones.items()),
            tuple(Line(name, start, end, (LineCrossingRule(),)) for name, (start, end) in self.lines.items()),
        )

    def arguments(self) -> list[str]:
        """The same as options of `footfall run`."""
        lines = [f"--line={name}={_numbers(*a)},{_numbers(*b)}" for name, (a, b) in self.lines.items()]
        return lines + [f"--zone={n}=" + ";".join(_numbers(*p) for p in ring) for n, ring in self.zones.items()]


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that happened in a clip."""

    frames: int
    regions: Regions
    crossings: Mapping[str, tuple[Crossing, ...]]
    visits: Mapping[str, tuple[Visit, ...]]
    occupancy: Mapping[str, tuple[int, ...]]
    """Zone -> people in it, per frame."""
    whole_frame: tuple[int | None, ...]
    """People in the picture per frame; None while somebody is half in it or hard to see.

    Whoever cannot be seen at all is not in the picture.
    """
    persons_total: int
    """People seen at any time."""


def regions_in_view(story: Story, view: View) -> Regions:
    """The story's lines and zones as the camera sees them, cut off at the picture's border."""
    lines: dict[str, tuple[Point, Point]] = {}
    zones: dict[str, Polygon] = {}
    for name, (start_m, end_m) in story.lines_m.items():
        start, end = view.floor_point_n(start_m), view.floor_point_n(end_m)
        if start and end and (segment := _clip_segment(start, end)):
            lines[name] = segment
    for name, ring_m in story.zones_m.items():
        ring = [view.floor_point_n(corner) for corner in ring_m]
        corners = [corner for corner in ring if corner is not None]
        if len(corners) == len(ring) and len(polygon := _clip_polygon(corners)) >= 3:
            zones[name] = polygon
    return Regions(lines, zones)


@dataclass
class Recorder:
    """Collects the truth of a clip frame by frame."""

    regions: Regions
    frames: int = 0
    _beside: dict[tuple[str, str], tuple[Point, int]] = field(default_factory=dict)
    """(line, person) -> the last foot point that was not on the line itself, and its side."""
    _since: dict[tuple[str, str], int] = field(default_factory=dict)
    _crossings: dict[str, list[Crossing]] = field(default_factory=dict)
    _visits: dict[str, list[Visit]] = field(default_factory=dict)
    _occupancy: dict[str, list[int]] = field(default_factory=dict)
    _whole_frame: list[int | None] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def add(self, truth: FrameTruth) -> None:
        """Take the next frame."""
        for name, segment in self.regions.lines.items():
            for person in truth.people:
                self._watch_line(name, segment, person, truth.frame)
        for name, polygon in self.regions.zones.items():
            inside = {p.id for p in truth.people if contains(polygon, p.foot_n)}
            self._watch_zone(name, inside, truth.frame)
        in_view = [p for p in truth.people if p.visible_box_n is not None]
        clear = all(p.visibility > HARD_TO_SEE and _within_picture(p) for p in in_view)
        self._whole_frame.append(len(in_view) if clear else None)
        self._seen |= {p.id for p in in_view}
        self.frames = truth.frame + 1

    def truth(self) -> Truth:
        """What was collected so far; people still in a zone have open visits."""
        visits = {name: list(self._visits.get(name, [])) for name in self.regions.zones}
        for (name, person), enter in self._since.items():
            visits[name].append(Visit(enter, None, person))
        return Truth(
            frames=self.frames,
            regions=self.regions,
            crossings={name: tuple(self._crossings.get(name, [])) for name in self.regions.lines},
            visits={name: tuple(sorted(v, key=lambda visit: visit.enter)) for name, v in visits.items()},
            occupancy={name: tuple(self._occupancy.get(name, [])) for name in self.regions.zones},
            whole_frame=tuple(self._whole_frame),
            persons_total=len(self._seen),
        )

    def _watch_line(self, name: str, segment: tuple[Point, Point], person: PersonTruth, frame: int) -> None:
        start, end = segment
        side = side_of_line(start, end, person.foot_n)
        if side == 0.0:
            return
        sign = 1 if side > 0.0 else -1
        before = self._beside.get((name, person.id))
        self._beside[name, person.id] = person.foot_n, sign
        if before is None or before[1] == sign or crossing_fraction(before[0], person.foot_n, start, end) is None:
            return
        crossing = Crossing(frame, sign, person.id, person.visibility < HARD_TO_SEE)
        self._crossings.setdefault(name, []).append(crossing)

    def _watch_zone(self, name: str, inside: set[str], frame: int) -> None:
        for person in sorted(inside):
            self._since.setdefault((name, person), frame)
        for key in [k for k in self._since if k[0] == name and k[1] not in inside]:
            self._visits.setdefault(name, []).append(Visit(self._since.pop(key), frame, key[1]))
        self._occupancy.setdefault(name, []).append(len(inside))


def _within_picture(person: PersonTruth) -> bool:
    box = person.full_box_n
    return box is not None and box[0] >= 0.0 and box[1] >= 0.0 and box[2] <= 1.0 and box[3] <= 1.0


def _numbers(x: float, y: float) -> str:
    return f"{x:.5f},{y:.5f}"


def _clip_segment(start: Point, end: Point) -> tuple[Point, Point] | None:
    """The part within the unit square (Liang and Barsky 1984); None if there is none."""
    (x, y), dx, dy = start, end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for step, room in ((-dx, x), (dx, 1.0 - x), (-dy, y), (dy, 1.0 - y)):
        if step == 0.0:
            if room < 0.0:
                return None
        elif step < 0.0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first >= last:
        return None
    return (x + first * dx, y + first * dy), (x + last * dx, y + last * dy)


def _clip_polygon(ring: Sequence[Point]) -> Polygon:
    """The part within the unit square (Sutherland and Hodgman 1974)."""
    for axis, limit, keep in ((0, 0.0, 1.0), (0, 1.0, -1.0), (1, 0.0, 1.0), (1, 1.0, -1.0)):
        kept: list[Point] = []
        for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
            inside_a, inside_b = (a[axis] - limit) * keep >= 0.0, (b[axis] - limit) * keep >= 0.0
            if inside_a:
                kept.append(a)
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        ring = kept
        if not ring:
            break
    return tuple(ring)

"""What speaks for and against what the rules tell: collected beside them, from the same people.

A witness sees every frame's people and every insight, and gives evidence of two kinds. Of what was told: how faint,
brief, broken, hidden the person was, and whether nearly the same was told just before. Of what may have been missed:
a track that passed a line or stayed in a zone without a word, one that began or ended in the open as if it came from
or went to the other side, frames that never came. `certainty` weighs both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import dist, exp, isfinite

from footfall.core.geometry import Point, edges, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.area import Area
from footfall.spatial.identity import UNCONFIRMED
from footfall.spatial.insights import Direction, Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.lives import REACH_S, Life, Ray, beyond, is_open, passage
from footfall.spatial.motion import Sample
from footfall.spatial.regions import CountRule, DwellRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.signs import Evidence, Sign, Signs, What

BRIEF_S = 0.7
GAP, SHORTEST_GAP_S = 2.5, 0.1
"""A pause in a track is a gap from so many usual times between frames, and so long, on."""
SWEEP_S = 0.5
"""How often it is looked who has gone."""
GAP_S = 1.5
"""A track that was away less than so long ago has a gap."""
AGAIN_S = 2.0
AGAIN_HEIGHTS = 0.6
SEAM_S = 0.4
"""What is told so shortly after a track began was begun by another."""
DARK = 2.5
"""A frame is late after so many usual times between frames..."""
DARK_S = 0.5
"""...and at least so long."""
NEAR_W = 0.03
LOST_S = 1.5
STAY_S = 1.0
NEARLY = 0.7
"""A stay counts as one from this share of the threshold on: the foot point may be a little off."""


@dataclass(frozen=True, slots=True)
class _Zone:
    area: Area
    ring: list[tuple[Point, Point]]
    thresholds_w: dict[What, float]
    count_w: float | None
    """Threshold of the count rule, if there is one."""

    @classmethod
    def of(cls, zone: Zone, aspect: float) -> _Zone:
        thresholds_w: dict[What, float] = {}
        for rule in zone.rules:
            if isinstance(rule, ZoneCrossingRule):
                thresholds_w |= {What.ENTER: rule.threshold_w, What.EXIT: rule.threshold_w}
            elif isinstance(rule, DwellRule):
                thresholds_w[What.VISIT] = rule.threshold_w
        counts = [rule.threshold_w for rule in zone.rules if isinstance(rule, CountRule)]
        ring = edges(tuple(to_widths(corner, aspect) for corner in zone.polygon_n))
        area = Area(zone.polygon_n, aspect, is_open=zone.is_open)
        return cls(area, ring, thresholds_w, counts[0] if counts else None)

    def stay(self, way: Sequence[Sample]) -> tuple[float, float]:
        """Seconds in the zone and greatest depth of a track that began outside of it; nothing for others."""
        inside = [at for at in way if self.area.contains(at[1:])]
        if not inside or inside[0] == way[0]:
            return 0.0, 0.0
        return len(inside) / len(way) * (way[-1][0] - way[0][0]), max(self.area.depth(at[1:]) for at in inside)


@dataclass(frozen=True, slots=True)
class _Told:
    """Something told a moment ago."""

    t_s: float
    person: str
    place_w: Point
    first_s: float
    """When that person's track began."""


class Witness:
    """Of one camera's rules; memory is bounded as theirs is.

    Args:
        spec: what is watched.
        aspect: height / width of the picture.
    """

    def __init__(self, spec: SpatialSpec, aspect: float) -> None:
        self._aspect = aspect
        self._forget_after_s = spec.forget_after_s
        self._lines = [(n.name, to_widths(n.start_n, aspect), to_widths(n.end_n, aspect)) for n in spec.lines]
        self._zones = {zone.name: _Zone.of(zone, aspect) for zone in spec.zones}
        self._lives: dict[str, Life] = {}
        self._people: tuple[TrackObservation, ...] = ()
        self._told: dict[tuple[str, What], deque[_Told]] = {}
        self._numbers: dict[tuple[str, What], int] = {}
        self._step = 0
        self._swept_s = 0.0
        self._start_s: float | None = None
        self._t_s = 0.0
        self._pace_s = 0.0
        """Usual time between frames."""
        self._scores = 0.0
        self._sights = 0

    def step(self, people: Sequence[TrackObservation], t_s: float, insights: Iterable[Insight]) -> list[Evidence]:
        """One frame's people at stream time `t_s` (seconds), and what the rules made of them."""
        evidence = list(self._darkness(t_s))
        self._step += 1
        gap_s = max(GAP * self._pace_s, SHORTEST_GAP_S)
        for person in people:
            if person.track_id not in UNCONFIRMED and isfinite(sum(person.footprint_n) + person.score):
                self._see(person, t_s, gap_s)
        self._people = tuple(people)
        for insight in insights:
            evidence += self._about(insight)
        if t_s - self._swept_s >= SWEEP_S:
            self._swept_s = t_s
            for track_id in [i for i, life in self._lives.items() if t_s - life.last[0] > self._forget_after_s]:
                evidence += self._conclude(self._lives.pop(track_id))
        return evidence

    def flush(self, insights: Iterable[Insight]) -> list[Evidence]:
        """The stream is over."""
        evidence = [item for insight in insights for item in self._about(insight, is_end=True)]
        for life in self._lives.values():
            is_cut = self._t_s - life.last[0] <= self._late_s()
            evidence += self._conclude(life, is_cut=is_cut)
        self._lives.clear()
        return evidence

    def _darkness(self, t_s: float) -> Iterator[Evidence]:
        """What may have happened since the frame before, if that was long ago."""
        if self._start_s is None:
            self._start_s = self._t_s = t_s
            return
        passed_s, before_s = t_s - self._t_s, self._t_s
        is_late = self._pace_s > 0.0 and passed_s > self._late_s()
        self._t_s = t_s
        if not is_late:
            self._pace_s += (max(passed_s, 0.0) - self._pace_s) * (0.1 if self._pace_s > 0.0 else 1.0)
            return
        for (region, what), number in self._numbers.items():
            rate = number / max(before_s - self._start_s, 1.0)
            yield Evidence(region, what, t_s, {Sign.DARK: rate * passed_s}, is_told=False)

    def _late_s(self) -> float:
        return max(DARK_S, DARK * self._pace_s)

    def _see(self, person: TrackObservation, t_s: float, gap_s: float) -> None:
        x, y = person.footprint_n
        at = t_s, x, y * self._aspect
        life = self._lives.get(person.track_id)
        if life is None:
            is_open_born = self._step > 1 and is_open(person.box_n)
            life = self._lives[person.track_id] = Life(self._step, at, at, person.box_n, is_open_born)
        life.see(person, at, gap_s)
        self._scores += person.score
        self._sights += 1

    def presence(self, zone: str, count: int) -> list[Evidence]:
        """About `count` people being told in a zone now."""
        place = self._zones[zone]
        threshold_w = place.count_w or 0.0
        told: Signs = {Sign.TOLD: float(count), Sign.NEAR: 0.0, Sign.COVERED: 0.0}
        missed: Signs = {Sign.NEAR: 0.0, Sign.LOST: 0.0}
        for person in self._people:
            depth_w = place.area.depth(to_widths(person.footprint_n, self._aspect)) - threshold_w
            signs = told if depth_w > 0.0 else missed
            signs[Sign.NEAR] += max(0.0, 1.0 - abs(depth_w) / NEAR_W)
            if depth_w > 0.0:
                told[Sign.COVERED] += self._covered(person)
        for life in self._lives.values():
            away_s = self._t_s - life.last[0]
            if away_s > 0.0 and place.area.depth(life.last[1:]) > threshold_w:
                missed[Sign.LOST] += exp(-away_s / LOST_S)
        return [
            Evidence(zone, What.NOW, self._t_s, told, number=count),
            Evidence(zone, What.NOW, self._t_s, missed, is_told=False, number=0),
        ]

    # told

    def _about(self, insight: Insight, *, is_end: bool = False) -> Iterator[Evidence]:
        if isinstance(insight, LineCrossed):
            what = What.RIGHT if insight.direction is Direction.LEFT_TO_RIGHT else What.LEFT
            yield self._told_of(insight.line, what, insight.t_s, insight.person, {})
        elif isinstance(insight, ZoneEntered | ZoneExited | Dwelled):
            unseen = insight.side is None and is_open(insight.person.box_n)
            unseen &= not (is_end and self._t_s - insight.t_s <= self._late_s())
            unseen &= insight.t_s > (self._start_s or 0.0)
            more = {Sign.UNSEEN: float(unseen)}
            what = WHATS[type(insight)]
            yield self._told_of(insight.zone, what, insight.t_s, insight.person, more)

    def _told_of(self, region: str, what: What, t_s: float, person: TrackObservation, more: Signs) -> Evidence:
        place_w = to_widths(person.footprint_n, self._aspect)
        height_w = (person.box_n[3] - person.box_n[1]) * self._aspect
        before = self._told.setdefault((region, what), deque(maxlen=32))
        life = self._lives.get(person.track_id)
        first_s = life.first[0] if life else t_s
        near = [
            one
            for one in before
            if abs(t_s - one.t_s) < AGAIN_S
            and one.person != person.track_id
            and dist(one.place_w, place_w) < AGAIN_HEIGHTS * height_w
        ]
        signs = {Sign.TOLD: 1.0, Sign.AGAIN: float(bool(near)), **more}
        if life is not None:
            signs |= self._of_life(life, t_s, region, what)
            signs[Sign.COVERED] = self._covered(person)
            signs[Sign.SEAM] = float(life.is_open_born and t_s - life.first[0] < SEAM_S)
            life.tell(region, what, t_s)
        before.append(_Told(t_s, person.track_id, place_w, first_s))
        self._numbers[region, what] = self._numbers.get((region, what), 0) + 1
        return Evidence(region, what, t_s, signs)

    def _of_life(self, life: Life, t_s: float, region: str, what: What) -> Signs:
        level = self._scores / self._sights
        frames = self._step - life.first_step + 1
        unseen_now = max(self._t_s - life.last[0], 0.0) / max(self._pace_s, 1e-3)
        seen = min(1.0, life.sights / max(frames - unseen_now, 1.0))
        return {
            Sign.FAINT: max(0.0, 1.0 - life.score / life.sights / level) if level > 0.0 else 0.0,
            Sign.BRIEF: exp(-(life.last[0] - life.first[0]) / BRIEF_S),
            Sign.HOLES: 1.0 - seen,
            Sign.GAP: float(abs(t_s - life.gap_end_s) < GAP_S) * min(1.0, life.gap_s),
            Sign.BACK: float(
                any(
                    r == region and (w is What.VISIT) == (what is What.VISIT) and abs(t_s - before_s) < AGAIN_S
                    for r, w, before_s in life.told
                )
            ),
        }

    def _covered(self, person: TrackObservation) -> float:
        """The largest share of the person's box that somebody else's box covers."""
        x0, y0, x1, y1 = person.box_n
        area = (x1 - x0) * (y1 - y0)
        if area <= 0.0:
            return 0.0
        worst = 0.0
        for other in self._people:
            if other.track_id != person.track_id:
                wide = min(x1, other.box_n[2]) - max(x0, other.box_n[0])
                high = min(y1, other.box_n[3]) - max(y0, other.box_n[1])
                if wide > 0.0 and high > 0.0:
                    worst = max(worst, wide * high / area)
        return min(worst, 1.0)

    # not told

    def _conclude(self, life: Life, *, is_cut: bool = False) -> Iterator[Evidence]:
        """A track is over; `is_cut`: because the stream is."""
        if len(life.path) < 2:
            return
        came = beyond(life.beginning(), -1.0) if life.is_open_born else None
        went = beyond(life.recent, 1.0) if is_open(life.box_n) and not is_cut else None
        for name, start, end in self._lines:
            yield from self._about_line(life, name, (start, end), came, went)
        for name, zone in self._zones.items():
            yield from self._about_zone(life, name, zone, came, went)

    def _about_line(
        self, life: Life, name: str, line: tuple[Point, Point], came: Ray | None, went: Ray | None
    ) -> Iterator[Evidence]:
        net = sum(passage(a[1:], b[1:], line) for a, b in zip(life.path, life.way()[1:], strict=False))
        left_out = net - life.net.get(name, 0)
        if left_out:
            yield _missed(name, _way(left_out), life.last[0], {Sign.PASSED: min(abs(left_out), 2.0)})
        if came and (step := passage(came.far_w, came.near_w, line)) and not life.began_with(name, _way(step), SEAM_S):
            yield _missed(name, _way(step), life.first[0], {Sign.CAME: came.worth(line)})
        if (
            went
            and (step := passage(went.near_w, went.far_w, line))
            and not self._was_taken_up(name, (_way(step),), life)
        ):
            yield _missed(name, _way(step), life.last[0], {Sign.WENT: went.worth(line)})

    def _about_zone(self, life: Life, name: str, zone: _Zone, came: Ray | None, went: Ray | None) -> Iterator[Evidence]:
        rays: Signs = {}
        for sign, ray in ((Sign.CAME, came), (Sign.WENT, went)):
            if ray is None or zone.area.contains(ray.near_w):
                continue
            worth = max(ray.worth(edge) for edge in zone.ring)
            if worth > 0.0 and not (sign is Sign.WENT and self._was_taken_up(name, (What.ENTER, What.VISIT), life)):
                rays[sign] = worth
        stay_s, depth_w = (0.0, 0.0) if name in life.net else zone.stay(life.way())
        for what, threshold_w in zone.thresholds_w.items():
            stayed = min(1.0, stay_s / STAY_S) if depth_w > NEARLY * threshold_w else 0.0
            if stayed or rays:
                yield _missed(name, what, life.last[0], {Sign.STAYED: stayed, **rays})

    def _was_taken_up(self, region: str, whats: Iterable[What], life: Life) -> bool:
        """Whether a track that began after this one ended has told what this one was about to do."""
        last_s = life.last[0]
        return any(
            one.first_s > last_s and last_s - SEAM_S < one.t_s < last_s + 2.0 * REACH_S
            for what in whats
            for one in self._told.get((region, what), ())
        )


WHATS = {ZoneEntered: What.ENTER, ZoneExited: What.EXIT, Dwelled: What.VISIT}


def _way(step: int) -> What:
    return What.RIGHT if step > 0 else What.LEFT


def _missed(region: str, what: What, t_s: float, signs: Signs) -> Evidence:
    return Evidence(region, what, t_s, signs, is_told=False)

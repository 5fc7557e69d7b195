"""Everything that a report tells about one camera, summed up frame by frame: no path and no id outlives its person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from footfall.core.geometry import Point, contains, to_widths
from footfall.core.types import Observed
from footfall.spatial.diary import Diary
from footfall.spatial.floorplan import REACH_M
from footfall.spatial.grid import Grid
from footfall.spatial.ground import WALKING_HEIGHTS_S, WALKING_M_S, Camera
from footfall.spatial.identity import Identity
from footfall.spatial.insights import Insight
from footfall.spatial.maps import Maps, Sight
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.trace import Trace
from footfall.spatial.ways import Ways


@dataclass(frozen=True, slots=True)
class SurveySpec:
    """How finely to look."""

    cell_m: float = 0.5
    """Side of a cell on the floor."""
    columns: int = 40
    """Cells across the picture."""
    gap_s: float = 2.0
    """What is seen again within this time was there in between."""
    period_s: float = 3600.0
    """Length of a period of the diary."""


class Survey:
    """One camera, over one recording or several.

    Args:
        spatial: what is watched.
        camera: gives a map of the floor; None where it is not calibrated.
        aspect: height / width of the picture.
        spec: how finely to look.
    """

    def __init__(self, spatial: SpatialSpec, camera: Camera | None, aspect: float, spec: SurveySpec) -> None:
        self.spatial, self.camera, self.aspect, self.spec = spatial, camera, aspect, spec
        forget_s = spatial.forget_after_s
        picture = Grid.over((0.0, 0.0), (1.0, aspect), 1.0 / spec.columns)
        floor = Grid.over((-REACH_M, 0.0), (REACH_M, REACH_M), spec.cell_m)
        self.picture = Maps(picture, gap_s=spec.gap_s, forget_after_s=forget_s)
        self.floor = None if camera is None else Maps(floor, gap_s=spec.gap_s, forget_after_s=forget_s)
        self.diary = Diary(spatial, period_s=spec.period_s, gap_s=spec.gap_s)
        self.ways = Ways(forget_s)
        self.frames = 0
        self._identity = Identity(forget_s, aspect)
        self._newest_key = 0
        self._offset_s = 0.0
        self._last: Observed | None = None

    def begin(self, offset_s: float) -> None:
        """A recording starts, `offset_s` seconds after the diary's 0: whoever is seen in it is somebody new."""
        self.flush()
        self._offset_s = offset_s

    def step(self, observed: Observed, insights: Sequence[Insight]) -> None:
        """One frame and what the rules made of it; a frame that comes again only brings its insights."""
        self.diary.add(insights, self._offset_s)
        if self._last is not None and _place(observed) == _place(self._last):
            return
        if self._last is not None and observed.loop != self._last.loop:
            self.flush()
        self._last = observed
        self.frames += 1
        self._look(self._identity.step(observed.people, observed.t_s), observed.t_s)

    def flush(self) -> None:
        """The recording is over, and the sums are complete."""
        self.picture.flush()
        if self.floor is not None:
            self.floor.flush()
        self.ways.flush()
        self.diary.interrupt()
        self._identity = Identity(self.spatial.forget_after_s, self.aspect)
        self._newest_key = 0
        self._last = None

    def _look(self, traces: Sequence[Trace], t_s: float) -> None:
        floor = [self._ground(trace) for trace in traces]
        self.picture.step([self._sight(*pair) for pair in zip(traces, floor, strict=True)], t_s)
        if self.floor is not None:
            known = zip(traces, floor, strict=True)
            self.floor.step([Sight(each.key, at, WALKING_M_S) for each, at in known if at is not None], t_s)
        stood_in = {trace.key: self._zones_at(trace.foot_n) for trace in traces}
        self.ways.step({key: zones[0] if zones else None for key, zones in stood_in.items()}, t_s)
        inside = Counter(chain.from_iterable(stood_in.values()))
        newcomers = sum(trace.key > self._newest_key for trace in traces)
        self._newest_key = max((self._newest_key, *(trace.key for trace in traces)))
        self.diary.step(t_s + self._offset_s, newcomers=newcomers, people=len(traces), inside=inside)

    def _ground(self, trace: Trace) -> Point | None:
        return None if self.camera is None else self.camera.to_ground(trace.foot_n, self.aspect)

    def _sight(self, trace: Trace, ground_m: Point | None) -> Sight:
        """In the picture; whether the person stands is judged on the floor, where that is known."""
        point_w = to_widths(trace.foot_n, self.aspect)
        if ground_m is not None:
            return Sight(trace.key, point_w, WALKING_M_S, ground_m)
        _, top, _, bottom = trace.person.box_n
        return Sight(trace.key, point_w, WALKING_HEIGHTS_S * max(0.0, bottom - top) * self.aspect)

    def _zones_at(self, foot_n: Point) -> list[str]:
        return [zone.name for zone in self.spatial.zones if contains(zone.polygon_n, foot_n)]


def _place(observed: Observed) -> tuple[int, int, float]:
    return observed.loop, observed.frame, observed.t_s

"""Everything that a report tells about one camera, summed up frame by frame: no path and no id outlives its person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from footfall.core.geometry import contains, to_widths
from footfall.core.types import Observed, TrackObservation
from footfall.spatial.floorplan import REACH_M
from footfall.spatial.grid import Grid
from footfall.spatial.ground import WALKING_HEIGHTS_S, WALKING_M_S, Camera
from footfall.spatial.identity import Identity
from footfall.spatial.insights import Insight
from footfall.spatial.ledger import Ledger
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
    """Length of a period of the ledger."""


class Survey:
    """One camera, over one recording or several.

    Args:
        spatial: what is watched.
        camera: gives a map of the floor, from the observations' `ground_m`; None where it is not calibrated.
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
        self.ledger = Ledger(spatial, period_s=spec.period_s, gap_s=spec.gap_s)
        self.ways = Ways(forget_s)
        self.frames = 0
        self._identity = Identity(forget_s, aspect)
        self._newest_key = 0
        self._offset_s = 0.0
        self._last: Observed | None = None

    def begin(self, offset_s: float) -> None:
        """A recording starts, `offset_s` seconds after the ledger's 0: whoever is seen in it is somebody new."""
        self.flush()
        self._offset_s = offset_s

    def step(self, observed: Observed, insights: Sequence[Insight]) -> None:
        """One frame and what the rules made of it; a frame that comes again only brings its insights."""
        self.ledger.add(insights, self._offset_s)
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
        self.ledger.interrupt()
        self._identity = Identity(self.spatial.forget_after_s, self.aspect)
        self._newest_key = 0
        self._last = None

    def _look(self, sightings: Sequence[Trace], t_s: float) -> None:
        self.picture.step([self._picture_sight(sighting) for sighting in sightings], t_s)
        if self.floor is not None:
            self.floor.step([sight for each in sightings if (sight := _floor_sight(each)) is not None], t_s)
        stood_in = {each.key: self._zones_at(each.person) for each in sightings}
        self.ways.step({key: zones[0] if zones else None for key, zones in stood_in.items()}, t_s)
        inside: dict[str, int] = {}
        for zones in stood_in.values():
            for zone in zones:
                inside[zone] = inside.get(zone, 0) + 1
        newcomers = sum(each.key > self._newest_key for each in sightings)
        self._newest_key = max((self._newest_key, *(each.key for each in sightings)))
        self.ledger.step(t_s + self._offset_s, newcomers=newcomers, people=len(sightings), inside=inside)

    def _picture_sight(self, sighting: Trace) -> Sight:
        person = sighting.person
        point_w = to_widths(person.footprint_n, self.aspect)
        if person.ground_m is not None:
            return Sight(sighting.key, point_w, WALKING_M_S, person.ground_m)
        height_w = max(0.0, person.box_n[3] - person.box_n[1]) * self.aspect
        return Sight(sighting.key, point_w, WALKING_HEIGHTS_S * height_w)

    def _zones_at(self, person: TrackObservation) -> list[str]:
        return [zone.name for zone in self.spatial.zones if contains(zone.polygon_n, person.footprint_n)]


def _floor_sight(sighting: Trace) -> Sight | None:
    ground_m = sighting.person.ground_m
    return None if ground_m is None else Sight(sighting.key, ground_m, WALKING_M_S)


def _place(observed: Observed) -> tuple[int, int, float]:
    return observed.loop, observed.frame, observed.t_s

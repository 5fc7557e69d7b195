"""A witness to whom anything is told about people who walk on a grid, so that limits are met exactly; written down."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from random import Random

from footfall.core.types import TrackObservation
from footfall.spatial.evidence import Witness
from footfall.spatial.insights import Direction, Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.signs import Evidence
from spatial.storyboard import person
from written import assert_as_written, in_json

HALL = ((0.5, 0.25), (0.875, 0.25), (0.875, 0.75), (0.5, 0.75))
NOOK = ((0.125, 0.5), (0.375, 0.5), (0.375, 1.0), (0.125, 1.0))
SPEC = SpatialSpec(
    (
        Zone("hall", HALL, (CountRule(0.03125), ZoneCrossingRule(0.0625), DwellRule(0.03125))),
        Zone("nook", NOOK, (DwellRule(0.03125),)),
        Zone("rest", NOOK, (CountRule(0.0),)),
    ),
    (Line("door", (0.5, 0.0), (0.5, 1.0), (LineCrossingRule(),)), Line("gate", (0.25, 0.5), (0.75, 0.5), ())),
    forget_after_s=2.0,
)


class Guest:
    """Walks in steps of a thirty-second of the picture, and is not always there."""

    def __init__(self, name: str, lot: Random) -> None:
        self._name, self._lot = name, lot
        self._at = (lot.randrange(33) / 32, lot.randrange(8, 33) / 32)
        self._way = (lot.choice((-1, 0, 1)) / 32, lot.choice((-1, 0, 1)) / 32)
        self.is_seen = lot.random() < 0.5
        self._score = lot.choice((0.25, 0.5, 0.75, 1.0))

    def look(self, t_s: float) -> TrackObservation:
        (x, y), (dx, dy) = self._at, self._way
        if self._lot.random() < 0.1:
            self._way = (self._lot.choice((-1, 0, 1)) / 32, self._lot.choice((-1, 0, 1)) / 32)
        self._at = (min(max(x + dx, 0.0), 1.0), min(max(y + dy, 0.125), 1.0))
        if self._lot.random() < 0.08:
            self.is_seen = not self.is_seen
        tall = self._lot.choice((0.125, 0.25))
        box = (self._at[0] - 0.0625, self._at[1] - tall, self._at[0] + 0.0625, self._at[1])
        return person(self._name, self._at, t_s, box_n=box, score=self._score)


def anything(lot: Random, t_s: float, someone: TrackObservation) -> Insight:
    when_s, side = t_s - lot.choice((0.0, 0.0, 0.25, 1.0)), lot.choice((None, 1))
    match lot.randrange(4):
        case 0:
            return LineCrossed(lot.choice(("door", "gate")), when_s, someone, lot.choice(list(Direction)))
        case 1:
            return ZoneEntered("hall", when_s, someone, side)
        case 2:
            return ZoneExited("hall", when_s, someone, side)
        case _:
            return Dwelled(lot.choice(("hall", "nook")), when_s, someone, side, 1.0, 9)


def line(item: Evidence) -> str:
    signs = {sign.value: value for sign, value in item.signs.items() if value}
    return in_json(item.region, item.what, item.t_s, item.is_told, item.number, signs)


def heard(seed: int, begin_s: float, usual_s: float) -> Iterator[str]:
    lot = Random(seed)
    witness, guests = Witness(SPEC, 1.0), [Guest(name, lot) for name in "abcdefghij"]
    t_s, told = begin_s, []
    for number in range(160):
        looks = [(guest, guest.look(t_s)) for guest in guests]
        people = [seen for guest, seen in looks if guest.is_seen]
        if number % 40 == 39:
            guests[number % 10] = Guest(f"{number}", lot)
            people.append(person("nowhere", (nan, 0.5)))
            people.append(person("-1", (0.5, 0.5)))
        told = [anything(lot, t_s, lot.choice(looks)[1]) for _ in range(lot.choice((0, 0, 0, 1, 2)))]
        for item in witness.step(people, t_s, told):
            yield line(item)
        if number % 8 == 0:
            for zone in ("hall", "rest"):
                for item in witness.presence(zone, number % 3):
                    yield line(item)
        t_s += usual_s * lot.choice((1, 1, 1, 1, 1, 1, 2, 4, 12))
    for item in [*witness.flush(told), *witness.flush([])]:
        yield line(item)


def stories() -> Iterator[str]:
    for seed, (begin_s, usual_s) in enumerate(
        ((0.0, 0.125), (16.0, 0.125), (-8.0, 0.25), (4.0, 1.0), (1.0, 0.0625), (2.0, 0.03125))
    ):
        yield in_json(seed)
        yield from heard(241 + seed, begin_s, usual_s)


def test_whatever_is_told_leaves_the_doubts_that_it_left() -> None:
    assert_as_written("spatial/witness", stories())


def test_a_slow_camera_is_not_dark() -> None:
    witness = Witness(SPEC, 1.0)
    about = [LineCrossed("door", 0.0, person("ann", (0.5, 0.5)), Direction.LEFT_TO_RIGHT)]
    assert all(item.is_told for t_s in range(9) for item in witness.step([], float(t_s), about if t_s == 0 else []))

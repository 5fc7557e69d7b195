"""Three weeks of a shop with doubtful doors and a clock, written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone
from random import Random

from footfall.spatial.occupancy import Anchor, Door, Occupancy, Place, advance
from footfall.spatial.signs import Evidence, Sign, What
from written import assert_as_written, in_json

BEGIN = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=1)))
SIGNS = (Sign.COVERED, Sign.HOLES, Sign.FAINT, Sign.PASSED)


def seen(lot: Random) -> Evidence:
    what = lot.choice((What.RIGHT, What.LEFT, What.ENTER, What.EXIT, What.VISIT))
    is_told = lot.random() < 0.9
    signs = {sign: lot.random() for sign in SIGNS if lot.random() < 0.3}
    return Evidence(
        lot.choice(("front", "back", "hall", "till")), what, 0.0, {Sign.TOLD: float(is_told), **signs}, is_told
    )


def weeks() -> Iterator[str]:
    lot = Random(41)
    doors = (Door.of("front"), Door.of("back", is_turned=True), Door.of("hall", camera="east"))
    anchors = (Anchor(time(4)), Anchor(time(18), 7), Anchor(time(13), zone="hall"))
    places = (Place("shop", doors, anchors), Place("street", doors[:2]))
    states = [Occupancy() for _ in places]
    now = BEGIN
    for number in range(360):
        now += timedelta(seconds=lot.uniform(-600.0, 4800.0))
        evidence = [seen(lot) for _ in range(lot.randrange(6))]
        counts = lot.choice((None, {}, {"hall": lot.randrange(12)}))
        camera = lot.choice(("east", "west"))
        states = [advance(place, one, evidence, now, counts, camera) for place, one in zip(places, states, strict=True)]
        if number % 90 == 89:
            states[1] = states[1].anchored(lot.randrange(9), now)
        yield in_json(*((state, state.people, state.rate, state.interval()) for state in states))


def test_three_weeks_of_a_shop() -> None:
    assert_as_written("spatial/occupancy", weeks())

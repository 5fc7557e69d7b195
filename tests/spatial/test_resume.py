"""An operation that goes on from what another one knew tells what the other one would have told."""

from __future__ import annotations

from dataclasses import fields

import pytest

from footfall.core.types import TrackObservation
from footfall.spatial.insights import Dwelled, ZoneExited
from footfall.spatial.operation import Operation
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Zone,
    ZoneCrossingRule,
)
from spatial.storyboard import between, person

FPS = 4.0
HALL = Zone(
    "hall",
    ((0.2, 0.4), (0.8, 0.4), (0.8, 0.9), (0.2, 0.9)),
    (ZoneCrossingRule(0.05), DwellRule(0.05, Focus.CENTER)),
)
DOOR = Line("door", (0.0, 0.5), (1.0, 0.5), (LineCrossingRule(0.1), LineCrossingRule(0.02, Focus.CENTER)))
SPEC = SpatialSpec((HALL,), (DOOR,))

VISIT = [*between((0.5, 0.21), (0.5, 0.71), 20), *[(0.5, 0.71)] * 5, *between((0.5, 0.71), (0.5, 0.21), 20)]
TURNS_BACK = [*between((0.5, 0.3), (0.5, 0.55), 10), *between((0.5, 0.55), (0.5, 0.3), 10)]
CUTS_CORNER = [*between((0.1, 0.6), (0.4, 0.8), 12), *between((0.4, 0.8), (0.9, 0.95), 14)]
STAYS = [*between((0.5, 0.2), (0.5, 0.7), 20)]


def facts(insights, since_s=0.0):
    """Everything told, in the first stream's time; of people only who they are."""
    return [
        [type(told).__name__, *(_fact(f.name, getattr(told, f.name), since_s) for f in fields(told))]
        for told in insights
    ]


def _fact(name, value, since_s):
    if isinstance(value, TrackObservation):
        return value.track_id
    if isinstance(value, float):
        return pytest.approx(value - since_s if name == "t_s" else value, rel=1e-6, abs=1e-6)
    return value


def frames_of(*paths):
    most = max(map(len, paths))
    return [{f"p{n}": path[k] for n, path in enumerate(paths) if k < len(path)} for k in range(most)]


def step(operation, people, k, since_s=0.0):
    t_s = since_s + k / FPS
    seen = [
        person(i, foot, t_s, k, speed_m_s=0.5 + k % 4, image_orientation_rad=0.3) for i, foot in people.items() if foot
    ]
    return operation.step(seen, t_s, k)


def went_on(frames, cut, since_s=0.0, renamed=""):
    """What is told if another operation takes over after `cut` frames, in a stream that began `since_s` earlier."""
    first, second = Operation(SPEC, 1.0), Operation(SPEC, 1.0)
    told = facts([i for k, people in enumerate(frames[:cut]) for i in step(first, people, k)])
    second.resume([known.moved(since_s) for known in first.known()], since_s + cut / FPS + 3.0)
    after = []
    for k, people in enumerate(frames[cut:], cut):
        after += step(second, {name + renamed: foot for name, foot in people.items()}, k, since_s)
    return told + facts(after + second.flush(), since_s)


def uncut(frames):
    operation = Operation(SPEC, 1.0)
    told = [i for k, people in enumerate(frames) for i in step(operation, people, k)]
    return facts(told + operation.flush())


STORIES = [
    pytest.param(frames_of(VISIT), id="a visit over the line and back"),
    pytest.param(frames_of(TURNS_BACK), id="turns back on the line"),
    pytest.param(frames_of(CUTS_CORNER), id="passes through a corner"),
    pytest.param(frames_of(STAYS, [(x, y) for x, y in CUTS_CORNER]), id="two at once, one stays"),
]


@pytest.mark.parametrize("frames", STORIES)
@pytest.mark.parametrize("since_s", [0.0, 1024.0], ids=["same clock", "another clock"])
def test_whenever_another_takes_over_the_same_is_told(frames, since_s):
    expected = uncut(frames)
    for cut in range(1, len(frames)):
        assert went_on(frames, cut, since_s) == expected, cut


@pytest.mark.parametrize("cut", [6, 12, 20, 22, 30, 34, 40])
def test_people_may_be_called_otherwise_by_then(cut):
    def nameless(told):
        return [["somebody" if value in ("p0", "p0x") else value for value in one] for one in told]

    frames = frames_of(VISIT)
    assert nameless(went_on(frames, cut, 64.0, "x")) == nameless(uncut(frames))


def test_who_does_not_turn_up_in_time_has_left():
    first, second = Operation(SPEC, 1.0), Operation(SPEC, 1.0)
    for k, people in enumerate(frames_of(STAYS)):
        step(first, people, k)
    second.resume(first.known(), 15.0)
    assert second.step([], 15.0, 60) == []
    assert [type(told) for told in second.step([], 15.25, 61)] == [ZoneExited, Dwelled]
    assert second.known() == []


def test_what_is_known_of_a_visit_and_a_walk():
    operation = Operation(SPEC, 1.0)
    for k, people in enumerate(frames_of(between((0.5, 0.3), (0.5, 0.55), 10))):
        step(operation, people, k)
    [known] = operation.known()
    assert [sight.t_s for sight in known.sights] == [1.5, 1.75, 2.0, 2.25, 2.5]
    place = "(0.0, 0.5)-(1.0, 0.5)"
    assert set(known.visits) == {"hall/ZoneCrossingRule/0/", "hall/DwellRule/1/"}
    assert set(known.walks) <= {f"door/LineCrossingRule/0/{place}", f"door/LineCrossingRule/1/{place}"}
    visit = known.visits["hall/ZoneCrossingRule/0/"]
    assert (visit.is_confirmed, visit.last_inside_s, visit.side) == (True, 2.5, 1)
    assert visit.first_inside_s == pytest.approx(1.0, abs=0.25)


def test_other_regions_know_nobody():
    first = Operation(SPEC, 1.0)
    for k, people in enumerate(frames_of(STAYS)):
        step(first, people, k)
    other = Operation(
        SpatialSpec(
            (Zone("other", HALL.polygon_n, HALL.rules),), (Line("door", (0.0, 0.45), (1.0, 0.45), DOOR.rules),)
        ),
        1.0,
    )
    other.resume(first.known(), 15.0)
    [known] = other.known()
    assert known.walks == {}
    assert set(known.visits) == {"other/ZoneCrossingRule/0/", "other/DwellRule/1/"}
    assert all(not visit.is_confirmed and visit.first_inside_s == 5.0 for visit in known.visits.values())
    [entered] = step(other, {"p0": (0.5, 0.7)}, 21)
    assert (entered.zone, entered.t_s, entered.side) == ("other", 5.0, None)


def test_rules_without_a_memory_of_people_begin_anew():
    rules = (CountRule(), DistanceRule(), *HALL.rules)
    spec = SpatialSpec((Zone("hall", HALL.polygon_n, rules),), (DOOR,))
    first, second = Operation(spec, 1.0), Operation(spec, 1.0)
    for k, people in enumerate(frames_of(VISIT[:24])):
        step(first, people, k)
    second.resume(first.known(), 15.0)
    assert [known.visits.keys() for known in second.known()] == [known.visits.keys() for known in first.known()]
    assert {name.split("/")[1] for known in first.known() for name in known.visits} == {"ZoneCrossingRule", "DwellRule"}

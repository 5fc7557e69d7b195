"""Storyboards of doubt: what a witness says about a door and a hall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import Box, Point
from footfall.core.types import TrackObservation
from footfall.spatial.evidence import Witness
from footfall.spatial.insights import Direction, Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.operation import Operation
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.signs import Evidence, Sign, What
from spatial.storyboard import GONE, between, person

DOOR = Line("door", (0.5, 0.1), (0.5, 0.9), (LineCrossingRule(0.01),))
HALL = Zone(
    "hall", ((0.5, 0.3), (0.9, 0.3), (0.9, 0.7), (0.5, 0.7)), (CountRule(0.01), ZoneCrossingRule(0.01), DwellRule(0.01))
)
AT_THE_DOOR = SpatialSpec((), (DOOR,))
IN_THE_HALL = SpatialSpec((HALL,), ())
FPS = 10.0
OVER = between((0.3, 0.5), (0.7, 0.5), 40)
NOBODY: list[Point | None] = [GONE] * 35
"""Long enough to be forgotten."""

Frames = Iterable[Mapping[str, Point | None]]


def hear(spec: SpatialSpec, frames: Frames, scores: Mapping[str, float] | None = None) -> list[Evidence]:
    """All evidence about storyboard frames, with the rules at work."""
    operation, witness, evidence = Operation(spec, 1.0), Witness(spec, 1.0), []
    for frame, people in enumerate(frames):
        t_s = frame / FPS
        seen = [
            person(name, foot, t_s, frame, score=(scores or {}).get(name, 0.9))
            for name, foot in people.items()
            if foot is not None
        ]
        evidence += witness.step(seen, t_s, operation.step(seen, t_s, frame))
    return evidence + witness.flush(operation.flush())


def solo(steps: Iterable[Point | None]) -> list[dict[str, Point | None]]:
    return [{"ann": step} for step in steps]


def told(evidence: Iterable[Evidence], what: What) -> list[Evidence]:
    return [item for item in evidence if item.is_told and item.what is what]


def missed(evidence: Iterable[Evidence], what: What) -> list[Evidence]:
    return [item for item in evidence if not item.is_told and item.what is what]


def test_a_clean_walk_leaves_no_doubt() -> None:
    evidence = hear(AT_THE_DOOR, solo([*OVER, *NOBODY]))
    [crossing] = told(evidence, What.RIGHT) + told(evidence, What.LEFT)
    assert crossing.signs[Sign.TOLD] == 1.0
    doubts = {sign: value for sign, value in crossing.signs.items() if value > 0.05 and sign is not Sign.TOLD}
    assert doubts == {}
    assert not [item for item in evidence if not item.is_told]


@pytest.mark.parametrize(
    ("frames", "sign"),
    [
        pytest.param(solo(OVER[17:24]), Sign.BRIEF, id="seen for less than a second"),
        pytest.param(
            solo(foot if number % 3 else GONE for number, foot in enumerate(OVER)), Sign.HOLES, id="every third missing"
        ),
        pytest.param(
            [{"ann": foot, "bob": (foot[0] + 0.01, foot[1] + 0.02)} for foot in OVER], Sign.COVERED, id="two at once"
        ),
        pytest.param(
            [{"ann": foot, "bob": (foot[0] - 0.06, foot[1])} for foot in OVER], Sign.AGAIN, id="one close behind"
        ),
        pytest.param(solo([*OVER[:30], *OVER[29:11:-1]]), Sign.BACK, id="to and fro"),
        pytest.param(solo([*OVER[:14], *[GONE] * 9, *OVER[23:]]), Sign.GAP, id="lost on the line"),
    ],
)
def test_what_speaks_against_a_crossing(frames: Frames, sign: Sign) -> None:
    evidence = hear(AT_THE_DOOR, [{"zoe": (0.95, 0.9)}, *frames])
    crossings = told(evidence, What.RIGHT) + told(evidence, What.LEFT)
    assert crossings
    assert max(item.signs[sign] for item in crossings) > 0.25


def test_a_faint_person_is_measured_against_the_camera() -> None:
    frames = [{"ann": a, "bob": b} for a, b in zip(OVER, between((0.3, 0.9), (0.7, 0.9), 40), strict=True)]
    spec = SpatialSpec((), (Line("door", (0.5, 0.1), (0.5, 1.0), (LineCrossingRule(0.01),)),))
    first, second = told(hear(spec, frames, {"ann": 0.9, "bob": 0.5}), What.LEFT)
    assert (first.signs[Sign.FAINT], second.signs[Sign.FAINT]) == (0.0, pytest.approx(0.286, abs=0.01))


@pytest.mark.parametrize(
    ("frames", "sign", "what"),
    [
        pytest.param(solo([*OVER[:19], *NOBODY]), Sign.WENT, What.LEFT, id="ends just before the line"),
        pytest.param(solo([*[GONE] * 5, *OVER[21:], *NOBODY]), Sign.CAME, What.LEFT, id="begins just behind it"),
        pytest.param(solo([*OVER[:22], *NOBODY]), Sign.PASSED, What.LEFT, id="vanishes on the line"),
        pytest.param(solo([*OVER[::-1][:22], *NOBODY]), Sign.PASSED, What.RIGHT, id="the same the other way"),
    ],
)
def test_a_crossing_that_may_have_been_missed(frames: Frames, sign: Sign, what: What) -> None:
    rule = LineCrossingRule(0.06)
    spec = SpatialSpec((), (Line("door", DOOR.start_n, DOOR.end_n, (rule,)),))
    evidence = hear(spec, [{"zoe": (0.95, 0.9)}, *frames])
    assert [item.signs.get(sign, 0.0) > 0.1 for item in missed(evidence, what)] == [True]
    assert not missed(evidence, What.RIGHT if what is What.LEFT else What.LEFT)


def test_a_track_that_another_takes_up_misses_nothing() -> None:
    """Ann ends before the line; Bob goes on in her place, and the crossing is told for him."""
    frames = [{"ann": foot} for foot in OVER[:19]] + [{"bob": foot} for foot in OVER[19:]]
    evidence = hear(AT_THE_DOOR, [*frames, *({} for _ in NOBODY)])
    assert len(told(evidence, What.LEFT)) == 1
    assert not missed(evidence, What.LEFT)


@pytest.mark.parametrize(
    ("begins", "misses"),
    [
        pytest.param(19, 0, id="two seconds later"),
        pytest.param(26, 0, id="nearly three"),
        pytest.param(30, 1, id="more than three: that was somebody else"),
        pytest.param(40, 1, id="four"),
    ],
)
def test_how_long_a_track_may_be_taken_up(begins: int, misses: int) -> None:
    """Ann ends before the line; Bob passes it elsewhere, from frame `begins` on, two seconds after he is first seen."""
    bob = between((0.3, 0.8), (0.7, 0.8), 40)
    frames = [{"ann": foot} for foot in OVER[:19]] + [{}] * (begins - 19) + [{"bob": foot} for foot in bob]
    spec = SpatialSpec((), (DOOR,), forget_after_s=9.0)
    evidence = hear(spec, [{"zoe": (0.95, 0.9)}, *frames, *({} for _ in range(100))])
    assert len(told(evidence, What.LEFT)) == 1
    assert len(missed(evidence, What.LEFT)) == misses


def test_walking_out_of_the_picture_misses_nothing() -> None:
    door = Line("door", (0.01, 0.1), (0.01, 0.9), (LineCrossingRule(0.005),))
    frames = [*solo(between((0.5, 0.5), (0.03, 0.5), 40)), *({} for _ in NOBODY)]
    assert hear(SpatialSpec((), (door,)), frames) == []


def test_a_visit_that_nobody_saw_begin() -> None:
    evidence = hear(IN_THE_HALL, [{}, *solo([(0.7, 0.5)] * 20), *({} for _ in NOBODY)])
    assert [item.signs[Sign.UNSEEN] for item in evidence if item.is_told] == [1.0, 1.0, 1.0]
    assert {item.what for item in evidence if item.is_told} == {What.ENTER, What.EXIT, What.VISIT}


@pytest.mark.parametrize(
    ("depth", "counts"), [pytest.param(0.004, [], id="a corner cut"), pytest.param(0.009, [0.7, 0.7, 0.7], id="almost")]
)
def test_a_stay_of_which_nothing_was_told(depth: float, counts: list[float]) -> None:
    way = between((0.3, 0.3 + depth), (0.5, 0.3 + depth), 10) + [(0.55, 0.3 + depth)] * 9
    way += between((0.55, 0.3 + depth), (0.55, 0.1), 10)
    evidence = hear(IN_THE_HALL, [{"zoe": (0.2, 0.9)}, *solo(way), *({} for _ in NOBODY)])
    assert [item.signs[Sign.STAYED] for item in evidence if not item.is_told] == pytest.approx(counts, abs=0.35)


def test_darkness_is_as_long_as_what_usually_happens_then() -> None:
    operation, witness = Operation(AT_THE_DOOR, 1.0), Witness(AT_THE_DOOR, 1.0)
    for frame, foot in enumerate(OVER):
        seen = [person("ann", foot, frame / FPS, frame)]
        witness.step(seen, frame / FPS, operation.step(seen, frame / FPS, frame))
    [item] = [item for item in witness.step([], 14.0, []) if Sign.DARK in item.signs]
    assert item.what is What.LEFT
    assert item.signs[Sign.DARK] == pytest.approx(10.0 / 4.0, rel=0.01)


@pytest.mark.parametrize(
    ("people", "told_signs", "missed_signs"),
    [
        pytest.param([(0.7, 0.5)], {Sign.TOLD: 1.0}, {}, id="in the middle"),
        pytest.param([(0.525, 0.5)], {Sign.TOLD: 1.0, Sign.NEAR: 0.5}, {}, id="on the border, inside"),
        pytest.param([(0.495, 0.5)], {}, {Sign.NEAR: 0.5}, id="on the border, outside"),
    ],
)
def test_who_is_there_now(people: list[Point], told_signs: dict[Sign, float], missed_signs: dict[Sign, float]) -> None:
    witness = Witness(IN_THE_HALL, 1.0)
    witness.step([person(f"p{n}", foot) for n, foot in enumerate(people)], 0.0, [])
    counted = sum(1 for x, _ in people if x > 0.51)
    inside, outside = witness.presence("hall", counted)
    assert {s: v for s, v in inside.signs.items() if v} == pytest.approx(told_signs)
    assert {s: v for s, v in outside.signs.items() if v} == pytest.approx(missed_signs)


def test_who_was_lost_in_a_zone_may_still_be_there() -> None:
    witness = Witness(IN_THE_HALL, 1.0)
    witness.step([person("ann", (0.7, 0.5))], 0.0, [])
    lost = []
    for t_s in (0.5, 1.5, 4.0):
        witness.step([], t_s, [])
        lost.append(witness.presence("hall", 0)[1].signs[Sign.LOST])
    assert lost == [pytest.approx(0.717, abs=0.01), pytest.approx(0.368, abs=0.01), 0.0]


def test_what_is_told_for_somebody_unknown_is_told_all_the_same() -> None:
    ann = person("ann", (0.5, 0.5))
    about: list[Insight] = [
        LineCrossed("door", 1.0, ann, Direction.LEFT_TO_RIGHT),
        ZoneEntered("hall", 1.0, ann, 1),
        ZoneExited("hall", 1.0, ann, None),
        Dwelled("hall", 1.0, ann, None, 4.0, 40),
    ]
    evidence = Witness(SpatialSpec((HALL,), (DOOR,)), 1.0).step([], 2.0, about)
    assert [item.what for item in evidence] == [What.RIGHT, What.ENTER, What.EXIT, What.VISIT]


ANN = (0.5, 0.25, 0.75, 0.75)


@pytest.mark.parametrize(
    ("ann", "others", "share"),
    [
        pytest.param(ANN, [], 0.0, id="nobody else"),
        pytest.param(ANN, [(0.625, 0.25, 0.875, 0.75)], 0.5, id="the right half"),
        pytest.param(ANN, [(0.25, 0.0, 0.625, 0.5)], 0.25, id="the upper left quarter"),
        pytest.param(ANN, [(0.625, 0.25, 0.875, 0.75), (0.25, 0.0, 0.625, 0.5)], 0.5, id="the larger of two shares"),
        pytest.param(ANN, [(0.0, 0.0, 1.0, 1.0)], 1.0, id="all"),
        pytest.param(ANN, [(0.75, 0.25, 0.875, 0.75)], 0.0, id="beside"),
        pytest.param(ANN, [(0.875, 0.875, 1.0, 1.0)], 0.0, id="away to the lower right"),
        pytest.param(ANN, [(0.875, 0.25, 1.0, 0.75)], 0.0, id="away to the right"),
        pytest.param((0.5, 0.25, 0.5, 0.75), [(0.0, 0.0, 1.0, 1.0)], 0.0, id="who has no width"),
        pytest.param((0.0, 0.0, 1e-200, 1e-200), [(0.0, 0.0, 1.0, 1.0)], 0.0, id="who has hardly any"),
    ],
)
def test_how_much_of_somebody_is_covered(ann: Box, others: list[Box], share: float) -> None:
    witness = Witness(IN_THE_HALL, 1.0)
    seen = [person("ann", (0.7, 0.5), box_n=ann)]
    seen += [person(str(n), (0.1, 0.9), box_n=box) for n, box in enumerate(others)]
    witness.step(seen, 0.0, [])
    assert witness.presence("hall", 1)[0].signs[Sign.COVERED] == share


@pytest.mark.parametrize(("pause_s", "gap"), [(0.0625, 0.0), (0.125, 0.125)])
def test_of_a_quick_camera_a_tenth_of_a_second_is_a_gap(pause_s: float, gap: float) -> None:
    witness, ann = Witness(AT_THE_DOOR, 1.0), person("ann", (0.4, 0.5))
    times = [k / 64 for k in range(33)]
    for t_s in times:
        witness.step([ann], t_s, [])
    crossing = LineCrossed("door", times[-1], ann, Direction.LEFT_TO_RIGHT)
    [told_now] = witness.step([ann], times[-1] + pause_s, [crossing])
    assert told_now.signs[Sign.GAP] == gap


@pytest.mark.parametrize(
    ("direction", "late_s", "is_missed"),
    [
        pytest.param(None, 0.0, True, id="nothing was told"),
        pytest.param(Direction.RIGHT_TO_LEFT, 0.0, False, id="told as the track began"),
        pytest.param(Direction.RIGHT_TO_LEFT, 0.3, False, id="told soon after"),
        pytest.param(Direction.RIGHT_TO_LEFT, 0.5, True, id="told of a later crossing"),
        pytest.param(Direction.LEFT_TO_RIGHT, 0.0, True, id="told the other way"),
    ],
)
def test_who_began_behind_a_line_may_have_crossed_it(
    direction: Direction | None, late_s: float, is_missed: bool
) -> None:
    witness, evidence = Witness(AT_THE_DOOR, 1.0), []
    witness.step([], 0.0, [])
    for number, foot in enumerate(OVER[21:34]):
        t_s = (number + 1) / 10
        ann = person("ann", foot, t_s)
        is_now = direction is not None and number == round(10 * late_s)
        about = [LineCrossed("door", t_s, ann, direction)] if direction and is_now else []
        evidence += witness.step([ann], t_s, about)
    evidence += witness.step([], 9.0, [])
    assert any(Sign.CAME in item.signs for item in evidence) == is_missed


def test_a_camera_whose_scores_are_all_zero_finds_nobody_faint() -> None:
    ann = person("ann", (0.5, 0.5), score=0.0)
    witness = Witness(AT_THE_DOOR, 1.0)
    [crossing] = witness.step([ann], 0.0, [LineCrossed("door", 0.0, ann, Direction.LEFT_TO_RIGHT)])
    assert crossing.signs[Sign.FAINT] == 0.0


points = st.tuples(st.floats(0.0, 1.0), st.floats(0.2, 1.0))
crowds = st.lists(st.dictionaries(st.sampled_from("abcd"), points, max_size=4), max_size=25)


@given(crowds)
@settings(deadline=None, max_examples=60)
def test_signs_are_shares_and_everything_told_is_heard(frames: list[dict[str, Point]]) -> None:
    spec = SpatialSpec((HALL,), (DOOR,))
    operation, witness = Operation(spec, 1.0), Witness(spec, 1.0)
    number, evidence = 0, []
    for frame, people in enumerate(frames):
        seen = [person(name, foot, frame / 2, frame) for name, foot in people.items()]
        insights = operation.step(seen, frame / 2, frame)
        number += sum(isinstance(i, LineCrossed | ZoneEntered | ZoneExited | Dwelled) for i in insights)
        evidence += witness.step(seen, frame / 2, insights)
    assert sum(item.is_told for item in evidence) == number
    values = [value for item in evidence for sign, value in item.signs.items() if sign not in (Sign.PASSED, Sign.DARK)]
    assert all(0.0 <= value <= 1.0 for value in values)


strange = st.sampled_from([0.0, 1.0, -3.0, float("nan"), float("inf"), float("-inf"), 1e300])
anything = st.builds(
    lambda name, x, y, score: person(name, (x, y), score=score),
    st.sampled_from(["a", "b", "", "-1"]),
    strange | st.floats(0.0, 1.0),
    strange | st.floats(0.0, 1.0),
    strange | st.floats(0.0, 1.0),
)


@given(st.lists(st.tuples(st.lists(anything, max_size=4), st.floats(-10.0, 4000.0)), max_size=15))
@settings(deadline=None, max_examples=80)
def test_bad_input_neither_breaks_nor_grows(frames: list[tuple[list[TrackObservation], float]]) -> None:
    """Points at infinity, scores that are no numbers, time that jumps and goes back."""
    spec = SpatialSpec((HALL,), (DOOR,))
    witness = Witness(spec, 1.0)
    evidence = [item for people, t_s in frames for item in witness.step(people, t_s, [])]
    evidence += witness.presence("hall", 0) + witness.flush([])
    assert all(isfinite(value) for item in evidence for value in item.signs.values())
    assert len(evidence) <= 2 + 8 * len(frames) * 4

"""A survey of one camera: the sums agree with each other, and the floor with where people really were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import radians

import numpy as np
import pytest

from footfall.core.geometry import Point
from footfall.core.types import Observed, TrackObservation
from footfall.simulator.story import tell
from footfall.simulator.view import View
from footfall.simulator.walk import Crowd
from footfall.spatial.floorplan import PICTURE, REACH_M, on_floor
from footfall.spatial.ground import WALKING_M_S, Camera
from footfall.spatial.insights import Direction, LineCrossed
from footfall.spatial.maps import Maps, Sight
from footfall.spatial.regions import CountRule, Line, LineCrossingRule, SpatialSpec, Zone
from footfall.spatial.survey import Survey, SurveySpec
from spatial.storyboard import WIDE_PICTURE, between, person

LEFT = Zone("left", ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)), (CountRule(),))
DOOR = Line("door", (0.5, 0.0), (0.5, 1.0), (LineCrossingRule(),))
SPATIAL = SpatialSpec((LEFT,), (DOOR,))
CAMERA = Camera(3.2, 0.8, radians(65.0))
UTC_0 = datetime(1970, 1, 1, tzinfo=UTC)


def frame(number: int, people: Sequence[TrackObservation], *, fps: float = 10.0, loop: int = 0) -> Observed:
    return Observed("cam", number, number / fps, UTC_0, (640, 360), tuple(people), loop)


def walked(survey: Survey, way: Sequence[Point], name: str = "ann", loop: int = 0) -> None:
    for number, foot in enumerate(way):
        survey.step(frame(number, [person(name, foot)], loop=loop), ())


def plain_survey(camera: Camera | None = None) -> Survey:
    return Survey(SPATIAL, camera, WIDE_PICTURE, SurveySpec(columns=10, period_s=60.0))


def test_all_sums_tell_of_the_same_time() -> None:
    survey = plain_survey()
    walked(survey, between((0.05, 0.55), (0.95, 0.55), 90))
    survey.flush()
    [period] = survey.diary.periods.values()
    assert (survey.frames, period.people, survey.picture.people) == (91, 1, 1)
    assert period.person_s == pytest.approx(9.0)
    assert survey.picture.seconds == pytest.approx(9.0)
    assert period.zones["left"].person_s == pytest.approx(4.5, abs=0.2)
    assert survey.floor is None


def test_a_frame_that_comes_again_brings_only_its_insights() -> None:
    survey = plain_survey()
    ann = person("ann", (0.3, 0.3))
    survey.step(frame(0, [ann]), ())
    survey.step(frame(0, []), [LineCrossed("door", 0.0, ann, Direction.LEFT_TO_RIGHT)])
    assert survey.frames == 1
    assert survey.diary.totals.lines["door"].right == 1


@pytest.mark.parametrize("is_loop", [True, False], ids=["the file starts again", "another recording"])
def test_a_new_start_makes_everybody_new(is_loop: bool) -> None:
    survey = plain_survey()
    walked(survey, [(0.3, 0.3)] * 21)
    if not is_loop:
        survey.begin(1000.0)
    walked(survey, [(0.3, 0.3)] * 21, loop=int(is_loop))
    survey.flush()
    assert survey.picture.people == 2
    assert sum(period.people for period in survey.diary.periods.values()) == 2
    assert survey.picture.seconds == pytest.approx(4.0)
    assert list(survey.diary.periods) == ([0] if is_loop else [0, 16])


def test_the_first_recording_begins_at_nothing() -> None:
    survey = plain_survey()
    survey.step(frame(595, [person("ann", (0.3, 0.3))]), ())
    assert list(survey.diary.periods) == [0]


def test_nobody_goes_from_one_recording_to_the_next() -> None:
    right = Zone("right", ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)), (CountRule(),))
    survey = Survey(SpatialSpec((LEFT, right)), None, WIDE_PICTURE, SurveySpec())
    for number, foot in enumerate(((0.3, 0.3), (0.7, 0.3))):
        survey.begin(1000.0 * number)
        walked(survey, [foot] * 21)
    survey.flush()
    assert survey.ways.people == {}
    assert survey.frames == 42


def test_the_same_frame_of_another_recording_is_another_frame() -> None:
    survey = plain_survey()
    for number in range(2):
        survey.begin(1000.0 * number)
        survey.step(frame(0, [person("ann", (0.3, 0.3))]), ())
    assert survey.frames == 2


def test_an_id_switch_does_not_make_two_people() -> None:
    survey = plain_survey()
    way = between((0.2, 0.55), (0.8, 0.55), 60)
    for number, foot in enumerate(way):
        survey.step(frame(number, [person("ann" if number < 30 else "bob", foot)]), ())
    survey.flush()
    assert survey.picture.people == 1


def test_unconfirmed_people_do_not_count() -> None:
    survey = plain_survey()
    walked(survey, [(0.3, 0.3)] * 21, name="-1")
    survey.flush()
    assert (survey.picture.people, survey.diary.periods[0].people) == (0, 0)


def crowd_frames(seconds: float) -> Iterator[tuple[int, dict[int, Point]]]:
    """The simulator's people: frame number, person -> where the feet really are, in metres."""
    story = tell("lobby", 12, seconds, np.random.default_rng([3, 1]))
    crowd = Crowd(story.room, story.journeys, story.queue_m)
    for number in range(int(seconds * 10)):
        crowd.advance(number / 10)
        yield number, {index: stance.ground_m for index, stance in crowd.stances().items()}


def test_the_floor_map_is_where_the_simulator_s_people_really_were() -> None:
    view = View(CAMERA, (640, 360))
    survey = Survey(SPATIAL, CAMERA, WIDE_PICTURE, SurveySpec(cell_m=0.47))
    assert survey.floor is not None
    truth = Maps(survey.floor.grid, gap_s=2.0, forget_after_s=3.0)
    for number, positions in crowd_frames(30.0):
        seen = {i: foot for i, at in positions.items() if (foot := view.floor_point_n(at)) and 0.0 <= foot[1] <= 1.0}
        people = [person(f"p{index}", foot, number / 10, number) for index, foot in seen.items()]
        survey.step(frame(number, people), ())
        truth.step([Sight(index, positions[index], WALKING_M_S) for index in seen], number / 10)
    survey.flush()
    truth.flush()
    assert (survey.floor.people, truth.people) == (12, 12), "nobody is taken for the one who left before"
    assert truth.seconds > 50.0
    assert survey.floor.seconds == pytest.approx(truth.seconds, rel=0.01)
    for cell in truth.cells.keys() | survey.floor.cells.keys():
        mine, theirs = survey.floor.cells.get(cell), truth.cells.get(cell)
        assert (mine.seconds if mine else 0.0) == pytest.approx(theirs.seconds if theirs else 0.0, abs=0.15)
        assert (mine.dwell_s if mine else 0.0) == pytest.approx(theirs.dwell_s if theirs else 0.0, abs=0.5)


def test_lines_of_the_picture_lie_on_the_floor() -> None:
    [path] = on_floor(CAMERA, [(0.2, 0.8), (0.8, 0.8)], WIDE_PICTURE)
    ahead = [forward for _, forward in path]
    assert min(ahead) == pytest.approx(max(ahead)), "level in the picture is straight across the floor"
    assert path[0][0] == pytest.approx(-path[-1][0])
    for point_m in path:
        found = CAMERA.to_image(point_m, WIDE_PICTURE)
        assert found is not None
        assert found[1] == pytest.approx(0.8)


@pytest.mark.parametrize(("end_y", "points"), [(0.58, []), (0.59, [2])])
def test_a_single_point_is_no_line(end_y: float, points: list[int]) -> None:
    """Sixty metres ahead lie at 0.571 of the picture's height, and a thirty-second of the way is 0.018."""
    parts = on_floor(Camera(3.0, 0.8, radians(90.0)), [(0.5, 0.0), (0.5, end_y)], WIDE_PICTURE)
    assert [len(part) for part in parts] == points


def test_by_default_half_a_metre_and_an_hour() -> None:
    survey = Survey(SPATIAL, CAMERA, WIDE_PICTURE, SurveySpec())
    assert survey.floor is not None
    assert (survey.picture.grid.columns, survey.floor.grid.cell, survey.spec.period_s) == (40, 0.5, 3600.0)


def test_above_the_horizon_there_is_no_floor() -> None:
    looking_up = Camera(3.0, 0.8, radians(95.0))
    assert on_floor(looking_up, [(0.0, 0.0), (1.0, 0.0)], WIDE_PICTURE) == []
    parts = on_floor(looking_up, [*PICTURE, PICTURE[0]], WIDE_PICTURE)
    assert parts
    assert all(max(map(abs, point)) <= REACH_M for part in parts for point in part)

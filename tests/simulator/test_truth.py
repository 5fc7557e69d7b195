import json
from itertools import pairwise
from math import radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.simulator.documents import tracks_line, truth_document
from footfall.simulator.room import Room
from footfall.simulator.story import STORIES, Story, tell
from footfall.simulator.truth import FrameTruth, PersonTruth, Recorder, Regions, Truth, Visit, regions_in_view
from footfall.simulator.view import View
from footfall.spatial.ground import Camera

CAMERA = Camera(3.2, 0.8, radians(65))
LINE = Regions({"mid": ((0.5, 0.2), (0.5, 0.8))}, {})
ZONE = Regions({}, {"box": ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))})


def person(x: float, y: float = 0.5, *, name: str = "ann", visibility: float = 1.0) -> PersonTruth:
    box = (x - 0.03, y - 0.2, x + 0.03, y)
    return PersonTruth(name, (0.0, 5.0), (x, y), box, box if visibility else None, visibility)


def record(regions: Regions, *frames: list[PersonTruth]) -> Truth:
    recorder = Recorder(regions)
    for index, people in enumerate(frames):
        recorder.add(FrameTruth(index, index / 10, tuple(people)))
    return recorder.truth()


@pytest.mark.parametrize(
    ("xs", "expected"),
    [
        pytest.param([0.3, 0.4, 0.6, 0.7], [(2, -1)], id="walks to the right: left of the downward line"),
        pytest.param([0.7, 0.6, 0.4], [(2, 1)], id="walks to the left"),
        pytest.param([0.3, 0.45, 0.48, 0.4, 0.2], [], id="turns back before it"),
        pytest.param([0.4, 0.6, 0.4, 0.6], [(1, -1), (2, 1), (3, -1)], id="to and fro"),
        pytest.param([0.6], [], id="appears beyond it"),
        pytest.param([0.4, 0.5, 0.4], [], id="touches it and goes back"),
        pytest.param([0.4, 0.5, 0.5, 0.6], [(3, -1)], id="stands on it and goes on"),
    ],
)
def test_crossings_of_a_line(xs: list[float], expected: list[tuple[int, int]]) -> None:
    truth = record(LINE, *[[person(x)] for x in xs])
    assert [(c.frame, c.sign) for c in truth.crossings["mid"]] == expected


def test_who_passes_beyond_the_end_of_a_line_does_not_cross_it() -> None:
    assert record(LINE, [person(0.4, 0.9)], [person(0.6, 0.9)]).crossings["mid"] == ()


def test_a_crossing_that_can_hardly_be_seen_is_optional() -> None:
    truth = record(LINE, [person(0.4)], [person(0.6, visibility=0.1)])
    assert truth.crossings["mid"][0].optional
    document = json.loads(truth_document(truth, 10, (640, 360), CAMERA, {"clip": "c.mp4"}))
    assert document["lines"]["mid"]["crossings"] == [
        {"frame": 1, "word": "right", "sign": -1, "optional": True, "person": "ann"}
    ]
    assert document["lines"]["mid"]["count"] == {"left": 0, "right": 1}


@given(st.lists(st.sampled_from([0.1, 0.49, 0.5, 0.51, 0.9]), min_size=1, max_size=40))
def test_crossings_are_the_changes_of_side_and_alternate(xs: list[float]) -> None:
    truth = record(LINE, *[[person(x)] for x in xs])
    signs = [-1 if x > 0.5 else 1 for x in xs if x != 0.5]
    assert len(truth.crossings["mid"]) == sum(a != b for a, b in pairwise(signs))
    got = [c.sign for c in truth.crossings["mid"]]
    assert all(a == -b for a, b in pairwise(got))


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40))
def test_visits_alternate_and_agree_with_the_occupancy(xs: list[float]) -> None:
    truth = record(ZONE, *[[person(x)] for x in xs])
    visits = truth.visits["box"]
    covered = [0] * len(xs)
    for visit in visits:
        for frame in range(visit.enter, len(xs) if visit.exit is None else visit.exit):
            covered[frame] += 1
    assert tuple(covered) == truth.occupancy["box"]
    assert all(a.exit is not None and a.exit <= b.enter for a, b in pairwise(visits))


def test_a_person_who_vanishes_has_left_and_one_at_the_end_is_still_in() -> None:
    truth = record(ZONE, [person(0.5)], [], [person(0.5, name="bob")])
    assert truth.visits["box"] == (Visit(0, 1, "ann"), Visit(2, None, "bob"))
    assert truth.persons_total == 2


def test_the_whole_picture_is_counted_only_when_everybody_is_plain_to_see() -> None:
    truth = record(ZONE, [person(0.5)], [person(0.01)], [person(0.5, visibility=0.1)], [person(0.5, visibility=0)])
    assert truth.whole_frame == (1, None, None, 0)


def test_tracks_hold_whoever_can_be_seen() -> None:
    line = json.loads(tracks_line(FrameTruth(3, 0.3, (person(0.99), person(0.5, name="bob", visibility=0.0)))))
    assert (line["frame"], line["t"], len(line["people"])) == (3, 0.3, 1)
    ann = line["people"][0]
    assert ann["box"] == [0.96, 0.3, 1.0, 0.5]
    assert ann["full_box"][2] == 1.02
    assert ann["footprint"] == [0.99, 0.5]
    assert ann["ground_m"] == [0.0, 5.0]


@pytest.mark.parametrize("name", STORIES)
def test_every_story_shows_its_regions_to_the_default_camera(name: str) -> None:
    story = tell(name, 6, 20.0, np.random.default_rng(1))
    regions = regions_in_view(story, View(CAMERA, (960, 540)))
    assert set(regions.lines) == set(story.lines_m)
    assert set(regions.zones) == set(story.zones_m)
    points = [p for pair in regions.lines.values() for p in pair] + [p for z in regions.zones.values() for p in z]
    assert all(0.0 <= value <= 1.0 for point in points for value in point)
    assert len(regions.arguments()) == len(story.lines_m) + len(story.zones_m)
    spatial = regions.spatial()
    assert [line.name for line in spatial.lines] == list(regions.lines)
    assert [zone.polygon_n for zone in spatial.zones] == list(regions.zones.values())


@given(st.tuples(*[st.floats(-20, 20), st.floats(-5, 30)] * 3))
def test_regions_out_of_the_picture_are_cut_off_or_left_out(values: tuple[float, ...]) -> None:
    a, b, c = zip(values[::2], values[1::2], strict=True)
    story = Story(Room(), {"line": (a, b)}, {"zone": (a, b, c)}, ())
    regions = regions_in_view(story, View(CAMERA, (640, 360)))
    points = [p for pair in regions.lines.values() for p in pair] + [p for z in regions.zones.values() for p in z]
    assert all(-1e-9 <= value <= 1.0 + 1e-9 for point in points for value in point)


def test_a_line_across_the_border_keeps_its_direction() -> None:
    story = Story(Room(), {"line": ((-30.0, 8.0), (30.0, 8.0))}, {}, ())
    (start, end) = regions_in_view(story, View(CAMERA, (640, 360))).lines["line"]
    assert start[0] == pytest.approx(0.0)
    assert end[0] == pytest.approx(1.0)

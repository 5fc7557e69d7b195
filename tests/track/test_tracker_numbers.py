"""What each setting of the tracker does, to the frame. The numbers are these tests' own; the usual ones are tuned."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from footfall.track.scores import ScoreLevel
from footfall.track.settings import MotionSettings, TrackerSettings
from footfall.track.tracker import PeopleTracker
from track.scenes import SIZE, Box, box, detections, ids, play, walker
from track.scenes import tracker as usual_tracker

SURE = 1.0
"""A score that counts as 1 whatever the camera's level, which makes sums exact."""
SETTINGS = {
    "confirm": 2.3,
    "evidence_per_s": 4.0,
    "evidence_gap_s": 0.4,
    "doubt": 0.1,
    "tentative_s": 0.15,
    "shortest_gap_s": 0.1,
    "high": 0.63,
    "start": 0.75,
    "duplicate": 0.7,
    "fragment_s": 0.5,
    "merge": 0.85,
    "merge_s": 0.5,
    "hold_s": 0.25,
    "hold_score": 0.65,
    "hold_inside": 0.8,
}


def tracker(**changes: float | MotionSettings) -> PeopleTracker:
    return usual_tracker(**{**SETTINGS, **changes})


def first_report(who: PeopleTracker, moments: Iterable[float], score: float = SURE) -> int | None:
    """The sighting of somebody who stands with which a person is reported."""
    reports = play(who, [walker(300, 0)], moments, score)
    return next((k for k, report in enumerate(reports) if report), None)


@pytest.mark.parametrize(
    ("settings", "dt_s", "sighting"),
    [
        pytest.param({}, 0.08, 1, id="1 and 1 + 4 x 0.08 are more than 2.3"),
        pytest.param({}, 0.07, 2, id="1 and 1 + 4 x 0.07 are not"),
        pytest.param({"confirm": 3.55}, 1.0, 1, id="of a second between frames 0.4 count"),
        pytest.param({"confirm": 3.65}, 1.0, 2, id="and no more"),
        pytest.param({"confirm": 3.0}, 0.25, 1, id="exactly enough is enough"),
    ],
)
def test_evidence_adds_up(settings: dict[str, float], dt_s: float, sighting: int) -> None:
    assert first_report(tracker(**settings), [k * dt_s for k in range(5)]) == sighting


def test_a_frame_without_sighting_leaves_a_tenth_of_the_evidence() -> None:
    """1, missed, 0.1 + 1.4 are less than 2.3; with one more sighting it is enough."""
    who, seen = tracker(tentative_s=1.0), [True, False, True, True]
    counts = [
        len(who.update(detections([box(300, 200)] if is_seen else [], SURE), 0.1 * k, k))
        for k, is_seen in enumerate(seen)
    ]
    assert counts == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("tentative_s", "dt_s", "missed", "sighting"),
    [
        pytest.param(0.15, 0.06, 1, 3, id="seen again within 0.15 s"),
        pytest.param(0.15, 0.05, 4, 7, id="later: anew"),
        pytest.param(0.25, 0.125, 2, 4, id="missed for exactly as long as is waited"),
        pytest.param(0.15, 0.5, 1, 3, id="one frame is missed, however long it lasts"),
        pytest.param(0.15, 0.5, 2, 5, id="two: anew"),
    ],
)
def test_how_long_somebody_tentative_is_waited_for(tentative_s: float, dt_s: float, missed: int, sighting: int) -> None:
    """Three sightings make a person here; seen once, missed, then always."""
    who = tracker(tentative_s=tentative_s, confirm=2.9, evidence_per_s=0.0, doubt=1.0)
    seen = [True, *[False] * missed, *[True] * 9]
    reports = [
        who.update(detections([box(300, 200)] if is_seen else [], SURE), dt_s * k, k) for k, is_seen in enumerate(seen)
    ]
    assert next(k for k, report in enumerate(reports) if report) == sighting


def test_reports_come_in_the_order_of_the_detections() -> None:
    who = tracker()
    here, there = box(100, 200), box(400, 300)
    for k in range(8):
        report = who.update(detections([here, there] if k % 2 else [there, here]), 0.1 * k, k)
        if k > 3:
            expected = [100, 400] if k % 2 else [400, 100]
            assert [person.footprint_n[0] * SIZE[0] for person in report] == pytest.approx(expected)


@pytest.mark.parametrize(("back_s", "same"), [(5.0, True), (5.125, False)])
def test_memory_holds_to_its_end_and_no_longer(back_s: float, same: bool) -> None:
    who = tracker(memory_s=3.0)
    reports = play(who, [walker(300, 0)], [k / 8 for k in range(17)])
    reports += play(who, [walker(300, 0)], [back_s + k / 8 for k in range(8)])
    assert len(ids(reports)) == (1 if same else 2)


def rates(who: PeopleTracker, boxes: Iterable[tuple[float, Box | None]]) -> np.ndarray:
    """(4,) how the person moves at the end, in image widths a second."""
    for t_s, seen in boxes:
        _, people = who.identify(detections([seen] if seen else [], SURE), t_s)
    return np.asarray(people["rate"][0])


@pytest.mark.parametrize(
    ("dt_s", "missed", "shortest_gap_s", "caught_up"),
    [
        pytest.param(0.1, 3, 0.1, True, id="after a gap"),
        pytest.param(0.1, 1, 0.1, True, id="after one missed frame of a tenth of a second"),
        pytest.param(0.03, 1, 0.1, False, id="not after a gap of less than a tenth of a second"),
        pytest.param(0.125, 1, 0.25, False, id="not after the shortest gap itself"),
        pytest.param(0.125, 1, 0.24, True, id="but after a longer one"),
        pytest.param(0.2, 0, 0.1, False, id="nor from frame to frame, however slow"),
    ],
)
def test_after_a_gap_the_speed_is_that_between_both_sightings(
    dt_s: float, missed: int, shortest_gap_s: float, caught_up: bool
) -> None:
    who = tracker(catch_up=1.0, tentative_s=1.0, shortest_gap_s=shortest_gap_s)
    there, back = [(k * dt_s, box(300, 200)) for k in range(20)], (19 + missed + 1) * dt_s
    gap = [(t, None) for t in [(20 + k) * dt_s for k in range(missed)]]
    rate = rates(who, [*there, *gap, (back, box(308, 200))])
    straight = 8 / SIZE[0] / ((missed + 1) * dt_s)
    assert bool(rate[0] == pytest.approx(straight)) is caught_up


def test_a_tracks_score_follows_its_sightings_by_three_tenths() -> None:
    """The camera's level stays at 1, as 0.95 is what good scores count as."""
    who = tracker(level=1.0)
    for k in range(5):
        _, people = who.identify(detections([box(300, 200)], 0.95), 0.1 * k)
    assert people["score"] == pytest.approx([0.95])
    _, people = who.identify(detections([box(300, 200)], 0.75), 0.5)
    assert people["score"] == pytest.approx([0.95 + 0.3 * (0.75 - 0.95)])


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        pytest.param([0.95, 0.95], 1.0, id="good scores"),
        pytest.param([0.95, 0.76], 0.9, id="all good scores, not the best one alone"),
        pytest.param([0.95, 0.3], 1.0, id="poor ones beside them do not count"),
        pytest.param([0.57, 0.3], 0.6, id="where none is good, the best one does"),
    ],
)
def test_whose_scores_tell_the_cameras_level(scores: list[float], level: float) -> None:
    who = tracker(level=0.99, level_s=1.0)
    for k in range(300):
        found = detections([box(200, 200), box(400, 200)])
        found.score[:] = scores
        who.update(found, 0.1 * k, k)
    assert who._level.level == pytest.approx(level, abs=0.005)


def test_where_no_score_is_good_the_best_one_teaches_at_once_and_the_first_frame_not() -> None:
    """No time has passed in the first frame; in the second 0.57 is far from good beside the level, too."""
    who, best = tracker(level=0.99), ScoreLevel(0.99, TrackerSettings().level_s)
    found = detections([box(200, 200), box(400, 200)])
    found.score[:] = [0.57, 0.3]
    who.update(found, 0.0, 0)
    assert who._level.level == 0.99
    who.update(found, 0.1, 1)
    best.learn(np.array([0.57]), 0.1)
    assert who._level.level == pytest.approx(best.level, abs=1e-7)


def test_people_seen_whole_teach_the_cameras_perspective() -> None:
    """Two people whose heights are 0.4 of their distance from the upper edge."""
    who = tracker()
    for k in range(15):
        who.update(detections([box(150, 150, 60, 24), box(450, 300, 120, 48)], SURE), 0.1 * k, k)
    assert who._perspective.slope() == pytest.approx((0.0, 0.4), abs=1e-4)


def test_somebody_whose_legs_are_hidden_is_exactly_where_head_and_height_say() -> None:
    who = tracker()
    for k in range(20):
        who.update(detections([box(300, 200, 120)], SURE), 0.1 * k, k)
    _, people = who.identify(detections([box(300, 164, 80)], SURE), 2.0)
    assert people["cxcywh"][0] * SIZE[0] == pytest.approx([300, (84 + 204) / 2, 45, 120])


def test_doubtful_sights_are_noisier() -> None:
    """At a relative score of 0.8 the standard deviation of 0.05 body heights is 1 + 3 x 0.2 times as large."""
    who = tracker(level=1.0, motion=MotionSettings(noise=0.05, noise_of_doubt=3.0))
    who.update(detections([box(300, 200)], 0.8), 0.0, 0)
    assert np.sqrt(who._tracks["var"][0]) == pytest.approx(0.05 * 1.6, rel=1e-5)


def two_boxes(apart_px: Iterable[float]) -> list[int]:
    """How many people are reported frame by frame when the younger of two stands this far from the older."""
    who = tracker()
    for k in range(20):
        who.update(detections([box(300, 200), box(400, 200)] if k > 5 else [box(300, 200)], SURE), 0.1 * k, k)
    return [
        len(who.update(detections([box(300, 200), box(300 + x, 200)], SURE), 2.0 + 0.1 * k, 20 + k))
        for k, x in enumerate(apart_px)
    ]


def approach() -> list[float]:
    return [100.0 - 8 * k for k in range(12)]


def test_the_younger_of_two_tracks_on_one_box_ends_after_half_a_second() -> None:
    """Boxes 45 wide overlap by 85 % from 3.6 pixels on; the sixth frame of 0.1 s is beyond 0.5 s."""
    counts = two_boxes([*approach(), *[2.0] * 8])
    assert counts == [2] * (len(approach()) + 5) + [1] * 3


def test_a_track_that_ends_on_another_is_forgotten() -> None:
    who = tracker()
    both = [box(300, 200), box(400, 200)]
    for k in range(6):
        who.update(detections(both, SURE), 0.1 * k, k)
    for k, x in enumerate([*approach(), *[2.0] * 12]):
        who.update(detections([box(300, 200), box(300 + x, 200)], SURE), 0.6 + 0.1 * k, 6 + k)
    assert len(who) == 1


def test_a_score_beyond_all_is_reported_as_one() -> None:
    who = tracker(level=1.0)
    for k in range(6):
        found = detections([box(300, 200)], 1.5)
        report = who.update(found, 0.1 * k, k)
    assert [person.score for person in report] == [1.0]


def test_people_who_meet_and_part_stay_two() -> None:
    counts = two_boxes([*approach(), *([2.0] * 4 + [8.0] * 2) * 4])
    assert set(counts) == {2}


def test_a_double_beside_a_new_person_is_one_person() -> None:
    """Neither of them is known yet: the first one of the detections is the person, others too near are doubles."""
    who = tracker()
    for k in range(5):
        report = who.update(detections([box(300, 200), box(304, 200), box(300, 204), box(330, 200)], SURE), 0.1 * k, k)
    assert [round(person.footprint_n[0] * SIZE[0]) for person in report] == [300, 330]
    assert len(who) == 2


@pytest.mark.parametrize(
    ("lower_px", "tracks"),
    [pytest.param(15, 1, id="105 of 135 pixels are shared"), pytest.param(25, 2, id="95 of 145 are not 70 %")],
)
def test_doubles_are_told_by_their_plain_overlap(lower_px: float, tracks: int) -> None:
    who = tracker()
    who.update(detections([box(300, 200), box(300, 200 + lower_px)], SURE), 0.0, 0)
    assert len(who) == tracks


def test_only_good_detections_are_born() -> None:
    who = tracker(level=1.0)
    who.update(detections([box(300, 200)], 0.74), 0.0, 0)
    assert len(who) == 0
    who.update(detections([box(300, 200)], 0.76), 0.1, 1)
    assert len(who) == 1


@pytest.mark.parametrize(
    ("part", "later_s", "tracks"),
    [
        pytest.param(box(300, 140, 50), 0.125, 1, id="the head of somebody just lost"),
        pytest.param(box(300, 140, 50), 0.5, 1, id="for half a second"),
        pytest.param(box(300, 140, 50), 0.625, 2, id="a head where somebody was lost a while ago"),
        pytest.param(box(330, 140, 50), 0.125, 2, id="a head two thirds of a body aside"),
    ],
)
def test_parts_of_people_who_were_just_lost_are_nobody(part: Box, later_s: float, tracks: int) -> None:
    who = tracker(min_overlap_high=2.0, min_overlap_low=2.0, min_overlap_head=2.0, revival_gate=-1.0)
    for t_s in (0.0, 0.125):
        who.update(detections([box(300, 200)], SURE), t_s, 0)
    who.update(detections([part], SURE), 0.125 + later_s, 1)
    assert len(who) == tracks


@pytest.mark.parametrize(
    ("seen", "tracks"),
    [
        pytest.param([box(300, 200), box(300, 140, 50)], 2, id="a head before somebody seen whole is somebody else's"),
        pytest.param([box(300, 150, 70), box(300, 200, 45)], 1, id="the legs of somebody cut in two are nobody's"),
    ],
)
def test_only_who_is_seen_in_part_has_parts(seen: list[Box], tracks: int) -> None:
    who = tracker()
    for k in range(6):
        who.update(detections([box(300, 200)], SURE), 0.1 * k, k)
    who.update(detections(seen, SURE), 0.6, 6)
    assert len(who) == tracks


@pytest.mark.parametrize(
    ("x", "score", "later_s", "held"),
    [
        pytest.param(300, 1.0, 0.25, True, id="lost a moment ago"),
        pytest.param(300, 1.0, 0.375, False, id="a while ago"),
        pytest.param(300, 0.65, 0.25, True, id="just sure enough"),
        pytest.param(300, 0.64, 0.25, False, id="less than that"),
        pytest.param(15, 1.0, 0.25, True, id="a sixth of the body outside of the picture"),
        pytest.param(12, 1.0, 0.25, False, id="nearly a quarter of it"),
        pytest.param(625, 1.0, 0.25, True, id="the same at the right"),
        pytest.param(628, 1.0, 0.25, False, id="and more"),
    ],
)
def test_who_is_held(x: float, score: float, later_s: float, held: bool) -> None:
    who = tracker()
    for k in range(20):
        who.update(detections([box(x, 200)], SURE), k / 16, k)
    who._tracks["score"] = score
    who.update(detections([]), 19 / 16 + later_s, 20)
    assert len(who.held(SIZE)) == held


@pytest.mark.parametrize("height_of", ["upper", "lower"])
def test_who_leaves_below_is_not_held(height_of: str) -> None:
    """Pictures are 360 high; a body 120 high of which 30 are below the picture is not held, one with 20 is."""
    who = tracker(level=1.0)
    for k in range(20):
        who.update(detections([box(300, 380 if height_of == "upper" else 390)], SURE), k / 16, k)
    who.update(detections([]), 19 / 16 + 0.125, 20)
    assert len(who.held(SIZE)) == (height_of == "upper")


def test_tentative_tracks_are_not_held() -> None:
    who = tracker(tentative_s=1.0)
    who.update(detections([box(300, 200)], SURE), 0.0, 0)
    who.update(detections([]), 0.125, 1)
    assert len(who) == 1
    assert len(who.held(SIZE)) == 0


@pytest.mark.parametrize(
    ("x", "foot", "memory_s", "away_s", "same"),
    [
        pytest.param(300, 200, 5.0, 4.5, True, id="in the middle: as long as people are remembered"),
        pytest.param(20, 200, 5.0, 1.5, True, id="at the edge for a while"),
        pytest.param(20, 200, 5.0, 2.5, False, id="and no longer"),
        pytest.param(20, 200, 1.0, 1.5, False, id="never longer than people are remembered"),
        pytest.param(300, 356, 5.0, 2.5, False, id="the lower edge is one too"),
        pytest.param(300, 350, 5.0, 2.5, True, id="a little above it is not"),
    ],
)
def test_at_an_edge_people_are_remembered_for_less_long(
    x: float, foot: float, memory_s: float, away_s: float, same: bool
) -> None:
    who, person = tracker(memory_s=memory_s, memory_of_leaving_s=2.0), walker(x, 0, foot)
    reports = play(who, [person], [k / 8 for k in range(17)])
    reports += play(who, [person], [2.0 + away_s + k / 8 for k in range(8)])
    assert len(ids(reports)) == (1 if same else 2)


def test_what_is_outside_of_the_picture_is_not_reported() -> None:
    """A body at the lower right corner of which 20 pixels are to the right of the picture and 25 below it."""
    who = tracker()
    for k in range(6):
        report = who.update(detections([(595, 265, 660, 385)], SURE), 0.1 * k, k)
    assert [person.box_n for person in report] == [pytest.approx((595 / 640, 265 / 360, 1.0, 1.0))]
    assert [person.footprint_n for person in report] == [pytest.approx(((595 / 640 + 1.0) / 2, 1.0))]

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.ports import Tracker
from footfall.core.types import Detections
from footfall.track.settings import TrackerSettings
from track.scenes import Person, box, detections, ids, play, times, tracker, walker


def appears(person: Person, *spans: tuple[float, float]) -> Person:
    return lambda t: person(t) if any(start <= t < end for start, end in spans) else None


STORIES = [
    pytest.param([walker(50, 90)], 1, id="one person walks through"),
    pytest.param([walker(50, 90), walker(400, -70)], 2, id="two people cross face to face"),
    pytest.param([walker(50, 90, 200), walker(50, 90, 330)], 2, id="two people walk side by side"),
    pytest.param([walker(50, 90, hidden=(2.0, 2.6))], 1, id="a pillar hides somebody for a moment"),
    pytest.param([walker(200, 0, hidden=(1.0, 3.5))], 1, id="somebody who stands is hidden for 2.5 s"),
    pytest.param([walker(200, 0, hidden=(1.0, 4.6))], 2, id="away for longer than the memory is somebody new"),
    pytest.param([walker(50, 0, hidden=(2.0, 9.0)), walker(500, 0, hidden=(0.0, 2.1))], 2, id="nobody jumps"),
    pytest.param([appears(walker(300, 0), (1.0, 1.01))], 0, id="a single flash is nobody"),
    pytest.param([], 0, id="an empty scene"),
    pytest.param([walker(-150, 90)], 1, id="somebody comes in from outside of the picture"),
]


@pytest.mark.parametrize("fps", [5.0, 12.5, 25.0])
@pytest.mark.parametrize(("people", "expected"), STORIES)
def test_story_gives_as_many_ids_at_every_frame_rate(people: Sequence[Person], expected: int, fps: float) -> None:
    assert len(ids(play(tracker(), people, times(6.0, fps)))) == expected


@pytest.mark.parametrize("fps", [3.0, 5.0, 10.0, 15.0, 25.0, 30.0])
@pytest.mark.parametrize("score", [0.9, 0.6])
def test_people_are_confirmed_soon_but_not_at_first_sight(fps: float, score: float) -> None:
    reports = play(tracker(), [walker(50, 90)], times(3.0, fps), score)
    first = next(k for k, report in enumerate(reports) if report)
    assert first >= 1
    assert first <= 3 or first / fps <= 0.5


@pytest.mark.parametrize("fps", [5.0, 25.0])
def test_every_other_frame_is_a_flicker_not_a_person(fps: float) -> None:
    who = tracker()
    for frame, t in enumerate(times(4.0, fps)):
        assert not who.update(detections([box(300, 200)] if frame % 2 else []), t, frame)


def test_frames_at_irregular_times_keep_the_id() -> None:
    rng = np.random.default_rng(3)
    moments = np.cumsum(rng.choice([0.02, 0.04, 0.1, 0.3, 0.6], 60)).tolist()
    reports = play(tracker(), [walker(20, 25), walker(600, -25, 330)], moments)
    assert len(ids(reports)) == 2


def test_two_frames_of_one_time_are_no_harm() -> None:
    reports = play(tracker(), [walker(100, 0)], [0.0, 0.0, 0.1, 0.1, 0.2, 0.2, 0.3])
    assert len(ids(reports)) == 1


def test_crossing_people_do_not_swap() -> None:
    reports = play(tracker(), [walker(50, 90), walker(450, -90, 215)], times(4.4, 15.0))
    first = {p.track_id: p.footprint_n[0] for p in reports[10]}
    last = {p.track_id: p.footprint_n[0] for p in reports[-1]}
    assert first.keys() == last.keys()
    assert sorted(first, key=first.__getitem__) == sorted(last, key=last.__getitem__, reverse=True)


def test_nobody_is_reported_who_is_not_seen() -> None:
    reports = play(tracker(), [walker(200, 0, hidden=(1.0, 2.0))], times(3.0, 10.0))
    assert [len(report) for report in reports[10:20]] == [0] * 10
    assert len(reports[20]) == 1


@pytest.mark.parametrize("merged", [3, 8, 14])
def test_blobs_merge_and_split_and_both_people_come_back(merged: int) -> None:
    def scene(t: float) -> list[tuple[float, float, float, float]]:
        a, b = box(100 + 60 * t, 200), box(340 - 60 * t, 204)
        if abs(t - 2.0) * 12 < merged / 2:
            return [(min(a[0], b[0]), 80, max(a[2], b[2]), 204)]
        return [a, b]

    who = tracker()
    reports = [who.update(detections(scene(t), 0.6), t, k) for k, t in enumerate(times(4.0, 12.0))]
    assert len(ids(reports)) == 2
    assert len(reports[-1]) == 2


def test_a_blob_that_breaks_in_two_is_still_one_person() -> None:
    def scene(t: float) -> list[tuple[float, float, float, float]]:
        x = 100 + 60 * t
        whole, upper, lower = box(x, 200), box(x, 155, 75), box(x, 200, 43)
        return [upper, lower] if 1.0 <= t < 2.0 else [whole]

    who = tracker()
    reports = [who.update(detections(scene(t), 0.7), t, k) for k, t in enumerate(times(4.0, 12.0))]
    assert len(ids(reports)) == 1


def test_a_lost_person_is_not_replaced_by_parts_of_the_body() -> None:
    def scene(t: float) -> list[tuple[float, float, float, float]]:
        x = 100 + 60 * t
        return [box(x, 200, 35), box(x, 120, 38)] if 2.0 <= t < 2.4 else [box(x, 200)]

    who = tracker()
    reports = [who.update(detections(scene(t), 0.7), t, k) for k, t in enumerate(times(4.0, 25.0))]
    assert len(ids(reports)) == 1


@pytest.mark.parametrize(("away_s", "expected"), [(2.9, 1), (3.1, 2)])
@pytest.mark.parametrize("frames_between", [[], [0.5, 2.8], [2.8]])
def test_memory_ends_by_the_clock_not_by_frames(away_s: float, expected: int, frames_between: list[float]) -> None:
    who = tracker(memory_s=3.0)
    reports = play(who, [walker(300, 0)], times(2.0, 5.0))
    for gap in frames_between:
        who.update(detections([]), 1.8 + gap, 10)
    back = [1.8 + away_s + t for t in times(1.0, 5.0)]
    assert len(ids(reports + play(who, [walker(300, 0)], back))) == expected


def test_a_busy_day_leaves_no_memory_behind() -> None:
    who = tracker()
    for frame in range(2000):
        t = frame / 5
        who.update(detections([box(20 + 60 * (t % 10), 200), box(300, 300)]), t, frame)
        assert len(who) <= 4
    who.update(detections([]), 500.0, 2000)
    assert len(who) == 0


def test_a_box_found_twice_is_one_person() -> None:
    reports = play(tracker(), [walker(100, 60), walker(102, 60, 201)], times(3.0, 12.0))
    assert len(ids(reports)) == 1


def test_of_two_tracks_that_became_one_box_the_older_stays() -> None:
    people = [walker(100, 0), lambda t: box(max(240 - 70 * t, 100), 200)]
    reports = play(tracker(), people, times(4.0, 10.0))
    assert [p.track_id for p in reports[-1]] == [ids(reports)[0]]


def test_two_on_one_box_are_two_for_half_a_second() -> None:
    people = [walker(100, 0), lambda t: box(max(240 - 70 * t, 100), 200)]
    reports = play(tracker(), people, times(4.0, 10.0))
    assert [len(reports[k]) for k in (19, 23, 27, 30)] == [2, 2, 1, 1]


def test_doubtful_detections_prolong_a_track_but_start_none() -> None:
    who = tracker()
    play(who, [walker(100, 30)], times(3.0, 10.0))
    tail = [3.0 + t for t in times(2.0, 10.0)]
    reports = play(who, [walker(100, 30), walker(500, 0)], tail, score=0.3)
    assert all(len(report) == 1 for report in reports)
    assert len(ids(reports)) == 1


@pytest.mark.parametrize("score", [0.5, 0.6, 0.75, 0.95])
def test_a_detector_with_its_own_scale_of_scores_finds_the_same_people(score: float) -> None:
    assert len(ids(play(tracker(), [walker(50, 90), walker(400, -70, 330)], times(3.0, 12.0), score))) == 2


KNOCKS = (2.0, 2.2, 2.4, 2.6)


def test_a_shaken_camera_keeps_its_people() -> None:
    def shaken(x: float, foot: float, hidden: bool) -> Person:
        return lambda t: None if hidden and 1.9 <= t < 3.0 else box(x + 20 * sum(t >= s for s in KNOCKS), foot)

    people = [shaken(x, foot, x == 80) for foot in (150, 330) for x in (80, 240, 330, 430)]
    assert len(ids(play(tracker(), people, times(4.0, 10.0)))) == len(people)


def test_other_labels_and_impossible_boxes_are_ignored() -> None:
    who = tracker()
    bad = [(np.nan, 0, 10, 10), (50, 50, 40, 90), (700, 10, 800, 90), (10, 10, 10.2, 90), (0, 0, np.inf, 50)]
    for frame, t in enumerate(times(1.0, 10.0)):
        assert not who.update(detections(bad), t, frame)
        assert not who.update(detections([box(300, 200)], label=1), t, frame)
    assert len(who) == 0


def test_trackers_share_nothing() -> None:
    def named(prefix: str) -> list[str]:
        who = tracker()
        return [prefix + name for name in ids(play(who, [walker(50, 90)], times(1.0, 10.0)))]

    a, b = tracker(), tracker()
    play(a, [walker(50, 90)], times(1.0, 10.0))
    assert len(a) == 1
    assert len(b) == 0
    assert named("") == named("")


@pytest.mark.parametrize("restart", ["reset", "time goes back"])
def test_a_new_start_gives_new_ids(restart: str) -> None:
    who = tracker()
    before = ids(play(who, [walker(50, 30)], times(2.0, 10.0)))
    if restart == "reset":
        who.reset()
    after = ids(play(who, [walker(50, 30)], times(2.0, 10.0)))
    assert len(before) == len(after) == 1
    assert before != after


def test_observation_repeats_what_was_seen() -> None:
    who = tracker()
    report = [play(who, [walker(320, 0, 180)], times(1.0, 10.0))][-1][-1]
    (person,) = report
    assert person.track_id == f"{1:032x}"
    assert (person.t_s, person.frame) == (0.9, 9)
    assert person.box_n == pytest.approx((297.5 / 640, 60 / 360, 342.5 / 640, 0.5))
    assert person.footprint_n == pytest.approx((0.5, 0.5))
    assert person.score == pytest.approx(0.9)


def test_is_a_tracker() -> None:
    assert isinstance(tracker(), Tracker)


@pytest.mark.parametrize("t_s", [np.nan, np.inf])
def test_time_must_be_a_number(t_s: float) -> None:
    with pytest.raises(ValueError, match="t_s"):
        tracker().update(Detections.empty((64, 48)), t_s, 0)


@pytest.mark.parametrize("memory_s", [0.0, -1.0, 60.1, float("nan")])
def test_memory_has_limits(memory_s: float) -> None:
    with pytest.raises(ValueError, match="memory_s"):
        TrackerSettings(memory_s=memory_s)


FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)
NEAR = st.floats(-50, 700, width=32)
BOXES = st.lists(st.tuples(*[st.one_of(NEAR, FINITE)] * 4, st.floats(0, 1, width=32), st.integers(0, 1)), max_size=8)
STEPS = st.lists(st.tuples(st.floats(0, 5), BOXES), min_size=1, max_size=12)


def run(steps: list[tuple[float, list[tuple[float, ...]]]]) -> list[list[object]]:
    who, t = tracker(), 0.0
    out: list[list[object]] = []
    recent: list[tuple[float, int]] = []
    for frame, (dt, rows) in enumerate(steps):
        t += dt
        table = np.array(rows, np.float32).reshape(-1, 6)
        found = Detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int16), (640, 360))
        report = who.update(found, t, frame)
        recent = [(at, n) for at, n in recent if t - at <= 3.0] + [(t, len(rows))]
        assert len(who) <= sum(n for _, n in recent)
        assert len({p.track_id for p in report}) == len(report)
        for p in report:
            assert (p.t_s, p.frame, len(p.track_id)) == (t, frame, 32)
            assert all(0.0 <= v <= 1.0 for v in (*p.box_n, *p.footprint_n, p.score))
            assert p.box_n[0] <= p.box_n[2]
            assert p.box_n[1] <= p.box_n[3]
        out.append(list(report))
    return out


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_the_report_is_sound_and_the_same_twice(
    steps: list[tuple[float, list[tuple[float, ...]]]],
) -> None:
    assert run(steps) == run(steps)


@given(st.integers(0, 2**32 - 1), st.sampled_from([5.0, 12.5, 25.0]))
@settings(max_examples=25, deadline=None)
def test_jitter_neither_splits_nor_joins_people(seed: int, fps: float) -> None:
    rng = np.random.default_rng(seed)

    def jittery(person: Person) -> Person:
        return lambda t: tuple(np.add(person(t) or (), rng.normal(0, 3.0, 4)))  # type: ignore[return-value]

    people = [jittery(walker(60, 50)), jittery(walker(560, -50, 330))]
    assert len(ids(play(tracker(), people, times(4.0, fps), 0.7))) == 2

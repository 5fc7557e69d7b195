"""Whatever a detector, a camera or a clock does: no crash, no growth, a sound report."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.types import Detections, TrackObservation
from footfall.track.tracker import PeopleTracker
from footfall.track.tracks import MOST
from track.scenes import SIZE, box, detections, ids, play, times, tracker, walker

ANYTHING = st.floats(width=32)
SIDES = st.floats(-100, 800, width=32)
EVERYTHING = st.tuples(*[st.one_of(SIDES, ANYTHING)] * 4, st.one_of(st.floats(0, 1, width=32), ANYTHING))
ROWS = st.lists(EVERYTHING, max_size=6)
JUMPS = st.one_of(st.floats(0, 0.5), st.floats(-3, 0), st.sampled_from([0.0, 3600.0, 1e6, -3600.0]))


def check(report: list[TrackObservation]) -> None:
    assert len({p.track_id for p in report}) == len(report)
    for p in report:
        assert all(0.0 <= v <= 1.0 for v in (*p.box_n, *p.footprint_n, p.score))
        assert p.box_n[0] < p.box_n[2]
        assert p.box_n[1] < p.box_n[3]


@given(st.lists(st.tuples(JUMPS, ROWS, st.integers(1, 3)), min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_boxes_at_any_time(steps: list[tuple[float, list[tuple[float, ...]], int]]) -> None:
    who, t = tracker(), 100.0
    for frame, (dt, rows, copies) in enumerate(steps):
        t += dt
        table = np.array(rows * copies, np.float32).reshape(-1, 5)
        found = Detections(table[:, :4], table[:, 4], np.zeros(len(table), np.int16), SIZE)
        check(who.update(found, t, frame))
        assert np.isfinite(who.held(SIZE)["cxcywh"]).all()
    assert len(who) <= sum(len(rows) * copies for _, rows, copies in steps)


def spoilt(frame: int) -> list[tuple[float, float, float, float]]:
    """One person, and with it in turn everything that is no box."""
    nonsense = [
        (np.nan, 10, 60, 150),
        (-np.inf, 10, 60, 150),
        (60, 150, 10, 20),
        (90, 90, 90, 90),
        (1e30, 1e30, 2e30, 2e30),
        (-500, -500, -400, -400),
    ]
    return [nonsense[frame % len(nonsense)], box(300, 200), nonsense[(frame + 1) % len(nonsense)]]


def test_nonsense_beside_a_person_changes_nothing() -> None:
    clean, dirty = tracker(), tracker()
    for frame, t in enumerate(times(2.0, 10.0)):
        expected = clean.update(detections([box(300, 200)]), t, frame)
        assert dirty.update(detections(spoilt(frame)), t, frame) == expected
    assert len(dirty) == 1


@pytest.mark.parametrize("copies", [2, 5])
def test_duplicated_detections_are_one_person(copies: int) -> None:
    reports = play(tracker(), [walker(100, 60)] * copies, times(3.0, 12.0))
    assert len(ids(reports)) == 1
    assert all(len(report) <= 1 for report in reports)


@pytest.mark.parametrize("gap_s", [3600.0, 86400.0])
def test_after_an_hour_everybody_is_new(gap_s: float) -> None:
    who = tracker(memory_s=60.0)
    before = ids(play(who, [walker(100, 0)], times(2.0, 10.0)))
    after = ids(play(who, [walker(100, 0)], [gap_s + t for t in times(2.0, 10.0)]))
    assert (len(before), len(after)) == (1, 1)
    assert before != after
    assert len(who) == 1


def test_a_clock_that_jumps_to_and_fro_leaves_nothing_behind() -> None:
    who = tracker()
    for frame in range(200):
        check(who.update(detections([box(300, 200)]), 10.0 - 5.0 * (frame % 2) + frame / 100, frame))
        assert len(who) <= 2


def test_a_frame_rate_that_changes_keeps_the_people() -> None:
    fast, slow = [k / 30 for k in range(60)], [2.0 + k / 4 for k in range(12)]
    again = [5.0 + k / 15 for k in range(45)]
    assert len(ids(play(tracker(), [walker(50, 45), walker(580, -45, 330)], fast + slow + again))) == 2


def people(count: int, seed: int) -> Detections:
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 1, (count, 2)) * np.array([3700, 1900])
    size = rng.uniform(20, 60, (count, 1)) * np.array([1.0, 2.5])
    boxes = np.concatenate([corner, corner + size], axis=1).astype(np.float32)
    return Detections(boxes, rng.uniform(0.5, 1.0, count).astype(np.float32), np.zeros(count, np.int16), (3840, 2160))


def test_five_thousand_people_are_as_many_as_can_be_remembered() -> None:
    who: PeopleTracker = tracker()
    for frame in range(4):
        report = who.update(people(5000, frame // 2), frame / 10, frame)
        check(report)
        assert len(report) <= MOST
        assert len(who) <= 2 * MOST
    who.update(Detections.empty((3840, 2160)), 10.0, 4)
    assert len(who) == 0

"""Recorded people as arrays: one row a sight, by person and time, whatever was recorded."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from footfall.spatial.lint.recording import FARTHEST_N, Recording
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import Focus
from spatial.lint.crowd import SIZE, film, passers, stand, walk


def rows(times: list[float], people: list[int], x: list[float]) -> Recording:
    corner = np.array(x, float)
    box = np.column_stack([corner, np.full(len(x), 0.2), corner + 0.1, np.full(len(x), 0.6)])
    foot = np.column_stack([corner + 0.05, np.full(len(x), 0.6)])
    return Recording(np.array(times), np.array(people), box, foot, np.ones(len(x)), np.array(times), SIZE)


def test_rows_are_sorted_by_person_and_time() -> None:
    recording = rows([2.0, 1.0, 0.0, 1.0], [7, 3, 7, 7], [0.3, 0.9, 0.1, 0.2])
    assert recording.person.tolist() == [3, 7, 7, 7]
    assert recording.t_s.tolist() == [1.0, 0.0, 1.0, 2.0]
    assert recording.box_n[:, 0].tolist() == [0.9, 0.1, 0.2, 0.3]
    assert recording.duration_s == 2.0


def test_numbers_that_are_none_are_dropped_and_far_ones_pulled_in() -> None:
    recording = rows([0.0, np.nan, 1.0, 2.0], [1, 1, 1, 1], [0.1, 0.1, np.inf, 1e300])
    assert recording.t_s.tolist() == [0.0, 2.0]
    assert recording.box_n.max() == FARTHEST_N


def test_crooked_arrays_are_refused() -> None:
    recording = rows([0.0], [1], [0.1])
    with pytest.raises(ValueError, match="other lengths of score"):
        replace(recording, score=np.ones(2))
    with pytest.raises(ValueError, match="size must be positive"):
        replace(recording, size_px=(0, 5))
    with pytest.raises(ValueError, match="no recorded frames"):
        Recording.of([])


def test_a_new_loop_has_new_people() -> None:
    frames = film([walk((0.1, 0.7), (0.9, 0.7))], seconds=5.0)
    again = [
        replace(frame, loop=1, t_s=frame.t_s + 5.0, people=tuple(replace(p, t_s=p.t_s + 5.0) for p in frame.people))
        for frame in frames
    ]
    recording = Recording.of(frames + again)
    assert np.unique(recording.person).size == 2
    assert recording.duration_s == pytest.approx(9.9)


def test_a_track_that_goes_on_under_a_new_id_is_one_person() -> None:
    pieces = [walk((0.1, 0.7), (0.4, 0.7), 0.0, 2.0), walk((0.43, 0.7), (0.8, 0.7), 2.2, 2.5)]
    walks = Walks(Recording.of(film(pieces, seconds=6.0)))
    assert walks.people == 1
    assert len(walks.breaks) == 0


def test_walkers_walk_and_standers_stand() -> None:
    recording = Recording.of(film([walk((0.1, 0.7), (0.9, 0.7)), stand((0.5, 0.5), 0.0, 9.0)], seconds=9.0))
    walks = Walks(recording)
    assert walks.walked.tolist() == [True, False]
    stander = walks.who == 1
    assert not walks.standing[~stander].any()
    assert walks.standing[stander].mean() > 0.7
    assert np.median(walks.speed_heights[~stander]) == pytest.approx(0.8 / 7.0 / (0.3 * 360 / 640), rel=0.1)


def test_jitter_is_measured_in_body_heights() -> None:
    calm, nervous = (
        Walks(Recording.of(film(passers((-0.1, 0.7), (1.05, 0.7), tremble=tremble)))) for tremble in (0.005, 0.04)
    )
    assert calm.jitter_heights == pytest.approx(0.005, rel=0.25)
    assert nervous.jitter_heights == pytest.approx(0.04, rel=0.25)


def test_each_focus_looks_at_its_own_point() -> None:
    walks = Walks(rows([0.0], [1], [0.1]))
    assert walks.point_n(Focus.FOOTPRINT)[0] == pytest.approx([0.15, 0.6])
    assert walks.point_n(Focus.BOTTOM_CENTER)[0] == pytest.approx([0.15, 0.6])
    assert walks.point_n(Focus.CENTER)[0] == pytest.approx([0.15, 0.4])
    assert walks.frame_period_s == 0.0


def test_one_number_that_is_none_drops_a_row() -> None:
    known = rows([4.0, 5.0, 6.0], [1, 1, 1], [0.1, 0.2, 0.3])
    box, foot = known.box_n.copy(), known.foot_n.copy()
    box[0, 3], foot[1, 0] = np.nan, -np.inf
    recording = replace(known, box_n=box, foot_n=foot)
    assert (recording.t_s.tolist(), recording.box_n[:, 0].tolist()) == ([6.0], [0.3])
    assert recording.duration_s == 2.0
    assert np.abs(replace(known, box_n=box * 1e9).box_n).max() == 8.0


def test_frames_without_people() -> None:
    none = rows([], [], [])
    assert (len(none), none.duration_s, none.aspect) == (0, 0.0, SIZE[1] / SIZE[0])
    assert replace(none, frame_s=np.array([3.0, np.nan, 1.0, 3.0])).frame_s.tolist() == [1.0, 3.0]
    assert replace(none, size_px=(1, 1)).aspect == 1.0
    with pytest.raises(ValueError, match="3 times, but other lengths of person, foot_n"):
        replace(rows([0.0] * 3, [1] * 3, [0.1] * 3), person=np.ones(2), foot_n=np.ones((3, 3)))


def test_the_last_frame_tells_the_size() -> None:
    frames = film([walk((0.1, 0.7), (0.9, 0.7))], seconds=1.0)
    assert Recording.of(frames[:1]).size_px == SIZE
    assert Recording.of([*frames[:-1], replace(frames[-1], size_px=(320, 180))]).size_px == (320, 180)

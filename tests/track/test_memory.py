"""Who comes back: by place, time and speed, up to the longest memory of a minute."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from track.scenes import SIZE, Person, box, detections, ids, play, times, tracker, walker


def stands(x: float, *spans: tuple[float, float], foot: float = 200.0) -> Person:
    return lambda t: box(x, foot) if any(start <= t < end for start, end in spans) else None


def walks(x: float, speed: float, start: float, end: float) -> Person:
    return lambda t: box(x + speed * (t - start), 200.0) if start <= t < end else None


COMEBACKS = [
    pytest.param([stands(300, (0, 3), (13, 16))], 1, id="whoever stood is found in the same place after 10 s"),
    pytest.param([stands(300, (0, 3), (58, 61))], 1, id="and after 55 s"),
    pytest.param([stands(300, (0, 3), (64, 67))], 2, id="but not after a minute"),
    pytest.param([stands(300, (0, 3)), stands(450, (13, 16))], 2, id="not somewhere else"),
    pytest.param([walks(100, 80, 0, 3), walks(340, 0, 13, 16)], 2, id="a walker does not wait where last seen"),
    pytest.param([walks(100, 80, 0, 3), walks(356, 80, 3.2, 6)], 1, id="but is found a moment later where the way led"),
    pytest.param([walks(500, 80, 0, 2), walks(640, -80, 10, 13)], 2, id="an edge is a door: another enters"),
    pytest.param([stands(20, (0, 3)), stands(20, (10, 13))], 2, id="nor is somebody else who stops at the edge"),
    pytest.param([stands(20, (0, 3), (4, 7))], 1, id="an edge hides people for a moment, too"),
    pytest.param([stands(20, (0, 3), (7.5, 10))], 2, id="but not for as long as 4.5 s"),
    pytest.param(
        [stands(300, (0, 3), (43, 46)), walks(60, 60, 10, 18)], 2, id="passers-by do not become who stood there"
    ),
    pytest.param(
        [stands(200, (0, 3), (30, 33)), stands(400, (0, 3), (40, 43))], 2, id="two who waited come back as themselves"
    ),
]


@pytest.mark.parametrize("fps", [5.0, 12.5])
@pytest.mark.parametrize(("people", "expected"), COMEBACKS)
def test_a_minute_of_memory(people: Sequence[Person], expected: int, fps: float) -> None:
    assert len(ids(play(tracker(memory_s=60.0), people, times(70.0, fps)))) == expected


def test_two_who_waited_keep_their_own_names() -> None:
    people = [stands(200, (0, 3), (30, 33)), stands(400, (0, 3), (30, 33))]
    reports = play(tracker(memory_s=60.0), people, times(33.0, 10.0))
    before = {p.track_id: p.footprint_n[0] for p in reports[25]}
    after = {p.track_id: p.footprint_n[0] for p in reports[-1]}
    assert after == pytest.approx(before)


def test_somebody_lost_from_sight_is_held_for_a_moment() -> None:
    who = tracker(hold_s=0.3)
    play(who, [walker(100, 60)], times(2.0, 20.0))
    expected_x = []
    for t in (2.0, 2.1, 2.2):
        who.update(detections([]), t, 0)
        held = who.held(SIZE)
        expected_x.append(held["cxcywh"][:, 0] * SIZE[0])
    assert [len(x) for x in expected_x] == [1, 1, 1]
    assert expected_x[-1][0] == pytest.approx(100 + 60 * 2.2, abs=6)
    who.update(detections([]), 2.4, 0)
    assert len(who.held(SIZE)) == 0


@pytest.mark.parametrize(
    ("person", "score"),
    [
        pytest.param(walker(100, 60), 0.2, id="doubtful ones are not held"),
        pytest.param(walker(500, 75), 0.9, id="nor those who are leaving the picture"),
    ],
)
def test_not_everybody_is_held(person: Person, score: float) -> None:
    who = tracker()
    play(who, [person], times(1.0, 20.0))
    play(who, [person], [1.0 + t for t in times(1.0, 20.0)], score)
    who.update(detections([]), 2.0, 0)
    assert len(who) == 1
    assert len(who.held(SIZE)) == 0


def test_nobody_is_held_who_is_seen_or_before_the_first_frame() -> None:
    who = tracker()
    assert len(who.held(SIZE)) == 0
    play(who, [walker(100, 60)], times(2.0, 20.0))
    assert len(who.held(SIZE)) == 0

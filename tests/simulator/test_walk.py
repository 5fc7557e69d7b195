from itertools import pairwise
from math import hypot

import pytest

from footfall.simulator.room import Block, Pillar, Room
from footfall.simulator.walk import Crowd, Journey, Queue, Stand, Walk

PLAZA = Room()


def paths(crowd: Crowd, seconds: float, fps: int = 15) -> list[dict[int, tuple[float, float]]]:
    frames = []
    for k in range(round(seconds * fps)):
        crowd.advance(k / fps)
        frames.append({i: s.ground_m for i, s in crowd.stances().items()})
    return frames


def test_a_walk_has_a_smooth_speed_and_ends_where_it_should() -> None:
    crowd = Crowd(PLAZA, [Journey(0.5, (0.0, 3.0), (Walk((0.0, 8.0)), Walk((2.0, 10.0))), 1.2)])
    seen = [p[0] for p in paths(crowd, 12.0) if p]
    speeds = [hypot(b[0] - a[0], b[1] - a[1]) * 15 for a, b in pairwise(seen)]
    assert max(speeds) <= 1.2 * 1.16
    assert max(abs(b - a) for a, b in pairwise(speeds)) < 0.2
    assert hypot(seen[-1][0] - 2.0, seen[-1][1] - 10.0) < 0.5
    assert not crowd.stances()


def test_two_who_meet_head_on_step_aside() -> None:
    crowd = Crowd(
        PLAZA,
        [Journey(0.0, (0.0, 3.0), (Walk((0.0, 12.0)),), 1.3), Journey(0.0, (0.0, 12.0), (Walk((0.0, 3.0)),), 1.3)],
    )
    both = [p for p in paths(crowd, 12.0) if len(p) == 2]
    assert min(hypot(p[0][0] - p[1][0], p[0][1] - p[1][1]) for p in both) > 0.4
    assert not crowd.stances()


@pytest.mark.parametrize(
    "room",
    [
        pytest.param(Room(pillars=(Pillar((0.0, 7.0), 0.3),)), id="pillar"),
        pytest.param(Room(blocks=(Block((0.0, 7.0), (1.0, 0.6), 1.0, (9, 9, 9)),)), id="furniture"),
    ],
)
def test_nobody_walks_through_what_stands_in_the_way(room: Room) -> None:
    crowd = Crowd(room, [Journey(0.0, (0.05, 3.0), (Walk((0.0, 11.0)),), 1.3)])
    frames = [p[0] for p in paths(crowd, 20.0) if p]
    assert min(hypot(x, y - 7.0) for x, y in frames) > 0.3
    assert not crowd.stances()


def test_who_stands_stays_and_looks_where_told() -> None:
    crowd = Crowd(PLAZA, [Journey(0.0, (0.0, 5.0), (Walk((0.0, 6.0), stop=True), Stand(5.0, (3.0, 6.0))), 1.0)])
    crowd.advance(3.0)
    before = crowd.stances()[0]
    crowd.advance(5.0)
    after = crowd.stances()[0]
    assert hypot(after.ground_m[0] - before.ground_m[0], after.ground_m[1] - before.ground_m[1]) < 0.05
    assert abs(after.heading_rad % 6.28318) < 0.3
    assert after.walked_m - before.walked_m < 0.05


def test_a_queue_serves_in_order_of_arrival_and_moves_up() -> None:
    slots = tuple((0.0, 9.0 - 0.8 * k) for k in range(4))
    away = Walk((4.0, 9.0))
    journeys = [Journey(k * 0.2, slots[k], (Queue(2.0), away), 1.2) for k in range(3)]
    frames = paths(Crowd(PLAZA, journeys, slots), 25.0)
    leaves = [max(k for k, p in enumerate(frames) if i in p) for i in range(3)]
    assert leaves == sorted(leaves)
    assert leaves[2] < len(frames) - 1
    second_at_head = [p[1] for p in frames if 1 in p and hypot(p[1][0], p[1][1] - 9.0) < 0.3]
    assert len(second_at_head) > 20


def test_whoever_cannot_get_there_gives_up_in_time() -> None:
    walled = Room(blocks=(Block((0.0, 8.0), (3.0, 3.0), 1.0, (9, 9, 9)),))
    crowd = Crowd(walled, [Journey(0.0, (0.0, 4.0), (Walk((0.0, 8.0)),), 1.2)])
    crowd.advance(40.0)
    assert not crowd.stances()


def test_more_people_than_places_wait_at_the_end() -> None:
    slots = ((0.0, 9.0), (0.0, 8.0))
    journeys = [Journey(k * 0.5, (0.3 * k, 4.0), (Queue(1.0), Walk((4.0, 9.0))), 1.2) for k in range(5)]
    crowd = Crowd(PLAZA, journeys, slots)
    crowd.advance(60.0)
    assert not crowd.stances()

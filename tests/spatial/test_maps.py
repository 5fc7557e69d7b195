"""Maps: person-seconds, dwell and flow cell by cell. What is summed up is what was seen, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import Point
from footfall.spatial.grid import Grid
from footfall.spatial.maps import BLOCK, CellFigures, Maps, Sight, mean_speed, steadiness
from spatial.storyboard import between

GRID = Grid((0.0, 0.0), 1.0, 10, 10)
SLOW = 0.3
Frame: TypeAlias = dict[int, Point]
"""Who is where; a person's key -> point."""


def maps(grid: Grid = GRID, gap_s: float = 2.0) -> Maps:
    return Maps(grid, gap_s=gap_s, forget_after_s=3.0)


def played(frames: Sequence[tuple[float, Frame]], grid: Grid = GRID) -> Maps:
    """Maps of frames (time, who is where)."""
    result = maps(grid)
    for t_s, people in frames:
        result.step([Sight(key, point, SLOW) for key, point in people.items()], t_s)
    result.flush()
    return result


def alone(points: Sequence[Point], fps: float = 10.0, key: int = 1) -> list[tuple[float, Frame]]:
    return [(number / fps, {key: point}) for number, point in enumerate(points)]


def test_somebody_who_stands_fills_one_cell() -> None:
    found = played(alone([(3.5, 4.5)] * 51))
    [(cell, figures)] = found.cells.items()
    assert cell == (3, 4)
    assert (figures.people, figures.dwellers, figures.walkers) == (1, 1, 0)
    assert figures.seconds == pytest.approx(5.0)
    assert figures.dwell_s == pytest.approx(5.0)
    assert (found.people, found.seconds, found.outside_s) == (1, pytest.approx(5.0), 0.0)


def test_somebody_who_walks_shares_the_time_among_the_cells() -> None:
    found = played(alone(between((0.5, 2.5), (9.5, 2.5), 90)))
    assert sorted(found.cells) == [(column, 2) for column in range(10)]
    middle = found.cells[5, 2]
    assert middle.seconds == pytest.approx(1.0)
    assert mean_speed(middle) == pytest.approx(1.0)
    assert steadiness(middle) == pytest.approx(1.0)
    assert (middle.x, middle.y) == (pytest.approx(1.0), pytest.approx(0.0))
    assert (middle.walkers, middle.dwellers, middle.dwell_s) == (1, 0, 0.0)


def test_few_frames_give_the_same_time_as_many() -> None:
    slow, fast = (played(alone(between((0.5, 2.5), (9.5, 2.5), int(9 * fps)), fps)) for fps in (1.0, 15.0))
    for cell, figures in fast.cells.items():
        assert slow.cells[cell].seconds == pytest.approx(figures.seconds)
        assert mean_speed(slow.cells[cell]) == pytest.approx(1.0)


def test_dwell_is_as_long_as_the_stop() -> None:
    way = [*between((0.5, 2.5), (5.5, 2.5), 40), *[(5.5, 2.5)] * 80, *between((5.5, 2.5), (9.5, 2.5), 32)]
    assert played(alone(way)).cells[5, 2].dwell_s == pytest.approx(8.0, abs=0.5)


def test_to_and_fro_has_no_direction() -> None:
    there = between((0.5, 2.5), (9.5, 2.5), 90)
    found = played([*alone(there, key=1), *[(t + 20.0, p) for t, p in alone(there[::-1], key=2)]])
    assert found.cells[5, 2].walkers == 2
    assert steadiness(found.cells[5, 2]) == pytest.approx(0.0, abs=0.01)
    assert mean_speed(found.cells[5, 2]) == pytest.approx(1.0)


def test_an_empty_cell_has_no_speed() -> None:
    assert (mean_speed(CellFigures()), steadiness(CellFigures())) == (0.0, 0.0)


GAPS = [
    pytest.param([0.0, 1.0, 2.0], 2.0, id="no gap"),
    pytest.param([0.0, 1.0, 3.0], 3.0, id="hidden for as long as is allowed"),
    pytest.param([0.0, 1.0, 3.5, 4.5], 2.0, id="hidden for longer: that time does not count"),
    pytest.param([0.0, 1.0, 3601.0, 3602.0], 2.0, id="the camera was away for an hour"),
    pytest.param([0.0], 0.0, id="seen once"),
    pytest.param([5.0, 5.0, 6.0], 1.0, id="time stands still"),
]


@pytest.mark.parametrize(("times", "seconds"), GAPS)
def test_gaps_are_no_presence(times: list[float], seconds: float) -> None:
    found = played([(t_s, {1: (3.5, 4.5)}) for t_s in times])
    assert found.seconds == pytest.approx(seconds)
    assert found.cells[3, 4].seconds == pytest.approx(seconds)


def test_who_comes_back_soon_is_the_same_person_and_later_somebody_new() -> None:
    frames = [(0.0, {1: (3.5, 4.5)}), (2.5, {1: (3.5, 4.5)}), (2.6, {})]
    assert played(frames).cells[3, 4].people == 1
    assert played([*frames, (6.0, {1: (3.5, 4.5)})]).cells[3, 4].people == 2


def test_a_person_counts_once_in_a_cell_however_often_coming_back() -> None:
    way = between((2.5, 2.5), (4.5, 2.5), 20)
    found = played(alone([*way, *way[::-1]] * 3))
    assert {figures.people for figures in found.cells.values()} == {1}


def test_journeys_go_from_block_to_block() -> None:
    grid = Grid((0.0, 0.0), 1.0, 4 * BLOCK, 2 * BLOCK)
    found = played(alone(between((-3.0, 1.0), (3.5 * BLOCK, 1.0), 100)), grid)
    [(ends, made)] = found.journeys.items()
    assert ends == ((0, 0), (3, 0)), "it begins at the border of what is seen"
    assert made.people == 1
    assert made.seconds == pytest.approx(9.0, abs=0.2)


def test_a_glimpse_is_no_journey() -> None:
    assert played(alone([(3.5, 4.5)] * 5)).journeys == {}


def test_outside_is_counted_apart() -> None:
    found = played(alone(between((8.0, 2.5), (12.0, 2.5), 40)))
    assert found.outside_s == pytest.approx(2.0)
    assert sum(figures.seconds for figures in found.cells.values()) == pytest.approx(2.0)


def test_standing_may_be_judged_on_another_plane() -> None:
    found = maps()
    for number in range(31):
        t_s = number / 10
        found.step([Sight(1, (3.5, 4.5), 0.3, pace=(0.0, 12.0 - t_s)), Sight(2, (7.5, 4.5), 0.3)], t_s)
    found.flush()
    assert (found.cells[3, 4].dwellers, found.cells[7, 4].dwellers) == (0, 1), "the first walks towards the camera"


def test_one_cell_holds_everything() -> None:
    found = played(alone(between((0.1, 0.1), (9.9, 9.9), 50)), Grid((0.0, 0.0), 10.0, 1, 1))
    assert list(found.cells) == [(0, 0)]
    assert found.cells[0, 0].seconds == pytest.approx(5.0)


def test_speed_is_that_of_the_sights_within_half_a_second_itself_included() -> None:
    found = played([(0.0, {1: (3.1, 4.5)}), (0.375, {1: (3.1, 4.5)}), (0.625, {1: (3.6, 4.5)})])
    assert mean_speed(found.cells[3, 4]) == pytest.approx(14 / 19)


def test_a_second_itself_is_a_stay_and_a_journey() -> None:
    found = played([(number / 4, {1: (3.5, 4.5)}) for number in range(5)])
    assert (found.cells[3, 4].dwellers, len(found.journeys)) == (1, 1)


def test_who_is_unseen_for_just_as_long_as_is_remembered_is_the_same_person() -> None:
    assert played([(t_s, {1: (3.5, 4.5)}) for t_s in (0.0, 1.0, 4.0)]).people == 1


def test_journeys_of_two_maps_add_up() -> None:
    both = played(alone([(3.5, 4.5)] * 31))
    both.merge(played(alone([(3.5, 4.5)] * 51)))
    [journeys] = both.journeys.values()
    assert (journeys.people, journeys.seconds) == (2, pytest.approx(8.0))


def test_maps_of_other_cells_cannot_be_added() -> None:
    with pytest.raises(ValueError, match="different cells"):
        maps().merge(maps(Grid((0.0, 0.0), 2.0, 5, 5)))


def test_memory_is_that_of_the_cells_and_of_who_is_there() -> None:
    found = maps()
    most = 0
    for number in range(3000):
        t_s = number / 10
        passer = Sight(number // 10, (number % 97 / 10, number % 89 / 10), SLOW)
        found.step([passer, Sight(-1, (5.5, 5.5), SLOW)], t_s)
        most = max(most, len(found._walks), *(len(walk.steps) for walk in found._walks.values()))
    found.flush()
    assert most <= 40, "people of the last three seconds, steps of the last second and a half"
    assert found._walks == {}
    assert len(found.cells) <= 100
    assert found.people == 301


# Points lie off the borders of cells, where a mirrored point would belong to the other side.
COORDINATES = st.integers(-20, 119).map(lambda number: number / 10 + 0.05)
# Steps that binary numbers can tell exactly: sums of them fall on limits the same way wherever a story begins.
STEPS = st.sampled_from([0.0, 0.125, 0.25, 0.5, 1.0, 1.875, 2.5, 10.0])
PEOPLE = st.dictionaries(st.integers(1, 3), st.tuples(COORDINATES, COORDINATES), max_size=3)
STORIES = st.lists(st.tuples(STEPS, PEOPLE), max_size=12).map(
    lambda rows: [(sum(step for step, _ in rows[: number + 1]), people) for number, (_, people) in enumerate(rows)]
)
Story: TypeAlias = list[tuple[float, Frame]]


def person_seconds(story: Sequence[tuple[float, Frame]]) -> float:
    """The same by another way: every pair of successive sights of a person, if not too far apart."""
    seen: dict[int, list[float]] = {}
    for t_s, people in story:
        for key in people:
            seen.setdefault(key, []).append(t_s)
    return sum(b - a for times in seen.values() for a, b in pairwise(times) if b - a <= 2.0)


@given(STORIES)
def test_the_heat_adds_up_to_the_person_seconds_observed(story: Story) -> None:
    found = played(story)
    assert found.seconds == pytest.approx(person_seconds(story))
    assert sum(figures.seconds for figures in found.cells.values()) + found.outside_s == pytest.approx(found.seconds)
    for figures in found.cells.values():
        assert figures.dwell_s + figures.walk_s <= figures.seconds + 1e-9
        assert max(figures.dwellers, figures.walkers) <= figures.people <= found.people
        assert 0.0 <= steadiness(figures) <= 1.0


@given(STORIES)
def test_a_mirrored_scene_gives_a_mirrored_map(story: Story) -> None:
    mirrored = [(t_s, {key: (10.0 - x, y) for key, (x, y) in people.items()}) for t_s, people in story]
    plain, mirror = played(story), played(mirrored)
    assert mirror.outside_s == pytest.approx(plain.outside_s)
    for cell in plain.cells.keys() | mirror.cells.keys():
        a = plain.cells.get(cell, CellFigures())
        b = mirror.cells.get((9 - cell[0], cell[1]), CellFigures())
        assert (b.seconds, b.dwell_s, b.x, b.y) == pytest.approx((a.seconds, a.dwell_s, -a.x, a.y), abs=1e-6)


@given(STORIES, STORIES)
def test_two_halves_make_the_whole(morning: Story, evening: Story) -> None:
    shifted = [(t_s + 1000.0, people) for t_s, people in evening]
    whole, halves = played([*morning, *shifted]), played(morning)
    halves.merge(played(evening))
    assert_same(halves, whole)


@given(STORIES)
def test_the_people_of_two_maps_make_one_map(story: Story) -> None:
    odd, even = (
        played([(t_s, {k: p for k, p in people.items() if k % 2 == rest}) for t_s, people in story]) for rest in (1, 0)
    )
    odd.merge(even)
    assert_same(odd, played(story))


def assert_same(a: Maps, b: Maps) -> None:
    assert (a.people, a.seconds, a.outside_s) == (b.people, pytest.approx(b.seconds), pytest.approx(b.outside_s))
    assert a.cells.keys() == b.cells.keys()
    for cell, figures in a.cells.items():
        other = b.cells[cell]
        assert (figures.people, figures.dwellers, figures.walkers) == (other.people, other.dwellers, other.walkers)
        assert (figures.seconds, figures.dwell_s, figures.walk_s) == pytest.approx(
            (other.seconds, other.dwell_s, other.walk_s), abs=1e-6
        )
        assert (figures.x, figures.y, figures.length) == pytest.approx((other.x, other.y, other.length), abs=1e-6)
    assert {ends: made.people for ends, made in a.journeys.items()} == {
        ends: made.people for ends, made in b.journeys.items()
    }

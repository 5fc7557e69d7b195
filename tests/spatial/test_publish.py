"""What may be shown: nobody's path stands alone."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.grid import Grid
from footfall.spatial.maps import CellFigures, Journeys, Maps, Sight
from footfall.spatial.publish import publish
from spatial.storyboard import between

GRID = Grid((0.0, 0.0), 1.0, 10, 10)


def walked(people: int) -> Maps:
    """So many people, one after the other, from left to right; the first stops for five seconds in column 5."""
    maps = Maps(GRID, gap_s=2.0, forget_after_s=3.0)
    t_s = 0.0
    for key in range(people):
        way = between((0.5, 2.5), (9.5, 2.5), 90)
        for point in [*way[:50], *([way[50]] * 50 if key == 0 else []), *way[50:]]:
            maps.step([Sight(key, point, 0.3)], t_s)
            t_s += 0.1
    maps.flush()
    return maps


@pytest.mark.parametrize(("people", "is_shown"), [(1, False), (2, False), (3, True), (5, True)])
def test_a_cell_needs_enough_people(people: int, is_shown: bool) -> None:
    public = publish(walked(people), least=3)
    assert bool(public.cells) == is_shown
    assert bool(public.journeys) == is_shown
    assert public.hidden_share == pytest.approx(0.0 if is_shown else 1.0)
    assert public.seconds == pytest.approx(9.0 * people + 5.0, abs=0.5)


def test_one_who_stands_among_many_who_walk_is_not_shown() -> None:
    cell = publish(walked(4), least=3).cells[5, 2]
    assert cell.dwelling is None
    assert cell.flow is not None
    assert (cell.flow.people, cell.flow.steadiness) == (4, pytest.approx(1.0))
    assert cell.flow.direction_rad == pytest.approx(pi / 2), "towards larger x"
    [alone] = [c for c in publish(walked(4), least=1).cells.values() if c.dwelling]
    assert alone.dwelling is not None
    assert (alone.dwelling.people, alone.dwelling.mean_s) == (1, pytest.approx(5.0, abs=0.5))


def test_a_threshold_of_nobody_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="at least one"):
        publish(walked(1), least=0)


def test_nothing_at_all() -> None:
    public = publish(Maps(GRID, gap_s=2.0, forget_after_s=3.0), least=3)
    assert (public.cells, public.journeys, public.hidden_share) == ({}, (), 0.0)


def test_half_a_second_may_be_hidden_and_who_moves_on_the_spot_has_no_direction() -> None:
    maps = Maps(GRID, gap_s=2.0, forget_after_s=3.0)
    maps.seconds, maps.cells = 0.5, {(0, 0): CellFigures(people=1), (1, 1): CellFigures(people=2, walkers=2)}
    public = publish(maps, least=2)
    assert public.hidden_share == 1.0
    assert public.cells[1, 1].flow is None


FIGURES = st.builds(
    CellFigures,
    people=st.integers(1, 6),
    seconds=st.floats(0.0, 50.0),
    dwellers=st.integers(0, 6),
    dwell_s=st.floats(0.0, 50.0),
    walkers=st.integers(0, 6),
    walk_s=st.floats(0.0, 50.0),
    length=st.floats(0.0, 50.0),
)


@given(st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), FIGURES, max_size=30), st.integers(1, 6))
def test_nothing_shown_is_of_fewer_than_the_threshold(cells: dict[tuple[int, int], CellFigures], least: int) -> None:
    maps = Maps(GRID, gap_s=2.0, forget_after_s=3.0)
    maps.cells = cells
    maps.seconds = sum(figures.seconds for figures in cells.values())
    maps.journeys = {((0, 0), (1, row)): Journeys(row, 9.0) for row in range(1, 7)}
    public = publish(maps, least)
    for cell in public.cells.values():
        assert cell.people >= least
        assert cell.dwelling is None or cell.dwelling.people >= least
        assert cell.flow is None or cell.flow.people >= least
    assert [way.people for way in public.journeys] == list(range(6, least - 1, -1))
    assert 0.0 <= public.hidden_share <= 1.0
    assert list(public.cells) == sorted(public.cells, key=lambda cell: cell[::-1])

"""Whom the camera looks at: newcomers at once, the undecided often, the settled rarely, everybody in turns."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.faces.looks import LookSettings, Turn, choose, interval_s

SETTINGS = LookSettings()
NEW = Turn("new", inf, 0.0, is_settled=False)


@pytest.mark.parametrize(
    ("turn", "seconds"),
    [
        pytest.param(NEW, 0.2, id="a newcomer"),
        pytest.param(Turn("a", 0.1, 0.1, is_settled=False), 0.2, id="face seen, undecided: soon again"),
        pytest.param(Turn("a", 0.5, 0.5, is_settled=True), 1.0, id="settled: rarely"),
        pytest.param(Turn("a", 0.1, 1.1, is_settled=True), 0.275, id="settled, but not found by the last look: soon"),
        pytest.param(Turn("a", 0.1, 2.0, is_settled=False), 0.5, id="no face for two seconds"),
        pytest.param(Turn("a", 0.1, 60.0, is_settled=False), 1.0, id="turned away for a minute"),
    ],
)
def test_how_long_somebody_is_left_alone(turn: Turn, seconds: float) -> None:
    assert interval_s(turn) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("turns", "since_sheet_s", "places", "chosen"),
    [
        pytest.param([], inf, 4, (), id="nobody there"),
        pytest.param([NEW], inf, 4, ("new",), id="a newcomer at once"),
        pytest.param([NEW], 0.1, 4, (), id="but not within the pause after a sheet"),
        pytest.param([NEW], 0.195, 4, ("new",), id="a frame a little early is taken"),
        pytest.param([Turn("a", 0.5, 0.5, is_settled=True)], 0.5, 4, (), id="the settled wait"),
        pytest.param([Turn("a", 1.0, 1.0, is_settled=True)], 0.5, 4, ("a",), id="until their time has come"),
        pytest.param(
            [Turn("a", 0.4, 0.4, is_settled=False), NEW], 0.3, 1, ("new",), id="newcomers before the undecided"
        ),
        pytest.param(
            [Turn("a", 1.1, 1.1, is_settled=True), Turn("b", 0.4, 0.4, is_settled=False)], 0.3, 1, ("b",),
            id="who is longer overdue comes first",
        ),
        pytest.param(
            [replace(NEW, track_id="far", width_px=60.0), replace(NEW, track_id="near", width_px=90.0)],
            inf, 1, ("near",), id="of two newcomers the nearer",
        ),
        pytest.param([replace(NEW, track_id=one) for one in "ba"], inf, 2, ("b", "a"), id="of two alike the first"),
    ],
)  # fmt: skip
def test_who_is_looked_at(turns: list[Turn], since_sheet_s: float, places: int, chosen: tuple[str, ...]) -> None:
    assert choose(turns, since_sheet_s, places) == chosen


def simulated(people: int, settled: int, places: int, fps: float, seconds: float) -> tuple[int, dict[str, list[float]]]:
    """Number of sheets and the times of looks, where nobody's state ever changes."""
    looks: dict[str, list[float]] = {f"{n:02d}": [] for n in range(people)}
    sheets, sheet_s = 0, -inf
    for number in range(round(fps * seconds)):
        t_s = number / fps
        turns = []
        for n, (track_id, times) in enumerate(looks.items()):
            since_s = t_s - times[-1] if times else inf
            turns.append(Turn(track_id, since_s, min(since_s, 0.5), is_settled=n < settled and bool(times)))
        chosen = choose(turns, t_s - sheet_s, places)
        if chosen:
            sheets, sheet_s = sheets + 1, t_s
        for track_id in chosen:
            looks[track_id].append(t_s)
    return sheets, looks


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 12), st.sampled_from([5.0, 7.3, 10.0, 15.0, 30.0]))
def test_a_crowd_costs_no_more_than_five_sheets_a_second(people: int, settled: int, places: int, fps: float) -> None:
    sheets, looks = simulated(people, settled, places, fps, 4.0)
    assert sheets <= 4.0 / (SETTINGS.often_s - SETTINGS.slack_s) + 1
    assert sum(map(len, looks.values())) <= sheets * places


@given(st.integers(1, 30), st.integers(1, 12), st.sampled_from([5.0, 10.0, 15.0, 30.0]))
def test_nobody_is_forgotten_in_a_crowd(people: int, places: int, fps: float) -> None:
    rounds = ceil(people / places)
    longest_s = (rounds + 1) * (SETTINGS.often_s + 1 / fps) + 1 / fps
    _, looks = simulated(people, 0, places, fps, longest_s * 3)
    for times in looks.values():
        assert times
        assert times[0] <= longest_s
        assert all(later - earlier <= longest_s for earlier, later in pairwise(times))


def test_settled_people_cost_a_fifth_of_the_undecided() -> None:
    (_, settled), (_, undecided) = (simulated(8, n, 12, 15.0, 20.0) for n in (8, 0))
    count = [sum(map(len, looks.values())) for looks in (settled, undecided)]
    assert count[0] <= 0.25 * count[1]

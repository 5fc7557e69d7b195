"""What a witness remembers of a track: a path of a bounded number of points, gaps, and what was told."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from footfall.core.geometry import Box
from footfall.spatial.lives import EDGE_N, Life, beyond, is_open, passage
from footfall.spatial.signs import What
from spatial.storyboard import person
from written import assert_as_written, in_json


def born(t_s: float) -> Life:
    at = (t_s, 0.5, 0.5)
    return Life(1, at, at, (0.4, 0.4, 0.6, 0.6), is_open_born=True)


def remembered() -> Iterator[str]:
    """Tracks of every length, at every pace."""
    lot = Random(231)
    for fps in (1.0, 4.0, 16.0, 64.0):
        life = born(0.0)
        yield in_json(life.gap_s, str(life.gap_end_s), life.sights, life.score)
        t_s, x, y = 0.0, 0.5, 0.5
        for number in range(700):
            t_s += lot.choice((1.0, 1.0, 1.0, 1.0, 3.0)) / fps
            x, y = x + lot.uniform(-0.01, 0.01), y + lot.uniform(-0.01, 0.01)
            life.see(person("ann", (x, y), t_s, score=lot.random()), (t_s, x, y), 2.5 / fps)
            if number % 70 == 3:
                life.tell(lot.choice("ab"), lot.choice((What.RIGHT, What.LEFT, What.ENTER)), t_s)
            if number in (0, 1, 2, 5, 9, 40, 47, 48, 49, 95, 96, 97, 150, 300, 699):
                yield in_json(life.path, life.stride_s, list(life.recent), life.gap_end_s, life.gap_s, life.score)
                yield in_json(
                    len(life.way()), len(life.beginning()), list(life.told), life.net, list(life.first_told.items())
                )
                rays = (beyond(life.beginning(), -1.0), beyond(life.recent, 1.0))
                worth = [ray and ray.worth(((x - 0.05, y - 0.1), (x + 0.04, y + 0.2))) for ray in rays]
                yield in_json(rays, worth)


def test_tracks_are_remembered_as_they_were() -> None:
    assert_as_written("spatial/lives", remembered())


def test_a_pause_as_long_as_a_gap_is_none() -> None:
    life = born(0.0)
    for t_s in (0.0, 0.5, 1.25):
        life.see(person("ann", (0.5, 0.5), t_s), (t_s, 0.5, 0.5), 0.5)
    assert (life.gap_s, life.gap_end_s) == (0.75, 1.25)
    life.see(person("ann", (0.5, 0.5), 1.75), (1.75, 0.5, 0.5), 0.5)
    assert life.gap_end_s == 1.25


def test_what_was_told_as_a_track_began() -> None:
    life = born(10.0)
    life.tell("door", What.RIGHT, 10.25)
    life.tell("door", What.RIGHT, 9.0)
    assert life.began_with("door", What.RIGHT, 0.5)
    assert not life.began_with("door", What.RIGHT, 0.25)
    assert not life.began_with("door", What.LEFT, 0.5)
    assert life.net == {"door": 2}


@pytest.mark.parametrize("side", range(4), ids=["left", "top", "right", "bottom"])
def test_a_box_at_any_border_is_not_in_the_open(side: int) -> None:
    away = [0.3, 0.3, 0.3, 0.3]

    def box() -> Box:
        return away[0], away[1], 1.0 - away[2], 1.0 - away[3]

    assert is_open(box())
    away[side] = 0.5 * EDGE_N
    assert not is_open(box())


LINE = ((0.5, 0.25), (0.5, 0.75))


@pytest.mark.parametrize(
    ("start", "end", "step"),
    [
        pytest.param((0.25, 0.5), (0.75, 0.5), -1, id="to the left, seen from the line's start"),
        pytest.param((0.75, 0.5), (0.25, 0.5), 1, id="to the right"),
        pytest.param((0.25, 0.5), (0.375, 0.5), 0, id="before it"),
        pytest.param((0.25, 0.125), (0.75, 0.125), 0, id="past its end"),
        pytest.param((0.25, 0.25), (0.75, 0.25), -1, id="over its very end"),
    ],
)
def test_steps_over_a_line(start: tuple[float, float], end: tuple[float, float], step: int) -> None:
    assert passage(start, end, LINE) == step

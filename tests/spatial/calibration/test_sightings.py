"""Who is the same person to a sighting, and who never was one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf, nan

import numpy as np

from footfall.core.types import TrackObservation
from footfall.spatial.calibration.sightings import Sightings, whole_boxes
from spatial.storyboard import WIDE_PICTURE, between, person


def walk(begin_s: float = 0.0) -> list[TrackObservation]:
    """Four seconds from left to right at eight frames a second."""
    way = between((0.2, 0.8), (0.8, 0.8), 32)
    return [
        person("ann", foot, begin_s + number / 8, box_n=(foot[0] - 0.04, 0.4, foot[0] + 0.04, 0.8))
        for number, foot in enumerate(way)
    ]


def sighted(people: Iterable[TrackObservation]) -> list[int]:
    """Numbers of the people sighted."""
    watch = Sightings(WIDE_PICTURE)
    return [int(row["person"]) for one in people for row in watch.step([one], one.t_s)]


def test_a_walk_is_sighted_again_and_again() -> None:
    assert sighted(walk()) == [1, 1]


def test_who_began_as_no_number_is_seen_all_the_same() -> None:
    broken = replace(walk()[0], box_n=(0.1, nan, 0.2, 0.8))
    assert sighted([broken, *walk(0.125)]) == [1, 1]


def test_a_clock_that_goes_back_makes_somebody_new() -> None:
    assert sighted([*walk(100.0), *walk(95.0)]) == [1, 1, 2, 2]


def test_the_same_moment_twice_is_still_the_same_person() -> None:
    assert set(sighted(one for each in walk() for one in (each, each))) == {1}


def test_a_box_without_end_hides_nobody() -> None:
    boxes = np.array([[0.4, 0.4, 0.5, 0.8], [0.4, 0.4, 0.5, inf], [0.4, nan, 0.5, 0.9]])
    assert whole_boxes(boxes, WIDE_PICTURE).tolist() == [True, False, False]

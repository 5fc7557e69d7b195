from __future__ import annotations

import numpy as np
import pytest

from footfall.core.types import Detections
from footfall.detect.crops import Look
from footfall.detect.stitch import shares, stitched

PICTURE_PX = (1000, 500)
LEFT, RIGHT = Look((0, 0, 520, 500), 256, 1), Look((480, 0, 1000, 500), 256, 1)
WHOLE = Look((0, 0, 1000, 500), 416, 1)
NOBODY = np.empty((0, 4), np.float32)

Seen = tuple[Look, list[tuple[float, float, float, float, float]]]


def view(look: Look, rows: list[tuple[float, ...]]) -> tuple[Look, Detections]:
    table = np.array(rows, np.float32).reshape(-1, 5)
    return look, Detections(table[:, :4], table[:, 4], np.zeros(len(table), np.int16), PICTURE_PX)


@pytest.mark.parametrize(
    ("seen", "expected", "kept", "cut"),
    [
        pytest.param([(LEFT, [(100, 100, 150, 250, 0.8)])], [], [100], [], id="somebody in the middle of a crop"),
        pytest.param(
            [(WHOLE, [(100, 100, 150, 250, 0.8)]), (LEFT, [(102, 99, 152, 252, 0.9)])],
            [],
            [102],
            [],
            id="seen in two looks: once, the better",
        ),
        pytest.param(
            [
                (LEFT, [(440, 100, 519, 300, 0.9)]),
                (RIGHT, [(485, 100, 530, 300, 0.7)]),
                (WHOLE, [(450, 100, 530, 300, 0.5)]),
            ],
            [],
            [450],
            [],
            id="two halves and a whole: the whole one, though it scores less",
        ),
        pytest.param(
            [(LEFT, [(440, 100, 519, 300, 0.9)])], [], [], [440], id="half a person whom nobody expects: left for later"
        ),
        pytest.param(
            [(LEFT, [(440, 100, 519, 300, 0.9)])],
            [(440, 100, 530, 300)],
            [440],
            [],
            id="an expected person is not gone for a border",
        ),
        pytest.param([(LEFT, [(0, 100, 60, 300, 0.9)])], [], [0], [], id="the picture's own border cuts nobody off"),
        pytest.param(
            [(LEFT, [(100, 100, 150, 250, 0.8), (105, 100, 155, 250, 0.6)])],
            [],
            [100, 105],
            [],
            id="two in one look are the network's own affair",
        ),
        pytest.param(
            [(LEFT, [(300, 100, 350, 250, 0.8)]), (RIGHT, [(700, 100, 750, 250, 0.9)])],
            [],
            [700, 300],
            [],
            id="two people in two crops",
        ),
        pytest.param([(LEFT, []), (RIGHT, [])], [], [], [], id="nobody"),
    ],
)
def test_one_list_of_people(
    seen: list[Seen], expected: list[tuple[float, ...]], kept: list[float], cut: list[float]
) -> None:
    people, parts = stitched([view(*each) for each in seen], np.array(expected, np.float32).reshape(-1, 4))
    assert people.xyxy_px[:, 0].tolist() == kept
    assert parts.xyxy_px[:, 0].tolist() == cut
    assert people.frame_size == PICTURE_PX


def test_shares_of_boxes() -> None:
    over_union, over_first = shares(np.array([[0, 0, 10, 10]], np.float32), np.array([[0, 0, 10, 20]], np.float32))
    assert over_union == pytest.approx(0.5)
    assert over_first == pytest.approx(1.0)

from __future__ import annotations

import pytest

from footfall.evaluation.whereabouts import Whereabouts
from footfall.spatial.regions import SpatialSpec, Zone

TILL = Zone("till", ((0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0)), ())
SHOP = Zone("shop", ((0.0, 0.0), (1.0, 0.0), (1.0, 0.8), (0.0, 0.8)), ())


@pytest.mark.parametrize(
    ("point", "words"),
    [
        pytest.param((0.5, 0.5), "middle", id="in the middle"),
        pytest.param((0.1, 0.9), "bottom left", id="corner"),
        pytest.param((0.5, 0.1), "top", id="above"),
        pytest.param((1.0, 0.5), "right", id="at the edge"),
        pytest.param((-0.2, 1.3), "bottom left", id="feet out of the picture"),
    ],
)
def test_parts_of_the_picture(point: tuple[float, float], words: str) -> None:
    assert Whereabouts().words(point) == words


@pytest.mark.parametrize(
    ("point", "words"),
    [
        pytest.param((0.1, 0.9), "till", id="in a zone"),
        pytest.param((0.1, 0.6), "till, shop", id="in two"),
        pytest.param((0.9, 0.9), "bottom right", id="in none"),
        pytest.param((0.2, 1.1), "till", id="feet below the picture"),
    ],
)
def test_zones_come_first(point: tuple[float, float], words: str) -> None:
    assert Whereabouts(SpatialSpec((TILL, SHOP))).words(point) == words

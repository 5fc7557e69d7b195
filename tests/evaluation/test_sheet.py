from __future__ import annotations

import numpy as np
import pytest

from footfall.core.types import Image
from footfall.evaluation.cases import Case
from footfall.evaluation.sheet import GUESS, TILE_PX, TILES, TRUTH, VOID, crop, draw_page

RED = (0, 0, 200)


def picture(_name: str) -> Image:
    """A red person of 20x60 at 40, 20 on black, 100x100."""
    image = np.zeros((100, 100, 3), np.uint8)
    image[20:80, 40:60] = RED
    return image


def case(
    *truth: float, guess: tuple[float, ...] | None = None, score: float | None = None, name: str = "a.jpg"
) -> Case:
    return Case(
        name, np.array(truth) if truth else None, None if guess is None else np.array(guess, np.float64), score, 0.5
    )


def has(image: Image, colour: tuple[int, int, int]) -> bool:
    return bool((image == np.array(colour)).all(axis=2).any())


@pytest.mark.parametrize(
    ("shown", "truth", "guess"),
    [
        pytest.param(case(40, 20, 20, 60), True, False, id="nothing near"),
        pytest.param(case(40, 20, 20, 60, guess=(42, 24, 20, 60), score=0.3), True, True, id="both boxes"),
        pytest.param(case(guess=(10, 20, 20, 60), score=0.9), False, True, id="an invented one"),
    ],
)
def test_a_crop_shows_its_boxes(shown: Case, truth: bool, guess: bool) -> None:
    tile = crop(picture(""), shown)
    assert tile.shape == (TILE_PX, TILE_PX, 3)
    assert (has(tile, TRUTH), has(tile, GUESS)) == (truth, guess)


def test_the_box_is_in_the_middle_and_grey_where_the_picture_ends() -> None:
    middle = crop(picture(""), case(40, 20, 20, 60))
    assert np.abs(middle[TILE_PX // 2, TILE_PX // 2].astype(int) - RED).max() < 12
    corner = crop(picture(""), case(0, 0, 30, 60))
    assert tuple(corner[0, 0]) == VOID


def test_a_case_without_any_box_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a box"):
        crop(picture(""), case())


@pytest.mark.parametrize(
    ("count", "rows"), [pytest.param(0, 1, id="none"), pytest.param(7, 2, id="two rows"), pytest.param(99, 4, id="cut")]
)
def test_a_page_has_rows_enough(count: int, rows: int) -> None:
    asked = []

    def seen(name: str) -> Image:
        asked.append(name)
        return picture(name)

    page = draw_page("missed", [case(40, 20, 20, 60, name=f"{k}-ü.jpg") for k in range(count)], seen)
    empty = draw_page("missed", [], picture)
    assert len(asked) == min(count, TILES)
    assert page.shape[1] == empty.shape[1]
    assert (page.shape[0] - empty.shape[0]) == (rows - 1) * (TILE_PX + 44)

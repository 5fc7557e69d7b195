from __future__ import annotations

import numpy as np
import pytest

from footfall.detect.changes import areas, changed, without

WALL = np.full((180, 320), 100, np.uint8)


def with_blobs(*corners: tuple[int, int], size: tuple[int, int] = (8, 20), light: int = 180) -> np.ndarray:
    image = WALL.copy()
    for x, y in corners:
        image[y : y + size[1], x : x + size[0]] = light
    return image


def test_a_box_fits_what_changed() -> None:
    (box,) = areas(changed(WALL, with_blobs((100, 50))))
    assert box == pytest.approx((100 / 320, 50 / 180, 108 / 320, 70 / 180))


def test_parts_close_together_are_one_and_others_are_not() -> None:
    assert len(areas(changed(WALL, with_blobs((100, 50), (110, 52))))) == 1
    assert len(areas(changed(WALL, with_blobs((100, 50), (200, 52))))) == 2


def test_a_far_person_is_a_change() -> None:
    """Forty pixels tall in a 1920 wide picture."""
    assert areas(changed(WALL, with_blobs((100, 50), size=(2, 7), light=125)))


def test_noise_is_none() -> None:
    rng = np.random.default_rng(1)
    for deviation in (1.5, 4.0, 8.0):
        noisy = [(WALL + rng.normal(0, deviation, WALL.shape)).clip(0, 255).astype(np.uint8) for _ in range(2)]
        assert areas(changed(*noisy)) == []


def test_what_lies_in_boxes_is_left_out() -> None:
    mask = changed(WALL, with_blobs((100, 50), (200, 52)))
    (box,) = areas(without(mask, np.array([[0.25, 0.2, 0.4, 0.6]])))
    assert box[0] == pytest.approx(200 / 320)
    assert areas(without(mask, np.array([[-1.0, -1.0, 2.0, 2.0]]))) == []


def test_another_size_is_a_change_everywhere() -> None:
    assert areas(changed(WALL[:100], WALL)) == [(0.0, 0.0, 1.0, 1.0)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 320), (320, 1), (9, 17)])
def test_any_size(shape: tuple[int, int]) -> None:
    mask = changed(np.zeros(shape, np.uint8), np.full(shape, 200, np.uint8))
    assert all(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 for x0, y0, x1, y1 in areas(mask))

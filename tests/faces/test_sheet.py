"""Heads on a sheet: the network sees each at a useful size, and what it finds lands where it was in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.faces.heads import Cut
from footfall.faces.sheet import ENLARGED, GREY, SheetSpec, draw_sheet, lay_out, to_picture

VGA = SheetSpec(640, 480)


@pytest.mark.parametrize(
    ("spec", "heads", "tile_px"),
    [
        pytest.param(VGA, 1, 320, id="large tiles for one"),
        pytest.param(VGA, 2, 320, id="and for two"),
        pytest.param(VGA, 3, 213, id="smaller ones for three"),
        pytest.param(SheetSpec(640, 640), 4, 320, id="four on a square sheet"),
        pytest.param(SheetSpec(416, 416), 1, 416, id="one on a middling sheet"),
        pytest.param(SheetSpec(416, 416), 4, 208, id="four on a middling sheet"),
        pytest.param(SheetSpec(256, 192), 1, 192, id="a small network"),
        pytest.param(SheetSpec(1280, 736), 8, 320, id="a large network"),
    ],
)
def test_tiles_are_as_large_as_the_number_of_heads_allows(spec: SheetSpec, heads: int, tile_px: int) -> None:
    assert spec.tile_px(spec.columns(heads)) == tile_px


@pytest.mark.parametrize(
    ("spec", "places"),
    [
        pytest.param(VGA, 6, id="three by two"),
        pytest.param(SheetSpec(416, 416), 4, id="two by two"),
        pytest.param(SheetSpec(256, 256), 1, id="one at a time"),
        pytest.param(SheetSpec(96, 64), 1, id="a network smaller than a tile"),
        pytest.param(SheetSpec(640, 100), 3, id="a strip"),
    ],
)
def test_how_many_heads_fit(spec: SheetSpec, places: int) -> None:
    assert spec.places == places
    cuts = [Cut(0, 0, 100, 100)] * spec.places
    sheet = draw_sheet(np.zeros((100, 100, 3), np.uint8), lay_out(cuts, spec), spec)
    assert sheet.shape[1] == spec.width_px
    assert sheet.shape[0] <= spec.height_px


def test_more_heads_than_places_are_refused() -> None:
    with pytest.raises(ValueError, match="7 heads for 6 places"):
        lay_out([Cut(0, 0, 9, 9)] * 7, VGA)


@pytest.mark.parametrize("size", [(0, 480), (640, 0)])
def test_a_sheet_without_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="1x1"):
        SheetSpec(*size)


@pytest.mark.parametrize(
    ("cut", "shown"),
    [
        pytest.param(Cut(0, 0, 320, 320), (320, 320), id="as it is"),
        pytest.param(Cut(0, 0, 640, 480), (320, 240), id="near: made smaller, aspect kept"),
        pytest.param(Cut(0, 0, 200, 160), (320, 256), id="farther: made larger to fill its tile"),
        pytest.param(Cut(0, 0, 50, 60), (100, 120), id="far: never more than twice as large"),
    ],
)
def test_how_large_a_head_is_shown(cut: Cut, shown: tuple[int, int]) -> None:
    [tile] = lay_out([cut], VGA)
    assert tile.size_px == shown


@pytest.mark.parametrize(
    ("heads", "is_fixed", "height"),
    [
        pytest.param(1, False, 180, id="one row for one"),
        pytest.param(3, False, 180, id="one row for three"),
        pytest.param(4, False, 393, id="two for four"),
        pytest.param(1, True, 480, id="a network that stretches gets its own shape"),
    ],
)
def test_a_sheet_is_no_higher_than_needed(heads: int, is_fixed: bool, height: int) -> None:
    spec = SheetSpec(640, 480, is_fixed)
    sheet = draw_sheet(np.zeros((90, 90, 3), np.uint8), lay_out([Cut(0, 0, 90, 90)] * heads, spec), spec)
    assert sheet.shape == (height, 640, 3)


def test_each_head_is_drawn_on_its_tile_and_nowhere_else() -> None:
    picture = np.zeros((400, 800, 3), np.uint8)
    picture[:, :400], picture[:, 400:] = 50, 200
    tiles = lay_out([Cut(0, 0, 320, 320), Cut(500, 0, 560, 60)], VGA)
    sheet = draw_sheet(picture, tiles, VGA)
    assert (sheet[:320, :320] == 50).all()
    assert (sheet[:120, 320:440] == 200).all()
    assert (sheet[120:, 320:] == GREY).all()
    assert (sheet[:, 440:] == GREY).all()


def test_what_lies_between_the_heads_is_nobody() -> None:
    tiles = lay_out([Cut(0, 0, 50, 50), Cut(0, 0, 50, 50)], VGA)
    assert to_picture((120.0, 10.0, 140.0, 30.0), tiles) is None
    assert to_picture((600.0, 400.0, 620.0, 420.0), tiles) is None


def test_a_box_over_the_edge_of_its_head_is_clipped() -> None:
    tiles = lay_out([Cut(100, 200, 180, 280)], VGA)
    assert to_picture((-20.0, 40.0, 80.0, 200.0), tiles) == (100.0, 220.0, 140.0, 280.0)


cuts = st.builds(
    lambda x, y, w, h: Cut(x, y, x + w, y + h),
    st.integers(0, 1500), st.integers(0, 700), st.integers(16, 400), st.integers(16, 300),
)  # fmt: skip
shares = st.tuples(st.floats(0.3, 0.6), st.floats(0.3, 0.6))


@given(st.lists(st.tuples(cuts, shares), min_size=1, max_size=6))
def test_there_and_back(heads: list[tuple[Cut, tuple[float, float]]]) -> None:
    """A face in the middle of each head comes back to within a pixel of the sheet."""
    tiles = lay_out([cut for cut, _ in heads], VGA)
    for (cut, (wide, high)), tile in zip(heads, tiles, strict=True):
        width, height = tile.size_px
        assert max(width / cut.size_px[0], height / cut.size_px[1]) <= ENLARGED * 1.04
        centre = tile.x + width / 2, tile.y + height / 2
        half = width * wide / 2, height * high / 2
        back = to_picture((centre[0] - half[0], centre[1] - half[1], centre[0] + half[0], centre[1] + half[1]), tiles)
        assert back is not None
        whole_w, whole_h = cut.size_px
        expected = (
            cut.x0 + whole_w * (1 - wide) / 2, cut.y0 + whole_h * (1 - high) / 2,
            cut.x1 - whole_w * (1 - wide) / 2, cut.y1 - whole_h * (1 - high) / 2,
        )  # fmt: skip
        assert back == pytest.approx(expected, abs=0.01)

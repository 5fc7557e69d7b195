from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.detect.crops import LONGEST_PX, NARROWEST_PX, SHORTEST_PX, Lens
from footfall.detect.imaging import InputSpec, fed_at, place

SNUG = InputSpec(416, 416, fit="snug")
FIXED = InputSpec(416, 416)
STRETCHED = InputSpec(544, 320, fit="stretch")
SPECS = st.sampled_from([SNUG, FIXED, STRETCHED])
PICTURES = st.one_of(
    st.sampled_from([(1920, 1080), (768, 432), (1, 1), (20000, 50), (50, 20000)]),
    st.tuples(st.integers(1, 4000), st.integers(1, 4000)),
)


@st.composite
def boxes(draw: st.DrawFn, picture_px: tuple[int, int]) -> Box:
    """A box inside of the picture, with some area."""
    x0, x1 = sorted(draw(st.floats(0, picture_px[0])) for _ in range(2))
    y0, y1 = sorted(draw(st.floats(0, picture_px[1])) for _ in range(2))
    return x0, y0, max(x1, min(x0 + 0.5, picture_px[0])), max(y1, min(y0 + 0.5, picture_px[1]))


@pytest.mark.parametrize(
    ("box_px", "scale", "expected"),
    [
        pytest.param((800, 400, 840, 500), 0.5, (692, 194, 948, 706), id="one person: context as large as an input"),
        pytest.param((0, 0, 100, 200), 1.0, (0, 0, 128, 256), id="at the corner: shifted inside"),
        pytest.param((0, 0, 1920, 1080), 2.0, (0, 0, 1920, 1080), id="all of it: no scale is too coarse"),
    ],
)
def test_a_look_is_filled_with_surroundings(box_px: Box, scale: float, expected: tuple[int, ...]) -> None:
    assert Lens((1920, 1080), SNUG).at(box_px, scale).xyxy_px == expected


def test_the_whole_look_is_what_a_detector_does_without_regions() -> None:
    lens = Lens((1920, 1080), SNUG)
    assert (lens.whole.xyxy_px, lens.whole.side_px, lens.whole.cost_px) == ((0, 0, 1920, 1080), 416, 416 * 256)
    assert Lens((1920, 1080), FIXED).whole.cost_px == 416 * 416


@given(data=st.data(), picture_px=PICTURES, spec=SPECS, scale=st.floats(0.01, 4))
def test_a_look_lies_in_the_picture_and_holds_its_box(
    data: st.DataObject, picture_px: tuple[int, int], spec: InputSpec, scale: float
) -> None:
    box_px = data.draw(boxes(picture_px))
    lens = Lens(picture_px, spec)
    look = lens.at(box_px, scale)
    x0, y0, x1, y1 = look.xyxy_px
    assert 0 <= x0 < x1 <= picture_px[0]
    assert 0 <= y0 < y1 <= picture_px[1]
    assert look.holds(box_px)
    assert look == lens.at(box_px, scale)


@given(data=st.data(), picture_px=PICTURES, scale=st.floats(0.01, 4))
def test_snug_inputs_are_multiples_of_32_within_bounds(
    data: st.DataObject, picture_px: tuple[int, int], scale: float
) -> None:
    look = Lens(picture_px, SNUG).at(data.draw(boxes(picture_px)), scale)
    width, height = place(look.size_px, fed_at(SNUG, look.side_px)).input_size
    assert look.cost_px == width * height
    assert width % 32 == height % 32 == 0
    assert SHORTEST_PX <= look.side_px == max(width, height) <= LONGEST_PX


@given(data=st.data(), scale=st.floats(0.3, 1.5))
def test_the_scale_is_kept_where_the_input_is_large_enough(data: st.DataObject, scale: float) -> None:
    lens = Lens((1920, 1080), SNUG)
    box_px = data.draw(boxes((1920, 1080)))
    look = lens.at(box_px, scale)
    assert lens.scale_of(look) >= 0.9 * min(scale, lens.reach(box_px))
    assert min(look.size_px) * lens.scale_of(look) >= 0.9 * NARROWEST_PX or look.holds((0, 0, 1920, 1080))

"""Where heads are cut out, and which face can be whose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.faces.heads import CUT_SIDE, FACE_WIDTH, LEAST_FACE_PX, Cut, head_cut, misfit

HD = (1920, 1080)
PERSON: Box = (900.0, 300.0, 1000.0, 560.0)
"""100 pixels wide, from head to foot."""


def normalised(box_px: Box) -> Box:
    return box_px[0] / HD[0], box_px[1] / HD[1], box_px[2] / HD[0], box_px[3] / HD[1]


def face(x: float, y: float, width: float = 30.0) -> Box:
    return x - width / 2, y - width / 1.6, x + width / 2, y + width / 1.6


@pytest.mark.parametrize(
    ("box_px", "cut"),
    [
        pytest.param(PERSON, Cut(895, 280, 1005, 390), id="head and shoulders of a standing person"),
        pytest.param((900, 300, 1000, 350), Cut(895, 280, 1005, 370), id="behind a desk: not below the box"),
        pytest.param((-50, -20, 50, 240), Cut(0, 0, 55, 70), id="half out of the picture: what is in it"),
        pytest.param((1880, 300, 2000, 600), Cut(1874, 276, 1920, 408), id="at the right edge"),
        pytest.param((900, 300, 940, 404), None, id="too far away"),
        pytest.param((2000, 300, 2100, 560), None, id="out of the picture"),
        pytest.param((900, -400, 1000, -140), None, id="the head is above the picture"),
        pytest.param((1000, 300, 900, 560), None, id="a box turned over"),
        pytest.param((-500, 100, 2500, 1080), Cut(0, 0, 1920, 1080), id="in front of the lens"),
    ],
)
def test_what_is_cut_out(box_px: Box, cut: Cut | None) -> None:
    assert head_cut(normalised(box_px), HD) == cut


@given(
    st.tuples(*[st.floats(-2, 3)] * 4),
    st.tuples(st.integers(2, 4000), st.integers(2, 4000)),
)
def test_a_cut_lies_in_the_picture_and_is_worth_a_look(box_n: Box, size_px: tuple[int, int]) -> None:
    cut = head_cut(box_n, size_px)
    if cut is not None:
        assert 0 <= cut.x0 < cut.x1 <= size_px[0]
        assert 0 <= cut.y0 < cut.y1 <= size_px[1]
        assert min(cut.size_px) >= LEAST_FACE_PX
        assert (box_n[2] - box_n[0]) * size_px[0] * FACE_WIDTH >= LEAST_FACE_PX
        assert max(cut.size_px) <= CUT_SIDE * (box_n[2] - box_n[0]) * size_px[0] + 2


@pytest.mark.parametrize(
    ("face_px", "fits"),
    [
        pytest.param(face(950, 330), True, id="in the middle of the head"),
        pytest.param(face(915, 350), True, id="leaning"),
        pytest.param(face(950, 285), True, id="the box starts at the forehead"),
        pytest.param(face(950, 250), False, id="somebody behind, higher up"),
        pytest.param(face(950, 420), False, id="a face before the belly is somebody else's"),
        pytest.param(face(860, 330), False, id="the neighbour to the left"),
        pytest.param(face(1040, 330), False, id="the neighbour to the right"),
        pytest.param(face(950, 330, 5), False, id="a face on a badge"),
        pytest.param(face(950, 330, 95), False, id="a face of somebody much nearer"),
    ],
)
def test_whose_face_it_can_be(face_px: Box, fits: bool) -> None:
    assert (misfit(face_px, PERSON) is not None) == fits


def test_a_face_below_a_short_box_is_not_of_that_person() -> None:
    assert misfit(face(950, 370), (900, 300, 1000, 360)) is None
    assert misfit(face(950, 350), (900, 300, 1000, 360)) is not None


def test_the_middle_of_the_head_fits_best() -> None:
    assert misfit(face(950, 330), PERSON) == pytest.approx(0.0)
    assert misfit(face(960, 330), PERSON) == pytest.approx(0.1)


def test_a_person_without_width_has_no_face() -> None:
    assert misfit(face(950, 330), (950, 300, 950, 560)) is None

"""The pictures show what the figures say, where they say it, and nothing that is hidden."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from footfall.core.types import Image
from footfall.report.canvas import FINE, HEAD, MARGIN, WIDTH, latin
from footfall.report.document import CameraReport
from footfall.report.pictures import pictures
from footfall.report.plot import Plot, View
from footfall.report.scale import Palette, Scale, duration, plain
from report.stage import shop

NAMES = {f"{kind}.{plane}" for kind in ("heat", "dwell", "flow", "paths") for plane in ("picture", "floor")}


@pytest.fixture(scope="module")
def camera() -> CameraReport:
    return shop()


@pytest.fixture(scope="module")
def drawn(camera: CameraReport) -> dict[str, Image]:
    return pictures(camera)


def in_cell(image: Image, column: int, row: int) -> NDArray[np.uint8]:
    """Pixel in the middle of a cell of the picture's map, 20 columns wide."""
    side = (WIDTH - 2 * MARGIN) / 20
    return np.asarray(image[HEAD + round((row + 0.5) * side), MARGIN + round((column + 0.5) * side)])


def test_every_map_is_drawn_as_wide_as_a_sheet(drawn: dict[str, Image]) -> None:
    assert set(drawn) == NAMES
    for image in drawn.values():
        assert image.dtype == np.uint8
        assert image.shape[1:] == (WIDTH, 3)
        assert 300 < image.shape[0] < 1200


def test_colours_follow_the_figures(drawn: dict[str, Image]) -> None:
    hot, warm, cold = (int(in_cell(drawn["heat.picture"], column, 7).sum()) for column in (10, 5, 0))
    assert hot > 1.5 * warm
    assert warm > 1.2 * cold, "nobody was in the first column: there is only paper"


def test_a_hidden_cell_is_as_empty_as_one_where_nobody_was() -> None:
    few = pictures(shop(people=2))
    for name in NAMES:
        assert np.array_equal(few[name], pictures(shop(people=1))[name]), name


def test_where_as_many_come_as_go_there_is_a_dot(drawn: dict[str, Image]) -> None:
    both = pictures(shop(people=6, to_and_fro=True, camera=None))["flow.picture"]
    side = (WIDTH - 2 * MARGIN) / 20
    y, x = HEAD + round(7.5 * side), MARGIN + round(3.5 * side)
    beside = slice(x + round(0.3 * side), x + round(0.45 * side))
    assert drawn["flow.picture"][y, beside].sum() > 1.3 * both[y, beside].sum(), (
        "an arrow reaches there, a dot does not"
    )
    assert both[y, x].sum() > 300


def test_without_a_camera_there_is_no_floor() -> None:
    assert set(pictures(shop(camera=None))) == {name for name in NAMES if "picture" in name}


def test_a_background_shines_through(camera: CameraReport, drawn: dict[str, Image]) -> None:
    photo = np.zeros((50, 100, 3), np.uint8)
    photo[:, :, 1] = 200
    over = pictures(camera, photo)
    assert in_cell(over["heat.picture"], 1, 1)[1] > 100, "green where nobody was"
    assert in_cell(drawn["heat.picture"], 1, 1)[1] < 60
    assert np.array_equal(over["heat.floor"], drawn["heat.floor"])


def test_the_same_figures_give_the_same_picture(camera: CameraReport, drawn: dict[str, Image]) -> None:
    assert all(np.array_equal(image, drawn[name]) for name, image in pictures(camera).items())


def test_floor_and_picture_grow_in_their_own_directions(camera: CameraReport) -> None:
    upright = View.of((0.0, 0.0), (2.0, 4.0), is_upright=True)
    assert upright.pixel((0.0, 4.0)) == (0, 0)
    assert View.of((0.0, 0.0), (1.0, 0.5), is_upright=False).pixel((0.0, 0.0)) == (0, 0)
    floor = Plot(camera, "floor")
    assert floor.view.pixel((0.0, 5.0))[1] < floor.view.pixel((0.0, 1.0))[1]


@pytest.mark.parametrize("size", [(1.0, 0.01), (1.0, 30.0), (200.0, 1.0)])
def test_planes_of_any_shape_fit_on_a_sheet(size: tuple[float, float]) -> None:
    wide, high = View.of((0.0, 0.0), size, is_upright=True).size
    assert 1 <= wide <= WIDTH - 2 * MARGIN
    assert 1 <= high <= 900
    assert FINE * wide >= 1


SCALES = [
    pytest.param(Scale(0.0, Palette.INFERNO), [0.0], id="nothing"),
    pytest.param(Scale(100.0, Palette.INFERNO), [0.0, 10.0, 50.0, 100.0], id="by the square root"),
    pytest.param(Scale(1.0, Palette.PLASMA, power=1.0), [0.0, 0.2, 0.5, 1.0], id="evenly"),
    pytest.param(Scale(4.0, Palette.VIRIDIS, is_whole=True), [0.0, 1.0, 2.0, 4.0], id="people are whole"),
]


@pytest.mark.parametrize(("scale", "ticks"), SCALES)
def test_ticks_are_few_and_round(scale: Scale, ticks: list[float]) -> None:
    assert scale.ticks() == pytest.approx(ticks)


def test_colours_grow_lighter() -> None:
    scale = Scale(50.0, Palette.VIRIDIS)
    greys = [cv2.cvtColor(np.uint8([[scale.colour(value)]]), cv2.COLOR_BGR2GRAY)[0, 0] for value in range(0, 51, 5)]  # type: ignore[call-overload]
    assert greys == sorted(greys)
    assert len(set(greys)) == len(greys)
    assert scale.colour(-1.0) == scale.colour(0.0)
    assert scale.colour(99.0) == scale.colour(50.0)


WORDS = [(0.0, "0 s"), (4.25, "4.2 s"), (42.4, "42 s"), (119.4, "119 s"), (600.0, "10 min"), (9000.0, "2.5 h")]


@pytest.mark.parametrize(("seconds", "words"), [*WORDS, (99.96, "100 s"), (1e7, "2778 h")])
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("value", "words"), [(0.1234, "0.123"), (12.0, "12"), (1234.5, "1234")])
def test_plain_numbers(value: float, words: str) -> None:
    assert plain(value) == words


@pytest.mark.parametrize(
    ("words", "letters"), [("Türe", "Ture"), ("Straße", "Strasse"), ("入口", "??"), ("till", "till")]
)
def test_names_in_the_letters_of_the_font(words: str, letters: str) -> None:
    assert latin(words) == letters

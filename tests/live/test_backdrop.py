"""The promise of the privacy view: nobody who was in the picture can be made out in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.core.types import Image
from footfall.live.backdrop import LEARNT_S, LOOK_EVERY_S, MOST_CELLS, POINTS, SHEET, Backdrop

SIZE = 320, 180
MINUTE = 60.0
STEP_S = 2 * LOOK_EVERY_S
"""As slow as a camera may be before it counts as away."""
NOBODY: tuple[Box, ...] = ()
HIGH_LEFT: Box = (0.0, 0.0, 0.5, 0.5)


def place(seed: int = 1) -> Image:
    """A place with something to see: soft patches."""
    rough = np.random.default_rng(seed).integers(40, 200, (18, 32, 3), np.uint8)
    return np.asarray(cv2.resize(rough, SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)


def person(seed: int, height_px: int = 80) -> Image:
    """Somebody who could be told by this pattern: stripes and dots as fine as a picture can hold."""
    return np.random.default_rng(seed).integers(0, 256, (height_px, height_px // 2, 3), np.uint8)


def with_person(scene: Image, figure: Image, left: int, top: int) -> Image:
    image = scene.copy()
    height, width = figure.shape[:2]
    image[top : top + height, left : left + width] = figure
    return image


def watch(
    backdrop: Backdrop,
    picture: Callable[[float], Image],
    minutes: float,
    *,
    begin_s: float = 0.0,
    people_n: Iterable[Box] = NOBODY,
) -> float:
    """Look as a camera does; the time at the end."""
    t_s = begin_s
    while t_s < begin_s + minutes * MINUTE:
        backdrop.look(picture(t_s), people_n, t_s)
        t_s += STEP_S
    return t_s


def points(backdrop: Backdrop) -> Image:
    """What is known, at its own size."""
    return backdrop.drawn(MOST_CELLS * POINTS)


def detail(image: Image) -> float:
    """How much there is to see within cells, at most in any of them: 0 is one colour each."""
    rows, columns = image.shape[0] // POINTS, image.shape[1] // POINTS
    cells = image.reshape(rows, POINTS, columns, POINTS, 3).astype(float)
    return float(cells.std(axis=(1, 3)).max())


def test_the_first_look_gives_a_mosaic_and_a_sheet_where_somebody_was_found() -> None:
    backdrop = Backdrop(SIZE)
    backdrop.look(place(), (HIGH_LEFT,), 0.0)
    assert detail(points(backdrop)) == 0.0
    assert (points(backdrop)[:45, :80] == SHEET).all()
    assert not (points(backdrop)[60:] == SHEET).all(axis=2).any()


def test_an_empty_place_is_a_mosaic_first_and_itself_after_half_an_hour() -> None:
    backdrop = Backdrop(SIZE)
    end_s = watch(backdrop, lambda _: place(), 29.0)
    assert detail(points(backdrop)) == 0.0
    assert backdrop.learnt == 0.0
    watch(backdrop, lambda _: place(), 2.0, begin_s=end_s)
    assert backdrop.learnt == 1.0
    expected = cv2.resize(place(), (160, 90), interpolation=cv2.INTER_AREA)
    assert np.abs(points(backdrop).astype(int) - expected).max() <= 2


def test_the_picture_is_never_finer_than_160_points() -> None:
    backdrop = Backdrop((3840, 2160))
    image = np.random.default_rng(0).integers(0, 256, (270, 480, 3), np.uint8)
    watch(backdrop, lambda _: image, 31.0)
    assert backdrop._drawn.shape == (90, 160, 3)


@pytest.mark.parametrize("minutes", [1.0, 20.0, 29.0])
def test_somebody_who_stands_there_unfound_from_the_start_is_a_few_plain_cells(minutes: float) -> None:
    backdrop = Backdrop(SIZE)
    image = with_person(place(), person(3), 120, 60)
    watch(backdrop, lambda _: image, minutes)
    assert detail(points(backdrop)) == 0.0


def test_somebody_who_comes_into_a_known_place_and_stands_unfound_for_20_minutes_is_not_there_at_all() -> None:
    backdrop = Backdrop(SIZE)
    end_s = watch(backdrop, lambda _: place(), 31.0)
    known = points(backdrop)
    standing = with_person(place(), person(3), 120, 60)
    watch(backdrop, lambda _: standing, 20.0, begin_s=end_s)
    assert (np.abs(points(backdrop).astype(int) - known) <= 2).all()


def test_somebody_who_stands_for_hours_but_breathes_is_never_learnt() -> None:
    backdrop = Backdrop(SIZE)
    figure = person(3)

    def swaying(t_s: float) -> Image:
        return with_person(place(), figure, 120 + 4 * (int(t_s / 40) % 2), 60)

    watch(backdrop, swaying, 40.0)
    rows, columns = slice(60 // 10, 140 // 10), slice(120 // 10, 160 // 10)
    assert not backdrop._is_learnt[rows, columns].any()
    assert backdrop.learnt > 0.7


def test_whoever_walks_through_an_unknown_place_tints_it_by_some_grey_levels_at_most() -> None:
    backdrop = Backdrop(SIZE)
    end_s = watch(backdrop, lambda _: place(), 1.0)
    before = points(backdrop)
    black = np.zeros((80, 40, 3), np.uint8)
    watch(backdrop, lambda t_s: with_person(place(), black, int(t_s) % 280, 60), 0.5, begin_s=end_s)
    assert np.abs(points(backdrop).astype(int) - before).max() <= 5


def test_around_a_stir_everything_waits_again() -> None:
    backdrop = Backdrop(SIZE)

    def blinking(t_s: float) -> Image:
        dot = np.full((10, 10, 3), 250 * (int(t_s / 40) % 2), np.uint8)
        return with_person(place(), dot, 160, 90)

    watch(backdrop, blinking, 31.0)
    still = ~backdrop._is_learnt
    assert still[7:12, 14:19].all()
    assert still.sum() == 25


def test_a_chair_that_was_moved_is_where_it_is_now_after_an_hour() -> None:
    backdrop = Backdrop(SIZE)
    chair = np.full((40, 40, 3), 20, np.uint8)
    end_s = watch(backdrop, lambda _: place(), 31.0)
    known = points(backdrop)
    moved = with_person(place(), chair, 120, 60)
    end_s = watch(backdrop, lambda _: moved, 58.0, begin_s=end_s)
    assert (np.abs(points(backdrop).astype(int) - known) <= 2).all()
    watch(backdrop, lambda _: moved, 4.0, begin_s=end_s)
    assert (points(backdrop)[32:48, 62:78] == 20).all()


def test_a_place_where_people_come_and_go_is_learnt_without_them() -> None:
    """Somebody stands there, unfound, for a minute out of three, each time somebody else."""
    backdrop = Backdrop(SIZE)

    def busy(t_s: float) -> Image:
        visit = int(t_s / 60)
        return with_person(place(), person(visit), 120, 60) if visit % 3 == 0 else place()

    watch(backdrop, busy, 110.0)
    expected = cv2.resize(place(), (160, 90), interpolation=cv2.INTER_AREA)
    assert backdrop.learnt == 1.0
    assert np.abs(points(backdrop).astype(int) - expected).max() <= 3


def test_somebody_who_was_found_is_not_learnt_however_long_and_still() -> None:
    backdrop = Backdrop(SIZE)
    image = with_person(place(), person(3), 120, 60)
    box = (120 / 320, 60 / 180, 160 / 320, 140 / 180)
    watch(backdrop, lambda _: image, 40.0, people_n=(box,))
    cells = points(backdrop)[60 // 2 : 140 // 2, 120 // 2 : 160 // 2]
    assert (cells == SHEET).all()


def test_the_camera_was_away_and_time_without_looking_is_not_time_without_a_stir() -> None:
    backdrop = Backdrop(SIZE)
    watch(backdrop, lambda _: place(), 5.0)
    watch(backdrop, lambda _: place(), 5.0, begin_s=3 * 3600.0)
    assert backdrop.learnt == 0.0


def test_a_camera_that_is_turned_forgets_the_old_place_after_a_minute() -> None:
    backdrop = Backdrop(SIZE)
    end_s = watch(backdrop, lambda _: place(), 31.0)
    other = 255 - place()
    end_s = watch(backdrop, lambda _: other, 0.9, begin_s=end_s)
    assert backdrop.learnt == 1.0
    watch(backdrop, lambda _: other, 0.3, begin_s=end_s)
    assert backdrop.learnt == 0.0
    assert detail(points(backdrop)) == 0.0


def test_a_light_that_is_on_for_a_moment_is_not_another_place() -> None:
    backdrop = Backdrop(SIZE)
    end_s = watch(backdrop, lambda _: place(), 31.0)
    end_s = watch(backdrop, lambda _: 255 - place(), 0.5, begin_s=end_s)
    watch(backdrop, lambda _: place(), 2.0, begin_s=end_s)
    assert backdrop.learnt == 1.0


def test_the_sun_may_move() -> None:
    backdrop = Backdrop(SIZE)
    watch(backdrop, lambda t_s: np.clip(place() * (0.8 + t_s / 36000.0), 0, 255).astype(np.uint8), 31.0)
    assert backdrop.learnt == 1.0


def test_nothing_new_needs_no_new_picture() -> None:
    backdrop = Backdrop(SIZE)
    end_s = watch(backdrop, lambda _: place(), 31.0)
    version = backdrop.version
    watch(backdrop, lambda _: place(), 2.0, begin_s=end_s)
    assert backdrop.version == version


def test_it_is_due_every_two_seconds_and_after_time_went_back() -> None:
    backdrop = Backdrop(SIZE)
    assert backdrop.is_due(5.0)
    backdrop.look(place(), NOBODY, 5.0)
    assert not backdrop.is_due(6.9)
    assert backdrop.is_due(7.0)
    assert backdrop.is_due(0.0)


@pytest.mark.parametrize("size", [(360, 640), (100, 100), (640, 20), (33, 1)])
def test_any_shape_of_picture_has_at_most_32_cells(size: tuple[int, int]) -> None:
    backdrop = Backdrop(size)
    backdrop.look(np.zeros((size[1], size[0], 3), np.uint8), NOBODY, 0.0)
    assert max(backdrop._cells) <= MOST_CELLS
    assert backdrop.drawn(64).shape[1] == 64


walks = st.lists(
    st.tuples(st.integers(0, 280), st.integers(0, 100), st.integers(1, 12), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=25)
@given(walk=walks, seed=st.integers(0, 99))
def test_whoever_walks_stands_and_goes_within_29_minutes_leaves_no_detail(
    walk: list[tuple[int, int, int, bool]], seed: int
) -> None:
    """Stops of up to a minute or so at any places, found by the detector or not, the place unknown before."""
    backdrop, figure, scene = Backdrop(SIZE), person(seed), place()
    t_s = 0.0
    for left, top, looks, is_found in walk:
        image = with_person(scene, figure, left, top)
        box = (left / 320, top / 180, (left + 40) / 320, (top + 80) / 180)
        for _ in range(looks):
            backdrop.look(image, (box,) if is_found else NOBODY, t_s)
            t_s += LOOK_EVERY_S
    assert t_s < LEARNT_S
    assert detail(points(backdrop)) == 0.0


@settings(max_examples=10)
@given(left=st.integers(0, 280), top=st.integers(0, 100), shift=st.integers(2, 30))
def test_in_a_known_place_whoever_comes_leaves_nothing(left: int, top: int, shift: int) -> None:
    backdrop, figure, scene = Backdrop(SIZE), person(5), place()
    small = np.full((8, 8, 3), 90, np.uint8)
    backdrop.look(scene, NOBODY, 0.0)
    backdrop._lead_s += LEARNT_S
    backdrop.look(scene, NOBODY, 2.0)
    assert backdrop.learnt == 1.0
    known = points(backdrop)
    for step in range(10):
        image = with_person(scene, figure, min(280, left + step * shift), top)
        backdrop.look(with_person(image, small, 0, 0), NOBODY, 4.0 + 2.0 * step)
        assert (np.abs(points(backdrop).astype(int) - known) <= 1).all()

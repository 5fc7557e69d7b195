from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.detect.crops import Lens
from footfall.detect.imaging import InputSpec
from footfall.detect.interest import InterestSettings, Place, choose, tiles

SNUG = InputSpec(416, 416, fit="snug")
FIXED = InputSpec(416, 416)
HD = Lens((1920, 1080), SNUG)
RULES = InterestSettings()
NEAR_PX, FAR_PX = 400, 36


def person(x: float, y: float, tall: float) -> Place:
    """Somebody around (x, y), with a margin."""
    return Place((x - 0.4 * tall, y - 0.7 * tall, x + 0.4 * tall, y + 0.7 * tall), tall)


@pytest.mark.parametrize(
    ("places", "looks", "share"),
    [
        pytest.param([], 0, 0.0, id="nobody: nothing is looked at"),
        pytest.param([person(600, 500, NEAR_PX)], 1, 0.4, id="one person near: a third of the whole"),
        pytest.param([person(600, 500, NEAR_PX), person(700, 520, NEAR_PX)], 1, 0.4, id="a couple: one crop"),
        pytest.param(
            [person(200, 500, NEAR_PX), person(1000, 500, NEAR_PX), person(1700, 600, NEAR_PX)],
            1,
            1.0,
            id="near people everywhere: the whole picture",
        ),
        pytest.param([person(600, 200, FAR_PX)], 1, 0.7, id="one far person: closely"),
        pytest.param([person(300, 200, FAR_PX), person(1600, 220, FAR_PX)], 2, 1.3, id="two far apart: two crops"),
        pytest.param(
            [person(900, 700, NEAR_PX), person(300, 200, FAR_PX)], 2, 1.1, id="one near, one far: each at its size"
        ),
    ],
)
def test_what_is_looked_at(places: list[Place], looks: int, share: float) -> None:
    chosen = choose(places, HD, RULES)
    assert len(chosen) == looks
    assert sum(look.cost_px for look in chosen) <= share * HD.whole.cost_px


@pytest.mark.parametrize(
    ("tall", "least_px"),
    [
        pytest.param(NEAR_PX, 48, id="near: as in the whole picture, which is enough"),
        pytest.param(150, 72, id="middling: larger than the whole picture would show"),
        pytest.param(FAR_PX, 72, id="under 40 pixels: three quarters of the useful size at least"),
    ],
)
def test_people_have_a_useful_size(tall: float, least_px: float) -> None:
    (look,) = choose([person(900, 500, tall)], HD, RULES)
    assert HD.scale_of(look) * tall >= least_px


def test_a_sweep_sees_the_whole_picture_first_and_far_people_closely() -> None:
    places = [person(900, 700, NEAR_PX), person(300, 200, FAR_PX)]
    whole, *closer = choose(places, HD, RULES, sweep=True)
    assert whole == HD.whole
    assert [look.holds(places[1].xyxy_px) for look in closer] == [True]


def test_an_extra_place_waits_for_a_cheap_picture() -> None:
    extra = person(300, 200, FAR_PX)
    assert choose([], HD, RULES, extra=extra)[0].holds(extra.xyxy_px)
    crowd = [person(x, y, FAR_PX) for x in (100, 900, 1800) for y in (100, 900)]
    looks = choose(crowd, HD, RULES, extra=extra)
    assert sum(look.cost_px for look in looks) <= RULES.budget * HD.whole.cost_px


def test_a_fixed_input_is_paid_for_whole_and_so_one_crop_serves_all() -> None:
    lens = Lens((1920, 1080), FIXED)
    (look,) = choose([person(400, 500, NEAR_PX), person(1500, 500, NEAR_PX)], lens, RULES)
    assert look.cost_px == lens.whole.cost_px


@st.composite
def crowds(draw: st.DrawFn, picture_px: tuple[int, int]) -> list[Place]:
    def place() -> Place:
        x0, x1 = sorted(draw(st.floats(0, picture_px[0])) for _ in range(2))
        y0, y1 = sorted(draw(st.floats(0, picture_px[1])) for _ in range(2))
        return Place((x0, y0, x1, y1), draw(st.floats(8, 2000)))

    return [place() for _ in range(draw(st.integers(0, 12)))]


PICTURES = st.sampled_from([(1920, 1080), (640, 480), (1, 1), (20000, 50), (50, 20000), (33, 900)])


@settings(max_examples=150, deadline=None)
@given(
    data=st.data(),
    picture_px=PICTURES,
    spec=st.sampled_from([SNUG, FIXED, InputSpec(544, 320, fit="stretch")]),
    sweep=st.booleans(),
    budget=st.floats(0, 4),
)
def test_every_place_is_seen_within_the_budget(
    data: st.DataObject, picture_px: tuple[int, int], spec: InputSpec, sweep: bool, budget: float
) -> None:
    """Whatever is asked for: inside of the picture, all of it seen, no coarser than whole, paid for, repeatable."""
    lens, places = Lens(picture_px, spec), data.draw(crowds(picture_px))
    rules = InterestSettings(budget=budget)
    extra = places[0] if places and data.draw(st.booleans()) else None
    looks = choose(places, lens, rules, sweep=sweep, extra=extra)
    assert looks == choose(places, lens, rules, sweep=sweep, extra=extra)
    assert len(set(looks)) == len(looks)
    assert all(any(look.holds(place.xyxy_px) for look in looks) for place in places)
    assert sum(look.cost_px for look in looks) <= max(budget, 1.0) * lens.whole.cost_px
    assert all(lens.whole.holds((*map(float, look.xyxy_px),)) for look in looks)
    assert not sweep or looks[0] == lens.whole
    assert places or sweep or not looks


@given(
    region=st.tuples(st.floats(0, 500), st.floats(0, 500), st.floats(501, 3000), st.floats(501, 3000)),
    size=st.tuples(st.floats(50, 700), st.floats(50, 700)),
    at=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_tiles_cover_the_region(region: Box, size: tuple[float, float], at: tuple[float, float]) -> None:
    x = region[0] + at[0] * (region[2] - region[0])
    y = region[1] + at[1] * (region[3] - region[1])
    pieces = list(tiles(region, size))
    assert any(x0 - 1e-6 <= x <= x1 + 1e-6 and y0 - 1e-6 <= y <= y1 + 1e-6 for x0, y0, x1, y1 in pieces)
    assert all(x1 - x0 <= max(size[0], 0) + 1e-6 and y1 - y0 <= size[1] + 1e-6 for x0, y0, x1, y1 in pieces)

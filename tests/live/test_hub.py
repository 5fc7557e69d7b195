"""Live pictures: one for all, the newest for each, nothing while nobody looks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from threading import Event, Thread

import numpy as np
import pytest

from footfall.config.plan import GraphPlan, PrivacyMask
from footfall.core.types import Image
from footfall.live.hub import LiveHub
from footfall.live.view import NoPicture, Picture, View
from live.scene import counted, decoded, happened, learnt, noise, plan, somebody

FAST = 200.0
"""Pictures a second, so that tests need not wait."""
CELL_PX = 20
"""Of a mosaic in a picture 640 wide."""


@pytest.fixture
def hub() -> Iterator[LiveHub]:
    hub = LiveHub(fps=FAST)
    yield hub
    hub.shut()


@asynccontextmanager
async def running(
    tap: Callable[[object], None], *, image: Image | None = None, fps: float = 50.0
) -> AsyncIterator[None]:
    """A camera whose analyst is a thread of its own."""
    is_over = Event()

    def analyse() -> None:
        t_s = 10_000.0
        while not is_over.wait(1 / fps):
            t_s += 0.1
            tap(happened(t_s, somebody(), image=image, picture=image))

    thread = Thread(target=analyse)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        await asyncio.to_thread(thread.join)


async def first(hub: LiveHub, view: View, count: int = 1) -> list[Picture]:
    async with aclosing(hub.watch("front", view)) as pictures:
        return [picture async for picture, _ in numbered(pictures, count)]


async def numbered(pictures: AsyncIterator[Picture], count: int) -> AsyncIterator[tuple[Picture, int]]:
    number = 0
    async for picture in pictures:
        number += 1
        yield picture, number
        if number == count:
            return


def test_the_head_says_what_the_page_draws(hub: LiveHub) -> None:
    tap = hub.open("front", plan(masks=(PrivacyMask("desk", ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1))),)))
    tap(happened(1.0, insights=(counted(1.0, 2),)))
    tap(happened(2.5, somebody(0.1), somebody(0.7)))
    (picture,) = asyncio.run(first(hub, View.PRIVACY))
    length = int.from_bytes(picture.packed[:4], "big")
    assert picture.packed[4 + length :] == picture.jpeg
    assert json.loads(picture.packed[4 : 4 + length]) == picture.head
    assert picture.head == {
        "t": "2026-03-01T08:00:02.500Z",
        "view": "privacy",
        "size": [640, 360],
        "learnt": 0.0,
        "people": [
            {"box": [0.1, 0.4, 0.2, 0.8], "footprint": [0.15, 0.8], "zone_names": ["till"], "label": "cdef"},
            {"box": [0.7, 0.4, 0.8, 0.8], "footprint": [0.75, 0.8], "zone_names": [], "label": "cdef"},
        ],
        "zones": {"till": 2},
        "totals": {
            "lines": {"door": {"right": 0, "left": 0}},
            "zones": {"till": {"enters": 0, "exits": 0, "mean_dwell_s": None}},
        },
        "regions": {
            "lines": [{"name": "door", "points": [[0.6, 0.2], [0.6, 0.9]]}],
            "zones": [{"name": "till", "points": [[0.0, 0.5], [0.5, 0.5], [0.5, 1.0], [0.0, 1.0]]}],
            "masks": [{"name": "desk", "points": [[0.0, 0.0], [0.1, 0.0], [0.1, 0.1]]}],
        },
    }


def test_nobody_is_in_a_privacy_picture_wherever_they_go(hub: LiveHub) -> None:
    """A known place: whoever walks about in it changes not one pixel of the picture."""
    empty = np.full((180, 320, 3), 120, np.uint8)
    empty[:, ::20] = 60
    tap = learnt(hub, empty)
    before = asyncio.run(hub.still("front", View.PRIVACY))
    assert decoded(before).std() > 5
    for step in range(20):
        image = empty.copy()
        image[40:120, 14 * step : 14 * step + 40] = noise(step, (40, 80))
        people = (somebody(),) if step % 2 else ()
        tap(happened(10_000.0 + 2 * step, *people, image=image))
        assert asyncio.run(hub.still("front", View.PRIVACY)) == before


def test_an_unknown_place_is_a_mosaic(hub: LiveHub) -> None:
    tap = hub.open("front", plan())
    image = noise()
    for step in range(60):
        tap(happened(4.0 * step, image=image))
    picture = decoded(asyncio.run(hub.still("front", View.PRIVACY))).astype(float)
    assert picture.shape == (360, 640, 3)
    middles = picture[: 17 * CELL_PX].reshape(17, CELL_PX, 32, CELL_PX, 3)[:, 6:14, :, 6:14]
    assert middles.std(axis=(1, 3)).max() < 6, "within a cell there is only what JPEG adds"
    assert picture.std() > 3


def test_real_pictures_are_the_large_ones_and_only_while_somebody_looks(hub: LiveHub) -> None:
    tap = hub.open("front", plan())
    assert tap.picture_width_px() == 0
    large = noise(1, (1280, 720))

    async def look() -> None:
        async with aclosing(hub.watch("front", View.REAL)) as pictures:
            waiting = asyncio.ensure_future(anext(pictures))
            await asyncio.sleep(0.05)
            assert tap.picture_width_px() == 960
            tap(happened(1.0))
            await asyncio.sleep(0.05)
            assert not waiting.done(), "a frame from before the wish has no large picture"
            tap(happened(1.1, picture=large))
            assert decoded((await waiting).jpeg).shape == (540, 960, 3)
        assert tap.picture_width_px() == 0

    asyncio.run(look())
    assert hub._windows["front"]._frame is None, "no picture outlives those who look at it"


def test_where_nobody_can_make_large_pictures_the_analysed_ones_are_shown(hub: LiveHub) -> None:
    tap = hub.open("front", plan())

    async def look() -> None:
        async with running(tap):
            (picture,) = await first(hub, View.REAL)
        assert decoded(picture.jpeg).shape == (180, 320, 3)

    asyncio.run(look())


def test_ten_viewers_see_the_same_picture_made_once(hub: LiveHub) -> None:
    tap = hub.open("front", plan())

    async def look() -> None:
        async with running(tap, image=noise()):
            seen = await asyncio.gather(*(first(hub, View.REAL, 5) for _ in range(10)))
        for pictures in seen[1:]:
            assert len({id(picture) for picture in pictures} & {id(picture) for picture in seen[0]}) >= 3

    asyncio.run(look())


def test_a_slow_viewer_gets_the_newest_and_holds_up_nobody() -> None:
    hub = LiveHub(fps=20.0)
    tap = hub.open("front", plan())

    async def look() -> None:
        async with running(tap), aclosing(hub.watch("front", View.PRIVACY)) as slow:
            await anext(slow)
            others = await first(hub, View.PRIVACY, 15)
            assert (await anext(slow)).head["t"] >= others[-1].head["t"]

    asyncio.run(look())
    hub.shut()


def test_a_viewer_gets_no_more_pictures_a_second_than_allowed() -> None:
    hub = LiveHub(fps=10.0)
    tap = hub.open("front", plan())

    async def look() -> None:
        async with running(tap, fps=100.0):
            begun_s = time.monotonic()
            await first(hub, View.PRIVACY, 6)
            assert time.monotonic() - begun_s >= 0.45

    asyncio.run(look())
    hub.shut()


def test_a_camera_that_runs_by_a_new_plan_is_watched_on(hub: LiveHub) -> None:
    empty = np.full((180, 320, 3), 120, np.uint8)
    tap = learnt(hub, empty)

    async def look() -> None:
        async with aclosing(hub.watch("front", View.PRIVACY)) as pictures:
            assert (await anext(pictures)).head["learnt"] == 1.0
            tap(happened(8999.0, image=empty, insights=(counted(8999.0, 3),)))
            new = hub.open("front", plan())
            new(happened(9000.0, somebody(), image=empty))
            picture = await anext(pictures)
            while picture.head["t"] != "2026-03-01T10:30:00.000Z":
                picture = await anext(pictures)
            assert picture.head["learnt"] == 1.0
            assert picture.head["zones"] == {"till": 3}, "a region that stays counts on"

    asyncio.run(look())


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(plan(masks=(PrivacyMask("desk", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))),)), id="a new mask"),
        pytest.param(plan("rtsp://10.0.0.8/main"), id="another camera"),
    ],
)
def test_what_was_learnt_is_forgotten_with(other: GraphPlan, hub: LiveHub) -> None:
    old = learnt(hub, np.full((180, 320, 3), 120, np.uint8))
    tap = hub.open("front", other)
    tap(happened(9000.0))
    old(happened(9001.0))
    (picture,) = asyncio.run(first(hub, View.PRIVACY))
    assert picture.head["learnt"] == 0.0
    assert picture.head["t"] == "2026-03-01T10:30:00.000Z", "what the old graph still sees is not shown"


def test_the_end_of_a_camera_ends_its_viewers(hub: LiveHub) -> None:
    tap = hub.open("front", plan())
    tap(happened(1.0))

    async def look() -> None:
        async with aclosing(hub.watch("front", View.PRIVACY)) as pictures:
            await anext(pictures)
            await asyncio.to_thread(hub.close, "front")
            assert [picture async for picture in pictures] == []
        with pytest.raises(NoPicture, match="no camera front"):
            await hub.still("front", View.PRIVACY)

    asyncio.run(look())


def test_a_mistake_while_drawing_ends_the_viewers_instead_of_hanging_them(
    hub: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    tap = hub.open("front", plan())
    monkeypatch.setattr("footfall.live.window.head_of", lambda *_: {}["missing"])
    tap(happened(1.0))

    async def look() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
        async with aclosing(hub.watch("front", View.PRIVACY)) as pictures:
            assert [picture async for picture in pictures] == []

    asyncio.run(look())


@pytest.mark.parametrize("view", list(View))
def test_a_camera_that_sends_nothing_has_no_still(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.live.hub.STILL_S", 0.1)
    hub = LiveHub()
    hub.open("front", plan())
    with pytest.raises(NoPicture, match="front sends no picture now"):
        asyncio.run(hub.still("front", view))
    hub.shut()


def test_the_analyst_is_never_held_up_by_a_loop_that_is_gone(hub: LiveHub) -> None:
    tap = hub.open("front", plan())
    tap(happened(1.0))

    async def leave() -> None:
        pictures = hub.watch("front", View.PRIVACY)
        await anext(pictures)
        LEFT.append(pictures)

    LEFT: list[object] = []
    asyncio.run(leave())
    tap(happened(2.0))

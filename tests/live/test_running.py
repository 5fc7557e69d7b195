"""Live pictures of a camera that runs: the whole path from the decoder to viewers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan, OnEnd, Pace, Plan, PrivacyMask, SourceSpec, pipeline
from footfall.core.errors import ConfigError
from footfall.core.types import Packet
from footfall.live.hub import LiveHub
from footfall.live.view import View
from footfall.runtime.options import Options, Taps
from footfall.runtime.runtime import Runtime
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.regions import CountRule, SpatialSpec, Zone
from live.scene import decoded
from servers.serve import until

ALL = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
RIGHT = PrivacyMask("right", ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_scene(SceneSpec(duration_s=2.0, fps=8.0, size_px=(640, 360), people=4), folder)
    return folder / "clip.mp4"


def camera(clip: Path, *masks: PrivacyMask) -> GraphPlan:
    """The clip as a camera: in real time, for ever."""
    spatial = SpatialSpec((Zone("all", ALL, (CountRule(),)),))
    (graph,) = plan_for_target(str(clip), spatial=spatial, source_id="shop", model="motion").graphs
    specs = [
        replace(spec, on_end=OnEnd.LOOP, pace=Pace.REALTIME, masks=masks) if isinstance(spec, SourceSpec) else spec
        for spec in (node.spec for node in graph.nodes)
    ]
    return replace(graph, nodes=pipeline(specs))


class Running:
    """One camera with a hub."""

    def __init__(self, plan: GraphPlan, folder: Path) -> None:
        self.hub = LiveHub()
        tap = self.hub.open("shop", plan)
        taps = Taps(on_happened=tap, picture_width_px=tap.picture_width_px)
        options = Options(folder, folder / "outbox", taps=lambda _: taps)
        self.runtime = Runtime(Plan((plan,), (f"jsonl:{folder}/events.jsonl",)), options)
        self.runtime.start()

    def close(self) -> None:
        self.runtime.close()
        self.hub.shut()


@pytest.fixture(scope="module")
def running(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(camera(shop, RIGHT), tmp_path_factory.mktemp("run"))
    yield running
    running.close()


def test_a_real_still_is_as_large_as_the_camera_s_picture_and_masked(running: Running) -> None:
    picture = decoded(asyncio.run(running.hub.still("shop", View.REAL)))
    assert picture.shape == (360, 640, 3)
    assert picture[:, :310].std() > 20
    assert picture[:, 330:].max() <= 12, "but for what JPEG adds"


def test_people_are_in_the_head_and_not_behind_the_mask(running: Running) -> None:
    async def look() -> list[dict[str, object]]:
        people: list[dict[str, object]] = []
        async with asyncio.timeout(60.0), aclosing(running.hub.watch("shop", View.PRIVACY)) as pictures:
            async for picture in pictures:
                people += picture.head["people"]
                if len(people) > 10:
                    break
        return people

    for person in asyncio.run(look()):
        x0, y0, _, y1 = person["box"]  # type: ignore[misc]
        assert x0 < 0.52  # type: ignore[has-type]
        assert 0 <= y0 < y1 <= 1  # type: ignore[has-type]


def test_nobody_looks_and_no_large_picture_is_made(running: Running) -> None:
    until(lambda: running.hub._windows["shop"].wanted_px() == 0, "nobody wants a large picture")
    assert running.hub._windows["shop"]._frame is None


def test_packets_of_a_masked_camera_are_not_recorded(shop: Path, tmp_path: Path) -> None:
    plan = camera(shop, RIGHT)
    kept: list[Packet] = []
    options = Options(tmp_path, tmp_path / "outbox", taps=lambda _: Taps(on_packet=kept.append))
    runtime = Runtime(Plan((plan,), (f"jsonl:{tmp_path}/events.jsonl",)), options)
    with pytest.raises(ConfigError, match="privacy masks"):
        runtime.start()
    runtime.close()
    assert not kept


def test_nobody_is_found_behind_a_mask(shop: Path, tmp_path: Path) -> None:
    """All is masked: the detector sees black, and no event names a person."""
    whole = PrivacyMask("all", ALL)
    running = Running(camera(shop, whole), tmp_path)
    metrics = running.runtime.supervisor.runners[0].metrics
    until(lambda: metrics.counts["frames_analysed"] > 10, "frames are analysed")
    running.close()
    events = (tmp_path / "events.jsonl").read_text() if (tmp_path / "events.jsonl").exists() else ""
    assert '"detections":[{' not in events.replace(" ", "")

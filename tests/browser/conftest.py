"""A real browser, a real service, a simulated camera; nothing is mocked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from browser.windows import COUNTED_MS, PATIENCE_MS, OpenWindow, Window
from footfall.simulator.rtsp import RtspCamera
from footfall.simulator.scene import SceneSpec, write_scene
from servers.footfall_serve import ADMIN, PASSWORD, Api, FootfallServe, wait_until
from servers.rtsp import rtsp_ready

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SHOP = """\
fps: 10
service: {{tracks_hours: 1}}
occupancy:
  - {{name: shop, doors: [front/hall+]}}
cameras:
  - name: front
    url: {url}
    lines:
      - {{name: hall, points: [[0.06, 0.49], [0.9, 0.49]], names: {{right: in, left: out}}}}
    zones:
      - {{name: lounge, points: [[0.63, 0.52], [0.87, 0.52], [0.99, 0.75], [0.67, 0.75]]}}
"""

__all__ = ["rtsp_ready"]


@pytest.fixture(scope="session")
def hall_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People who walk through a hall, and some who sit down."""
    folder = tmp_path_factory.mktemp("hall")
    write_scene(SceneSpec(story="lobby", duration_s=10.0, fps=10.0, size_px=(640, 360), people=6), folder)
    return folder / "clip.mp4"


@pytest.fixture(scope="session")
def camera(rtsp_ready: None, hall_clip: Path) -> Iterator[RtspCamera]:
    with RtspCamera(hall_clip) as running:
        yield running


@pytest.fixture(scope="session")
def shop(camera: RtspCamera, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FootfallServe]:
    """A service with an admin, a camera that counts, and some events."""
    folder = tmp_path_factory.mktemp("shop")
    config = folder / "footfall.yaml"
    config.write_text(SHOP.format(url=camera.url))
    with FootfallServe(folder, config) as service:
        api = Api(service)
        api.ask(
            "POST", "setup", {"token": service.setup_link().partition("token=")[2], "name": ADMIN, "password": PASSWORD}
        )
        api.log_in()
        wait_until(lambda: len(api.ask("GET", "events?type=personLineEvent")["events"]) > 0, COUNTED_MS / 1000)
        yield service
        api.close()


@pytest.fixture(scope="session")
def api(shop: FootfallServe) -> Iterator[Api]:
    """Of the shop, as its admin."""
    found = Api(shop).log_in()
    yield found
    found.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        message = f"no {CHROMIUM}: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=PATIENCE_MS)
    # Of a module, not of the session: while Playwright runs, no other loop can run in this thread.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, timeout=COUNTED_MS)
        yield browser
        browser.close()


@pytest.fixture
def open_window(chromium: Browser) -> Iterator[OpenWindow]:
    """Opens windows; at the end nothing may have been said in the console of any."""
    windows: list[Window] = []
    with ExitStack() as stack:

        def opened(url: str, size: str = "wide", api: Api | None = None) -> Page:
            windows.append(stack.enter_context(Window(chromium, url, size, api)))
            return windows[-1].page

        yield opened
    assert [said for window in windows for said in window.said] == []

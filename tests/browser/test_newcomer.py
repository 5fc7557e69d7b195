"""From nothing to the first count, as somebody does it who has never seen footfall."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.pictures import picture
from browser.windows import COUNTED_MS, OpenWindow
from footfall.simulator.rtsp import RtspCamera
from servers.footfall_serve import ADMIN, PASSWORD, FootfallServe

HALL = ((0.06, 0.49), (0.9, 0.49))
"""Across the simulated hall, shares of the picture."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[FootfallServe]:
    with FootfallServe(tmp_path) as running:
        yield running


@pytest.mark.slow
def test_from_the_link_to_the_first_count(
    service: FootfallServe, camera: RtspCamera, open_window: OpenWindow, capsys: pytest.CaptureFixture[str]
) -> None:
    start_s = time.monotonic()
    page = open_window(service.setup_link())
    set_up(page)
    add_camera(page, camera.url)
    draw_by_mouse(page)
    draw_by_keyboard(page)
    save(page)
    keep_tracks(page)
    add_place(page)
    read_count(page)
    took_s = time.monotonic() - start_s
    with capsys.disabled():
        print(f"\nnewcomer: {took_s:.1f} s from the set-up link to the first count")  # noqa: T201


def set_up(page: Page) -> None:
    page.get_by_label("Your name").fill(ADMIN)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    picture(page, "set-up")
    page.get_by_role("button", name="Set up").click()


def add_camera(page: Page, url: str) -> None:
    page.get_by_label("Address").fill(url)
    works = page.get_by_text("This works")
    for _ in range(20):  # on a busy machine six seconds may be too few for a camera
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_role("button", name="Try it")).to_be_enabled()
        if works.is_visible():
            break
    expect(works).to_be_visible()
    page.get_by_label("Name", exact=True).fill("front")
    picture(page, "add-camera")
    page.get_by_role("button", name="Add camera").click()


def draw_by_mouse(page: Page) -> None:
    """Press where the line begins, draw, let go."""
    page.get_by_role("button", name="Line", exact=True).click()
    box = page.get_by_role("group", name="Picture with lines and zones").bounding_box()
    assert box is not None
    (x0, y0), (x1, y1) = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in HALL]
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=5)
    page.mouse.up()
    page.get_by_label("Name", exact=True).fill("hall")
    page.get_by_label("Along the full arrow").fill("in")
    page.get_by_label("The other way").fill("out")


def draw_by_keyboard(page: Page) -> None:
    """A second line: Enter puts one into the middle, arrow keys move it."""
    page.get_by_role("button", name="Line", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Press for each point")).to_be_focused()
    page.keyboard.press("Enter")
    line = page.get_by_role("button", name="Line line")
    line.focus()
    drawn = line.locator(".stroke").first
    before = drawn.get_attribute("points") or ""
    page.keyboard.press("Shift+ArrowDown")
    expect(drawn).not_to_have_attribute("points", before)
    page.keyboard.press("Delete")
    expect(line).to_have_count(0)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def keep_tracks(page: Page) -> None:
    """On the page where a drawing has just been saved: the configuration is newer than when the page was opened."""
    page.get_by_role("button", name="Keep tracks from now on").click()
    expect(page.get_by_text("They are kept from now on.").or_(page.get_by_text("Beside each region"))).to_be_visible()


def add_place(page: Page) -> None:
    page.get_by_role("link", name="Places").click()
    page.get_by_role("button", name="Add place").click()
    dialog = page.get_by_role("dialog", name="New place")
    expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
    dialog.get_by_label("Name", exact=True).fill("shop")
    dialog.get_by_label("hall (front)", exact=True).check()
    expect(dialog.get_by_role("combobox", name="Into the place")).to_have_value("right")
    dialog.get_by_role("button", name="Add place").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name="shop")).to_be_visible()


def read_count(page: Page) -> None:
    page.get_by_role("link", name="Numbers").click()
    row = page.get_by_role("row", name="front / hall: in")
    expect(row).to_contain_text("1", timeout=COUNTED_MS)

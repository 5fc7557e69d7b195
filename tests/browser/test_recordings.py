"""Recordings are deleted on the page: one, and all of a time; by keyboard, narrow and wide."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.test_pages import DRAWN, SETTLED, TOO_WIDE, axe, violations
from browser.windows import SIZES, OpenWindow
from servers.footfall_serve import Api, FootfallServe

__all__ = ["axe"]
WHO, THEIRS = "otto", "a third battery horse"
RIGHTS = {"role": "operator", "cameras": ["front"], "real_pixels": True}
BEGAN = ("20260302T100000Z", "20260302T110000Z", "20260302T120000Z")


@pytest.fixture(scope="module")
def operator(shop: FootfallServe, api: Api) -> Iterator[Api]:
    api.ask("POST", "users", {"name": WHO, "password": THEIRS, **RIGHTS})
    found = Api(shop).log_in(WHO, THEIRS)
    yield found
    found.close()


@pytest.fixture
def folder(shop: FootfallServe, hall_clip: Path) -> Iterator[Path]:
    """Three recordings of a quarter of an hour each, and one that grows."""
    folder = shop.folder / "data" / "recordings" / "front"
    folder.mkdir()
    for began in BEGAN:
        file = folder / f"front-{began}.mp4"
        shutil.copy(hall_clip, file)
        os.utime(file, (datetime.strptime(began, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp() + 900,) * 2)
    (folder / ".front-20260302T130000Z.mp4.part").write_bytes(b"x")
    yield folder
    shutil.rmtree(folder)


def for_everybody(page: Page, part: Locator, axe: str) -> None:
    expect(part).to_be_visible()
    page.evaluate(axe)
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(DRAWN)
            assert page.evaluate(TOO_WIDE) <= 0, name
            assert violations(page) == [], f"{name}, {theme}"
    page.emulate_media(color_scheme="light")


def whole(folder: Path) -> list[str]:
    return sorted(file.name[6:-4] for file in folder.glob("front-*.mp4"))


@pytest.mark.slow
def test_one_is_deleted_by_keyboard(
    shop: FootfallServe, operator: Api, folder: Path, open_window: OpenWindow, axe: str
) -> None:
    page = open_window(f"{shop.url}/#/recordings", api=operator, size="narrow")
    page.wait_for_function(SETTLED)
    for_everybody(page, page.get_by_role("region", name="Recordings, newest first"), axe)
    middle = page.get_by_role("button", name="Delete the recording of front, 2026-03-02 12:00:00")
    middle.focus()
    page.keyboard.press("Enter")
    asked = page.get_by_role("dialog", name="Delete this recording?")
    for_everybody(page, asked, axe)
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(middle).to_be_focused()
    assert whole(folder) == list(BEGAN)
    page.keyboard.press("Enter")
    asked.get_by_role("button", name="Delete it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Deleted: 1 recording")).to_be_visible()
    expect(middle).to_have_count(0)
    assert whole(folder) == [BEGAN[0], BEGAN[2]]


@pytest.mark.slow
def test_all_of_a_time_are_counted_first(
    shop: FootfallServe, api: Api, operator: Api, folder: Path, open_window: OpenWindow, axe: str
) -> None:
    page = open_window(f"{shop.url}/#/recordings", api=operator)
    page.get_by_role("button", name="Delete by time").click()
    dialog = page.get_by_role("dialog", name="Delete by time")
    for_everybody(page, dialog, axe)
    dialog.get_by_label("Camera").select_option("front")
    dialog.get_by_label("From").fill("2026-03-02T09:00")
    dialog.get_by_label("Until").fill("2026-03-02T08:00")
    expect(dialog.get_by_text("The end has to be after the beginning.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Count them")).to_be_disabled()
    dialog.get_by_label("Until").fill("2026-03-02T10:00")
    dialog.get_by_role("button", name="Count them").click()
    expect(dialog.get_by_text("There is no complete recording of this time.")).to_be_visible()
    dialog.get_by_label("From").fill("2026-03-02T11:14")
    dialog.get_by_label("Until").fill("2030-01-01T00:00")
    dialog.get_by_role("button", name="Count them").click()
    asked = page.get_by_role("dialog", name="Delete 3 recordings?")
    expect(asked.get_by_text("1 recording of this time is still being written")).to_be_visible()
    for_everybody(page, asked, axe)
    asked.get_by_role("button", name="Cancel").click()
    dialog.get_by_label("From").fill("2026-03-02T11:16")
    dialog.get_by_role("button", name="Count them").click()
    page.get_by_role("dialog", name="Delete 2 recordings?").get_by_role("button", name="Delete 2 recordings").click()
    expect(page.get_by_text("Deleted: 2 recordings")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    assert whole(folder) == [BEGAN[0]]
    entries = api.ask("GET", "audit")["entries"]
    told = next(one for one in entries if one["what"] == "recordings-deleted")
    assert told["who"] == WHO
    assert "front" in told["about"]
    assert api.ask("GET", "audit/verify")["is_whole"]


@pytest.mark.slow
def test_an_admin_deletes_without_seeing(shop: FootfallServe, api: Api, folder: Path, open_window: OpenWindow) -> None:
    page = open_window(f"{shop.url}/#/recordings", api=api)
    expect(page.get_by_text("Recordings are not open to you.")).to_be_visible()
    page.get_by_role("button", name="Delete by time").click()
    dialog = page.get_by_role("dialog", name="Delete by time")
    dialog.get_by_label("From").fill("2026-03-02T00:00")
    dialog.get_by_label("Until").fill("2026-03-03T00:00")
    dialog.get_by_role("button", name="Count them").click()
    page.get_by_role("button", name="Delete 3 recordings").click()
    expect(page.get_by_text("Deleted: 3 recordings")).to_be_visible()
    assert whole(folder) == []

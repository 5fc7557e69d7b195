"""A place is added, changed and removed on the page; who was slower than somebody else is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.test_pages import axe
from browser.test_recordings import for_everybody
from browser.windows import Window
from servers.footfall_serve import Api, FootfallServe

__all__ = ["axe"]


@pytest.fixture
def desk(chromium: Browser, shop: FootfallServe, api: Api) -> Iterator[Window]:
    with Window(chromium, f"{shop.url}/#/places", "wide", api) as window:
        yield window


def doors_of(api: Api, place: str) -> list[tuple[str, list[str]]]:
    found = next(one for one in api.ask("GET", "places")["places"] if one["name"] == place)
    return [(door["region"], door["inward"]) for door in found["doors"]]


def edit_beside(api: Api) -> None:
    """Somebody else saves the configuration."""
    config = api.ask("GET", "config")
    api.ask("PUT", "config", {"text": f"{config['text']}# seen\n"}, **{"If-Match": str(config["version"])})


def open_change(page: Page) -> None:
    page.get_by_role("button", name="Change yard").click()
    expect(
        page.get_by_role("dialog", name="Change yard").get_by_label("lounge (front, zone)", exact=True)
    ).to_be_visible()


@pytest.mark.slow
def test_a_place_comes_changes_and_goes(desk: Window, api: Api, axe: str) -> None:
    page, before = desk.page, api.ask("GET", "config")["text"]
    page.get_by_role("button", name="Add place").click()
    new = page.get_by_role("dialog", name="New place")
    new.get_by_label("Name", exact=True).fill("yard")
    new.get_by_label("lounge (front, zone)", exact=True).check()
    expect(new.get_by_role("combobox", name="Into the place")).to_have_value("right")
    new.get_by_role("button", name="Add place").click()
    expect(page.get_by_role("heading", name="yard")).to_be_visible()
    assert doors_of(api, "yard") == [("lounge", ["right", "enter"])]

    open_change(page)
    change = page.get_by_role("dialog", name="Change yard")
    expect(change.get_by_label("lounge (front, zone)", exact=True)).to_be_checked()
    change.get_by_label("hall (front)", exact=True).check()
    change.get_by_role("combobox", name="Into the place over hall (front)").select_option("left")
    change.get_by_label("lounge (front, zone)", exact=True).uncheck()
    change.get_by_label("Name", exact=True).fill("court")
    expect(change.get_by_text("Under another name it begins anew")).to_be_visible()
    for_everybody(page, change, axe)
    change.get_by_label("Name", exact=True).fill("yard")
    change.get_by_role("button", name="Save").click()
    expect(change).to_have_count(0)
    assert doors_of(api, "yard") == [("hall", ["left", "exit"])]

    open_change(page)
    change.get_by_role("button", name="Remove place").click()
    asked = page.get_by_role("dialog", name="Remove yard?")
    for_everybody(page, asked, axe)
    asked.get_by_role("button", name="Cancel").click()
    change.get_by_role("button", name="Remove place").click()
    asked.get_by_role("button", name="Remove place").click()
    expect(page.get_by_role("heading", name="yard")).to_have_count(0)
    expect(page.get_by_role("heading", name="shop")).to_be_visible()
    assert api.ask("GET", "config")["text"] == before
    assert desk.said == []


@pytest.mark.slow
def test_who_was_slower_saves_and_removes_nothing(desk: Window, api: Api) -> None:
    page, doors = desk.page, doors_of(api, "shop")
    page.get_by_role("button", name="Change shop").click()
    change = page.get_by_role("dialog", name="Change shop")
    change.get_by_label("lounge (front, zone)", exact=True).check()
    edit_beside(api)
    change.get_by_role("button", name="Save").click()
    expect(change.get_by_text("Somebody else was faster")).to_be_visible()
    change.get_by_role("button", name="Remove place").click()
    asked = page.get_by_role("dialog", name="Remove shop?")
    asked.get_by_role("button", name="Remove place").click()
    expect(asked.get_by_text("Somebody else was faster")).to_be_visible()
    assert doors_of(api, "shop") == doors
    assert [line for line in desk.said if "409" not in line] == []

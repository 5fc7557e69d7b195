"""Every page, narrow and wide, light and dark: fits the window, says nothing in the console, can be used by all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.pictures import picture
from browser.windows import COUNTED_MS, SETTLED, SIZES, OpenWindow, Window
from servers.footfall_serve import Api, FootfallServe, wait_until

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
BAD = {"serious", "critical"}
PAGES = {
    "live": "live",
    "live-one": "live/front",
    "numbers": "numbers",
    "visits": "numbers?view=visits",
    "heat-map": "numbers?view=heat",
    "compare": "numbers?view=compare",
    "download": "numbers?view=download",
    "places": "places",
    "events": "events",
    "event": "events/{event}",
    "recordings": "recordings",
    "cameras": "cameras",
    "camera-add": "cameras/add",
    "camera-edit": "cameras/front/edit",
    "regions": "cameras/front/regions",
    "accuracy": "accuracy",
    "audit-moment": "accuracy/{audit}",
    "configuration": "configuration",
    "history": "configuration?view=history",
    "users": "users",
    "tokens": "tokens",
    "audit-log": "audit",
    "system": "system",
    "account": "account",
}
DRAWN = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await Promise.allSettled(document.getAnimations().map((one) => one.finished));
}"""
"""The window shows what it is to show; no colour is on its way."""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

HIDDEN_TABS = """[...document.querySelectorAll('[role="tab"][aria-selected="true"]')].filter((tab) => {
    const [own, seen] = [tab.getBoundingClientRect(), tab.parentElement.getBoundingClientRect()];
    return own.left < seen.left - 1 || own.right > seen.right + 1;
}).map((tab) => tab.textContent)"""
"""Chosen tabs that are not in sight."""
OVERLAPS = """[...document.querySelectorAll('.choices .field > :is(input, select)')].flatMap((one, at, all) => {
    const a = one.getBoundingClientRect();
    return all.slice(at + 1).map((other) => other.getBoundingClientRect())
        .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        .map(() => one.labels[0].textContent);
})"""
"""Labels of what one chooses by and that lies over something else to choose by."""


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        message = f"no {AXE}: run `npm ci` in web/"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return AXE.read_text()


@pytest.fixture(scope="module")
def names(api: Api) -> dict[str, str]:
    """Of what pages are about, as soon as the people are recorded who explain it: piece by piece."""
    event = api.ask("GET", "events?type=personLineEvent&limit=1")["events"][0]
    audits: list[dict[str, Any]] = []

    def start() -> bool:
        system = api.ask("GET", "system")
        wanted = {"camera": "front", "from": system["started_at"], "to": system["now"], "moments": 4}
        with suppress(AssertionError):
            api.ask("GET", f"events/{event['id']}/track")
            audits.append(api.ask("POST", "accuracy", wanted))
        return bool(audits)

    wait_until(start, COUNTED_MS / 1000)
    return {"event": event["id"], "audit": audits[0]["id"]}


@pytest.fixture(scope="module")
def tour(chromium: Browser, shop: FootfallServe, api: Api, axe: str) -> Iterator[Window]:
    """One window for all pages, as people use it."""
    with Window(chromium, shop.url, "narrow", api) as window:
        window.page.wait_for_function(SETTLED)
        window.page.evaluate(axe)
        yield window


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_is_for_everybody(name: str, shop: FootfallServe, names: dict[str, str], tour: Window) -> None:
    tour.said.clear()
    page = tour.visit(f"{shop.url}/#/{PAGES[name].format(**names)}")
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
        assert page.evaluate(TOO_WIDE) <= 0, f"{size}: wider than the window"
        assert (page.evaluate(HIDDEN_TABS), page.evaluate(OVERLAPS)) == ([], []), size
        picture(page, name)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(DRAWN)
            is_new = (size, theme) in {("narrow", "light"), ("wide", "dark")}
            assert violations(page, "all" if is_new else "colours") == [], f"{size}, {theme}"
        page.emulate_media(color_scheme="light")
    assert tour.said == []


@pytest.mark.slow
@pytest.mark.parametrize("where", ["", "#/setup?token=none"])
def test_a_door_is_for_everybody(where: str, shop: FootfallServe, axe: str, open_window: OpenWindow) -> None:
    page = open_window(f"{shop.url}/{where}", size="narrow")
    expect(page.get_by_role("button").first).to_be_visible()
    page.evaluate(axe)
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) <= 0


def violations(page: Page, rules: str = "all") -> list[tuple[str, str]]:
    """What axe finds serious or critical: rule and element."""
    options = "{resultTypes: ['violations']}" if rules == "all" else "{runOnly: ['color-contrast']}"
    found: list[dict[str, Any]] = page.evaluate(f"axe.run({options})")["violations"]
    bad = [(one["id"], one["nodes"][0]) for one in found if one["impact"] in BAD]
    return [(rule, f"{node['html'][:200]} {node['failureSummary']}") for rule, node in bad]

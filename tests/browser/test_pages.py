"""Every page, narrow and wide, light and dark: fits the window, says nothing in the console, can be used by all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import SIZES
from browser.pictures import picture
from servers.footfall_serve import Api, FootfallServe

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
SETTLED = "() => document.querySelector('h1') && !document.querySelector('.spinner')"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
    """Of what pages are about."""
    event = api.ask("GET", "events?type=personLineEvent&limit=1")["events"][0]
    now = api.ask("GET", "system")["now"]
    day = now[:10]
    audit = api.ask("POST", "accuracy", {"camera": "front", "from": f"{day}T00:00:00Z", "to": now, "moments": 4})
    return {"event": event["id"], "audit": audit["id"]}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_is_for_everybody(  # type: ignore[no-untyped-def]
    name: str, shop: FootfallServe, api: Api, names: dict[str, str], axe: str, open_window
) -> None:
    page: Page = open_window(f"{shop.url}/#/{PAGES[name].format(**names)}", api=api)
    page.wait_for_function(SETTLED)
    page.evaluate(axe)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(60)
        assert page.evaluate(TOO_WIDE) <= 0, f"{size}: wider than the window"
        picture(page, name)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], f"{size}, {theme}"
        page.emulate_media(color_scheme="light")


@pytest.mark.slow
@pytest.mark.parametrize("where", ["", "#/setup?token=none"])
def test_a_door_is_for_everybody(where: str, shop: FootfallServe, axe: str, open_window) -> None:  # type: ignore[no-untyped-def]
    page: Page = open_window(f"{shop.url}/{where}", size="narrow")
    expect(page.get_by_role("button").first).to_be_visible()
    page.evaluate(axe)
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) <= 0


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds serious or critical: rule and element."""
    found: list[dict[str, Any]] = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in BAD]

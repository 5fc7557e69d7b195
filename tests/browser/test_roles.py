"""What somebody who may only look gets to see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.windows import OpenWindow
from servers.footfall_serve import Api, FootfallServe

VIEWER, THEIRS = "ben", "another horse battery"


@pytest.fixture(scope="module")
def viewer(shop: FootfallServe, api: Api) -> Iterator[Api]:
    rights = {"role": "viewer", "cameras": ["front"], "real_pixels": False}
    api.ask("POST", "users", {"name": VIEWER, "password": THEIRS, **rights})
    found = Api(shop).log_in(VIEWER, THEIRS)
    yield found
    found.close()


@pytest.mark.slow
def test_a_viewer_looks_and_changes_nothing(shop: FootfallServe, viewer: Api, open_window: OpenWindow) -> None:
    page = open_window(f"{shop.url}/#/live", api=viewer)
    menu = page.get_by_role("navigation", name="Main")
    expect(menu.get_by_role("link", name="Numbers")).to_be_visible()
    for hidden in ("Configuration", "Users", "API tokens", "Audit log", "System", "Recordings"):
        expect(menu.get_by_role("link", name=hidden)).to_have_count(0)
    page.goto(f"{shop.url}/#/cameras/front/regions")
    expect(page.get_by_role("heading", name="front")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("toolbar", name="Draw")).to_have_count(0)
    page.goto(f"{shop.url}/#/places")
    expect(page.get_by_role("heading", name="shop")).to_be_visible()
    expect(page.get_by_role("button", name="I counted")).to_have_count(0)


@pytest.mark.slow
def test_a_viewer_never_gets_a_real_picture(shop: FootfallServe, viewer: Api, open_window: OpenWindow) -> None:
    page = open_window(f"{shop.url}/#/live/front", api=viewer)
    expect(page.get_by_role("img", name="front, live")).to_be_visible()
    expect(page.get_by_text("Real picture")).to_have_count(0)
    still = page.request.get(f"{shop.url}/api/v1/cameras/front/still?view=real")
    assert still.status == 403
    assert page.request.get(f"{shop.url}/api/v1/cameras/front/still?view=privacy").ok

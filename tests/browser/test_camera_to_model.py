"""From a camera to a model and back, on the page: pictures with consent, a training, a comparison, a switch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import SHOP
from browser.pictures import picture
from browser.test_pages import DRAWN, TOO_WIDE, axe, violations
from browser.windows import SETTLED, SIZES, OpenWindow, Window
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from footfall.simulator.rtsp import RtspCamera
from servers.footfall_serve import ADMIN, PASSWORD, START_S, Api, FootfallServe, wait_until

pytest.importorskip("onnx", reason="needs footfall[customvision]")
from takeaways import colour_teller

pytestmark = pytest.mark.slow

PROJECT = "coats"
COMPACT = "0732100f-1a38-4e49-a514-c9b44c697ab5"
TAGS = ("coat:red", "coat:blue")
OF_EACH, LATER = 5, 2
OLD = make_bundle(
    colour_teller(), ("coat:blue", "other", "coat:red"), Kind.MULTICLASS, "1", datetime(2026, 11, 21, tzinfo=UTC), None
)
"""Tells red from blue, but names them the wrong way round."""
CONSENT = "Works agreement 12/2026, notice at the gate"
CAP, A_DAY = 16, 50
"""In all, which no midnight changes, and what a day allows by itself."""
TAKEN_MS, TRAINED_S = 240_000.0, 400.0

__all__ = ["axe"]


@dataclass(frozen=True, slots=True)
class Studio:
    """A service with a camera and Custom Vision, and its admin."""

    service: FootfallServe
    api: Api
    folder: Path
    project: str

    def ask(self, method: str, where: str, body: object = None) -> Any:
        """By the training API."""
        return self.api.ask(method, f"{self.service.url}/customvision/v3.4-preview/training/{where}", body)


@pytest.fixture(scope="module")
def studio(camera: RtspCamera, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    config = folder / "footfall.yaml"
    (folder / "old.zip").write_bytes(OLD)
    config.write_text(f"attributes: {folder / 'old.zip'}\n" + SHOP.format(url=camera.url))
    with FootfallServe(folder, config, more=("--customvision",)) as service:
        api = Api(service)
        token = service.setup_link().partition("token=")[2]
        api.ask("POST", "setup", {"token": token, "name": ADMIN, "password": PASSWORD})
        api.log_in().ask("PUT", f"users/{ADMIN}", {"real_pixels": True})
        api.log_in()
        made = api.ask(
            "POST", f"{service.url}/customvision/v3.4-preview/training/projects?name={PROJECT}&domainId={COMPACT}"
        )
        yield Studio(service, api, folder, made["id"])
        api.close()


@pytest.fixture(scope="module")
def desk(chromium: Browser, studio: Studio) -> Iterator[Window]:
    """One window for everything, as people use it."""
    with Window(chromium, studio.service.url, "wide", studio.api) as window:
        window.page.wait_for_function(SETTLED)
        yield window
        assert window.said == []


def visit(window: Window, studio: Studio, where: str) -> Page:
    return window.visit(f"{studio.service.url}/#/{where}")


def for_everybody(page: Page, part: Locator, name: str, axe: str) -> None:
    """Narrow and wide, light and dark: nothing is wider than the window, nothing offends."""
    page.evaluate(axe)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        page.evaluate(DRAWN)
        assert page.evaluate(TOO_WIDE) <= 0, f"{size}: wider than the window"
        picture(page, name, part)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(DRAWN)
            is_new = (size, theme) in {("narrow", "light"), ("wide", "dark")}
            assert violations(page, "all" if is_new else "colours") == [], f"{size}, {theme}"
    page.emulate_media(color_scheme="light")
    width, height = SIZES["wide"]
    page.set_viewport_size({"width": width, "height": height})


@pytest.fixture(scope="module")
def kept(desk: Window, studio: Studio, axe: str) -> None:
    """Switched on by the page: asked for consent, it keeps pictures until the cap is reached."""
    page = visit(desk, studio, "cameras/front/edit")
    expect(page.get_by_text("No picture of this camera is kept.")).to_be_visible()
    page.get_by_role("button", name="Keep pictures …").press("Enter")
    dialog = page.get_by_role("dialog", name="Keep pictures of front")
    keep = dialog.get_by_role("button", name="Keep pictures")
    expect(dialog.get_by_label("Who says so")).to_have_value(ADMIN)
    dialog.get_by_label("Seconds between two").fill("1")
    dialog.get_by_label("At most in all").fill(str(CAP))
    expect(dialog.get_by_text(f"at most {A_DAY} pictures a day and {CAP} in all")).to_be_visible()
    expect(keep).to_be_disabled()
    dialog.get_by_label("What was agreed with those who are filmed").fill(CONSENT)
    expect(keep).to_be_disabled()
    dialog.get_by_label("Those who are filmed have agreed").press("Space")
    for_everybody(page, dialog, "snapshots-consent", axe)
    keep.press("Enter")
    expect(dialog).to_be_hidden(timeout=TAKEN_MS)
    expect(page.get_by_text("The cap is reached: no more are taken")).to_be_visible(timeout=TAKEN_MS)


def test_pictures_are_kept_with_consent_up_to_the_cap(desk: Window, studio: Studio, kept: None, axe: str) -> None:
    page = visit(desk, studio, "cameras/front/edit")
    expect(page.get_by_text(f"{CAP} of {CAP}", exact=True)).to_be_visible()
    expect(page.get_by_text(CONSENT)).to_be_visible()
    for_everybody(page, page.get_by_role("region", name="Pictures to learn from"), "snapshots", axe)
    state = studio.api.ask("GET", "cameras/front/snapshots")
    assert (state["state"], state["in_all"], state["untagged"]) == ("full", CAP, CAP)
    assert len(studio.ask("GET", f"projects/{studio.project}/images/untagged?take=64")) == CAP


def test_whose_word_it_was_is_in_the_history_and_in_the_audit_log(studio: Studio, kept: None) -> None:
    version = studio.api.ask("GET", "config/versions?limit=1")["versions"][0]
    assert (version["author"], version["comment"]) == (ADMIN, f"pictures of front are kept for {PROJECT}")
    told = {entry["what"]: entry for entry in studio.api.ask("GET", "audit?limit=200")["entries"]}
    assert told["snapshots-changed"]["who"] == ADMIN
    assert CONSENT in told["snapshots-on"]["about"]


def test_they_are_tagged_where_all_pictures_are(desk: Window, studio: Studio, kept: None) -> None:
    page = visit(desk, studio, "cameras/front/edit")
    page.get_by_role("link", name="Tag them").click()
    expect(page.get_by_role("heading", name=PROJECT)).to_be_visible()
    expect(page.get_by_text(f"{CAP} pictures", exact=True)).to_be_visible()


@pytest.fixture(scope="module")
def iteration(studio: Studio, kept: None) -> str:
    """Trained with five of the reddest and five of the bluest; two more of each are tagged after it."""
    where = f"projects/{studio.project}"
    tags = [studio.ask("POST", f"{where}/tags?name={tag}")["id"] for tag in TAGS]
    images = sorted(studio.ask("GET", f"{where}/images/untagged?take=64"), key=redness, reverse=True)
    ids = [image["id"] for image in images]
    coats = {tags[0]: ids[: OF_EACH + LATER], tags[1]: ids[-OF_EACH - LATER :]}
    tag_all(studio, {one: tag for tag, some in coats.items() for one in some[LATER:]})
    made = studio.ask("POST", f"{where}/train")
    wait_until(lambda: studio.ask("GET", f"{where}/iterations/{made['id']}")["status"] != "Training", TRAINED_S)
    assert studio.ask("GET", f"{where}/iterations/{made['id']}")["status"] == "Completed"
    tag_all(studio, {one: tag for tag, some in coats.items() for one in some[:LATER]})
    return str(made["id"])


def redness(image: dict[str, str]) -> float:
    """Of the chest of whoever is in it."""
    content = httpx.get(image["originalImageUri"], verify=False).content  # noqa: S501 - our own
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    height, width = picture.shape[:2]
    blue, _, red = picture[height // 5 : height // 2, width // 3 : 2 * width // 3].mean((0, 1))
    return float(red - blue)


def tag_all(studio: Studio, tags: dict[str, str]) -> None:
    entries = [{"imageId": image, "tagId": tag} for image, tag in tags.items()]
    studio.ask("POST", f"projects/{studio.project}/images/tags", {"tags": entries})


def test_it_is_compared_with_what_the_camera_asks(desk: Window, studio: Studio, iteration: str, axe: str) -> None:
    page = visit(desk, studio, f"vision/{studio.project}/iterations/{iteration}")
    row = page.get_by_role("table", name="Which camera asks which model").get_by_role("row", name="front")
    expect(row.get_by_role("cell", name="old.zip")).to_be_visible()
    page.get_by_role("button", name="Compare with old.zip").press("Enter")
    compared = page.get_by_role("table", name="Both models, tag by tag")
    expect(compared.get_by_role("row")).to_have_count(1 + len(TAGS) + 1, timeout=TAKEN_MS)
    expect(page.get_by_text("On tagged pictures that Iteration 1 has not learned from.")).to_be_visible()
    expect(compared.get_by_role("row", name="All").get_by_role("cell").last).to_have_text(str(2 * LATER))
    for_everybody(page, page.get_by_role("region", name="At cameras"), "at-cameras-compared", axe)
    page.get_by_role("button", name="Close").click()
    expect(compared).to_be_hidden()
    assert studio.api.ask("GET", "models/cameras")["cameras"][0]["model"]["words"] == "old.zip"


def test_it_is_switched_over_and_back(desk: Window, studio: Studio, iteration: str, axe: str) -> None:
    page = visit(desk, studio, f"vision/{studio.project}/iterations/{iteration}")
    row = page.get_by_role("table", name="Which camera asks which model").get_by_role("row", name="front")
    use = page.get_by_role("button", name="Use Iteration 1 …")
    expect(use).to_be_disabled()
    row.get_by_role("checkbox").press("Space")
    use.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Switch over").press("Enter")
    expect(row.get_by_role("cell", name="this one")).to_be_visible(timeout=TAKEN_MS)
    [model] = (studio.folder / "data" / "trained").iterdir()
    assert (model.name, model.stat().st_mode & 0o777) == (f"{iteration}.zip", 0o600)
    version = studio.api.ask("GET", "config")
    assert (version["author"], version["comment"]) == (ADMIN, f"{PROJECT}: Iteration 1 at front")
    assert f"${{TRAINED_MODELS}}/{iteration}.zip" in version["text"]
    wait_until(lambda: studio.api.ask("GET", "cameras/front")["state"] == "running", START_S)
    for_everybody(page, page.get_by_role("region", name="At cameras"), "at-cameras", axe)
    page.get_by_role("button", name="Back to the model before …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("front: old.zip")).to_be_visible()
    dialog.get_by_role("button", name="Go back").click()
    expect(row.get_by_role("cell", name="this one")).to_be_hidden(timeout=TAKEN_MS)
    expect(row.get_by_role("cell").nth(1)).to_have_text("old.zip")
    wait_until(lambda: studio.api.ask("GET", "cameras/front")["state"] == "running", START_S)
    told = [entry["what"] for entry in studio.api.ask("GET", "audit?limit=200")["entries"]]
    assert {"models-compared", "model-at-cameras-changed", "model-at-cameras-taken-back"} <= set(told)


def test_an_operator_of_some_cameras_sees_nothing_of_it(studio: Studio, open_window: OpenWindow) -> None:
    rights = {"role": "operator", "cameras": ["front"], "real_pixels": True}
    studio.api.ask("POST", "users", {"name": "olga", "password": PASSWORD, **rights})
    olga = Api(studio.service).log_in("olga")
    page = open_window(f"{studio.service.url}/#/cameras/front/edit", api=olga)
    expect(page.get_by_role("heading", name="Remove")).to_be_visible()
    expect(page.get_by_role("heading", name="Pictures to learn from")).to_have_count(0)
    olga.close()


def test_it_ends_and_those_without_a_tag_are_erased(desk: Window, studio: Studio, kept: None) -> None:
    page = visit(desk, studio, "cameras/front/edit")
    assert len(studio.ask("GET", f"projects/{studio.project}/images/untagged?take=64")) > 0
    page.get_by_role("button", name="Keep no more …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("that nobody has tagged")).to_be_checked()
    dialog.get_by_role("button", name="Keep no more").click()
    expect(page.get_by_text("No picture of this camera is kept.")).to_be_visible(timeout=TAKEN_MS)
    assert studio.ask("GET", f"projects/{studio.project}/images/untagged?take=64") == []

"""Custom Vision on the page: from nothing to a model that tells discs from squares, by what people press and see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.pictures import picture
from browser.shapes import box_of, draw_shapes
from browser.test_pages import DRAWN, TOO_WIDE, axe, violations
from browser.windows import SETTLED, SIZES, OpenWindow, Window
from servers.footfall_serve import ADMIN, PASSWORD, Api, FootfallServe

pytest.importorskip("onnx", reason="needs footfall[customvision]")
pytestmark = pytest.mark.slow

NAME = "Discs and squares"
KINDS = ("disc", "square")
OF_EACH = 6
TRAINED_MS = 1_500_000.0
BOXES_DOMAIN = "a27d5ca5-bb19-49d8-a70a-fec086c47f5b"

__all__ = ["axe"]


@dataclass(frozen=True, slots=True)
class Studio:
    """A service with Custom Vision, and its admin."""

    service: FootfallServe
    api: Api
    folder: Path

    def ask(self, method: str, where: str, body: object = None) -> object:
        """By the training API, as the page does."""
        return self.api.ask(method, f"{self.service.url}/customvision/v3.4-preview/training/{where}", body)


@dataclass(frozen=True, slots=True)
class Model:
    """A project of which an iteration is trained."""

    project: str
    iteration: str


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    with FootfallServe(folder, more=("--customvision",)) as service:
        api = Api(service)
        token = service.setup_link().partition("token=")[2]
        api.ask("POST", "setup", {"token": token, "name": ADMIN, "password": PASSWORD})
        yield Studio(service, api.log_in(), folder)
        api.close()


@pytest.fixture(scope="module")
def desk(chromium: Browser, studio: Studio) -> Iterator[Window]:
    """One window for everything, as people use it."""
    with Window(chromium, studio.service.url, "wide", studio.api) as window:
        window.page.wait_for_function(SETTLED)
        yield window
        assert window.said == []


@pytest.fixture(scope="module")
def model(desk: Window, studio: Studio) -> Model:
    """Made on the page: a project, twelve pictures, two tags, a training."""
    page = desk.page
    page.get_by_role("link", name="Custom Vision").click()
    expect(page.get_by_text("No project yet")).to_be_visible()
    page.get_by_role("button", name="New project").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(NAME)
    dialog.get_by_role("button", name="Make the project").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    add_tags(page)
    page.get_by_role("tab", name="Pictures").click()
    for kind in KINDS:
        upload(page, draw_shapes(studio.folder / kind, kind, OF_EACH, seed=1), kind)
    expect(page.get_by_text(f"{2 * OF_EACH} pictures", exact=True)).to_be_visible()
    train(page)
    page.get_by_role("tab", name="Training").click()
    page.get_by_role("link", name="Iteration 1").click()
    expect(page.get_by_role("heading", name="How good it is")).to_be_visible()
    project, _, iteration = page.url.partition("#/vision/")[2].split("/")[:3]
    return Model(project, iteration)


def add_tags(page: Page) -> None:
    page.get_by_role("tab", name="Tags").click()
    for kind in KINDS:
        page.get_by_label("New tag").fill(kind)
        page.keyboard.press("Enter")
        expect(page.get_by_role("cell", name=kind, exact=True)).to_be_visible()


def upload(page: Page, files: list[Path], kind: str) -> None:
    """With a tag from the beginning."""
    chips = page.get_by_role("group", name="Tag of what you add")
    for chip in chips.get_by_role("button").all():
        if (chip.get_attribute("aria-pressed") == "true") != (chip.inner_text() == kind):
            chip.click()
    page.get_by_label("Add pictures").set_input_files(files)
    expect(page.get_by_text(f"{len(files)} pictures added")).to_be_visible()
    expect(page.get_by_text("Uploading")).to_be_hidden()


def train(page: Page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Start the training").click()
    expect(page.get_by_role("heading", name="Iteration 1 is in training")).to_be_visible()
    expect(page.get_by_role("heading", name="Iteration 1 is in training")).to_be_hidden(timeout=TRAINED_MS)


def visit(window: Window, studio: Studio, where: str) -> Page:
    return window.visit(f"{studio.service.url}/#/{where}")


def test_a_model_tells_what_was_drawn(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}?view=test")
    for kind in KINDS:
        [file] = draw_shapes(studio.folder / "new", kind, 1, seed=2)
        drop(page, file)
        expect(page.get_by_alt_text(f"Your picture: {kind}-0.png")).to_be_visible()
        scores = page.get_by_role("table", name="How likely every tag is")
        expect(scores.get_by_role("rowheader").first).to_have_text(kind)
    expect(page.get_by_text("Iteration 1 is trained")).to_be_hidden()
    picture(page, "vision-told")


def drop(page: Page, file: Path) -> None:
    """As from another window."""
    given = page.evaluate_handle(
        """([name, bytes]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], name, {type: "image/png"}));
            return carried;
        }""",
        [file.name, list(file.read_bytes())],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(".file-drop", event, {"dataTransfer": given})


def test_how_good_it_is_depends_on_the_threshold(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}/iterations/{model.iteration}")
    by_tag = page.get_by_role("table", name="Tag by tag")
    expect(by_tag.get_by_role("row")).to_have_count(1 + len(KINDS))
    threshold = page.get_by_label("Threshold")
    threshold.press("End")
    expect(page.get_by_text("100 %", exact=True).first).to_be_visible()
    expect(page.get_by_text(f"{2 * OF_EACH} of {2 * OF_EACH} pictures")).to_be_visible()
    threshold.press("Home")
    expect(page.get_by_text(f"{2 * OF_EACH} of {2 * OF_EACH} pictures")).to_be_hidden()


def test_it_answers_under_a_name_until_it_is_taken_back(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}/iterations/{model.iteration}")
    page.get_by_label("Publish as").fill("shapes")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text(f"/{model.project}/classify/iterations/shapes/image")).to_be_visible()
    page.get_by_role("button", name="Unpublish").click()
    expect(page.get_by_label("Publish as")).to_be_visible()


def test_it_can_be_taken_away(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}/iterations/{model.iteration}")
    page.get_by_role("button", name="Make it: ONNX").click()
    download = page.get_by_role("link", name="Download ONNX")
    expect(download).to_be_visible()
    with page.expect_download() as taken:
        download.click()
    with ZipFile(taken.value.path()) as archive:
        assert {"model.onnx", "labels.txt"} <= set(archive.namelist())
        assert archive.read("labels.txt").decode().split() == list(KINDS)


def test_a_kept_prediction_becomes_a_training_picture(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}?view=test")
    page.get_by_label("Keep picture and answer").check()
    page.get_by_label("Test a picture").set_input_files(draw_shapes(studio.folder / "kept", "disc", 1, seed=3))
    expect(page.get_by_role("table", name="How likely every tag is")).to_be_visible()
    page.get_by_role("tab", name="Predictions").click()
    expect(page.get_by_text("30 days left")).to_have_count(1)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Use for training").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="disc").click()
    dialog.get_by_role("button", name="Use for training").click()
    expect(page.get_by_text("No prediction is kept")).to_be_visible()
    page.get_by_role("tab", name="Pictures").click()
    expect(page.get_by_text(f"{2 * OF_EACH + 1} pictures", exact=True)).to_be_visible()


def test_a_training_can_be_ended(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}?view=training")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("combobox", name="Training").select_option("Advanced")
    page.get_by_label("Train even if nothing has changed").check()
    page.get_by_role("button", name="Start the training").click()
    page.get_by_role("button", name="End it").click()
    page.get_by_role("dialog").get_by_role("button", name="End the training").click()
    expect(page.get_by_role("heading", name="Iteration 2 is in training")).to_be_hidden()
    expect(page.get_by_role("link", name="Iteration 1")).to_be_visible()
    expect(page.get_by_role("link", name="Iteration 2")).to_have_count(0)


def test_tags_by_keyboard(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, f"vision/{model.project}")
    first = page.get_by_role("checkbox").first
    first.focus()
    before = label_of(first)
    digit, other = ("2", "square") if before.endswith("disc") else ("1", "disc")
    page.keyboard.press(digit)
    expect(first).to_have_accessible_name(f"Picture 1: {other}")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("checkbox").nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 picture chosen")).to_be_visible()
    page.get_by_role("button", name="Choose none").click()
    first.focus()
    page.keyboard.press("1" if digit == "2" else "2")
    expect(first).to_have_accessible_name(before)


def label_of(box: Locator) -> str:
    return box.get_attribute("aria-label") or ""


def test_boxes_by_mouse_and_by_keyboard(desk: Window, studio: Studio) -> None:
    made = studio.ask("POST", f"projects?name=Boxes&domainId={BOXES_DOMAIN}")
    assert isinstance(made, dict)
    page = visit(desk, studio, f"vision/{made['id']}?view=tags")
    page.get_by_label("New tag").fill("disc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="disc", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Pictures").click()
    [disc] = draw_shapes(studio.folder / "boxes", "disc", 1, seed=4)
    page.get_by_label("Add pictures").set_input_files(disc)
    page.get_by_role("checkbox", name="Picture 1: no tag").press("Enter")
    expect(page.get_by_role("heading", name="Picture 1 of 1")).to_be_visible()
    left, top, right, bottom = box_of(disc)
    draw(page, (left, top), (right, bottom))
    expect(page.get_by_role("button", name="Box 1: disc")).to_be_visible()
    page.get_by_role("button", name="Box", exact=True).click()
    page.get_by_role("button", name="Box 2: disc").press("Shift+ArrowRight")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Box 2: disc")).to_be_visible()
    page.get_by_role("button", name="Box 2: disc").press("Delete")
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Box 2: disc").press("Delete")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    regions = studio.ask("GET", f"projects/{made['id']}/images/tagged")
    assert isinstance(regions, list)
    [drawn] = regions[0]["regions"]
    expected = [left, top, right - left, bottom - top]
    assert [drawn[key] for key in ("left", "top", "width", "height")] == pytest.approx(expected, abs=0.01)


def draw(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From corner to corner, in shares of the picture."""
    frame = page.get_by_role("group", name="The picture with").bounding_box()
    assert frame is not None
    for step, (x, y) in enumerate((start, ((start[0] + end[0]) / 2, end[1]), end)):
        page.mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])
        if step == 0:
            page.mouse.down()
    page.mouse.up()


PAGES = {
    "vision": "vision",
    "vision-pictures": "vision/{project}",
    "vision-tags": "vision/{project}?view=tags",
    "vision-trainings": "vision/{project}?view=training",
    "vision-test": "vision/{project}?view=test",
    "vision-predictions": "vision/{project}?view=predictions",
    "vision-iteration": "vision/{project}/iterations/{iteration}",
    "vision-picture": "vision/{project}/pictures/{picture}",
    "vision-boxes": "vision/{boxes}/pictures/{boxed}",
}


@pytest.fixture(scope="module")
def names(studio: Studio, model: Model) -> dict[str, str]:
    """Of what pages are about."""
    boxes = next(one["id"] for one in listed(studio, "projects") if one["name"] == "Boxes")
    return {
        "project": model.project,
        "iteration": model.iteration,
        "picture": listed(studio, f"projects/{model.project}/images?take=1")[0]["id"],
        "boxes": boxes,
        "boxed": listed(studio, f"projects/{boxes}/images?take=1")[0]["id"],
    }


def listed(studio: Studio, where: str) -> list[dict[str, str]]:
    found = studio.ask("GET", where)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_is_for_everybody(
    name: str, studio: Studio, names: dict[str, str], desk: Window, axe: str
) -> None:
    page = visit(desk, studio, PAGES[name].format(**names))
    page.evaluate(axe)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
        assert page.evaluate(TOO_WIDE) <= 0, f"{size}: wider than the window"
        picture(page, name)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(DRAWN)
            is_new = (size, theme) in {("narrow", "light"), ("wide", "dark")}
            assert violations(page, "all" if is_new else "colours") == [], f"{size}, {theme}"
        page.emulate_media(color_scheme="light")


def test_nothing_offends_the_policy_of_the_service(chromium: Browser, studio: Studio, names: dict[str, str]) -> None:
    with Window(chromium, studio.service.url, "wide", studio.api, is_strict=True) as window:
        for where in PAGES.values():
            visit(window, studio, where.format(**names))
            expect(window.page.get_by_role("tab").or_(window.page.locator(".card")).first).to_be_visible()
            pictures = window.page.locator("main img").all()
            assert all(one.evaluate("image => image.decode().then(() => image.naturalWidth)") for one in pictures)
        assert window.said == []


def test_everything_goes_by_its_name(desk: Window, studio: Studio, model: Model) -> None:
    page = visit(desk, studio, "vision")
    page.get_by_role("button", name=f"Delete {NAME}").click()
    dialog = page.get_by_role("dialog")
    sure = dialog.get_by_role("button", name="Delete the project")
    expect(sure).to_be_disabled()
    dialog.get_by_label("To go on, write its name").fill(NAME)
    sure.click()
    expect(page.get_by_role("link", name=NAME)).to_have_count(0)
    assert model.project not in [one["id"] for one in listed(studio, "projects")]


def test_viewers_see_nothing_of_it(studio: Studio, open_window: OpenWindow) -> None:
    rights = {"role": "viewer", "cameras": "*", "real_pixels": False}
    studio.api.ask("POST", "users", {"name": "vera", "password": PASSWORD, **rights})
    vera = Api(studio.service).log_in("vera")
    page = open_window(f"{studio.service.url}/#/vision", api=vera)
    expect(page.get_by_text("Your role does not open this page")).to_be_visible()
    expect(page.get_by_role("link", name="Custom Vision")).to_have_count(0)
    vera.close()

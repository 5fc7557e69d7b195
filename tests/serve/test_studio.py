"""Custom Vision as the web asks it: models laid down for cameras, compared in the background, and gone in time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from customvision.studio import BLUE, DETECTION, GENERAL, RED, Studio, add, boxes, colours, painted, trained
from footfall.config.plan import GraphPlan, SnapshotSpec, SourceSpec, pipeline
from footfall.customvision.training.iterations import delete_iteration
from footfall.customvision.workshop import Workshop
from footfall.detect.attributes import AttributeReader
from footfall.serve.snapshots import Snapshots
from footfall.serve.studio import ServiceStudio
from footfall.web.desk import Unknown
from footfall.web.security_refusals import Refused
from footfall.web.studio import Compared
from servers.clock import SetClock

NOBODY = "00000000-0000-4000-8000-000000000000"
PATIENCE_S = 120.0


@dataclass
class World:
    """A service's worth of Custom Vision, with a model that is trained."""

    vision: Studio
    shop: Workshop
    folder: Path
    project: str
    tags: list[str]
    iteration: str
    asked: set[str] = field(default_factory=set)
    audited: list[tuple[str, str]] = field(default_factory=list)

    def studio(self) -> ServiceStudio:
        snapshots = Snapshots(self.folder / "snapshots.json", SetClock(), self._audit, lambda *_: None)
        studio = ServiceStudio(self.shop, snapshots, self.folder / "trained", lambda: self.asked)
        snapshots.connect(studio.cameras)
        return studio

    def _audit(self, event: str, author: str, _what: object) -> None:
        self.audited.append((event, author))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("studio")
    vision = Studio(folder / "vision")
    with vision.opened() as shop:
        project, tags = colours(shop)
        yield World(vision, shop, folder, project, tags, trained(shop, project).id)


@pytest.fixture
def studio(world: World) -> Iterator[ServiceStudio]:
    studio = world.studio()
    yield studio
    studio.close()


def ended(studio: ServiceStudio, begun: Compared) -> Compared:
    deadline_s = time.monotonic() + PATIENCE_S
    while (found := studio.comparison(begun.id)).state == "running":
        assert time.monotonic() < deadline_s, "it never ended"
        time.sleep(0.05)
    return found


def laid_down(world: World, name: str) -> Path:
    return world.folder / "trained" / name.rpartition("/")[2]


def test_a_model_is_laid_down_for_its_user_alone(world: World, studio: ServiceStudio) -> None:
    name = studio.take(world.project, world.iteration)
    assert name == f"${{TRAINED_MODELS}}/{world.iteration}.zip"
    path = laid_down(world, name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert AttributeReader(path).tags == ("red", "green")
    for one in (name, str(path)):
        assert studio.model(one).words == "colours: Iteration 1"
    before = path.stat().st_mtime_ns
    assert studio.take(world.project, world.iteration) == name
    assert path.stat().st_mtime_ns == before, "a zip never changes"


def test_a_model_from_elsewhere_is_called_by_its_file(world: World, studio: ServiceStudio) -> None:
    found = studio.model(f"/srv/{world.iteration}.zip")
    assert (found.words, found.project, found.iteration) == (f"{world.iteration}.zip", None, None)


@pytest.mark.parametrize(
    ("domain", "words"),
    [pytest.param(GENERAL, "train in a compact one", id="that is not exported"),
     pytest.param(DETECTION, "finds things", id="that finds things")],
)  # fmt: skip
def test_a_model_that_no_camera_can_ask(world: World, studio: ServiceStudio, domain: str, words: str) -> None:
    shop = world.shop
    project = boxes(shop)[0] if domain == DETECTION else colours(shop, domain=GENERAL, name="general")[0]
    iteration = trained(shop, project).id
    with pytest.raises(Refused, match=words):
        studio.take(project, iteration)
    with pytest.raises(Refused, match=words):
        studio.compare(project, iteration, "/srv/old.zip")


def test_what_there_is_not_is_unknown(world: World, studio: ServiceStudio) -> None:
    with pytest.raises(Unknown, match="there is no iteration"):
        studio.take(world.project, NOBODY)
    with pytest.raises(Unknown, match="there is no project"):
        studio.take(NOBODY, world.iteration)
    with pytest.raises(Unknown):
        studio.comparison("none")
    with pytest.raises(Unknown):
        studio.end_comparison("none")


def test_unseen_pictures_judge_both_and_nothing_is_written(world: World, studio: ServiceStudio) -> None:
    running = laid_down(world, studio.take(world.project, world.iteration))
    learned = ended(studio, studio.compare(world.project, world.iteration, str(running)))
    assert (learned.state, learned.is_unseen, learned.done) == ("done", False, 12)
    add(world.shop, world.project, world.tags[0], RED, 2, seed=100)
    add(world.shop, world.project, world.tags[1], RED, 1, seed=200)
    files = {path for path in world.folder.rglob("*") if "vision.sqlite" not in path.name}
    found = ended(studio, studio.compare(world.project, world.iteration, str(running)))
    assert (found.state, found.is_unseen, found.done, found.total) == ("done", True, 3, 3)
    assert (found.running, found.new) == ("colours: Iteration 1", "Iteration 1")
    rows = {row.tag: (row.pictures, row.running, row.new, row.mended, row.broken) for row in found.tags}
    assert rows == {"red": (2, 2, 2, 0, 0), "green": (1, 0, 0, 0, 0), None: (3, 2, 2, 0, 0)}
    assert {path for path in world.folder.rglob("*") if "vision.sqlite" not in path.name} == files


def test_a_running_model_that_is_gone_fails_in_words(world: World, studio: ServiceStudio) -> None:
    found = ended(studio, studio.compare(world.project, world.iteration, str(world.folder / "gone.zip")))
    assert found.state == "failed"
    assert "gone.zip" in found.words


def test_one_at_a_time_and_it_can_be_ended(world: World, studio: ServiceStudio, tmp_path: Path) -> None:
    slow = tmp_path / "slow.zip"
    os.mkfifo(slow)
    first = studio.compare(world.project, world.iteration, str(slow))
    with pytest.raises(Refused, match="another comparison runs") as busy:
        studio.compare(world.project, world.iteration, str(slow))
    assert busy.value.status == 409
    with slow.open("wb"):  # whoever waits to read it goes on
        pass
    assert ended(studio, first).state == "failed"
    studio.end_comparison(first.id)
    with pytest.raises(Unknown):
        studio.comparison(first.id)


def test_a_model_goes_with_its_iteration_once_no_camera_asks_it(world: World, studio: ServiceStudio) -> None:
    other, _ = colours(world.shop, name="other")
    gone, asked = trained(world.shop, other).id, trained(world.shop, other, force_train=True).id
    paths = [laid_down(world, studio.take(other, one)) for one in (gone, asked)]
    for one in (gone, asked):
        delete_iteration(world.shop, other, one)
    world.asked = {str(paths[1])}
    studio.take(world.project, world.iteration)
    assert [path.exists() for path in paths] == [False, True]
    assert studio.model(str(paths[1])).words == f"{asked}.zip"


def test_pictures_of_a_camera_are_counted_and_erased(world: World, studio: ServiceStudio) -> None:
    spec = SnapshotSpec("colours", "agreed", "A. Meier")
    plan = GraphPlan("door/door", "", pipeline([SourceSpec("door", "rtsp://10.0.0.7"), spec]))
    for seed, camera in enumerate(["door", "door", "yard"]):
        studio.cameras.keep("colours", painted(BLUE, seed), {"camera": camera})
    assert studio.has_project("colours")
    assert not studio.has_project("hats")
    taken = studio.taken(plan)
    assert (taken.state, taken.today, taken.in_all, taken.untagged) == ("on", 0, 0, 2)
    world.vision.clock.advance(seconds=1)
    assert studio.erase(plan, "anna") == 2
    assert world.audited == [("snapshots-erased", "anna")]
    assert studio.taken(plan).untagged == 0

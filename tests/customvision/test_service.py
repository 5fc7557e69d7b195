"""One data folder: opened, closed, killed, and opened again."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from customvision.studio import RED, Studio, colours, contents, ended, painted, trained, wait
from footfall.core.errors import ConfigError
from footfall.customvision.background import Background
from footfall.customvision.prediction import predicting, querying
from footfall.customvision.training import exports, iterations, orders, publishing
from footfall.customvision.wire.predictions import PredictionQueryToken
from footfall.customvision.workspace import erasing, projects
from footfall.customvision.workspace.tables import doomed
from footfall.store.database import reading, writing
from footfall.vault.objects import ObjectKind, ObjectName


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        iteration = trained(shop, project_id)
        publishing.publish_iteration(shop, project_id, iteration.id, "it", "somewhere")
        before = predicting.classify_image(shop, project_id, "it", painted(RED, 1))
    with studio.opened(is_working=False) as shop:
        after = predicting.classify_image(shop, project_id, "it", painted(RED, 1), store=False)
        assert after.predictions == before.predictions
        (stored,) = querying.query_predictions(shop, project_id, PredictionQueryToken()).results
        assert stored.id == before.id


def test_closing_twice_and_without_having_started(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    with studio.opened(is_working=False):
        pass
    with studio.opened():
        pass
    before = set(threading.enumerate())
    with studio.opened():
        assert set(threading.enumerate()) - before
    assert set(threading.enumerate()) <= before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="cannot be made"), Studio(tmp_path / "file").opened():
        pass


def test_a_folder_that_cannot_be_opened_is_let_go(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    (tmp_path / "vision.sqlite").write_bytes(b"something else altogether, and long enough to be looked at" * 9)
    for _ in range(2):
        with pytest.raises(ConfigError, match="no database"), studio.opened():
            pass


def test_models_leave_although_nobody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.customvision.service.LOOK_EVERY_S", 0.05)
    studio = Studio(tmp_path)
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        trained(shop, project_id)
        predicting.quick_test_image(shop, project_id, painted(RED, 1), store=False)
        assert len(shop.models) == 1
        studio.revoke()
        wait(lambda: len(shop.models) == 0)


def test_expired_predictions_go_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.customvision.prediction.retention.PURGE_EVERY_S", 0.05)
    studio = Studio(tmp_path)
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        trained(shop, project_id)
        kept = predicting.quick_test_image(shop, project_id, painted(RED, 1))
        name = ObjectName(ObjectKind.PREDICTION, project_id, kept.id)
        assert shop.objects.has(name)
        studio.clock.advance(days=30, seconds=1)
        wait(lambda: not shop.objects.has(name))


def test_what_a_crash_leaves_half_done_is_erased(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        halves = [
            ObjectName(kind, project_id, "half")
            for kind in (ObjectKind.MODEL, ObjectKind.EVIDENCE, ObjectKind.EXPORT, ObjectKind.PREDICTION)
        ]
        with writing(shop.engine) as connection:
            erasing.doom(connection, halves)
        for name in halves:
            shop.objects.put(name, b"half done")
    with studio.opened(is_working=False) as shop:
        assert not [name for name in halves if shop.objects.has(name)]
        with reading(shop.engine) as connection:
            assert connection.execute(doomed.select()).all() == []


BUSY = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from customvision.studio import RED, Studio, ended, painted
from footfall.customvision.prediction import predicting
from footfall.customvision.training import exports, iterations, orders
with Studio(Path({folder!r})).opened() as shop:
    (project_id,) = {project_ids!r}
    for turn in range(1000):
        try:
            begun = orders.train_project(shop, project_id, force_train=True)
        except Exception:
            begun = iterations.get_iterations(shop, project_id)[-1]
        if ended(shop, project_id, begun.id).status == "Completed":
            predicting.quick_test_image(shop, project_id, painted(RED, turn), begun.id)
            exports.export_iteration(shop, project_id, begun.id, "ONNX")
        iterations.delete_iteration(shop, project_id, begun.id)
        print("turn", flush=True)
"""


@pytest.mark.slow
def test_killed_again_and_again_it_leaves_nothing_that_nobody_knows(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "vision")
    chance = random.Random(1)
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop, many=5)
    path = [str(Path(__file__).parent.parent), *filter(None, sys.path)]
    script = BUSY.format(path=path, folder=str(studio.folder), project_ids=[project_id])
    for _ in range(5):
        service = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert service.stdout is not None
        assert service.stdout.readline() == b"turn\n"
        time.sleep(chance.uniform(0.0, 2.0))
        service.kill()
        service.wait()
        service.stdout.close()
        wait(lambda: is_free(studio))
    with studio.opened(is_working=False) as shop:
        known = {one.id: one.status for one in iterations.get_iterations(shop, project_id)}
        kept = set(listed(shop, project_id))
        for name in shop.objects.names():
            if name.kind is ObjectKind.MODEL:
                assert known[name.id] == "Completed"
                shop.objects.get(name)
            elif name.kind is ObjectKind.PREDICTION:
                assert name.id in kept
        assert not [file for file in contents(studio.folder) if file.endswith(".part")]


def is_free(studio: Studio) -> bool:
    try:
        with studio.opened(is_working=False):
            return True
    except ConfigError:
        return False


def listed(shop, project_id: str) -> list[str]:
    token, found = PredictionQueryToken(max_count=256), []
    while True:
        page = querying.query_predictions(shop, project_id, token)
        found += [result.id for result in page.results]
        token = page.token
        if token.continuation is None:
            return found


class TestBackground:
    def test_it_works_until_there_is_nothing_more_to_do(self) -> None:
        left = [1, 2, 3]
        worker = Background("test", lambda: bool(left and left.pop()), every_s=60.0)
        worker.start()
        wait(lambda: not left)
        left.append(1)
        worker.wake()
        wait(lambda: not left)
        worker.close()
        worker.close()

    @pytest.mark.parametrize("fault", [OSError("the disk is on fire"), ZeroDivisionError("the disk is on fire")])
    def test_it_tries_again_after_a_fault(self, caplog: pytest.LogCaptureFixture, fault: Exception) -> None:
        turns: list[int] = []

        def step() -> bool:
            turns.append(1)
            if len(turns) == 1:
                raise fault
            return False

        worker = Background("test", step, every_s=0.01)
        worker.start()
        wait(lambda: len(turns) > 1)
        worker.close()
        assert "the disk is on fire" in caplog.text


def test_the_queue_is_first_come_first_served(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    with studio.opened(is_working=False) as shop:
        project_ids = [colours(shop, name=str(n))[0] for n in range(3)]
        begun = [orders.train_project(shop, project_id) for project_id in project_ids]
    with studio.opened() as shop:
        for project_id, one in zip(project_ids[::-1], begun[::-1], strict=True):
            ended(shop, project_id, one.id)  # when the last one is done, so are all
            others = [iterations.get_iteration(shop, other.project_id, other.id).status for other in begun]
            assert others == ["Completed"] * 3


def test_a_project_goes_with_all_that_was_made_of_it(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        iteration = trained(shop, project_id)
        predicting.quick_test_image(shop, project_id, painted(RED, 1))
        exports.export_iteration(shop, project_id, iteration.id, "ONNX")
        wait(lambda: exports.get_exports(shop, project_id, iteration.id)[0].status == "Done")
        projects.delete_project(shop, project_id)
        assert list(shop.objects.names()) == []
        assert len(shop.models) == 0
        assert not any(iteration.id.encode() in data for data in contents(studio.folder).values())

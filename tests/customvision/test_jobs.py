"""Everything that can happen to a training while it runs, with real processes."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from customvision.studio import LEARNER, RED, Studio, add, boxes, colours, contents, ended, painted, trained, wait
from footfall.customvision.faults import Refused
from footfall.customvision.training import iterations, job_rows, orders
from footfall.customvision.training.iteration_tables import iterations as table
from footfall.customvision.training.jobs import Jobs, Progress, progress
from footfall.customvision.training.trainer import Means
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import images, projects
from footfall.customvision.workspace.limits import Limits
from footfall.store.faults import StoreUnavailable
from footfall.vault.objects import ObjectKind, ObjectName


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "vision", limits=Limits())


def learners(parent: int) -> list[int]:
    """Learners of a process that are alive."""
    command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(parent)]
    listing = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listing.splitlines() if "stand_in.py" in line]


def children() -> list[int]:
    return learners(os.getpid())


def running(shop: Workshop, project_id: str, iteration_id: str) -> int:
    """The process of a training, once it has told something."""
    wait(lambda: progress(shop, project_id, iteration_id).words.startswith(("step", "looking")))
    (child,) = children()
    return child


def is_gone(pid: int) -> bool:
    """Whether a process that is no child of ours has ended."""
    try:
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_progress_is_told(studio: Studio) -> None:
    studio.mode = "slow"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        wait(lambda: progress(shop, project_id, begun.id).words.startswith("step"))
        studio.clock.advance(minutes=5)
        told = progress(shop, project_id, begun.id)
        assert 0.1 <= told.share < 1.0
        assert told.queued == begun.created
        assert told.started == begun.created
        assert told.remaining_s == pytest.approx(300 * (1 - told.share) / told.share)
        assert iterations.get_iteration(shop, project_id, begun.id).status == "Training"


def test_progress_of_what_waits_and_of_what_is_done(studio: Studio) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        assert progress(shop, project_id, begun.id) == Progress(0.0, "waiting", begun.created, None, None)
    with studio.opened() as shop:
        ended(shop, project_id, begun.id)
        told = progress(shop, project_id, begun.id)
        assert (told.share, told.words, told.remaining_s) == (1.0, "done", 0.0)


def test_minutes_are_counted(studio: Studio) -> None:
    studio.mode = "patient"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        running(shop, project_id, begun.id)
        studio.clock.advance(minutes=6, seconds=30)
        studio.release()
        assert ended(shop, project_id, begun.id).training_time_in_minutes == 7


def test_trainings_of_several_projects_wait_for_each_other_unseen(studio: Studio) -> None:
    studio.mode = "slow"
    with studio.opened() as shop:
        project_ids = [colours(shop, name=name)[0] for name in ("one", "two", "three")]
        begun = [orders.train_project(shop, project_id) for project_id in project_ids]
        running(shop, project_ids[0], begun[0].id)
        assert [iterations.get_iteration(shop, one.project_id, one.id).status for one in begun] == ["Training"] * 3
        assert len(children()) == 1
        assert progress(shop, project_ids[2], begun[2].id).started is None


@pytest.mark.parametrize("times", [pytest.param(1, id="once: begun anew"), pytest.param(2, id="twice: failed")])
def test_a_child_is_killed(studio: Studio, times: int) -> None:
    studio.mode = "patient"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        killed: set[int] = set()
        for _ in range(times):
            wait(lambda: set(children()) - killed)
            (pid,) = set(children()) - killed
            killed.add(pid)
            os.kill(pid, signal.SIGKILL)
        studio.release()
        iteration = ended(shop, project_id, begun.id)
        if times == 1:
            assert iteration.status == "Completed"
        else:
            assert iteration.status == "Failed"
            assert "ended by signal 9, 2 times" in str(iteration.training_error_details)
        assert trained_again(shop, project_id) == "Completed"


def trained_again(shop: Workshop, project_id: str) -> str:
    return trained(shop, project_id, force_train=True).status


def test_a_child_that_always_dies_fails(studio: Studio) -> None:
    studio.mode = "crash"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        before = set(shop.objects.names())
        iteration = trained(shop, project_id)
        assert iteration.status == "Failed"
        assert iteration.trained_at is None
        assert not iteration.exportable
        assert set(shop.objects.names()) == before


def test_a_learner_that_breaks_says_why(studio: Studio) -> None:
    studio.mode = "break"
    with studio.opened() as shop:
        iteration = trained(shop, colours(shop)[0])
        assert iteration.status == "Failed"
        assert iteration.training_error_details == "the training broke: RuntimeError: nobody knows why"


def test_a_learner_that_takes_too_much_memory_fails(studio: Studio) -> None:
    studio.mode, studio.memory_bytes = "hungry", 3 * 2**30
    with studio.opened() as shop:
        iteration = trained(shop, colours(shop)[0])
        assert iteration.status == "Failed"
        assert "not enough memory" in str(iteration.training_error_details)


def test_what_libraries_print_is_no_answer(studio: Studio) -> None:
    studio.mode = "noisy"
    with studio.opened() as shop:
        assert trained(shop, colours(shop)[0]).status == "Completed"


def test_a_child_writes_no_file_asks_nobody_and_knows_no_secret(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of the service")
    studio.mode = "writer"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        wait(lambda: "," in progress(shop, project_id, begun.id).words)
        file, network, secret = progress(shop, project_id, begun.id).words.split(", ")
    assert file == f"OSError {errno.EFBIG}"
    assert network in {f"OSError {errno.ENETUNREACH}", f"ConnectionRefusedError {errno.ECONNREFUSED}"}
    assert secret == "KeyError"


def test_the_service_restarts_in_the_middle(studio: Studio) -> None:
    studio.mode = "slow"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        pid = running(shop, project_id, begun.id)
    assert not Path(f"/proc/{pid}").exists()
    for _ in range(3):  # as often as it likes: an orderly end is no attempt
        with studio.opened() as shop:
            assert iterations.get_iteration(shop, project_id, begun.id).status == "Training"
            running(shop, project_id, begun.id)
    studio.mode = "quick"
    with studio.opened() as shop:
        assert ended(shop, project_id, begun.id).status == "Completed"


def test_the_service_is_killed_in_the_middle_again_and_again(studio: Studio) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        with shop.engine.begin() as connection:
            connection.execute(table.update().values(attempts=2, started_us=1))
    with studio.opened() as shop:
        iteration = ended(shop, project_id, begun.id)
        assert iteration.status == "Failed"
        assert iteration.training_error_details == "the training was interrupted again and again"


def test_the_child_dies_with_the_service(studio: Studio, tmp_path: Path) -> None:
    script = tmp_path / "service.py"
    script.write_text(
        "import sys, time\n"
        f"sys.path[:0] = {[str(Path(__file__).parent.parent), *filter(None, sys.path)]!r}\n"
        "from pathlib import Path\n"
        "from customvision.studio import Studio, colours\n"
        "from footfall.customvision.training import orders\n"
        f"studio = Studio(Path({str(studio.folder)!r}), 'slow')\n"
        "with studio.opened() as shop:\n"
        "    orders.train_project(shop, colours(shop)[0])\n"
        "    time.sleep(600)\n"
    )
    service = subprocess.Popen([sys.executable, str(script)])
    try:
        wait(lambda: learners(service.pid))
        (child,) = learners(service.pid)
    finally:
        service.kill()
        service.wait()
    wait(lambda: is_gone(child))
    with studio.opened() as shop:
        (project,) = projects.get_projects(shop)
        (begun,) = iterations.get_iterations(shop, project.id)
        assert ended(shop, project.id, begun.id).status == "Completed"


def test_an_iteration_is_deleted_while_it_trains(studio: Studio) -> None:
    studio.mode = "slow"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        pid = running(shop, project_id, begun.id)
        iterations.delete_iteration(shop, project_id, begun.id)
        assert not Path(f"/proc/{pid}").exists()
        assert iterations.get_iterations(shop, project_id) == []
        assert {name.id for name in shop.objects.names()}.isdisjoint({begun.id})


def test_a_project_is_deleted_while_it_trains(studio: Studio) -> None:
    studio.mode = "slow"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        other, _ = colours(shop, name="other")
        begun = orders.train_project(shop, project_id)
        pid = running(shop, project_id, begun.id)
        waiting = orders.train_project(shop, other)
        projects.delete_project(shop, project_id)
        assert not Path(f"/proc/{pid}").exists()
        assert list(shop.objects.names(project_id)) == []
        running(shop, other, waiting.id)


def test_an_iteration_is_deleted_while_it_waits(studio: Studio) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        iterations.delete_iteration(shop, project_id, begun.id)
    with studio.opened() as shop:
        assert trained(shop, project_id).name == "Iteration 1"


def test_an_iteration_is_deleted_at_the_moment_that_it_is_done(studio: Studio) -> None:
    """Whoever comes first, nothing is left."""
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        for _ in range(4):
            begun = orders.train_project(shop, project_id, force_train=True)
            wait(lambda: shop.objects.has(ObjectName(ObjectKind.MODEL, project_id, begun.id)))  # noqa: B023
            iterations.delete_iteration(shop, project_id, begun.id)
            assert [name for name in shop.objects.names() if name.id == begun.id] == []


def test_pictures_that_are_deleted_meanwhile_are_left_out(studio: Studio) -> None:
    studio.mode = "patient"
    with studio.opened() as shop:
        project_id, (red, _) = colours(shop)
        (gone,) = add(shop, project_id, red, RED, 1, seed=70)
        begun = orders.train_project(shop, project_id)
        running(shop, project_id, begun.id)
        images.delete_images(shop, project_id, [gone])
        studio.release()
        assert ended(shop, project_id, begun.id).status == "Completed"


def test_too_few_pictures_are_left_meanwhile(studio: Studio) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, (red, _) = colours(shop, many=5)
        begun = orders.train_project(shop, project_id)
        images.delete_images(shop, project_id, all_images=True)
    with studio.opened() as shop:
        iteration = ended(shop, project_id, begun.id)
        assert iteration.status == "Failed"
        assert "Not enough images for training" in str(iteration.training_error_details)
        add(shop, project_id, red, RED, 5)


def test_the_key_is_revoked_in_the_middle(studio: Studio) -> None:
    studio.mode = "silent"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        running(shop, project_id, begun.id)
        studio.revoke()
        iteration = ended(shop, project_id, begun.id)
        assert iteration.status == "Failed"
        assert "BadRequestCustomerManagedKeyRevoked" in str(iteration.training_error_details)
        assert children() == []
        studio.restore()
    studio.mode = "quick"
    with studio.opened() as shop:
        assert trained(shop, project_id).status == "Completed"


def test_it_takes_longer_than_its_budget(studio: Studio) -> None:
    studio.mode = "silent"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id, "Advanced", 2)
        running(shop, project_id, begun.id)
        studio.clock.advance(hours=2)
        assert iterations.get_iteration(shop, project_id, begun.id).status == "Training"
        studio.clock.advance(minutes=31)
        assert "more than its 2 hours" in str(ended(shop, project_id, begun.id).training_error_details)


class FullDisk:
    """Objects on a disk that is full: what is there can be read and deleted."""

    def __init__(self, objects: object, kind: ObjectKind) -> None:
        self._objects, self._kind = objects, kind

    def __getattr__(self, name: str) -> object:
        return getattr(self._objects, name)

    def put(self, name: ObjectName, data: bytes) -> None:
        if name.kind is self._kind:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._objects.put(name, data)


@pytest.mark.parametrize("kind", [ObjectKind.MODEL, ObjectKind.EVIDENCE])
def test_the_disk_is_full(studio: Studio, kind: ObjectKind) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        before = set(shop.objects.names())
        full = replace(shop, objects=FullDisk(shop.objects, kind))
        jobs = Jobs(full, Means((sys.executable, str(LEARNER))))
        jobs.start()
        try:
            iteration = trained(full.with_jobs(jobs), project_id)
        finally:
            jobs.close()
        assert iteration.status == "Failed"
        assert "the disk is full" in str(iteration.training_error_details)
        assert set(shop.objects.names()) == before


def test_a_fault_of_the_service_fails_one_training_and_not_the_next(studio: Studio) -> None:
    with studio.opened(is_working=False) as shop:
        project_id, _ = colours(shop)
        begun = orders.train_project(shop, project_id)
        with shop.engine.begin() as connection:
            connection.execute(table.update().values(tags="no JSON"))
    with studio.opened() as shop:
        wait(lambda: progress(shop, project_id, begun.id).words.startswith("the service failed"))
        assert iterations.get_iteration(shop, project_id, begun.id).status == "Failed"
        assert trained(shop, project_id).status == "Completed"


def test_the_end_is_told_as_soon_as_the_database_takes_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.customvision.training.jobs.AGAIN_EVERY_S", 0.05)
    faults = [StoreUnavailable("storage", "database or disk is full")] * 3
    really = job_rows.fail

    def fail(*asked: object) -> None:
        if faults:
            raise faults.pop()
        really(*asked)

    monkeypatch.setattr(job_rows, "fail", fail)
    studio.mode = "break"
    with studio.opened() as shop:
        iteration = trained(shop, colours(shop)[0])
        assert not faults
        assert "nobody knows why" in str(iteration.training_error_details)


def test_a_picture_on_the_disk_was_altered(studio: Studio) -> None:
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        victim = next(studio.folder.glob("objects/*/image/*"))
        data = bytearray(victim.read_bytes())
        data[-20] ^= 1
        victim.write_bytes(data)
        iteration = trained(shop, project_id)
        assert iteration.status == "Failed"
        assert "not as it was written" in str(iteration.training_error_details)


def test_two_at_once_and_only_one_begins(studio: Studio) -> None:
    studio.mode = "slow"
    with studio.opened() as shop:
        project_id, _ = colours(shop)
        outcomes: list[str] = []

        def ask() -> None:
            try:
                outcomes.append(orders.train_project(shop, project_id, force_train=True).name)
            except Refused as refused:
                outcomes.append(refused.code)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["BadRequestTrainingAlreadyInProgress"] * 3 + ["Iteration 1"]


def test_nothing_of_a_picture_is_on_the_disk_while_it_is_learned_from(studio: Studio) -> None:
    studio.mode = "patient"
    with studio.opened() as shop:
        project_id, _ = boxes(shop)
        begun = orders.train_project(shop, project_id)
        running(shop, project_id, begun.id)
        marks = [painted((30, 30, 200), seed)[-64:] for seed in range(15)]
        for data in contents(studio.folder).values():
            assert not any(mark in data or b"\xff\xd8\xff" in data[:3] for mark in marks)
        studio.release()
        assert ended(shop, project_id, begun.id).status == "Completed"


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    assert children() == []

"""What is deleted is gone from the disk (C2, recipe 2), also when the power fails in between (recipe 12)."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import PngImagePlugin
from sqlalchemy import event, func, insert, select

from footfall.customvision.faults import Refused
from footfall.customvision.workspace import erasing, images, labels, listing, metadata, projects, tags
from footfall.customvision.workspace.intake import Upload
from footfall.customvision.workspace.snapshots import freeze
from footfall.customvision.workspace.tables import doomed
from footfall.customvision.workspace.tables import images as image_rows
from footfall.store.database import reading, writing
from footfall.vault.objects import ObjectKind, ObjectName, SealedObjects
from vision_shop import KEYS, NOBODY, Floor, add, drawn, project, put, refusal

TESTS = Path(__file__).parents[1]
MARKER = "marker-8d1f6a0c-in-the-words-of-a-picture-5577"
WORDS = "marker-77aa10-in-the-words-of-a-person"


def marked() -> bytes:
    """A PNG with a marker in its words, and one in its pixels."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", MARKER)
    pixels = np.frombuffer(random.Random(1).randbytes(64 * 64 * 3), np.uint8).reshape(64, 64, 3)
    target = BytesIO()
    Pillow.fromarray(pixels).save(target, "PNG", pnginfo=words, compress_level=0)
    return target.getvalue()


def needles() -> list[bytes]:
    """What must not be found: markers, and the first bytes of every form of the picture."""
    pixels = random.Random(1).randbytes(64 * 64 * 3)
    return [
        MARKER.encode(),
        WORDS.encode(),
        pixels[:64],
        marked()[:64],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ]


def hits(folder: Path) -> dict[str, int]:
    """Needles in all files of a folder, by file."""
    found: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            found[file.name] += sum(data.count(needle) for needle in needles())
    return {name: count for name, count in found.items() if count}


def left(shop) -> tuple[int, int, int]:
    """Objects, rows of images, and notes of what is to go."""
    with reading(shop.engine) as connection:
        count = [
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (image_rows, doomed)
        ]
    return len(list(shop.objects.names())), *count


def test_pictures_lie_on_the_disk_only_sealed(vision_shop, floor) -> None:
    project_id, _ = project(vision_shop)
    images.create_images(vision_shop, project_id, [Upload("m", marked())])
    assert hits(floor.folder) == {}


def stocked(shop) -> tuple[str, str, str]:
    """A project with markers wherever words and pictures go; an image that is frozen and labelled."""
    project_id, _ = project(shop, f"{WORDS} p")
    tag = tags.create_tag(shop, project_id, f"{WORDS} t", WORDS).id
    [image] = [one.image.id for one in images.create_images(shop, project_id, [Upload("m", marked())], [tag]).images]
    metadata.update_image_metadata(shop, project_id, [image], {WORDS: WORDS})
    return project_id, tag, image


def test_nothing_is_left_of_a_project(vision_shop, floor) -> None:
    other, [kept_tag] = project(vision_shop, "other", "a")
    [kept] = add(vision_shop, other, 1, kept_tag)
    before = left(vision_shop)
    project_id, _, _ = stocked(vision_shop)
    with writing(vision_shop.engine) as connection:
        freeze(connection, project_id, NOBODY)
    for kind in (ObjectKind.MODEL, ObjectKind.EXPORT, ObjectKind.EVIDENCE, ObjectKind.PREDICTION):
        vision_shop.objects.put(ObjectName(kind, project_id, NOBODY), marked())
    assert hits(floor.folder)
    projects.delete_project(vision_shop, project_id)
    assert hits(floor.folder) == {}
    assert left(vision_shop) == before
    assert not [path for path in floor.folder.rglob("*") if project_id in path.name]
    assert images.read_image(vision_shop, other, kept, "original")


def test_nothing_is_left_of_an_image(vision_shop, floor) -> None:
    project_id, tag, image = stocked(vision_shop)
    projects.update_project(vision_shop, project_id, "p")
    with writing(vision_shop.engine) as connection:
        freeze(connection, project_id, NOBODY)
    images.delete_images(vision_shop, project_id, [image])
    with writing(vision_shop.engine) as connection:
        assert connection.execute(select(image_rows.c.fingerprint)).scalars().all() == [None]
    tags.update_tag(vision_shop, project_id, tag, "t", "")
    images.delete_images(vision_shop, project_id, [image], all_iterations=True)
    assert left(vision_shop) == (1, 0, 0)


def test_nothing_is_left_of_a_tag(vision_shop, floor) -> None:
    project_id, tag, image = stocked(vision_shop)
    projects.update_project(vision_shop, project_id, "p")
    images.delete_images(vision_shop, project_id, [image])
    tags.update_tag(vision_shop, project_id, tag, "t", "")
    put_back = add(vision_shop, project_id, 1, tag)
    assert hits(floor.folder) == {}
    tags.delete_tag(vision_shop, project_id, tag)
    assert listing.get_images_by_ids(vision_shop, project_id, put_back)[0].tags is None


def test_the_log_of_the_database_is_empty_after_a_deletion(vision_shop, floor) -> None:
    project_id, _, image = stocked(vision_shop)
    images.delete_images(vision_shop, project_id, [image])
    assert (floor.folder / "vision.sqlite-wal").stat().st_size == 0


def test_a_deletion_waits_for_those_who_read(vision_shop, floor) -> None:
    project_id, _, image = stocked(vision_shop)
    is_reading, is_done = threading.Event(), threading.Event()

    def read() -> None:
        with reading(vision_shop.engine) as connection:
            connection.execute(select(image_rows)).all()
            is_reading.set()
            is_done.wait(0.3)

    reader = threading.Thread(target=read)
    reader.start()
    is_reading.wait()
    images.delete_images(vision_shop, project_id, [image])
    assert (floor.folder / "vision.sqlite-wal").stat().st_size == 0
    reader.join()


def test_what_was_left_undone_is_done_at_the_next_opening(floor) -> None:
    with floor.opened() as shop:
        project_id, _ = project(shop)
        [mine] = add(shop, project_id)
        going, _ = project(shop, "going")
        add(shop, going, 2)
        lost = ObjectName(ObjectKind.IMAGE, project_id, NOBODY)
        shop.objects.put(lost, b"arrived, and then the power failed")
        with writing(shop.engine) as connection:
            erasing.doom(connection, [lost])
            erasing.doom_project(connection, going)
            erasing.doom_project(connection, NOBODY)
        assert refusal(projects.get_project, shop, going) == "NotFoundProject"
        assert refusal(images.delete_images, shop, going, all_images=True) == "NotFoundProject"
    with floor.opened() as shop:
        assert erasing.finish(shop) == 3
        assert left(shop) == (4, 1, 0)
        assert [one.id for one in projects.get_projects(shop)] == [project_id]
        assert images.read_image(shop, project_id, mine, "original")
        assert erasing.finish(shop) == 0


def test_a_name_is_free_while_its_project_is_being_erased(vision_shop) -> None:
    going, _ = project(vision_shop, "forks")
    with writing(vision_shop.engine) as connection:
        erasing.doom_project(connection, going)
    assert refusal(projects.create_project, vision_shop, "forks") == "BadRequestProjectNameNotUnique"
    erasing.finish(vision_shop)
    assert project(vision_shop, "forks")


def test_what_is_spared_stays(vision_shop) -> None:
    name = ObjectName(ObjectKind.IMAGE, NOBODY, NOBODY)
    vision_shop.objects.put(name, b"wanted")
    with writing(vision_shop.engine) as connection:
        erasing.doom(connection, [name, name])
        erasing.doom(connection, [name])
        erasing.spare(connection, [name])
    assert erasing.finish(vision_shop) == 0
    assert vision_shop.objects.get(name) == b"wanted"


class PowerFailed(Exception):
    """Nothing is written from this moment on."""


class Power:
    """Lets so many writes through, to the database or to objects, and then none."""

    def __init__(self, writes: int) -> None:
        self.left = writes
        self.has_failed = False

    def spend(self, *_: object) -> None:
        self.left -= 1
        if self.left < 0:
            self.has_failed = True
            raise PowerFailed


class PoweredObjects(SealedObjects):
    power: Power

    def put(self, name: ObjectName, data: bytes) -> None:
        self.power.spend()
        super().put(name, data)

    def delete(self, names) -> None:
        for name in names:
            self.power.spend()
            super().delete([name])

    def delete_project(self, project_id: str) -> None:
        self.power.spend()
        super().delete_project(project_id)


def powered(shop, floor, power: Power):
    objects = PoweredObjects(floor.folder / "objects", KEYS)
    objects.power = power
    event.listen(shop.engine, "commit", power.spend)
    return dataclasses.replace(shop, objects=objects)


def require_whole(shop) -> None:
    """Every object has its row, every row its objects, and no note is left."""
    wanted = set()
    for one in projects.get_projects(shop):
        ids = [image.id for image in listing.get_images(shop, one.id, take=256)]
        wanted |= {*erasing.pictures(one.id, ids), projects.secret_of(one.id)}
    assert set(shop.objects.names()) == wanted
    assert left(shop)[2] == 0


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(lambda shop, p, i: projects.create_project(shop, "new"), id="create a project"),
        pytest.param(lambda shop, p, i: projects.delete_project(shop, p), id="delete a project"),
        pytest.param(lambda shop, p, i: add(shop, p, 2, seed=50), id="create images"),
        pytest.param(lambda shop, p, i: images.delete_images(shop, p, [i]), id="delete an image"),
        pytest.param(lambda shop, p, i: images.delete_images(shop, p, [i], None, True), id="delete it everywhere"),
    ],
)
def test_whenever_the_power_fails_the_next_opening_makes_it_whole(tmp_path, operation) -> None:
    has_failed, writes = True, 0
    while has_failed:
        floor = Floor(tmp_path / f"after-{writes}")
        floor.folder.mkdir()
        with floor.opened() as shop:
            project_id, _ = project(shop)
            [image, _] = add(shop, project_id, 2)
            power = Power(writes)
            with suppress(PowerFailed):
                operation(powered(shop, floor, power), project_id, image)
        with floor.opened() as shop:
            erasing.finish(shop)
            require_whole(shop)
        has_failed, writes = power.has_failed, writes + 1
    assert writes > 3


@pytest.mark.slow
def test_nothing_is_orphaned_however_often_the_power_fails(tmp_path) -> None:
    """Killed at random: every object has its row, every row its objects, and no note is left."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)])}
    chance = random.Random(7)
    for seed in range(8):
        command = [sys.executable, str(Path(__file__).with_name("uploader.py")), str(tmp_path), str(seed)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"working\n"
            time.sleep(chance.uniform(0.05, 0.7))
            child.send_signal(signal.SIGKILL)
        with Floor(tmp_path).opened() as shop:
            erasing.finish(shop)
            require_whole(shop)


def test_many_at_once(vision_shop) -> None:
    """Uploads, labels, lists and deletions from many threads: all are served, and the sums are right."""
    project_id, [a, b] = project(vision_shop, "forks", "a", "b")

    def work(worker: int) -> int:
        ids = add(vision_shop, project_id, 4, a, seed=100 * worker)
        for image in ids:
            put(vision_shop, project_id, image, b)
        listing.get_images(vision_shop, project_id)
        labels.delete_image_tags(vision_shop, project_id, ids[:2], [a])
        images.delete_images(vision_shop, project_id, ids[3:])
        return len(ids) - 1

    with ThreadPoolExecutor(6) as pool:
        kept = sum(pool.map(work, range(6)))
    assert listing.get_image_count(vision_shop, project_id) == kept == 18
    assert [tag.image_count for tag in tags.get_tags(vision_shop, project_id)] == [6, 18]
    assert left(vision_shop) == (18 * 3 + 1, 18, 0)


def test_the_same_picture_from_many_threads_is_kept_once(vision_shop) -> None:
    project_id, _ = project(vision_shop)

    def upload(_: int) -> str:
        return images.create_images(vision_shop, project_id, [Upload("same", drawn(5))]).images[0].status

    with ThreadPoolExecutor(4) as pool:
        statuses = Counter(pool.map(upload, range(8)))
    assert statuses == {"OK": 1, "OKDuplicate": 7}
    assert left(vision_shop) == (4, 1, 0)


def test_uploads_into_a_project_that_is_being_deleted_leave_nothing(vision_shop) -> None:
    def upload(seed: int) -> None:
        try:
            for n in count():
                images.create_images(vision_shop, project_id, [Upload("x", drawn(10_000 * seed + n))])
        except Refused as refused:
            codes.append(refused.code)

    for attempt in range(3):
        codes: list[str] = []
        project_id, _ = project(vision_shop, f"forks {attempt}")
        workers = [threading.Thread(target=upload, args=(seed,)) for seed in range(3)]
        for worker in workers:
            worker.start()
        time.sleep(0.03 * attempt)
        projects.delete_project(vision_shop, project_id)
        for worker in workers:
            worker.join()
        assert set(codes) == {"NotFoundProject"}
        assert left(vision_shop) == (0, 0, 0)


def test_a_tag_that_vanishes_during_an_upload(vision_shop, monkeypatch) -> None:
    project_id, [a] = project(vision_shop, "forks", "a")
    prepare = images.seal

    def slow(*arguments) -> None:
        prepare(*arguments)
        tags.delete_tag(vision_shop, project_id, a)

    monkeypatch.setattr(images, "seal", slow)
    uploads = [Upload("x", drawn(1), (a,)), Upload("y", drawn(2))]
    statuses = [one.status for one in images.create_images(vision_shop, project_id, uploads).images]
    assert statuses == ["ErrorInvalidTag", "OK"]
    assert left(vision_shop) == (4, 1, 0)


def test_projects_that_were_interrupted_leave_nothing(vision_shop, monkeypatch) -> None:
    """Two of one name at the same moment: one is made, and nothing stays of the other."""
    barrier = threading.Barrier(2)

    def create(_: int) -> str:
        barrier.wait()
        try:
            return projects.create_project(vision_shop, "forks").name
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(create, range(2))) == {"forks", "BadRequestProjectNameNotUnique"}
    assert left(vision_shop) == (1, 0, 0)


def test_rows_are_only_those_of_the_project(vision_shop) -> None:
    with writing(vision_shop.engine) as connection:
        row = {"kind": "image", "project_id": NOBODY, "id": NOBODY}
        connection.execute(insert(doomed).values(row))
    project_id, _ = project(vision_shop)
    projects.delete_project(vision_shop, project_id)
    assert left(vision_shop) == (0, 0, 1)

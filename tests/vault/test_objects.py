"""Objects at rest: exactly what was put, or an error; and gone when deleted."""

from __future__ import annotations

import errno
import resource
import shutil
import stat
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.vault.faults import Altered, NoObject
from footfall.vault.keys import Keys
from footfall.vault.objects import ObjectKind, ObjectName, SealedObjects
from footfall.vault.sealed import CHUNK_BYTES, HEADER_BYTES

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
NAME = ObjectName(ObjectKind.IMAGE, "shop", "first")
OTHER = ObjectName(ObjectKind.IMAGE, "shop", "second")
PICTURE = b"\xff\xd8 a picture, all of it the same" + bytes(20_000)


@pytest.fixture
def objects(tmp_path: Path) -> SealedObjects:
    return SealedObjects(tmp_path / "objects", Keys(OLD))


def file_of(folder: Path, name: ObjectName) -> Path:
    return folder / "objects" / name.project_id / name.kind / f"{name.id}.enc"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def bits_a_byte(data: bytes) -> float:
    """Shannon's entropy of its bytes."""
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    shares = counts[counts > 0] / len(data)
    return float(-(shares * np.log2(shares)).sum())


@settings(max_examples=20)
@given(st.sampled_from([0, 1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES]), st.binary())
def test_an_object_comes_back_as_it_was_put(size: int, start: bytes) -> None:
    with TemporaryDirectory() as folder:
        objects = SealedObjects(Path(folder), Keys(OLD))
        objects.put(NAME, start + bytes(size))
        assert objects.get(NAME) == start + bytes(size)
        assert list(objects.names()) == [NAME]


def test_one_that_is_there_is_replaced(objects: SealedObjects) -> None:
    objects.put(NAME, b"old")
    objects.put(NAME, b"new")
    assert objects.get(NAME) == b"new"


@pytest.mark.parametrize("kind", ObjectKind)
def test_nothing_can_be_told_from_a_stored_object(kind: ObjectKind, tmp_path: Path) -> None:
    name = ObjectName(kind, "shop", "first")
    SealedObjects(tmp_path / "objects", Keys(OLD)).put(name, PICTURE * 10)
    stored = file_of(tmp_path, name).read_bytes()
    assert bits_a_byte(stored) >= 7.99
    assert b"picture" not in stored


def test_only_this_user_may_read(objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, PICTURE)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "objects").rglob("*") if path.is_dir()}
    assert modes == {0o700}
    assert stat.S_IMODE((tmp_path / "objects").stat().st_mode) == 0o700
    assert stat.S_IMODE(file_of(tmp_path, NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("kind", ObjectKind)
def test_every_flipped_bit_is_noticed(kind: ObjectKind, tmp_path: Path) -> None:
    name = ObjectName(kind, "shop", "first")
    objects = SealedObjects(tmp_path / "objects", Keys(OLD))
    objects.put(name, b"small")
    file = file_of(tmp_path, name)
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        with pytest.raises(Altered):
            objects.get(name)
    file.write_bytes(whole)
    assert objects.get(name) == b"small"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda whole: whole[:-1], id="a byte short"),
        pytest.param(lambda whole: whole + b"\0", id="a byte more"),
        pytest.param(lambda whole: whole[:HEADER_BYTES], id="only a header"),
        pytest.param(lambda whole: whole[: HEADER_BYTES + CHUNK_BYTES + 16], id="cut between chunks"),
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda _: PICTURE, id="a picture in clear"),
        pytest.param(lambda whole: whole[:HEADER_BYTES] + bytes(len(whole) - HEADER_BYTES), id="zeros"),
    ],
)
def test_what_was_cut_or_put_in_is_noticed(
    change: Callable[[bytes], bytes], objects: SealedObjects, tmp_path: Path
) -> None:
    objects.put(NAME, bytes(2 * CHUNK_BYTES + 5))
    file = file_of(tmp_path, NAME)
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(Altered, match="image/shop/first"):
        objects.get(NAME)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(OTHER, id="another id"),
        pytest.param(ObjectName(ObjectKind.THUMBNAIL, "shop", "first"), id="another kind"),
        pytest.param(ObjectName(ObjectKind.IMAGE, "school", "first"), id="another project"),
    ],
)
def test_one_object_cannot_stand_in_for_another(other: ObjectName, objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, b"of the shop")
    objects.put(other, b"another one")
    shutil.copyfile(file_of(tmp_path, NAME), file_of(tmp_path, other))
    with pytest.raises(Altered):
        objects.get(other)


def test_an_older_key_can_still_open_and_no_other(objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, b"old")
    assert SealedObjects(tmp_path / "objects", Keys(NEW, OLD)).get(NAME) == b"old"
    with pytest.raises(Altered, match="not among yours"):
        SealedObjects(tmp_path / "objects", Keys(NEW)).get(NAME)


def test_what_is_deleted_is_gone(objects: SealedObjects, tmp_path: Path) -> None:
    for name in (NAME, OTHER):
        objects.put(name, PICTURE)
    objects.delete([NAME, ObjectName(ObjectKind.MODEL, "shop", "never-was")])
    assert not objects.has(NAME)
    with pytest.raises(NoObject):
        objects.get(NAME)
    assert files_in(tmp_path) == [file_of(tmp_path, OTHER)]
    assert objects.get(OTHER) == PICTURE


def test_the_key_of_a_deleted_object_is_overwritten(objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, b"secret")
    (tmp_path / "copy").hardlink_to(file_of(tmp_path, NAME))
    objects.delete([NAME])
    assert (tmp_path / "copy").read_bytes()[:HEADER_BYTES] == bytes(HEADER_BYTES)


def test_a_project_goes_with_all_that_it_holds(objects: SealedObjects, tmp_path: Path) -> None:
    school = ObjectName(ObjectKind.MODEL, "school", "first")
    for name in (NAME, OTHER, ObjectName(ObjectKind.EXPORT, "shop", "zip"), school):
        objects.put(name, PICTURE)
    (tmp_path / "copy").hardlink_to(file_of(tmp_path, OTHER))
    objects.delete_project("shop")
    objects.delete_project("shop")
    assert (tmp_path / "copy").read_bytes()[:HEADER_BYTES] == bytes(HEADER_BYTES)
    assert list(objects.names()) == [school]
    assert files_in(tmp_path / "objects") == [file_of(tmp_path, school)]
    objects.put(NAME, b"again")
    assert list(objects.names("shop")) == [NAME]


def test_all_are_listed_by_project(objects: SealedObjects, tmp_path: Path) -> None:
    names = {ObjectName(kind, project, "one") for kind in ObjectKind for project in ("shop", "school")}
    for name in names:
        objects.put(name, b"")
    (tmp_path / "objects" / "shop" / "image" / "no name!.enc").write_bytes(b"not ours")
    assert set(objects.names()) == names
    assert set(objects.names("shop")) == {name for name in names if name.project_id == "shop"}
    assert list(objects.names("empty")) == []


@pytest.mark.parametrize("bad", ["", "..", ".", "a/b", "*", "a\0b", "-x", "ä", "a" * 101, "x.enc", " "])
def test_names_lead_nowhere_else(bad: str, objects: SealedObjects) -> None:
    for parts in ((bad, "id"), ("shop", bad)):
        with pytest.raises(ValueError, match="no name"):
            ObjectName(ObjectKind.IMAGE, *parts)
    with pytest.raises(ValueError, match="no name"):
        list(objects.names(bad))
    with pytest.raises(ValueError, match="no name"):
        objects.delete_project(bad)


def test_another_key_changes_headers_alone(objects: SealedObjects, tmp_path: Path) -> None:
    names = [ObjectName(ObjectKind.IMAGE, "shop", f"picture-{number}") for number in range(70)]
    for name in names:
        objects.put(name, str(name).encode() * 100)
    bodies = {name: sha256(file_of(tmp_path, name).read_bytes()[HEADER_BYTES:]).digest() for name in names}
    turned = SealedObjects(tmp_path / "objects", Keys(NEW, OLD))
    assert turned.rewrap() == 70
    assert turned.rewrap() == 0
    only_new = SealedObjects(tmp_path / "objects", Keys(NEW))
    for name in names:
        stored = file_of(tmp_path, name).read_bytes()
        assert sha256(stored[HEADER_BYTES:]).digest() == bodies[name]
        assert only_new.get(name) == str(name).encode() * 100
    assert not (tmp_path / "objects" / ".rewrap").exists()


def test_a_damaged_object_does_not_keep_others_from_another_key(
    objects: SealedObjects, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (NAME, OTHER):
        objects.put(name, b"fine")
    file_of(tmp_path, NAME).write_bytes(b"damaged")
    turned = SealedObjects(tmp_path / "objects", Keys(NEW, OLD))
    assert turned.rewrap() == 1
    assert "first.enc: it was not sealed" in caplog.text
    assert turned.get(OTHER) == b"fine"


def test_what_a_crash_left_is_tidied(objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, b"kept")
    folder = file_of(tmp_path, NAME).parent
    (folder / ".third.enc.12345678.part").write_bytes(b"half")
    (folder / ".fourth.enc.12345678.gone").write_bytes(bytes(100))
    shutil.copytree(tmp_path / "objects" / "shop", tmp_path / "objects" / ".school.12345678.gone")
    (tmp_path / "objects" / "..rewrap.part").write_bytes(b"half a journal")
    again = SealedObjects(tmp_path / "objects", Keys(OLD))
    assert files_in(tmp_path) == [file_of(tmp_path, NAME)]
    assert again.get(NAME) == b"kept"


def test_what_another_process_is_about_to_put_is_left_to_it(objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, b"kept")
    part = file_of(tmp_path, NAME).with_name(".third.enc.12345678.part")
    part.write_bytes(b"half")
    SealedObjects(tmp_path / "objects", Keys(OLD), tidies=False)
    assert part.exists()


def test_a_full_disk_leaves_nothing_behind(objects: SealedObjects, tmp_path: Path) -> None:
    objects.put(NAME, b"kept")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        for name in (NAME, OTHER):
            with pytest.raises(OSError, match="too large") as caught:
                objects.put(name, PICTURE)
            assert caught.value.errno == errno.EFBIG
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert objects.get(NAME) == b"kept"
    assert files_in(tmp_path) == [file_of(tmp_path, NAME)]


def test_many_threads_put_get_delete_and_change_keys(tmp_path: Path) -> None:
    ring = Turning(OLD, NEW)
    objects = SealedObjects(tmp_path / "objects", ring)
    errors: list[BaseException] = []

    def work(thread: int) -> None:
        try:
            for turn in range(12):
                name = ObjectName(ObjectKind.IMAGE, f"p{turn % 2}", f"t{thread}-{turn}")
                objects.put(name, str(name).encode())
                assert objects.get(name) == str(name).encode()
                if turn % 3 == 0:
                    objects.delete([name])
                    assert not objects.has(name)
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        ring.turn()
        objects.rewrap()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(list(objects.names())) == 6 * 8
    for name in objects.names():
        assert objects.get(name) == str(name).encode()


def test_no_object_is_left_with_a_key_that_is_about_to_go(tmp_path: Path) -> None:
    """Whoever was in the middle of putting with the older key begins anew."""
    ring = Turning(OLD, NEW)
    objects = SealedObjects(tmp_path / "objects", ring)
    ring.pause.clear()
    putting = threading.Thread(target=objects.put, args=(NAME, b"late"))
    putting.start()
    assert ring.wrapped.wait(60)
    ring.turn()
    assert objects.rewrap() == 0
    assert not objects.has(NAME)
    ring.pause.set()
    putting.join()
    assert SealedObjects(tmp_path / "objects", Keys(NEW)).get(NAME) == b"late"
    assert files_in(tmp_path) == [file_of(tmp_path, NAME)]


def test_what_is_put_into_a_project_that_goes_is_told_and_gone(tmp_path: Path) -> None:
    ring = Turning(OLD, NEW)
    objects = SealedObjects(tmp_path / "objects", ring)
    told: list[type[Exception]] = []

    def put() -> None:
        try:
            objects.put(NAME, b"late")
        except NoObject as error:
            told.append(type(error))

    ring.pause.clear()
    putting = threading.Thread(target=put)
    putting.start()
    assert ring.wrapped.wait(60)
    objects.delete_project("shop")
    ring.pause.set()
    putting.join()
    assert told == [NoObject]
    assert list((tmp_path / "objects").iterdir()) == []


class Turning(Keys):
    """Two keys that take turns; stops after wrapping while it is paused."""

    def __init__(self, *keys: bytes) -> None:
        super().__init__(*keys)
        self.pause, self.wrapped = threading.Event(), threading.Event()
        self.pause.set()

    def turn(self) -> None:
        self._newest = next(key for key in self._keys if key != self._newest)

    def wrap(self, key: bytes) -> tuple[bytes, bytes]:
        wrapped = super().wrap(key)
        self.wrapped.set()
        assert self.pause.wait(60)
        return wrapped

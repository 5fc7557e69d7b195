"""Files of a file sink: its own, and only those."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.recording.names import GraphNames, NamePattern
from footfall.recording.own_files import OwnFiles

NOON = datetime(2026, 1, 1, 12, 0, 0, 250_000, UTC)


def files(
    folder: Path, pattern: str = "clip-${System.DateTime}", node: str = "sink", most: int | None = None
) -> OwnFiles:
    return OwnFiles(folder, NamePattern(pattern, GraphNames("shop", "evr")), node, most_bytes=most)


def visible(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.mp4"))


def fill(own: OwnFiles, count: int, size: int = 100) -> list[Path]:
    made = []
    for number in range(count):
        made.append(own.name(NOON + timedelta(seconds=number)))
        made[-1].write_bytes(bytes(size))
    return made


def test_a_name_that_is_taken_is_numbered_whoever_took_it(tmp_path: Path) -> None:
    (tmp_path / "clip-20260101T120000Z.mp4").touch()
    own = files(tmp_path)
    first = own.name(NOON)
    first.touch()
    assert [first.name, own.name(NOON).name] == ["clip-20260101T120000Z-1.mp4", "clip-20260101T120000Z-2.mp4"]


def test_folders_within_the_pattern_are_made(tmp_path: Path) -> None:
    own = files(tmp_path, "${System.GraphInstanceName}/${System.DateTime}")
    assert own.name(NOON) == tmp_path / "shop" / "20260101T120000Z.mp4"
    assert (tmp_path / "shop").is_dir()


def test_the_limit_deletes_the_oldest_of_this_sink_alone_also_after_a_restart(tmp_path: Path) -> None:
    others = fill(files(tmp_path, node="other"), 3)
    (tmp_path / "clip-20200101T000000Z.mp4").write_bytes(bytes(1000))
    mine = fill(files(tmp_path, most=250), 3)
    own = files(tmp_path, most=250)
    assert [file.name for file in mine if file.exists()] == [file.name for file in mine[1:]]
    mine += fill(own, 4)[3:]
    assert own.make_room()
    assert all(file.exists() for file in others)
    assert (tmp_path / "clip-20200101T000000Z.mp4").exists()
    assert mine[-1].exists()
    assert not mine[1].exists()


def test_the_newest_stays_however_large(tmp_path: Path) -> None:
    own = files(tmp_path, most=10)
    fill(own, 2)
    own.make_room()
    assert visible(tmp_path) == ["clip-20260101T120001Z.mp4"]


def test_old_files_go(tmp_path: Path) -> None:
    own = files(tmp_path)
    old, new = fill(own, 2)
    os.utime(old, (NOON.timestamp(), NOON.timestamp()))
    assert own.forget_before(NOON + timedelta(days=1)) == [old]
    assert visible(tmp_path) == [new.name]


def test_leftovers_of_a_crash_go_but_not_what_another_run_writes(tmp_path: Path) -> None:
    own = files(tmp_path)
    left, written = own.name(NOON), own.name(NOON + timedelta(seconds=1))
    foreign = tmp_path / ".foreign.mp4.part"
    for part in (tmp_path / f".{left.name}.part", tmp_path / f".{written.name}.part", foreign):
        part.touch()
    with (tmp_path / f".{written.name}.part").open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        files(tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.part")) == sorted([f".{written.name}.part", foreign.name])


def test_a_list_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "precious.mp4").write_bytes(bytes(1000))
    (tmp_path / "media" / ".footfall-shop-sink.files").write_bytes(b"../precious.mp4\n/etc/passwd\n\xff\xfe\nclip-2026")
    own = files(tmp_path / "media", most=1)
    fill(own, 2)
    own.make_room()
    assert (tmp_path / "precious.mp4").exists()


def test_what_was_never_written_is_forgotten(tmp_path: Path) -> None:
    own = files(tmp_path, most=1)
    given = own.name(NOON)
    own.make_room()
    given.write_bytes(b"of somebody else, by now")
    fill(own, 2)
    own.make_room()
    assert given.exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(OSError, match="exists"):
        files(tmp_path / "taken")

"""Names of clips, the limit of disk, and what a crash left behind."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.recording.folder import ClipFolder

NOON = datetime(2026, 1, 1, 12, 0, 0, 250_000, UTC)


def put(folder: Path, *names: str, size: int = 100) -> None:
    for name in names:
        (folder / name).write_bytes(bytes(size))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_names_are_stamped_and_never_taken_twice(tmp_path: Path) -> None:
    clips = ClipFolder(tmp_path / "new" / "folder", "cam")
    given = []
    for _ in range(3):
        file = clips.name(NOON)
        file.touch()
        given.append(file.name)
    assert given == ["cam-20260101T120000Z.mp4", "cam-20260101T120000Z-1.mp4", "cam-20260101T120000Z-2.mp4"]
    (tmp_path / "new" / "folder" / ".cam-20260101T120000Z-3.mp4.part").touch()
    assert clips.name(NOON).name == "cam-20260101T120000Z-4.mp4"


def test_the_oldest_go_and_only_ours(tmp_path: Path) -> None:
    others = ("notes.txt", "door-20200101T000000Z.mp4", "cam-holiday.mp4", "cam-20200101T000000Z.mp4.bak")
    put(tmp_path, *others)
    clips = ClipFolder(tmp_path, "cam", most_bytes=250)
    stamps = ("20260101T120000Z-10", "20260101T120000Z-9", "20251231T000000Z", "20260102T000000Z")
    put(tmp_path, *(f"cam-{stamp}.mp4" for stamp in stamps))
    assert [path.name for path in clips.make_room()] == ["cam-20251231T000000Z.mp4", "cam-20260101T120000Z-9.mp4"]
    assert names(tmp_path) == sorted((*others, "cam-20260101T120000Z-10.mp4", "cam-20260102T000000Z.mp4"))


def test_the_newest_clip_stays_however_large(tmp_path: Path) -> None:
    put(tmp_path, "cam-20260101T000000Z.mp4", "cam-20260102T000000Z.mp4", size=1000)
    ClipFolder(tmp_path, "cam", most_bytes=10)
    assert names(tmp_path) == ["cam-20260102T000000Z.mp4"]


def test_without_a_limit_all_stay(tmp_path: Path) -> None:
    put(tmp_path, "cam-20260101T000000Z.mp4", "cam-20260102T000000Z.mp4")
    assert ClipFolder(tmp_path, "cam").make_room() == []


def test_leftovers_of_a_crash_go_but_not_what_another_run_writes(tmp_path: Path) -> None:
    left, written = ".cam-20260101T000000Z.mp4.part", ".cam-20260101T000001Z.mp4.part"
    foreign = ".door-20260101T000000Z.mp4.part"
    put(tmp_path, left, written, foreign)
    with (tmp_path / written).open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        ClipFolder(tmp_path, "cam")
    assert names(tmp_path) == sorted((written, foreign))


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    put(tmp_path, "taken")
    with pytest.raises(OSError, match="exists"):
        ClipFolder(tmp_path / "taken", "cam")


def test_old_clips_go_and_only_ours(tmp_path: Path) -> None:
    put(tmp_path, "cam-20260101T000000Z.mp4", "cam-20260102T000000Z.mp4.enc", "door-20260101T000000Z.mp4")
    for name in ("cam-20260101T000000Z.mp4", "door-20260101T000000Z.mp4"):
        os.utime(tmp_path / name, (NOON.timestamp(), NOON.timestamp()))
    assert ClipFolder(tmp_path, "cam").forget_before(NOON + timedelta(days=1)) == [
        tmp_path / "cam-20260101T000000Z.mp4"
    ]
    assert names(tmp_path) == ["cam-20260102T000000Z.mp4.enc", "door-20260101T000000Z.mp4"]


def test_a_clip_that_somebody_deletes_meanwhile_is_no_fault(tmp_path: Path) -> None:
    """It is still listed when it has gone."""
    clips = ClipFolder(tmp_path, "cam", most_bytes=150)
    put(tmp_path, "cam-20260101T120001Z.mp4", "cam-20260101T120002Z.mp4")
    (tmp_path / "cam-20260101T120000Z.mp4").symlink_to("gone")
    assert [path.name for path in clips.make_room()] == ["cam-20260101T120001Z.mp4"]
    later = datetime(2200, 1, 1, tzinfo=UTC)
    assert [path.name for path in clips.forget_before(later)] == ["cam-20260101T120002Z.mp4"]

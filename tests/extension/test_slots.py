"""Shared memory of ours: where pictures lie in it, and that none of it stays."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.extension.shared_memory import RegionReader
from footfall.extension.slots import PREFIX, Region, Slots, remove_leftovers
from footfall.extension.wire import Reference, SharedRegion


def test_the_whole_region_is_used_to_its_last_byte() -> None:
    slots = Slots(30)
    assert [slots.take(10) for _ in range(4)] == [0, 10, 20, None]
    slots.free(20)
    assert slots.take(10) == 20, "the gap at the end"
    slots.free(10)
    slots.free(10)
    assert slots.take(11) is None
    assert slots.take(10) == 10, "the gap in the middle"


@given(st.lists(st.one_of(st.integers(1, 40), st.integers(-8, -1))))
def test_no_two_pictures_share_a_byte(steps: list[int]) -> None:
    slots, length = Slots(100), 100
    taken: dict[int, int] = {}
    for step in steps:
        if step < 0:
            for offset in list(taken)[:1]:
                slots.free(offset)
                del taken[offset]
            continue
        offset = slots.take(step)
        gaps = _gaps(taken, length)
        assert (offset is None) == (max(gaps, default=0) < step)
        if offset is not None:
            assert offset + step <= length
            assert all(offset + step <= start or start + count <= offset for start, count in taken.items())
            taken[offset] = step


def _gaps(taken: dict[int, int], length: int) -> list[int]:
    edges = [(0, 0), *sorted((start, start + count) for start, count in taken.items()), (length, length)]
    return [after[0] - before[1] for before, after in pairwise(edges)]


def test_what_a_server_finds(tmp_path: Path) -> None:
    region = Region(3000, tmp_path)
    assert region.name.startswith(PREFIX)
    assert 0 <= int(region.name.removeprefix(PREFIX)) < 2**64
    found = (tmp_path / region.name).stat()
    assert (found.st_size, stat.S_IMODE(found.st_mode)) == (3000, 0o660)
    picture = np.arange(1000, dtype=np.uint32).view(np.uint8)[:1000]
    assert region.write(2000, picture)
    reader = RegionReader(SharedRegion(region.name, 3000), tmp_path)
    assert (reader.read(Reference(2000, 1000)) == picture).all()
    reader.close()
    region.close()
    region.close()
    assert not region.write(0, picture)
    assert list(tmp_path.iterdir()) == []


def test_the_mode_is_as_wanted(tmp_path: Path) -> None:
    region = Region(10, tmp_path, mode=0o666)
    assert stat.S_IMODE((tmp_path / region.name).stat().st_mode) == 0o666
    region.close()


def test_more_than_there_is(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"space|large"):
        Region(2**50, tmp_path)
    assert list(tmp_path.iterdir()) == [], "nothing is left of the try"


def test_names_that_exist_already_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter([1, 1, 1, 2])
    monkeypatch.setattr("footfall.extension.slots.secrets.randbits", lambda _: next(numbers))
    first, second = Region(10, tmp_path), Region(10, tmp_path)
    assert first.name != second.name
    assert len(list(tmp_path.iterdir())) == 2
    first.close()
    second.close()


def test_only_what_is_ours_and_dead_is_removed(tmp_path: Path) -> None:
    living = Region(10, tmp_path)
    others = [f"{PREFIX}2146989006636459346", f"{PREFIX}x", f"{PREFIX}{2**70}", "else"]
    for name in others:
        (tmp_path / name).write_bytes(b"theirs")
    dead = Region(10, tmp_path)
    (tmp_path / dead.name).rename(tmp_path / "kept")
    (tmp_path / "copy").write_bytes(b"left over")
    (tmp_path / "copy").rename(tmp_path / dead.name)
    assert remove_leftovers(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {living.name, *others, "kept"}
    living.close()
    dead.close()


DYING = """
import sys
sys.path[:0] = {paths!r}
from pathlib import Path
from footfall.extension.slots import Region
region = Region(1000, Path({folder!r}))
print(region.name, flush=True)
sys.stdin.read()
"""


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    code = DYING.format(paths=sys.path, folder=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        name = owner.stdout.readline().decode().strip()
        assert remove_leftovers(tmp_path) == 0, "its owner lives"
        os.kill(owner.pid, signal.SIGKILL)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert remove_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []

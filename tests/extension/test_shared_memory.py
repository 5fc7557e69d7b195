"""Shared memory of clients that mean well, and of those that do not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.extension.refusal import Refused
from footfall.extension.shared_memory import RegionReader
from footfall.extension.wire import Reference, SharedRegion


@pytest.fixture(params=[0o640, 0o666], ids=["our own", "anybody's"])
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RegionReader]:
    (tmp_path / "region").write_bytes(bytes(range(100)))
    (tmp_path / "region").chmod(request.param)
    region = RegionReader(SharedRegion("region", 100), tmp_path)
    yield region
    region.close()


@pytest.mark.parametrize(("offset", "length"), [(0, 100), (10, 5), (99, 1), (100, 0)])
def test_bytes_are_read_where_they_are(reader: RegionReader, offset: int, length: int) -> None:
    assert reader.read(Reference(offset, length)).tobytes() == bytes(range(100))[offset : offset + length]


@pytest.mark.parametrize(("offset", "length"), [(0, 101), (100, 1), (2**64 - 1, 1), (1, 2**64 - 1)])
def test_nothing_outside_is_read(reader: RegionReader, offset: int, length: int) -> None:
    with pytest.raises(Refused, match="of 100"):
        reader.read(Reference(offset, length))


def test_a_region_that_shrinks_ends_the_stream_and_not_the_process(reader: RegionReader, tmp_path: Path) -> None:
    os.truncate(tmp_path / "region", 50)
    assert reader.read(Reference(0, 50)).tobytes() == bytes(range(50))
    with pytest.raises(Refused, match="shorter"):
        reader.read(Reference(40, 20))


@pytest.mark.parametrize("name", ["", "..", "../region", "a/b", "/etc/passwd", ".hidden", "x" * 300, "a\0b", "ä"])
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="no name of a shared memory"):
        RegionReader(SharedRegion(name, 1), tmp_path)


def test_one_leading_slash_is_forgiven(tmp_path: Path) -> None:
    (tmp_path / "region").write_bytes(b"abc")
    RegionReader(SharedRegion("/region", 3), tmp_path).close()


def test_what_is_not_there_too_short_or_no_plain_file(tmp_path: Path) -> None:
    (tmp_path / "short").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "short")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, word in [
        ("none", "opened"),
        ("short", "4 bytes"),
        ("link", "opened"),
        ("folder", "bytes"),
        ("pipe", "bytes"),
    ]:
        with pytest.raises(Refused, match=word):
            RegionReader(SharedRegion(name, 4), tmp_path)


def test_pictures_outlive_the_region(reader: RegionReader) -> None:
    picture = reader.read(Reference(90, 10))
    reader.close()
    assert picture.tobytes() == bytes(range(90, 100))


def test_our_own_pictures_are_read_where_they_lie(reader: RegionReader, tmp_path: Path) -> None:
    picture = reader.read(Reference(0, 1))
    with (tmp_path / "region").open("r+b") as region:
        region.write(b"\xff")
    is_ours = not (tmp_path / "region").stat().st_mode & 0o002
    assert picture[0] == (0xFF if is_ours else 0), "others' are copied out"


def test_closing_twice(reader: RegionReader) -> None:
    reader.close()

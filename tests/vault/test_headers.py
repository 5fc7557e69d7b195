"""Headers change all or not at all, whenever the power goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from footfall.vault.headers import JOURNAL, Change, redo, rewrite, shred
from footfall.vault.sealed import HEADER_BYTES, Header

BODY = b"body" * 10


def header(fill: int, prefix: int = 7) -> Header:
    return Header(bytes([fill]) * 8, bytes([fill]) * 40, bytes([prefix]) * 7)


def file(folder: Path, name: str, prefix: int = 7) -> Path:
    path = folder / name
    path.write_bytes(header(1, prefix).encode() + BODY)
    return path


def test_headers_are_changed_and_bodies_are_not(tmp_path: Path) -> None:
    files = [file(tmp_path, name) for name in ("a", "b")]
    rewrite(tmp_path, [Change(path, header(2)) for path in files])
    assert [path.read_bytes() for path in files] == [header(2).encode() + BODY] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    rewrite(tmp_path, [])
    redo(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_torn_header_is_completed(tmp_path: Path) -> None:
    torn = file(tmp_path, "torn")
    torn.write_bytes(header(2).encode()[:20] + header(1).encode()[20:] + BODY)
    (tmp_path / JOURNAL).write_text(f"torn {header(2).encode().hex()}\ngone {header(2).encode().hex()}\n")
    redo(tmp_path)
    assert torn.read_bytes() == header(2).encode() + BODY
    assert not (tmp_path / JOURNAL).exists()


@pytest.mark.parametrize("content", [header(1, prefix=9).encode() + BODY, b"short", bytes(200)])
def test_a_file_that_came_in_its_place_is_left_alone(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(content)
    (tmp_path / JOURNAL).write_text(f"new {header(2).encode().hex()}\n")
    redo(tmp_path)
    assert (tmp_path / "new").read_bytes() == content


@pytest.mark.parametrize(
    "journal",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"a\n", id="half a line"),
        pytest.param(b"a zz\n", id="no hexadecimal"),
        pytest.param(b"a 00\n", id="no header"),
        pytest.param(b"../outside " + header(2).encode().hex().encode() + b"\n", id="outside of the folder"),
    ],
)
def test_a_journal_that_is_none_is_put_aside(journal: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    folder.mkdir()
    inside, outside = file(folder, "a"), file(tmp_path, "outside")
    (folder / JOURNAL).write_bytes(journal)
    redo(folder)
    assert inside.read_bytes() == outside.read_bytes() == header(1).encode() + BODY
    assert not (folder / JOURNAL).exists()


def test_a_shredded_file_has_lost_its_key_and_its_name(tmp_path: Path) -> None:
    path = file(tmp_path, "a")
    (tmp_path / "copy").hardlink_to(path)
    shred(path)
    assert not path.exists()
    assert (tmp_path / "copy").read_bytes() == bytes(HEADER_BYTES) + BODY


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    path = file(tmp_path, "a")
    (tmp_path / "link").symlink_to(path)
    rewrite(tmp_path, [Change(tmp_path / "link", header(2))])
    shred(tmp_path / "link")
    assert path.read_bytes() == header(1).encode() + BODY
    assert not (tmp_path / "link").exists()

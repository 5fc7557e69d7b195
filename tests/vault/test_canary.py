"""Two thousand pictures come and go: nothing of them is in any file, neither while they are there nor after."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.vault_objects import bits_a_byte, picture, scan

from footfall.vault.objects import ObjectKind, ObjectName
from vault.rings import House

COUNT = 2000


def test_two_thousand_pictures_leave_nothing_behind(tmp_path: Path) -> None:
    house = House(tmp_path)
    names = [ObjectName(ObjectKind.IMAGE, "shop", f"picture-{number}") for number in range(COUNT)]
    pictures = [picture(number, 2_000) for number in range(COUNT)]
    with ThreadPoolExecutor(16) as threads:
        for _ in threads.map(house.objects.put, names, pictures):
            pass
    files = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert len(files) == COUNT
    assert bits_a_byte(b"".join(file.read_bytes() for file in files)) >= 7.99
    assert scan(tmp_path) == 0
    for start in range(0, COUNT, 100):
        house.objects.delete(names[start : start + 100])
    assert scan(tmp_path) == 0
    assert list(house.objects.names()) == []
    assert not [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]


def test_the_scan_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"x" * 1000 + picture(7, 300)[:200])
    assert scan(tmp_path) == 1

"""Keys of objects at rest, from the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.vault.objects import ObjectKind, ObjectName
from servers.transit_server import transit_server
from vault.rings import House

NAME = ObjectName(ObjectKind.IMAGE, "shop", "one")


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    house.objects.put(NAME, b"picture")
    return house


def keyring(kind: str, house: House) -> int:
    return main(["keyring", kind, "--data", str(house.folder)])


def test_the_status_names_what_protects_the_keys(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert keyring("status", house) == 0
    told = capsys.readouterr().out
    assert told.startswith("state         open\n")
    assert f"protected by  {house.keys / 'service-key'}\n" in told
    assert f"newest key    {house.ring.newest.hex()}, made 2026-01-01 00:00Z" in told


def test_keys_that_do_not_open_are_told(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    (house.keys / "service-key").unlink()
    assert keyring("status", house) == 1
    assert "state         revoked: " in capsys.readouterr().out
    assert keyring("rotate", house) == 2
    assert "No such file" in capsys.readouterr().err


def test_new_keys_for_old(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    before = house.ring.newest
    assert keyring("rotate", house) == 0
    assert "1 objects have their keys wrapped anew" in capsys.readouterr().err
    assert house.ring.newest != before
    assert house.objects.get(NAME) == b"picture"


def test_a_running_service_sees_the_new_keys_at_once(house: House) -> None:
    before, epoch = house.ring.newest, house.ring.epoch
    assert keyring("rotate", house) == 0
    assert house.objects.get(NAME) == b"picture"
    assert house.ring.newest != before
    assert house.ring.epoch == epoch


def test_an_interrupted_rotation_is_told_and_completed(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.ring.rotate()
    assert keyring("status", house) == 0
    assert "older keys    1: a rotation was interrupted" in capsys.readouterr().out
    assert keyring("rotate", house) == 0
    assert keyring("status", house) == 0
    assert "older keys" not in capsys.readouterr().out


def test_a_customer_key_is_taken_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transit_server() as server:
        house = House(tmp_path, server)
        house.objects.put(NAME, b"picture")
        assert keyring("status", house) == 2
        assert "sealed by a customer's key" in capsys.readouterr().err
        for name, value in house.environ.items():
            monkeypatch.setenv(name, value)
        assert keyring("disable-customer-key", house) == 0
        assert "take FOOTFALL_CUSTOMER_KEY away" in capsys.readouterr().err
    monkeypatch.delenv("FOOTFALL_CUSTOMER_KEY")
    assert keyring("status", house) == 0
    house.environ.clear()
    house.open()
    assert house.objects.get(NAME) == b"picture"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize("kind", ["rotate", "disable-customer-key"])
def test_what_the_service_could_not_read_is_not_written(
    kind: str, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (house.keys / "ring.json").read_bytes()
    os.chown(house.keys, 65534, -1)
    assert keyring(kind, house) == 2
    assert "belongs to user 65534; run this as that user" in capsys.readouterr().err
    assert (house.keys / "ring.json").read_bytes() == before
    assert keyring("status", house) == 0


def test_a_folder_without_keys_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keyring", "status", "--data", str(tmp_path)]) == 2
    assert "holds no ring of keys" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []

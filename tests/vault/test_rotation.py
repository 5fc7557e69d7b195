"""New keys for old."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from footfall.vault.faults import Altered, KeyRevoked
from footfall.vault.objects import ObjectKind, ObjectName
from footfall.vault.rotation import rotate
from footfall.vault.sealed import HEADER_BYTES, Header
from servers.transit_server import transit_server
from vault.rings import House

NAMES = [ObjectName(kind, "shop", "one") for kind in ObjectKind]


def stored(house: House) -> dict[ObjectName, bytes]:
    return {name: (house.folder / "objects/shop" / name.kind / "one.enc").read_bytes() for name in NAMES}


def bodies(house: House) -> set[bytes]:
    return {sha256(content[HEADER_BYTES:]).digest() for content in stored(house).values()}


def key_ids(house: House) -> set[str]:
    return {Header.decode(content).key_id.hex() for content in stored(house).values()}


def fill(house: House) -> None:
    for name in NAMES:
        house.objects.put(name, str(name).encode())


def is_whole(house: House) -> bool:
    return all(house.objects.get(name) == str(name).encode() for name in NAMES)


def test_after_a_rotation_everything_opens_with_the_new_key_alone(tmp_path: Path) -> None:
    house = House(tmp_path)
    fill(house)
    before, bodies_before = house.ring.newest.hex(), bodies(house)
    assert key_ids(house) == {before}
    old_service_key = (house.keys / "service-key").read_text()
    assert rotate(house.ring, [house.objects], house.audit, house.keys / "service-key") == len(NAMES)
    assert is_whole(house)
    assert bodies(house) == bodies_before
    assert key_ids(house) == {house.ring.newest.hex()} != {before}
    assert house.ring.status().keys == 1
    assert old_service_key not in (house.keys / "service-key").read_text()
    assert house.heard() == ["key-created", "key-rotated", "keys-rewrapped", "key-retired"]
    house.open()
    assert is_whole(house)


def test_a_copy_from_before_does_not_open_once_its_key_is_gone(tmp_path: Path) -> None:
    house = House(tmp_path)
    fill(house)
    backup = stored(house)
    rotate(house.ring, [house.objects], house.audit)
    (house.folder / "objects/shop/image/one.enc").write_bytes(backup[NAMES[0]])
    with pytest.raises(Altered, match="not among yours"):
        house.objects.get(NAMES[0])


def test_until_all_is_rewrapped_both_keys_open(tmp_path: Path) -> None:
    house = House(tmp_path)
    fill(house)
    house.ring.rotate()
    assert house.ring.status().keys == 2
    house.open()
    assert is_whole(house)
    house.objects.put(NAMES[0], str(NAMES[0]).encode())
    assert len(key_ids(house)) == 2
    assert rotate(house.ring, [house.objects], house.audit) == len(NAMES)
    assert house.ring.status().keys == 1
    assert is_whole(house)


def test_the_customer_rotates_in_the_key_server_and_old_versions_are_shut(tmp_path: Path) -> None:
    with transit_server() as server:
        house = House(tmp_path, server)
        fill(house)
        key = server.keys["footfall"]
        key.versions[2] = bytes(32)
        house.clock.t_s += 100
        assert is_whole(house)
        rotate(house.ring, [house.objects], house.audit)
        key.min_decryption_version = 2
        house.clock.t_s += 100
        assert is_whole(house)


@pytest.mark.parametrize("may", [set(), {"decrypt"}, {"encrypt"}], ids=["nothing", "decrypt", "encrypt"])
def test_a_rotation_that_is_refused_changes_nothing(may: set[str], tmp_path: Path) -> None:
    with transit_server() as server:
        house = House(tmp_path, server)
        fill(house)
        before, allowed = stored(house), server.policies["the-token"]
        ring = (house.keys / "ring.json").read_bytes()
        server.policies["the-token"] = may
        with pytest.raises(KeyRevoked):
            rotate(house.ring, [house.objects], house.audit, house.keys / "service-key")
        assert stored(house) == before
        assert (house.keys / "ring.json").read_bytes() == ring
        server.policies["the-token"] = allowed
        house.clock.t_s += 100
        house.open()
        assert is_whole(house)
        rotate(house.ring, [house.objects], house.audit, house.keys / "service-key")
        assert is_whole(house)
        assert len((house.keys / "service-key").read_text().split()) == 1

"""What the environment says becomes a ring, or a line that says what is wrong and how to mend it."""

from __future__ import annotations

import base64
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.vault.keys import Keys
from footfall.vault.making import CUSTOMER_KEY, TOKEN, make_ring, protector_at, service_key_file
from footfall.vault.objects import ObjectKind, ObjectName, SealedObjects
from footfall.vault.protectors import new_key
from footfall.vault.transit import TransitKey
from servers.clock import SetClock
from servers.transit_server import transit_server
from vault.rings import House

NAME = ObjectName(ObjectKind.IMAGE, "shop", "one")
SERVER = "https://vault.example:8200/v1/transit/keys/footfall"


def make(folder: Path, **environ: str) -> None:
    make_ring(folder / "keys", environ, SetClock(), lambda event, what: None, folder / "objects")


def test_without_a_word_a_service_has_keys_of_its_own(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.objects.put(NAME, b"picture")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in house.keys.iterdir()}
    assert modes == {"service-key": 0o400, "ring.json": 0o600}
    assert stat.S_IMODE(house.keys.stat().st_mode) == 0o700
    status = house.ring.status()
    assert (status.is_revoked, status.reason, status.keys) == (False, "", 1)
    assert status.protected_by == (str(house.keys / "service-key"),)
    assert status.newest == house.ring.newest.hex()
    house.open()
    assert house.objects.get(NAME) == b"picture"
    assert House(tmp_path / "other").ring.newest != house.ring.newest


@pytest.mark.parametrize("form", [str, lambda path: f"file:{path}"])
def test_the_service_key_can_lie_elsewhere(form, tmp_path: Path) -> None:
    house = House(tmp_path, FOOTFALL_SERVICE_KEY=form(tmp_path / "elsewhere" / "key"))
    assert (tmp_path / "elsewhere" / "key").exists()
    assert [path.name for path in house.keys.iterdir()] == ["ring.json"]
    assert service_key_file(house.keys, house.environ) == tmp_path / "elsewhere" / "key"


@pytest.mark.parametrize("key", ["5a" * 32 + "\n", base64.b64encode(bytes(32)).decode()], ids=["hexadecimal", "Base64"])
def test_the_service_key_can_come_from_the_environment(key: str, tmp_path: Path) -> None:
    house = House(tmp_path, FOOTFALL_SERVICE_KEY="env:THE_KEY", THE_KEY=key)
    house.objects.put(NAME, b"picture")
    assert service_key_file(house.keys, house.environ) is None
    house.open()
    assert house.objects.get(NAME) == b"picture"
    house.environ["THE_KEY"] = new_key()
    house.open()
    assert house.ring.is_revoked
    assert key.strip() not in repr(house.events)


def test_a_customer_key_can_be_a_mounted_file(tmp_path: Path) -> None:
    mount = tmp_path / "mount" / "key"
    mount.parent.mkdir()
    mount.write_text(new_key())
    house = House(tmp_path, FOOTFALL_CUSTOMER_KEY=str(mount))
    house.objects.put(NAME, b"picture")
    text = mount.read_text()
    mount.unlink()
    house.clock.t_s = 100
    assert not house.ring.status().is_revoked
    with pytest.raises(Exception, match="No such file"):
        house.objects.get(NAME)
    mount.write_text(text)
    house.clock.t_s += 5
    assert house.objects.get(NAME) == b"picture"


def test_everybody_may_read_this_key(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    key = tmp_path / "key"
    key.write_text(new_key())
    key.chmod(0o644)
    make(tmp_path, FOOTFALL_CUSTOMER_KEY=str(key))
    assert "everybody on this machine may read this key; chmod 600 it" in caplog.text


def test_the_key_server_is_as_named(tmp_path: Path) -> None:
    with transit_server() as server:
        server.namespace = "shops/north"
        token = tmp_path / "token"
        token.write_text("the-token")
        house = House(
            tmp_path,
            FOOTFALL_CUSTOMER_KEY=server.url,
            FOOTFALL_KEY_SERVER_TOKEN_FILE=str(token),
            FOOTFALL_KEY_SERVER_NAMESPACE="shops/north",
        )
        assert house.ring.status().protected_by[1] == server.url


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        pytest.param({"FOOTFALL_SERVICE_KEY": "relative"}, "FOOTFALL_SERVICE_KEY: .* where the key is", id="relative"),
        pytest.param({"FOOTFALL_CUSTOMER_KEY": "ftp://x"}, "FOOTFALL_CUSTOMER_KEY: .* where the key is", id="ftp"),
        pytest.param({"FOOTFALL_CUSTOMER_KEY": "env:NO"}, "the variable NO, but there is no key", id="no variable"),
        pytest.param({"FOOTFALL_CUSTOMER_KEY": "env:X", "X": "y"}, "line 1 is no key of 32 bytes", id="no key"),
        pytest.param({"FOOTFALL_CUSTOMER_KEY": SERVER}, "FOOTFALL_KEY_SERVER_TOKEN: .* missing", id="no token"),
        pytest.param(
            {"FOOTFALL_CUSTOMER_KEY": SERVER, "FOOTFALL_KEY_SERVER_TOKEN": "t", "FOOTFALL_KEY_SERVER_CA": "/none"},
            "FOOTFALL_KEY_SERVER_CA: .* no certificate",
            id="no authority",
        ),
        pytest.param(
            {"FOOTFALL_CUSTOMER_KEY": "http://vault.example/v1/transit/keys/a", "FOOTFALL_KEY_SERVER_TOKEN": "t"},
            "without encryption; write https",
            id="in clear",
        ),
        *(
            pytest.param({"FOOTFALL_CUSTOMER_KEY": url}, "FOOTFALL_CUSTOMER_KEY: .* is no address", id=url)
            for url in (
                "https://",
                "https://h",
                "https://h/v1/transit/footfall",
                "https://h/v1/keys/a",
                "https://h/v1/transit/keys/a/b",
                "https://h/v1/../keys/a",
                "https://u:p@h/v1/transit/keys/a",
                "https://h/v1/transit/keys/a?b",
                "https://h:99999/v1/transit/keys/a",
                "https://[/v1/transit/keys/a",
            )
        ),
    ],
)
def test_what_is_wrong_is_said_with_a_cure(environ: dict[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        make(tmp_path, **environ)
    assert all(problem.cure for problem in caught.value.problems)
    assert not (tmp_path / "keys" / "ring.json").exists()


@given(st.one_of(st.text(max_size=40), st.text(max_size=40).map(lambda text: f"https://{text}/v1/transit/keys/a")))
def test_whatever_is_named_is_a_key_or_told(where: str) -> None:
    with suppress(ConfigError):
        protector_at({CUSTOMER_KEY: where, TOKEN: "t"}, CUSTOMER_KEY)


@pytest.mark.parametrize(
    ("address", "server", "mount"),
    [
        ("https://h:8200/v1/transit/keys/a", "https://h:8200", "transit"),
        ("https://h/v1/team/transit/keys/a", "https://h", "team/transit"),
        ("http://127.0.0.1:1/v1/transit/keys/a", "http://127.0.0.1:1", "transit"),
        ("http://localhost/v1/transit/keys/a", "http://localhost", "transit"),
        ("http://[::1]:1/v1/transit/keys/a", "http://[::1]:1", "transit"),
    ],
)
def test_addresses_of_keys_are_read(address: str, server: str, mount: str) -> None:
    key = protector_at({"FOOTFALL_CUSTOMER_KEY": address, "FOOTFALL_KEY_SERVER_TOKEN": "t"}, "FOOTFALL_CUSTOMER_KEY")
    assert isinstance(key, TransitKey)
    assert (key.server, key.mount, key.key) == (server, mount, "a")


def test_a_new_ring_needs_somebody_who_seals_it(tmp_path: Path) -> None:
    environ = {"FOOTFALL_CUSTOMER_KEY": "http://127.0.0.1:9/v1/transit/keys/a", "FOOTFALL_KEY_SERVER_TOKEN": "t"}
    with pytest.raises(ConfigError, match=r"cannot be sealed.*see that the key may"):
        make(tmp_path, **environ)
    assert not (tmp_path / "keys" / "ring.json").exists()


def test_objects_without_their_ring_are_not_locked_out_for_good(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.objects.put(NAME, b"picture")
    whole = (house.keys / "ring.json").read_bytes()
    (house.keys / "ring.json").unlink()
    with pytest.raises(ConfigError, match="is missing; put it back from a backup"):
        house.open()
    (house.keys / "ring.json").write_bytes(whole)
    house.open()
    assert house.objects.get(NAME) == b"picture"


def test_a_lost_service_key_is_not_made_anew(tmp_path: Path) -> None:
    house = House(tmp_path)
    (house.keys / "service-key").unlink()
    house.open()
    assert house.ring.is_revoked
    assert not (house.keys / "service-key").exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(ConfigError, match=r"keys: .*cannot be used"):
        make(tmp_path)


def test_a_plain_ring_will_do(tmp_path: Path) -> None:
    ring = Keys(bytes(32))
    ring.check()
    assert ring.epoch == 0
    objects = SealedObjects(tmp_path, ring)
    objects.put(NAME, b"picture")
    assert objects.get(NAME) == b"picture"


def test_a_customer_key_that_cannot_be_put_on_top_is_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    before = (house.keys / "ring.json").read_bytes()
    with transit_server() as server:
        server.policies.clear()
        house.environ |= {"FOOTFALL_CUSTOMER_KEY": server.url, "FOOTFALL_KEY_SERVER_TOKEN": "the-token"}
        with pytest.raises(ConfigError, match="permission denied"):
            house.open()
    assert (house.keys / "ring.json").read_bytes() == before

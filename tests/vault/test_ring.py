"""Whoever holds the key that protects all others decides, and the ring obeys within a minute."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError
from footfall.store.faults import StoreUnavailable
from footfall.vault.faults import KeyAway, KeyRevoked
from footfall.vault.objects import ObjectKind, ObjectName
from footfall.vault.ring import LEASE_S, RENEW_S, RETRY_S
from servers.transit_server import Key, TransitServer, transit_server
from vault.rings import House

NAME = ObjectName(ObjectKind.MODEL, "shop", "model")
ODD_ID = 'id": "7777777777777777'
FRESH = ObjectName(ObjectKind.MODEL, "shop", "fresh")


@pytest.fixture
def server() -> Iterator[TransitServer]:
    with transit_server() as server:
        yield server


@pytest.fixture
def house(server: TransitServer, tmp_path: Path) -> House:
    house = House(tmp_path, server)
    house.objects.put(NAME, b"model")
    assert house.heard() == ["key-created"]
    return house


def refuse(server: TransitServer) -> None:
    server.policies["the-token"] = set()


def allow(server: TransitServer) -> None:
    server.policies["the-token"] = {"encrypt", "decrypt"}


def is_blocked(house: House) -> bool:
    """Whether nothing goes in or out; all or nothing."""
    answers = []
    for call in (
        lambda: house.objects.get(NAME),
        lambda: house.objects.put(FRESH, b"fresh"),
        house.objects.rewrap,
        house.ring.check,
    ):
        try:
            call()
            answers.append(False)
        except KeyRevoked:
            answers.append(True)
    assert len(set(answers)) == 1
    return answers[0]


@pytest.mark.parametrize(
    "withdraw",
    [
        pytest.param(refuse, id="the token may not decrypt any more"),
        pytest.param(lambda server: server.policies.clear(), id="the token is revoked"),
        pytest.param(lambda server: server.keys.clear(), id="the key is deleted"),
        pytest.param(lambda server: server.keys.update(footfall=Key()), id="another key of the same name"),
        pytest.param(
            lambda server: setattr(server.keys["footfall"], "min_decryption_version", 9), id="the version is too old"
        ),
        pytest.param(lambda server: setattr(server, "namespace", "moved"), id="the engine is gone"),
    ],
)
def test_a_refusal_blocks_everything_at_the_next_question(
    withdraw: Callable[[TransitServer], None], house: House, server: TransitServer
) -> None:
    withdraw(server)
    house.clock.t_s += RENEW_S
    with pytest.raises(KeyRevoked) as caught:
        house.ring.check()
    assert not isinstance(caught.value, KeyAway)
    assert is_blocked(house)
    assert house.heard() == ["key-revoked"]


def test_a_refusal_counts_within_a_minute_though_nobody_asks(house: House, server: TransitServer) -> None:
    refuse(server)
    house.clock.t_s += RENEW_S + 1
    assert house.objects.get(NAME) == b"model"
    house.clock.t_s = LEASE_S
    assert is_blocked(house)
    assert LEASE_S <= 60


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(lambda server: setattr(server, "is_sealed", True), id="sealed"),
        pytest.param(lambda server: setattr(server, "raw", (500, b"oops")), id="fails"),
        pytest.param(lambda server: setattr(server, "raw", (200, b"<html>")), id="answers nonsense"),
        pytest.param(lambda server: setattr(server, "raw", (200, b'{"data": {}}')), id="answers nothing"),
        pytest.param(lambda server: setattr(server, "raw", (429, b"{}")), id="is busy"),
        pytest.param(lambda server: setattr(server, "raw", (307, b"")), id="sends elsewhere"),
        pytest.param(TransitServer.close, id="is gone"),
    ],
)
def test_silence_is_borne_for_a_while_and_then_blocks(
    trouble: Callable[[TransitServer], None], house: House, server: TransitServer, caplog: pytest.LogCaptureFixture
) -> None:
    trouble(server)
    house.clock.t_s = RENEW_S
    house.ring.check()
    assert "more its last yes holds" in caplog.text
    house.clock.t_s = LEASE_S - 1
    assert not is_blocked(house)
    house.clock.t_s = LEASE_S
    assert is_blocked(house)
    assert server.url in house.ring.status().reason
    assert house.heard() == ["key-revoked"]


def test_what_comes_back_works_again_and_both_are_told_once(house: House, server: TransitServer) -> None:
    before = house.ring.epoch
    refuse(server)
    house.clock.t_s = 100
    for _ in range(3):
        assert is_blocked(house)
        house.clock.t_s += RETRY_S
    assert house.ring.is_revoked
    assert house.ring.epoch == before + 1
    allow(server)
    house.clock.t_s += RETRY_S
    assert house.objects.get(NAME) == b"model"
    assert not house.ring.is_revoked
    assert house.ring.epoch == before + 1
    assert house.heard() == ["key-revoked", "key-restored"]


def test_a_server_that_refuses_is_not_asked_for_every_object(house: House, server: TransitServer) -> None:
    refuse(server)
    house.clock.t_s = 100
    asked = len(server.asked)
    for _ in range(20):
        assert is_blocked(house)
    assert len(server.asked) == asked + 1


def test_a_server_that_answers_is_not_asked_for_every_object(house: House, server: TransitServer) -> None:
    asked = len(server.asked)
    for _ in range(20):
        house.objects.get(NAME)
    assert len(server.asked) == asked


def test_nobody_waits_for_a_slow_server_while_its_last_yes_holds(house: House, server: TransitServer) -> None:
    house.clock.t_s = RENEW_S
    server.may_answer.clear()
    asked = len(server.asked)
    asking = threading.Thread(target=house.ring.check)
    asking.start()
    while len(server.asked) == asked:
        time.sleep(0.01)
    house.ring.check()
    assert house.objects.get(NAME) == b"model"
    assert asking.is_alive()
    server.may_answer.set()
    asking.join()


def test_a_service_starts_while_its_keys_are_withdrawn(house: House, server: TransitServer) -> None:
    refuse(server)
    house.open()
    assert house.ring.is_revoked
    assert is_blocked(house)
    allow(server)
    house.clock.t_s += RETRY_S
    assert house.objects.get(NAME) == b"model"
    assert house.heard() == ["key-revoked", "key-restored"]


def test_an_audit_log_that_takes_nothing_keeps_no_key_in_use(house: House, server: TransitServer) -> None:
    def full(event: str, what: object) -> None:
        raise StoreUnavailable("storage", "disk is full")

    house.ring._audit = full
    refuse(server)
    house.clock.t_s = 100
    assert is_blocked(house)
    allow(server)
    house.clock.t_s += RETRY_S
    assert house.objects.get(NAME) == b"model"


def test_the_service_key_alone_opens_nothing(house: House) -> None:
    del house.environ["FOOTFALL_CUSTOMER_KEY"]
    with pytest.raises(ConfigError, match="sealed by a customer's key; name that key"):
        house.open()


def test_the_customer_key_alone_opens_nothing(house: House) -> None:
    (house.keys / "service-key").unlink()
    house.clock.t_s = 100
    assert is_blocked(house)


def test_a_customer_key_is_put_on_top_of_what_there_is(server: TransitServer, tmp_path: Path) -> None:
    house = House(tmp_path)
    house.objects.put(NAME, b"model")
    before = (house.folder / "objects/shop/model/model.enc").read_bytes()
    house.environ |= {"FOOTFALL_CUSTOMER_KEY": server.url, "FOOTFALL_KEY_SERVER_TOKEN": "the-token"}
    house.open()
    assert house.objects.get(NAME) == b"model"
    assert house.heard() == ["key-created", "key-enabled"]
    assert (house.folder / "objects/shop/model/model.enc").read_bytes() == before
    refuse(server)
    house.clock.t_s = 100
    assert is_blocked(house)


def test_a_disabled_customer_key_falls_back_to_the_service_key(house: House, server: TransitServer) -> None:
    house.ring.disable_customer_key()
    refuse(server)
    house.clock.t_s = 100
    assert house.objects.get(NAME) == b"model"
    assert house.heard() == ["key-disabled"]
    del house.environ["FOOTFALL_CUSTOMER_KEY"]
    house.open()
    assert house.objects.get(NAME) == b"model"
    assert house.ring.status().protected_by == (str(house.keys / "service-key"),)


def test_a_withdrawn_customer_key_cannot_be_disabled(house: House, server: TransitServer) -> None:
    refuse(server)
    with pytest.raises(KeyRevoked):
        house.ring.disable_customer_key()
    house.clock.t_s = 100
    assert is_blocked(house)
    allow(server)
    house.clock.t_s += RETRY_S
    assert house.objects.get(NAME) == b"model"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda file: file.unlink(), id="gone"),
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:-40]), id="cut"),
        pytest.param(lambda file: file.write_text(file.read_text().replace('"id": "', '"id": "0')), id="an id"),
        pytest.param(
            lambda file: file.write_text(re.sub('id": "[^"]+', 'id": "' + "7" * 16, file.read_text())), id="other"
        ),
        pytest.param(lambda file: file.write_text(file.read_text().replace('"service",', "")), id="a layer less"),
    ],
)
def test_keys_without_their_file_are_revoked_and_come_back_with_it(
    damage: Callable[[Path], object], house: House
) -> None:
    file = house.keys / "ring.json"
    whole = file.read_bytes()
    damage(file)
    house.clock.t_s = 100
    assert is_blocked(house)
    assert house.ring.status().is_revoked
    file.write_bytes(whole)
    house.clock.t_s += RETRY_S
    assert house.objects.get(NAME) == b"model"


def test_what_is_done_already_is_not_done_again(house: House) -> None:
    assert house.ring.retire() == 0
    house.ring.enable_customer_key()
    house.ring.disable_customer_key()
    house.ring.disable_customer_key()
    assert house.heard() == ["key-disabled"]


def test_keys_are_shown_nowhere(house: House, server: TransitServer, caplog: pytest.LogCaptureFixture) -> None:
    service = (house.keys / "service-key").read_text().strip()
    refuse(server)
    house.clock.t_s = 100
    assert is_blocked(house)
    told = repr((house.ring, house.ring.status(), house.events, vars(house.ring))) + caplog.text
    assert "permission denied" in told
    for secret in (service, repr(bytes.fromhex(service)), "the-token"):
        assert secret not in told

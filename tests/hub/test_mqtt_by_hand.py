"""The MQTT door, with bytes made by hand: what no library would send."""

from __future__ import annotations

import json
import socket
import ssl
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.edge.sas import resource_of, signed
from footfall.hub.authority import issue, prepare
from servers.edge_hub import ThreadedHub, raw_connection, unix_s

UP = "FROM /messages/* INTO $upstream"
TO_MOD2 = 'FROM /messages/modules/mod1/outputs/two INTO BrokeredEndpoint("/modules/mod2/inputs/in")'


@pytest.fixture
def hub(tmp_path):
    with ThreadedHub(tmp_path / "hub") as running:
        yield running


@pytest.fixture
def mod1(hub):
    module = hub.module("mod1")
    yield module
    module.close()


def events(hub) -> list[dict]:
    return [json.loads(line) for line in hub.lines()]


def hello(hub, module: str, *, keep_alive_s: int = 60, level: int = 4) -> bytes:
    """CONNECT as bytes."""
    token = signed(hub.key(module), resource_of("localhost", "edge-device", module), unix_s() + 3600).token
    parts = (f"edge-device/{module}", f"localhost/edge-device/{module}/?api-version=2020-09-30", token)
    payload = b"".join(len(part).to_bytes(2) + part.encode() for part in parts)
    content = b"\0\4MQTT" + bytes([level, 0xC0]) + keep_alive_s.to_bytes(2) + payload
    return b"\x10" + bytes([len(content) % 128 | 0x80, len(content) // 128]) + content


def read_all(connection: ssl.SSLSocket) -> bytes:
    """Until the hub closes."""
    data = b""
    with suppress(ConnectionError, ssl.SSLError):
        while block := connection.recv(65_536):
            data += block
    return data


def read_exactly(connection: ssl.SSLSocket, count: int) -> bytes:
    """So many bytes, or what there was when the hub closed."""
    data = b""
    while len(data) < count and (block := connection.recv(count - len(data))):
        data += block
    return data


def greeted(hub, folder: Path) -> bytes:
    """What the hub says to CONNECT behind this certificate."""
    context = ssl.create_default_context(cafile=str(hub.ca))
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    with (
        suppress(ssl.SSLError, ConnectionError),
        socket.create_connection((hub.host, hub.port), timeout=60) as plain,
        context.wrap_socket(plain, server_hostname=hub.host) as wrapped,
    ):
        wrapped.sendall(hello(hub, "mod1"))
        return wrapped.recv(4)
    return b""


@pytest.fixture(scope="module")
def lasting_hub(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    with ThreadedHub(folder / "hub") as running:
        yield running, hello(running, "mod1").replace(b"MQTT\4\xc0", b"MQTT\4\xc2")


def test_a_clean_start_ends_a_session_at_once(hub):
    """Four connections of one client, faster than the disk."""
    present = []
    for flags in (b"\xc0", b"\xc0", b"\xc2", b"\xc0"):
        with raw_connection(hub.host, hub.port, hub.ca) as raw:
            raw.sendall(hello(hub, "mod1").replace(b"MQTT\4\xc0", b"MQTT\4" + flags))
            present.append(read_exactly(raw, 4)[2])
    assert present == [0, 1, 0, 0]


def test_a_client_without_the_authority_is_not_talked_to(hub):
    with pytest.raises(ssl.SSLCertVerificationError), socket.create_connection((hub.host, hub.port)) as plain:
        ssl.create_default_context().wrap_socket(plain, server_hostname=hub.host)


def test_a_client_that_falls_silent_is_let_go(hub):
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        raw.sendall(hello(hub, "mod1", keep_alive_s=1))
        assert raw.recv(4) == b"\x20\2\0\0"
        start_s = time.monotonic()
        raw.sendall(b"\xc0\0")
        assert raw.recv(2) == b"\xd0\0"
        assert read_all(raw) == b""
        assert time.monotonic() - start_s > 1.0


def test_nobody_was_silent_while_the_hub_stood_still(hub):
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        raw.sendall(hello(hub, "mod1", keep_alive_s=2))
        assert raw.recv(4) == b"\x20\2\0\0"
        hub.ask(time.sleep, 4.0)
        raw.sendall(b"\xc0\0")
        assert raw.recv(2) == b"\xd0\0"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda data: data.replace(b"MQTT\4", b"MQTT\5"), b"\x20\2\0\1", id="MQTT 5"),
        pytest.param(
            lambda data: data.replace(b"\0\x10edge-device/mod1", b"\0\x10edge/device/mod1"),
            b"\x20\2\0\2",
            id="client id",
        ),
        pytest.param(lambda data: b"GET / HTTP/1.1\r\n\r\n", b"", id="a browser"),
        pytest.param(lambda data: b"\xc0\0", b"", id="ping first"),
        pytest.param(lambda data: data + data, b"\x20\2\0\0", id="hello twice"),
        pytest.param(lambda data: data + b"\x34\5\0\1a\0\1", b"\x20\2\0\0", id="QoS 2"),
        pytest.param(lambda data: data + b"\xe0\0", b"\x20\2\0\0", id="goodbye"),
    ],
)
def test_strangers_by_hand(hub, change, expected):
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        raw.sendall(change(hello(hub, "mod1")))
        assert read_all(raw) == expected


def test_answers_come_in_the_order_of_the_packets(hub):
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        topic = b"devices/edge-device/modules/mod1/messages/events/"
        publish = bytes([0x32, 5 + len(topic)]) + len(topic).to_bytes(2) + topic
        raw.sendall(hello(hub, "mod1") + publish + b"\0\7x" + publish + b"\0\x08y" + b"\xc0\0")
        expected = b"\x20\2\0\0\x40\2\0\7\x40\2\0\x08\xd0\0"
        assert read_exactly(raw, len(expected)) == expected
    assert [event["body"] for event in events(hub)] == ["x", "y"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=120), is_known=st.booleans())
def test_no_bytes_stop_the_hub(lasting_hub, data, is_known):
    """Whatever a peer sends, before or after CONNECT: the hub lets go of it, and serves the next one."""
    hub, greeting = lasting_hub
    with raw_connection(hub.host, hub.port, hub.ca) as raw, suppress(ConnectionError, ssl.SSLError):
        raw.sendall((greeting if is_known else b"") + data)
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        raw.sendall(greeting + b"\xc0\0")
        assert read_exactly(raw, 6) == b"\x20\2\0\0\xd0\0"


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=120))
def test_no_bytes_in_place_of_tls_stop_the_hub(lasting_hub, data):
    hub, greeting = lasting_hub
    with socket.create_connection((hub.host, hub.port), timeout=60) as plain, suppress(ConnectionError):
        plain.sendall(data)
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        raw.sendall(greeting)
        assert raw.recv(1) == b"\x20"


def test_a_certificate_of_another_authority_or_for_servers_is_not_taken(hub, tmp_path):
    now = hub.hub.clock.now()
    foreign = issue(prepare(tmp_path / "foreign", [], now), "edge-device/mod1", (), now + timedelta(days=1), now)
    server = issue(hub.certificates, "edge-device/mod1", ("localhost",), now + timedelta(days=1), now)
    for issued in (foreign, server):
        (tmp_path / "chain.pem").write_text(issued.certificate)
        (tmp_path / "key.pem").write_text(issued.key)
        assert greeted(hub, tmp_path) == b""
    own = issue(hub.certificates, "edge-device/mod1", (), now + timedelta(days=1), now)
    (tmp_path / "chain.pem").write_text(own.certificate)
    (tmp_path / "key.pem").write_text(own.key)
    assert greeted(hub, tmp_path) == b"\x20\2\0\0", "the same by the hub's own"


def test_a_module_that_reads_slowly_gets_everything_and_holds_nobody_up(hub, mod1):
    """QoS 0, 20 MB: what the network does not take waits on the disk, not in memory."""
    hub.route(two=TO_MOD2)
    body, count = b"x" * 200_000, 100
    with raw_connection(hub.host, hub.port, hub.ca) as raw:
        raw.sendall(hello(hub, "mod2", keep_alive_s=600) + b"\x82\x06\0\1\0\1#\0")
        assert read_exactly(raw, 9) == b"\x20\2\0\0\x90\3\0\1\0"
        for _ in range(count):
            mod1.send(body, "%24.on=two&%24.mid=m")
        mod1.wait(lambda: mod1.confirmed == count, timeout_s=300.0)
        time.sleep(0.2)
        [slow] = [c for who, c in hub.hub.clients._connected.items() if who.module == "mod2"]
        assert slow._writer.transport.get_write_buffer_size() < 4_000_000
        topic = len("devices/edge-device/modules/mod2/inputs/in/$.mid=m&$.cdid=edge-device&$.cmid=mod1")
        size = 1 + 3 + 2 + topic + len(body)
        assert len(read_exactly(raw, count * size)) == count * size

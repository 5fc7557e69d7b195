"""A key in a key server: over HTTP and TLS, refused or silent, and never shown."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.vault.faults import KeyAway, KeyRevoked
from footfall.vault.transit import MOST_BYTES, TransitKey
from servers.certificates import make_certificates
from servers.transit_server import TransitServer, transit_server

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def server() -> Iterator[TransitServer]:
    with transit_server() as server:
        yield server


def key_of(server: TransitServer) -> TransitKey:
    address = f"{server.scheme}://127.0.0.1:{server.port}"
    return TransitKey(address, "footfall", lambda: "the-token\n", ssl.create_default_context(), timeout_s=60.0)


@given(st.binary(min_size=1, max_size=200))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_sealed_comes_back(server: TransitServer, secret: bytes) -> None:
    key = key_of(server)
    sealed = key.seal(secret)
    assert sealed.startswith(b"vault:v1:")
    assert key.open(sealed) == secret


def test_it_is_said_what_it_is_and_where(server: TransitServer) -> None:
    key = key_of(server)
    assert key.name == server.url
    assert "the-token" not in repr(key)


@pytest.mark.parametrize(
    ("status", "body", "error", "says"),
    [
        pytest.param(403, b'{"errors": ["permission denied"]}', KeyRevoked, r"denied \(403\)", id="forbidden"),
        pytest.param(400, b'{"errors": ["a\\n\\tb", "c"]}', KeyRevoked, r"a b; c \(400\)", id="in one line"),
        pytest.param(404, b'{"errors": []}', KeyRevoked, r"refuses \(404\)", id="without a word"),
        pytest.param(403, b"<html>", KeyRevoked, r"refuses \(403\)", id="in HTML"),
        pytest.param(403, b'{"errors": "no"}', KeyRevoked, r"refuses \(403\)", id="in another shape"),
        pytest.param(403, b"\xff\xff", KeyRevoked, r"refuses \(403\)", id="in no text"),
        pytest.param(503, b'{"errors": ["Vault is sealed"]}', KeyAway, r"Vault is sealed \(503\)", id="sealed"),
        pytest.param(429, b"", KeyAway, r"\(429\)", id="too many requests"),
        pytest.param(472, b"", KeyAway, r"\(472\)", id="a standby"),
        pytest.param(307, b"", KeyAway, r"\(307\)", id="another address"),
        pytest.param(200, b"", KeyAway, "no transit engine", id="empty"),
        pytest.param(200, b"[]", KeyAway, "no transit engine", id="a list"),
        pytest.param(200, b'{"data": {"ciphertext": 7}}', KeyAway, "no transit engine", id="a number"),
        pytest.param(200, b'{"data": {"plaintext": "\xff"}}', KeyAway, "no transit engine", id="no text"),
        pytest.param(200, b" " * (MOST_BYTES + 1), KeyAway, "more than 65536 bytes", id="far too much"),
    ],
)
def test_a_no_is_told_from_silence(
    status: int, body: bytes, error: type[KeyRevoked], says: str, server: TransitServer
) -> None:
    server.raw = (status, body)
    for ask in (lambda: key_of(server).seal(SECRET), lambda: key_of(server).open(b"vault:v1:AAAA")):
        with pytest.raises(KeyRevoked, match=says) as caught:
            ask()
        assert type(caught.value) is error


@pytest.mark.parametrize("body", [b'{"data": {}}', b'{"data": {"ciphertext": "", "plaintext": ""}}'])
def test_an_empty_answer_is_none(body: bytes, server: TransitServer) -> None:
    server.raw = (200, body)
    for ask in (lambda: key_of(server).seal(SECRET), lambda: key_of(server).open(b"vault:v1:AAAA")):
        with pytest.raises(KeyAway, match="with nothing"):
            ask()


def test_what_is_no_base64_opens_nothing(server: TransitServer) -> None:
    server.raw = (200, b'{"data": {"plaintext": "***"}}')
    with pytest.raises(KeyAway, match="no Base64"):
        key_of(server).open(b"vault:v1:AAAA")


@given(st.binary(max_size=100), st.sampled_from([200, 400, 500]))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_is_too_odd(server: TransitServer, body: bytes, status: int) -> None:
    server.raw = (status, body)
    with pytest.raises(KeyRevoked):
        key_of(server).seal(SECRET)


@pytest.mark.parametrize("sealed", [b"\xff" * 48, b"", b"vault:v1:AAAA", b"vault:v9:AAAA"])
def test_what_others_have_sealed_is_refused(sealed: bytes, server: TransitServer) -> None:
    with pytest.raises(KeyRevoked):
        key_of(server).open(sealed)


def test_the_token_is_read_for_every_request(server: TransitServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    key = replace(key_of(server), token=lambda: file.read_text("ascii"))
    with pytest.raises(KeyRevoked, match="its token cannot be read"):
        key.seal(SECRET)
    file.write_text("the-token\n")
    sealed = key.seal(SECRET)
    file.write_text("another")
    with pytest.raises(KeyRevoked, match="permission denied"):
        key.open(sealed)
    for bad in ("", " \n", "a\nb", "a\x7fb"):
        file.write_text(bad)
        with pytest.raises(KeyRevoked, match="there is no token"):
            key.open(sealed)
    file.write_bytes(b"\xff")
    with pytest.raises(KeyRevoked, match="its token cannot be read"):
        key.open(sealed)


def test_mounts_and_namespaces_are_those_that_were_named(server: TransitServer) -> None:
    server.namespace = "shops/north"
    with pytest.raises(KeyRevoked, match="no handler"):
        key_of(server).seal(SECRET)
    assert replace(key_of(server), namespace="shops/north").seal(SECRET)
    with pytest.raises(KeyRevoked, match="no handler"):
        replace(key_of(server), namespace="shops/north", mount="other").seal(SECRET)


def test_a_server_that_hangs_is_away(server: TransitServer) -> None:
    server.may_answer.clear()
    with pytest.raises(KeyAway, match="timed out"):
        replace(key_of(server), timeout_s=0.1).seal(SECRET)


def test_a_server_that_says_nothing_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        key = TransitKey(f"http://127.0.0.1:{port}", "k", lambda: "t", ssl.create_default_context(), timeout_s=60.0)
        with pytest.raises(KeyAway):
            key.seal(SECRET)
        thread.join()


@pytest.mark.parametrize("host", ["a..b", "xn--\u00fc", "-", "[::1", "a b", "\u2603" * 70])
def test_a_host_that_cannot_be_is_away(host: str) -> None:
    key = TransitKey(f"https://{host}", "k", lambda: "t", ssl.create_default_context(), timeout_s=0.5)
    with pytest.raises(KeyAway):
        key.seal(SECRET)


def test_tls_is_checked(certificates: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    with transit_server(context) as server:
        with pytest.raises(KeyAway, match=r"(?i)certificate"):
            key_of(server).seal(SECRET)
        known = replace(key_of(server), trust=ssl.create_default_context(cafile=certificates / "ca.pem"))
        assert known.open(known.seal(SECRET)) == SECRET
        assert server.asked == ["/v1/transit/encrypt/footfall", "/v1/transit/decrypt/footfall"]
        elsewhere = replace(known, server=known.server.replace("127.0.0.1", "127.0.0.2"))
        with pytest.raises(KeyAway):
            elsewhere.seal(SECRET)


def test_no_proxy_of_the_environment_sees_the_token(server: TransitServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert key_of(server).seal(SECRET)

"""The workload API: signatures, certificates and secrets for one module, over its own socket."""

from __future__ import annotations

import base64
import socket
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from footfall.edge.sas import signature
from footfall.edge.topics import Identity
from footfall.hub.module_sockets import _bound, socket_path
from servers.edge_doors import Sockets, sockets
from servers.edge_hub import ThreadedHub


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture(scope="module")
def hub() -> Iterator[ThreadedHub]:
    """Sockets need a short path."""
    with tempfile.TemporaryDirectory(prefix="ff-") as folder, ThreadedHub(Path(folder), device="dev1") as hub:
        hub.key("mod1")
        hub.key("mod2")
        yield hub


@pytest.fixture(scope="module")
def workload(hub: ThreadedHub) -> Iterator[Sockets]:
    with sockets(hub) as workload:
        yield workload


def generation(hub: ThreadedHub, module: str) -> str:
    return hub.ask(hub.hub.identities.get, Identity("dev1", module)).generation


def own(hub: ThreadedHub, module: str, action: str) -> str:
    return f"/modules/{module}/genid/{generation(hub, module)}/{action}"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def refused(answer: httpx.Response, status: int, message: str) -> None:
    assert answer.status_code == status
    assert answer.json().keys() == {"message"}
    assert message in answer.json()["message"]


def test_the_trust_bundle_is_the_authority(hub: ThreadedHub, workload: Sockets) -> None:
    answer = workload.ask("mod1", "GET", "/trust-bundle")
    assert answer.json() == {"certificate": hub.ca.read_text()}


@pytest.mark.parametrize("key_id", ["primary", "secondary"])
def test_the_hub_signs_with_the_modules_key(hub: ThreadedHub, workload: Sockets, key_id: str) -> None:
    text = "myhub.local%2Fdevices%2Fdev1%2Fmodules%2Fmod1\n2000000000"
    body = {"keyId": key_id, "algo": "HMACSHA256", "data": encoded(text.encode())}
    answer = workload.ask("mod1", "POST", own(hub, "mod1", "sign"), body)
    module = hub.ask(hub.hub.identities.get, Identity("dev1", "mod1"))
    key = module.primary_key if key_id == "primary" else module.secondary_key
    assert (answer.status_code, answer.json()) == (200, {"digest": signature(key, text)})


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        pytest.param(
            "/modules/mod2/genid/{two}/sign", {"data": ""}, 401, "for the module mod1 alone", id="for another"
        ),
        pytest.param("/modules/mod1/genid/1/sign", {"data": ""}, 401, "made anew since", id="of before"),
        pytest.param("/modules/mod1/genid/{one}/sign", {"data": "", "algo": "MD5"}, 400, "MD5 is not known", id="algo"),
        pytest.param("/modules/mod1/genid/{one}/sign", {"data": "", "keyId": "3"}, 400, "keyId 3 is not", id="key"),
        pytest.param("/modules/mod1/genid/{one}/sign", {"data": "!"}, 400, "data must be base64", id="no base64"),
        pytest.param("/modules/mod1/genid/{one}/sign", {}, 400, "not what is needed", id="nothing to sign"),
        pytest.param("/modules/mod2/certificate/identity", {}, 401, "for the module mod1 alone", id="a certificate"),
        pytest.param("/modules/mod1/genid/{one}/other", {}, 404, "nothing like this", id="no such call"),
        pytest.param(
            "/modules/mod1/genid/{one}/certificate/server", {"commonName": ""}, 400, "host name", id="no name"
        ),
        pytest.param(
            "/modules/mod1/certificate/identity", {"expiration": "2000-01-01T00:00:00Z"}, 400, "in the past", id="ended"
        ),
    ],
)
def test_what_is_not_the_modules_own_is_refused(
    hub: ThreadedHub, workload: Sockets, path: str, body: dict[str, str], status: int, message: str
) -> None:
    path = path.format(one=generation(hub, "mod1"), two=generation(hub, "mod2"))
    refused(workload.ask("mod1", "POST", path, body), status, message)


def test_secrets_are_for_the_module_that_had_them_encrypted(hub: ThreadedHub, workload: Sockets) -> None:
    vector = encoded(b"a vector")
    plain = {"plaintext": encoded(b"\x00secret"), "initializationVector": vector}
    sealed = workload.ask("mod1", "POST", own(hub, "mod1", "encrypt"), plain).json()["ciphertext"]
    again = workload.ask("mod1", "POST", own(hub, "mod1", "encrypt"), plain).json()["ciphertext"]
    assert sealed != again
    assert b"secret" not in base64.b64decode(sealed)
    body = {"ciphertext": sealed, "initializationVector": vector}
    opened = workload.ask("mod1", "POST", own(hub, "mod1", "decrypt"), body)
    assert opened.json() == {"plaintext": encoded(b"\x00secret")}
    refused(workload.ask("mod2", "POST", own(hub, "mod2", "decrypt"), body), 400, "was not encrypted for this module")
    other = {**body, "initializationVector": encoded(b"another")}
    refused(workload.ask("mod1", "POST", own(hub, "mod1", "decrypt"), other), 400, "was not encrypted")
    short = {**body, "ciphertext": encoded(b"x")}
    refused(workload.ask("mod1", "POST", own(hub, "mod1", "decrypt"), short), 400, "was not encrypted")


def test_a_module_gets_a_certificate_of_its_own(hub: ThreadedHub, workload: Sockets) -> None:
    answer = workload.ask("mod1", "POST", "/modules/mod1/certificate/identity")
    assert answer.status_code == 201
    document = answer.json()
    leaf, authority = x509.load_pem_x509_certificates(document["certificate"].encode())
    leaf.verify_directly_issued_by(authority)
    assert authority == x509.load_pem_x509_certificate(hub.ca.read_bytes())
    assert leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "dev1/mod1"
    assert document["privateKey"]["type"] == "key"
    key = load_pem_private_key(document["privateKey"]["bytes"].encode(), None)
    assert key.public_key() == leaf.public_key()
    use = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert datetime.fromisoformat(document["expiration"]).replace(microsecond=0) == leaf.not_valid_after_utc


def test_a_module_gets_a_servers_certificate(hub: ThreadedHub, workload: Sockets) -> None:
    end = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)  # noqa: TID251
    body = {"commonName": "camera.local", "expiration": end.isoformat()}
    answer = workload.ask("mod1", "POST", own(hub, "mod1", "certificate/server"), body)
    leaf = x509.load_pem_x509_certificates(answer.json()["certificate"].encode())[0]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["camera.local"]
    assert leaf.not_valid_after_utc == end
    far = {"commonName": "camera.local", "expiration": "2999-01-01T00:00:00Z"}
    limited = workload.ask("mod1", "POST", own(hub, "mod1", "certificate/server"), far).json()["expiration"]
    assert datetime.fromisoformat(limited) < end + timedelta(days=100)


def test_modules_are_listed_with_their_status(hub: ThreadedHub, workload: Sockets) -> None:
    modules = {"cam": {"settings": {"image": "i"}}, "sim": {"settings": {"image": "i"}}}
    agent = {"$edgeAgent": {"properties.desired": {"schemaVersion": "1.0", "modules": modules}}}
    hub.call(hub.hub.apply(agent))
    hub.call(hub.hub.report(Identity("dev1", "$edgeAgent"), {"modules": {"cam": {"runtimeStatus": "running"}}}))
    listed = workload.ask("mod1", "GET", "/modules").json()["modules"]
    assert {one["name"]: one["status"]["runtimeStatus"]["status"] for one in listed} == {
        "cam": "running",
        "sim": "unknown",
    }


def test_sockets_come_and_go_with_their_modules(hub: ThreadedHub, workload: Sockets) -> None:
    path = socket_path(hub.folder, "brief")
    assert not path.exists()
    hub.key("brief")
    until(lambda: path.exists() and workload.ask("brief", "GET", "/trust-bundle").status_code == 200)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    hub.call(hub.hub.remove_module("brief"))
    until(lambda: not path.exists())
    assert not socket_path(hub.folder, "$edgeAgent").exists()


@pytest.mark.parametrize("is_left_behind", [False, True])
def test_whoever_finds_a_socket_may_connect(tmp_path: Path, is_left_behind: bool) -> None:
    path = tmp_path / "mod1.sock"
    if is_left_behind:
        path.write_text("left behind")
    listener = _bound(path)
    assert listener is not None
    with listener, socket.socket(socket.AF_UNIX) as visitor:
        visitor.connect(str(path))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_hub_left_behind_is_no_hindrance(hub: ThreadedHub, workload: Sockets) -> None:
    path = socket_path(hub.folder, "stale")
    path.write_text("left behind")
    hub.key("stale")
    until(lambda: stat.S_ISSOCK(path.stat().st_mode))
    until(lambda: workload.ask("stale", "GET", "/trust-bundle").status_code == 200)


def test_what_is_in_the_way_of_a_socket_is_explained(
    hub: ThreadedHub, workload: Sockets, caplog: pytest.LogCaptureFixture
) -> None:
    path = socket_path(hub.folder, "blocked")
    path.mkdir()
    hub.key("blocked")
    until(lambda: f"no workload API at {path}" in caplog.text)
    assert workload.ask("mod1", "GET", "/trust-bundle").status_code == 200


def test_too_long_a_path_is_explained_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / ("deep" * 25)
    with ThreadedHub(folder, device="dev1") as hub:
        hub.key("mod1")
        with sockets(hub):
            assert not socket_path(folder, "mod1").exists()
    assert "is too long a path for a socket" in caplog.text

"""Connection strings, the environment of IoT Edge, and a workload service that signs."""

from __future__ import annotations

import base64
import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footfall.core.errors import ConfigError, SinkUnavailable
from footfall.edge.identity import from_environment, parse_connection_string
from footfall.edge.sas import signature
from footfall.edge.topics import Identity
from servers.certificates import make_certificates

KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
STRING = f"HostName=myhub.local;DeviceId=dev1;ModuleId=mod1;SharedAccessKey={KEY}"
EDGE = {
    "IOTEDGE_IOTHUBHOSTNAME": "myhub.local",
    "IOTEDGE_GATEWAYHOSTNAME": "edgehost",
    "IOTEDGE_DEVICEID": "dev1",
    "IOTEDGE_MODULEID": "mod1",
    "IOTEDGE_MODULEGENERATIONID": "637/1",
    "IOTEDGE_APIVERSION": "2019-01-30",
}
GOLDEN = (
    "SharedAccessSignature sr=myhub.local%2Fdevices%2Fdev1%2Fmodules%2Fmod1"
    "&sig=E878zmMoLqPKiWwjWwZvtV%2BINN76DHHCdqkqjinnrmM%3D&se=2000000000"
)


class WorkloadService(http.server.BaseHTTPRequestHandler):
    """Signs with KEY and hands out one certificate."""

    pem = ""

    def address_string(self) -> str:
        return "unix"

    def do_GET(self) -> None:
        self.answer({"certificate": self.pem} if self.path.startswith("/trust-bundle?api-version=") else None)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_ours = self.path == "/modules/mod1/genid/637%2F1/sign?api-version=2019-01-30"
        text = base64.b64decode(asked["data"]).decode()
        self.answer({"digest": signature(KEY, text)} if is_ours else None)

    def answer(self, document: object) -> None:
        body = json.dumps(document or {"message": "no"}).encode()
        self.send_response(200 if document else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def socket(tmp_path: Path) -> Iterator[str]:
    """Path of the socket of a workload service."""
    path = tmp_path / "workload.sock"
    pem = (make_certificates(tmp_path) / "ca.pem").read_text()
    service = type("Service", (WorkloadService,), {"pem": pem})
    with socketserver.ThreadingUnixStreamServer(str(path), service) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield str(path)
        server.shutdown()
        thread.join()


def test_a_connection_string_says_who_connects_where() -> None:
    module = parse_connection_string(f"{STRING};GatewayHostName=edgehost")
    assert (module.hub, module.who, module.host, module.port) == (
        "myhub.local", Identity("dev1", "mod1"), "edgehost", 8883,
    )  # fmt: skip
    assert module.user_name == "myhub.local/dev1/mod1/?api-version=2019-10-01&DeviceClientType=footfall"
    assert module.token(2_000_000_000) == GOLDEN
    assert KEY not in repr(module)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        pytest.param(STRING, "myhub.local", 8883, id="no gateway"),
        pytest.param(f"{STRING};GatewayHostName=127.0.0.9:18883", "127.0.0.9", 18883, id="a gateway's port"),
        pytest.param(f" {STRING.replace('HostName', 'hostname')} ; ", "myhub.local", 8883, id="blanks and case"),
    ],
)
def test_where_to_connect(text: str, host: str, port: int) -> None:
    module = parse_connection_string(text)
    assert (module.host, module.port) == (host, port)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "no HostName and no DeviceId and no ModuleId", id="nothing"),
        pytest.param(STRING.replace("ModuleId=mod1;", ""), "has no ModuleId", id="a device's"),
        pytest.param(f"{STRING}!", "not base64", id="a broken key"),
        pytest.param(f"{STRING};GatewayHostName=a:b", "'a:b' is no host", id="a broken port"),
        pytest.param(f"{STRING};GatewayHostName=https://a", "is no host", id="a URL"),
    ],
)
def test_a_connection_string_that_is_wrong_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as refused:
        parse_connection_string(text)
    assert KEY not in str(refused.value)


def test_for_debugging_the_environment_holds_a_connection_string(tmp_path: Path) -> None:
    pem = make_certificates(tmp_path) / "ca.pem"
    module = from_environment({"EdgeHubConnectionString": STRING, "EdgeModuleCACertificateFile": str(pem)})
    assert module.proof.authorities() == pem.read_text()
    assert module.tls().verify_mode.name == "CERT_REQUIRED"
    with pytest.raises(ConfigError, match="cannot be read"):
        from_environment({"EdgeHubConnectionString": STRING, "EdgeModuleCACertificateFile": "/nowhere"})
    with pytest.raises(ConfigError, match="give PEM certificates"):
        parse_connection_string(STRING, "no certificate").tls()


def test_the_runtime_signs_for_a_module(socket: str) -> None:
    module = from_environment({**EDGE, "IOTEDGE_WORKLOADURI": f"unix://{socket}"})
    assert (module.hub, module.host) == ("myhub.local", "edgehost")
    assert module.token(2_000_000_000) == GOLDEN
    assert module.tls().get_ca_certs()


def test_a_runtime_that_is_away_or_refuses_is_asked_again_later(socket: str) -> None:
    with pytest.raises(SinkUnavailable, match="workload"):
        from_environment({**EDGE, "IOTEDGE_WORKLOADURI": f"unix://{socket}.not"}).token(1)
    with pytest.raises(SinkUnavailable, match="404"):
        from_environment({**EDGE, "IOTEDGE_WORKLOADURI": f"unix://{socket}", "IOTEDGE_MODULEGENERATIONID": "2"}).token(
            1
        )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"IOTEDGE_WORKLOADURI": ""}, "this process is no module", id="not started by a hub"),
        pytest.param({"IOTEDGE_MODULEID": ""}, "IOTEDGE_MODULEID: is not set", id="half an environment"),
        pytest.param({"IOTEDGE_WORKLOADURI": "fd://iotedge.socket"}, "is no address of a workload", id="another form"),
        pytest.param({"IOTEDGE_GATEWAYHOSTNAME": "a b:c"}, "is no host", id="no gateway"),
    ],
)
def test_an_environment_that_is_wrong_is_refused(change: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        from_environment({**EDGE, "IOTEDGE_WORKLOADURI": "unix:///run/workload.sock", **change})

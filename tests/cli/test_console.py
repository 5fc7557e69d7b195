"""`footfall console`: operations.json from start to end, over HTTPS, to a module."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footfall.cli.main import main
from media_documents import instance, simple
from media_module import Module
from servers.certificates import make_certificates
from servers.service_door import KEY, ServiceDoor

WAIT = {"opName": "WaitForInput", "opParams": {"message": "Press Enter to go on"}}


def step(operation: str, /, **parameters: Any) -> dict[str, Any]:
    return {"opName": operation, "opParams": parameters}


def body_of(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "@apiVersion"}


USUAL = [
    step("GraphTopologyList"),
    WAIT,
    step("GraphInstanceList"),
    WAIT,
    step("GraphTopologySet", topologyFile="topology.json"),
    step("GraphInstanceSet", **body_of(instance())),
    step("GraphInstanceActivate", name="door-1"),
    step("GraphInstanceList"),
    WAIT,
    step("GraphInstanceDeactivate", name="door-1"),
    step("GraphInstanceDelete", name="door-1"),
    step("GraphInstanceList"),
    WAIT,
    step("GraphTopologyDelete", name="Door"),
    WAIT,
    step("GraphTopologyList"),
]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceDoor]:
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    make_certificates(certificates)
    module = Module(tmp_path / "data")
    door = ServiceDoor(module, certificates, b"\xef\xbb\xbf" + json.dumps(simple()).encode())
    door.start()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    settings = {
        "IoThubConnectionString": f" {door.connection_string}",
        "deviceId": "edge-device",
        "moduleId": "lvaEdge",
    }
    (tmp_path / "appsettings.json").write_text(json.dumps(settings))
    (tmp_path / "topology.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(simple()).encode())
    write(*USUAL)
    yield door
    door.stop()
    module.close()


def write(*steps: Any, version: str = "2.0") -> None:
    Path("operations.json").write_text(json.dumps({"apiVersion": version, "operations": list(steps)}))


def test_the_usual_order_from_start_to_end(door: ServiceDoor, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["console", "operations.json", "--ca=certificates/ca.pem", "--yes"]) == 0

    out, err = capfd.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert [line for line in lines if line.startswith("Executing")] == [
        f"Executing operation {each['opName']}" for each in USUAL
    ]
    assert [line.split(" - ")[1] for line in lines if line.startswith("Response: ")] == [
        f"Status: {status}" for status in (200, 200, 201, 201, 200, 200, 200, 200, 200, 200, 200)
    ]
    assert lines[:11] == [
        "Executing operation GraphTopologyList",
        "Request: GraphTopologyList",
        "{",
        '  "@apiVersion": "2.0"',
        "}",
        "Response: GraphTopologyList - Status: 200",
        "{",
        '  "value": []',
        "}",
        "Executing operation WaitForInput",
        "Press Enter to go on",
    ]
    after = lines.index("Response: GraphInstanceActivate - Status: 200") + 1
    assert lines[after] == "Executing operation GraphInstanceList", "no reply, no lines"


def test_what_is_sent(door: ServiceDoor) -> None:
    main(["console", "--ca=certificates/ca.pem", "--yes"])

    assert door.calls[2] == {
        "methodName": "GraphTopologySet",
        "payload": simple(),
        "responseTimeoutInSeconds": 30,
        "connectTimeoutInSeconds": 30,
    }
    assert list(door.calls[3]["payload"]) == ["@apiVersion", "name", "properties"]


def test_a_topology_from_the_web_and_the_hub_trusted_by_the_environment(
    door: ServiceDoor, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "certificates/ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", "certificates/ca.pem")
    write(step("GraphTopologySet", topologyUrl=f"{door.url}/topology.json"))

    assert main(["console", "--strict"]) == 0
    assert "Response: GraphTopologySet - Status: 201" in capfd.readouterr().out


def test_it_waits_for_enter(
    door: ServiceDoor, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enter(io.StringIO):
        pressed = 0

        def readline(self, *_: object) -> str:
            Enter.pressed += 1
            assert capfd.readouterr().out.endswith("Press Enter to go on\n"), "the message comes before the waiting"
            return "\n"

    monkeypatch.setattr("sys.stdin", Enter())
    assert main(["console", "--ca=certificates/ca.pem"]) == 0
    assert Enter.pressed == 5


def test_it_goes_on_after_errors(door: ServiceDoor, capfd: pytest.CaptureFixture[str]) -> None:
    write(
        step("GraphInstanceActivate", name="nobody"),
        step("GraphTopologySet", topologyFile="nowhere.json"),
        step("GraphTopologySet", topologyUrl=f"{door.url}/nowhere"),
        step("GraphTopologyList"),
    )

    assert main(["console", "--ca=certificates/ca.pem"]) == 0
    assert main(["console", "--ca=certificates/ca.pem", "--strict"]) == 2

    out, err = capfd.readouterr()
    assert "Response: GraphInstanceActivate - Status: 404" in out
    assert out.count("Response: GraphTopologyList - Status: 200") == 2
    assert "GraphTopologySet: nowhere.json: $: No such file or directory" in err
    assert "nowhere: $: cannot be downloaded" in err


def test_a_module_that_is_not_there(door: ServiceDoor, capfd: pytest.CaptureFixture[str]) -> None:
    write(step("GraphTopologyList"))

    assert main(["console", "--ca=certificates/ca.pem", "--module=lvaedge2", "--strict"]) == 2
    assert "is module lvaedge2 of device edge-device connected to the hub?" in capfd.readouterr().err


def test_whom_to_call_may_stand_in_options(door: ServiceDoor, capfd: pytest.CaptureFixture[str]) -> None:
    Path("appsettings.json").unlink()
    Path("service.txt").write_text(f"{door.connection_string}\n")
    write(step("GraphTopologyList"))
    who = ["--device=edge-device", "--module=lvaEdge", "--ca=certificates/ca.pem", "--strict"]

    assert main(["console", "--connection-string-file=service.txt", *who]) == 0
    assert main(["console", f"--connection-string={door.connection_string}", *who]) == 0
    assert main(["console", *who]) == 2
    assert "$.IoThubConnectionString: is missing; write it into appsettings.json" in capfd.readouterr().err


def test_a_hub_that_nobody_vouches_for_is_not_trusted(door: ServiceDoor, capfd: pytest.CaptureFixture[str]) -> None:
    write(step("GraphTopologyList"))

    assert main(["console", "--strict"]) == 2
    assert "the hub cannot be reached" in capfd.readouterr().err
    assert door.calls == []


BAD = [
    pytest.param("{", "not valid JSON", id="half a file"),
    pytest.param("[]", "$: is a list", id="a list"),
    pytest.param('{"apiVersion": "2.0"}', "$.operations: there is nothing to do", id="nothing to do"),
    pytest.param('{"operations": [{"opName": "GraphTopologyList"}]}', "$.apiVersion: is none of", id="no version"),
    pytest.param(
        '{"apiVersion": "2.0", "operations": [{"opName": "GraphToplogyList"}]}',
        "$.operations[0].opName: is no operation; did you mean 'GraphTopologyList'?", id="a typing error",
    ),
    pytest.param(
        '{"apiVersion": "2.0", "operations": [{"opName": "GraphTopologySet", "opParams": {}}]}',
        "$.operations[0].opParams: names no topology", id="no topology",
    ),
    pytest.param(
        '{"apiVersion": "2.0", "operations": [{"opName": "GraphTopologySet", "opParams": {"topologyUrl": "file:///x"}}]}',
        "$.operations[0].opParams.topologyUrl: is no address of the web", id="a file as URL",
    ),
    pytest.param(
        '{"apiVersion": "2.0", "operations": [{"opName": "GraphInstanceGet", "opParams": []}]}',
        "$.operations[0].opParams: is not an object", id="a list of parameters",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), BAD)
def test_bad_operations(door: ServiceDoor, capfd: pytest.CaptureFixture[str], text: str, told: str) -> None:
    Path("operations.json").write_text(text)

    assert main(["console", "--ca=certificates/ca.pem"]) == 2
    assert told in capfd.readouterr().err
    assert door.calls == []


@pytest.mark.parametrize(
    "text",
    [
        "HostName=x",
        "HostName=x;SharedAccessKeyName=y;SharedAccessKey=hush hush",
        f"HostName=300.1.1.1;SharedAccessKeyName=y;SharedAccessKey={KEY}",
    ],
)
def test_bad_connection_strings(door: ServiceDoor, capfd: pytest.CaptureFixture[str], text: str) -> None:
    write(step("GraphTopologyList"))

    assert main(["console", f"--connection-string={text}"]) == 2
    told = capfd.readouterr().err
    assert "connection string" in told
    assert "hush" not in told
    assert KEY not in told


def test_the_key_is_printed_nowhere(door: ServiceDoor, capfd: pytest.CaptureFixture[str]) -> None:
    main(["console", "--ca=certificates/ca.pem", "--yes"])

    assert KEY not in "".join(capfd.readouterr())

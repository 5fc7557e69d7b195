"""The vendor's own, untouched SDKs against `footfall hub`: the 13 steps of spec/iot.md section 11, and on."""

from __future__ import annotations

import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from footfall.hub.connect import connection_string
from footfall.hub.module_sockets import socket_path
from servers.edge_hub import HubProcess, event_lines, own_address
from servers.vendor import Peer, PeerError

ROUTES = {
    "toHub": "FROM /messages/modules/*/outputs/inferenceOutput INTO $upstream",
    "toMod2": 'FROM /messages/modules/mod1/outputs/toMod2 INTO BrokeredEndpoint("/modules/mod2/inputs/in1")',
    "loud": "FROM /messages/modules/mod1/outputs/alarms WHERE $body.level > 3 AND $contentType = 'application/json' "
    'INTO BrokeredEndpoint("/modules/mod2/inputs/alarms")',
}
EVENT = {
    "topic": "/x",
    "subject": "/graphInstances/G/processors/p",
    "eventType": "Microsoft.Media.Graph.Analytics.Inference",
    "eventTime": "2020-08-20T03:54:29.001Z",
    "dataVersion": "1.0",
}
JSON = {"content_type": "application/json", "content_encoding": "utf-8"}
ODD = {"a/b&c=d%e f": "ä/&=%+ü 人", "empty": "", "plus+": "1+1=2", "percent%41": "100%25"}
LARGEST = 262_144


class Edge:
    """A hub on an address of its own, and the SDKs that talk to it."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.python = python
        self.address = own_address()
        self.has_443 = may_listen(self.address, 443)
        port = 443 if self.has_443 else 8443
        self.hub = HubProcess(folder, self.address, f"--name={self.address}", "--device=dev1", f"--https-port={port}")
        self._open: list[Peer] = []

    def connection_string(self, module: str | None = None) -> str:
        return connection_string(self.hub.folder, module, module and self.address, "iothubowner")

    def settings(self, module: str, **options: Any) -> dict[str, Any]:
        string = self.connection_string(module)
        return {"connection_string": string, "authority": self.hub.ca.read_text(), **options}

    def module(self, name: str, **options: Any) -> Peer:
        return self.peer("module", self.settings(name, **options))

    def environment(self, module: str, generation: str) -> dict[str, str]:
        """What the runtime of an edge device says to its modules."""
        return {
            "IOTEDGE_IOTHUBHOSTNAME": self.address,
            "IOTEDGE_GATEWAYHOSTNAME": self.address,
            "IOTEDGE_DEVICEID": "dev1",
            "IOTEDGE_MODULEID": module,
            "IOTEDGE_MODULEGENERATIONID": generation,
            "IOTEDGE_WORKLOADURI": f"unix://{socket_path(self.hub.folder, module)}",
            "IOTEDGE_APIVERSION": "2019-01-30",
            "IOTEDGE_AUTHSCHEME": "sasToken",
        }

    def module_of_environment(self, name: str, service: Peer) -> Peer:
        self.connection_string(name)
        generation = service.do("module", device="dev1", module=name)["generationId"]
        path = socket_path(self.hub.folder, name)
        until(path.exists)
        return self.peer("module", {}, self.environment(name, generation))

    def service(self) -> Peer:
        environment = {"REQUESTS_CA_BUNDLE": str(self.hub.ca)}
        return self.peer("service", {"connection_string": self.connection_string()}, environment)

    def peer(self, script: str, settings: dict[str, Any], environment: dict[str, str] | None = None) -> Peer:
        peer = Peer(self.python, script, settings, environment)
        self._open.append(peer)
        return peer

    def logged(self, **like: Any) -> list[dict[str, Any]]:
        """Events of the log."""
        events = [json.loads(line) for line in event_lines(self.hub.folder)]
        return [event for event in events if all(event.get(key) == value for key, value in like.items())]

    def close(self) -> None:
        for peer in self._open:
            peer.__exit__(None, None, None)


def may_listen(address: str, port: int) -> bool:
    """Ports below 1024 are not for everybody."""
    try:
        socket.create_server((address, port)).close()
    except PermissionError:
        return False
    return True


def until(condition: Callable[[], object], patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def edge_in(folder: Path, python: Path) -> Iterator[Edge]:
    """A hub that stops, and without a complaint."""
    edge = Edge(folder, python)
    edge.hub.start()
    try:
        yield edge
    finally:
        edge.close()
        assert edge.hub.stop() == 0
        assert not [line for line in edge.hub.said if "Traceback" in line], "".join(edge.hub.said)


@pytest.fixture(scope="module")
def edge(vendor_python: Path) -> Iterator[Edge]:
    """One hub for all stories that do not stop it; sockets need a short path."""
    with tempfile.TemporaryDirectory(prefix="ff-hub-") as folder:
        yield from edge_in(Path(folder), vendor_python)


@pytest.fixture(scope="module")
def service(edge: Edge) -> Peer:
    service = edge.service()
    hub = {"properties.desired": {"schemaVersion": "1.1", "routes": ROUTES}}
    service.do("apply", device="dev1", modules_content={"$edgeHub": hub})
    return service


@pytest.fixture(scope="module")
def mod1(edge: Edge, service: Peer) -> Peer:
    peer = edge.module("mod1")
    peer.do("connect")
    peer.do("listen")
    return peer


@pytest.fixture(scope="module")
def mod2(edge: Edge, service: Peer) -> Peer:
    peer = edge.module("mod2")
    peer.do("connect")
    peer.do("listen")
    return peer


def test_step_1_a_module_connects(edge: Edge) -> None:
    peer = edge.module("first")
    assert peer.do("connect") is True
    assert peer.event("connection")["is_open"] is True


def test_step_2_handlers_subscribe(edge: Edge) -> None:
    peer = edge.module("listener")
    peer.do("connect")
    assert peer.do("listen") is None
    assert peer.do("is_connected") is True


def test_step_3_the_twin_is_answered(mod1: Peer) -> None:
    twin = mod1.do("get_twin")
    assert twin.keys() == {"desired", "reported"}
    assert twin["desired"]["$version"] >= 1


def test_step_4_properties_are_reported(mod1: Peer, service: Peer) -> None:
    before = mod1.do("get_twin")["reported"]["$version"]
    mod1.do("report", patch={"state": "starting", "gone": 1})
    mod1.do("report", patch={"state": "running", "gone": None})
    reported = mod1.do("get_twin")["reported"]
    assert reported == {"state": "running", "$version": before + 2}
    assert service.do("twin", device="dev1", module="mod1")["properties"]["reported"]["state"] == "running"


def test_step_5_a_message_is_confirmed_and_kept(edge: Edge, mod1: Peer) -> None:
    mod1.do("send", body='{"timestamp":1}', output="inferenceOutput", properties=EVENT, system=JSON)
    (event,) = edge.logged(output="inferenceOutput", module="mod1")
    assert event["body"] == {"timestamp": 1}
    assert event["properties"] == EVENT
    assert (event["system"]["$.ct"], event["system"]["$.ce"]) == ("application/json", "utf-8")
    assert "unrouted" not in event


def test_step_6_a_method_is_called_and_answered(mod1: Peer, service: Peer) -> None:
    payload = {"@apiVersion": "2.0", "name": "G", "list": [1, None, "ä"]}
    answer = service.do("invoke", device="dev1", module="mod1", name="GraphTopologySet", payload=payload)
    assert answer == {"status": 200, "payload": {"echo": payload}}
    assert mod1.event("method", name="GraphTopologySet")["payload"] == payload


def test_step_7_desired_properties_arrive_as_a_patch(mod1: Peer, service: Peer) -> None:
    twin = service.do("patch_desired", device="dev1", module="mod1", desired={"graphs": {"a": {"enabled": True}}})
    version = twin["properties"]["desired"]["$version"]
    assert mod1.event("desired")["patch"] == {"graphs": {"a": {"enabled": True}}, "$version": version}
    service.do("patch_desired", device="dev1", module="mod1", desired={"graphs": {"a": None}})
    assert mod1.event("desired")["patch"] == {"graphs": {"a": None}, "$version": version + 1}
    assert mod1.do("get_twin")["desired"] == {"graphs": {}, "$version": version + 1}


def test_step_8_a_message_reaches_an_input(mod1: Peer, mod2: Peer) -> None:
    mod1.do("send", body='{"n":8}', output="toMod2", properties={"topic": "/x"}, system=JSON)
    message = mod2.event("message", input_name="in1", body='{"n":8}')
    assert message["properties"]["topic"] == "/x"
    assert (message["properties"]["$.cdid"], message["properties"]["$.cmid"]) == ("dev1", "mod1")
    assert (message["content_type"], message["content_encoding"]) == ("application/json", "utf-8")


def test_step_9_a_module_calls_another(edge: Edge, service: Peer, mod2: Peer) -> None:
    if not edge.has_443:
        pytest.skip("the vendor's SDK knows port 443 only, and this user may not listen there")
    caller = edge.module_of_environment("caller", service)
    method = {"methodName": "hello", "payload": {"n": 9}, "responseTimeoutInSeconds": 50, "connectTimeoutInSeconds": 5}
    answer = caller.do("invoke", device="dev1", module="mod2", method=method)
    assert answer == {"status": 200, "payload": {"echo": {"n": 9}}}
    assert mod2.event("method", name="hello")["payload"] == {"n": 9}


def test_step_10_a_quiet_connection_is_kept_alive(edge: Edge) -> None:
    peer = edge.module("quiet", keep_alive=10)
    peer.do("connect")
    peer.do("wait", seconds=16)
    assert peer.do("is_connected") is True
    assert [event["is_open"] for event in peer.events if event["event"] == "connection"] == [True]


def test_step_11_a_wrong_key_is_refused(edge: Edge) -> None:
    settings = edge.settings("mod1")
    start, _, rest = settings["connection_string"].partition("SharedAccessKey=")
    other = edge.connection_string("other").partition("SharedAccessKey=")[2]
    settings["connection_string"] = f"{start}SharedAccessKey={other.partition(';')[0]};{rest.partition(';')[2]}"
    peer = edge.peer("module", settings)
    with pytest.raises(PeerError) as refusal:
        peer.do("connect")
    assert refusal.value.error["type"] == "CredentialError"
    assert refusal.value.error["cause"].startswith("UnauthorizedError")


def test_step_12_a_hub_with_another_authority_is_not_trusted(edge: Edge) -> None:
    settings = edge.settings("mod1")
    del settings["authority"]
    peer = edge.peer("module", settings)
    with pytest.raises(PeerError) as refusal:
        peer.do("connect")
    assert refusal.value.error["type"] == "ClientError"
    assert refusal.value.error["cause"].startswith("TlsExchangeAuthError")


def test_step_13_a_module_says_goodbye(edge: Edge, service: Peer) -> None:
    peer = edge.module("polite")
    peer.do("connect")
    peer.do("listen")
    assert peer.do("shutdown") is None
    state = service.do("module", device="dev1", module="polite")["connectionState"]
    assert state == "Disconnected"
    with pytest.raises(PeerError) as refusal:
        service.do("invoke", device="dev1", module="polite", name="hello")
    assert (refusal.value.error["status"], refusal.value.error["code"]) == (404, "DeviceNotOnline")


def test_a_module_of_the_edges_environment_does_it_all(edge: Edge, service: Peer) -> None:
    peer = edge.module_of_environment("env1", service)
    assert peer.do("connect") is True
    peer.do("listen")
    peer.do("report", patch={"state": "running"})
    assert peer.do("get_twin")["reported"]["state"] == "running"
    answer = service.do("invoke", device="dev1", module="env1", name="hello", payload=[1])
    assert answer == {"status": 200, "payload": {"echo": [1]}}


def test_two_modules_at_once_hear_only_what_is_theirs(mod1: Peer, mod2: Peer, service: Peer) -> None:
    for number in range(5):
        for peer, name in ((mod1, "mod1"), (mod2, "mod2")):
            payload = {"for": name, "number": number}
            assert service.do("invoke", device="dev1", module=name, name="mine", payload=payload)["status"] == 200
            assert peer.event("method", name="mine")["payload"] == payload
    twins = [peer.do("get_twin") for peer in (mod1, mod2)]
    assert [event for peer in (mod1, mod2) for event in peer.events if event["event"] == "method"] == []
    assert twins[0] != twins[1]


def test_methods_in_both_modules_run_side_by_side(edge: Edge, mod1: Peer, mod2: Peer) -> None:
    callers = [edge.service(), edge.service()]
    for caller, name in zip(callers, ("mod1", "mod2"), strict=True):
        caller.begin("invoke", device="dev1", module=name, name="slow", payload={"seconds": 2, "of": name})
    answers = [caller.finish() for caller in callers]
    assert [answer["payload"]["echo"]["of"] for answer in answers] == ["mod1", "mod2"]


def test_a_condition_on_the_body_is_kept_to(mod1: Peer, mod2: Peer) -> None:
    for level, system in ((1, JSON), (5, {}), (7, JSON)):
        mod1.do("send", body=json.dumps({"level": level}), output="alarms", system=system)
    assert json.loads(mod2.event("message", input_name="alarms")["body"]) == {"level": 7}
    mod1.do("send", body='{"n":0}', output="toMod2")
    mod2.event("message", input_name="in1", body='{"n":0}')
    assert [event for event in mod2.events if event["event"] == "message"] == []


def test_odd_properties_arrive_as_they_were(edge: Edge, mod1: Peer, mod2: Peer) -> None:
    mod1.do("send", body='"odd"', output="toMod2", properties=ODD, system={**JSON, "message_id": "m/1 & 2=3"})
    message = mod2.event("message", body='"odd"')
    assert {key: message["properties"][key] for key in ODD} == ODD
    assert message["message_id"] == "m/1 & 2=3"
    mod1.do("send", body='"odd"', output="inferenceOutput", properties=ODD)
    assert edge.logged(body="odd")[0]["properties"] == ODD


def test_256_kib_pass_and_one_byte_more_does_not(edge: Edge, mod1: Peer) -> None:
    empty = mod1.do("send", body="", output="inferenceOutput")
    assert mod1.do("send", body=None, output="inferenceOutput", size=LARGEST - empty) == LARGEST
    with pytest.raises(PeerError) as refusal:
        mod1.do("send", body=None, output="inferenceOutput", size=LARGEST - empty + 1)
    assert refusal.value.error["type"] == "ValueError"
    assert mod1.do("is_connected") is True
    assert {len(event["body"]) for event in edge.logged(encoding="text")} >= {LARGEST - empty}


def test_what_no_route_takes_is_kept_and_marked(edge: Edge, mod1: Peer) -> None:
    mod1.do("telemetry", body='"nobody wants me"')
    (event,) = edge.logged(body="nobody wants me")
    assert event["unrouted"] is True


def test_a_method_without_answer_ends_with_504_and_a_late_answer_is_dropped(mod1: Peer, service: Peer) -> None:
    with pytest.raises(PeerError) as refusal:
        service.do("invoke", device="dev1", module="mod1", name="slow", payload={"seconds": 7}, response_s=5)
    assert (refusal.value.error["status"], refusal.value.error["code"]) == (504, "GatewayTimeout")
    message = json.loads(json.loads(refusal.value.error["body"])["Message"])
    assert message["errorCode"] == 504101
    mod1.event("replied", name="slow")
    answer = service.do("invoke", device="dev1", module="mod1", name="after", payload=1)
    assert answer == {"status": 200, "payload": {"echo": 1}}


def test_a_status_is_passed_on(service: Peer, mod1: Peer) -> None:
    assert service.do("invoke", device="dev1", module="mod1", name="unknown", payload={})["status"] == 501


def test_a_method_waits_for_its_module(edge: Edge, service: Peer) -> None:
    late = edge.module("late")
    service.begin("invoke", device="dev1", module="late", name="hello", payload=1, connect_s=60)
    late.do("wait", seconds=1)
    late.do("connect")
    late.do("listen")
    assert service.finish() == {"status": 200, "payload": {"echo": 1}}


@pytest.mark.parametrize(
    ("module", "code", "number"),
    [
        pytest.param("nobody", "DeviceNotFound", 404001, id="a module that does not exist"),
        pytest.param("$edgeAgent", "DeviceNotOnline", 404103, id="a module that is not connected"),
    ],
)
def test_a_method_for_who_is_not_there_is_404(service: Peer, module: str, code: str, number: int) -> None:
    with pytest.raises(PeerError) as refusal:
        service.do("invoke", device="dev1", module=module, name="hello")
    assert (refusal.value.error["status"], refusal.value.error["code"]) == (404, code)
    body = json.loads(refusal.value.error["body"])
    assert body.keys() == {"Message", "ExceptionMessage"}
    assert json.loads(body["Message"]).keys() == {"errorCode", "trackingId", "message", "timestampUtc"}
    assert json.loads(body["Message"])["errorCode"] == number


def test_a_stale_etag_is_412(service: Peer, mod1: Peer) -> None:
    etag = service.do("twin", device="dev1", module="mod1")["etag"]
    newer = service.do("patch_desired", device="dev1", module="mod1", desired={"a": 1}, etag=etag)
    mod1.event("desired")
    with pytest.raises(PeerError) as refusal:
        service.do("patch_desired", device="dev1", module="mod1", desired={"a": 2}, etag=etag)
    assert refusal.value.error["status"] == 412
    assert service.do("twin", device="dev1", module="mod1")["properties"]["desired"]["a"] == 1
    service.do("patch_desired", device="dev1", module="mod1", desired={"a": 3}, etag=newer["etag"])
    assert mod1.event("desired")["patch"]["a"] == 3


def test_a_twin_is_replaced(service: Peer, mod1: Peer) -> None:
    service.do("patch_desired", device="dev1", module="mod1", desired={"old": 1, "kept": 2})
    mod1.event("desired")
    twin = service.do("replace_desired", device="dev1", module="mod1", desired={"kept": 2, "new": 3})
    desired = twin["properties"]["desired"]
    assert {key: desired[key] for key in desired if not key.startswith("$")} == {"kept": 2, "new": 3}
    assert {"old": None, "new": 3}.items() <= mod1.event("desired")["patch"].items()


def test_a_report_beyond_the_limits_is_an_error_and_changes_nothing(mod1: Peer) -> None:
    before = mod1.do("get_twin")["reported"]
    with pytest.raises(PeerError) as refusal:
        mod1.do("report", patch={"a.b": 1})
    assert refusal.value.error["cause"] == "ServiceError: twin operation returned status 400"
    assert mod1.do("get_twin")["reported"] == before


def test_a_manifest_makes_modules_and_replaces_twins(edge: Edge, service: Peer) -> None:
    settings = {"image": "mcr.microsoft.com/lva-utilities/rtspsim-live555:1.2", "createOptions": "{}"}
    agent = {"schemaVersion": "1.1", "modules": {"fresh": {"type": "docker", "settings": settings}}}
    content = {
        "$edgeAgent": {"properties.desired": agent},
        "$edgeHub": {"properties.desired": {"schemaVersion": "1.1", "routes": ROUTES}},
        "fresh": {"properties.desired": {"a": {"b": 1}}},
    }
    service.do("apply", device="dev1", modules_content=content)
    listed = {module["moduleId"]: module for module in service.do("modules", device="dev1")}
    assert {"$edgeAgent", "$edgeHub", "fresh"} <= listed.keys()
    fresh = edge.module("fresh")
    fresh.do("connect")
    assert fresh.do("get_twin")["desired"] == {"a": {"b": 1}, "$version": 2}
    assert "fresh" in service.do("query", text="SELECT * FROM devices.modules")
    bad = {**content, "$edgeHub": {"properties.desired": {"schemaVersion": "1.1", "routes": {"r": "FROM nowhere"}}}}
    with pytest.raises(PeerError) as refusal:
        service.do("apply", device="dev1", modules_content=bad)
    assert refusal.value.error["status"] == 400
    assert "there is no such source" in refusal.value.error["body"]


def test_a_service_with_a_wrong_key_is_401(edge: Edge) -> None:
    wrong = edge.connection_string("mod1").partition("SharedAccessKey=")[2].partition(";")[0]
    string = edge.connection_string().partition("SharedAccessKey=")[0] + f"SharedAccessKey={wrong}"
    peer = edge.peer("service", {"connection_string": string}, {"REQUESTS_CA_BUNDLE": str(edge.hub.ca)})
    with pytest.raises(PeerError) as refusal:
        peer.do("modules", device="dev1")
    assert (refusal.value.error["status"], refusal.value.error["code"]) == (401, "IotHubUnauthorizedAccess")


def test_a_service_without_the_authority_does_not_trust_the_hub(edge: Edge) -> None:
    peer = edge.peer("service", {"connection_string": edge.connection_string()})
    with pytest.raises(PeerError, match="CERTIFICATE_VERIFY_FAILED"):
        peer.do("modules", device="dev1")


def test_a_module_by_a_connection_string_in_the_environment(edge: Edge) -> None:
    environment = {
        "EdgeHubConnectionString": edge.connection_string("debug"),
        "EdgeModuleCACertificateFile": str(edge.hub.ca),
    }
    peer = edge.peer("module", {}, environment)
    assert peer.do("connect") is True
    assert peer.do("get_twin")["reported"] == {"$version": 1}


def test_a_token_that_ends_is_renewed_without_losing_anything(edge: Edge, service: Peer) -> None:
    peer = edge.module("brief", sastoken_ttl=125)
    peer.do("connect")
    peer.do("listen")
    peer.do("wait", seconds=8)
    assert peer.do("get_twin")["reported"] == {"$version": 1}
    answer = service.do("invoke", device="dev1", module="brief", name="hello", payload=1, connect_s=20)
    assert answer["status"] == 200


@pytest.fixture
def own_edge(vendor_python: Path) -> Iterator[Edge]:
    """A hub that a story may stop."""
    with tempfile.TemporaryDirectory(prefix="ff-hub-") as folder:
        yield from edge_in(Path(folder), vendor_python)


@pytest.mark.slow
@pytest.mark.parametrize("end", [pytest.param("stop", id="stopped"), pytest.param("kill", id="killed")])
def test_after_a_restart_of_the_hub_the_session_goes_on(own_edge: Edge, end: str) -> None:
    edge = own_edge
    service = edge.service()
    hub = {"properties.desired": {"schemaVersion": "1.1", "routes": ROUTES}}
    service.do("apply", device="dev1", modules_content={"$edgeHub": hub})
    mod1, mod2 = edge.module("mod1"), edge.module("mod2")
    for peer in (mod1, mod2):
        peer.do("connect")
        peer.do("listen")
    mod2.do("report", patch={"state": "running"})
    getattr(edge.hub, end)()
    for peer in (mod1, mod2):
        peer.event("connection", is_open=False)
    edge.hub.start()
    for peer in (mod1, mod2):
        peer.event("connection", is_open=True)
    assert mod2.do("get_twin")["reported"] == {"state": "running", "$version": 2}
    service = edge.service()
    answer = service.do("invoke", device="dev1", module="mod2", name="again", payload=1, connect_s=20)
    assert answer == {"status": 200, "payload": {"echo": 1}}
    mod1.do("send", body='"after"', output="toMod2", system=JSON)
    mod2.event("message", input_name="in1", body='"after"')
    mod2.events.clear()
    service.do("patch_desired", device="dev1", module="mod2", desired={"a": 1})
    assert mod2.event("desired")["patch"] == {"a": 1, "$version": 2}


def test_what_happens_while_a_module_is_away_waits_for_it(own_edge: Edge) -> None:
    edge = own_edge
    service = edge.service()
    hub = {"properties.desired": {"schemaVersion": "1.1", "routes": ROUTES}}
    service.do("apply", device="dev1", modules_content={"$edgeHub": hub})
    mod1, mod2 = edge.module("mod1"), edge.module("mod2")
    for peer in (mod1, mod2):
        peer.do("connect")
        peer.do("listen")
    mod2.do("shutdown")
    service.do("patch_desired", device="dev1", module="mod2", desired={"missed": True})
    for number in range(3):
        mod1.do("send", body=json.dumps(number), output="toMod2", system=JSON)
    edge.hub.kill()
    edge.hub.start()
    back = edge.module("mod2")
    back.do("listen")
    assert [back.event("message")["body"] for _ in range(3)] == ["0", "1", "2"]
    assert back.do("get_twin")["desired"] == {"missed": True, "$version": 2}

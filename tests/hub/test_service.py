"""The HTTPS door: methods, twins, manifests, identities, who may do what, and how it says no."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servers.edge_doors import Https, https
from servers.edge_hub import EdgeModule, ThreadedHub

MOD1 = "/twins/dev1/modules/mod1"
KEYS = (
    "modulesContent",
    "$edgeAgent",
    "properties.desired",
    "properties",
    "desired",
    "tags",
    "methodName",
    "query",
    "m",
)
POLICIES = ("iothubowner", "service", "device", "registryRead", "registryReadWrite")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreadedHub]:
    with ThreadedHub(tmp_path_factory.mktemp("hub"), device="dev1") as hub:
        hub.key("mod1")
        hub.key("mod2")
        module = hub.module("mod2")
        module.send(b"a first event")
        module.wait(lambda: module.confirmed == 1)
        module.close()
        yield hub


@pytest.fixture(scope="module")
def door(hub: ThreadedHub) -> Iterator[Https]:
    with https(hub) as door:
        yield door


class Answering:
    """A module that answers the next method with what it is told."""

    def __init__(self, module: EdgeModule) -> None:
        self.module = module
        module.listen()
        self.asked = 0

    def next_call(self) -> tuple[str, str, bytes]:
        """Name, rid and payload of the next method."""
        self.module.wait(lambda: len(self.module.got("$iothub/methods/POST/")) > self.asked)
        topic, payload = self.module.got("$iothub/methods/POST/")[self.asked]
        self.asked += 1
        _, _, _, name, query = topic.split("/")
        return name, query.removeprefix("?$rid="), payload

    def reply(self, rid: str, status: int, payload: bytes) -> None:
        self.module.client.publish(f"$iothub/methods/res/{status}/?$rid={rid}", payload)


@pytest.fixture(scope="module")
def mod1(hub: ThreadedHub) -> Iterator[Answering]:
    module = hub.module("mod1")
    yield Answering(module)
    module.close()


def in_background(work: Any) -> tuple[threading.Thread, list[httpx.Response]]:
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    return thread, answers


def refusal(answer: httpx.Response) -> tuple[int, int, str | None]:
    """Status, error code and its name, of an answer in IoT Hub's form."""
    document = answer.json()
    assert document.keys() == {"Message", "ExceptionMessage"}
    assert document["ExceptionMessage"] == ""
    inner = json.loads(document["Message"])
    assert inner.keys() == {"errorCode", "trackingId", "message", "timestampUtc"}
    return answer.status_code, inner["errorCode"], answer.headers.get("iothub-errorcode")


@pytest.mark.parametrize(
    ("reply", "payload"),
    [
        pytest.param(
            b'{"value":[1.10,12345678901234567890123]}', '{"value":[1.10,12345678901234567890123]}', id="JSON"
        ),
        pytest.param(b"null", "null", id="null"),
        pytest.param(b"", "null", id="nothing"),
        pytest.param(b" ", "null", id="a blank"),
        pytest.param(b"not {json", '"not {json"', id="text"),
    ],
)
def test_a_reply_comes_back_as_the_module_gave_it(door: Https, mod1: Answering, reply: bytes, payload: str) -> None:
    call = {"methodName": "do it", "payload": {"a": 1}, "responseTimeoutInSeconds": 60}
    thread, answers = in_background(lambda: door.ask("POST", f"{MOD1}/methods?api-version=2021-04-12", json=call))
    name, rid, asked = mod1.next_call()
    assert (name, json.loads(asked)) == ("do%20it", {"a": 1})
    mod1.reply(rid, 207, reply)
    thread.join(60)
    assert answers[0].status_code == 200
    assert answers[0].text == f'{{"status":207,"payload":{payload}}}'


def test_a_device_has_methods_too(hub: ThreadedHub, door: Https) -> None:
    answer = door.ask("POST", "/twins/dev1/methods", json={"methodName": "reboot"})
    assert refusal(answer) == (404, 404103, "DeviceNotOnline")


def test_a_module_calls_another_with_its_own_token(door: Https, mod1: Answering) -> None:
    thread, answers = in_background(lambda: door.from_module("mod2", "mod1", {"methodName": "hello", "payload": [2]}))
    _, rid, asked = mod1.next_call()
    assert json.loads(asked) == [2]
    mod1.reply(rid, 200, b'{"ok":true}')
    thread.join(60)
    assert answers[0].json() == {"status": 200, "payload": {"ok": True}}


@pytest.mark.parametrize(
    ("target", "call", "edge_module", "status", "message"),
    [
        pytest.param("nobody", {"methodName": "m"}, "", 404, "Client dev1/nobody not found", id="an unknown module"),
        pytest.param("mod2", {"methodName": "m"}, "", 404, "Client dev1/mod2 not found", id="a module that is away"),
        pytest.param("mod1", {"methodName": ""}, "", 400, "1 to 100 characters", id="a call without a name"),
        pytest.param("mod1", {"methodName": "m"}, "dev1/mod1", 401, "not for the module in", id="another's name"),
        pytest.param("mod1", {"methodName": "m", "responseTimeoutInSeconds": 5}, "", 504, "within 5 s", id="no answer"),
    ],
)
def test_modules_are_refused_in_the_edge_hubs_words(
    door: Https, mod1: Answering, target: str, call: dict[str, Any], edge_module: str, status: int, message: str
) -> None:
    answer = door.from_module("mod2", target, call, edge_module)
    assert answer.status_code == status
    assert answer.json().keys() == {"message"}
    assert message in answer.json()["message"]
    if status == 504:
        mod1.next_call()


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/twins/dev1/modules/mod2"),
        ("PATCH", "/twins/dev1/modules/mod2"),
        ("GET", "/devices/dev1/modules"),
        ("POST", "/devices/dev1/applyConfigurationContent"),
        ("GET", "/events"),
    ],
)
def test_modules_may_call_methods_and_nothing_else(door: Https, verb: str, path: str) -> None:
    assert refusal(door.ask(verb, path, door.module_token("mod2"))) == (401, 401002, "IotHubUnauthorizedAccess")


def test_a_device_may_not_call_methods(door: Https) -> None:
    answer = door.ask("POST", f"{MOD1}/methods", door.module_token(None), json={"methodName": "m"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        pytest.param("POST", "/twins/dev1/modules/mod2/methods", {"iothubowner", "service"}, id="methods"),
        pytest.param("GET", MOD1, {"iothubowner", "service"}, id="twin"),
        pytest.param("PATCH", MOD1, {"iothubowner", "service"}, id="change a twin"),
        pytest.param("POST", "/devices/query", {"iothubowner", "service"}, id="query"),
        pytest.param("GET", "/devices", {"iothubowner", "registryRead", "registryReadWrite"}, id="devices"),
        pytest.param("GET", "/devices/dev1", {"iothubowner", "registryRead", "registryReadWrite"}, id="device"),
        pytest.param(
            "GET", "/devices/dev1/modules", {"iothubowner", "registryRead", "registryReadWrite"}, id="modules"
        ),
        pytest.param(
            "POST", "/devices/dev1/applyConfigurationContent", {"iothubowner", "registryReadWrite"}, id="apply"
        ),
    ],
)
def test_every_policy_may_do_what_is_its_own(door: Https, verb: str, path: str, allowed: set[str]) -> None:
    body = {"methodName": "m", "query": "SELECT * FROM devices", "modulesContent": {}}
    options = {} if verb == "GET" else {"json": body}
    statuses = {policy: door.ask(verb, path, door.policy_token(policy), **options).status_code for policy in POLICIES}
    assert {policy for policy, status in statuses.items() if status != 401} == allowed


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("Bearer abc", id="another kind"),
        pytest.param("SharedAccessSignature sr=x&sig=y&se=2000000000&skn=nobody", id="an unknown policy"),
        pytest.param("SharedAccessSignature sr=x&sig=y&se=2000000000&skn=iothubowner", id="a wrong signature"),
        pytest.param(
            "SharedAccessSignature sr=x%2Fdevices%2Fdev1&sig=y&se=2000000000", id="a device's wrong signature"
        ),
    ],
)
def test_a_wrong_token_is_401_and_is_not_repeated(door: Https, token: str) -> None:
    answer = httpx.get(f"https://{door.host}{MOD1}", headers={"Authorization": token}, verify=door.trusted, timeout=60)
    assert refusal(answer) == (401, 401002, "IotHubUnauthorizedAccess")
    assert "sig" not in answer.text.replace("signature", "")


def test_no_token_and_an_old_token_are_401(door: Https) -> None:
    assert refusal(httpx.get(f"https://{door.host}{MOD1}", verify=door.trusted, timeout=60))[0] == 401
    assert refusal(door.ask("GET", MOD1, door.policy_token(life_s=-1)))[0] == 401


def test_a_token_for_one_device_is_not_good_for_another(door: Https) -> None:
    assert door.ask("GET", MOD1, door.policy_token("service", "/devices/dev1")).status_code == 200
    assert door.ask("GET", MOD1, door.policy_token("service", "/devices/dev2")).status_code == 401


def test_a_twin_has_its_etag_in_a_header_too(door: Https) -> None:
    answer = door.ask("GET", "/twins/dev1/modules/mod1?api-version=2021-04-12")
    twin = answer.json()
    assert answer.headers["etag"] == f'"{twin["etag"]}"'
    assert (twin["deviceId"], twin["moduleId"]) == ("dev1", "mod1")
    assert twin["properties"].keys() == {"desired", "reported"}
    assert twin["properties"]["desired"].keys() >= {"$metadata", "$version"}


def test_a_twin_is_patched_tags_and_all(door: Https) -> None:
    document = {"tags": {"site": "north", "x": 1}, "properties": {"desired": {"a": {"b": 1}}}}
    first = door.ask("PATCH", MOD1, json=document).json()
    second = door.ask("PATCH", MOD1, json={"tags": {"x": None}, "properties": {"desired": {"a": {"c": 2}}}}).json()
    assert second["tags"] == {"site": "north"}
    assert second["properties"]["desired"]["a"] == {"b": 1, "c": 2}
    assert second["properties"]["desired"]["$version"] == first["properties"]["desired"]["$version"] + 1
    third = door.ask("PUT", MOD1, json={"tags": {"y": 1}, "properties": {"desired": {"d": 3}}}).json()
    assert third["tags"] == {"y": 1}
    assert "a" not in third["properties"]["desired"]


@pytest.mark.parametrize("verb", ["PATCH", "PUT"])
def test_a_stale_etag_is_412_and_changes_nothing(door: Https, verb: str) -> None:
    stale = door.ask("GET", MOD1).headers["etag"]
    fresh = door.ask("PATCH", MOD1, json={"properties": {"desired": {"n": 1}}}, headers={"If-Match": stale})
    assert fresh.status_code == 200
    answer = door.ask(verb, MOD1, json={"properties": {"desired": {"n": 2}}}, headers={"If-Match": stale})
    assert refusal(answer) == (412, 412001, "PreconditionFailed")
    assert door.ask("GET", MOD1).json()["properties"]["desired"]["n"] == 1
    for match in (fresh.headers["etag"].strip('"'), "*"):
        assert door.ask(verb, MOD1, json={"tags": {}}, headers={"If-Match": match}).status_code == 200


@pytest.mark.parametrize(
    ("verb", "path", "options", "expected"),
    [
        pytest.param("GET", "/nowhere", {}, (404, 404000, "NotFound"), id="no such address"),
        pytest.param("DELETE", MOD1, {}, (404, 404000, "NotFound"), id="no such verb"),
        pytest.param("GET", "/twins/dev1/modules/nobody", {}, (404, 404001, "DeviceNotFound"), id="no such module"),
        pytest.param("GET", "/twins/dev2", {}, (404, 404001, "DeviceNotFound"), id="no such device"),
        pytest.param("GET", "/devices/dev2/modules", {}, (404, 404001, "DeviceNotFound"), id="modules of no device"),
        pytest.param("PATCH", MOD1, {"content": b"{"}, (400, 400004, "ArgumentInvalid"), id="half a twin"),
        pytest.param(
            "PATCH",
            MOD1,
            {"json": {"properties": {"desired": {"a.b": 1}}}},
            (400, 400004, "ArgumentInvalid"),
            id="a dot",
        ),
        pytest.param("PATCH", MOD1, {"json": {"tags": 5}}, (400, 400004, "ArgumentInvalid"), id="odd tags"),
        pytest.param("POST", f"{MOD1}/methods", {"content": b"[1]"}, (400, 400004, "ArgumentInvalid"), id="odd call"),
        pytest.param(
            "POST", f"{MOD1}/methods", {"content": b" " * 1_048_577}, (413, 413001, "RequestEntityTooLarge"), id="10 MB"
        ),
        pytest.param(
            "POST", "/devices/query", {"json": {"query": "DROP"}}, (400, 400004, "ArgumentInvalid"), id="odd query"
        ),
        *(
            pytest.param("GET", "/events", {"params": {"from": at}}, (400, 400004, "ArgumentInvalid"), id=f"event {at}")
            for at in ("x:y", "1", "1:-1", "1:99999999", "99:0", "1:3", "-1:-1", "1:" + "9" * 30, "9" * 30 + ":1")
        ),
    ],
)
def test_what_cannot_be_is_refused_in_iot_hubs_words(
    door: Https, verb: str, path: str, options: dict[str, Any], expected: tuple[int, int, str]
) -> None:
    assert refusal(door.ask(verb, path, **options)) == expected


def test_a_manifest_is_applied_whole_or_not_at_all(door: Https) -> None:
    content = {
        "$edgeAgent": {
            "properties.desired": {"schemaVersion": "1.0", "modules": {"made": {"settings": {"image": "i"}}}}
        },
        "made": {"properties.desired": {"x": 1}},
    }
    path = "/devices/dev1/applyConfigurationContent"
    bad = {**content, "unmade": {"properties.desired": {"a b": 1}}}
    assert refusal(door.ask("POST", path, json={"modulesContent": bad}))[:2] == (400, 400004)
    assert door.ask("GET", "/twins/dev1/modules/made").status_code == 404
    answer = door.ask("POST", path, json={"modulesContent": content})
    assert (answer.status_code, answer.content) == (204, b"")
    assert door.ask("GET", "/twins/dev1/modules/made").json()["properties"]["desired"]["x"] == 1
    keys = door.ask("GET", "/devices/dev1/modules/made").json()["authentication"]["symmetricKey"]
    again = {"$edgeAgent": {"properties.desired": {"schemaVersion": "1.0", "modules": {}}}}
    assert door.ask("POST", path, json={"content": {"modulesContent": again}}).status_code == 204
    assert door.ask("GET", "/devices/dev1/modules/made").status_code == 404
    assert door.ask("POST", path, json={"modulesContent": content}).status_code == 204
    assert door.ask("GET", "/devices/dev1/modules/made").json()["authentication"]["symmetricKey"] != keys


def test_a_module_is_made_and_removed(door: Https) -> None:
    path = "/devices/dev1/modules/handmade"
    body = {"moduleId": "handmade", "deviceId": "dev1", "authentication": {"type": "sas", "symmetricKey": {}}}
    made = door.ask("PUT", path, json=body).json()
    assert made == door.ask("GET", path).json() == door.ask("PUT", path, json=body).json()
    body["authentication"] = {"type": "sas", "symmetricKey": {"primaryKey": "bW9v"}}
    assert refusal(door.ask("PUT", path, json=body))[0] == 400
    assert refusal(door.ask("PUT", "/devices/dev1/modules/a%20b", json={}))[0] == 400
    assert refusal(door.ask("PUT", "/devices/dev2/modules/m", json={}))[0] == 404
    assert door.ask("DELETE", path, door.policy_token("registryRead")).status_code == 401
    assert door.ask("DELETE", path).status_code == 204
    assert door.ask("DELETE", path).status_code == 404
    assert refusal(door.ask("DELETE", "/devices/dev1/modules/$edgeHub"))[0] == 400


def test_a_schema_version_to_come_is_412(door: Https) -> None:
    agent = {"$edgeAgent": {"properties.desired": {"schemaVersion": "9.0", "modules": {}}}}
    answer = door.ask("POST", "/devices/dev1/applyConfigurationContent", json={"modulesContent": agent})
    assert refusal(answer) == (412, 412001, "PreconditionFailed")


def test_another_devices_manifest_is_404(door: Https) -> None:
    assert door.ask("POST", "/devices/dev2/applyConfigurationContent", json={"modulesContent": {}}).status_code == 404


def test_modules_and_device_are_listed_with_their_keys(hub: ThreadedHub, door: Https, mod1: Answering) -> None:
    listed = {module["moduleId"]: module for module in door.ask("GET", "/devices/dev1/modules").json()}
    assert {"$edgeAgent", "$edgeHub", "mod1", "mod2"} <= listed.keys()
    assert listed["mod1"]["connectionState"] == "Connected"
    assert listed["mod2"]["connectionState"] == "Disconnected"
    assert listed["mod1"] == door.ask("GET", "/devices/dev1/modules/mod1").json()
    assert listed["mod1"]["authentication"]["symmetricKey"]["primaryKey"] == hub.key("mod1")
    (device,) = door.ask("GET", "/devices", timeout=60).json()
    assert device == door.ask("GET", "/devices/dev1").json()
    assert (device["deviceId"], device["capabilities"]) == ("dev1", {"iotEdge": True})


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("SELECT * FROM devices", [None], id="devices"),
        pytest.param("select * from devices where deviceId = 'dev1'", [None], id="one device"),
        pytest.param("SELECT * FROM devices WHERE deviceId='dev2'", [], id="another device"),
        pytest.param("SELECT * FROM devices.modules", ["$edgeAgent", "$edgeHub", "mod1", "mod2"], id="modules"),
    ],
)
def test_a_query_gives_twins(door: Https, query: str, ids: list[str | None]) -> None:
    twins = door.ask("POST", "/devices/query", json={"query": query}).json()
    assert [twin.get("moduleId") for twin in twins if twin.get("moduleId") != "made"] == ids


def test_routes_in_the_hubs_own_twin_are_checked(door: Https) -> None:
    path = "/twins/dev1/modules/$edgeHub"
    answer = door.ask("PATCH", path, json={"properties": {"desired": {"routes": {"r": "FROM nowhere INTO $upstream"}}}})
    assert refusal(answer)[0] == 400
    assert "no such source" in answer.text
    assert "r" not in door.ask("GET", path).json()["properties"]["desired"].get("routes", {})


def test_the_door_speaks_tls_only(door: Https) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(f"http://{door.host}/devices", timeout=60)


def test_a_busy_port_is_explained(door: Https, hub: ThreadedHub, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is taken by another program"), https(hub, door.port):
        pass


def test_who_waits_when_the_hub_stops_is_told(hub: ThreadedHub, caplog: pytest.LogCaptureFixture) -> None:
    module = hub.module("slow")
    answering = Answering(module)
    with https(hub) as door:
        url, token = f"https://{door.host}/twins/dev1/modules/slow/methods", {"Authorization": door.policy_token()}
        thread, answers = in_background(
            lambda: httpx.post(url, headers=token, json={"methodName": "m"}, verify=door.trusted, timeout=60)
        )
        answering.next_call()
    thread.join(60)
    module.close()
    assert refusal(answers[0]) == (503, 503001, "ServiceUnavailable")
    assert caplog.text == ""


BODIES = st.binary(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS]) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
).map(lambda document: json.dumps(document).encode())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, which=st.sampled_from([0, 1, 2, 3, 4]))
def test_no_body_breaks_the_door(door: Https, body: bytes, which: int) -> None:
    verb, path = [
        ("PATCH", "/twins/dev1/modules/mod2"),
        ("PUT", "/twins/dev1/modules/mod2"),
        ("POST", "/twins/dev1/modules/mod2/methods"),
        ("POST", "/devices/query"),
        ("POST", "/devices/dev1/applyConfigurationContent"),
    ][which]
    assert door.ask(verb, path, content=body).status_code in {200, 204, 400, 404, 412}

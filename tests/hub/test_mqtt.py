"""The MQTT door over TLS, with an independent client."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest

from footfall.edge.sas import resource_of, signed
from footfall.edge.topics import Identity
from footfall.hub.authority import issue
from footfall.hub.twins import Update
from footfall.hub.wire import LARGEST_BODY
from servers.edge_hub import ThreadedHub, unix_s

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


def owed(hub) -> int:
    """How many messages no module has confirmed."""
    with closing(sqlite3.connect(hub.folder / "hub.sqlite")) as connection:
        return connection.execute("SELECT count(*) FROM owed").fetchone()[0]


def test_a_module_gets_its_twin_and_reports(hub, mod1):
    mod1.listen()
    mod1.client.publish("$iothub/twin/GET/?$rid=1", " ", 1)
    mod1.client.publish("$iothub/twin/PATCH/properties/reported/?$rid=2", '{"state":"running","gone":null}', 1)
    mod1.client.publish("$iothub/twin/PATCH/properties/reported/?$rid=3", "[1]", 1)
    mod1.wait(lambda: len(mod1.got("$iothub/twin/res")) == 3)
    answers = dict(mod1.got("$iothub/twin/res"))
    assert json.loads(answers["$iothub/twin/res/200/?$rid=1"]) == {
        "desired": {"$version": 1},
        "reported": {"$version": 1},
    }
    assert answers["$iothub/twin/res/204/?$rid=2&$version=2"] == b""
    assert answers["$iothub/twin/res/400/?$rid=3"] == b""
    assert hub.ask(hub.hub.twin, mod1.who).reported.values == {"state": "running"}


def test_desired_properties_reach_whoever_listens(hub, mod1):
    mod1.listen()
    hub.call(hub.hub.update_twin(mod1.who, Update(desired={"a": {"b": 1}})))
    mod1.wait(lambda: mod1.got("$iothub/twin/PATCH"))
    [(topic, payload)] = mod1.got("$iothub/twin/PATCH")
    assert topic == "$iothub/twin/PATCH/properties/desired/?$version=2"
    assert json.loads(payload) == {"a": {"b": 1}, "$version": 2}


def test_desired_properties_that_changed_meanwhile_are_in_the_twin(hub):
    who = Identity("edge-device", "mod1")
    hub.key("mod1")
    hub.call(hub.hub.update_twin(who, Update(desired={"a": 1})))
    module = hub.module("mod1")
    module.listen()
    module.client.publish("$iothub/twin/GET/?$rid=1", " ", 1)
    module.wait(lambda: module.got("$iothub/twin/res/200"))
    assert json.loads(module.got("$iothub/twin/res/200")[0][1])["desired"] == {"a": 1, "$version": 2}
    module.close()


def test_direct_methods(hub, mod1):
    mod1.listen()

    def answer(_client, _data, message):
        rid = message.topic.rpartition("=")[2]
        mod1.client.publish(f"$iothub/methods/res/201/?$rid={rid}", b'{"got":' + message.payload + b"}", 1)

    mod1.client.message_callback_add("$iothub/methods/POST/#", answer)
    reply = hub.call(hub.hub.invoke(mod1.who, "GraphSet", b'{"x":1}', 60, 0))
    assert (reply.status, json.loads(reply.payload)) == (201, {"got": {"x": 1}})


def test_telemetry_is_in_the_log_when_it_is_confirmed(hub, mod1):
    hub.route(up="FROM /messages/modules/mod1/outputs/up INTO $upstream")
    mod1.send(b'{"t": 1}', "%24.on=up&%24.mid=m1&%24.ct=application%2Fjson&%24.ce=utf-8&topic=%2Fx%20y&empty=&null")
    mod1.send(b"\xff\0", "%24.on=other")
    mod1.wait(lambda: mod1.confirmed == 2)
    first, second = events(hub)
    assert first.pop("time").endswith("Z")
    assert first == {
        "device": "edge-device",
        "module": "mod1",
        "output": "up",
        "id": "m1",
        "properties": {"topic": "/x y", "empty": "", "null": None},
        "system": {"$.mid": "m1", "$.ct": "application/json", "$.ce": "utf-8"},
        "body": {"t": 1},
    }
    assert (second["unrouted"], second["encoding"], second["body"]) == (True, "base64", "/wA=")


def test_a_message_goes_from_an_output_to_an_input(hub, mod1):
    hub.route(two=TO_MOD2)
    mod2 = hub.module("mod2")
    mod2.listen()
    bag = "%24.on=two&%24.mid=m%2F1&k%26=a%2Fb%20%3D%25&%C3%BC=%E2%82%AC&empty="
    mod1.send(b"body", bag)
    mod2.wait(lambda: mod2.received)
    [(topic, body, is_again)] = mod2.received
    expected = "$.mid=m%2F1&$.cdid=edge-device&$.cmid=mod1&k%26=a%2Fb%20%3D%25&%C3%BC=%E2%82%AC&empty="
    assert topic == f"devices/edge-device/modules/mod2/inputs/in/{expected}"
    assert (body, is_again) == (b"body", False)
    assert events(hub) == []
    mod2.close()


def test_a_message_goes_once_along_every_route_that_takes_it(hub, mod1):
    hub.route(one=UP, two=TO_MOD2, three=TO_MOD2)
    mod2 = hub.module("mod2")
    mod2.listen()
    mod1.send(b"1", "%24.on=two")
    mod2.wait(lambda: len(mod2.received) == 2)
    assert len(events(hub)) == 1
    mod2.close()


def test_the_net_client_hears_no_echo_and_may_end_topics_with_a_slash(hub, mod1):
    hub.route(up="FROM /messages/modules/mod1/outputs/o INTO $upstream")
    mod1.subscribe("devices/edge-device/modules/mod1/#", "#", "devices/#")
    mod1.send(b"1", "%24.on=o/")
    mod1.send(b"2", "")
    mod1.wait(lambda: mod1.confirmed == 2)
    assert [event["output"] for event in events(hub)] == ["o", ""]
    time.sleep(0.2)
    assert mod1.received == []


def test_inputs_wait_for_a_module_that_is_away(hub, mod1):
    hub.route(two=TO_MOD2)
    mod2 = hub.module("mod2")
    mod2.listen()
    mod2.close()
    for number in range(300):
        mod1.send(b"%d" % number, "%24.on=two")
    mod1.wait(lambda: mod1.confirmed == 300)
    again = hub.module("mod2")
    again.wait(lambda: len(again.received) == 300)
    assert again.present == [True], "the session was kept: nothing was subscribed again"
    assert [int(body) for _, body, _ in again.received] == list(range(300))
    again.close()


def test_a_session_outlives_the_hub(tmp_path):
    with ThreadedHub(tmp_path / "hub") as hub:
        hub.route(two=TO_MOD2)
        mod2 = hub.module("mod2")
        mod2.listen()
        mod2.close()
        mod1 = hub.module("mod1")
        mod1.send(b"kept", "%24.on=two")
        mod1.wait(lambda: mod1.confirmed)
        mod1.close()
    with ThreadedHub(tmp_path / "hub") as hub:
        mod2 = hub.module("mod2")
        mod2.wait(lambda: mod2.received)
        assert (mod2.present, mod2.received[0][1]) == ([True], b"kept")
        mod2.wait(lambda: not owed(hub))
        mod2.close()
    with ThreadedHub(tmp_path / "hub") as hub:
        mod2 = hub.module("mod2", is_clean=True)
        mod2.listen()
        assert (mod2.present, mod2.received) == ([False], []), "confirmed is confirmed"
        mod2.close()
        mod2 = hub.module("mod2")
        assert mod2.present == [False], "a clean start ended the session"
        mod2.close()


def test_what_nobody_wants_any_more_is_not_delivered(hub, mod1):
    hub.route(two={"route": TO_MOD2, "timeToLiveSecs": 0})
    hub.key("mod2")
    mod1.send(b"late", "%24.on=two")
    mod1.wait(lambda: mod1.confirmed)
    hub.route(two=TO_MOD2)
    mod1.send(b"fresh", "%24.on=two")
    mod2 = hub.module("mod2")
    mod2.listen()
    mod2.wait(lambda: mod2.received)
    assert [body for _, body, _ in mod2.received] == [b"fresh"]
    mod2.close()


def test_a_second_connection_takes_over(hub, mod1):
    mod1.client.reconnect_delay_set(60, 60)
    other = hub.module("mod1")
    mod1.wait(lambda: mod1.disconnects)
    other.listen()
    assert hub.ask(hub.hub.is_connected, other.who)
    assert other.disconnects == 0
    other.close()
    other.wait(lambda: not hub.ask(hub.hub.is_connected, other.who))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({}, 0, id="right"),
        pytest.param({"key": "d3Jvbmc="}, 135, id="wrong key"),
        pytest.param({"life_s": -1}, 135, id="out of date"),
    ],
)
def test_tokens(hub, change, code):
    module = hub.module("mod1", wait=False, **change)
    module.client.reconnect_delay_set(60, 60)
    module.wait(lambda: module.codes)
    assert set(module.codes) == {code}
    module.close()


def test_a_token_for_somebody_else_is_not_good(hub, mod1):
    token = signed(hub.key("mod2"), resource_of("localhost", "edge-device", "mod2"), unix_s() + 3600).token
    mod1.close()
    mod1.codes.clear()
    mod1.connect_with(token, wait=False)
    mod1.wait(lambda: mod1.codes)
    assert mod1.codes[0] == 135


def test_a_policy_may_speak_for_a_module(hub, mod1):
    mod1.close()
    key = hub.hub.identities.policies()["iothubowner"]
    mod1.connect_with(signed(key, "localhost", unix_s() + 3600, "iothubowner").token)
    assert mod1.codes[-1] == 0


@pytest.mark.parametrize(
    ("user", "code"),
    [
        pytest.param("LOCALHOST/edge-device/mod1?api-version=2020-09-30&DeviceClientType=x", 0, id="no slash before ?"),
        pytest.param("localhost/edge-device/mod1/", 134, id="no api-version"),
        pytest.param("other.host/edge-device/mod1/?api-version=1", 134, id="another hub"),
        pytest.param("localhost/edge-device/mod2/?api-version=1", 134, id="another module"),
    ],
)
def test_user_names(hub, mod1, user, code):
    mod1.close()
    mod1.codes.clear()
    token = signed(mod1.key, resource_of("localhost", "edge-device", "mod1"), unix_s() + 3600).token
    mod1.connect_with(token, user=user, wait=False)
    mod1.wait(lambda: mod1.codes)
    assert mod1.codes[0] == code


def test_the_connection_ends_with_its_token(hub):
    module = hub.module("mod1", life_s=6)
    module.client.reconnect_delay_set(60, 60)
    module.wait(lambda: module.disconnects)
    module.close()


def test_the_largest_message_and_one_byte_more(hub, mod1):
    mod1.client.reconnect_delay_set(60, 60)
    mod1.send(b"x" * LARGEST_BODY, "%24.on=up")
    mod1.wait(lambda: mod1.confirmed == 1)
    assert len(events(hub)[0]["body"]) == LARGEST_BODY
    mod1.send(b"x" * (LARGEST_BODY + 1), "%24.on=up")
    mod1.wait(lambda: mod1.disconnects)
    assert len(events(hub)) == 1


def test_whoever_speaks_for_another_is_cut_off(hub, mod1):
    mod1.client.reconnect_delay_set(60, 60)
    hub.key("mod2")
    mod1.client.publish("devices/edge-device/modules/mod2/messages/events/", b"spoof", 1)
    mod1.wait(lambda: mod1.disconnects)
    assert (events(hub), mod1.confirmed) == ([], 0)


def test_a_module_that_is_removed_is_cut_off_and_admitted_no_more(hub, mod1):
    hub.call(hub.hub.remove_module("mod1"))
    mod1.wait(lambda: mod1.codes[-1] == 135)
    mod1.close()


def test_a_module_may_show_a_certificate_of_the_hubs_authority(hub, mod1, tmp_path):
    mod1.close()
    now = hub.hub.clock.now()
    for name, code in (("edge-device/mod1", 0), ("edge-device/mod2", 135)):
        issued = issue(hub.certificates, name, (), now + timedelta(days=1), now)
        (tmp_path / "chain.pem").write_text(issued.certificate)
        (tmp_path / "key.pem").write_text(issued.key)
        mod1.codes.clear()
        mod1.connect_with("", certificate=(tmp_path / "chain.pem", tmp_path / "key.pem"), wait=False)
        mod1.wait(lambda: mod1.codes)
        assert mod1.codes[0] == code
        mod1.close()


def test_a_module_that_gives_up_an_input_gets_it_later(hub, mod1):
    hub.route(two=TO_MOD2)
    mod2 = hub.module("mod2")
    mod2.listen()
    gone = []
    mod2.client.on_unsubscribe = lambda *_: gone.append(True)
    mod2.client.unsubscribe("devices/edge-device/modules/mod2/inputs/#")
    mod2.wait(lambda: gone)
    mod1.send(b"1", "%24.on=two")
    mod1.wait(lambda: mod1.confirmed)
    time.sleep(0.1)
    assert mod2.received == []
    mod2.subscribe("devices/+/modules/+/inputs/in/#")
    mod2.wait(lambda: mod2.received)
    mod2.close()


def test_a_full_disk_ends_connections_and_nothing_is_lost(hub, mod1, full_disk):
    with full_disk(1000):
        mod1.send(b"x" * 2000, "%24.mid=m1")
        mod1.wait(lambda: mod1.disconnects)
        assert (mod1.confirmed, hub.lines()) == (0, [])
    mod1.wait(lambda: mod1.confirmed == 1)
    assert [event["id"] for event in events(hub)] == ["m1"]

"""A module against the project's own hub: by the environment of IoT Edge, over its workload socket, beside another."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import pytest

from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.edge.calls import MethodRequest, invoke_method
from footfall.edge.client import LARGEST_MESSAGE, ModuleClient
from footfall.edge.identity import from_environment
from footfall.edge.messages import Handlers, Outgoing
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from servers.edge_doors import Https, https, sockets
from servers.edge_hub import ThreadedHub


class Module:
    """A module that a hub has started."""

    def __init__(self, hub: ThreadedHub, name: str) -> None:
        made = hub.call(hub.hub.add_module(name))
        self.inputs: queue.Queue[tuple[str, bytes, dict[str, str | None]]] = queue.Queue()
        self._environ = {
            "IOTEDGE_IOTHUBHOSTNAME": hub.hub.name,
            "IOTEDGE_GATEWAYHOSTNAME": f"{hub.host}:{hub.port}",
            "IOTEDGE_DEVICEID": hub.hub.device,
            "IOTEDGE_MODULEID": name,
            "IOTEDGE_MODULEGENERATIONID": made.generation,
            "IOTEDGE_WORKLOADURI": f"unix://{hub.folder}/workload/{name}.sock",
            "IOTEDGE_APIVERSION": "2019-01-30",
            "IOTEDGE_AUTHSCHEME": "sasToken",
        }
        self.identity = from_environment(self._environ)
        self.client = ModuleClient(self.identity, Handlers(on_method=method, on_input=self.hear), SystemClock())

    def hear(self, name: str, body: bytes, properties: dict[str, str | None]) -> None:
        self.inputs.put((name, body, properties))


def method(name: str, payload: object) -> tuple[int, object]:
    return (200, {"echo": payload}) if name == "echo" else (501, None)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreadedHub]:
    with ThreadedHub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="module")
def modules(hub: ThreadedHub) -> Iterator[tuple[Module, Module]]:
    pair = Module(hub, "lvaEdge"), Module(hub, "other")
    with sockets(hub):
        for module in pair:
            module.client.start()
            assert module.client.wait_connected(60)
        hub.route(
            there='FROM /messages/modules/lvaEdge/outputs/out INTO BrokeredEndpoint("/modules/other/inputs/in")',
            up="FROM /messages/* INTO $upstream",
        )
        yield pair
        for module in pair:
            module.client.close()


@pytest.fixture(scope="module")
def door(hub: ThreadedHub) -> Iterator[Https]:
    with https(hub) as door:
        yield door


def test_a_message_goes_from_module_to_module(modules: tuple[Module, Module]) -> None:
    one, other = modules
    one.client.send([Outgoing("out", b'{"a":1}', {"$.ct": "application/json", "path": "a/b c&d="}, "id-7")])
    name, body, properties = other.inputs.get(timeout=60)
    assert (name, body) == ("in", b'{"a":1}')
    assert properties["path"] == "a/b c&d="
    assert properties["$.mid"] == "id-7"
    assert properties["$.cmid"] == "lvaEdge"


def test_the_largest_message_is_taken_and_no_larger_one(modules: tuple[Module, Module]) -> None:
    one, other = modules
    one.client.send([Outgoing("out", b"x" * LARGEST_MESSAGE)])
    assert len(other.inputs.get(timeout=60)[1]) == LARGEST_MESSAGE
    with pytest.raises(SinkRejected):
        one.client.send([Outgoing("out", b"x" * (LARGEST_MESSAGE + 1))])
    assert one.client.wait_connected(0)


def test_twins_of_two_modules_are_kept_apart(hub: ThreadedHub, modules: tuple[Module, Module]) -> None:
    one, other = modules
    before = other.client.twin().reported["$version"]
    assert one.client.report({"state": "fine"}) == one.client.twin().reported["$version"]
    assert one.client.twin().reported["state"] == "fine"
    assert "state" not in other.client.twin().reported
    assert other.client.twin().reported["$version"] == before
    with pytest.raises(SinkRejected, match="400"):
        one.client.report({"a.b": 1})


def test_a_module_asks_another_one(hub: ThreadedHub, modules: tuple[Module, Module], door: Https) -> None:
    one, _ = modules
    target = Identity(hub.hub.device, "other")

    def ask(who: Identity, name: str) -> tuple[int, object]:
        return invoke_method(one.identity, MethodRequest(who, name, {"x": [1]}, 60), SystemClock(), door.port)

    assert ask(target, "echo") == (200, {"echo": {"x": [1]}})
    assert ask(target, "nothing") == (501, None)
    with pytest.raises(SinkUnavailable, match="not-found"):
        ask(Identity(hub.hub.device, "nobody"), "echo")
    with pytest.raises(SinkUnavailable, match="broken"):
        invoke_method(one.identity, MethodRequest(target, "echo"), SystemClock(), 1)


def test_a_module_that_comes_before_its_socket_waits_for_it(modules: tuple[Module, Module], hub: ThreadedHub) -> None:
    early = Module(hub, "early")
    early.client.start()
    assert early.client.wait_connected(60)
    early.client.close()

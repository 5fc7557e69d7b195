"""A module against a real broker: twin, patches, methods, inputs, messages, and a hub that goes and comes."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.edge.client import LARGEST_MESSAGE, ModuleClient
from footfall.edge.identity import ModuleIdentity, parse_connection_string
from footfall.edge.messages import Handlers, Outgoing, Twin
from footfall.engine.clock import SystemClock
from servers.certificates import make_certificates
from servers.stand_in_hub import StandInHub

KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="


class Module:
    """A module that notes what it is told."""

    def __init__(self, identity: ModuleIdentity, **options: int) -> None:
        self.busy = threading.Event()
        self.twins: queue.Queue[Twin] = queue.Queue()
        self.inputs: queue.Queue[tuple[str, bytes, object]] = queue.Queue()
        handlers = Handlers(self.twins.put, self.method, lambda *given: self.inputs.put(given))
        self.client = ModuleClient(identity, handlers, SystemClock(), **options).start()

    def method(self, name: str, payload: object) -> tuple[int, object]:
        if name == "break":
            raise RuntimeError("on purpose")
        if name == "slow":
            self.busy.set()
            time.sleep(0.3)
        return 200, {"name": name, "payload": payload}

    def desired(self) -> object:
        return self.twins.get(timeout=60).desired


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def hub(tmp_path: Path, certificates: Path) -> Iterator[StandInHub]:
    hub = StandInHub(tmp_path, certificates)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def identity(hub: StandInHub, certificates: Path) -> ModuleIdentity:
    text = (
        f"HostName=myhub.local;DeviceId=dev1;ModuleId=mod1;SharedAccessKey={KEY};GatewayHostName=localhost:{hub.port}"
    )
    return parse_connection_string(text, (certificates / "ca.pem").read_text())


@pytest.fixture
def module(identity: ModuleIdentity) -> Iterator[Module]:
    module = Module(identity)
    assert module.client.wait_connected(60)
    yield module
    module.client.close()


def test_a_module_learns_what_is_desired(hub: StandInHub, module: Module) -> None:
    assert module.desired() == {"$version": 1}
    hub.desire({"graphs": {"a": {"enabled": True}, "b": 1}})
    assert module.desired() == {"$version": 2, "graphs": {"a": {"enabled": True}, "b": 1}}
    hub.desire({"graphs": {"b": None, "a": {"enabled": False}}})
    assert module.desired() == {"$version": 3, "graphs": {"a": {"enabled": False}}}


def test_a_patch_that_was_lost_is_made_good(hub: StandInHub, module: Module) -> None:
    module.desired()
    hub.desire({"lost": 1}, tell=False)
    hub.desire({"heard": 2})
    assert module.desired() == {"$version": 3, "lost": 1, "heard": 2}


def test_a_hub_that_comes_back_is_asked_for_what_was_missed(hub: StandInHub, module: Module) -> None:
    module.desired()
    hub.stop()
    with pytest.raises(SinkUnavailable):
        module.client.send([Outgoing("out", b"{}")])
    hub.desire({"while": "away"}, tell=False)
    hub.start()
    assert module.desired() == {"$version": 2, "while": "away"}
    module.client.send([Outgoing("out", b"{}")])


def test_nothing_is_told_twice(hub: StandInHub, module: Module) -> None:
    module.desired()
    hub.stop()
    hub.start()
    assert wait_for(lambda: answers(module))
    with pytest.raises(queue.Empty):
        module.twins.get(timeout=0.5)


def answers(module: Module) -> bool:
    try:
        module.client.twin()
    except SinkUnavailable:
        return False
    return True


def wait_for(found: Callable[[], bool], timeout_s: float = 60.0) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if found():
            return True
        time.sleep(0.05)
    return False


def test_what_a_module_reports_is_in_its_twin(hub: StandInHub, module: Module) -> None:
    assert module.client.report({"state": "running", "old": 1}) == 1
    assert module.client.report({"old": None}) == 2
    assert module.client.twin().reported == {"$version": 2, "state": "running"} == hub.reported


def test_a_hub_that_does_not_answer_is_not_waited_for(hub: StandInHub, module: Module) -> None:
    hub.is_mute = True
    with pytest.raises(SinkUnavailable, match="timeout"):
        module.client.twin(timeout_s=0.2)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param(429, SinkUnavailable, id="be patient"),
        pytest.param(503, SinkUnavailable, id="out of order"),
        pytest.param(400, SinkRejected, id="never"),
    ],
)
def test_a_refusal_is_told(hub: StandInHub, module: Module, status: int, error: type[Exception]) -> None:
    hub.twin_status = status
    with pytest.raises(error, match=str(status)):
        module.client.twin()


@pytest.mark.parametrize(
    ("call", "reply"),
    [
        pytest.param(("go", '{"a": 1}'), (200, {"name": "go", "payload": {"a": 1}}), id="with a payload"),
        pytest.param(("go/there", ""), (200, {"name": "go/there", "payload": None}), id="without one"),
        pytest.param(("go", "{"), (400, {"message": "the payload is no JSON"}), id="broken"),
        pytest.param(("break", "1"), (500, {"message": "RuntimeError in break"}), id="a mistake in the program"),
    ],
)
def test_methods_are_answered(hub: StandInHub, module: Module, call: tuple[str, str], reply: object) -> None:
    assert hub.call(*call) == reply


def test_a_module_without_methods_says_so(hub: StandInHub, identity: ModuleIdentity) -> None:
    client = ModuleClient(identity, Handlers(), SystemClock()).start()
    assert client.wait_connected(60)
    assert hub.call("anything", "null")[0] == 501
    client.close()


def test_messages_arrive_in_order_with_their_properties(hub: StandInHub, module: Module) -> None:
    sent = [
        Outgoing("out/1", f"{i}".encode(), {"$.ct": "application/json", "a b": "x/y"}, f"id{i}") for i in range(250)
    ]
    module.client.send(sent)
    got = [hub.messages.get(timeout=60) for _ in sent]
    assert [body for _, body in got] == [message.body for message in sent]
    assert got[7][0] == {"$.on": "out/1", "$.mid": "id7", "$.ct": "application/json", "a b": "x/y"}


def test_only_a_message_that_is_too_large_is_refused(hub: StandInHub, module: Module) -> None:
    large = Outgoing("out", b"x" * (LARGEST_MESSAGE + 1))
    with pytest.raises(SinkRejected) as refused:
        module.client.send([Outgoing("out", b"x" * LARGEST_MESSAGE), large, Outgoing("out", b"3")])
    assert refused.value.delivered == 1
    assert len(hub.messages.get(timeout=60)[1]) == LARGEST_MESSAGE
    assert hub.messages.empty()


def test_a_frozen_hub_takes_nothing(hub: StandInHub, module: Module) -> None:
    hub.broker.pause()
    with pytest.raises(SinkUnavailable, match="timeout") as away:
        module.client.send([Outgoing("out", b"1")], timeout_s=0.3)
    assert away.value.delivered == 0
    hub.broker.resume()


def test_inputs_are_heard(hub: StandInHub, module: Module) -> None:
    hub.put_in("record/1", b"{}", "eventType=go&%24.mid=7")
    assert module.inputs.get(timeout=60) == ("record/1", b"{}", {"eventType": "go", "$.mid": "7"})


def test_a_token_is_renewed_before_its_end(hub: StandInHub, identity: ModuleIdentity) -> None:
    module = Module(identity, token_life_s=2)
    assert module.client.wait_connected(60)
    log = hub.broker.folder / "mosquitto.log"
    assert wait_for(lambda: log.read_text().count("as dev1/mod1") >= 3)
    assert wait_for(lambda: answers(module))
    module.client.close()


def test_a_hub_that_nobody_vouches_for_is_not_spoken_to(
    identity: ModuleIdentity, caplog: pytest.LogCaptureFixture
) -> None:
    module = Module(replace(identity, proof=replace(identity.proof, pem="")))
    assert wait_for(lambda: "certificate verify failed" in caplog.text)
    assert not module.client.wait_connected(0)
    assert caplog.text.count("no connection") == 1
    module.client.close()
    assert KEY not in caplog.text


def test_a_method_that_runs_when_the_module_ends_is_answered(hub: StandInHub, module: Module) -> None:
    hub.ask("slow", "1")
    assert module.busy.wait(60)
    module.client.close()
    assert hub.replies.get(timeout=60) == (200, {"name": "slow", "payload": 1})


def test_closing_ends_all_threads(module: Module) -> None:
    module.client.close()
    module.client.close()
    assert wait_for(lambda: not any(thread.is_alive() for thread in module.client._threads))
    with pytest.raises(SinkUnavailable):
        module.client.send([Outgoing("out", b"{}")])

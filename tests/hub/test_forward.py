"""Store and forward: every event reaches the sink, whatever stops in between."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from footfall.hub.forward import AGAIN_S, forwarding
from footfall.hub.hub import Hub, open_hub
from servers.edge_hub import HubProcess, own_address
from servers.mosquitto import MOSQUITTO, Mosquitto
from servers.mqtt_subscriber import Subscriber

SENDER = Identity("edge-device", "mod1")


class Catcher:
    """A delivery that keeps, or loses, what it gets."""

    def __init__(self, losses: int = 0) -> None:
        self.messages, self.lost, self._losses = [], 0, losses

    def __call__(self, messages):
        if self._losses:
            self._losses -= 1
            self.lost += len(messages)
        else:
            self.messages += messages

    @property
    def bodies(self) -> list[object]:
        return [json.loads(message.body)["body"] for message in self.messages]


async def send(hub: Hub, *bodies: str, output: str = "up") -> None:
    for body in bodies:
        hub.router.telemetry(SENDER, f"%24.on={output}&%24.mid=m{body}&k=v&n", body.encode(), hub.clock.now())
    await hub.journal.sync()


async def until(condition) -> None:
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come true")


def run(folder: Path, story) -> None:
    async def inside() -> None:
        async with open_hub(folder, SystemClock()) as hub:
            await hub.apply(
                {
                    "modulesContent": {
                        "$edgeHub": {
                            "properties.desired": {
                                "schemaVersion": "1.1",
                                "routes": {"r": "FROM /messages/modules/mod1/outputs/up INTO $upstream"},
                            }
                        }
                    }
                }
            )
            await story(hub)

    asyncio.run(inside())


def test_events_go_on_in_order_from_the_first_start_on(tmp_path):
    caught, kept = Catcher(), tmp_path / "kept"

    async def story(hub):
        await send(hub, "0")
        async with forwarding(hub, caught, kept):
            await send(hub, "1")
            await send(hub, "9", output="nowhere")
            await send(hub, "2", "3")
            await until(lambda: len(caught.messages) == 3)

    run(tmp_path / "hub", story)
    assert caught.bodies == [1, 2, 3]
    first = caught.messages[0]
    assert (first.topic, first.key, dict(first.properties)) == ("edge-device/mod1", "m1", {"k": "v", "n": ""})


def test_what_came_while_nobody_forwarded_goes_out_at_the_next_start(tmp_path):
    caught, kept = Catcher(), tmp_path / "kept"

    async def first(hub):
        async with forwarding(hub, caught, kept):
            await send(hub, "1")
            await until(lambda: caught.messages)
        await send(hub, "2")

    async def second(hub):
        async with forwarding(hub, caught, kept):
            await send(hub, "3")
            await until(lambda: len(caught.messages) == 3)

    run(tmp_path / "hub", first)
    run(tmp_path / "hub", second)
    assert caught.bodies == [1, 2, 3]


def test_what_could_not_be_kept_is_offered_again(tmp_path, monkeypatch):
    caught = Catcher(losses=1)
    monkeypatch.setattr("footfall.hub.forward.AGAIN_S", 0.05)
    assert AGAIN_S == 5.0

    async def story(hub):
        async with forwarding(hub, caught, tmp_path / "kept"):
            await send(hub, "1", "2")
            await until(lambda: len(caught.messages) == 2)

    run(tmp_path / "hub", story)
    assert caught.bodies == [1, 2]


@pytest.mark.parametrize(("text", "what"), [("nonsense", "no position"), (None, "cannot be used")])
def test_a_position_that_cannot_be_read(tmp_path, text, what):
    kept = tmp_path / "kept"
    kept.mkdir() if text is None else kept.write_text(text)

    async def story(hub):
        async with forwarding(hub, Catcher(), kept):
            pytest.fail("it began")

    with pytest.raises(ConfigError, match=what):
        run(tmp_path / "hub", story)


def test_a_killed_hub_forwards_the_rest(tmp_path):
    """The real command and a real sink: at least once, whatever is killed."""
    out = tmp_path / "out.jsonl"
    with killed_hub(tmp_path, f"jsonl:{out}", lambda: None):
        assert_all_arrive(lambda: out.read_bytes().split(b"\n")[:-1])


@pytest.mark.skipif(not MOSQUITTO.exists(), reason="no mosquitto here")
def test_a_killed_hub_and_a_killed_broker_lose_nothing(tmp_path):
    broker = Mosquitto(tmp_path)
    broker.start()
    subscriber = Subscriber(broker.port, "hub/#")
    broker.save()
    sink = f"mqtt://127.0.0.1:{broker.port}/hub/{{source}}"
    with killed_hub(tmp_path, sink, lambda: subscriber.outlive(broker)):
        assert_all_arrive(lambda: [payload for _, payload, _ in subscriber.received])
    assert {topic for topic, _, _ in subscriber.received} == {"hub/edge-device_mod1"}
    subscriber.close()
    broker.kill()


MESSAGES = 400


@contextmanager
def killed_hub(folder: Path, sink: str, disturb: Callable[[], None]) -> Iterator[None]:
    """A module has sent while the hub was killed twice; inside it runs again."""
    arguments = ("--mqtt-port=18883", "--https-port=18443", "--log-level=error", f"--forward={sink}")
    hub = HubProcess(folder / "hub", own_address(), *arguments).start()
    module = hub.module("mod1", 18883)
    hub.want("$edgeHub", {"routes": {"r": "FROM /messages/* INTO $upstream"}})
    while module.sent < MESSAGES:
        for _ in range(MESSAGES // 2):
            module.send(b"%d" % module.sent, f"%24.mid={module.sent}")
        hub.kill()
        disturb()
        hub.start()
    module.wait(lambda: module.is_settled, timeout_s=60)
    module.close()
    yield
    assert hub.stop() == 0


def assert_all_arrive(lines: Callable[[], list[bytes]]) -> None:
    """Every message, as a line of the log."""
    wanted = {str(number) for number in range(MESSAGES)}
    deadline = time.monotonic() + 60
    while (arrived := {json.loads(line)["id"] for line in lines()}) != wanted:
        assert time.monotonic() < deadline, wanted - arrived
        time.sleep(0.05)

"""Store and forward: every event reaches the sink, whatever stops in between."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from footfall.hub.forward import AGAIN_S, forwarding
from footfall.hub.hub import Hub, open_hub
from servers.edge_hub import HubProcess, event_lines, own_address

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
    await hub.journal.settled()


async def until(condition) -> None:
    for _ in range(1000):
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
    arguments = ("--mqtt-port=18883", "--https-port=18443", "--log-level=error", f"--forward=jsonl:{out}")
    hub = HubProcess(tmp_path / "hub", own_address(), *arguments).start()
    module = hub.module("mod1", 18883)
    hub.want("$edgeHub", {"routes": {"r": "FROM /messages/* INTO $upstream"}})
    for _ in range(3):
        for _ in range(200):
            module.send(b"%d" % module.sent, f"%24.mid={module.sent}")
        hub.kill()
        hub.start()
    module.wait(lambda: module.is_settled, timeout_s=30)
    module.close()
    wanted = {json.loads(line)["id"] for line in event_lines(hub.folder)}
    deadline = time.monotonic() + 20
    while {json.loads(line)["id"] for line in out.read_bytes().split(b"\n")[:-1]} != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert hub.stop() == 0
    assert wanted == {str(number) for number in range(600)}

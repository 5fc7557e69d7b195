"""SIGKILL at random moments: what was confirmed is there, what was not is sent again, nobody waits in vain."""

from __future__ import annotations

import json
import random
import time
from collections import Counter

import pytest

from servers.edge_hub import HubProcess, event_lines, own_address

PORTS = ("--mqtt-port=18883", "--https-port=18443", "--log-level=error")
KILLS = 3


@pytest.fixture
def hub(tmp_path):
    running = HubProcess(tmp_path / "hub", own_address(), *PORTS).start()
    yield running
    running.kill()


def test_no_message_is_lost_when_the_hub_is_killed(hub):
    """One module sends to the log all the time; the hub dies again and again."""
    chance = random.Random(7)
    module = hub.module("mod1", 18883)
    for _ in range(KILLS):
        until_s = time.monotonic() + chance.uniform(0.1, 0.6)
        while time.monotonic() < until_s:
            for _ in range(20):
                module.send(b'{"n":%d}' % module.sent, f"%24.on=up&%24.mid={module.sent}")
            time.sleep(0.01)
        hub.kill()
        hub.start()
    module.wait(lambda: module.is_settled, timeout_s=60)
    module.close()
    seen = Counter(json.loads(line)["id"] for line in event_lines(hub.folder))
    assert [number for number in range(module.sent) if not seen[str(number)]] == []
    assert module.sent > 100


def test_no_input_is_lost_when_the_hub_is_killed(hub):
    """One module sends to another, which gets everything, also what was sent while it was away."""
    sender, receiver = hub.module("mod1", 18883), hub.module("mod2", 18883)
    route = 'FROM /messages/modules/mod1/outputs/two INTO BrokeredEndpoint("/modules/mod2/inputs/in")'
    hub.want("$edgeHub", {"routes": {"two": route}})
    receiver.listen()
    for turn in range(KILLS):
        for _ in range(50):
            sender.send(b"%d" % sender.sent, "%24.on=two")
        if turn % 2:
            receiver.close()
        time.sleep(0.05)
        hub.kill()
        hub.start()
        if turn % 2:
            receiver.connect()
    sender.wait(lambda: sender.is_settled, timeout_s=60)
    expected = {b"%d" % number for number in range(sender.sent)}
    receiver.wait(lambda: {body for _, body, _ in receiver.received} == expected, timeout_s=60)
    sender.close()
    receiver.close()


def test_a_twin_that_was_confirmed_is_there(hub):
    module = hub.module("mod1", 18883)
    module.listen()
    for number in range(1, 4):
        module.client.publish(f"$iothub/twin/PATCH/properties/reported/?$rid={number}", b'{"n":%d}' % number, 1)
        module.wait(lambda number=number: len(module.got("$iothub/twin/res/204")) == number)
        hub.kill()
        hub.start()
        module.wait(lambda number=number: len(module.codes) == number + 1)
    module.client.publish("$iothub/twin/GET/?$rid=x", " ", 1)
    module.wait(lambda: module.got("$iothub/twin/res/200"))
    [(_, twin)] = module.got("$iothub/twin/res/200")
    assert json.loads(twin)["reported"] == {"n": 3, "$version": 4}
    assert set(module.present) == {False, True}
    module.close()

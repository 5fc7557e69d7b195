import asyncio
import json
from time import sleep

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from footfall.core.types import Message
from footfall.store.wire import FACTS, PROPERTY
from footfall.web.live_events import ALIVE, WAITING, EventSocket
from small_desk import NOON, as_, event_of, message_of

LIVE = "/api/v1/events/live"
PATIENCE_S = 60.0


def listening(address, who, path=LIVE):
    return connect(f"ws://{address}{path}", additional_headers=as_(who), open_timeout=PATIENCE_S)


def heard(desk, count=1):
    """Wait until somebody listens."""
    while len(desk._hearers) < count:
        sleep(0.005)


def next_event(socket):
    """What comes next but heartbeats."""
    while (told := socket.recv(PATIENCE_S)) == ALIVE:
        pass
    return json.loads(told)


def test_events_come_as_soon_as_they_are_safe(desk, app, address):
    with listening(address, "viewer") as socket:
        heard(desk)
        desk.tell(message_of(event_of(1)))
        told = next_event(socket)
        assert (told["id"], told["camera"], told["region"], told["type"]) == ("e1", "front", "door", "personLineEvent")
        assert told["body"]["events"][0]["properties"]["trackingId"] == "t1"


def test_who_sees_one_camera_hears_one_and_figures_are_no_events(desk, app, address):
    with listening(address, "guest") as socket:
        heard(desk)
        desk.tell(message_of(event_of(1, "Tür 1/2 ☂")))
        desk.tell(Message("front", b"{}", "f", NOON, {PROPERTY: FACTS}))
        desk.tell(Message("front", b"broken", "b", NOON))
        desk.tell(message_of(event_of(2)))
        assert next_event(socket)["id"] == "e2"


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        pytest.param("stranger", LIVE, 401, id="a token of nobody"),
        pytest.param("guest", f"{LIVE}?camera=back", 404, id="a camera of others"),
    ],
)
def test_who_may_not_listen_is_not_let_in(app, address, who, path, status):
    with pytest.raises(InvalidStatus) as refused, listening(address, who, path):
        pass
    assert refused.value.response.status_code == status


def test_who_goes_is_forgotten(desk, app, address):
    with listening(address, "viewer"):
        heard(desk)
    while desk._hearers:
        sleep(0.005)


class StuckSocket:
    """Takes one message and then no more."""

    def __init__(self):
        self.closed = None

    async def accept(self):
        pass

    async def send_text(self, text):
        await asyncio.Event().wait()

    async def receive(self):
        await asyncio.Event().wait()

    async def close(self, code, reason):
        self.closed = code


def test_a_reader_who_is_too_slow_is_told_so_and_let_go(desk):
    async def story():
        socket = StuckSocket()
        task = asyncio.create_task(EventSocket(socket, lambda event: True).run(desk))
        await asyncio.sleep(0)
        for number in range(WAITING + 10):
            desk.tell(message_of(event_of(number)))
            if number % 100 == 0:
                await asyncio.sleep(0)
        await asyncio.wait_for(task, 60)
        assert socket.closed == 1013
        assert not desk._hearers

    asyncio.run(story())

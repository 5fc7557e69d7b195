import asyncio
import json
from random import Random
from threading import Thread

import httpx
import pytest

from footfall.store.events import StoredEvent
from footfall.store.faults import StoreUnavailable
from footfall.store.records import Batch
from footfall.store.write import append
from footfall.web.streams import EventStream, Patience
from footfall.web.tail import AT_ONCE, REMEMBERED, Tail
from small_desk import as_, event_of

STREAM = "/api/v1/events/stream"


def fill(store, numbers, camera="front"):
    append(store, Batch(tuple(event_of(number, camera) for number in numbers)))


def read(address, who, last=None, until=None, path=STREAM):
    """Events of a stream until enough have come, and the last id."""
    headers = as_(who) if last is None else as_(who, **{"Last-Event-ID": str(last)})
    found, data = [], None
    with httpx.stream("GET", f"http://{address}{path}", headers=headers, timeout=60) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "content-encoding" not in answer.headers
        for line in answer.iter_lines():
            if line.startswith("id: "):
                last = int(line[4:])
            elif line.startswith("data: "):
                data = json.loads(line[6:])
            elif not line and data is not None:
                found.append(data)
                data = None
                if until is not None and len(found) >= until:
                    return found, last
    return found, last


def test_what_was_missed_comes_first_and_in_order(stored, address):
    fill(stored.store, range(1, 6))
    found, last = read(address, "viewer", last=2, until=3)
    assert [one["id"] for one in found] == ["e3", "e4", "e5"]
    assert last == 5
    assert found[0]["body"]["sourceInfo"]["id"] == "front"
    assert found[0]["at"] == "2026-03-02T12:00:03.000Z"


def test_however_often_the_line_is_cut_every_event_comes_once(stored, address, desk):
    total, rng, seen, last = 600, Random(7), [], 0

    def tell():
        for begin in range(1, total + 1, 25):
            fill(stored.store, range(begin, begin + 25))
            desk.tell(None)

    teller = Thread(target=tell)
    teller.start()
    while len(seen) < total:
        found, last = read(address, "viewer", last=last, until=min(rng.choice((1, 3, 40, 200)), total - len(seen)))
        seen += [one["id"] for one in found]
    teller.join()
    assert seen == [f"e{number}" for number in range(1, total + 1)]


def test_who_sees_one_camera_hears_one(stored, address):
    for number in range(1, 7):
        fill(stored.store, [number], "front" if number % 2 else "Tür 1/2 ☂")
    found, _ = read(address, "guest", last=0, until=3)
    assert {one["camera"] for one in found} == {"front"}
    everything, _ = read(address, "viewer", last=0, until=6)
    assert len({one["camera"] for one in everything}) == 2
    chosen, _ = read(address, "viewer", last=0, until=3, path=f"{STREAM}?camera=front")
    assert chosen == found


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "9" * 30, "", "٣"])
def test_an_id_that_is_none_of_this_stream(client, stored, last):
    answer = client.get(STREAM, headers=[(b"authorization", b"Bearer viewer"), (b"last-event-id", last.encode())])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad-input")


def test_an_id_from_the_future_starts_at_the_end(stored, address):
    fill(stored.store, [1])
    teller = Thread(target=lambda: fill(stored.store, [2]))
    with httpx.stream(
        "GET", f"http://{address}{STREAM}", headers=as_("viewer", **{"Last-Event-ID": "999"}), timeout=60
    ) as answer:
        lines = answer.iter_lines()
        assert [next(lines), next(lines)] == ["retry: 2000", "id: 1"]
        teller.start()
        assert any("e2" in line for line in lines if line.startswith("data"))
    teller.join()


class Memory:
    """A store of events in memory, which may be away."""

    def __init__(self):
        self.events = []
        self.is_away = False

    def add(self, count):
        first = len(self.events) + 1
        self.events += [StoredEvent(number, event_of(number)) for number in range(first, first + count)]

    def after(self, number, limit):
        if self.is_away:
            raise StoreUnavailable("not-found")
        return self.events[number : number + limit]

    def newest(self):
        return len(self.events)


def stream_of(memory, tail, **more):
    return EventStream(tail, more.pop("after", 0), lambda event: True, Patience(**more))


async def never():
    await asyncio.Event().wait()


def test_a_reader_who_takes_nothing_is_let_go_and_holds_up_nobody():
    async def story():
        memory = Memory()
        memory.add(10)
        tail, taken = Tail(memory.after, memory.newest), []

        async def stuck(message):
            if message["type"] == "http.response.body":
                await never()

        async def quick(message):
            taken.append(message)

        slow = asyncio.create_task(stream_of(memory, tail, slow_s=0.2)({}, never, stuck))
        fast = asyncio.create_task(stream_of(memory, tail, heartbeat_s=0.01)({}, never, quick))
        await asyncio.wait_for(slow, 60)
        async with asyncio.timeout(60):
            while b'"e10"' not in b"".join(message.get("body", b"") for message in taken):
                await asyncio.sleep(0.01)
            while not any(message.get("body") == b":\n\n" for message in taken):  # the line is kept alive
                await asyncio.sleep(0.01)
        fast.cancel()
        await asyncio.wait([fast])

    asyncio.run(story())


def test_a_store_that_goes_away_ends_the_stream_with_a_word():
    async def story():
        memory = Memory()
        memory.add(3)
        tail, taken = Tail(memory.after, memory.newest), []

        async def take(message):
            taken.append(message.get("body", b""))
            memory.is_away = True

        await asyncio.wait_for(stream_of(memory, tail)({}, never, take), 60)
        assert taken[-2] == b'event: end\ndata: {"code": "store-away"}\n\n'
        assert taken[-1] == b""

    asyncio.run(story())


def test_who_has_lost_their_rights_is_sent_nothing_more():
    async def story():
        memory = Memory()
        memory.add(3)

        async def refuse(message):
            if message["type"] == "http.response.body":
                raise OSError("rights ended")

        await asyncio.wait_for(stream_of(memory, Tail(memory.after, memory.newest))({}, never, refuse), 60)

    asyncio.run(story())


def test_memory_holds_the_end_only_and_the_store_the_rest():
    async def story():
        memory, seen, number = Memory(), [], 0
        memory.add(5)
        tail = Tail(memory.after, memory.newest)
        assert await tail.join() == 5
        memory.add(REMEMBERED + 3 * AT_ONCE)
        tail.stir()
        while len(seen) < len(memory.events):
            for one in await tail.after(number, 1):
                seen.append(one.number)
                number = one.number
        assert seen == list(range(1, len(memory.events) + 1))
        tail.leave()

    asyncio.run(story())


def test_nobody_follows_nobody_asks():
    async def story():
        memory = Memory()
        tail = Tail(memory.after, memory.newest)
        memory.is_away = True
        tail.stir()
        await tail.join()
        tail.leave()
        memory.is_away = False
        memory.add(4)
        assert await tail.join() == 4, "who comes later begins at the end of then"
        tail.leave()

    asyncio.run(story())

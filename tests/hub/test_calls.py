"""Direct methods: matched answers, time-outs, who is not there, limits. The clock is a loop that jumps."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.topics import Identity
from footfall.hub.calls import Calls, method_request
from footfall.hub.messages import BadRequest, NoReply, NotConnected, Reply

MODULE, OTHER = Identity("dev1", "mod1"), Identity("dev1", "mod2")
OK = Reply(200, b'{"value":[]}')


class Jumping(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())
        self.ahead_s = 0.0
        select = self._selector.select  # type: ignore[attr-defined]

        def at_once(timeout: float | None = None) -> Any:
            self.ahead_s += timeout or 0.0
            return select(0)

        self._selector.select = at_once  # type: ignore[attr-defined]

    def time(self) -> float:
        return self.ahead_s


def play(story: Callable[[], Coroutine[Any, Any, None]]) -> float:
    """Run a story; how long it took on its own clock."""
    with asyncio.Runner(loop_factory=Jumping) as runner:
        runner.run(story())
        return runner.get_loop().time()


class Clients:
    """Who listens, and what was asked of them."""

    def __init__(self, *listening: Identity) -> None:
        self.listening = set(listening)
        self.asked: list[tuple[Identity, str, str, bytes]] = []
        self.calls = Calls(self.send)

    def send(self, who: Identity, name: str, rid: str, payload: bytes) -> bool:
        if who in self.listening:
            self.asked.append((who, name, rid, payload))
        return who in self.listening

    async def invoke(self, who: Identity = MODULE, response_s: float = 30, connect_s: float = 0) -> Reply:
        return await self.calls.invoke(who, "GraphTopologyList", b"{}", response_s, connect_s)

    async def until_asked(self, count: int = 1) -> Iterator[str]:
        while len(self.asked) < count:
            await asyncio.sleep(0.01)
        return (rid for _, _, rid, _ in self.asked)


async def raised(work: Awaitable[object], kind: type[Exception]) -> str:
    with pytest.raises(kind) as error:
        await work
    return str(error.value)


def test_the_answer_reaches_its_caller() -> None:
    async def story() -> None:
        clients = Clients(MODULE)
        call = asyncio.ensure_future(clients.invoke())
        (rid,) = await clients.until_asked()
        assert clients.asked == [(MODULE, "GraphTopologyList", rid, b"{}")]
        assert clients.calls.replied(MODULE, rid, OK)
        assert await call == OK

    play(story)


def test_open_calls_are_told_apart_by_their_rid() -> None:
    async def story() -> None:
        clients = Clients(MODULE)
        calls = [asyncio.ensure_future(clients.invoke()) for _ in range(3)]
        rids = list(await clients.until_asked(3))
        for status, rid in reversed(list(enumerate(rids))):
            assert clients.calls.replied(MODULE, rid, Reply(status, b""))
        assert [reply.status for reply in await asyncio.gather(*calls)] == [0, 1, 2]

    play(story)


def test_nobody_answers_for_another_module() -> None:
    async def story() -> None:
        clients = Clients(MODULE, OTHER)
        call = asyncio.ensure_future(clients.invoke())
        (rid,) = await clients.until_asked()
        assert not clients.calls.replied(OTHER, rid, OK)
        assert not clients.calls.replied(MODULE, "another", OK)
        assert "did not answer GraphTopologyList within 30 s" in await raised(call, NoReply)

    play(story)


def test_a_late_answer_is_dropped_and_the_next_call_is_not_confused() -> None:
    async def story() -> None:
        clients = Clients(MODULE)
        late = await raised(clients.invoke(response_s=5), NoReply)
        assert "dev1/mod1" in late
        (rid,) = await clients.until_asked()
        assert not clients.calls.replied(MODULE, rid, OK)
        call = asyncio.ensure_future(clients.invoke())
        _, rid = await clients.until_asked(2)
        assert clients.calls.replied(MODULE, rid, OK)
        assert not clients.calls.replied(MODULE, rid, Reply(500, b""))
        assert await call == OK

    assert 5 <= play(story) < 6


def test_who_is_not_there_is_not_waited_for() -> None:
    async def story() -> None:
        assert "dev1/mod1 is not online" in await raised(Clients().invoke(), NotConnected)

    assert play(story) == 0


def test_who_comes_within_the_connect_timeout_is_asked() -> None:
    async def story() -> None:
        clients = Clients()
        call = asyncio.ensure_future(clients.invoke(connect_s=60))
        await asyncio.sleep(20)
        clients.calls.listens(MODULE)
        await asyncio.sleep(20)
        clients.listening.add(MODULE)
        clients.calls.listens(OTHER)
        clients.calls.listens(MODULE)
        (rid,) = await clients.until_asked()
        clients.calls.replied(MODULE, rid, OK)
        assert await call == OK

    assert 40 <= play(story) < 41


def test_who_does_not_come_within_the_connect_timeout_is_not_online() -> None:
    async def story() -> None:
        await raised(Clients().invoke(connect_s=60), NotConnected)

    assert play(story) == 60


def test_the_response_timeout_begins_when_the_module_is_asked() -> None:
    async def story() -> None:
        clients = Clients()
        call = asyncio.ensure_future(clients.invoke(response_s=10, connect_s=60))
        await asyncio.sleep(50)
        clients.listening.add(MODULE)
        clients.calls.listens(MODULE)
        await raised(call, NoReply)

    assert play(story) == 60


def test_a_caller_who_goes_away_leaves_nothing_behind() -> None:
    async def story() -> None:
        clients = Clients(MODULE)
        call = asyncio.ensure_future(clients.invoke())
        (rid,) = await clients.until_asked()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        assert not clients.calls.replied(MODULE, rid, OK)

    play(story)


def test_the_envelope_has_defaults() -> None:
    request = method_request(b'{"methodName":"reboot"}')
    assert (request.method_name, bytes(request.payload)) == ("reboot", b"null")
    assert (request.response_timeout_s, request.connect_timeout_s) == (30, 0)


def test_a_payload_goes_on_as_it_came() -> None:
    payload = b'{"big": 123456789012345678901234567890, "b":1.10}'
    request = method_request(b'{"methodName":"m","payload":' + payload + b',"responseTimeoutInSeconds":null}')
    assert bytes(request.payload) == payload


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        pytest.param(b"", "not a method's envelope", id="nothing"),
        pytest.param(b"[]", "not a method's envelope", id="an array"),
        pytest.param(b"{}", "methodName", id="no name"),
        pytest.param(b'{"methodName":""}', "1 to 100 characters, this one 0", id="an empty name"),
        pytest.param(b'{"methodName":"%s"}' % (b"n" * 101), "this one 101", id="a long name"),
        pytest.param(b'{"methodName":"m","responseTimeoutInSeconds":4}', "must be 5 to 300", id="too little time"),
        pytest.param(b'{"methodName":"m","responseTimeoutInSeconds":301}', "must be 5 to 300", id="too much time"),
        pytest.param(b'{"methodName":"m","connectTimeoutInSeconds":301}', "must be 0 to 300", id="waits too long"),
        pytest.param(b'{"methodName":"m","connectTimeoutInSeconds":-1}', "must be 0 to 300", id="waits negatively"),
        pytest.param(b'{"methodName":"m","connectTimeoutInSeconds":"5"}', "connectTimeout", id="text for a number"),
        pytest.param(
            b'{"methodName":"m","payload":"%s"}' % (b"x" * 128 * 1024), "at most 131072 bytes", id="a payload too large"
        ),
        pytest.param(b'{"methodName":"m","payload":' + b"[" * 9999, "not a method's", id="nested without end"),
    ],
)
def test_an_envelope_that_breaks_a_rule_is_refused(body: bytes, wrong: str) -> None:
    with pytest.raises(BadRequest, match=wrong):
        method_request(body)


def test_the_limits_themselves_are_allowed() -> None:
    payload = b'"' + b"x" * (128 * 1024 - 2) + b'"'
    body = b'{"methodName":"%s","payload":%s,"responseTimeoutInSeconds":300,"connectTimeoutInSeconds":300}'
    assert len(method_request(body % (b"n" * 100, payload)).payload) == 128 * 1024


@given(st.binary(max_size=80))
def test_any_envelope_is_understood_or_refused(body: bytes) -> None:
    with suppress(BadRequest):
        method_request(body)

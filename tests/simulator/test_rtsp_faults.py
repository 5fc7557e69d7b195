"""Fault plans as text."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from footfall.simulator.rtsp_faults import Fault, FaultProxy, FaultStep, parse_faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="no faults"),
        pytest.param("20s:cut", [(20, Fault.CUT)], id="one"),
        pytest.param("40s:freeze:10s", [(40, Fault.FREEZE), (50, Fault.OK)], id="healed after a while"),
        pytest.param(
            "40s:drip:2.5s, 1.5s:refuse",
            [(1.5, Fault.REFUSE), (40, Fault.DRIP), (42.5, Fault.OK)],
            id="in order of time",
        ),
    ],
)
def test_plan(text: str, expected: list[tuple[float, Fault]]) -> None:
    assert parse_faults(text) == tuple(FaultStep(*step) for step in expected)


@pytest.mark.parametrize("text", ["cut", "20:cut", "20s:burn", "20s:cut:5", "-1s:cut", "20s:cut;30s:cut"])
def test_a_wrong_plan_shows_a_right_one(text: str) -> None:
    with pytest.raises(ValueError, match="for example 20s:freeze:10s"):
        parse_faults(text)


def test_a_connection_that_is_hung_up_at_once_is_closed() -> None:
    """Hanging up may come before the forwarding of a new connection has begun."""

    async def hang_up_at_once() -> bool:
        async with asyncio.timeout(60.0):
            upstream = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
            proxy = FaultProxy()
            proxy.upstream_port = upstream.sockets[0].getsockname()[1]
            await proxy.listen(0)
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            await proxy.set(Fault.CUT)
            with suppress(ConnectionError):
                assert await reader.read() == b""
            writer.close()
            await proxy.stop()
            upstream.close()
            await asyncio.sleep(0.1)
        return True

    assert asyncio.run(hang_up_at_once())

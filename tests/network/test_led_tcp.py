"""Connections to numbers that were judged, and how long they may take."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import httpcore
import pytest

from footfall.core.errors import Blocked
from footfall.network.led_tcp import LedBackend
from footfall.network.patience import Patience

PATIENT_S = 60.0


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("host", "numbers"),
    [
        pytest.param("door.invalid", ["127.0.0.1"], id="the number"),
        pytest.param("door.invalid.", ["127.0.0.1"], id="a name with a dot"),
        pytest.param("door.invalid", ["127.0.0.2", "127.0.0.1"], id="the next number"),
        pytest.param("127.0.0.1", [], id="by the name, if nobody judges"),
    ],
)
def test_a_connection_goes_where_it_is_led(port: int, host: str, numbers: Sequence[str]) -> None:
    asked: list[tuple[str, int]] = []
    backend = LedBackend(lambda *place: asked.append(place) or numbers, Patience(PATIENT_S))
    line = backend.connect_tcp(host, port)
    assert line.get_extra_info("server_addr") == ("127.0.0.1", port)
    line.close()
    assert asked == [(host.rstrip("."), port)]


def test_a_connection_that_is_refused_everywhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(httpcore.ConnectError):
        LedBackend(lambda *_: ["127.0.0.1", "127.0.0.2"], Patience(PATIENT_S)).connect_tcp("door.invalid", port)


def test_nobody_goes_there(port: int) -> None:
    def lead(host: str, _port: int) -> Sequence[str]:
        raise Blocked("private", host)

    with pytest.raises(Blocked, match="inside"):
        LedBackend(lead, Patience(PATIENT_S)).connect_tcp("inside.invalid", port)


def test_patience_ends_and_is_renewed(port: int) -> None:
    patience = Patience(0.0)
    backend = LedBackend(lambda *_: ["127.0.0.1"], patience)
    with pytest.raises(TimeoutError):
        backend.connect_tcp("door.invalid", port)
    patience.timeout_s = PATIENT_S
    patience.renew(waits=2)
    line = backend.connect_tcp("door.invalid", port)
    assert PATIENT_S / 2 < patience.left_s() <= PATIENT_S, "no single wait is longer"
    patience.renew(waits=0)
    for wait in (lambda: line.read(1), lambda: line.write(b"a")):
        with pytest.raises(TimeoutError):
            wait()
    line.close()

"""A model server as a gRPC peer: knows the contract by its field numbers alone, and may behave as badly as it likes.

Messages are put together and taken apart by hand, so that a mistake in our description of them is seen.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc

from servers.extension_peer import PATH, fields, part

SHM = Path("/dev/shm")  # noqa: S108


@dataclass(frozen=True)
class Asked:
    """One message of the client."""

    sequence: int
    descriptor: dict[int, list[Any]] | None
    ticks: int
    content: bytes
    offset: int | None
    inferences: list[dict[int, list[Any]]]

    @classmethod
    def of(cls, data: bytes, region: str = "") -> Asked:
        message = fields(data)
        sample = fields(message[6][0]) if 6 in message else {}
        content, offset = b"", None
        if 5 in sample:
            content = fields(sample[5][0])[1][0]
        if 6 in sample:
            where = fields(sample[6][0])
            offset, length = where.get(1, [0])[0], where[2][0]
            with (SHM / region).open("rb") as file:
                file.seek(offset)
                content = file.read(length)
        return cls(
            message[1][0],
            fields(message[5][0]) if 5 in message else None,
            sample.get(1, [0])[0],
            content,
            offset,
            [fields(one) for one in sample.get(10, [])],
        )

    @property
    def graph(self) -> list[str]:
        """Account, instance and node."""
        assert self.descriptor is not None
        graph = fields(self.descriptor[1][0])
        return [graph[number][0].decode() for number in (1, 2, 3)]

    @property
    def pictures(self) -> tuple[int, int, int, int, int]:
        """Encoding, pixel format, width, height, stride."""
        assert self.descriptor is not None
        media = fields(self.descriptor[5][0])
        assert media[1] == [90_000]
        picture = fields(media[5][0])
        sides = fields(picture[3][0])
        encoding, pixel_format, stride = (picture.get(number, [0])[0] for number in (1, 2, 4))
        return encoding, pixel_format, sides[1][0], sides[2][0], stride

    @property
    def region(self) -> tuple[str, int]:
        """Name and length; no name where frames are embedded."""
        assert self.descriptor is not None
        if 10 not in self.descriptor:
            return "", 0
        shared = fields(self.descriptor[10][0])
        return shared[1][0].decode(), shared[2][0]


def number(field_number: int, value: float) -> bytes:
    """A float field."""
    return bytes([field_number << 3 | 5]) + struct.pack("<f", value)


def described(sequence: int = 1, acknowledged: int = 1, timescale: int = 90_000) -> bytes:
    """The server's first message."""
    return _head(sequence, acknowledged) + part(5, part(5, part(1, timescale)))


def acknowledged(sequence: int, acknowledges: int, *inferences: bytes, ticks: int = 0) -> bytes:
    """A media_sample with its inferences."""
    stamp = part(1, ticks) if ticks else b""
    return _head(sequence, acknowledges) + part(6, stamp + b"".join(part(10, one) for one in inferences))


def pure_acknowledgement(sequence: int, acknowledges: int) -> bytes:
    """Nothing but the numbers."""
    return _head(sequence, acknowledges)


def entity(word: str, box: tuple[float, float, float, float] = (0.25, 0.5, 0.25, 0.25), kind: int = 3) -> bytes:
    """An inference; box is left, top, width, height."""
    sides = b"".join(number(side, value) for side, value in enumerate(box, 1))
    value = part(1, part(2, word) + number(3, 0.5)) + part(3, sides)
    return (part(1, kind) if kind else b"") + part(7, value)


def event(name: str, **properties: str) -> bytes:
    """An inference without a box."""
    pairs = b"".join(part(7, part(1, key) + part(2, value)) for key, value in properties.items())
    return part(1, 5) + part(9, part(1, name) + pairs)


def _head(sequence: int, acknowledges: int) -> bytes:
    """Zeros are not sent."""
    return (part(1, sequence) if sequence else b"") + (part(2, acknowledges) if acknowledges else b"")


@dataclass
class Visit:
    """One stream: what was asked in it."""

    context: grpc.ServicerContext
    requests: Iterator[bytes]
    asked: list[Asked] = field(default_factory=list)
    region: str = ""

    def next(self) -> Asked | None:
        """The next message; None when the client ends the stream."""
        try:
            data = next(self.requests, None)
        except grpc.RpcError:
            return None
        if data is None:
            return None
        one = Asked.of(data, self.region)
        if one.descriptor is not None:
            self.region = one.region[0]
        self.asked.append(one)
        return one

    def wait_for_its_end(self) -> None:
        while self.context.is_active():
            time.sleep(0.02)

    @property
    def metadata(self) -> dict[str, str]:
        return {key: value for key, value in self.context.invocation_metadata() if isinstance(value, str)}


Behave = Callable[[Visit], Iterator[bytes]]


def polite(visit: Visit) -> Iterator[bytes]:
    """Describes itself, and answers each frame with an entity."""
    visit.next()
    yield described()
    while one := visit.next():
        yield acknowledged(one.sequence, one.sequence, entity("car"))


class Model:
    """Serves on 127.0.0.1. Use as a context."""

    def __init__(
        self, behave: Behave = polite, port: int = 0, credentials: grpc.ServerCredentials | None = None
    ) -> None:
        self.visits: list[Visit] = []
        self._behave = behave
        options = [("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)]
        self._server = grpc.server(ThreadPoolExecutor(16), options=options)
        service, _, method = PATH.removeprefix("/").partition("/")
        rpc = grpc.stream_stream_rpc_method_handler(self._serve)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: rpc}),))
        if credentials is None:
            self.port = self._server.add_insecure_port(f"127.0.0.1:{port}")
        else:
            self.port = self._server.add_secure_port(f"127.0.0.1:{port}", credentials)
        self._server.start()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def samples(self) -> list[Asked]:
        """All frames of all streams."""
        return [one for visit in self.visits for one in visit.asked if one.descriptor is None]

    def _serve(self, requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        visit = Visit(context, requests)
        self.visits.append(visit)
        yield from self._behave(visit)

    def __enter__(self) -> Model:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.stop(None).wait(60)

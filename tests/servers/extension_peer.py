"""A media graph as a gRPC peer: knows the contract by its field numbers alone (spec/grpc-extension.md section 2).

Messages are put together and taken apart by hand, so that a mistake in our description of them is seen.
"""

from __future__ import annotations

import os
import queue
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc

PATH = "/microsoft.azure.media.live_video_analytics.extensibility.grpc.v1.MediaGraphExtension/ProcessMediaStream"
TIMEOUT_S = 60.0
RAW, BGR24, JPG = 3, 61, 1
EPOCH_TICKS = 143_810_610_210_090


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def part(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def fields(data: bytes) -> dict[int, list[Any]]:
    """Field number -> values: numbers, bytes, or floats."""
    found: dict[int, list[Any]] = {}
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        key = number()
        match key & 7:
            case 0:
                found.setdefault(key >> 3, []).append(number())
            case 2:
                length = number()
                found.setdefault(key >> 3, []).append(data[at : at + length])
                at += length
            case 5:
                found.setdefault(key >> 3, []).append(struct.unpack_from("<f", data, at)[0])
                at += 4
            case kind:
                raise AssertionError(f"wire type {kind}")
    return found


def descriptor(
    width: int,
    height: int,
    *,
    encoding: int = RAW,
    pixel_format: int = BGR24,
    stride: int = 0,
    region: tuple[str, int] | None = None,
    configuration: str = "",
) -> bytes:
    """The first message of a stream."""
    graph = part(1, "/subscriptions/s") + part(2, "Sample-Graph-1") + part(3, "cvExtension")
    picture = part(1, encoding) + part(2, pixel_format) + part(3, part(1, width) + part(2, height))
    picture += part(4, stride) if stride else b""
    stream = part(1, graph) + (part(3, configuration) if configuration else b"")
    stream += part(5, part(1, 90_000) + part(5, picture))
    if region:
        stream += part(10, part(1, region[0]) + part(2, region[1]))
    return part(1, 1) + part(5, stream)


def embedded(sequence: int, ticks: int, content: bytes) -> bytes:
    return part(1, sequence) + part(6, part(1, ticks) + part(5, part(1, content)))


def by_reference(sequence: int, ticks: int, offset: int, length: int) -> bytes:
    return part(1, sequence) + part(6, part(1, ticks) + part(6, part(1, offset) + part(2, length)))


@dataclass(frozen=True)
class Answer:
    """One message of the server."""

    sequence: int
    acknowledged: int
    timestamp: int
    inferences: list[dict[int, list[Any]]]
    is_descriptor: bool

    @classmethod
    def of(cls, data: bytes) -> Answer:
        message = fields(data)
        sample = fields(message[6][0]) if 6 in message else {}
        inferences = [fields(one) for one in sample.get(10, [])]
        first = [message.get(number, [0])[0] for number in (1, 2)]
        return cls(first[0], first[1], sample.get(1, [0])[0], inferences, 5 in message)

    @property
    def events(self) -> list[tuple[str, dict[str, str]]]:
        """Name and properties of each event."""
        found = []
        for inference in self.inferences:
            for event in map(fields, inference.get(9, [])):
                pairs = [fields(pair) for pair in event.get(7, [])]
                found.append((event[1][0].decode(), {p[1][0].decode(): p[2][0].decode() for p in pairs}))
        return found


class Peer:
    """One stream to an extension server. Use as a context."""

    def __init__(self, address: str) -> None:
        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        self._channel = grpc.insecure_channel(address, options=options)
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._call = self._channel.stream_stream(PATH)(self._requests(), timeout=TIMEOUT_S, wait_for_ready=True)

    def _requests(self) -> Iterator[bytes]:
        while (message := self._waiting.get()) is not None:
            yield message

    def tell(self, message: bytes) -> None:
        self._waiting.put(message)

    def ask(self, message: bytes) -> Answer:
        self.tell(message)
        return self.hear()

    def hear(self) -> Answer:
        return Answer.of(next(self._call))

    def refusal(self) -> tuple[grpc.StatusCode, str]:
        """How the server ended the stream."""
        try:
            next(self._call)
        except grpc.RpcError as error:
            return error.code(), error.details()
        raise AssertionError("the stream goes on")

    def end(self) -> None:
        """Half-close, and wait until the server has ended, too."""
        self._waiting.put(None)
        for _ in self._call:
            pass

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._waiting.put(None)
        self._call.cancel()
        self._channel.close()


class Region:
    """A client's shared memory: made, written and removed by the client. Use as a context."""

    def __init__(self, length: int) -> None:
        self.name = f"inference_client_share_memory_{os.getpid()}_{id(self)}"
        self.length = length
        self.path = Path("/dev/shm") / self.name  # noqa: S108
        self.path.write_bytes(bytes(length))

    def write(self, offset: int, content: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(offset)
            file.write(content)

    def __enter__(self) -> Region:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.path.unlink(missing_ok=True)

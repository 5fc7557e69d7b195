"""Messages of a client, read without copying the picture in them. Pure.

protobuf would copy megabytes twice. One plain sample with one large picture is taken apart here (the encoding:
https://protobuf.dev/programming-guides/encoding/); whatever looks otherwise is left to protobuf.
"""

from __future__ import annotations

from footfall.extension.contract import MediaStreamMessage
from footfall.extension.wire import Received, Sample, read_message

LARGE_BYTES = 16_384
"""Below, protobuf is faster."""

_SEQUENCE, _ACKNOWLEDGED, _SAMPLE = 1, 2, 6
_TIMESTAMP, _CONTENT, _INFERENCES = 1, 5, 10


class _Unusual(Exception):
    """Nothing that is taken apart here."""


def read(data: bytes) -> Received:
    """Take the bytes of a `MediaStreamMessage` apart; a large picture shares its memory with them.

    Raises:
        DecodeError: they are none.
    """
    if len(data) >= LARGE_BYTES:
        try:
            return _large_sample(data)
        except _Unusual:
            pass
    return read_message(MediaStreamMessage.FromString(data))


def _large_sample(data: bytes) -> Received:
    message = _fields(data, slice(0, len(data)))
    sample = _fields(data, _span(message.pop(_SAMPLE, None)))
    content = _fields(data, _span(sample.pop(_CONTENT, None)))
    picture = _span(content.pop(1, None))
    sample.pop(_INFERENCES, None)
    message.pop(_ACKNOWLEDGED, None)
    sequence, timestamp = _number(message.pop(_SEQUENCE, 0)), _number(sample.pop(_TIMESTAMP, 0))
    if message or sample or content:
        raise _Unusual
    return Received(sequence, Sample(timestamp, memoryview(data)[picture]))


def _fields(data: bytes, within: slice) -> dict[int, int | slice]:
    """Field number -> number, or where the bytes lie; only inferences may come several times."""
    found: dict[int, int | slice] = {}
    at = within.start
    while at < within.stop:
        key, at = _varint(data, at)
        number, at = _varint(data, at)
        if key & 7 not in (0, 2) or (key >> 3 in found and key >> 3 != _INFERENCES):
            raise _Unusual
        if key & 7:
            found[key >> 3] = slice(at, at + number)
            at += number
        else:
            found[key >> 3] = number
    if at != within.stop:
        raise _Unusual
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 64 bits, and where the next one starts."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise _Unusual
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    if byte >= 0x80 or value >> 64:
        raise _Unusual
    return value, at


def _span(value: int | slice | None) -> slice:
    if not isinstance(value, slice):
        raise _Unusual
    return value


def _number(value: int | slice) -> int:
    if not isinstance(value, int):
        raise _Unusual
    return value

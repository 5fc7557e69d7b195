"""What a training's two processes say to each other, over a pair of pipes.

Each message is its length (4 bytes, big endian) and MessagePack. The parent speaks first, with `Task`; then the child
speaks and the parent only answers to `Wanted`. Pixels go through the pipe alone, never through a file.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Final, TypeAlias

import msgspec
import numpy as np
from msgspec import Struct

from footfall.learning.lesson import HeldOut, Kind

_LENGTH_BYTES: Final = 4
LARGEST_BYTES: Final = 2**30


class Sample(Struct, frozen=True):
    """One picture to learn from, without its pixels."""

    id: str
    labels: tuple[int, ...]
    boxes_xyxy_n: tuple[tuple[float, float, float, float], ...]


class Task(Struct, frozen=True, tag=True):
    """What to learn."""

    kind: Kind
    tags: tuple[str, ...]
    samples: tuple[Sample, ...]
    input_px: int
    is_advanced: bool
    budget_s: float
    threads: int
    base: bytes | None


class Picture(Struct, frozen=True, tag=True):
    """The answer to `Wanted`: a JPEG or PNG; None: it was deleted meanwhile."""

    data: bytes | None


class Wanted(Struct, frozen=True, tag=True):
    """The child needs a picture."""

    id: str


class Told(Struct, frozen=True, tag=True):
    """How far the child is."""

    share: float
    words: str


class Done(Struct, frozen=True, tag=True):
    """What came of it."""

    onnx: bytes
    held_out: bytes
    notes: dict[str, str]


class GaveUp(Struct, frozen=True, tag=True):
    """Nothing came of it."""

    words: str
    is_picture_gone: bool = False
    """A picture was deleted meanwhile: it may be tried again without it."""


FromChild: TypeAlias = Wanted | Told | Done | GaveUp
FromParent: TypeAlias = Task | Picture

_from_child: Final[msgspec.msgpack.Decoder[FromChild]] = msgspec.msgpack.Decoder(FromChild)
_from_parent: Final[msgspec.msgpack.Decoder[FromParent]] = msgspec.msgpack.Decoder(FromParent)


def say(stream: IO[bytes], message: FromChild | FromParent) -> None:
    """Send a message.

    Raises:
        OSError: nobody listens any more.
    """
    body = msgspec.msgpack.encode(message)
    stream.write(len(body).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(body)
    stream.flush()


def hear_parent(stream: IO[bytes]) -> FromParent:
    """Wait for the parent.

    Raises:
        EOFError: it is gone.
        msgspec.DecodeError: it speaks another language.
    """
    return _from_parent.decode(_body(stream))


def hear_child(stream: IO[bytes]) -> FromChild:
    """Wait for the child.

    Raises:
        EOFError: it is gone.
        msgspec.DecodeError: it speaks another language.
    """
    return _from_child.decode(_body(stream))


def _body(stream: IO[bytes]) -> bytes:
    size = int.from_bytes(_exactly(stream, _LENGTH_BYTES), "big")
    if size > LARGEST_BYTES:
        raise msgspec.DecodeError(f"a message of {size} bytes")
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other end is closed")
    return data


def packed(held_out: HeldOut) -> bytes:
    """As bytes, to be kept."""
    file = BytesIO()
    np.savez(file, **{name: getattr(held_out, name) for name in HeldOut.__slots__})
    return file.getvalue()


def unpacked(data: bytes) -> HeldOut:
    """Back.

    Raises:
        ValueError: it is something else.
        KeyError: a part is missing.
    """
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return HeldOut(**{name: arrays[name] for name in HeldOut.__slots__})

"""Large samples: read the same as protobuf reads them, but for the copies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.message import DecodeError
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.extension import embedded as module
from footfall.extension.contract import MediaStreamMessage
from footfall.extension.embedded import LARGE_BYTES, read
from footfall.extension.wire import Received, Sample, read_message
from servers.extension_peer import by_reference, descriptor, embedded, part

U64 = st.integers(0, 2**64 - 1)
CONTENT = st.binary(max_size=40)


def by_protobuf(data: bytes) -> Received | None:
    try:
        return read_message(MediaStreamMessage.FromString(data))
    except DecodeError:
        return None


def by_hand(data: bytes) -> Received | None:
    try:
        return read(data)
    except DecodeError:
        return None


@pytest.fixture(autouse=True, scope="module")
def _everything_is_large() -> Iterator[None]:
    """What is small reads the same, and is quicker to make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LARGE_BYTES", 0)
        yield


def test_a_picture_is_not_copied() -> None:
    content = bytes(LARGE_BYTES)
    data = embedded(7, 123, content)
    found = read(data)
    assert found == Received(7, Sample(123, content))
    assert isinstance(found.payload, Sample)
    assert isinstance(found.payload.content, memoryview)
    assert found.payload.content.obj is data


@given(U64, U64, CONTENT, st.booleans(), st.lists(st.binary(max_size=3), max_size=2))
def test_samples(sequence: int, ticks: int, content: bytes, has_ack: bool, extensions: list[bytes]) -> None:
    inferences = b"".join(part(10, part(3, one.hex())) for one in extensions)
    sample = part(1, ticks) + inferences + part(5, part(1, content)) + inferences
    data = part(6, sample) + part(1, sequence) + (part(2, 5) if has_ack else b"")
    assert by_hand(data) == by_protobuf(data) == Received(sequence, Sample(ticks, content))


@given(st.binary(max_size=60))
@example(b"")
@example(descriptor(64, 48))
@example(by_reference(2, 1, 2, 3))
@example(part(1, 2) + part(6, b""))
@example(part(1, 2) + part(6, part(5, b"")))
@example(part(6, part(5, part(1, b"a"))) * 2)
@example(part(6, part(5, part(1, b"a")) * 2))
@example(part(6, part(5, part(1, b"a") * 2)))
@example(part(6, part(5, part(1, b"a")) + part(6, part(1, 1))))
@example(part(6, part(5, part(1, b"a") + part(2, 1))))
@example(part(6, part(5, part(1, b"a"))) + part(5, b""))
@example(part(6, part(5, part(1, b"a"))) + part(0, 1))
@example(part(6, part(5, part(1, b"a"))) + part(99, 1))
@example(part(6, part(5, part(1, b"a"))) + b"\x08" + b"\xff" * 9 + b"\x7f")
@example(part(6, part(5, part(1, b"a"))) + b"\x08" + b"\xff" * 11)
@example(part(6, part(5, part(1, b"a"))) + b"\x08")
@example(part(6, part(5, part(1, b"a"))) + part(1, b"2"))
@example(part(6, part(5, part(1, b"a"))) + part(6, 1))
@example(part(6, part(5, part(1, 5))))
@example(part(6, part(1, b"x") + part(5, part(1, b"a"))))
@example(embedded(1, 2, b"a")[:-1])
@example(embedded(1, 2, b"a") + b"\x09" + bytes(8))
def test_anything_else(data: bytes) -> None:
    assert by_hand(data) == by_protobuf(data)


@given(st.binary(min_size=1, max_size=3), st.integers(0, 30), st.integers(0, 3))
def test_damaged_samples(damage: bytes, at: int, cut: int) -> None:
    data = embedded(300, 2**40, b"picture of something")
    damaged = data[:at] + damage + data[at + cut :]
    assert by_hand(damaged) == by_protobuf(damaged)

"""One stream of a client: a descriptor, then pictures, each answered once (spec/grpc-extension.md sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

import numpy as np

from footfall.core.types import Frame
from footfall.events.inferences import Inference
from footfall.extension.contract import ProtoMessage
from footfall.extension.picture import Bytes, check_format, unpack
from footfall.extension.refusal import Refused
from footfall.extension.shared_memory import RegionReader
from footfall.extension.wire import (
    EPOCH,
    LATEST_S,
    Received,
    Sample,
    StreamDescriptor,
    descriptor_reply,
    sample_reply,
)


class Analysis(Protocol):
    """What looks at the pictures of one stream."""

    def look(self, frame: Frame) -> Iterable[Inference]:
        """What there is to say about one picture."""
        ...

    def close(self) -> None:
        """The stream is over; safe to call twice."""
        ...


Start: TypeAlias = Callable[[StreamDescriptor], Analysis]
Publish: TypeAlias = Callable[[StreamDescriptor, ProtoMessage], None]


class Session:
    """Takes a client's messages one after the other and answers each.

    Args:
        start: gives the analysis of a stream; called with its descriptor. Raises `Refused` where there is none.
        publish: hears every answer that says something.
    """

    def __init__(self, start: Start, publish: Publish) -> None:
        self._start = start
        self._publish = publish
        self._stream: StreamDescriptor | None = None
        self._analysis: Analysis | None = None
        self._region: RegionReader | None = None
        self._sequence = 0
        self._index = -1
        self._first_ticks = 0
        self._t_s = 0.0

    def answer(self, received: Received) -> ProtoMessage | None:
        """The reply to one message; None to a message that needs none.

        Raises:
            Refused: the message breaks the contract: end the stream.
        """
        if self._stream is None:
            if not isinstance(received.payload, StreamDescriptor):
                raise Refused("the first message must be a media_stream_descriptor")
            self._open(received.payload)
            return descriptor_reply(self._next(), received.sequence)
        if isinstance(received.payload, StreamDescriptor):
            raise Refused("a second media_stream_descriptor: open another stream")
        if received.payload is None:
            return None
        inferences = self._look(received.payload)
        reply = sample_reply(self._next(), received.sequence, received.payload.timestamp, inferences)
        if inferences:
            self._publish(self._stream, reply.media_sample)
        return reply

    def close(self) -> None:
        """The stream is over; safe to call twice."""
        if self._analysis is not None:
            self._analysis.close()
        if self._region is not None:
            self._region.close()

    def _open(self, stream: StreamDescriptor) -> None:
        check_format(stream.format)
        if stream.region is not None:
            self._region = RegionReader(stream.region)
        self._analysis = self._start(stream)
        self._stream = stream

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _look(self, sample: Sample) -> list[Inference]:
        assert self._stream is not None
        assert self._stream.format is not None
        assert self._analysis is not None
        if sample.content is None:
            return []
        image = unpack(self._bytes(sample), self._stream.format)
        t_s, utc = self._time(sample.timestamp, self._stream.timescale)
        self._index += 1
        height, width = image.shape[:2]
        frame = Frame(self._stream.instance, self._index, t_s, utc, image, (width, height))
        return list(self._analysis.look(frame))

    def _bytes(self, sample: Sample) -> Bytes:
        if isinstance(sample.content, bytes | memoryview):
            return np.frombuffer(sample.content, np.uint8)
        if self._region is None:
            raise Refused("a content_reference, but the descriptor named no shared memory")
        assert sample.content is not None
        return self._region.read(sample.content)

    def _time(self, ticks: int, timescale: int) -> tuple[float, datetime]:
        """Stream time in seconds, which never goes back within a stream, and time of day."""
        if self._index < 0:
            self._first_ticks = ticks
        self._t_s = max(self._t_s, (ticks - self._first_ticks) / timescale)
        return self._t_s, EPOCH + timedelta(seconds=min(ticks / timescale, LATEST_S))

"""One stream to a gRPC extension, from the descriptor to its end (spec/grpc-extension.md sections 4 to 6).

Three threads share it under one condition: gRPC's own asks for messages, a reader hears answers, the caller of `run`
watches the time. Answers are told by the reader, troubles by the watcher.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from footfall.config.media import Extension
from footfall.extension import request
from footfall.extension.address import Address
from footfall.extension.client import Asker, Diagnostic, Ears, Trouble
from footfall.extension.contract import METHOD, SERVICE, MediaStreamMessage, ProtoMessage
from footfall.extension.conversation import Conversation, Flight, Moment
from footfall.extension.passing import passed_on
from footfall.extension.placing import Size, place
from footfall.extension.prepare import picture_format, prepare
from footfall.extension.render import Style
from footfall.extension.slots import Region, Slots
from footfall.extension.waiting import Offer, Waiting
from footfall.extension.wire import Reference, SharedRegion

log = logging.getLogger(__name__)

TICK_S = 0.25
READER_ENDS_WITHIN_S = 5.0
RESIZED_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks whom for what."""

    spec: Extension
    asker: Asker
    ears: Ears
    address: Address
    style: Style


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stream ended."""

    code: str
    """Name of a gRPC status; empty: we wanted it."""
    detail: str
    was_good: bool
    """It has answered a frame, or has lasted: the next failure is another outage."""


class Stream:
    """Sends what waits while the window has room.

    Args:
        asking: as it says.
        waiting: frames, and the condition.
        size_px: of the pictures of this stream; frames of another size end it.
        window: frames that may be unacknowledged.
        region: None: frames travel inside the messages.
    """

    def __init__(self, asking: Asking, waiting: Waiting, size_px: Size, window: int, region: Region | None) -> None:
        self._asking, self._waiting, self._changed = asking, waiting, waiting.changed
        self._size_px, self._window, self._region = size_px, window, region
        self._slots = Slots(region.length_bytes if region else 0)
        self._began_s = monotonic()
        self._talk = Conversation(asking.style, self._began_s)
        self._preparing = 0
        self._leaves_at_s: float | None = None
        self._ending = ("", "")
        self._is_over = threading.Event()
        self._troubles: list[Trouble] = []
        self._has_told_of_size = False

    @property
    def room(self) -> int:
        """How many frames could be sent at once; under the condition."""
        return self._window - self._talk.open_count - self._preparing if self._talk.is_described else 1

    def leave(self, at_s: float) -> None:
        """Send what waits, hear the last answers, at most until then; under the condition."""
        self._leaves_at_s = at_s
        self._changed.notify_all()

    def run(self) -> Ending:
        """Talk until the server ends it, breaks the rules of time, or is left."""
        with closing(self._region) if self._region else nullcontext(), self._asking.address.channel() as channel:
            rpc: Any = channel.stream_stream(f"/{SERVICE}/{METHOD}", response_deserializer=_parsed)
            call = rpc(self._messages(), metadata=self._asking.address.metadata)
            reader = threading.Thread(target=self._read, args=(call,), name="extension reader", daemon=True)
            reader.start()
            while not self._is_over.wait(TICK_S):
                self._watch()
                self._tell_troubles()
            call.cancel()
            reader.join(READER_ENDS_WITHIN_S)
        self._tell_troubles()
        return Ending(*self._ending, was_good=self._talk.is_proven or self._has_lasted())

    def _has_lasted(self) -> bool:
        """Open for long, and nothing was asked."""
        is_idle = self._talk.is_described and not self._talk.open_count
        return is_idle and monotonic() - self._began_s > self._asking.ears.patience.longest_pause_s

    def _watch(self) -> None:
        """What only the time says."""
        with self._changed:
            now_s, patience = monotonic(), self._asking.ears.patience
            drops = self._waiting.drops(now_s)
            if drops:
                self._troubles.append(drops)
            owed = self._talk.owes(now_s, patience.unanswered_s)
            if self._leaves_at_s is not None and now_s >= self._leaves_at_s:
                self._end("", "")
            elif owed:
                self._end("DEADLINE_EXCEEDED", f"{owed} for {patience.unanswered_s:g} s")

    def _end(self, code: str, detail: str) -> None:
        """Only the first end counts; under the condition."""
        if not self._is_over.is_set():
            self._ending = ("", "") if self._leaves_at_s is not None else (code, detail)
            self._is_over.set()
            self._changed.notify_all()

    def _tell_troubles(self) -> None:
        with self._changed:
            troubles, self._troubles = self._troubles, []
        for trouble in troubles:
            self._asking.ears.warn(trouble)

    def _read(self, call: Any) -> None:
        code, detail = "OK", "the server has ended the stream"
        try:
            for message in call:
                self._hear(message)
        except grpc.RpcError:
            code, detail = call.code().name, str(call.details())
        finally:
            with self._changed:
                self._end(code, detail)

    def _hear(self, message: ProtoMessage) -> None:
        with self._changed:
            if self._is_over.is_set():
                return
            was_described = self._talk.is_described
            heard = self._talk.hear(message, monotonic())
            if heard.landed is not None and heard.landed.offset is not None:
                self._slots.free(heard.landed.offset)
            self._changed.notify_all()
        if self._talk.is_described and not was_described:
            log.info("%s: %s answers", self._asking.asker.node, self._asking.address.target)
        if heard.answer is not None:
            self._asking.ears.hear(heard.answer)

    def _messages(self) -> Iterator[bytes]:
        """What gRPC sends, one message whenever the last has left."""
        spec, region = self._asking.spec, None
        if self._region is not None:
            region = SharedRegion(self._region.name, self._region.length_bytes)
        pictures = picture_format(self._size_px, spec.image)
        yield request.descriptor(self._asking.asker, spec.configuration, pictures, region)
        while (offer := self._next()) is not None:
            message = self._packed(offer)
            if message is None:
                self._waiting.dropped += 1
            else:
                yield message

    def _next(self) -> Offer | None:
        """The next frame, once the server may have it; None: no more."""
        with self._changed:
            self._preparing = 0
            self._changed.wait_for(self._may_send_or_is_over)
            offer = self._waiting.first()
            if self._is_over.is_set() or offer is None:
                return None
            if place(_camera_px(offer), self._asking.spec.image).sent_px != self._size_px:
                self.leave(monotonic() + RESIZED_PATIENCE_S)
                return None
            self._preparing = 1
            return self._waiting.take()

    def _may_send_or_is_over(self) -> bool:
        if self._is_over.is_set():
            return True
        if len(self._waiting):
            return self._talk.is_described and self.room > 0
        return self._leaves_at_s is not None

    def _packed(self, offer: Offer) -> bytes | None:
        """The message that carries a frame; None where it cannot travel."""
        form = self._asking.spec.image
        placing = place(_camera_px(offer), form)
        content = prepare(offer.frame.image, placing, form)
        upstream = passed_on(offer.annotations, placing)
        moment = Moment(offer.timestamp_90k, placing)
        flight = Flight(offer.frame, moment, offer.annotations, monotonic())
        if self._region is None:
            return request.embedded(self._sent(flight), offer.timestamp_90k, content, upstream)
        offset = self._slot(len(content))
        if offset is None or not self._region.write(offset, content):
            return None
        sequence = self._sent(replace(flight, offset=offset))
        return request.by_reference(sequence, offer.timestamp_90k, Reference(offset, len(content)), upstream)

    def _sent(self, flight: Flight) -> int:
        with self._changed:
            self._preparing = 0
            return self._talk.send(replace(flight, sent_s=monotonic()))

    def _slot(self, count: int) -> int | None:
        """Where so many bytes may lie, once the server has let go of enough; None: nowhere, or it is over."""
        assert self._region is not None
        found: list[int] = []

        def is_decided() -> bool:
            offset = self._slots.take(count)
            found.extend([] if offset is None else [offset])
            return bool(found) or self._is_over.is_set()

        with self._changed:
            if count > self._region.length_bytes:
                if self._has_told_of_size:
                    return None
                self._has_told_of_size = True
                detail = f"a picture of {count} bytes does not fit in {self._region.length_bytes} of shared memory"
                self._troubles.append(Trouble(Diagnostic.MEDIA_FORMAT, {"code": "PictureTooLarge"}, detail))
                return None
            self._changed.wait_for(is_decided)
        return found[0] if found else None


def _camera_px(offer: Offer) -> Size:
    height, width = offer.frame.image.shape[:2]
    return width, height


def _parsed(data: bytes) -> ProtoMessage | None:
    """None ends the stream: gRPC takes it for a message that cannot be read."""
    try:
        return MediaStreamMessage.FromString(data)
    except DecodeError:
        return None

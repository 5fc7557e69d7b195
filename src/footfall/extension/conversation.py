"""One stream to a server: what was asked, answered and is owed. Pure (spec/grpc-extension.md sections 4 to 9).

Servers number as they like, answer in any order, several times, or about nothing that was asked: all of that is taken.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass

import msgspec

from footfall.core.types import Frame
from footfall.extension import render
from footfall.extension.client import Answer
from footfall.extension.contract import ProtoMessage
from footfall.extension.placing import Placing, boxes_from_sent
from footfall.extension.render import Json, Style
from footfall.extension.wire import LATEST_S, TIMESCALE

log = logging.getLogger(__name__)

REMEMBERED = 64
"""Frames that are answered already: a second answer about one of them still gets its time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What answers without a time or a whole box of their own are measured by."""

    timestamp_90k: int
    placing: Placing


@dataclass(frozen=True, slots=True)
class Flight:
    """One frame on its way."""

    frame: Frame
    moment: Moment
    upstream: tuple[Json, ...]
    sent_s: float
    """On any clock that never goes back."""
    offset: int | None = None
    """Where in the shared region it lies."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message of the server comes to."""

    answer: Answer | None = None
    landed: Flight | None = None
    """Its bytes of the shared region are free again."""


class Conversation:
    """What is open between us and the server; numbers 1, 2, 3 ... are given to our messages, 1 to the descriptor."""

    def __init__(self, style: Style, began_s: float) -> None:
        self._style = style
        self._sequence = 1
        self._open: OrderedDict[int, Flight] = OrderedDict()
        self._done: OrderedDict[int, Moment] = OrderedDict()
        self._newest: Moment | None = None
        self._timescale = TIMESCALE
        self._sign_of_life_s = began_s
        self._is_warned = False
        self.is_described = False
        """The server's descriptor has come: frames may be sent."""
        self.is_proven = False
        """A frame has been acknowledged."""

    @property
    def open_count(self) -> int:
        """Frames that are not acknowledged yet."""
        return len(self._open)

    def send(self, flight: Flight) -> int:
        """Its sequence number."""
        self._sequence += 1
        self._open[self._sequence] = flight
        self._newest = flight.moment
        return self._sequence

    def hear(self, message: ProtoMessage, now_s: float) -> Heard:
        """Take in one message of the server."""
        acknowledged = message.ack_sequence_number
        landed = self._open.pop(acknowledged, None)
        if landed is not None:
            self._land(acknowledged, landed.moment)
        kind = message.WhichOneof("payload")
        if kind == "media_stream_descriptor":
            self.is_described = True
            self._sign_of_life_s = now_s
            self._timescale = message.media_stream_descriptor.media_descriptor.timescale or TIMESCALE
        inferences: tuple[Json, ...] = ()
        about = self._done.get(acknowledged, self._newest)
        if kind == "media_sample" and message.media_sample.inferences:
            inferences = self._rendered(message.media_sample, about)
            if any(map(_is_starting, message.media_sample.inferences)):
                self._sign_of_life_s = now_s
        if landed is None and not inferences:
            return Heard()
        timestamp = self._timestamp(message.media_sample.timestamp, about)
        if not timestamp and about is None:
            self._warn("an answer without a time, before any frame was sent, is dropped")
            return Heard()
        return Heard(self._answer(timestamp, inferences, landed), landed)

    def owes(self, now_s: float, patience_s: float) -> str:
        """What the server has failed to say for too long; empty: nothing."""
        if now_s - self._sign_of_life_s <= patience_s:
            return ""
        if not self.is_described:
            return "no descriptor"
        oldest = next(iter(self._open.values()), None)
        return "frames are not acknowledged" if oldest and now_s - oldest.sent_s > patience_s else ""

    def _land(self, sequence: int, moment: Moment) -> None:
        self.is_proven = True
        self._done[sequence] = moment
        if len(self._done) > REMEMBERED:
            self._done.popitem(last=False)

    def _answer(self, timestamp: int, inferences: tuple[Json, ...], landed: Flight | None) -> Answer:
        if landed is None:
            return Answer(timestamp, inferences, None)
        return Answer(timestamp, inferences, landed.frame, landed.upstream)

    def _timestamp(self, ticks: int, about: Moment | None) -> int:
        """A server echoes what it was sent, or counts as its descriptor says; else the frame's; 0: there is none."""
        moments = [*self._done.values(), *(flight.moment for flight in self._open.values())]
        if not any(moment.timestamp_90k == ticks for moment in moments):
            ticks = self._in_90k(ticks)
        if 0 < ticks < LATEST_S * TIMESCALE:
            return ticks
        return about.timestamp_90k if about else 0

    def _in_90k(self, ticks: int) -> int:
        return ticks * TIMESCALE // self._timescale

    def _rendered(self, sample: ProtoMessage, about: Moment | None) -> tuple[Json, ...]:
        rendered = []
        for inference in sample.inferences:
            case = inference.WhichOneof("value")
            if case is None:
                self._warn("an inference without a value is dropped")
                continue
            if inference.type and inference.type != _NUMBERS[case]:
                self._warn(f"an inference says it is of type {inference.type}, but holds {case}: taken as {case}")
            try:
                if case == "text":
                    inference.text.start_timestamp = self._in_90k(inference.text.start_timestamp)
                    inference.text.end_timestamp = self._in_90k(inference.text.end_timestamp)
                one = render.inference(inference, self._style)
            except (ValueError, OverflowError):
                self._warn("an inference with an impossible number is dropped")
                continue
            rendered.append(boxes_from_sent(one, about.placing) if about else one)
        return tuple(rendered)

    def _warn(self, what: str) -> None:
        """Once a stream: a server does everywhere what it does once."""
        if not self._is_warned:
            log.warning("%s (told once a stream)", what)
            self._is_warned = True


_NUMBERS = {"classification": 1, "motion": 2, "entity": 3, "text": 4, "event": 5, "other": 15}
_STARTING = "initializing"


def _is_starting(inference: ProtoMessage) -> bool:
    """Azure Video Analyzer's `{"state":"initializing"}`, while a model starts and frames wait (section 4)."""
    if _STARTING in (inference.extensions.get("state"), inference.event.properties.get("state")):
        return True
    try:
        return bool(msgspec.json.decode(inference.other.content_bytes) == {"state": _STARTING})
    except (msgspec.DecodeError, ValueError):
        return False

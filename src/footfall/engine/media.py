"""The nodes of a media graph (spec/media-graph.md section 3). Synchronous; time comes with the items.

Frames carry their media time in `utc`. Models of other people answer late and from threads of their own: their answers
come into the graph behind the node that asked (`OpenGraph.emit`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import TypeAlias

import msgspec

from footfall.core.geometry import Box
from footfall.core.media_time import ticks_of
from footfall.core.ports import Node
from footfall.core.types import Frame, Message
from footfall.engine.graph import Graph

Json: TypeAlias = Mapping[str, object]
Offer: TypeAlias = Callable[[Frame, int, Sequence[Json]], None]
"""Hands a frame, its media time and what was said about it to somebody else's model; never blocks."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment of the stream, and what was said about it."""

    utc: datetime
    """Media time."""
    frame: Frame | None
    """None where there is no picture to pass on."""
    said: tuple[Json, ...] = ()
    """Inferences of the node that it comes from, as they are published."""
    upstream: tuple[Json, ...] = ()
    """Those of the nodes before."""
    opaque: object = None
    """A whole body instead of inferences, as it came."""

    @property
    def has_news(self) -> bool:
        """Whether there is something to publish."""
        return bool(self.said) or self.opaque is not None


@dataclass(frozen=True, slots=True)
class Signal:
    """Something happened, says a message from the hub."""

    utc: datetime
    correlation: str = ""


class OpenGraph(Graph):
    """A graph that others bring items to, besides the one who feeds it: they take turns."""

    def __init__(self, nodes: Mapping[str, Node], inputs: Mapping[str, Sequence[str]]) -> None:
        super().__init__(nodes, inputs)
        self._turn = threading.Lock()

    def push(self, item: object) -> Iterator[object]:
        """As `Graph.push`, all of it at once."""
        with self._turn:
            return iter(list(super().push(item)))

    def flush(self) -> Iterator[object]:
        """As `Graph.flush`, all of it at once."""
        with self._turn:
            return iter(list(super().flush()))

    def emit(self, name: str, item: object) -> list[object]:
        """What a node gives of its own accord goes to the nodes behind it; what comes out of the last ones."""
        with self._turn:
            return list(self._pass_on(name, [item]))


class _Immediate:
    """Nothing is ever held back."""

    def flush(self) -> Sequence[object]:
        """Nothing."""
        return ()


class CameraNode(_Immediate):
    """Frame -> Sample."""

    def feed(self, item: object) -> Iterator[Sample]:
        """A frame of which nothing is known yet."""
        assert isinstance(item, Frame)
        yield Sample(item.utc, item)


class DoorNode(_Immediate):
    """Gives what others bring to it, nothing of what it is fed."""

    def feed(self, _item: object) -> Sequence[object]:
        """Not from here."""
        return ()


class RateNode(_Immediate):
    """Lets some samples pass, by the stream time of their frames."""

    def __init__(self, passes: Callable[[float], bool]) -> None:
        self._passes = passes

    def feed(self, item: object) -> Iterator[Sample]:
        """One sample, if it is its turn."""
        assert isinstance(item, Sample)
        if item.frame is not None and self._passes(item.frame.t_s):
            yield item


class MotionNode(_Immediate):
    """Passes samples in which something moves, and says where.

    While something moves, the first sample of every `aggregation_s` says so; those between pass in silence.

    Args:
        find: where something moves, normalised boxes.
        outputs_regions: False: one box, the whole picture.
        aggregation_s: 0: every sample says so.
    """

    def __init__(self, find: Callable[[Frame], Sequence[Box]], *, outputs_regions: bool, aggregation_s: float) -> None:
        self._find = find
        self._outputs_regions = outputs_regions
        self._aggregation_s = aggregation_s
        self._told_s: float | None = None

    def feed(self, item: object) -> Iterator[Sample]:
        """One sample, if something moves in it."""
        assert isinstance(item, Sample)
        frame = item.frame
        boxes = self._find(frame) if frame is not None else ()
        if frame is None or not boxes:
            return
        moving = tuple(map(_motion, boxes if self._outputs_regions else [WHOLE]))
        if self._told_s is not None and 0.0 <= frame.t_s - self._told_s < self._aggregation_s:
            yield Sample(item.utc, frame, upstream=(*item.upstream, *moving))
            return
        self._told_s = frame.t_s
        yield Sample(item.utc, frame, moving, item.upstream)


class AskNode(_Immediate):
    """Hands samples to somebody else's model; answers come in by `OpenGraph.emit`.

    Args:
        offer: Who is asked.
        only_annotated: skipSamplesWithoutAnnotation.
        passes: maximumSamplesPerSecond; None: every sample.
    """

    def __init__(
        self, offer: Offer, *, only_annotated: bool = False, passes: Callable[[float], bool] | None = None
    ) -> None:
        self._offer = offer
        self._only_annotated = only_annotated
        self._passes = passes
        self._asked_s = self._answered_s = -inf

    def feed(self, item: object) -> Sequence[object]:
        """Ask, or let it be."""
        assert isinstance(item, Sample)
        known = (*item.upstream, *item.said)
        frame = item.frame
        if frame is None or (self._only_annotated and not known):
            return ()
        if self._passes is None or self._passes(frame.t_s):
            self._asked_s = frame.t_s
            self._offer(frame, ticks_of(item.utc), known)
        return ()

    def answered(self, frame: Frame) -> None:
        """The model has done with a frame."""
        self._answered_s = max(self._answered_s, frame.t_s)

    def reached_s(self, t_s: float) -> float:
        """Up to where everything was answered, at stream time `t_s`."""
        return t_s if self._answered_s >= self._asked_s else self._answered_s


class PublishNode(_Immediate):
    """Sample -> Message, one for each that has something to say.

    Args:
        write: Makes the message of a body and its media time.
    """

    def __init__(self, write: Callable[[bytes, datetime], Message]) -> None:
        self._write = write

    def feed(self, item: object) -> Iterator[Message]:
        """Tell the hub."""
        assert isinstance(item, Sample)
        if item.has_news:
            body = {"timestamp": ticks_of(item.utc), "inferences": item.said} if item.opaque is None else item.opaque
            yield self._write(msgspec.json.encode(body), item.utc)


class TriggerNode(_Immediate):
    """Sample or Signal -> nothing: a signal gate hears when something happened.

    Args:
        trigger: Takes a media time and what correlates the event.
    """

    def __init__(self, trigger: Callable[[datetime, str], None]) -> None:
        self._trigger = trigger

    def feed(self, item: object) -> Sequence[object]:
        """Every message counts, whatever it says (spec/recording.md R13)."""
        if isinstance(item, Signal):
            self._trigger(item.utc, item.correlation)
        elif isinstance(item, Sample) and item.has_news:
            self._trigger(item.utc, "")
        return ()


class ReachNode(_Immediate):
    """Frame -> nothing: a signal gate hears how far its events have been told. Stands behind all others.

    Args:
        models: Whose answers the gate waits for.
        advance: Takes stream time.
    """

    def __init__(self, models: Sequence[AskNode], advance: Callable[[float], None]) -> None:
        self._models = models
        self._advance = advance
        self._reached_s = -inf

    def feed(self, item: object) -> Sequence[object]:
        """One frame has gone through all nodes."""
        assert isinstance(item, Frame)
        reached_s = min((model.reached_s(item.t_s) for model in self._models), default=item.t_s)
        if reached_s > self._reached_s:
            self._reached_s = reached_s
            self._advance(reached_s)
        return ()


def _motion(box: Box) -> Json:
    x0, y0, x1, y1 = box
    sides = {"l": x0, "t": y0, "w": x1 - x0, "h": y1 - y0}
    return {"type": "motion", "motion": {"box": {side: round(value, 6) for side, value in sides.items()}}}


WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

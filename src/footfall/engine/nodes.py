"""The nodes of a person graph: detect, track, rules, events. Synchronous; time comes with the items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from footfall.core.geometry import Box
from footfall.core.ports import Detector, Tracker
from footfall.core.types import Frame, Message, Observed
from footfall.engine.ground import CalibrationNews, aspect_of
from footfall.engine.items import Detected, Happened, Tracked
from footfall.events.encode import EventEncoder
from footfall.events.inferences import Inference, InferenceWriter
from footfall.events.tracks import EPOCH
from footfall.spatial.stationary import StationaryFilter


class MediaTimeNode:
    """Frame -> Frame whose capture time is the epoch plus the media time, so that two runs give the same bytes."""

    def feed(self, item: object) -> Iterator[Frame]:
        """Date one frame."""
        assert isinstance(item, Frame)
        yield replace(item, utc=EPOCH + timedelta(seconds=item.t_s))

    def flush(self) -> Iterator[Frame]:
        """Nothing is held back."""
        return iter(())


class DetectNode:
    """Frame -> Detected."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def feed(self, item: object) -> Iterator[Detected]:
        """Find the people of one frame."""
        assert isinstance(item, Frame)
        yield Detected(item, self._detector.detect([item])[0])

    def flush(self) -> Iterator[Detected]:
        """Nothing is held back."""
        return iter(())


class TrackNode:
    """Detected -> Tracked. Tracks end where a file starts again (RULE C9).

    Args:
        tracker: Gives identities.
        stationary: Drops mannequins and posters; None keeps them.
        tell: Hears where people are, for a detector that expects them there in the next frame.
    """

    def __init__(
        self, tracker: Tracker, stationary: StationaryFilter | None, tell: Callable[[list[Box]], None] | None = None
    ) -> None:
        self._tracker = tracker
        self._stationary = stationary
        self._tell = tell
        self._loop = 0

    def feed(self, item: object) -> Iterator[Tracked]:
        """Follow the people of one frame."""
        assert isinstance(item, Detected)
        frame = item.frame
        if frame.loop != self._loop:
            self._tracker.reset()
            self._loop = frame.loop
        people = tuple(self._tracker.update(item.detections, frame.t_s, frame.index))
        if self._tell is not None:
            self._tell([person.box_n for person in people])
        if self._stationary is not None:
            people = tuple(self._stationary.step(people, frame.t_s, frame.size_px))
        observed = Observed(frame.source_id, frame.index, frame.t_s, frame.utc, frame.size_px, people, frame.loop)
        yield Tracked(observed, frame)

    def flush(self) -> Iterator[Tracked]:
        """The stream is over: whoever comes later is somebody new."""
        self._tracker.reset()
        return iter(())


class EventNode:
    """Happened -> Message: what the rules found, and what became known about the camera before it."""

    def __init__(self, encoder: EventEncoder, news: CalibrationNews, now: Callable[[Observed], datetime]) -> None:
        self._encoder = encoder
        self._news = news
        self._now = now

    def feed(self, item: object) -> Iterator[Message]:
        """Put what happened into Azure's words."""
        assert isinstance(item, Happened)
        observed, known = item.observed, item.calibration
        if self._news.is_due(known, observed.t_s):
            placement = self._news.placement(known, aspect_of(observed))
            yield self._encoder.encode_calibration(known, placement, observed, self._now(observed))
        if item.insights:
            yield from self._encoder.encode(item.insights, observed, known, self._now(observed))

    def flush(self) -> Iterator[Message]:
        """Nothing is held back."""
        return iter(())


class InferenceNode:
    """Happened -> inferences, for those who brought the frame over gRPC."""

    def __init__(self, writer: InferenceWriter) -> None:
        self._writer = writer

    def feed(self, item: object) -> Sequence[Inference]:
        """Put what happened into the words of a media graph."""
        assert isinstance(item, Happened)
        return self._writer.write(item.insights, item.observed.people)

    def flush(self) -> Sequence[Inference]:
        """Nothing is held back."""
        return ()


class Tap:
    """Looks at everything that passes a node and gives nothing: recorders of tracks, drawings, totals."""

    def __init__(self, look: Callable[[object], None]) -> None:
        self._look = look

    def feed(self, item: object) -> Sequence[object]:
        """Show one item."""
        self._look(item)
        return ()

    def flush(self) -> Sequence[object]:
        """Nothing is held back."""
        return ()

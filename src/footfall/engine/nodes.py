"""The nodes of a person graph: detect, track, ground, rules, events. Synchronous; time comes with the items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from footfall.core.geometry import Box
from footfall.core.ports import Detector, Tracker
from footfall.core.types import Frame, Message, Observed
from footfall.engine.items import Detected, Happened, Tracked
from footfall.events.calibration import CalibrationInfo
from footfall.events.encode import EventEncoder
from footfall.events.inferences import Inference, InferenceWriter
from footfall.events.tracks import EPOCH
from footfall.spatial.certainty import Certainty
from footfall.spatial.ground import Camera, GroundEstimator
from footfall.spatial.operation import Operation
from footfall.spatial.regions import SpatialSpec
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


class GroundNode:
    """Tracked -> Tracked with floor positions, speed and orientation where they can be known."""

    def __init__(self, camera: Camera | None, *, speed: bool, orientation: bool) -> None:
        self._camera = camera
        self._speed = speed
        self._orientation = orientation
        self._aspect = 0.0
        self._estimator: GroundEstimator | None = None

    def feed(self, item: object) -> Sequence[Tracked]:
        """Put the people of one frame on the floor; where nobody is seen there is nothing to do."""
        assert isinstance(item, Tracked)
        if not item.observed.people:
            return (item,)
        aspect = aspect_of(item.observed)
        if self._estimator is None or aspect != self._aspect:
            self._aspect = aspect
            self._estimator = GroundEstimator(self._camera, aspect, speed=self._speed, orientation=self._orientation)
        people = tuple(self._estimator.step(item.observed.people, item.observed.t_s))
        return (replace(item, observed=replace(item.observed, people=people)),)

    def flush(self) -> Iterator[Tracked]:
        """Nothing is held back."""
        return iter(())


class SpatialNode:
    """Tracked -> Happened. Starts anew when a file starts again or the picture changes its shape."""

    def __init__(self, spec: SpatialSpec) -> None:
        self._spec = spec
        self._certainty = Certainty(spec)
        self._operation: Operation | None = None
        self._last: Observed | None = None

    def feed(self, item: object) -> Iterator[Happened]:
        """Apply the rules to the people of one frame."""
        assert isinstance(item, Tracked)
        observed = item.observed
        if self._last is not None and _starts_anew(observed, self._last):
            yield from self.flush()
        if self._operation is None:
            self._operation = Operation(self._spec, aspect_of(observed))
        self._last = observed
        told = self._operation.step(observed.people, observed.t_s, observed.frame)
        insights = self._certainty.step(observed.people, observed.t_s, aspect_of(observed), told)
        yield Happened(observed, tuple(insights), item.frame, self._certainty.ledger, self._certainty.evidence)

    def flush(self) -> Iterator[Happened]:
        """Close what is open, at the time of last sight."""
        if self._operation is not None and self._last is not None:
            insights = tuple(self._certainty.flush(self._operation.flush()))
            last = replace(self._last, people=())
            yield Happened(last, insights, None, self._certainty.ledger, self._certainty.evidence)
        self._operation = None


class EventNode:
    """Happened -> Message."""

    def __init__(
        self, encoder: EventEncoder, calibration: CalibrationInfo, now: Callable[[Observed], datetime]
    ) -> None:
        self._encoder = encoder
        self._calibration = calibration
        self._now = now

    def feed(self, item: object) -> Sequence[Message]:
        """Put what happened into Azure's words."""
        assert isinstance(item, Happened)
        if not item.insights:
            return ()
        return self._encoder.encode(item.insights, item.observed, self._calibration, self._now(item.observed))

    def flush(self) -> Sequence[Message]:
        """Nothing is held back."""
        return ()


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


def _starts_anew(observed: Observed, last: Observed) -> bool:
    return observed.loop != last.loop or (observed.size_px != last.size_px and aspect_of(observed) != aspect_of(last))


def aspect_of(observed: Observed) -> float:
    """Height / width of the processing frame."""
    width, height = observed.size_px
    return height / width

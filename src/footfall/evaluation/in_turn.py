"""Several detectors on the same pictures, in turn: picture 1 by A, B, C, then picture 2.

What slows the machine down slows all of them down, so ratios of their times hold on a busy machine too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

import cv2

from footfall.core.ports import Detector
from footfall.core.types import Detections, Frame
from footfall.detect.card import ModelCard
from footfall.detect.pictures import to_results
from footfall.evaluation.detection import Found
from footfall.evaluation.labelled import meant


@dataclass(slots=True, eq=False)
class Contestant:
    """A detector and what it has found so far."""

    name: str
    detector: Detector
    card: ModelCard
    thorough: Detector | None = None
    """The same with a lower least score: its boxes are kept, and only the time of `detector` is taken, because weak
    boxes cost time that nobody pays in use. None: the boxes of `detector`."""
    found: list[Found] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Time of each picture: from pixels to boxes."""

    def finds(self, category: str) -> bool:
        """Whether it can find things of that category."""
        return any(label in meant(category) for label in self.card.labels)

    @property
    def ms(self) -> float | None:
        """Median time of a picture."""
        return 1000 * median(self.seconds) if self.seconds else None

    def ratio_to(self, other: Contestant) -> float | None:
        """How many times as long as the other it took: the median over the pictures of both."""
        pairs = zip(self.seconds, other.seconds, strict=True)
        ratios = [mine / theirs for mine, theirs in pairs if theirs > 0]
        return median(ratios) if ratios else None


def run_in_turn(
    frames: Iterable[Frame], contestants: Sequence[Contestant], now_s: Callable[[], float]
) -> Iterator[Frame]:
    """Let all of them look at each frame; yields it when they have.

    Boxes are kept under the frame's `source_id`. The first frame is shown twice to those that have no memory, so that
    nobody pays for warming up.

    Raises:
        DetectorError: a model failed.
    """
    with one_thread():
        for number, frame in enumerate(frames):
            for one in contestants:
                if number == 0 and not getattr(one.detector, "stateful", True):
                    one.detector.detect([frame])
                start_s = now_s()
                [detections] = one.detector.detect([frame])
                one.seconds.append(now_s() - start_s)
                if one.thorough:
                    [detections] = one.thorough.detect([frame])
                one.found += _found(frame, detections, one.card)
            yield frame


@contextmanager
def one_thread() -> Iterator[None]:
    """Resizing takes one core meanwhile, as the networks do."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _found(frame: Frame, detections: Detections, card: ModelCard) -> list[Found]:
    return [
        Found(
            box["image"],
            box["category"],
            (box["bbox"][0], box["bbox"][1], box["bbox"][2], box["bbox"][3]),
            box["score"],
        )
        for box in to_results(frame.source_id, detections, card)
    ]

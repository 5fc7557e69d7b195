"""What a camera has done in the last ten seconds. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

SPAN_S = 10.0


@dataclass(frozen=True, slots=True)
class Sample:
    """Counters of a camera at one moment."""

    at_s: float
    """Monotonic."""
    frames_in: int
    frames_analysed: int
    analysis_s: float
    """Time spent in all analyses so far."""

    @classmethod
    def of(cls, at_s: float, counts: Mapping[str, int], seconds: Mapping[str, float]) -> Sample:
        """Of `telemetry.Metrics`."""
        return cls(at_s, counts.get("frames_in", 0), counts.get("frames_analysed", 0), seconds.get("analysis", 0.0))


@dataclass(frozen=True, slots=True)
class Rates:
    """Over the span."""

    fps_in: float = 0.0
    fps_analysed: float = 0.0
    detector_s: float = 0.0
    """Mean time of one analysis."""


class Span:
    """The samples of the last ten seconds."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()

    def add(self, sample: Sample) -> None:
        """Take a sample; earlier ones than ten seconds before go."""
        if self._samples and sample.frames_in < self._samples[-1].frames_in:
            self._samples.clear()
        self._samples.append(sample)
        while sample.at_s - self._samples[0].at_s > SPAN_S:
            self._samples.popleft()

    def rates(self) -> Rates:
        """What they say."""
        if len(self._samples) < 2:
            return Rates()
        first, last = self._samples[0], self._samples[-1]
        passed_s, analysed = last.at_s - first.at_s, last.frames_analysed - first.frames_analysed
        if passed_s <= 0.0:
            return Rates()
        detector_s = (last.analysis_s - first.analysis_s) / analysed if analysed else 0.0
        return Rates((last.frames_in - first.frames_in) / passed_s, analysed / passed_s, detector_s)

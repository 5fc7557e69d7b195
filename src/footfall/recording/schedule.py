"""When each clip of an endless recording begins and ends (spec/operations.md section 11). Pure: times are arguments."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from footfall.recording.gate import Opening


@dataclass(frozen=True, slots=True)
class Schedule:
    """Clips of one length, each of which begins a little before the one before it ends.

    Raises:
        ValueError: the overlap is below 0, or more than half a clip: three clips would grow at a time.
    """

    duration_s: float
    overlap_s: float
    begin_s: float = 0.0
    """Stream time at which the first clip begins."""

    def __post_init__(self) -> None:
        if not 0.0 <= 2.0 * self.overlap_s <= self.duration_s or not self.duration_s:
            raise ValueError(f"an overlap of {self.overlap_s:g} s does not fit into clips of {self.duration_s:g} s")

    def clip(self, number: int) -> Opening:
        """The span of a clip, its number counted from 1.

        >>> clip = Schedule(1200.0, 60.0).clip(2)
        >>> clip.start_s, clip.end_s
        (1140.0, 2340.0)
        """
        start_s = self.begin_s + (number - 1) * self._step_s
        return Opening(number, start_s, start_s, start_s + self.duration_s)

    def clips(self, from_s: float, to_s: float) -> list[Opening]:
        """All clips that hold something of this span of stream time, in order; one that ends at `from_s` counts."""
        first = ceil((from_s - self.begin_s - self.duration_s) / self._step_s) + 1
        last = floor((to_s - self.begin_s) / self._step_s) + 1
        return [self.clip(number) for number in range(max(1, first), last + 1)]

    @property
    def _step_s(self) -> float:
        return self.duration_s - self.overlap_s

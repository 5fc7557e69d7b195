"""Which frames are analysed: at most so many a second of stream time. Pure."""

from __future__ import annotations


class RateFilter:
    """Thins a stream to at most `max_fps` frames per second, without drift.

    Frames fall due on a schedule of `1 / max_fps`; the first frame at or after its due time passes, so 25 fps
    becomes 15 fps on average. A frame may come early by a quarter of its distance from the frame before it, which
    forgives jitter; a late frame earns no burst, because at most one period of delay is carried over.
    """

    def __init__(self, max_fps: float) -> None:
        if not max_fps > 0:
            raise ValueError(f"max_fps must be greater than 0, not {max_fps}")
        self._period_s = 1.0 / max_fps
        self._due_s: float | None = None
        self._last_s = 0.0

    def passes(self, t_s: float) -> bool:
        """Whether the frame at stream time `t_s` is analysed; times never go back. The first frame always is."""
        if self._due_s is None:
            self._due_s = self._last_s = t_s
        early_s = min(self._period_s, t_s - self._last_s) / 4
        self._last_s = t_s
        if t_s < self._due_s - early_s:
            return False
        self._due_s = max(self._due_s, t_s - self._period_s) + self._period_s
        return True

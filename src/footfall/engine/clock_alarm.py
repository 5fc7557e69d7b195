"""Tells once that a camera's clock is off, and once that it is right again."""

from __future__ import annotations

import logging

from footfall.core.types import CLOCK_LIMIT_S

log = logging.getLogger(__name__)


class ClockAlarm:
    """Watches the clock of one camera over all its connections."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._is_off = False

    def see(self, offset_s: float | None) -> None:
        """How far the camera's clock is ahead of ours now; None: not known."""
        if offset_s is None or (is_off := abs(offset_s) > CLOCK_LIMIT_S) == self._is_off:
            return
        self._is_off = is_off
        if not is_off:
            log.info("%s: its clock is right again (%+.1f s)", self._camera, offset_s)
            return
        way = "ahead of" if offset_s > 0 else "behind"
        log.warning(
            "%s: its clock is %s %s ours; events are dated by our clock. Let the camera set its clock by NTP",
            self._camera,
            in_words(abs(offset_s)),
            way,
        )


def in_words(seconds: float) -> str:
    """A length of time, as people say it.

    >>> in_words(3.25), in_words(7200), in_words(1.8e9)
    ('3.2 s', '120 min', '20833 days')
    """
    if seconds < 600:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 86_400 else f"{seconds / 86_400:.0f} days"

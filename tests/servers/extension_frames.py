"""Frames to offer to a client, and patience to see what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from footfall.core.types import Frame

WAIT_S = 60.0


def frame(index: int, size_px: tuple[int, int] = (192, 108)) -> Frame:
    """A grey picture of that shade."""
    image = np.full((size_px[1], size_px[0], 3), index % 255, np.uint8)
    return Frame("camera", index, index / 10, datetime(2026, 1, 1, tzinfo=UTC), image, size_px)


def until(happens: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + WAIT_S
    while not happens():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)

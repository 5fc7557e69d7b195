"""A bounded memory of sightings that covers the picture evenly: a busy door does not push out the far corner."""

from __future__ import annotations

import numpy as np

from footfall.spatial.calibration.sightings import SIGHTING, Table

COLUMNS, ROWS = 8, 6
"""Cells of the picture; where the feet are decides."""


class Store:
    """At most `size` sightings. Where there are too many, the oldest of the fullest cell goes.

    Args:
        size: how many sightings are kept; more than 0.
        aspect: height / width of the picture.
    """

    def __init__(self, size: int, aspect: float) -> None:
        self._size = size
        self._aspect = aspect
        self._kept: Table = np.empty(0, SIGHTING)
        self.taken = 0
        """How many were ever added."""

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._kept)

    @property
    def sightings(self) -> Table:
        """(n,) `SIGHTING`, oldest first."""
        return self._kept

    def add(self, sightings: Table) -> None:
        """Take in new ones, in order of time."""
        if not len(sightings):
            return
        self.taken += len(sightings)
        kept = np.concatenate([self._kept, sightings])
        for _ in range(len(kept) - self._size):
            cell = self._cells(kept)
            kept = np.delete(kept, np.argmax(cell == np.bincount(cell).argmax()))
        self._kept = kept

    def clear(self) -> None:
        """Forget all: the camera was moved."""
        self._kept = np.empty(0, SIGHTING)
        self.taken = 0

    def _cells(self, sightings: Table) -> np.ndarray:
        column = np.clip((sightings["x"] + 0.5) * COLUMNS, 0, COLUMNS - 1).astype(np.intp)
        row = np.clip((sightings["foot"] / self._aspect + 0.5) * ROWS, 0, ROWS - 1).astype(np.intp)
        return np.asarray(row * COLUMNS + column)

"""A bounded memory that covers the picture."""

from __future__ import annotations

import numpy as np

from footfall.spatial.calibration.sightings import SIGHTING, Table
from footfall.spatial.calibration.store import Store


def at(x: float, foot: float, t_s: float) -> Table:
    row = np.zeros(1, SIGHTING)
    row["x"], row["foot"], row["t_s"] = x, foot, t_s
    return row


def test_the_busy_place_makes_room_for_the_rare_one() -> None:
    store = Store(20, 9 / 16)
    store.add(at(0.4, 0.2, 0.0))
    for number in range(200):
        store.add(at(-0.4, -0.2, 1.0 + number))
    kept = store.sightings
    assert len(store) == len(kept) == 20
    assert kept["t_s"][0] == 0.0
    assert kept["t_s"][1:].tolist() == [float(t) for t in range(182, 201)]
    assert store.taken == 201


def test_many_at_once_are_cut_to_size_and_all_can_be_forgotten() -> None:
    store = Store(5, 9 / 16)
    store.add(np.concatenate([at(0.0, 0.0, float(t)) for t in range(30)]))
    assert store.sightings["t_s"].tolist() == [25.0, 26.0, 27.0, 28.0, 29.0]
    store.clear()
    assert (len(store), store.taken) == (0, 0)

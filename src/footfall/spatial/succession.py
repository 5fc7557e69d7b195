"""Who goes on as whom: newcomers against people who were lost a moment ago, by place, time, velocity and size.

A newcomer must be near the stretch between where the lost person was last seen and where walking on would have led,
and be of the same size. A match counts only where no other newcomer and no other lost person comes nearly as near. Who
was walking out of the picture is not waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import hypot, inf

import numpy as np

from footfall.core.types import TrackObservation
from footfall.spatial.trace import EXTRAPOLATE_S, Trace

GATE = 0.15
"""How far off a newcomer may be, in body heights..."""
GATE_PER_S = 0.2
"""...and how much farther for every second of absence..."""
GATE_MAX = 0.5
"""...but never more than this."""
RIVAL = 2.0
"""A match counts only if the next best is at least this many times farther away."""
SIZE_RATIO = 1.4
SIZE_RATIO_PER_S = 0.1
"""Who walks towards the camera, or away from it, changes size."""
STRIDE_PER_S = 1.0
"""Body heights that people walk in a second, at most, across the picture."""


def heirs(lost: Mapping[str, Trace], newcomers: Sequence[TrackObservation], t_s: float) -> dict[str, str]:
    """Newcomer's track id -> the track id of the lost person that it goes on from."""
    names = [track_id for track_id, trace in lost.items() if trace.height_w > 0.0]
    if not names or not newcomers:
        return {}
    own = {name: number for number, name in enumerate(names)}
    pairs_of_their_own = [(own[p.track_id], n) for n, p in enumerate(newcomers) if p.track_id in own]
    distance, old, new = _pairs([lost[track_id] for track_id in names], newcomers, t_s, pairs_of_their_own)
    pairs = list(zip(distance.tolist(), old.tolist(), new.tolist(), strict=True))
    next_old, next_new = _two_best((o, d) for d, o, _ in pairs), _two_best((n, d) for d, _, n in pairs)
    return {
        newcomers[n].track_id: names[o]
        for d, o, n in pairs
        if next_old[o][0] == d == next_new[n][0] and min(next_old[o][1], next_new[n][1]) > RIVAL * d
    }


def returned(away: Mapping[str, Trace], newcomers: Sequence[TrackObservation], t_s: float) -> dict[str, str]:
    """Newcomer's track id -> the track id of somebody whom nobody could look after for a while.

    Asks less than `heirs`: after a break in the pictures newcomers are rather those who were there than others. The
    nearest pairs come together first, as far as people walk in that time.
    """
    pairs = sorted(
        (off, old, new.track_id)
        for old, trace in away.items()
        for new in newcomers
        if (off := _off(trace, new, t_s)) is not None
    )
    found: dict[str, str] = {}
    for _, old, new_id in pairs:
        if new_id not in found and old not in found.values():
            found[new_id] = old
    return found


def _off(trace: Trace, newcomer: TrackObservation, t_s: float) -> float | None:
    """How far a newcomer is from where somebody was last seen, body heights; None: too far, or of another size."""
    left, top, right, bottom = newcomer.box_n
    height, away_s = (bottom - top) * trace.aspect, t_s - trace.last_s
    if min(height, trace.height_w) <= 0.0:
        return None
    if max(height, trace.height_w) > (SIZE_RATIO + SIZE_RATIO_PER_S * away_s) * min(height, trace.height_w):
        return None
    x, y, _, _ = trace.course
    off = hypot((left + right) / 2 - x, bottom * trace.aspect - y) / trace.height_w
    return off if off <= GATE_MAX + STRIDE_PER_S * away_s else None


def _pairs(
    lost: Sequence[Trace], newcomers: Sequence[TrackObservation], t_s: float, own: Sequence[tuple[int, int]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Possible pairs: distance in body heights, number of the lost, number of the newcomer.

    A jumped track and its `own` newcomer (numbers) are a pair at any distance: a rival of all others.
    """
    aspect = lost[0].aspect
    x, y, vx, vy, last_s, height = np.array([trace.summary for trace in lost]).T[:, :, None]
    left, top, right, bottom = np.array([person.box_n for person in newcomers]).T
    new_x, new_y, new_height = (left + right) / 2, bottom * aspect, (bottom - top) * aspect
    ahead_s = np.minimum(t_s - last_s, EXTRAPOLATE_S)
    dx, dy = vx * ahead_s, vy * ahead_s
    stays = (x + dx >= 0.0) & (x + dx <= 1.0) & (y + dy >= 0.0) & (y + dy <= aspect)
    length2 = np.maximum(dx * dx + dy * dy, 1e-300)
    along = np.clip(((new_x - x) * dx + (new_y - y) * dy) / length2, 0.0, 1.0)
    with np.errstate(over="ignore"):
        off = np.hypot(new_x - x - along * dx, new_y - y - along * dy) / height
    alike = np.maximum(height, new_height) <= SIZE_RATIO * np.minimum(height, new_height)
    fits = stays & alike & (off <= np.minimum(GATE_MAX, GATE + GATE_PER_S * (t_s - last_s)))
    if own:
        fits[tuple(np.transpose(own))] = True
    old, new = np.nonzero(fits)
    return off[old, new], old, new


def _two_best(pairs: Iterable[tuple[int, float]]) -> dict[int, tuple[float, float]]:
    """By number: the least distance and the next."""
    best: dict[int, tuple[float, float]] = {}
    for number, distance in pairs:
        first, second = best.get(number, (inf, inf))
        best[number] = (distance, first) if distance < first else (first, min(second, distance))
    return best

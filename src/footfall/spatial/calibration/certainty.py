"""How sure a fit is, in the only unit that matters: by how much distances on the floor may be wrong.

A fit that nothing is known against is still no calibration. `objections` says in plain words what is missing, or what
cannot be: better no metres than wrong ones.
"""

from __future__ import annotations

from itertools import combinations
from math import degrees, exp, log

import numpy as np

from footfall.core.geometry import Point
from footfall.spatial.calibration.body import STEEP_RAD, bodies
from footfall.spatial.calibration.fit import HIGH, LOW, Fit
from footfall.spatial.calibration.sightings import Table
from footfall.spatial.ground import Camera

GOOD_ENOUGH = 0.05
"""Standard error of a distance at which a camera is called calibrated."""
SPOTS = 4
"""Places on each axis between which distances are measured."""
SPREAD = 0.12
"""Heights of a crowd that differ more, as a share, are not those of grown-ups seen whole: these differ by 0.05."""
MISFIT = 0.08
PACE_M_S = (0.6, 2.0)


def distance_error(fit: Fit, sightings: Table) -> float:
    """Standard error of the distance between two places where people walk, as a share of it.

    The places are spread over the part of the picture in which feet were seen; the camera is tried one standard
    deviation away from the best on each axis of its uncertainty.
    """
    camera = fit.camera
    values, vectors = np.linalg.eigh(fit.covariance)
    axes = (vectors * np.sqrt(np.maximum(values, 0.0))).T
    spots = _spots(sightings)
    best = _distances(camera, spots)
    total = 0.0
    for sign in (1.0, -1.0):
        for step in axes * sign:
            moved = Camera(
                exp(log(camera.height_m) + step[0]), exp(log(camera.focal_w) + step[1]), camera.tilt_rad + step[2]
            )
            off = np.abs(np.log(np.maximum(_distances(moved, spots), 1e-6) / np.maximum(best, 1e-6)))
            total += float(np.median(off)) ** 2 / 2.0
    return float(min(np.sqrt(total), 9.0))


def objections(fit: Fit, sightings: Table, error: float) -> tuple[str, ...]:
    """What is missing until the fit can be believed, or what speaks against it; nothing if it is good."""
    return tuple(words for wrong, words in _checks(fit, sightings, error) if wrong)


def _checks(fit: Fit, sightings: Table, error: float) -> tuple[tuple[bool, str], ...]:
    values = log(fit.camera.height_m), log(fit.camera.focal_w), fit.camera.tilt_rad
    at_bounds = any(v < low + 0.02 or v > high - 0.02 for v, low, high in zip(values, LOW, HIGH, strict=False))
    steep = float((bodies(fit.camera, sightings).top_rad > STEEP_RAD).mean())
    rows = np.percentile(sightings["foot"], [10.0, 90.0])
    tall = float(np.median(sightings["foot"] - sightings["head"]))
    is_flat = rows[1] - rows[0] < 0.5 * tall
    return (
        (steep > 0.3, f"the camera looks down too steeply to see how tall people are ({degrees(STEEP_RAD):.0f} deg)"),
        (at_bounds and steep <= 0.3, "no camera fits what was seen"),
        (fit.misfit > MISFIT, f"people change their height by {fit.misfit:.0%}: boxes must hold whole people, upright"),
        (fit.spread > SPREAD, f"heights differ by {fit.spread:.0%}: they should be those of standing grown-ups"),
        (
            not PACE_M_S[0] <= fit.speed_m_s <= PACE_M_S[1],
            f"people would walk at {fit.speed_m_s:.1f} m/s: are they grown-ups, and is the clip's speed right?",
        ),
        (error > GOOD_ENOUGH and is_flat, "people nearer to the camera and farther away from it"),
        (error > GOOD_ENOUGH and not is_flat, f"more people: distances are known to {error:.0%} so far"),
    )


def deviation_of(one: Camera, other: Camera, sightings: Table) -> float:
    """By how much the distances of two cameras differ where people walk: median, as a share."""
    spots = _spots(sightings)
    first, second = _distances(one, spots), _distances(other, spots)
    return float(np.median(np.abs(np.log(np.maximum(second, 1e-6) / np.maximum(first, 1e-6)))))


def _spots(sightings: Table) -> list[Point]:
    """Places in the picture, from image widths about its centre, spread over where feet were seen."""
    shares = np.linspace(10.0, 90.0, SPOTS)
    rows, columns = np.percentile(sightings["foot"], shares), np.percentile(sightings["x"], shares)
    return [(float(x), float(y)) for y in rows for x in columns]


def _distances(camera: Camera, spots: list[Point]) -> np.ndarray:
    """(k,) metres between all pairs of places; 1e6 where one of them is no floor."""
    places = [camera.to_ground((x + 0.5, y + 0.5), 1.0) for x, y in spots]
    pairs = combinations(places, 2)
    return np.array([1e6 if a is None or b is None else np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in pairs])

"""Height, focal length and tilt of a camera from people who walk: a robust fit with everything known beforehand.

The camera is wanted in which people are as tall as people are (metres come from that alone), in which each of them
stays as tall wherever they go (focal length and tilt), and in which they walk as fast across the picture as away from
it (focal length). Heights and speeds are taken person by person, one value for each and noise about it, so that
somebody who is seen often does not outvote the others; noise beyond the usual counts less and less. The idea of people
as rulers is that of Lv, Zhao, Nevatia, "Camera calibration from video of a walking human", 2006.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import exp, log, radians
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.spatial.calibration.body import STEEP_RAD, bodies
from footfall.spatial.ground import Camera

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

Floats: TypeAlias = NDArray[np.float64]

SLOW_M_S = 0.7
"""Slower people look round, turn or queue: their speed says little."""
STILL = 0.08
"""The same before any camera is known, in body heights a second in the picture."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known before anybody is seen; logarithms are natural."""

    people_m: float = 1.70
    """Mean height of people in shoes, with their hair: NCD-RisC (2016) has 1.59 m for women and 1.71 m for men
    of the world, 1.66 m and 1.79 m in Western Europe; shoes add about 3 cm, hair 1 to 2 cm."""
    people_sd: float = 0.053
    """Standard deviation of the heights of a mixed crowd as a share: 0.09 m."""
    speed_m_s: float = 1.3
    speed_sd: float = 0.25
    """How far the mean pace of a place may lie from 1.3 m/s (Bohannon 1997), logarithmic ..."""
    pace_sd: float = 0.2
    """... and that of a person from it ..."""
    gait_sd: float = 0.15
    """... and a person's own from one second to the next."""
    focal_w: float = 0.75
    focal_sd: float = 0.35
    """Lenses of surveillance cameras see 55 to 90 degrees, some more or less."""
    height_m: float = 3.5
    height_sd: float = 0.6
    tilt_rad: float = radians(65.0)
    tilt_sd: float = radians(20.0)
    margin_w: float = 0.003
    """How far above the hair a detector's boxes end, in image widths ..."""
    margin_sd: float = 0.002
    """... give or take: a pixel or two at the size at which a network sees the picture. It is estimated, too."""
    trend_sd: float = 0.02
    """By how much boxes may be taller, as a share, for feet one body height lower in the picture: the lens shows in
    bends so slight that the usual mistakes of boxes, and chance in where they end, look the same."""
    box_sd: float = 0.025
    """Noise of a box's height as a share, beside what a sighting itself shows."""
    reach_m: float = 0.08
    """How uncertain it is where in a stride a foot was."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The best camera and how sure it is."""

    camera: Camera
    covariance: Floats = field(repr=False)
    """(3, 3) float64 of the logarithms of height and focal length, and the tilt in radians."""
    speed_m_s: float
    """Mean pace of the people."""
    spread: float
    """Robust standard deviation of the people's heights as a share."""
    misfit: float
    """Robust standard deviation of one person's height about that person's mean, as a share."""
    cost: float = field(repr=False)


class _Problem:
    """Residuals of one set of sightings, each with standard deviation about 1.

    How noisy a sighting is, is settled beforehand at a camera near by: weights that follow the camera under trial would
    draw it to where nothing weighs anything. The noise is that of the box in the picture; `Bodies.gain` turns a height
    on the floor into it, or else cameras would win in which heights hardly depend on boxes.
    """

    def __init__(self, sightings: NDArray[np.void], prior: Prior, box_sd: float, near: Camera | None) -> None:
        self._sightings = sightings
        self._prior = prior
        _, self._person = np.unique(sightings["person"], return_inverse=True)
        tall = sightings["foot"] - sightings["head"]
        self._lower = (sightings["foot"] - sightings["foot"].mean()) / np.median(tall)
        """How much lower the feet are than usual, in body heights."""
        noise2 = box_sd**2 + sightings["noise"] ** 2
        moves = np.hypot(sightings["dx"], sightings["dfoot"]) / tall
        gait2 = prior.gait_sd**2 * (1.0 + (STILL / np.maximum(moves, 0.01 * STILL)) ** 4)
        self._excess = np.zeros(len(sightings))
        """What jitter adds to the logarithm of a speed: noise makes nobody slower."""
        if near is not None:
            seen = bodies(near, sightings)
            reach = prior.reach_m * np.tan(np.clip(seen.top_rad, -STEEP_RAD, STEEP_RAD)) / prior.people_m
            noise2 += reach**2 + np.expm1(np.maximum(seen.top_rad - STEEP_RAD, 0.0) * 10.0)
            speed = np.maximum(np.hypot(seen.vx_m_s, seen.vy_m_s), 0.05)
            doubt = seen.noise2_m_s / speed**2
            self._excess = -0.5 * np.log(np.maximum(1.0 - doubt, 0.25))
            gait2 = gait2 * (1.0 + (SLOW_M_S / speed) ** 8) + doubt
        self._tall_weight, self._pace_weight = 1.0 / noise2, 1.0 / gait2

    def __call__(self, values: Floats) -> Floats:
        """(m,) residuals at log height, log focal length, tilt, log of the mean pace, margin and trend."""
        prior = self._prior
        seen = bodies(camera_of(values), self._sightings, float(values[4]))
        tall = _log(seen.height_m, 0.5) - log(prior.people_m) - values[5] * self._lower
        pace = _log(np.hypot(seen.vx_m_s, seen.vy_m_s), 0.05) - values[3] - self._excess
        heights = self._by_person(tall, self._tall_weight * seen.gain**2, prior.people_sd)
        paces = self._by_person(pace, self._pace_weight, prior.pace_sd)
        return np.concatenate([heights, paces, self._beforehand(values)])

    def _by_person(self, values: Floats, weight: Floats, spread: float) -> Floats:
        """Deviations from the person's mean, and the mean from 0."""
        total = np.bincount(self._person, weight)
        mean = np.bincount(self._person, weight * values) / total
        within = robust((values - mean[self._person]) * np.sqrt(weight))
        return np.concatenate([within, robust(mean / np.sqrt(spread**2 + 1.0 / total))])

    def _beforehand(self, values: Floats) -> Floats:
        p = self._prior
        return np.array(
            [
                (values[0] - log(p.height_m)) / p.height_sd,
                (values[1] - log(p.focal_w)) / p.focal_sd,
                (values[2] - p.tilt_rad) / p.tilt_sd,
                (values[3] - log(p.speed_m_s)) / p.speed_sd,
                (values[4] - p.margin_w) / p.margin_sd,
                values[5] / p.trend_sd,
            ]
        )

    def spreads(self, camera: Camera) -> tuple[float, float]:
        """Robust standard deviations between and within people of the logarithm of the height."""
        tall = _log(bodies(camera, self._sightings).height_m, 0.5)
        means = np.array([np.median(tall[self._person == k]) for k in range(self._person.max() + 1)])
        return deviation(means - np.median(means)), deviation(tall - means[self._person])


def _log(values: Floats, least: float) -> Floats:
    """Logarithm that goes on as a straight line below `least`, so that what cannot be still costs the more."""
    return np.asarray(np.log(np.maximum(values, least)) + np.minimum(values - least, 0.0) / least)


def robust(residuals: Floats, soft: float = 1.5) -> Floats:
    """Residuals whose squares grow like the logarithm beyond `soft`: wrong boxes lose their pull (Cauchy's loss)."""
    return np.asarray(np.sign(residuals) * soft * np.sqrt(np.log1p((residuals / soft) ** 2)))


def deviation(values: Floats) -> float:
    """Standard deviation by the median of the absolute values."""
    return 1.4826 * float(np.median(np.abs(values)))


def camera_of(values: Floats) -> Camera:
    """The camera at log height, log focal length and tilt."""
    return Camera(exp(values[0]), exp(values[1]), float(values[2]))


LOW = np.array([log(0.8), log(0.2), radians(10.0), log(0.2), -0.05, -0.5])
HIGH = np.array([log(40.0), log(4.0), radians(100.0), log(5.0), 0.05, 0.5])
STARTS = tuple(product((0.5, 0.9), (45.0, 60.0, 75.0)))
"""Focal lengths in widths and tilts in degrees to begin with."""
ROUNDS = 3
LEAST_BOX_SD, MOST_BOX_SD = 0.05, 0.12
"""Boxes err the same way in the same place, which no scatter shows: their heights are never trusted more than this."""


def fit_camera(sightings: NDArray[np.void], prior: Prior = Prior()) -> Fit:
    """The camera that explains the sightings best.

    Args:
        sightings: (n,) `SIGHTING`, n > 0.
        prior: what is known beforehand.
    """
    problem = _Problem(sightings, prior, prior.box_sd, None)
    begin = [
        np.array([log(prior.height_m), log(f), radians(t), log(prior.speed_m_s), prior.margin_w, 0.0])
        for f, t in STARTS
    ]
    best = min((_solved(problem, start) for start in begin), key=lambda found: (_at_bounds(found.x), float(found.cost)))
    for _ in range(ROUNDS):
        camera = camera_of(best.x)
        box_sd = min(max(problem.spreads(camera)[1], LEAST_BOX_SD), MOST_BOX_SD)
        problem = _Problem(sightings, prior, box_sd, camera)
        best = _solved(problem, best.x)
    covariance = np.linalg.inv(best.jac.T @ best.jac)[:3, :3]
    camera = camera_of(best.x)
    between, within = problem.spreads(camera)
    return Fit(camera, covariance, exp(best.x[3]), between, within, float(best.cost))


def _at_bounds(values: Floats) -> bool:
    return bool(((values < LOW + 0.02) | (values > HIGH - 0.02)).any())


def _solved(problem: _Problem, start: Floats) -> OptimizeResult:
    from scipy.optimize import least_squares  # noqa: PLC0415 - large, and few cameras are learnt

    return least_squares(problem, start, bounds=(LOW, HIGH), x_scale=(0.2, 0.2, 0.1, 0.2, 0.002, 0.02), max_nfev=40)

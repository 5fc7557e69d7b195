"""Jitter, courses and heights of tracks drawn by lot, some on a grid so that limits are met; written down."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from footfall.spatial.footing import Footings
from footfall.spatial.motion import Motion, Noise, Sample, blend, fit, jitter, noise
from footfall.spatial.regions import Focus
from footfall.spatial.trace import Trace
from spatial.storyboard import WIDE_PICTURE, person
from written import assert_as_written, in_json


def samples(lot: Random, count: int, step_s: float, begin_s: float) -> list[Sample]:
    """Somebody who walks; the jitter lasts for some samples, or is that of a grid."""
    vx, vy, sigma, memory = (
        lot.uniform(-0.1, 0.1),
        lot.uniform(-0.1, 0.1),
        lot.choice((0.0, 0.003, 0.02)),
        lot.choice((0.0, 0.5, 0.9)),
    )
    shake_x = shake_y = 0.0
    found = []
    for number in range(count):
        t_s = begin_s + step_s * (number + lot.choice((0.0, 0.0, 0.25)))
        shake_x = memory * shake_x + lot.gauss(0.0, sigma)
        shake_y = memory * shake_y + lot.gauss(0.0, sigma)
        found.append((t_s, 0.5 + vx * number * step_s + shake_x, 0.5 + vy * number * step_s + shake_y))
    return found


def motions() -> Iterator[str]:
    yield in_json(Motion(), Noise())
    lot = Random(261)
    for number in range(160):
        step_s = lot.choice((0.0, 0.03125, 0.0625, 0.125, 0.25, 1.0))
        way = samples(lot, lot.choice((1, 2, 3, 5, 6, 7, 11, 12, 13, 18, 30, 60)), step_s, 64.0 * (number % 3))
        found = noise(way)
        yield in_json(fit(way), [jitter(way, lag) for lag in (1, 2, 5)], found, found.independent(number % 40))
        yield in_json([blend(Noise(0.25, 0.5), found, share) for share in (-1.0, 0.0, 0.25, 1.0, 3.0)])


def heights() -> Iterator[str]:
    """Boxes that grow, shrink, lose their legs or their head, stand still in time and come to the picture's end."""
    lot = Random(262)
    for aspect in (1.0, WIDE_PICTURE):
        for _ in range(14):
            trace, t_s = Trace(1, aspect), lot.choice((0.0, 8.0, -4.0))
            x, foot, tall = lot.uniform(0.1, 0.9), lot.choice((0.5, 0.75, 0.96875)), lot.choice((0.25, 0.5))
            for _ in range(40):
                t_s += lot.choice((0.0, 0.125, 0.125, 0.25, 1.0, 5.0))
                x, foot = x + lot.choice((-1, 0, 1)) / 64, min(1.0, foot + lot.choice((-1, 0, 0, 1)) / 128)
                top, bottom = foot - tall, foot
                match lot.randrange(8):
                    case 0:
                        bottom = top + lot.choice((0.25, 0.5, 0.7, 0.75, 0.875)) * tall
                    case 1:
                        top = bottom - lot.choice((0.5, 0.7, 0.75)) * tall
                seen = person("ann", (x, bottom), t_s, box_n=(x - 0.05, top, x + 0.05, bottom))
                jumps = bool(trace.sights) and trace.jumps(seen, t_s)
                trace.see(seen, t_s)
                yield in_json(jumps, trace.foot_n, trace.summary, len(trace.sights))


def firmness() -> Iterator[str]:
    """Whether somebody is firmly below a line, by sights that tremble more or less."""
    lot = Random(263)
    for focus in Focus:
        footings = Footings(focus, WIDE_PICTURE)
        traces = [Trace(key, WIDE_PICTURE) for key in range(5)]
        places = [[lot.uniform(0.2, 0.8), lot.uniform(0.5, 0.6)] for _ in traces]
        shakes = (0.0, 0.001, 0.004, 0.01, 0.02)
        for number in range(130):
            t_s = 3.0 + number * 0.125
            for trace, place, sigma in zip(traces, places, shakes, strict=True):
                place[1] += 0.001 * (number // 30 % 2 * 2 - 1)
                foot = (place[0] + lot.gauss(0.0, sigma), place[1] + lot.gauss(0.0, sigma))
                trace.see(person("p", foot, t_s), t_s)
            for footing in footings.step(traces if number % 9 else traces[:3]):

                def depth_w(point_w: tuple[float, float]) -> float:
                    return point_w[1] - 0.55 * WIDE_PICTURE

                depth = depth_w(footing.point_w)
                firm = [
                    footing.is_firm(depth, threshold_w, depth_w)
                    for threshold_w in (0.0, 0.004, 0.02)
                    if depth >= threshold_w
                ]
                likely = footing.is_likely(0.002, depth_w)
                if number % 3 == 0:
                    yield in_json(footing.key, footing.point_w, footing.before_w, footing.before_s, firm, likely)
                else:
                    yield in_json(firm, likely)


def test_motion_and_jitter() -> None:
    assert_as_written("spatial/steps-motions", motions())


def test_heights_and_courses() -> None:
    assert_as_written("spatial/steps-heights", heights())


def test_who_stands_firmly() -> None:
    assert_as_written("spatial/steps-firmness", firmness())

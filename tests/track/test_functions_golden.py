"""What the parts of the tracker answer to boxes drawn by lot, some on a grid so that limits are met; written down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from footfall.core.types import Detections
from footfall.track import footprint, motion
from footfall.track.association import (
    assign,
    coincident,
    covered,
    gate,
    head_overlap,
    hidden_share,
    meeting,
    mutual,
    overlap,
)
from footfall.track.camera import drift, leap
from footfall.track.perspective import Perspective, feet_below
from footfall.track.scores import ScoreLevel
from footfall.track.settings import MotionSettings
from footfall.track.table import Floats
from footfall.track.tracks import at_edge, people_boxes, share_inside
from written import assert_as_written, in_json


def boxes(rng: np.random.Generator, count: int, is_exact: bool) -> Floats:
    """(n, 4) cx cy w h."""
    found = np.stack(
        [rng.uniform(low, high, count) for low, high in ((0, 1), (0.1, 0.6), (0.03, 0.2), (0.05, 0.5))], axis=1
    )
    if is_exact:
        found = np.maximum(np.round(found * 16), 1) / 16
        found[1:3] = found[0]
    return found


def pairs() -> Iterator[str]:
    rng = np.random.default_rng(11)
    for number in range(40):
        is_exact = number % 2 == 0
        a, b = boxes(rng, 6, is_exact), boxes(rng, 7, is_exact)
        expand = rng.uniform(0.0, 0.5, 6) if number % 3 else np.zeros(6)
        met = meeting(a, b, expand)
        yield in_json(overlap(a, b, expand).tolist(), overlap(a, b, expand, modulated=False).tolist())
        yield in_json(met.i.tolist(), met.j.tolist(), met.gain.tolist(), covered(a, b).tolist())
        yield in_json(head_overlap(a, b, expand).tolist(), hidden_share(a, b, np.arange(6)).tolist())
        for least in (0.5, 1.0, 0.02):
            i, j = coincident(b, least)
            yield in_json(least, sorted(zip(i.tolist(), j.tolist(), strict=True)))
        gain = np.round(rng.uniform(-0.2, 1.0, (6, 7)) * 8) / 8 if is_exact else rng.uniform(-0.2, 1.0, (6, 7))
        for least in (0.0, 0.25, 0.875):
            best = [np.stack(found).T.tolist() for found in (mutual(gain, least),)]
            i, j = assign(gain, least)
            yield in_json(best, float(gain[i, j].sum()), len(i), len(set(i.tolist())), len(set(j.tolist())))
        distance2 = np.round(rng.uniform(0.0, 24.0, (6, 7)))
        plausible, free = rng.random((6, 7)) < 0.7, rng.random(6) < 0.5
        yield in_json(gate(distance2, plausible, free, rng.choice([2.0, 4.0, 9.0], 6)).tolist())


def feet() -> Iterator[str]:
    rng = np.random.default_rng(12)
    for number in range(18):
        body = np.zeros(8, footprint.BODY)
        first = boxes(rng, 8, is_exact=number % 2 == 0)
        footprint.start(body, first)
        yield in_json([body[name].tolist() for name in footprint.BODY.names or ()])
        line = (None, (0.02, 0.6), (-0.1, 0.85))[number % 3]
        for _ in range(4):
            seen = first.copy()
            share = rng.choice([1.0, 1.0, 0.95, 0.9, 0.875, 0.5, 1.25], 8)
            seen[:, 3] *= share
            seen[:, 1] -= np.where(rng.random(8) < 0.7, 1, -1) * (first[:, 3] - seen[:, 3]) / 2
            hidden, whole = footprint.stand(body, seen, rng.choice([0.0, 0.1, 1.0, 20.0], 8), 0.5625, line)
            yield in_json(hidden.tolist(), whole.tolist(), [body[name].tolist() for name in footprint.BODY.names or ()])
            yield in_json(footprint.completed(body, seen).tolist())


def moves() -> Iterator[str]:
    rng, spec = np.random.default_rng(13), MotionSettings()
    for number in range(12):
        moving = np.zeros(5, motion.MOTION)
        motion.start(moving, boxes(rng, 5, is_exact=False), rng.uniform(0.01, 0.2, 5), spec)
        for dt_s in (0.0, 0.04, 0.4, 3.0, 50.0)[: 2 + number % 4]:
            motion.predict(moving, dt_s, spec)
            measured, noise = boxes(rng, 5, is_exact=False), rng.uniform(0.01, 0.2, 5)
            rows = None if number % 2 else np.array([3, 0, 1])
            motion.correct(
                moving, rows, measured if rows is None else measured[:3], noise if rows is None else noise[:3]
            )
            yield in_json(*(moving[name].tolist() for name in motion.FIELDS))
            gap_s = rng.uniform(0.0, 3.0, 5)
            walked = motion.distance_walked(moving, gap_s, spec)
            yield in_json(motion.distance2(moving, measured, noise).tolist(), walked.tolist())


def cameras() -> Iterator[str]:
    rng = np.random.default_rng(14)
    for number in range(150):
        count = int(rng.choice([3, 4, 5, 7, 9, 20, 45]))
        expected = boxes(rng, count, is_exact=False)
        shift = rng.uniform(-0.25, 0.25, 2) * rng.choice([0.05, 0.5, 1.0])
        seen = expected.copy()
        seen[:, :2] += shift + rng.normal(0.0, rng.choice([0.0, 0.004, 0.015]), (count, 2))
        seen[:, 3] *= rng.choice([1.0, 1.0, 1.15, 1.3], count)
        others = rng.random(count) < (0.0, 0.0, 0.2, 0.45)[number % 4]
        seen[others] = boxes(rng, int(others.sum()), is_exact=False)
        found = seen[rng.permutation(count)][: max(2, count - number % 3)]
        yield in_json(drift(seen[:, :2] - expected[:, :2]).tolist(), leap(expected, found).tolist())


def perspectives() -> Iterator[str]:
    rng = np.random.default_rng(15)
    for number in range(25):
        view, growth = Perspective(), float(rng.uniform(-0.1, 1.1))
        spread = (0.01, 0.03, 0.15)[number % 3]
        for _ in range(12):
            foot = 0.35 + rng.normal(0.0, spread, int(rng.integers(0, 4)))
            height = 0.02 + growth * foot + rng.normal(0.0, 0.01, len(foot))
            view.learn(foot, height, float(rng.choice([0.1, 5.0, 300.0])))
            line = view.slope()
            yield in_json(line)
            for told in (line, (0.1, growth), None):
                top, stature = rng.uniform(0.0, 0.3, 4), rng.uniform(0.02, 0.4, 4)
                yield in_json(feet_below(top, stature, rng.uniform(0.1, 0.5, 4), told).tolist())


def levels() -> Iterator[str]:
    rng = np.random.default_rng(16)
    for number in range(8):
        level = ScoreLevel(0.6, (5.0, 300.0)[number % 2])
        for _ in range(25):
            score = rng.uniform(0.1, 1.1, int(rng.integers(0, 8))) * (0.5, 1.0)[number % 4 // 2]
            level.learn(score, float(rng.choice([0.0, 0.1, 0.5, 3.0])))
            yield in_json(level.level, level.relative(np.array([-0.1, 0.0, 0.3, 0.5, 0.99])).tolist())


def pictures() -> Iterator[str]:
    rng = np.random.default_rng(17)
    for number in range(40):
        xyxy = rng.uniform((-40.0, -40.0) * 2, (600.0, 330.0) * 2, (9, 4)).astype(np.float32)
        xyxy[:, 2:] = xyxy[:, :2] + rng.choice([0.5, 1.0, 2.0, 60.0, 90.0, 3000.0], (9, 2))
        xyxy[0, number % 4] = (np.nan, np.inf, -np.inf, 1e30)[number % 3]
        score = rng.uniform(0.0, 1.0, 9).astype(np.float32)
        found = Detections(xyxy, score, rng.integers(0, 2, 9).astype(np.int16), (640, 360))
        rows, cxcywh = people_boxes(found)
        yield in_json(rows.tolist(), cxcywh.tolist(), at_edge(cxcywh, 0.5625).tolist())
        yield in_json([share_inside(box, 0.5625) for box in cxcywh.tolist()])


def test_who_meets_whom() -> None:
    assert_as_written("track/pairs", pairs())


def test_feet() -> None:
    assert_as_written("track/feet", feet())


def test_moves() -> None:
    assert_as_written("track/moves", moves())


def test_cameras() -> None:
    assert_as_written("track/cameras", cameras())


def test_perspectives() -> None:
    assert_as_written("track/perspectives", perspectives())


def test_levels() -> None:
    assert_as_written("track/levels", levels())


def test_pictures() -> None:
    assert_as_written("track/pictures", pictures())

"""A crowd that detectors see with every fault there is, at three frame rates, written down: who is whom, and where.

`FOOTFALL_GOLDEN=write pytest` rewrites the files; review the diff.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from footfall.core.types import Detections
from footfall.track.table import Floats
from track.scenes import SIZE, tracker
from written import assert_as_written, in_json

SECONDS, PEOPLE = 60.0, 16
STORIES = {"tracker": (10.0, 1), "tracker-slow": (2.5, 2), "tracker-fast": (25.0, 3), "tracker-knocked": (8.0, 4)}
"""Name -> frames a second, seed."""


class Crowd:
    """People who walk to and fro, stop, hide, and come back; nearer ones are larger and lower in the picture."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._x, self._y = rng.uniform(-40.0, 680.0, PEOPLE), rng.uniform(150.0, 380.0, PEOPLE)
        self._goal = np.stack([rng.uniform(-80.0, 720.0, PEOPLE), rng.uniform(150.0, 380.0, PEOPLE)])
        self._pace = rng.uniform(0.2, 0.9, PEOPLE)
        self._tall = rng.uniform(0.42, 0.52, PEOPLE)
        self._score = rng.uniform(0.35, 0.95, PEOPLE)
        self._away = rng.uniform(0.0, SECONDS, (PEOPLE, 4))
        self._away_s = rng.choice([0.2, 0.6, 1.5, 4.0, 12.0], (PEOPLE, 4))
        self._legless = rng.uniform(0.0, SECONDS, (PEOPLE, 3))
        self._pan = np.zeros(2)

    def advance(self, dt_s: float, knock: bool) -> None:
        """Everybody walks on; now and then the camera is turned."""
        height = self._tall * self._y
        way = self._goal - np.stack([self._x, self._y])
        far = np.hypot(*way)
        step = np.minimum(far, self._pace * height * dt_s)
        self._x, self._y = np.stack([self._x, self._y]) + way / np.maximum(far, 1e-9) * step
        there = far < 3.0
        self._goal[:, there] = np.stack(
            [self._rng.uniform(-80.0, 720.0, PEOPLE), self._rng.uniform(150.0, 380.0, PEOPLE)]
        )[:, there]
        if knock and self._rng.random() < 0.02:
            self._pan = self._rng.uniform((-60.0, -20.0), (60.0, 20.0))

    def look(self, t_s: float) -> Detections:
        """Boxes with noise, misses, doubles, cut legs, rubbish and other things than people."""
        rng, height = self._rng, self._tall * self._y
        hidden = ((self._away <= t_s) & (t_s < self._away + self._away_s)).any(axis=1) | (rng.random(PEOPLE) < 0.06)
        legless = ((self._legless <= t_s) & (t_s < self._legless + 2.0)).any(axis=1)
        top, bottom = self._y - height, np.where(legless, self._y - 0.55 * height, self._y)
        half = 0.19 * height
        boxes = np.stack([self._x - half, top, self._x + half, bottom], axis=1) + np.tile(self._pan, 2)
        boxes += rng.normal(0.0, 0.012, (PEOPLE, 4)) * height[:, None]
        inside = (boxes[:, 2] > 8.0) & (boxes[:, 0] < SIZE[0] - 8.0) & (boxes[:, 1] < SIZE[1] - 20.0)
        shown = boxes[~hidden & inside]
        score = np.clip(self._score + rng.normal(0.0, 0.08, PEOPLE), 0.05, 1.0)[~hidden & inside]
        label = np.zeros(len(shown))
        if len(shown):
            shown, score, label = self._with_rubbish(shown, score, label)
        limit = np.array([*SIZE, *SIZE], float)
        shown = np.where(np.isfinite(shown), np.clip(shown, -30.0, limit + 30.0), shown)
        return Detections(shown.astype(np.float32), score.astype(np.float32), label.astype(np.int16), SIZE)

    def _with_rubbish(self, boxes: Floats, score: Floats, label: Floats) -> tuple[Floats, Floats, Floats]:
        rng = self._rng
        more: list[tuple[Floats, float, int]] = []
        if rng.random() < 0.25:
            more.append((boxes[0] + rng.normal(0.0, 4.0, 4), 0.5, 0))
        if rng.random() < 0.2:
            x0, y0, x1, y1 = boxes[-1]
            more.append((np.array([x0, y0, x1, y0 + 0.4 * (y1 - y0)]), 0.8, 0))
        if rng.random() < 0.1:
            corner = rng.uniform(0.0, 300.0, 2)
            more.append(
                (
                    np.concatenate([corner, corner + rng.uniform(10.0, 90.0, 2)]),
                    float(rng.random()),
                    int(rng.integers(2)),
                )
            )
        if rng.random() < 0.05:
            more.append((np.array([np.nan, 10.0, 50.0, 90.0]), 0.9, 0))
        for box, sure, kind in more:
            boxes, score, label = np.vstack([boxes, box]), np.append(score, sure), np.append(label, kind)
        order = rng.permutation(len(boxes))
        return boxes[order], score[order], label[order]


def told(fps: float, seed: int, is_knocked: bool) -> Iterator[str]:
    rng = np.random.default_rng(seed)
    crowd, who, t_s, frame = Crowd(rng), tracker(), 0.0, 0
    while t_s < SECONDS:
        pause_s = float(rng.choice([1.0, 1.0, 1.0, 1.1, 2.0, 8.0], p=[0.5, 0.2, 0.2, 0.06, 0.03, 0.01])) / fps
        crowd.advance(pause_s, is_knocked)
        t_s, frame = t_s + pause_s, frame + 1
        seen = who.update(crowd.look(t_s), t_s, frame)
        if frame % max(1, int(fps / 4.0)) == 0:
            people = [(int(one.track_id, 16), one.footprint_n) for one in seen]
            held = who.held(SIZE)
            yield in_json(t_s, people, [int(name, 16) for name in held["id"]], float(held["cxcywh"].sum()), len(who))


@pytest.mark.parametrize("name", STORIES)
def test_everybody_is_who_they_were(name: str) -> None:
    fps, seed = STORIES[name]
    assert_as_written(f"track/{name}", told(fps, seed, is_knocked=name == "tracker-knocked"))

"""The baseline of few-shot detection: one linear look at every cell for itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from footfall.learning.box_views import truth_of
from footfall.learning.cells import centres, distances, targets
from footfall.learning.embedding import Embedding, load_embedding
from footfall.learning.lesson import Lesson, Rgb
from footfall.learning.model import Boxes, stretched
from footfall.learning.second_look import overlaps

SIDE = 20
QUIET_CELLS = 60
MOST = 100


def learn_plain(lesson: Lesson) -> Callable[[Rgb], Boxes]:
    """Logistic regression of the tag and ridge regression of the sides on the backbone's maps, cell by cell."""
    embedding = load_embedding()
    rng = np.random.default_rng(0)
    rows, labels, logs = [], [], []
    for example in lesson.examples:
        truth = truth_of(example.boxes_xyxy_n, example.labels)
        wanted = targets(truth, SIDE)
        cells = np.concatenate(
            [np.flatnonzero(wanted.boxes >= 0), rng.permutation(np.flatnonzero(wanted.labels == 0))[:QUIET_CELLS]]
        )
        owner = wanted.boxes[cells]
        sides = np.zeros((len(cells), 4), np.float32)
        sides[owner >= 0] = distances(truth.xyxy_n[owner[owner >= 0]], cells[owner >= 0], SIDE)
        rows.append(_seen(embedding, lesson.read(example.id))[cells])
        labels.append(wanted.labels[cells])
        logs.append(sides)
    x, label, log = np.concatenate(rows), np.concatenate(labels), np.concatenate(logs)
    named = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300)).fit(x, label)
    sides_of = make_pipeline(StandardScaler(), Ridge(100.0)).fit(x[label > 0], log[label > 0])

    def detect(rgb: Rgb) -> Boxes:
        seen = _seen(embedding, rgb)
        chances = named.predict_proba(seen)[:, 1:]
        lengths = np.exp(np.clip(sides_of.predict(seen), -3, 3))
        middle = centres(SIDE)
        boxes = np.concatenate([middle - lengths[:, :2], middle + lengths[:, 2:]], axis=1) / SIDE
        return _surest(np.clip(boxes, 0, 1).astype(np.float32), chances)

    return detect


def _seen(embedding: Embedding, rgb: Rgb) -> np.ndarray:
    fine, middle, coarse = (one[0] for one in embedding.maps(stretched(rgb, 320)[None]))
    fine = fine.reshape(len(fine), SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    coarse = coarse.repeat(2, axis=1).repeat(2, axis=2)
    return np.concatenate([fine, middle, coarse]).reshape(-1, SIDE * SIDE).T


def _surest(boxes: np.ndarray, chances: np.ndarray) -> Boxes:
    kept: list[tuple[int, int]] = []
    for tag in range(chances.shape[1]):
        is_free = np.ones(len(boxes), bool)
        for row in np.argsort(-chances[:, tag], kind="stable"):
            if is_free[row]:
                kept.append((row, tag))
                is_free &= overlaps(boxes[row : row + 1], boxes)[0] < 0.45
    kept.sort(key=lambda pair: -chances[pair])
    rows, tags = (np.array(column, np.int64) for column in zip(*kept[:MOST], strict=True))
    return Boxes(boxes[rows], tags, chances[rows, tags].astype(np.float32))

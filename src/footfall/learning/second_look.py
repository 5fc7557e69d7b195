"""Learning the second look: what the first one found where it had not learned, judged again and put right.

Regression of shift and growth after Girshick et al. 2014 ("R-CNN", appendix C).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.learning.box_graph import Heads, Reduction, first_graph, inside_graph
from footfall.learning.box_heads import Linear, fit_projection, fit_ridge, fit_softmax
from footfall.learning.box_maps import Shown
from footfall.learning.box_views import Truth
from footfall.learning.cells import BACKGROUND, UNTOLD, Scale
from footfall.learning.session import open_session

F32: TypeAlias = NDArray[np.float32]

COMPONENTS: Final = 384
ROWS_FOR_COMPONENTS: Final = 2500
WHITENING: Final = 0.5
DECAY: Final = 3e-4
CHANGE_DECAY: Final = 3e-3
RIGHT: Final = 0.5
"""IoU from which on a candidate is a thing."""
WRONG: Final = 0.4
"""IoU below which it is not."""
MENDED: Final = 0.35
"""IoU from which on it teaches what a thing's box should have been."""
JITTERS: Final = 4
"""Of each true box."""
FOUND_OF_A_VIEW: Final = 24
SURELY_FOUND: Final = 16
"""The first so many of them are those that the first look was surest of."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Candidates of one view."""

    xyxy_n: F32
    """(n, 4)"""
    labels: NDArray[np.int64]
    """(n,) 0 background, 1 + tag, -1 neither."""
    changes: F32
    """(n, 4) from the candidate to the true box; not a number where there is none near."""


class SecondLook:
    """Gathers candidates of views, then learns from those of any examples."""

    def __init__(self, reduction: Reduction, scale: Scale, tags: int, seed: int) -> None:
        self._reduction, self._scale, self._tags = reduction, scale, tags
        self._rng = np.random.default_rng([seed, 3])

    def gather(self, shown: Sequence[Shown], firsts: Sequence[Linear], folds: NDArray[np.int16], threads: int) -> None:
        """Find candidates in each view with the first look that has not learned from its picture.

        Args:
            shown: views.
            firsts: first looks, one for each fold, learned from all others.
            folds: fold of each example.
            threads: cores that may be used.
        """
        finders = [
            open_session(first_graph(Heads(self._scale, self._reduction, first, None)).SerializeToString(), threads)
            for first in firsts
        ]
        regions = []
        for one in shown:
            (found,) = finders[folds[one.example]].run(["candidates"], {"map": one.grid()[None]})
            regions.append(self._chosen(found, one.truth))
        inside = open_session(inside_graph(self._reduction, self._scale).SerializeToString(), threads)

        def look(view: int) -> F32:
            feeds = {"map": shown[view].grid()[None], "regions": regions[view].xyxy_n}
            return np.asarray(inside.run(["inside"], feeds)[0], np.float32)

        rows: list[F32] = []
        order = self._rng.permutation(len(shown))
        while len(rows) < len(order) and sum(map(len, rows)) < ROWS_FOR_COMPONENTS:
            rows.append(look(int(order[len(rows)])))
        self._projection = fit_projection(np.concatenate(rows), COMPONENTS, WHITENING)
        self._seen = np.concatenate([self._projection(look(view)) for view in range(len(shown))])
        self._labels = np.concatenate([one.labels for one in regions])
        self._changes = np.concatenate([one.changes for one in regions])
        counts = [len(one.labels) for one in regions]
        self._examples = np.repeat([one.example for one in shown], counts)

    def examples(self) -> NDArray[np.int64]:
        """(n,) which example each candidate comes from."""
        return self._examples

    def learned(self, keep: NDArray[np.bool_]) -> Linear:
        """The head that some of the candidates teach."""
        told = keep & (self._labels != UNTOLD)
        ones = np.ones(len(keep), np.float32)
        named = fit_softmax(self._seen[told], self._labels[told], ones[told], 1 + self._tags, DECAY)
        near = keep & np.isfinite(self._changes[:, 0])
        mended = fit_ridge(self._seen[near], self._changes[near], ones[near], CHANGE_DECAY)
        return named.beside(mended).after(self._projection)

    def _chosen(self, found: F32, truth: Truth) -> Regions:
        """Some of the candidates, the surest and others, and true boxes a little aside."""
        rest = SURELY_FOUND + self._rng.permutation(max(0, len(found) - SURELY_FOUND))
        found = np.concatenate([found[:SURELY_FOUND], found[rest[: FOUND_OF_A_VIEW - SURELY_FOUND]]])
        boxes = np.concatenate([found, self._jittered(truth.xyxy_n[truth.tags >= 0])]).astype(np.float32)
        return judged(boxes[(boxes[:, 2:] - boxes[:, :2]).min(axis=1) > 1e-3], truth)

    def _jittered(self, boxes: F32) -> F32:
        boxes = np.repeat(boxes, JITTERS, axis=0)
        extent = boxes[:, 2:] - boxes[:, :2]
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2 + extent * self._rng.normal(0.0, 0.12, extent.shape)
        half = extent / 2 * np.exp(self._rng.normal(0.0, 0.18, extent.shape))
        return np.clip(np.concatenate([middle - half, middle + half], axis=1), 0.0, 1.0).astype(np.float32)


def judged(boxes: F32, truth: Truth) -> Regions:
    """What candidates are, given the truth: (n, 4)."""
    labels = np.full(len(boxes), BACKGROUND, np.int64)
    changes = np.full((len(boxes), 4), np.nan, np.float32)
    if not len(truth.tags):
        return Regions(boxes, labels, changes)
    shares = overlaps(boxes, truth.xyxy_n)
    nearest = shares.argmax(axis=1)
    best, tags = shares.max(axis=1), truth.tags[nearest]
    labels[best >= WRONG] = UNTOLD
    labels[(best > 0.1) & (tags < 0)] = UNTOLD
    right = (best >= RIGHT) & (tags >= 0)
    labels[right] = 1 + tags[right]
    near = (best >= MENDED) & (tags >= 0)
    changes[near] = change(boxes[near], truth.xyxy_n[nearest[near]])
    return Regions(boxes, labels, changes)


def change(boxes: F32, wanted: F32) -> F32:
    """Shift, in sides of the box, and logarithm of the growth: x, y, width, height; (n, 4) each."""
    extent, aim = boxes[:, 2:] - boxes[:, :2], wanted[:, 2:] - wanted[:, :2]
    shift = (wanted[:, 2:] + wanted[:, :2] - boxes[:, 2:] - boxes[:, :2]) / 2 / extent
    return np.concatenate([shift, np.log(aim / extent)], axis=1).astype(np.float32)


def overlaps(some: F32, others: F32) -> F32:
    """Intersection over union: (n, 4), (m, 4) -> (n, m)."""
    low = np.maximum(some[:, None, :2], others[None, :, :2])
    high = np.minimum(some[:, None, 2:], others[None, :, 2:])
    shared = np.maximum(high - low, 0.0).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (some, others)]
    return np.asarray(shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-12), np.float32)

"""Learning the second look: what the first one found where it had not learned, judged again and put right.

Regression of shift and growth after Girshick et al. 2014 ("R-CNN", appendix C).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.detect.session import open_session
from footfall.learning.box_graph import Heads, first_graph, inside_graph
from footfall.learning.box_heads import Linear, Projection, fit_projection, fit_ridge, fit_softmax
from footfall.learning.box_maps import Shown
from footfall.learning.box_views import Truth
from footfall.learning.cells import BACKGROUND, UNTOLD
from footfall.learning.lesson import Lesson

F32: TypeAlias = NDArray[np.float32]

COMPONENTS: Final = 384
ROWS_FOR_COMPONENTS: Final = 2500
WHITENING: Final = 0.5
DECAY: Final = 1e-2
CHANGE_DECAY: Final = 1e-2
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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates of many views, and what lies in them."""

    projection: Projection
    seen: F32
    """(n, components)"""
    labels: NDArray[np.int64]
    """(n,) as in `Regions`."""
    changes: F32
    """(n, 4) as in `Regions`."""
    examples: NDArray[np.int64]
    """(n,) which example each comes from."""

    def learned(self, keep: NDArray[np.bool_], tags: int) -> Linear:
        """The head that some of the candidates teach."""
        told = keep & (self.labels != UNTOLD)
        ones = np.ones(len(keep), np.float32)
        named = fit_softmax(self.seen[told], self.labels[told], ones[told], 1 + tags, DECAY)
        near = keep & np.isfinite(self.changes[:, 0])
        mended = fit_ridge(self.seen[near], self.changes[near], ones[near], CHANGE_DECAY)
        return named.beside(mended).after(self.projection)


class SecondLook:
    """Finds candidates, and looks into them."""

    def __init__(self, shown: Sequence[Shown], heads: Heads, lesson: Lesson) -> None:
        self._shown, self._heads, self._threads = shown, heads, lesson.threads
        self._rng = np.random.default_rng([lesson.seed, 3])
        self._inside = open_session(inside_graph(heads.reduction, heads.scale).SerializeToString(), lesson.threads)

    def candidates(
        self, firsts: Sequence[Linear], folds: NDArray[np.int16], tell: Callable[[float], None]
    ) -> Candidates:
        """In each view those of the first look that has not learned from its picture.

        Args:
            firsts: first looks, one for each fold, learned from all others.
            folds: fold of each example.
            tell: hears how far it is, 0 to 1.
        """
        graphs = [first_graph(replace(self._heads, first=first)).SerializeToString() for first in firsts]
        finders = [open_session(graph, self._threads) for graph in graphs]
        regions = []
        for done, one in enumerate(self._shown):
            tell(0.5 * done / len(self._shown))
            (found,) = finders[folds[one.example]].run(["candidates"], {"map": one.grid()[None]})
            regions.append(self._chosen(found, one.truth))
        projection = self._projection(regions)
        pairs = list(zip(self._shown, regions, strict=True))
        seen = []
        for done, (one, there) in enumerate(pairs):
            tell(0.5 + 0.5 * done / len(pairs))
            seen.append(projection(self._look(one, there)))
        return Candidates(
            projection=projection,
            seen=np.concatenate(seen),
            labels=np.concatenate([there.labels for there in regions]),
            changes=np.concatenate([there.changes for there in regions]),
            examples=np.concatenate([np.full(len(there.labels), one.example) for one, there in pairs]),
        )

    def _look(self, shown: Shown, regions: Regions) -> F32:
        """(n, channels * bins * bins) what lies in regions of a view."""
        (inside,) = self._inside.run(["inside"], {"map": shown.grid()[None], "regions": regions.xyxy_n})
        return np.asarray(inside, np.float32)

    def _projection(self, regions: Sequence[Regions]) -> Projection:
        rows: list[F32] = []
        for view in self._rng.permutation(len(regions)):
            rows.append(self._look(self._shown[view], regions[view]))
            if sum(map(len, rows)) >= ROWS_FOR_COMPONENTS:
                break
        return fit_projection(np.concatenate(rows), COMPONENTS, WHITENING)

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
        return np.asarray(np.clip(np.concatenate([middle - half, middle + half], axis=1), 0.0, 1.0), np.float32)


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

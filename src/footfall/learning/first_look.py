"""Learning the first look: cells that answer for boxes against cells that do not, the misleading ones sought out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.detect.session import open_session
from footfall.learning.box_graph import Heads, first_graph
from footfall.learning.box_heads import Linear, Projection, fit_projection, fit_ridge, fit_softmax
from footfall.learning.box_maps import Shown
from footfall.learning.cells import BACKGROUND, Targets, distances, pooled, seen_from, targets
from footfall.learning.lesson import Lesson

F32: TypeAlias = NDArray[np.float32]

COMPONENTS: Final = 256
ROWS_FOR_COMPONENTS: Final = 6000
WHITENING: Final = 0.5
DECAY: Final = 3e-3
SIDES_DECAY: Final = 1e-3
CELLS_OF_A_BOX: Final = 6
BOXES_OF_A_VIEW: Final = 40
QUIET_CELLS: Final = 40
"""Background cells of a view, drawn at random."""
MISLEADING_CELLS: Final = 24
"""Background cells of a view that a first model is surest about."""
MISLEADING: Final = 0.05
"""Probability of anything from which on a cell misleads."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of many views."""

    seen: F32
    """(n, components)"""
    labels: NDArray[np.int64]
    """(n,) 0 background, 1 + tag."""
    weights: F32
    """(n,)"""
    logs: F32
    """(n, 4) logarithms of the distances to the four sides; nothing where it is background."""
    examples: NDArray[np.int64]
    """(n,)"""

    def of(self, keep: NDArray[np.bool_]) -> Cells:
        """Some of them."""
        return Cells(self.seen[keep], self.labels[keep], self.weights[keep], self.logs[keep], self.examples[keep])

    def __add__(self, other: Cells) -> Cells:
        """These and others."""
        return Cells(
            np.concatenate([self.seen, other.seen]),
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.weights, other.weights]),
            np.concatenate([self.logs, other.logs]),
            np.concatenate([self.examples, other.examples]),
        )


class FirstLook:
    """Gathers cells of views, then learns from those of any examples.

    Args:
        shown: all views.
        heads: how maps are reduced, and how fine the grid is.
        lesson: what is learned.
        tell: hears how far gathering is, 0 to 1.
    """

    def __init__(self, shown: Sequence[Shown], heads: Heads, lesson: Lesson, tell: Callable[[float], None]) -> None:
        self._shown, self._heads, self._lesson = shown, heads, lesson
        self._rng = np.random.default_rng([lesson.seed, 2])
        self._targets = [targets(one.truth, heads.scale.side) for one in shown]
        drawn = [self._drawn(one) for one in self._targets]
        self._projection = self._project(drawn)
        self._cells = self._gathered(drawn, tell)

    def sharpen(self, tell: Callable[[float], None]) -> None:
        """Add the background cells that a model of all cells takes for something; `tell` hears how far it is."""
        heads = replace(self._heads, first=self.learned(np.ones(len(self._cells.labels), np.bool_)))
        session = open_session(first_graph(heads).SerializeToString(), self._lesson.threads)
        chosen = []
        for done, (shown, wanted) in enumerate(zip(self._shown, self._targets, strict=True)):
            tell(0.7 * done / len(self._shown))
            (scores,) = session.run(["scores"], {"map": shown.grid()[None]})
            something = np.where(wanted.labels == BACKGROUND, 1.0 - scores[:, 0], -1.0)
            worst = np.argsort(-something, kind="stable")[:MISLEADING_CELLS]
            chosen.append(worst[something[worst] >= MISLEADING])
        self._cells = self._cells + self._gathered(chosen, lambda share: tell(0.7 + 0.3 * share))

    def examples(self) -> NDArray[np.int64]:
        """(n,) which example each cell comes from."""
        return self._cells.examples

    def learned(self, keep: NDArray[np.bool_]) -> Linear:
        """The head that some of the cells teach."""
        cells = self._cells.of(keep)
        is_box = cells.labels != BACKGROUND
        named = fit_softmax(cells.seen, cells.labels, cells.weights, 1 + len(self._lesson.tags), DECAY)
        boxes = cells.of(is_box)
        sides = fit_ridge(boxes.seen, boxes.logs, boxes.weights, SIDES_DECAY)
        return named.beside(sides).after(self._projection)

    def _drawn(self, wanted: Targets) -> NDArray[np.int64]:
        """Cells of a view: some of every box, some of the background."""
        rng = self._rng
        rows = np.unique(wanted.boxes[wanted.boxes >= 0])
        rows = rng.permutation(rows)[:BOXES_OF_A_VIEW]
        parts = [rng.permutation(np.flatnonzero(wanted.boxes == row))[:CELLS_OF_A_BOX] for row in rows]
        quiet = np.flatnonzero(wanted.labels == BACKGROUND)
        return np.concatenate([*parts, rng.permutation(quiet)[:QUIET_CELLS]]).astype(np.int64)

    def _project(self, drawn: list[NDArray[np.int64]]) -> Projection:
        order = self._rng.permutation(len(self._shown))
        rows: list[F32] = []
        while len(rows) < len(order) and sum(map(len, rows)) < ROWS_FOR_COMPONENTS:
            view = order[len(rows)]
            rows.append(self._seen(self._shown[view], drawn[view]))
        return fit_projection(np.concatenate(rows), COMPONENTS, WHITENING)

    def _seen(self, shown: Shown, cells: NDArray[np.int64]) -> F32:
        return seen_from(pooled(shown.grid(), self._heads.scale.pool), cells)

    def _gathered(self, chosen: list[NDArray[np.int64]], tell: Callable[[float], None]) -> Cells:
        parts = []
        for done, (shown, wanted, cells) in enumerate(zip(self._shown, self._targets, chosen, strict=True)):
            tell(done / len(chosen))
            parts.append(self._cells_of(shown, wanted, cells))
        return Cells(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _cells_of(
        self, shown: Shown, wanted: Targets, cells: NDArray[np.int64]
    ) -> tuple[F32, NDArray[np.int64], F32, F32, NDArray[np.int64]]:
        labels, rows = wanted.labels[cells], wanted.boxes[cells]
        logs = np.zeros((len(cells), 4), np.float32)
        logs[rows >= 0] = distances(shown.truth.xyxy_n[rows[rows >= 0]], cells[rows >= 0], self._heads.scale.side)
        per_box = np.bincount(rows[rows >= 0], minlength=len(shown.truth.tags) or 1)
        weights = np.where(rows >= 0, CELLS_OF_A_BOX / np.maximum(per_box[np.maximum(rows, 0)], 1), 1.0)
        seen = self._projection(self._seen(shown, cells))
        return seen, labels, weights.astype(np.float32), logs, np.full(len(cells), shown.example, np.int64)

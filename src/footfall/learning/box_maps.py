"""What the backbone sees in many views of many pictures, kept small: one map of few channels for each view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
import onnx
from numpy.typing import NDArray

from footfall.detect.session import open_session
from footfall.learning.box_graph import SIDE_PX, Reduction, map_graph
from footfall.learning.box_heads import fit_projection
from footfall.learning.box_views import Truth, truth_of, views
from footfall.learning.cells import Scale
from footfall.learning.embedding import Embedding
from footfall.learning.lesson import Lesson, Rgb
from footfall.learning.model import DETECTOR_INPUT, stretched

F32: TypeAlias = NDArray[np.float32]

CHANNELS: Final = 96
PICTURES_FOR_CHANNELS: Final = 60
CELLS_OF_A_PICTURE: Final = 150


@dataclass(frozen=True, slots=True)
class Shown:
    """One view of one example."""

    example: int
    map: NDArray[np.float16]
    """(channels, side, side)"""
    truth: Truth

    def grid(self) -> F32:
        """The map, as it was computed."""
        return self.map.astype(np.float32)


def fit_reduction(lesson: Lesson, usable: Sequence[int], embedding: Embedding, scale: Scale) -> Reduction:
    """The principal components of the backbone's channels over some of the usable pictures."""
    step = max(1, -(-len(usable) // PICTURES_FOR_CHANNELS))
    rng = np.random.default_rng([lesson.seed, 0])
    seen = []
    for index in usable[::step]:
        square = stretched(lesson.read(lesson.examples[index].id), SIDE_PX)
        picture = np.asarray(cv2.resize(square, (scale.look_px, scale.look_px)), np.uint8)
        maps = embedding.maps(picture[None])
        y, x = rng.integers(0, scale.map_side, (2, CELLS_OF_A_PICTURE))
        seen.append(np.concatenate([one[0][:, y >> index, x >> index] for index, one in enumerate(maps)]).T)
    rows = np.concatenate(seen).astype(np.float32)
    spread = np.maximum(rows.std(axis=0), 1e-3)
    projection = fit_projection(rows / spread, CHANNELS, whitening=0.5)
    weights = (projection.axes / spread[:, None]).T
    bias = -projection.mean @ projection.axes
    parts = np.split(weights, np.cumsum(embedding.channels)[:-1], axis=1)
    return Reduction(tuple(np.ascontiguousarray(part) for part in parts), bias)


class Looker:
    """Shows pictures to the backbone."""

    def __init__(self, backbone: onnx.ModelProto, reduction: Reduction, scale: Scale, threads: int) -> None:
        self._session = open_session(map_graph(backbone, reduction, scale).SerializeToString(), threads)

    def look(self, square: Rgb) -> NDArray[np.float16]:
        """(320, 320, 3) -> (channels, side, side)."""
        planes = np.ascontiguousarray(square.transpose(2, 0, 1)[None], dtype=np.float32)
        (maps,) = self._session.run(["map"], {DETECTOR_INPUT: planes})
        return np.asarray(maps[0], np.float16)

    def show(self, lesson: Lesson, index: int, count: int) -> Iterator[Shown]:
        """`count` views of an example."""
        example = lesson.examples[index]
        rng = np.random.default_rng([lesson.seed, 1, index])
        truth = truth_of(example.boxes_xyxy_n, example.labels)
        for square, moved in views(lesson.read(example.id), truth, count, SIDE_PX, rng):
            yield Shown(index, self.look(square), moved)

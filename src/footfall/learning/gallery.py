"""The pictures of a lesson, as the network sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from footfall.detect.session import open_session
from footfall.learning.embedding import INPUT
from footfall.learning.features import blocks_of, extractor
from footfall.learning.lesson import Lesson, Rgb
from footfall.learning.model import stretched
from footfall.learning.views import Changes, changed

F32: TypeAlias = NDArray[np.float32]

KEPT_BYTES: Final = 256 * 1024 * 1024
"""So much of stretched pictures stays in memory; what is beyond is read again when it is needed again."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Features of pictures and of views of them, a row each."""

    blocks: dict[str, F32]
    """(rows, features) of each block."""
    example: NDArray[np.int64]
    """(rows,) which picture a row shows."""
    is_plain: NDArray[np.bool_]
    """(rows,) whether it shows it as it is."""

    def of(self, groups: Sequence[str]) -> F32:
        """(rows, features) of some groups, side by side."""
        return np.concatenate([self.blocks[block] for block in blocks_of(groups)], axis=1)

    def widths(self, groups: Sequence[str]) -> list[int]:
        """Number of features of each block of some groups."""
        return [self.blocks[block].shape[1] for block in blocks_of(groups)]

    def __add__(self, other: Looks) -> Looks:
        """Both."""
        return Looks(
            {block: np.concatenate([rows, other.blocks[block]]) for block, rows in self.blocks.items()},
            np.concatenate([self.example, other.example]),
            np.concatenate([self.is_plain, other.is_plain]),
        )


@dataclass(slots=True)
class Gallery:
    """Reads pictures, stretches them, looks at them."""

    lesson: Lesson
    groups: Sequence[str]
    _session: onnxruntime.InferenceSession = field(init=False)
    _kept: dict[int, Rgb] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        model = extractor(self.groups, self.lesson.input_px)
        self._session = open_session(model.SerializeToString(), self.lesson.threads)

    def square(self, number: int) -> Rgb:
        """A picture of the lesson, stretched to the model's input.

        Raises:
            ValueError, OSError: it cannot be read.
        """
        if number in self._kept:
            return self._kept[number]
        square = stretched(self.lesson.read(self.lesson.examples[number].id), self.lesson.input_px)
        if (len(self._kept) + 1) * square.nbytes <= KEPT_BYTES:
            self._kept[number] = square
        return square

    def readable(self, numbers: Iterable[int]) -> list[int]:
        """Those of some pictures that can be read."""
        found = []
        for number in numbers:
            try:
                self.square(number)
            except (ValueError, OSError):
                continue
            found.append(number)
        return found

    def plain(self, numbers: Sequence[int], tell: Callable[[float], None]) -> Looks:
        """The pictures as they are, example by example: row i shows `numbers[i]`."""
        return self._look(numbers, lambda square, _: square[None], tell, is_plain=True)

    def mirrored(self, numbers: Sequence[int], tell: Callable[[float], None]) -> Looks:
        """The pictures with left and right exchanged."""
        return self._look(numbers, lambda square, _: square[None, :, ::-1], tell, is_plain=False)

    def views(self, numbers: Sequence[int], count: int, changes: Changes, tell: Callable[[float], None]) -> Looks:
        """So many views of each picture; the same ones whichever other pictures there are."""

        def make(square: Rgb, number: int) -> NDArray[np.uint8]:
            rng = np.random.default_rng((self.lesson.seed, number))
            return np.stack([changed(square, changes, rng) for _ in range(count)])

        return self._look(numbers, make, tell, is_plain=False)

    def shown(self, number: int, count: int, changes: Changes) -> NDArray[np.uint8]:
        """A picture as it is, and so many views of it, the first of them in a mirror if that is one of the changes."""
        square = self.square(number)
        rng = np.random.default_rng((self.lesson.seed, number, 1))
        others = [changed(square, changes, rng) for _ in range(count)]
        if changes.mirror:
            others[:1] = [square[:, ::-1]] * min(1, count)
        return np.stack([square, *others])

    def _look(
        self,
        numbers: Sequence[int],
        make: Callable[[Rgb, int], NDArray[np.uint8]],
        tell: Callable[[float], None],
        *,
        is_plain: bool,
    ) -> Looks:
        names = blocks_of(self.groups)
        seen: dict[str, list[F32]] = {block: [] for block in names}
        rows: list[int] = []
        for i, number in enumerate(numbers):
            pictures = make(self.square(number), number)
            planes = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), dtype=np.float32)
            for block, features in zip(names, self._session.run(names, {INPUT: planes}), strict=True):
                seen[block].append(features)
            rows += [i] * len(pictures)
            tell((i + 1) / len(numbers))
        blocks = {block: np.concatenate(parts) for block, parts in seen.items()}
        return Looks(blocks, np.array(rows, np.int64), np.full(len(rows), is_plain))

"""Fine-tuning: the last stages of the backbone learn on from the pictures of a lesson. The only file here with torch.

Several pupils learn side by side: one from all pictures, and one for each fold, which tells what the first may be
worth. What counts of each is the running mean of its weights (Polyak and Juditsky 1992): it is good at any time to
stop, so that no plan has to know how many steps there will be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from footfall.learning.lesson import Kind
from footfall.learning.tail import READ, SEEN, Tuned, cells, last_stages

F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]

STEPS: Final = 15
"""Of a round."""
BATCH: Final = 32
STAGES_RATE: Final = 3e-4
MATRIX_RATE: Final = 2e-3
MEMORY: Final = 0.95
"""Of the running mean, a step."""
MEMORY_OF_SLOPES, MEMORY_OF_SQUARES = 0.9, 0.999
DOUBT: Final = 0.1
"""Share of the truth that is spread over all answers (Szegedy et al. 2016, label smoothing)."""
_MATRIX: Final = ("weights", "bias")
_STILL: Final = 1e-4
_TINY: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from."""

    maps: NDArray[np.float16]
    """(views, channels, side, side): `SEEN` of each view."""
    example: NDArray[np.int64]
    """(views,) which picture it shows; the first view of each picture shows it as it is."""
    truth: NDArray[np.bool_]
    """(pictures, tags)"""
    folds: NDArray[np.int16]
    """(pictures,)"""
    kind: Kind

    def plain(self) -> NDArray[np.int64]:
        """(pictures,) the view of each picture that shows it as it is."""
        return np.unique(self.example, return_index=True)[1]


@dataclass(frozen=True, slots=True)
class Round:
    """Where the pupils stand."""

    scores: F64
    """(pictures, tags) of each picture, by the pupil that has not learned from it."""
    again: F64
    """(pictures, tags) by the pupil that learns from all."""
    tuned: Tuned
    """That pupil."""


def rounds(material: Material, seed: int, threads: int) -> Iterator[Round | None]:
    """Teach all pupils, round after round, without end; None after each pupil of a round but the last.

    The same arguments give the same rounds, on one thread.
    """
    torch.set_num_threads(threads)
    start = {one.name: numpy_helper.to_array(one) for one in last_stages().initializer}
    plain = material.plain()
    mean, scale = _spread(start, material.maps[plain])
    count = int(material.folds.max()) + 1
    keeps = [material.folds != fold for fold in range(count)]
    pupils = [_Pupil(start, (mean, scale), material, keep, (seed, n)) for n, keep in enumerate(keeps)]
    whole = _Pupil(start, (mean, scale), material, np.ones(len(material.folds), np.bool_), (seed, count))
    while True:
        scores = np.zeros(material.truth.shape)
        for fold, pupil in enumerate(pupils):
            pupil.learn()
            asked = material.folds == fold
            scores[asked] = pupil.scores(material.maps[plain[asked]])
            yield None
        whole.learn()
        yield Round(scores, whole.scores(material.maps[plain]), whole.tuned())


class _Pupil:
    """One network and what it learns from."""

    def __init__(
        self,
        start: dict[str, NDArray[np.generic]],
        standard: tuple[Tensor, Tensor],
        material: Material,
        keep: NDArray[np.bool_],
        seed: Sequence[int],
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._material = material
        self._pictures = np.flatnonzero(keep)
        self._views = {number: np.flatnonzero(material.example == number) for number in self._pictures}
        self._standard = standard
        stages = {name: torch.from_numpy(value.copy()) for name, value in start.items()}
        tags = material.truth.shape[1]
        matrix = {"weights": torch.zeros(len(standard[0]), tags), "bias": torch.zeros(tags)}
        self._fixed = {name: value for name, value in stages.items() if not value.is_floating_point()}
        self._learned = {name: value for name, value in (stages | matrix).items() if name not in self._fixed}
        self._mean = {name: value.clone() for name, value in self._learned.items()}
        self._slopes = {name: torch.zeros_like(value) for name, value in self._learned.items()}
        self._squares = {name: torch.zeros_like(value) for name, value in self._learned.items()}
        for value in self._learned.values():
            value.requires_grad_()
        self._steps = 0

    def learn(self) -> None:
        """A round."""
        for _ in range(STEPS):
            views, truth = self._batch()
            loss = _surprise(self._answers(self._learned, views), truth, self._material.kind)
            slopes = torch.autograd.grad(loss, list(self._learned.values()))
            self._step(dict(zip(self._learned, slopes, strict=True)))

    @torch.no_grad()
    def _step(self, slopes: dict[str, Tensor]) -> None:
        """Adam (Kingma and Ba 2015), and the running mean.

        `torch.optim` would load torch's compiler, which wants a folder for its files; a training writes none.
        """
        self._steps += 1
        forgotten = [1.0 - share**self._steps for share in (MEMORY_OF_SLOPES, MEMORY_OF_SQUARES)]
        memory = min(MEMORY, self._steps / (self._steps + 9))
        for name, value in self._learned.items():
            mean = self._slopes[name].lerp_(slopes[name], 1.0 - MEMORY_OF_SLOPES) / forgotten[0]
            square = self._squares[name].lerp_(slopes[name] ** 2, 1.0 - MEMORY_OF_SQUARES) / forgotten[1]
            rate = MATRIX_RATE if name in _MATRIX else STAGES_RATE
            value.sub_(rate * mean / (square.sqrt() + _TINY))
            self._mean[name].lerp_(value, 1.0 - memory)

    def scores(self, maps: NDArray[np.float16]) -> F64:
        """(n, channels, side, side) -> (n, tags)."""
        with torch.inference_mode():
            parts = [self._answers(self._mean, maps[at : at + BATCH]) for at in range(0, len(maps), BATCH)]
        return torch.cat(parts).double().numpy()

    def tuned(self) -> Tuned:
        """As it is now."""
        mean, scale = (part.numpy() for part in self._standard)
        weights = self._mean["weights"].numpy() * scale[:, None]
        stages = {name: value.numpy().copy() for name, value in self._mean.items() if name not in _MATRIX}
        return Tuned(stages, weights, self._mean["bias"].numpy() - mean @ weights)

    def _batch(self) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
        """Pictures by chance, each in one of its views."""
        chosen = self._rng.permutation(np.resize(self._rng.permutation(self._pictures), BATCH))
        views = [self._rng.choice(self._views[number]) for number in chosen]
        return self._material.maps[views], self._material.truth[chosen]

    def _answers(self, learned: dict[str, Tensor], maps: NDArray[np.float16]) -> Tensor:
        mean, scale = self._standard
        read = (_read(self._fixed | learned, _floats(maps)) - mean) * scale
        return read @ learned["weights"] + learned["bias"]


def _surprise(scores: Tensor, truth: NDArray[np.bool_], kind: Kind) -> Tensor:
    wanted = torch.from_numpy(truth.astype(np.float32))
    if kind is Kind.MULTILABEL:
        return F.binary_cross_entropy_with_logits(scores, wanted * (1 - DOUBT) + DOUBT / 2)
    return F.cross_entropy(scores, wanted, label_smoothing=DOUBT)


def _spread(start: dict[str, NDArray[np.generic]], maps: NDArray[np.float16]) -> tuple[Tensor, Tensor]:
    """Mean, and one over the spread, of what the shipped weights read: each counts alike."""
    weights = {name: torch.from_numpy(value.copy()) for name, value in start.items()}
    with torch.inference_mode():
        parts = [_read(weights, _floats(maps[at : at + BATCH])) for at in range(0, len(maps), BATCH)]
    read = torch.cat(parts)
    spread = read.std(dim=0, correction=0)
    return read.mean(dim=0), torch.where(spread > _STILL, 1.0 / spread.clamp(min=_STILL), 0.0) / read.shape[1] ** 0.5


def _floats(maps: NDArray[np.float16]) -> Tensor:
    return torch.from_numpy(maps.astype(np.float32))


def _read(weights: dict[str, Tensor], seen: Tensor) -> Tensor:
    """(n, channels, side, side) -> (n, read): the graph of `tail.last_stages`, and what `tail.tuned_model` reads."""
    values = weights | {SEEN: seen}
    for node in last_stages().node:
        values[node.output[0]] = _made(node, [values[name] for name in node.input])
    maps = [values[name] for name in READ]
    size, step = cells(maps[-1].shape[-1])
    means = F.avg_pool2d(maps[-1], size, step).flatten(1)
    return torch.cat([*(one.amax(dim=(2, 3)) for one in maps), means], dim=1)


def _made(node: onnx.NodeProto, inputs: list[Tensor]) -> Tensor:
    """What a node makes; the backbone has no others."""
    match node.op_type:
        case "Conv":
            asked = {one.name: list(one.ints) for one in node.attribute}
            source, weights, bias = inputs
            return F.conv2d(source, weights, bias, stride=asked["strides"], padding=asked["pads"][:2])
        case "Relu":
            return F.relu(inputs[0])
        case "Add":
            return inputs[0] + inputs[1]
        case "Concat":
            return torch.cat(inputs, dim=1)
        case "Slice":
            begin, end = (int(one) for one in inputs[1:3])
            return inputs[0][:, begin:end]
    raise NotImplementedError(node.op_type)

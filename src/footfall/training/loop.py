"""One training run: draw, learn, test, remember. The recipe decides everything; the folder holds everything.

FOLDER/recipe.toml      what is being cooked
FOLDER/taught.json      what the teachers said of the pictures nobody labelled
FOLDER/last.pt          where to go on
FOLDER/best.pt          the weights with the best held-out AP50
FOLDER/progress.jsonl   a line per test
FOLDER/curves.png       the same as a picture
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from pickle import UnpicklingError
from time import perf_counter
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from footfall.core.errors import TrainingError
from footfall.training.augment import Example, compose
from footfall.training.held_out import test_ap50
from footfall.training.loss import Truth, detection_loss
from footfall.training.network import Detector
from footfall.training.pictures import Picture
from footfall.training.recipe import Recipe

MOST_GRADIENT = 10.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How it goes, at a test."""

    step: int
    loss: float
    score_loss: float
    box_loss: float
    ap50: float
    learning_rate: float
    pictures_per_s: float


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it is cooked."""

    device: str = "cpu"
    workers: int = 1
    """Processes that prepare pictures."""


class _Examples(Dataset[Example]):
    """Example `(number, side)`: the same whenever it is asked for, so that a resumed run goes on as it would have."""

    def __init__(self, pictures: list[Picture], recipe: Recipe) -> None:
        self._pictures = pictures
        self._recipe = recipe
        share = np.array([picture.weight for picture in pictures])
        self._upto = np.cumsum(share / share.sum())

    def __getitem__(self, key: tuple[int, int]) -> Example:
        number, side_px = key
        rng = np.random.default_rng((self._recipe.seed, number))

        def draw() -> Picture:
            return self._pictures[min(int(np.searchsorted(self._upto, rng.random())), len(self._pictures) - 1)]

        return compose(draw, side_px, self._recipe.augment, rng)


def batches(recipe: Recipe, start: int) -> Iterator[list[tuple[int, int]]]:
    """Keys of the examples of every step from `start` on; all of one batch have one size."""
    for step in range(start, recipe.steps):
        side_px = int(np.random.default_rng((recipe.seed, step, 1)).choice(recipe.sizes_px))
        yield [(step * recipe.batch + i, side_px) for i in range(recipe.batch)]


def collate(examples: list[Example]) -> tuple[Tensor, Truth]:
    """(b, 3, side, side) uint8 and the truth, padded."""
    images = torch.from_numpy(np.stack([example.image for example in examples])).permute(0, 3, 1, 2)
    most = max(1, *(len(example.label) for example in examples))
    xyxy_px, label = torch.zeros(len(examples), most, 4), torch.full((len(examples), most), -1)
    for row, example in enumerate(examples):
        xyxy_px[row, : len(example.label)] = torch.from_numpy(example.xyxy_px)
        label[row, : len(example.label)] = torch.from_numpy(example.label)
    return images, Truth(xyxy_px, label)


def learning_rate(recipe: Recipe, step: int) -> float:
    """Warm up, stay, fall linearly: a run can be made longer while it stays (Hu et al. 2024, "MiniCPM")."""
    left = (recipe.steps - step) / max(1.0, recipe.decay_share * recipe.steps)
    return recipe.learning_rate * min(1.0, (step + 1) / recipe.warm_up_steps, max(left, 0.01))


def train(
    recipe: Recipe,
    pictures: list[Picture],
    folder: Path,
    machine: Machine,
    tell: Callable[[int, float], None] = lambda _step, _loss: None,
    told: Callable[[Progress], None] = lambda _progress: None,
) -> Progress:
    """Train until the recipe's last step, or go on where the folder stopped.

    Args:
        recipe: what to do.
        pictures: with labels and teachers' boxes; the held-out ones are only tested on.
        folder: must exist; everything is written there.
        machine: where.
        tell: called after every step with its number and loss.
        told: called after every test.

    Returns:
        The best test.

    Raises:
        TrainingError: the loss is not finite, nothing to learn from, or the folder is of another recipe.
    """
    cv2.setNumThreads(1)
    torch.manual_seed(recipe.seed)
    shown, held_out = [p for p in pictures if not p.held_out], [p for p in pictures if p.held_out]
    if not shown or not held_out:
        raise TrainingError(f"{len(shown)} pictures to learn from and {len(held_out)} held out: both must be there")
    student = _Student(recipe, machine.device, folder)
    loader = DataLoader(
        _Examples(shown, recipe),
        batch_sampler=list(batches(recipe, student.step)),
        collate_fn=collate,
        num_workers=machine.workers,
        worker_init_fn=_one_thread,
        multiprocessing_context="spawn" if machine.workers else None,  # a fork of a process with threads may crash
        persistent_workers=machine.workers > 0,
        prefetch_factor=4 if machine.workers else None,
    )
    recent: list[tuple[float, float, float]] = []
    watch = _Watch()
    for images, truth in loader:
        recent.append(student.learn(images, truth))
        watch.count(len(images))
        tell(student.step, recent[-1][0])
        if student.step % recipe.test_every == 0 or student.step == recipe.steps:
            ap50 = test_ap50(student.mean, held_out, recipe, machine.device)
            loss, score_loss, box_loss = np.mean(recent, axis=0).tolist()
            rate = learning_rate(recipe, student.step)
            progress = Progress(student.step, loss, score_loss, box_loss, ap50, rate, watch.pictures_per_s())
            student.save(progress)
            told(progress)
            recent.clear()
    return student.best


class _Watch:
    """Pictures per second since it was last asked."""

    def __init__(self) -> None:
        self._count, self._since = 0, perf_counter()

    def count(self, pictures: int) -> None:
        self._count += pictures

    def pictures_per_s(self) -> float:
        rate = self._count / max(perf_counter() - self._since, 1e-9)
        self._count, self._since = 0, perf_counter()
        return rate


class _Student:
    """Network, running mean, optimiser: all that a checkpoint holds."""

    def __init__(self, recipe: Recipe, device: str, folder: Path) -> None:
        self._recipe, self._device, self._folder = recipe, device, folder
        self.network = _new_network(recipe, device)
        self.mean = _new_network(recipe, device)
        self.mean.load_state_dict(self.network.state_dict())
        self._optimiser = torch.optim.AdamW(_groups(self.network, recipe.weight_decay), lr=recipe.learning_rate)
        self.step = 0
        self.best = Progress(0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0)
        if (folder / "last.pt").is_file():
            self._load(folder / "last.pt")

    def learn(self, images: Tensor, truth: Truth) -> tuple[float, float, float]:
        """One step; total, score and box loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(self._recipe, self.step)
        x = images.to(self._device, torch.float32, memory_format=torch.channels_last)  # (b, 3, side, side)
        with self._precision():
            maps = self.network(x)
        losses = detection_loss(maps, Truth(*(part.to(self._device) for part in truth)))
        values = losses.total.item(), losses.score.item(), losses.box.item()
        if not np.isfinite(values).all():
            raise TrainingError(
                f"step {self.step}: the loss is {values[0]}; lower learning_rate and go on from last.pt"
            )
        self._optimiser.zero_grad(set_to_none=True)
        losses.total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), MOST_GRADIENT)
        self._optimiser.step()
        self.step += 1
        self._average()
        return values

    def _precision(self) -> AbstractContextManager[Any]:
        return torch.autocast(self._device.split(":")[0], torch.bfloat16, enabled=self._recipe.precision == "bf16")

    @torch.no_grad()
    def _average(self) -> None:
        decay = min(self._recipe.average, (1 + self.step) / (10 + self.step))
        theirs = self.network.state_dict()
        for name, mine in self.mean.state_dict().items():
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs[name], 1.0 - decay)
            else:
                mine.copy_(theirs[name])

    def save(self, progress: Progress) -> None:
        """Checkpoint, and the best weights so far; a power cut leaves the last whole one."""
        if progress.ap50 > self.best.ap50:
            self.best = progress
            _write(self._folder / "best.pt", {"mean": self.mean.state_dict(), "progress": asdict(progress)})
        state = {
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "step": self.step,
            "best": asdict(self.best),
        }
        _write(self._folder / "last.pt", state)
        with (self._folder / "progress.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(asdict(progress)) + "\n")

    def _load(self, path: Path) -> None:
        try:
            state = torch.load(path, map_location=self._device, weights_only=True)
            self.network.load_state_dict(state["network"])
            self.mean.load_state_dict(state["mean"])
            self._optimiser.load_state_dict(state["optimiser"])
        except (RuntimeError, KeyError, ValueError, EOFError, OSError, UnpicklingError) as error:
            reason = (str(error).splitlines() or ["empty"])[0]
            raise TrainingError(f"{path}: does not fit the recipe ({reason}); use another folder") from error
        self.step, self.best = state["step"], Progress(**state["best"])


def _new_network(recipe: Recipe, device: str) -> Detector:
    network = Detector(recipe.network, len(recipe.labels)).to(device)
    for kernel in network.parameters():
        if kernel.ndim == 4:
            kernel.data = kernel.data.contiguous(memory_format=torch.channels_last)
    return network


def _groups(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Only kernels are pulled to zero, not offsets and normalisation."""
    kernels = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": kernels, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def _write(path: Path, state: dict[str, Any]) -> None:
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def _one_thread(_worker: int) -> None:
    cv2.setNumThreads(1)
    torch.set_num_threads(1)

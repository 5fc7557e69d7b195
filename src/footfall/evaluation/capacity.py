"""How many cameras like this one fit on a computer: from what one of them costs, second by second. Pure.

Cost is processor time, which other programs change little, not time on the clock. Its mean is uncertain because people
come and go, and seconds that follow each other are alike: blocks of seconds are drawn again and again (moving block
bootstrap: Kuensch, "The jackknife and the bootstrap for general stationary observations", 1989).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 5
"""Windows a block."""
DRAWS: Final = 2000
SEED: Final = 20240607
LEVEL: Final = 0.95
LEAST_WINDOWS: Final = 10
LOST_SHARE: Final = 0.05
"""A camera that loses more of the frames that it should be given to analyse does not hold."""
HEAVY: Final = 0.5
"""A part that makes up so much of the whole is worth a change."""


@dataclass(frozen=True, slots=True)
class Window:
    """One camera during about a second."""

    wall_s: float
    cpu_s: float
    """Of the whole process..."""
    decode_s: float
    """...and of the threads in it that read and decode; the rest detects, tracks and judges."""
    busy_s: float
    """Time on the clock during which a frame was analysed."""
    frames_in: int
    analysed: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is, and how much of it may be used."""

    cores: float
    memory_bytes: float
    """Free."""
    headroom: float = 0.7
    """Share of the cores that may be busy..."""
    others: float = 0.0
    """...of which other programs take this share of all cores."""


@dataclass(frozen=True, slots=True)
class Load:
    """What else bears on the answer."""

    memory_bytes: float
    """Of one camera."""
    takes_turns: bool
    """Whether all cameras wait for one network."""


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with the interval that holds it 19 times out of 20."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Capacity:
    """The answer."""

    cameras: int
    """So many fit even if the camera costs as much as the upper end of its interval."""
    most: int
    """So many, if as little as the lower end."""
    limit: str
    """What runs out first: `processor`, `network` or `memory`."""
    cores: Range
    """Cores that one camera keeps busy."""
    decode_ms: float
    """Processor time a frame from the camera..."""
    analysis_ms: float
    """...and a frame analysed."""
    turn: Range
    """Share of the time in which a frame of this camera is analysed."""
    fps_in: float
    fps_analysed: float
    lost: float
    """Share of the frames to analyse that were left out."""
    advice: tuple[str, ...]


def capacity(windows: Sequence[Window], machine: Machine, load: Load) -> Capacity:
    """The answer for one camera.

    Args:
        windows: the camera second by second, without those of its start.
        machine: where it ran.
        load: what else bears on it.

    Raises:
        ValueError: fewer than `LEAST_WINDOWS` windows, or none with a frame.
    """
    rows = np.array([(w.wall_s, w.cpu_s, w.busy_s, w.frames_in, w.analysed, w.dropped) for w in windows], float)
    if len(windows) < LEAST_WINDOWS or rows[:, 3].sum() <= 0:
        raise ValueError(f"{len(windows)} seconds are too few, or no frame came in them")
    cores, turn = _rate(rows[:, 1], rows[:, 0]), _rate(rows[:, 2], rows[:, 0])
    least = _fitting(machine, load, cores=cores.high, turn=turn.high)
    most = _fitting(machine, load, cores=cores.low, turn=turn.low)
    limit = min(least, key=lambda name: least[name])
    wall_s, cpu_s, _, frames, analysed, dropped = rows.sum(axis=0)
    decode_s = sum(window.decode_s for window in windows)
    lost = dropped / max(1.0, analysed + dropped)
    fitting = 0 if lost > LOST_SHARE else least[limit]
    return Capacity(
        cameras=fitting,
        most=max(fitting, min(most.values())) if fitting else 0,
        limit=limit,
        cores=cores,
        decode_ms=1000 * decode_s / max(1.0, frames),
        analysis_ms=1000 * (cpu_s - decode_s) / max(1.0, analysed),
        turn=turn,
        fps_in=frames / wall_s,
        fps_analysed=analysed / wall_s,
        lost=lost,
        advice=tuple(_advice(limit, decode_s / max(cpu_s, 1e-9), lost, has_network=load.takes_turns)),
    )


def _fitting(machine: Machine, load: Load, *, cores: float, turn: float) -> dict[str, int]:
    """Cameras that each thing suffices for."""
    found = {
        "processor": floor(max(0.0, machine.headroom - machine.others) * machine.cores / max(cores, 1e-6)),
        "memory": floor(machine.memory_bytes / max(load.memory_bytes, 1.0)),
    }
    if load.takes_turns:
        found["network"] = floor(machine.headroom / max(turn, 1e-6))
    return found


def _rate(amount: NDArray[np.float64], wall_s: NDArray[np.float64]) -> Range:
    """Amount a second of time on the clock, with its interval."""
    count = len(amount)
    block = min(BLOCK, count)
    random = np.random.default_rng(SEED)
    starts = random.integers(0, count - block + 1, (DRAWS, -(-count // block)))
    rows = (starts[..., None] + np.arange(block)).reshape(DRAWS, -1)[:, :count]
    means = amount[rows].sum(axis=1) / wall_s[rows].sum(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float(amount.sum() / wall_s.sum())
    return Range(value, min(value, float(low)), max(value, float(high)))


def _advice(limit: str, decoding: float, lost: float, *, has_network: bool) -> Iterator[str]:
    if lost > LOST_SHARE:
        yield f"{lost:.0%} of the frames were left out even with one camera: what follows is needed here"
    if limit == "memory":
        yield "memory runs out first: add some, or stop other programs"
    if limit == "network" and lost <= LOST_SHARE:
        yield "cameras wait for one network: if cores are idle, start a second service for some of them"
    if decoding > HEAVY:
        yield "decoding costs most: use the camera's second stream (640 to 1280 pixels wide is plenty)"
    elif has_network:
        yield "the network costs most: take a smaller --model, or --model motion where nobody but people moves"
    yield "fewer frames a second cost less: --fps 8 still follows people who walk"

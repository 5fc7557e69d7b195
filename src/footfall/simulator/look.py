"""What a person looks like: height, build, skin, hair and clothes, drawn by lot from a seeded generator."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.simulator.room import Colour

T = TypeVar("T")

SKINS: tuple[Colour, ...] = (
    (150, 182, 226), (132, 166, 212), (110, 146, 198), (84, 118, 168), (62, 90, 134), (44, 66, 102),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = ((24, 24, 26), (30, 38, 52), (42, 62, 92), (84, 130, 168), (130, 132, 136), (36, 44, 110))
TOPS: tuple[Colour, ...] = (
    (46, 44, 42), (150, 150, 148), (222, 224, 226), (128, 72, 34), (44, 44, 168), (60, 110, 52), (58, 160, 214),
    (120, 60, 110), (180, 150, 80), (34, 84, 150), (92, 58, 40), (176, 132, 176),
)  # fmt: skip
BOTTOMS: tuple[Colour, ...] = (
    (44, 42, 42), (96, 62, 36), (124, 88, 58), (62, 60, 58), (104, 134, 158), (66, 78, 88), (70, 34, 28),
)  # fmt: skip
SHOES: tuple[Colour, ...] = ((30, 30, 32), (48, 60, 84), (206, 208, 210), (56, 40, 36))


class Pattern(Enum):
    """How a garment is patterned."""

    PLAIN = "plain"
    STRIPES = "stripes"
    BARS = "bars"
    CHECK = "check"


class Material(Enum):
    """What a part of the figure is covered with; the value is its row in `Look.colours`."""

    SKIN = 0
    HAIR = 1
    TOP = 2
    BOTTOM = 3
    SHOE = 4
    BAG = 5


@dataclass(frozen=True, slots=True)
class Look:
    """One person's outside."""

    height_m: float
    build: float
    """1 is slim, 1.35 is stout: factor on all widths."""
    colours: tuple[Colour, ...]
    """One per `Material`."""
    pattern: Pattern
    pattern_colour: Colour
    long_hair: bool
    short_sleeves: bool
    coat: bool
    backpack: bool
    folds: NDArray[np.float32]
    """(64, 64) float32 around 1: how cloth wrinkles."""


def draw_look(rng: np.random.Generator) -> Look:
    """A new person."""
    colours = tuple(_vary(_pick(palette, rng), rng) for palette in (SKINS, HAIRS, TOPS, BOTTOMS, SHOES, TOPS))
    folds = 1.0 + 0.32 * cv2.GaussianBlur(rng.normal(0.0, 1.0, (64, 64)), (0, 0), 2.5, borderType=cv2.BORDER_REFLECT)
    coat, backpack = bool(rng.random() < 0.25), bool(rng.random() < 0.25)
    return Look(
        height_m=float(np.clip(rng.normal(1.72, 0.09), 1.5, 1.95)),
        build=float(rng.uniform(1.0, 1.28)),
        colours=colours,
        pattern=Pattern.PLAIN if coat else _pick(tuple(Pattern), rng),
        pattern_colour=_vary(_pick(TOPS, rng), rng),
        long_hair=bool(rng.random() < 0.4),
        short_sleeves=bool(rng.random() < 0.35) and not coat,
        coat=coat,
        backpack=backpack,
        folds=np.asarray(folds, np.float32),
    )


def _pick(choices: tuple[T, ...], rng: np.random.Generator) -> T:
    return choices[int(rng.integers(len(choices)))]


def _vary(colour: Colour, rng: np.random.Generator) -> Colour:
    b, g, r = np.clip(np.array(colour) * rng.uniform(0.88, 1.12) + rng.normal(0.0, 4.0, 3), 8, 245).astype(int)
    return int(b), int(g), int(r)

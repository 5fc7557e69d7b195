"""Who somebody is and what they wear, drawn by lot: children and adults, headgear, coats, skirts, luggage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TypeVar

import numpy as np

from footfall.simulator.cloth import Material, Pattern
from footfall.simulator.look import HAIRS, SHOES, SKINS
from footfall.simulator.room import Colour

T = TypeVar("T")

GARMENTS: tuple[Colour, ...] = (
    (30, 28, 28), (42, 40, 40), (26, 24, 24), (38, 36, 36), (60, 58, 56), (84, 82, 80),
    (52, 46, 42), (48, 40, 34), (88, 62, 44), (66, 44, 32), (120, 78, 40), (150, 150, 148), (104, 104, 106),
    (200, 204, 206), (226, 228, 230), (44, 44, 150), (54, 50, 190), (40, 62, 96), (60, 84, 52), (64, 110, 60),
    (66, 150, 200), (70, 190, 220), (120, 60, 110), (176, 132, 186), (170, 150, 90), (74, 96, 128), (140, 168, 190),
)  # fmt: skip
LOWERS: tuple[Colour, ...] = (
    (30, 28, 28), (44, 42, 42), (62, 46, 36), (96, 66, 42), (128, 96, 66), (62, 62, 62), (96, 98, 100),
    (104, 134, 158), (66, 84, 98), (150, 170, 186), (190, 192, 196),
)  # fmt: skip
HIVIS: tuple[Colour, ...] = ((60, 240, 220), (40, 130, 250), (70, 250, 180))
HELMETS: tuple[Colour, ...] = (
    (40, 200, 240),
    (235, 235, 235),
    (200, 110, 40),
    (40, 90, 230),
    (60, 60, 200),
    (60, 140, 60),
)


class Part(IntEnum):
    """Rows of a person's materials."""

    SKIN = 0
    FACE = 1
    HAIR = 2
    TOP = 3
    LOWER = 4
    SHOE = 5
    HEADGEAR = 6
    BAG = 7
    LEG_SKIN = 8
    METAL = 9


class Lower(Enum):
    """What covers hips and legs."""

    TROUSERS = "trousers"
    SHORTS = "shorts"
    SKIRT = "skirt"
    LONG_SKIRT = "long skirt"


class Headgear(Enum):
    """What is on the head."""

    NONE = "none"
    CAP = "cap"
    BEANIE = "beanie"
    HOOD = "hood"
    HELMET = "helmet"
    HAT = "hat"


class Hair(Enum):
    """How long hair is."""

    BALD = "bald"
    SHORT = "short"
    LONG = "long"
    BUN = "bun"


class Luggage(Enum):
    """What is carried or pushed."""

    BACKPACK = "backpack"
    SHOULDER_BAG = "shoulder bag"
    SHOPPING = "shopping"
    CASE = "case"
    UMBRELLA = "umbrella"
    BOX = "box"
    PRAM = "pram"
    TROLLEY = "trolley"


@dataclass(frozen=True, slots=True)
class Person:
    """Everything about somebody but where and how they stand."""

    height_m: float
    build: float
    """0.88 is thin, 1 usual, 1.35 stout: factor on all widths."""
    curves: float
    """0 is broad at the shoulders, 1 at the hips."""
    sleeve: float
    """Share of the arm that is covered."""
    thickness_m: float
    """How far the top stands off the body."""
    trouser: float
    """0 is tight, 1 wide."""
    coat_hem: float
    """Height of the top's hem in body heights; a coat's is low."""
    lower: Lower
    headgear: Headgear
    hair: Hair
    luggage: tuple[Luggage, ...]
    materials: tuple[Material, ...]
    """One per `Part`."""


def draw_person(rng: np.random.Generator, cold: float, trade: bool) -> Person:
    """Somebody; `cold` 0..1 makes coats likely, `trade` hi-vis and helmets."""
    child = rng.random() < (0.0 if trade else 0.12)
    height = float(rng.uniform(0.9, 1.5)) if child else float(np.clip(rng.normal(1.71, 0.09), 1.48, 1.98))
    curves = float(rng.beta(1.2, 1.2)) * (0.4 if child else 1.0)
    warm = rng.random() < cold
    lower = Lower.TROUSERS if trade else _lower(rng, curves, warm=warm)
    coat = warm and rng.random() < 0.4
    headgear = Headgear.HELMET if trade and rng.random() < 0.75 else _headgear(rng, warm=warm)
    short = (Hair.SHORT, Hair.SHORT, Hair.SHORT, Hair.BUN, Hair.BALD)
    hair = Hair.LONG if rng.random() < 0.15 + 0.5 * curves else _one(rng, short)
    sleeve = 1.0 if warm or rng.random() < 0.4 else float(rng.choice([0.35, 0.42, 0.42, 0.6, 0.08]))
    return Person(
        height_m=height,
        build=float(np.clip(rng.normal(1.03, 0.11), 0.86, 1.4)),
        curves=curves,
        sleeve=sleeve,
        thickness_m=float(rng.uniform(0.012, 0.035) if warm else rng.uniform(0.002, 0.014)),
        trouser=float(rng.beta(1.5, 2.0)),
        coat_hem=float(rng.uniform(0.22, 0.42)) if coat else float(rng.uniform(0.47, 0.53)),
        lower=lower,
        headgear=headgear,
        hair=hair,
        luggage=_luggage(rng, child=child),
        materials=_materials(rng, hivis=trade and rng.random() < 0.8, warm=warm),
    )


def _lower(rng: np.random.Generator, curves: float, *, warm: bool) -> Lower:
    dice = rng.random()
    if curves > 0.5 and dice < 0.35:
        return Lower.SKIRT if rng.random() < 0.6 else Lower.LONG_SKIRT
    if not warm and dice > 0.75:
        return Lower.SHORTS
    return Lower.TROUSERS


def _headgear(rng: np.random.Generator, *, warm: bool) -> Headgear:
    dice = rng.random()
    if dice < 0.10:
        return Headgear.CAP
    if dice < 0.13:
        return Headgear.HAT
    if warm and dice < 0.26:
        return Headgear.BEANIE
    if warm and dice < 0.42:
        return Headgear.HOOD
    return Headgear.NONE


def _luggage(rng: np.random.Generator, *, child: bool) -> tuple[Luggage, ...]:
    dice = rng.random()
    if dice < 0.22:
        return (Luggage.BACKPACK,)
    if child:
        return ()
    for limit, kind in (
        (0.34, Luggage.SHOULDER_BAG), (0.44, Luggage.SHOPPING), (0.49, Luggage.CASE), (0.52, Luggage.BOX),
        (0.55, Luggage.PRAM), (0.58, Luggage.TROLLEY), (0.615, Luggage.UMBRELLA),
    ):  # fmt: skip
        if dice < limit:
            return (kind,)
    return ()


def _materials(rng: np.random.Generator, *, hivis: bool, warm: bool) -> tuple[Material, ...]:
    skin, hair = _vary(_one(rng, SKINS), rng), _vary(_one(rng, HAIRS), rng)
    folds, seed = float(rng.uniform(0.05, 0.2)), int(rng.integers(1000))
    if hivis:
        top = Material(_vary(_one(rng, HIVIS), rng), (205, 205, 205), Pattern.HIVIS, 0.1, folds, seed)
    else:
        top = _top(rng, folds, seed, warm=warm)
    lower = top.colour if rng.random() < 0.12 else _vary(_one(rng, LOWERS), rng)
    dark = tuple(int(c * 0.35) for c in skin)
    return (
        Material(skin),
        Material(skin, (dark[0], dark[1], dark[2]), Pattern.FACE, 0.23, 0.0, seed),
        Material(hair, folds=0.15, seed=seed),
        top,
        Material(lower, folds=folds * 1.2, seed=seed + 1),
        Material(_vary(_one(rng, SHOES), rng)),
        Material(_vary(_one(rng, HELMETS if hivis else GARMENTS), rng)),
        Material(_vary(_one(rng, GARMENTS), rng), folds=0.06),
        Material(skin if rng.random() < 0.7 else (40, 38, 38)),
        Material((120, 120, 120), (60, 60, 60), Pattern.GRID, 0.05),
    )


def _top(rng: np.random.Generator, folds: float, seed: int, *, warm: bool) -> Material:
    colour, second = _vary(_one(rng, GARMENTS), rng), _vary(_one(rng, GARMENTS), rng)
    if warm:
        pattern = Pattern.OPEN if rng.random() < 0.5 else Pattern.PLAIN
        return Material(colour, second, pattern, float(rng.choice([0.02, 0.16, 0.22])), folds * 1.4, seed)
    kinds = (Pattern.PLAIN, Pattern.PLAIN, Pattern.PLAIN, Pattern.PRINT, Pattern.HOOPS, Pattern.CHECK, Pattern.OPEN)
    return Material(colour, second, _one(rng, kinds), float(rng.uniform(0.04, 0.14)), folds, seed)


def _one(rng: np.random.Generator, choices: tuple[T, ...]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _vary(colour: Colour, rng: np.random.Generator) -> Colour:
    b, g, r = np.clip(np.array(colour) * rng.uniform(0.75, 1.2) + rng.normal(0.0, 7.0, 3), 6, 250).astype(int)
    return int(b), int(g), int(r)

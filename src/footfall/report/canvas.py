"""A sheet of paper with a title, a plot and a legend; drawn at twice the size and shrunk, so that edges are smooth."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from footfall.core.types import Image
from footfall.report.scale import Colour, Scale

Pixel: TypeAlias = tuple[int, int]
FINE = 2
"""Drawn pixels per finished pixel; all lengths below are in finished ones."""
WIDTH, MARGIN, HEAD, FOOT = 800, 20, 74, 78
TALLEST = 900
PAPER: Colour = (26, 20, 16)
PLOT: Colour = (40, 32, 26)
RULE: Colour = (66, 55, 46)
INK: Colour = (240, 234, 229)
FAINT: Colour = (178, 166, 154)
LINE: Colour = (60, 225, 255)
ZONE: Colour = (255, 214, 140)
FONT = cv2.FONT_HERSHEY_DUPLEX


@dataclass(frozen=True, slots=True)
class Words:
    """What stands around a plot."""

    title: str
    subtitle: str
    legend: str


def blank(width: int, height: int, colour: Colour) -> Image:
    """A sheet of one colour, in drawn pixels for a size in finished ones."""
    return np.full((height * FINE, width * FINE, 3), colour, np.uint8)


def sheet(plot: Image, words: Words, scale: Scale | None, spell: Callable[[float], str]) -> Image:
    """The finished picture: plot (drawn pixels) in the middle, words above it, the scale below it if there is one."""
    height = HEAD + plot.shape[0] // FINE + (FOOT if scale else MARGIN)
    image = blank(WIDTH, height, PAPER)
    text(image, words.title, (MARGIN, 34), INK, 0.8)
    text(image, words.subtitle, (MARGIN, 58), FAINT, 0.46)
    left, top = (image.shape[1] - plot.shape[1]) // 2, HEAD * FINE
    image[top : top + plot.shape[0], left : left + plot.shape[1]] = plot
    if scale is not None:
        _legend(image, height, words.legend, scale, spell)
    return np.asarray(cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)


def _legend(image: Image, height: int, title: str, scale: Scale, spell: Callable[[float], str]) -> None:
    """A strip of colours with round figures under it."""
    long = WIDTH - 2 * MARGIN
    top = height - FOOT + 32
    text(image, title, (MARGIN, top - 10), INK, 0.46)
    strip = np.repeat(scale.strip(long * FINE), 12 * FINE, axis=0)
    image[top * FINE : (top + 12) * FINE, MARGIN * FINE : (MARGIN + long) * FINE] = strip
    for tick in scale.ticks():
        x = MARGIN + round(scale.share(tick) * (long - 1))
        word = spell(tick)
        wide = extent(word, 0.46)[0]
        cv2.line(image, (x * FINE, (top + 12) * FINE), (x * FINE, (top + 16) * FINE), FAINT, FINE)
        text(image, word, (min(max(MARGIN, x - wide // 2), WIDTH - MARGIN - wide), top + 32), FAINT, 0.46)


def text(image: Image, words: str, at: Pixel, colour: Colour, size: float) -> None:
    """Letters with their lower left corner `at`, in finished pixels."""
    corner = at[0] * FINE, at[1] * FINE
    cv2.putText(image, latin(words), corner, FONT, size * FINE, colour, max(1, round(size * FINE)), cv2.LINE_AA)


def extent(words: str, size: float) -> Pixel:
    """Width and height of letters in finished pixels."""
    (wide, high), _ = cv2.getTextSize(latin(words), FONT, size * FINE, max(1, round(size * FINE)))
    return -(-wide // FINE), -(-high // FINE)


def label(image: Image, words: str, at: Pixel, colour: Colour) -> None:
    """Letters on a dark plate, kept within the image; `at` is the plate's lower left corner in finished pixels."""
    wide, high = extent(words, 0.42)
    x = max(0, min(at[0], image.shape[1] // FINE - wide - 8))
    y = max(high + 8, min(at[1], image.shape[0] // FINE))
    part = image[(y - high - 8) * FINE : y * FINE, x * FINE : (x + wide + 8) * FINE]
    part[:] = (part * 0.25 + np.array(PAPER) * 0.75).astype(np.uint8)
    text(image, words, (x + 4, y - 4), colour, 0.42)


def stroke(image: Image, points: Sequence[Pixel], colour: Colour, wide: float, *, closed: bool = False) -> None:
    """A line through drawn pixels with a dark rim, so that it can be seen on any colour."""
    path = [np.array(points, np.int32)]
    cv2.polylines(image, path, closed, PAPER, round((wide + 2) * FINE), cv2.LINE_AA)
    cv2.polylines(image, path, closed, colour, max(1, round(wide * FINE)), cv2.LINE_AA)


def latin(words: str) -> str:
    """Words in the letters that the built-in font has: accents are left out, other scripts become question marks."""
    bare = unicodedata.normalize("NFKD", words.replace("ß", "ss"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).encode("ascii", "replace").decode()

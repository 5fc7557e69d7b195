"""Shows a network only where people can be; a detector for one camera around a network for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import ceil
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box
from footfall.core.ports import Resizable
from footfall.core.types import Detections, Frame, Image
from footfall.detect.changes import areas, changed, without
from footfall.detect.crops import Lens, Look
from footfall.detect.gate import Thumbnail, thumbnail
from footfall.detect.imaging import InputSpec, fed_at, halved, place
from footfall.detect.interest import InterestSettings, Place, choose
from footfall.detect.places import FARTHEST_H, Statures, close_places, expected_place, moved_places
from footfall.detect.stitch import stitched

Floats: TypeAlias = NDArray[np.float64]

THUMBNAIL_PX = 320
HINT = 0.75
"""A detection with this share of a confident score may become a person: it is looked at in the next frame, too."""
ALIKE_H = 0.1
"""A detection this close to a person of the tracker, in body heights, is that person."""

Sight: TypeAlias = tuple[Box, float]
"""A normalised box, and when somebody was last found there."""


@dataclass(frozen=True, slots=True)
class Lookout:
    """What a camera's detector must know beside its network."""

    input: InputSpec
    watched_n: tuple[Box, ...]
    """Normalised boxes around zones and lines."""
    confident_score: float = 0.5
    settings: InterestSettings = field(default_factory=InterestSettings)


@dataclass(slots=True)
class _Memory:
    """Of one life of a camera; ends with a new size, a file that starts again, or time going back."""

    life: tuple[int, tuple[int, ...]]
    t_s: float
    seen: Thumbnail
    """Each part as it was when it was last looked at."""
    swept_s: float = -np.inf
    closed_in_s: float = 0.0
    learnt_s: float = 0.0
    tile: int = 0
    known: list[Sight] = field(default_factory=list)
    """People of the tracker, for as long as they may come back."""
    hints: list[Sight] = field(default_factory=list)
    """What was found in the frame before and is nobody yet."""
    statures: Statures = field(default_factory=Statures)


class InterestDetector:
    """Looks at expected people in every frame, at what moves near a region, and at all of the picture once a second.

    Whoever the tracker knows, or a look has just found, is in a crop with room to move in every frame: a person that
    is not reported was looked for. It remembers its camera: one instance per camera, frames in order of time.
    """

    stateful = True

    def __init__(self, network: Resizable, lookout: Lookout) -> None:
        self._network = network
        self._lookout = lookout
        self._sized: dict[int, Resizable] = {}
        self._memory: _Memory | None = None
        self.looks = 0
        """Calls of the network so far, ..."""
        self.fed_px = 0
        """... and pixels fed to it."""

    def reset(self) -> None:
        """Forget the camera: the next picture is looked at as a whole."""
        self._memory = None

    def observe(self, people_n: Iterable[Box]) -> None:
        """Say where people are in the frame just analysed, normalised boxes: they are expected there in the next."""
        memory, people = self._memory, list(people_n)
        if memory is None:
            return
        height, width = memory.life[1][:2]
        memory.statures.learn(people, height / width, memory.t_s - memory.learnt_s)
        memory.learnt_s = memory.t_s
        now = [(box, memory.t_s) for box in people]
        memory.known = now + _not_continued(memory.known, now, FARTHEST_H)
        memory.hints = _not_continued(memory.hints, now, ALIKE_H)

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame; frames of one camera, in order of time.

        Raises:
            DetectorError: the network failed.
        """
        return [self._detect(frame) for frame in frames]

    def _detect(self, frame: Frame) -> Detections:
        picture_px = frame.image.shape[1], frame.image.shape[0]
        now = thumbnail(frame.image, THUMBNAIL_PX)
        memory = self._remembered(frame, now)
        looks = self._choose(frame, Lens(picture_px, self._lookout.input), now, memory)
        _refresh(memory.seen, now, looks, picture_px)
        memory.t_s = frame.t_s
        views = list(self._shown(frame, looks))
        if not views:
            memory.hints = []
            return Detections.empty(picture_px)
        sides = np.array([*picture_px, *picture_px], np.float32)
        expected_px = np.array([box for box, _ in memory.known + memory.hints], np.float32).reshape(-1, 4) * sides
        found, cut = stitched(views, expected_px)
        least = HINT * min(self._lookout.confident_score, float(found.score.max(initial=0.0)))
        hints = np.concatenate([each.xyxy_px[each.score >= least] for each in (found, cut)]) / sides
        memory.hints = [((x0, y0, x1, y1), frame.t_s) for x0, y0, x1, y1 in hints.tolist()]
        return found

    def _remembered(self, frame: Frame, now: Thumbnail) -> _Memory:
        """The camera's memory; a new one where a new life begins."""
        life, memory = (frame.loop, frame.image.shape), self._memory
        if memory is None or memory.life != life or frame.t_s < memory.t_s:
            memory = self._memory = _Memory(life, frame.t_s, now.copy(), learnt_s=frame.t_s, closed_in_s=frame.t_s)
        return memory

    def _choose(self, frame: Frame, lens: Lens, now: Thumbnail, memory: _Memory) -> tuple[Look, ...]:
        settings, t_s = self._lookout.settings, frame.t_s
        memory.known = [(box, seen_s) for box, seen_s in memory.known if t_s - seen_s <= settings.linger_s]
        places = list(self._expected(lens.picture_px, t_s, memory))
        watched_px = [_scaled(box, lens.picture_px) for box in self._lookout.watched_n]
        moved = without(changed(memory.seen, now), _normalised(places, lens.picture_px))
        moved_px = [_scaled(box, lens.picture_px) for box in areas(moved)]
        places += moved_places(moved_px, watched_px, memory.statures, lens.picture_px)
        sweep = t_s - memory.swept_s >= settings.sweep_s
        extra = None if sweep else self._closer(lens, watched_px, t_s, memory)
        looks = choose(places, lens, settings, sweep=sweep, extra=extra)
        if lens.whole in looks:
            memory.swept_s = t_s
        return looks

    def _expected(self, picture_px: tuple[int, int], t_s: float, memory: _Memory) -> Iterator[Place]:
        for box, seen_s in memory.known + memory.hints:
            where = expected_place(_scaled(box, picture_px), t_s - seen_s, memory.statures, picture_px)
            if where is not None:
                yield where

    def _closer(self, lens: Lens, watched_px: Sequence[Box], t_s: float, memory: _Memory) -> Place | None:
        """The next piece to look at closely, if one is due."""
        if t_s - memory.closed_in_s < self._lookout.settings.close_s:
            return None
        memory.closed_in_s = t_s
        pieces = close_places(watched_px, memory.statures, lens, self._lookout.settings)
        memory.tile += 1
        return pieces[memory.tile % len(pieces)] if pieces else None

    def _shown(self, frame: Frame, looks: Sequence[Look]) -> Iterator[tuple[Look, Detections]]:
        """What the network finds in each look, in pixels of the picture; looks of one size share a call."""
        size_px = frame.image.shape[1], frame.image.shape[0]
        for side_px, group in groupby(sorted(looks, key=lambda look: look.side_px), key=lambda look: look.side_px):
            same = list(group)
            network = self._sized.setdefault(side_px, self._network.at(side_px))
            crops = [replace(frame, image=_cropped(frame.image, look, self._lookout.input)) for look in same]
            for look, found in zip(same, network.detect(crops), strict=True):
                self.looks += 1
                self.fed_px += look.cost_px
                yield look, _placed(found, look, size_px)


def _not_continued(old: list[Sight], now: list[Sight], farthest_h: float) -> list[Sight]:
    """Those old sights that none of now continues; each of now continues one at most, the nearest first."""
    if not now or not old:
        return old
    apart = _apart(np.array([box for box, _ in old]), np.array([box for box, _ in now]))
    kept = dict(enumerate(old))
    while apart.min() <= farthest_h:
        row, column = divmod(int(apart.argmin()), len(now))
        apart[row], apart[:, column] = np.inf, np.inf
        del kept[row]
    return list(kept.values())


def _apart(a: Floats, b: Floats) -> Floats:
    """(n, m) distance of the centres of normalised boxes in heights of the first, for each pair."""
    centre_a, centre_b = (a[:, :2] + a[:, 2:]) / 2, (b[:, :2] + b[:, 2:]) / 2
    height = np.maximum(a[:, 3] - a[:, 1], 1e-6)
    return np.asarray(np.abs(centre_a[:, None] - centre_b[None]).max(axis=2) / height[:, None])


def _scaled(box_n: Box, picture_px: tuple[int, int]) -> Box:
    width, height = picture_px
    return box_n[0] * width, box_n[1] * height, box_n[2] * width, box_n[3] * height


def _normalised(places: Sequence[Place], picture_px: tuple[int, int]) -> Floats:
    return np.array([place.xyxy_px for place in places], np.float64).reshape(-1, 4) / (*picture_px, *picture_px)


def _refresh(seen: Thumbnail, now: Thumbnail, looks: Sequence[Look], picture_px: tuple[int, int]) -> None:
    """Take over what was looked at just now."""
    across, down = now.shape[1] / picture_px[0], now.shape[0] / picture_px[1]
    for look in looks:
        x0, y0, x1, y1 = look.xyxy_px
        part = slice(ceil(y0 * down), int(y1 * down)), slice(ceil(x0 * across), int(x1 * across))
        seen[part] = now[part]


def _cropped(image: Image, look: Look, spec: InputSpec) -> Image:
    """The look's pixels, at a size that the network's own resizing does well from."""
    x0, y0, x1, y1 = look.xyxy_px
    placement = place(look.size_px, fed_at(spec, look.side_px))
    return halved(image[y0:y1, x0:x1], max(placement.scale_x, placement.scale_y))


def _placed(found: Detections, look: Look, picture_px: tuple[int, int]) -> Detections:
    """Detections of a crop, whatever its size, in pixels of the picture."""
    x0, y0 = look.xyxy_px[:2]
    across, down = look.size_px[0] / found.frame_size[0], look.size_px[1] / found.frame_size[1]
    xyxy_px = found.xyxy_px * np.array([across, down, across, down], np.float32)
    xyxy_px += np.array([x0, y0, x0, y0], np.float32)
    return Detections(xyxy_px, found.score, found.label, picture_px)

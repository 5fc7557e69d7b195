"""Which parts of a picture a network is shown: the least that holds every place of interest at a useful size; pure.

Each place says where it is and how tall people look there. Places are brought together while one crop is cheaper than
two, and shown so that people have `useful_px` in the network's input, never coarser than the whole picture would show
them. What that costs is bounded: over the budget people are shown smaller, and in the end the whole picture is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf
from typing import TypeAlias

import numpy as np

from footfall.core.geometry import Box
from footfall.detect.crops import Lens, Look


@dataclass(frozen=True, slots=True)
class InterestSettings:
    """How closely to look, and how often at all. Times in seconds of stream time."""

    enough_px: float = 48.0
    """People who are as tall as this in the network's input need not be shown larger, ..."""
    useful_px: float = 96.0
    """... and smaller ones are shown as tall as this."""
    adequate: float = 0.75
    """This share of the wanted scale will do."""
    greatest_scale: float = 3.0
    """Input pixels per picture pixel: more shows nothing new."""
    budget: float = 2.0
    """Network pixels per picture at most, in looks at the whole of it."""
    call_share: float = 0.15
    """What a look costs beside its pixels, as a share of a whole one."""
    sweep_s: float = 1.0
    """The whole picture is looked at at least as often."""
    close_s: float = 2.0
    """And a part of the regions where people look small, closely."""
    linger_s: float = 1.0
    """A place is looked at for so long after the person there was last found."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that must be looked at."""

    xyxy_px: Box
    """Pixels of the picture, its margin included; inside of the picture."""
    person_px: float
    """How tall people look here, in picture pixels; above 0."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """A place, or several together, with the scale that is wanted."""

    xyxy_px: Box
    scale: float


_Group: TypeAlias = tuple[_Wish, Look]

MOST_WISHES = 6
"""More are first brought together by nearness alone: comparing all with all would take longer than it saves."""
EASING = 0.8


def choose(
    places: Sequence[Place], lens: Lens, settings: InterestSettings, *, sweep: bool = False, extra: Place | None = None
) -> tuple[Look, ...]:
    """The looks at one picture; every place lies wholly in one of them.

    Args:
        places: what must be seen.
        lens: the picture and the network.
        settings: sizes and budget.
        sweep: whether the whole picture is due; it then comes first.
        extra: a place that is seen if the budget allows it.
    """
    chooser = _Chooser(lens, settings)
    looks = chooser.within_budget(places, sweep=sweep)
    return chooser.with_extra(looks, extra) if extra is not None else looks


class _Chooser:
    """The choice for one picture."""

    def __init__(self, lens: Lens, settings: InterestSettings) -> None:
        self._lens = lens
        self._settings = settings
        self._whole = lens.whole
        self._coarsest = lens.scale_of(self._whole)
        self._limit_px = max(settings.budget, 1.0) * self._whole.cost_px
        self._call_px = settings.call_share * self._whole.cost_px

    def within_budget(self, places: Sequence[Place], *, sweep: bool) -> tuple[Look, ...]:
        """The cheapest looks at the largest sizes that the budget allows."""
        wishes = [_Wish(place.xyxy_px, self._wanted(place)) for place in places]
        while True:
            small = [wish for wish in wishes if wish.scale * self._settings.adequate > self._coarsest]
            best = min(self._plans(wishes, small, sweep=sweep), key=self._cost)
            if sum(look.cost_px for look in best) <= self._limit_px:
                return best
            if not small:
                return (self._whole,)
            wishes = [replace(wish, scale=max(self._coarsest, wish.scale * EASING)) for wish in wishes]

    def with_extra(self, looks: tuple[Look, ...], extra: Place) -> tuple[Look, ...]:
        """One more, if the budget allows it."""
        closer = self._lens.at(extra.xyxy_px, self._wanted(extra))
        fits = closer.cost_px + sum(look.cost_px for look in looks) <= self._limit_px
        return (*looks, closer) if fits and closer not in looks else looks

    def _plans(self, wishes: Sequence[_Wish], small: Sequence[_Wish], *, sweep: bool) -> Iterator[tuple[Look, ...]]:
        """Crops for all, and the whole picture with crops only for those who look small in it."""
        if not sweep:
            yield self._crops(wishes)
        if sweep or len(small) < len(wishes):
            yield self._whole, *self._crops(small)

    def _wanted(self, place: Place) -> float:
        """Input pixels per picture pixel, never less than the whole look has."""
        settings = self._settings
        if self._coarsest * place.person_px >= settings.enough_px:
            return self._coarsest
        return max(self._coarsest, min(settings.useful_px / place.person_px, settings.greatest_scale))

    def _crops(self, wishes: Sequence[_Wish]) -> tuple[Look, ...]:
        """Looks for all wishes, brought together as long as that saves something."""
        groups = [self._group(wish) for wish in _nearest_together(list(wishes))]
        savings = {pair: self._saving(*pair) for pair in combinations(groups, 2)}
        while savings:
            pair = max(savings, key=lambda pair: savings[pair])
            if savings[pair] < 0.0:
                break
            merged = self._group(_both(pair[0][0], pair[1][0]))
            groups = [group for group in groups if group not in pair]
            savings = {key: saved for key, saved in savings.items() if key[0] in groups and key[1] in groups}
            savings |= {(group, merged): self._saving(group, merged) for group in groups}
            groups.append(merged)
        return tuple(dict.fromkeys(look for _, look in groups))

    def _group(self, wish: _Wish) -> _Group:
        return wish, self._lens.at(wish.xyxy_px, wish.scale)

    def _saving(self, a: _Group, b: _Group) -> float:
        """Network pixels that one look saves over two; less than nothing where it would show people too small."""
        wish = _both(a[0], b[0])
        if self._lens.reach(wish.xyxy_px) < self._settings.adequate * wish.scale:
            return -inf
        return a[1].cost_px + b[1].cost_px + self._call_px - self._group(wish)[1].cost_px

    def _cost(self, looks: Sequence[Look]) -> float:
        return sum(look.cost_px + self._call_px for look in looks)


def _both(a: _Wish, b: _Wish) -> _Wish:
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = a.xyxy_px, b.xyxy_px
    return _Wish((min(ax0, bx0), min(ay0, by0), max(ax1, bx1), max(ay1, by1)), max(a.scale, b.scale))


def _nearest_together(wishes: list[_Wish]) -> list[_Wish]:
    """At most `MOST_WISHES`: the two whose common look would be the smallest become one, again and again."""
    while len(wishes) > MOST_WISHES:
        box = np.array([wish.xyxy_px for wish in wishes])
        scale = np.array([wish.scale for wish in wishes])
        low, high = np.minimum(box[:, None, :2], box[None, :, :2]), np.maximum(box[:, None, 2:], box[None, :, 2:])
        common_px = (high - low).prod(axis=2) * np.maximum(scale[:, None], scale[None, :]) ** 2
        common_px[np.tril_indices(len(wishes))] = np.inf
        i, j = divmod(int(common_px.argmin()), len(wishes))
        wishes = [*(wish for k, wish in enumerate(wishes) if k not in (i, j)), _both(wishes[i], wishes[j])]
    return wishes


def tiles(region_px: Box, size_px: tuple[float, float]) -> Iterator[Box]:
    """A region in pieces of at most this size, row by row; neighbours share a fifth."""
    x0, y0, x1, y1 = region_px
    for top, bottom in _pieces(y0, y1, size_px[1]):
        for left, right in _pieces(x0, x1, size_px[0]):
            yield left, top, right, bottom


def _pieces(low: float, high: float, length: float) -> list[tuple[float, float]]:
    if high - low <= length:
        return [(low, high)]
    count = int(np.ceil((high - low - length) / (0.8 * length))) + 1
    starts = np.linspace(low, high - length, count).tolist()
    return [(start, start + length) for start in starts]

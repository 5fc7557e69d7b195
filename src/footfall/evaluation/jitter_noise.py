"""What a detector and a tracker do to people who walk: trembling boxes, gaps, exchanged ids, people who are not there.

Each disturbance is a number of a `Condition`; zeros leave the truth untouched. Seeded, pixels of a 640 x 360 picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from math import dist, exp
from random import Random

from footfall.core.geometry import Point, bottom_center
from footfall.core.types import TrackObservation
from footfall.evaluation.jitter_walks import HEIGHT_PX, WIDTH_PX, Act, Walk

WANDER_S = 0.3
"""Time constant of correlated noise."""
ARRIVAL_S = 1.6
"""Mean time between two people."""
NEAR_PX = 60.0
"""People so near each other may exchange their ids."""
HIDDEN_SHARE = 0.55
"""What is left of a box whose legs are hidden."""
SURE_S = 0.6
"""For so long at both ends people are seen whole and without fail: what nobody saw cannot be counted."""
LONGEST_MISS_S = 2.0
APART_PX, APART_S = 90.0, 4.0
"""Nobody turns up so near the place where somebody else vanished so shortly before: that would be one person."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One set of disturbances."""

    name: str
    sigma_px: float = 0.0
    """Standard deviation of each edge of a box."""
    correlated: bool = False
    """Noise that wanders, with a memory of `WANDER_S`, instead of white noise."""
    switches: float = 0.0
    """Id switches for every 100 people."""
    missed: float = 0.0
    """Share of sights that are missing, in runs of half a second."""
    hidden: float = 0.0
    """Share of the time in which the legs are hidden, in runs of one second."""
    false_tracks: float = 0.0
    """Tracks of nobody for every 100 people."""
    fps: float = 15.0


@dataclass(slots=True)
class Crowd:
    """Who is to be seen in each frame, and who that really is."""

    frames: list[list[TrackObservation]]
    fps: float
    owner: dict[tuple[str, int], int] = field(default_factory=dict)
    """(track id, frame) -> number of the act; tracks of nobody are missing."""


@dataclass(slots=True)
class _Sight:
    frame: int
    foot_px: Point
    box_px: tuple[float, float, float, float]


def disturb(acts: Sequence[Act], condition: Condition, chance: Random) -> Crowd:
    """Let the people come one after the other, and look at them through a bad detector and tracker."""
    paths = [
        _sights(act.walk, start_s, condition, chance)
        for act, start_s in zip(acts, _arrivals(acts, chance), strict=True)
    ]
    names = _names(paths, condition, chance)
    seen = [_kept(path, condition, chance) for path in paths]
    last = max((path[-1].frame for path in paths if path), default=0)
    crowd = Crowd([[] for _ in range(last + 1)], condition.fps)
    for number, path in enumerate(seen):
        for sight in path:
            name = names[number][sight.frame]
            crowd.owner[name, sight.frame] = number
            crowd.frames[sight.frame].append(_observation(name, sight, condition.fps))
    for number, path in enumerate(_nobody(len(acts), last, condition, chance)):
        for sight in path:
            crowd.frames[sight.frame].append(_observation(f"nobody{number}", sight, condition.fps))
    return crowd


def _arrivals(acts: Sequence[Act], chance: Random) -> list[float]:
    """When each person comes."""
    start_s = 0.0
    starts: list[float] = []
    ends: list[tuple[float, Point]] = []
    for act in acts:
        first, last = act.walk.points_px[0], act.walk.points_px[-1]
        while any(start_s - APART_S < end_s < start_s + 0.5 and dist(first, end) < APART_PX for end_s, end in ends):
            start_s += 0.5
        starts.append(start_s)
        ends.append((start_s + act.walk.length_s, last))
        start_s += chance.uniform(0.2, 2.0) * ARRIVAL_S
    return starts


def _sights(walk: Walk, start_s: float, condition: Condition, chance: Random) -> list[_Sight]:
    """The boxes of one person, frame by frame, none missing yet."""
    first = int(start_s * condition.fps) + 1
    last = int((start_s + walk.length_s) * condition.fps)
    stature = chance.uniform(0.88, 1.12)
    noise = _noise(condition, chance)
    hidden = _spells(condition.hidden, 1.0, condition.fps, chance)
    sights = []
    for frame in range(first, max(last, first) + 1):
        foot = walk.at(frame / condition.fps - start_s)
        height = stature * (55.0 + 0.2 * (foot[1] - 100.0))
        left, top, right, bottom = next(noise)
        is_hidden = next(hidden) and min(frame - first, last - frame) > SURE_S * condition.fps
        feet = foot[1] - (1.0 - HIDDEN_SHARE) * height if is_hidden else foot[1]
        box = foot[0] - 0.2 * height + left, foot[1] - height + top, foot[0] + 0.2 * height + right, feet + bottom
        sights.append(_Sight(frame, foot, box))
    return sights


def _noise(condition: Condition, chance: Random) -> Iterator[tuple[float, float, float, float]]:
    """Offsets of the four edges; left and right move together, so that a foot point trembles by `sigma_px`, too."""
    memory = exp(-1.0 / (condition.fps * WANDER_S)) if condition.correlated else 0.0
    fresh = condition.sigma_px * (1.0 - memory**2) ** 0.5
    state = [chance.gauss(0.0, condition.sigma_px) for _ in range(3)]
    while True:
        yield state[0], state[1], state[0], state[2]
        state = [memory * value + chance.gauss(0.0, fresh) for value in state]


def _spells(share: float, mean_s: float, fps: float, chance: Random) -> Iterator[bool]:
    """On and off at random: `share` of the time on, in runs of `mean_s`."""
    stop = min(1.0, 1.0 / (mean_s * fps))
    begin = stop * share / (1.0 - share)
    on = False
    while True:
        on = chance.random() >= stop if on else chance.random() < begin
        yield on


def _kept(path: list[_Sight], condition: Condition, chance: Random) -> list[_Sight]:
    gone = _spells(condition.missed, 0.5, condition.fps, chance)
    sure, longest = SURE_S * condition.fps, LONGEST_MISS_S * condition.fps
    kept = path[:1]
    for sight in path[1:]:
        is_sure = min(sight.frame - path[0].frame, path[-1].frame - sight.frame) <= sure
        if not next(gone) or is_sure or sight.frame - kept[-1].frame > longest:
            kept.append(sight)
    return kept


def _names(paths: list[list[_Sight]], condition: Condition, chance: Random) -> list[dict[int, str]]:
    """Track id of each person in each frame: a switch gives a new id, or exchanges those of two who are near."""
    ids = count()
    names = [{sight.frame: number for sight in path} for path, number in zip(paths, ids, strict=False)]
    ids = count(len(paths))
    for _ in range(round(condition.switches * len(paths) / 100.0)):
        number = chance.randrange(len(paths))
        path = paths[number]
        warm = int(SURE_S * condition.fps) + 1
        if len(path) <= warm:
            continue
        sight = chance.choice(path[warm:])
        other = _neighbour(paths, number, sight)
        if other is not None and chance.random() < 0.5:
            _exchange(names[number], names[other], sight.frame)
        else:
            fresh, old = next(ids), names[number][sight.frame]
            for frame in names[number]:
                if frame >= sight.frame and names[number][frame] == old:
                    names[number][frame] = fresh
    return [{frame: f"{name:032x}" for frame, name in own.items()} for own in names]


def _neighbour(paths: list[list[_Sight]], number: int, sight: _Sight) -> int | None:
    for other, path in enumerate(paths):
        k = sight.frame - path[0].frame
        if other != number and 0 <= k < len(path) and dist(path[k].foot_px, sight.foot_px) < NEAR_PX:
            return other
    return None


def _exchange(one: dict[int, int], two: dict[int, int], frame: int) -> None:
    a, b = one[frame], two[frame]
    for names, old, new in ((one, a, b), (two, b, a)):
        for later, name in names.items():
            if later >= frame and name == old:
                names[later] = new


def _nobody(people: int, last: int, condition: Condition, chance: Random) -> list[list[_Sight]]:
    """Tracks of coats and shadows: short, anywhere, standing."""
    tracks = []
    for _ in range(round(condition.false_tracks * people / 100.0)):
        place = chance.uniform(20.0, WIDTH_PX - 20.0), chance.uniform(110.0, HEIGHT_PX - 5.0)
        start_s = chance.uniform(0.0, last / condition.fps)
        walk = Walk((0.0, chance.uniform(0.3, 1.2)), (place, place), 0.0, 0.0)
        tracks.append([s for s in _sights(walk, start_s, condition, chance) if s.frame <= last])
    return tracks


def _observation(name: str, sight: _Sight, fps: float) -> TrackObservation:
    x0, y0, x1, y1 = sight.box_px
    box_n = x0 / WIDTH_PX, y0 / HEIGHT_PX, x1 / WIDTH_PX, max(y1, y0 + 1.0) / HEIGHT_PX
    return TrackObservation(name, sight.frame / fps, sight.frame, box_n, bottom_center(box_n), 0.9)

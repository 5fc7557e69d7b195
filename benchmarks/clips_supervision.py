"""supervision's chain on recorded detections, in an environment that has supervision and trackers, without footfall.

Standard input: {"frames": [{"t", "boxes", "scores"}...], "fps", "truth"}; standard output: chain -> events, each
[seconds, type, region, status]. Settings: as the packages come; and as their documentation advises for feet on a floor
and trembling boxes: the line watches the middle of the lower edge and wants a change of side to last, and the tracker
takes people of modest score; visits are held to the same patience. `sv.ByteTrack` left supervision after 0.26; it is
tried where it is installed as `supervision026`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import supervision as sv
import trackers

Track: TypeAlias = Callable[[Any], Any]
"""sv.Detections -> the same with ids."""
Said: TypeAlias = tuple[float, str, str, str]

SIDE_PX = 1000
"""Boxes come normalised; both sides count the same then."""
LASTS = 3
"""Frames for which a change of side must last, tuned."""
GONE_S = 1.0
"""A visitor unseen for longer has left, when last seen."""


def main() -> None:
    asked = json.load(sys.stdin)
    json.dump({name: list(events(asked, *made)) for name, made in chains(asked["fps"]).items()}, sys.stdout)


def chains(fps: float) -> dict[str, tuple[Track, dict[str, Any]]]:
    """Name -> (tracker, options of the lines)."""
    feet = {"triggering_anchors": [sv.Position.BOTTOM_CENTER], "minimum_crossing_threshold": LASTS}
    as_it_is = trackers.ByteTrackTracker(frame_rate=fps)
    willing = trackers.ByteTrackTracker(frame_rate=fps, track_activation_threshold=0.25, high_conf_det_threshold=0.25)
    name = f"supervision {sv.__version__}"
    made = {
        f"{name}, ByteTrack of trackers {version('trackers')}, as they come": (as_it_is.update, {}),
        f"{name}, the same, tuned": (willing.update, feet),
    }
    if find_spec("supervision026"):
        old = import_module("supervision026").ByteTrack(frame_rate=round(fps))
        made[f"{name}, ByteTrack of supervision 0.26, lines tuned"] = (old.update_with_detections, feet)
    return made


def events(asked: dict[str, Any], track: Track, how: dict[str, Any]) -> Iterator[Said]:
    """Everything that one setting of the chain says."""
    truth = asked["truth"]
    lines = {name: sv.LineZone(*ends(line["segment"]), **how) for name, line in truth.get("lines", {}).items()}
    lasts = LASTS if how else 1
    zones = {name: Visits(name, zone["polygon"], lasts) for name, zone in truth.get("zones", {}).items()}
    for frame in asked["frames"]:
        boxes = np.array(frame["boxes"], np.float32).reshape(-1, 4) * SIDE_PX
        scores = np.array(frame["scores"], np.float32)
        seen = track(sv.Detections(xyxy=boxes, confidence=scores, class_id=np.zeros(len(boxes), int)))
        if seen.tracker_id is not None:
            seen = seen[seen.tracker_id >= 0]
        for name, line in lines.items():
            for crossed, status in zip(line.trigger(seen), ("CrossLeft", "CrossRight"), strict=True):
                yield from ((frame["t"], "personLineEvent", name, status) for _ in range(int(crossed.sum())))
        yield from chain.from_iterable(zone.step(seen, frame["t"]) for zone in zones.values())
    yield from chain.from_iterable(zone.step(sv.Detections.empty(), float("inf")) for zone in zones.values())


def ends(segment: list[float]) -> tuple[sv.Point, sv.Point]:
    x0, y0, x1, y1 = (value * SIDE_PX for value in segment)
    return sv.Point(x0, y0), sv.Point(x1, y1)


class Visits:
    """Who is in a zone, by id: PolygonZone tells it for one frame, visits are what its users make of it.

    Coming and going count when they have lasted for `lasts` frames, and are dated back to the first of them.
    """

    def __init__(self, name: str, polygon_n: list[list[float]], lasts: int) -> None:
        self._name, self._lasts = name, lasts
        self._zone = sv.PolygonZone(np.round(np.array(polygon_n) * SIDE_PX).astype(int))
        self._people: dict[int, Presence] = {}

    def step(self, seen: sv.Detections, t_s: float) -> Iterator[Said]:
        """Who came, who left."""
        ids = [] if seen.tracker_id is None else seen.tracker_id.tolist()
        inside = self._zone.trigger(seen).tolist() if ids else []
        for who, is_inside in zip(ids, inside, strict=True):
            here = self._people.setdefault(who, Presence(t_s))
            here.since_s = t_s if is_inside != here.is_seen_inside else here.since_s
            here.frames = 1 if is_inside != here.is_seen_inside else here.frames + 1
            here.is_seen_inside, here.last_s = is_inside, t_s
            if is_inside != here.is_visiting and here.frames >= self._lasts:
                here.is_visiting = is_inside
                yield here.since_s, "personZoneEnterExitEvent", self._name, "Enter" if is_inside else "Exit"
        for who in [who for who, here in self._people.items() if t_s - here.last_s > GONE_S]:
            here = self._people.pop(who)
            if here.is_visiting:
                yield here.last_s, "personZoneEnterExitEvent", self._name, "Exit"


@dataclass(slots=True)
class Presence:
    """One id at one zone."""

    last_s: float
    since_s: float = 0.0
    """When it was first seen on this side of the border."""
    frames: int = 0
    """How many times in a row it has been."""
    is_seen_inside: bool = False
    is_visiting: bool = False


if __name__ == "__main__":
    main()

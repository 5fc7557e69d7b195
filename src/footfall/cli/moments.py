"""Pictures of the moments of an audit: one pass through the clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import floor
from pathlib import Path

import cv2

from footfall.config.environment import Settings
from footfall.config.native import plan_for_target
from footfall.config.plan import SourceSpec
from footfall.core.types import Frame, Image
from footfall.engine.clock import SystemClock
from footfall.evaluation.audit_sheet import TILE_PX, clock, strip, tile
from footfall.ingest.container import Address, probe
from footfall.ingest.decode import VideoSource
from footfall.spatial.audit.moments import Moment
from footfall.spatial.regions import SpatialSpec

TILES = 16
"""Of a moment, at most."""


def duration_s(clip: str) -> float:
    """How long a clip is; played through where its header does not say.

    Raises:
        SourceUnavailable: it cannot be opened.
    """
    info = probe(Address(clip))
    if info.duration_s:
        return info.duration_s
    if info.frames:
        return info.frames / info.fps
    return max((frame.t_s for frame in _frames(clip, fps=2.0)), default=0.0)


def draw_moments(
    clip: str, wanted: Sequence[Moment], spatial: SpatialSpec, folder: Path
) -> Iterator[tuple[Moment, Path]]:
    """Write one picture a moment, in the order in which they end in the clip.

    Raises:
        SourceUnavailable: the clip cannot be played.
    """
    if not wanted:
        return
    only = regions_alone(spatial)
    waiting = sorted(wanted, key=lambda moment: moment.end_s)
    length_s = max(moment.end_s - moment.start_s for moment in wanted)
    tiles: dict[int, list[Image]] = {number: [] for number in range(len(waiting))}
    done = 0
    for frame in _frames(clip, fps=TILES / length_s):
        while done < len(waiting) and waiting[done].end_s < frame.t_s:
            yield _written(waiting[done], tiles.pop(done), folder)
            done += 1
        for number in range(done, len(waiting)):
            moment = waiting[number]
            if moment.start_s <= frame.t_s <= moment.end_s:
                tiles[number].append(tile(frame.image, only[moment.region], frame.t_s))
    for number in range(done, len(waiting)):
        yield _written(waiting[number], tiles.pop(number), folder)


def regions_alone(spatial: SpatialSpec) -> Mapping[str, SpatialSpec]:
    """By name, each line and zone without the others."""
    lines = {line.name: SpatialSpec(lines=(line,)) for line in spatial.lines}
    return lines | {zone.name: SpatialSpec(zones=(zone,)) for zone in spatial.zones}


def _written(moment: Moment, tiles: list[Image], folder: Path) -> tuple[Moment, Path]:
    title = f"{moment.region}   {clock(moment.start_s)} to {clock(moment.end_s)}"
    path = folder / f"{len(list(folder.iterdir())) + 1:03d}_{floor(moment.start_s)}s.png"
    cv2.imwrite(str(path), strip(title, tiles))
    return moment, path


def _frames(clip: str, fps: float) -> Iterator[Frame]:
    source = plan_for_target(clip, spatial=SpatialSpec(), settings=Settings()).graphs[0].spec(SourceSpec)
    return VideoSource(replace(source, max_fps=fps), image_width_px=2 * TILE_PX, clock=SystemClock()).frames()

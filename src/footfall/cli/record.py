"""People of a recording, for whoever judges lines and zones: recorded tracks, or a clip that is watched now."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, field, replace

from footfall.cli.files import read_bytes
from footfall.cli.progress import Progress
from footfall.cli.run import length
from footfall.cli.watch import say, verdict, watch
from footfall.config.environment import Settings
from footfall.config.native import plan_for_target
from footfall.config.plan import (
    AttributesSpec,
    DetectSpec,
    FaceMaskSpec,
    GraphPlan,
    GroundSpec,
    LookAt,
    NodeSpec,
    OnEnd,
    Pace,
    Plan,
    SnapshotSpec,
    SourceSpec,
    pipeline,
)
from footfall.core.errors import ConfigError, Problem, SourceUnavailable
from footfall.core.types import Image, Observed
from footfall.engine.items import Tracked
from footfall.events.tracks import read_tracks
from footfall.runtime.folders import data_folder, models_folder
from footfall.runtime.options import Options, Taps
from footfall.runtime.runtime import Runtime
from footfall.spatial.regions import SpatialSpec

PICTURE_WIDTH_PX = 960


@dataclass(slots=True)
class Watched:
    """What was seen."""

    frames: list[Observed] = field(default_factory=list)
    picture: Image | None = None
    """The last analysed picture, where somebody wants pixels."""

    def __call__(self, item: object) -> None:
        """Take one frame."""
        assert isinstance(item, Tracked)
        self.frames.append(item.observed)
        if item.frame is not None and item.frame.picture is not None:
            self.picture = item.frame.picture


def recorded(file: str) -> Watched:
    """The people of a tracks file.

    Raises:
        ConfigError: it is none, or it is empty.
    """
    frames = list(read_tracks(read_bytes(file).splitlines(), file=file))
    if not frames:
        cure = "record some with `footfall run VIDEO --tracks FILE`"
        raise ConfigError([Problem(file, "$", "no recorded frames", cure)])
    return Watched(frames)


def watched(clip: str, graph: GraphPlan | None, args: argparse.Namespace, settings: Settings) -> Watched:
    """The people of a video file, found and followed as `footfall run` does it.

    Args:
        clip: The video file.
        graph: Whose detector and tracker to use; None: those of the command line.
        args: `model`, `fps`, `threads`, `pixels`, `no_progress`.
        settings: Of the process.

    Raises:
        ConfigError: the clip or the model is wrong.
        FootfallError: what ended the run before its time.
    """
    found = Watched()
    follow(clip, watching(clip, graph, args, settings), args, found, PICTURE_WIDTH_PX if args.pixels else 0)
    return found


def follow(clip: str, graph: GraphPlan, args: argparse.Namespace, found: Watched, picture_width_px: int) -> None:
    """Let a graph watch a clip to its end.

    Args:
        clip: What it is called.
        graph: Its source is the clip.
        args: `threads`, `no_progress`.
        found: Sees every frame as it leaves the tracker.
        picture_width_px: Frames carry a second picture this wide; 0: none.

    Raises:
        As `watched`.
    """
    plan = Plan((graph,), (f"jsonl:{os.devnull}",))
    if plan.graphs[0].spec(SourceSpec).on_end is not OnEnd.STOP:
        cure = "name a file, or record with `footfall run CAMERA --tracks FILE`"
        raise ConfigError([Problem("command line", "--clip", "a camera never ends", cure)])
    options = Options(
        models_folder=models_folder(),
        outbox_folder=data_folder() / "outbox",
        threads=args.threads,
        gives_up=True,
        picture_width_px=picture_width_px,
        taps=lambda _: Taps(on_tracked=found),
    )
    frames = length(plan)
    runtime = Runtime(plan, options)
    for words in runtime.served.values():
        say(f"{clip}: detector {words}")
    with Progress(frames, enabled=not args.no_progress) as bar:
        watch(runtime, lambda: bar.show(runtime.supervisor, len(found.frames[-1].people) if found.frames else 0))
    verdict(runtime, is_recorded=True)
    if not found.frames:
        raise SourceUnavailable("no-frames", clip)


def watching(clip: str, graph: GraphPlan | None, args: argparse.Namespace, settings: Settings) -> GraphPlan:
    """The graph with the clip for a camera, without rules, events, classifiers and calibration."""
    nothing = SpatialSpec()
    target = plan_for_target(clip, spatial=nothing, settings=settings).graphs[0]
    clip_source, specs = target.spec(SourceSpec), list[NodeSpec]()
    for node in (graph or target).nodes:
        spec = node.spec
        if isinstance(spec, SourceSpec):
            source = replace(spec, url=clip, on_end=clip_source.on_end, pace=Pace.FAST)
            spec = replace(source, max_fps=args.fps) if args.fps else source
        if isinstance(spec, DetectSpec):
            spec = replace(spec, model=args.model or spec.model, look=LookAt.WHOLE)
        if isinstance(spec, GroundSpec):
            spec = GroundSpec(calibrate=False)
        if isinstance(spec, SpatialSpec):
            spec = nothing
        if not isinstance(spec, FaceMaskSpec | AttributesSpec | SnapshotSpec):
            specs.append(spec)
    return GraphPlan(target.id, "", pipeline(specs))

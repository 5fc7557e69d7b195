"""What a run keeps beside its events: totals for the summary, tracks, an annotated clip, a report, clips of events."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import av
import cv2
import numpy as np

from footfall.annotate import Trails, VideoWriter, draw
from footfall.cli.clips import ClipsWish, EventClips
from footfall.cli.files import check_writable
from footfall.cli.surveys import ReportRecorder
from footfall.config.plan import GraphPlan, Plan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.engine.items import Happened, Tracked
from footfall.events.tracks import format_frame
from footfall.recording.event_clips import Tally
from footfall.runtime.folders import safe
from footfall.runtime.inside import Inside
from footfall.runtime.options import Taps
from footfall.spatial.certainty import Ledger
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.totals import Totals

log = logging.getLogger(__name__)

CLIP_WIDTH_PX = 960


def at_most(picture: Image, width_px: int) -> Image:
    """The picture, no wider than that: faces are looked for in larger ones than clips show."""
    height, width = picture.shape[:2]
    if width <= width_px:
        return picture
    size = width_px, max(2, 2 * round(height * width_px / width / 2))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


class Recorders:
    """All recorders of a run, one set per graph.

    Raises:
        ConfigError: a file cannot be written; found out before anything starts.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        tracks: str | None,
        clip: str | None,
        report: str | None = None,
        inside: Inside | None = None,
        clips: ClipsWish | None = None,
    ) -> None:
        self._inside = inside
        graphs = enabled(plan)
        self.totals = {graph.id: TotalsRecorder(graph.spec(SpatialSpec)) for graph in graphs}
        self._tracks: dict[str, Spare] = {}
        self._clips: dict[str, Spare] = {}
        self._report = ReportRecorder(Path(report), graphs) if report else None
        files = Files(graphs)
        for graph in graphs:
            if tracks:
                path = files.take(tracks, graph, "--tracks")
                self._tracks[graph.id] = Spare(path, TracksRecorder(path))
            if clip:
                path = files.take(clip, graph, "--save-video")
                recorder = ClipRecorder(path, graph.spec(SpatialSpec), self.totals[graph.id].totals)
                self._clips[graph.id] = Spare(path, recorder)
        self._event_clips = EventClips(clips, [(graph, files.name(graph)) for graph in graphs]) if clips else None
        self.recorded: Tally | None = None
        """The clips of events, once all is closed; None: nobody asked for them."""

    @property
    def are_whole(self) -> bool:
        """Whether nothing broke off."""
        others = (self._report, self._event_clips, *self._tracks.values(), *self._clips.values())
        return all(recorder is None or recorder.is_whole for recorder in others)

    @property
    def people(self) -> int:
        """How many people are in view of all cameras now."""
        return sum(recorder.people for recorder in self.totals.values())

    def taps(self, graph: GraphPlan) -> Taps:
        """Who looks at this graph."""
        clip, totals = self._clips.get(graph.id), self.totals[graph.id]
        camera, inside = graph.spec(SourceSpec).source_id, self._inside
        survey = self._report.surveyors[graph.id] if self._report else None

        def on_happened(item: object) -> None:
            totals(item)
            if inside is not None:
                inside(item, camera)
            if clip is not None:
                clip(item)
            if survey is not None:
                survey(item)

        taps = Taps(self._tracks.get(graph.id), on_happened)
        return taps if self._event_clips is None else self._event_clips.taps(graph, taps)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for tracks in self._tracks.values():
            tracks.close()
        for clip in self._clips.values():
            clip.close()
        if self._report is not None:
            self._report.close()
        if self._event_clips is not None:
            self.recorded = self._event_clips.close()


def enabled(plan: Plan) -> tuple[GraphPlan, ...]:
    """The graphs that run."""
    return tuple(graph for graph in plan.graphs if graph.enabled)


class Files:
    """Gives every graph files of its own, none of which is what somebody reads or writes already."""

    def __init__(self, graphs: Sequence[GraphPlan]) -> None:
        self._taken = {Path(graph.spec(SourceSpec).url).resolve() for graph in graphs}
        self._names: dict[str, str] = {}
        for graph in graphs:
            name = safe(graph.spec(SourceSpec).source_id)
            is_new = name not in self._names.values()
            self._names[graph.id] = name if is_new else f"{safe(graph.id)}.{len(self._names)}"
        if len(graphs) == 1:
            self._names = {graphs[0].id: ""}

    def name(self, graph: GraphPlan) -> str:
        """What files of this graph are called among those of all."""
        return self._names[graph.id] or safe(graph.spec(SourceSpec).source_id)

    def take(self, path: str, graph: GraphPlan, option: str) -> Path:
        """The graph's own variant of `path`: `out.mp4`, or `out.door-cam.mp4` where there are several graphs.

        Raises:
            ConfigError: it cannot be written, or is another file of this run.
        """
        whole, name = Path(path), self._names[graph.id]
        target = whole.with_name(f"{whole.stem}.{name}{whole.suffix}") if name else whole
        if target.resolve() in self._taken:
            what = "is the video itself, or another output"
            raise ConfigError([Problem(str(target), option, what, "give every output its own file")])
        self._taken.add(target.resolve())
        return check_writable(str(target), option)


class Recorder(Protocol):
    """Sees items and writes a file."""

    def __call__(self, item: object) -> None:
        """Record one item."""
        ...

    def close(self) -> None:
        """Finish the file."""
        ...


class Spare:
    """A recorder that may break off alone: events matter more than a recording on a full disk."""

    def __init__(self, path: Path, recorder: Recorder) -> None:
        self._path = path
        self._recorder = recorder
        self.is_whole = True

    def __call__(self, item: object) -> None:
        """Record one item, if nothing went wrong before."""
        if self.is_whole:
            self._attempt(lambda: self._recorder(item))

    def close(self) -> None:
        """Finish the file as well as can be."""
        self._attempt(self._recorder.close)

    def _attempt(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (OSError, av.FFmpegError, ConfigError) as error:
            if self.is_whole:
                log.warning("%s: the recording breaks off (%s)", self._path, error)
            self.is_whole = False


class TotalsRecorder:
    """Running totals of one graph, and how sure they are."""

    def __init__(self, spatial: SpatialSpec) -> None:
        self.totals = Totals.of(spatial)
        self.ledger = Ledger.of(spatial)
        self.people = 0

    def __call__(self, item: object) -> None:
        """Add what happened."""
        assert isinstance(item, Happened)
        self.people = len(item.observed.people)
        self.totals.add_all(item.insights)
        self.ledger = item.ledger or self.ledger


class TracksRecorder:
    """Tracks as JSON lines; never pixels."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._size_px = (0, 0)

    def __call__(self, item: object) -> None:
        """Record the people of one frame; the first one, and one of another size, tells the size."""
        assert isinstance(item, Tracked)
        if self._file is None:
            self._file = self._path.open("wb")
        self._file.write(format_frame(item.observed, is_first=item.observed.size_px != self._size_px))
        self._size_px = item.observed.size_px

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


class ClipRecorder:
    """The analysed frames with boxes, regions and running totals drawn on them."""

    def __init__(self, path: Path, spatial: SpatialSpec, totals: Totals) -> None:
        self._path = path
        self._spatial = spatial
        self._totals = totals
        self._trails = Trails()
        self._writer: VideoWriter | None = None

    def __call__(self, item: object) -> None:
        """Draw one frame and add it to the clip."""
        assert isinstance(item, Happened)
        if item.frame is None or item.frame.picture is None:
            return
        picture = draw(
            at_most(item.frame.picture, CLIP_WIDTH_PX), item.observed, self._spatial, self._totals, self._trails
        )
        if self._writer is None:
            height, width = picture.shape[:2]
            self._writer = VideoWriter(self._path, 15.0, (width, height))
        self._writer.write(picture, item.observed.t_s)

    def close(self) -> None:
        """Finish the clip."""
        if self._writer is not None:
            self._writer.close()

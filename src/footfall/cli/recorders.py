"""What a run keeps beside its events: totals for the summary, tracks, an annotated clip."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from footfall.annotate import Trails, VideoWriter, draw
from footfall.cli.files import check_writable
from footfall.config.plan import GraphPlan, Plan, SourceSpec
from footfall.engine.items import Happened, Tracked
from footfall.events.tracks import format_frame
from footfall.runtime import Taps
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.totals import Totals

CLIP_WIDTH_PX = 960


class Recorders:
    """All recorders of a run, one set per graph.

    Raises:
        ConfigError: a file cannot be written; found out before anything starts.
    """

    def __init__(self, plan: Plan, *, tracks: str | None, clip: str | None) -> None:
        several = len(plan.graphs) > 1
        self.totals = {graph.id: TotalsRecorder(graph.spec(SpatialSpec)) for graph in plan.graphs if graph.enabled}
        self._tracks: dict[str, TracksRecorder] = {}
        self._clips: dict[str, ClipRecorder] = {}
        for graph in plan.graphs:
            source_id = graph.spec(SourceSpec).source_id if several else ""
            if tracks and graph.enabled:
                self._tracks[graph.id] = TracksRecorder(check_writable(named(tracks, source_id), "--tracks"))
            if clip and graph.enabled:
                path = check_writable(named(clip, source_id), "--save-video")
                self._clips[graph.id] = ClipRecorder(path, graph.spec(SpatialSpec), self.totals[graph.id].totals)

    @property
    def people(self) -> int:
        """How many people are in view of all cameras now."""
        return sum(recorder.people for recorder in self.totals.values())

    def taps(self, graph: GraphPlan) -> Taps:
        """Who looks at this graph."""
        clip, totals = self._clips.get(graph.id), self.totals[graph.id]

        def on_happened(item: object) -> None:
            totals(item)
            if clip is not None:
                clip(item)

        return Taps(self._tracks.get(graph.id), on_happened)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for tracks in self._tracks.values():
            tracks.close()
        for clip in self._clips.values():
            clip.close()


def named(path: str, source_id: str) -> str:
    """The file of one of several cameras: `out.mp4` -> `out.door-cam.mp4`."""
    if not source_id:
        return path
    whole = Path(path)
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in source_id)
    return str(whole.with_name(f"{whole.stem}.{safe}{whole.suffix}"))


class TotalsRecorder:
    """Running totals of one graph."""

    def __init__(self, spatial: SpatialSpec) -> None:
        self.totals = Totals.of(spatial)
        self.people = 0

    def __call__(self, item: object) -> None:
        """Add what happened."""
        assert isinstance(item, Happened)
        self.people = len(item.observed.people)
        self.totals.add_all(item.insights)


class TracksRecorder:
    """Tracks as JSON lines; never pixels."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._is_first = True

    def __call__(self, item: object) -> None:
        """Record the people of one frame."""
        assert isinstance(item, Tracked)
        self._file.write(format_frame(item.observed, is_first=self._is_first))
        self._is_first = False

    def close(self) -> None:
        """Finish the file."""
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
        if item.frame is None:
            return
        picture = draw(item.frame.image, item.observed, self._spatial, self._totals, self._trails)
        if self._writer is None:
            height, width = picture.shape[:2]
            self._writer = VideoWriter(self._path, 15.0, (width, height))
        self._writer.write(picture, item.observed.t_s)

    def close(self) -> None:
        """Finish the clip."""
        if self._writer is not None:
            self._writer.close()

"""Surveys what the rules of one camera see, for a report."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

from footfall.config.plan import GraphPlan, GroundSpec, OnEnd, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.engine.items import Happened
from footfall.report.document import CameraReport
from footfall.report.folder import write_report
from footfall.spatial.certainty import Ledger
from footfall.spatial.interval import Estimate
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.survey import Survey, SurveySpec

ZONE_FIGURES = ("enters", "exits", "visits")
log = logging.getLogger(__name__)
LEAST = 3
"""Fewer people than this are not shown in a cell, where nobody says otherwise."""


class Surveyor:
    """Looks at every `Happened` of a graph; the survey begins with the first one, which tells the picture's shape.

    Args:
        graph: whose zones, lines and camera are meant.
        spec: how finely to look.
        midnight: the time of day at which offsets are 0; None where nobody knows.
        is_live: the frames' own capture times tell the time of day.
    """

    def __init__(
        self, graph: GraphPlan, spec: SurveySpec, midnight: datetime | None = None, *, is_live: bool = False
    ) -> None:
        self.survey: Survey | None = None
        self._graph = graph
        self._spec = spec
        self._midnight = midnight
        self._is_live = is_live
        self._offset_s = 0.0
        self._ledger: Ledger | None = None
        self._known: dict[tuple[str, str], Estimate] = {}

    def begin(self, offset_s: float) -> None:
        """A recording starts, so long after midnight, or after the first one where the time of day is not known."""
        self._offset_s = offset_s
        self._close_ledger()
        if self.survey is not None:
            self.survey.begin(offset_s)

    def __call__(self, item: object) -> None:
        """Take one frame and what happened in it."""
        assert isinstance(item, Happened)
        if self.survey is None:
            width, height = item.observed.size_px
            camera = self._graph.spec(GroundSpec).camera
            self.survey = Survey(self._graph.spec(SpatialSpec), camera, height / width, self._spec)
            if self._is_live:
                self._midnight, since_s = since_midnight(item.observed.utc.astimezone().replace(tzinfo=None))
                self._offset_s = since_s - item.observed.t_s
            self.survey.begin(self._offset_s)
        self.survey.step(item.observed, item.insights)
        self._ledger = item.ledger

    def report(self, name: str, recordings: tuple[str, ...], least: int) -> CameraReport | None:
        """What can be told now that all is over; None if there was no frame."""
        if self.survey is None:
            return None
        self.survey.flush()
        self._close_ledger()
        return CameraReport(name, recordings, self.survey, least, self._known, self._midnight)

    def _close_ledger(self) -> None:
        """Estimates of one recording are added to those of the others."""
        if self._ledger is None:
            return
        for regions, figures in ((self._ledger.lines, ("right", "left")), (self._ledger.zones, ZONE_FIGURES)):
            for name, known in regions.items():
                for figure in figures:
                    key = name, figure
                    self._known[key] = self._known.get(key, Estimate()) + getattr(known, figure)
        self._ledger = None


def since_midnight(moment: datetime) -> tuple[datetime, float]:
    """The midnight before a moment, and the seconds since then."""
    midnight = datetime.combine(moment.date(), time(), moment.tzinfo)
    return midnight, (moment - midnight).total_seconds()


class ReportRecorder:
    """Surveys every graph of a run and writes the report when it is over.

    Raises:
        ConfigError: the folder cannot be made; found out before anything starts.
    """

    def __init__(self, folder: Path, graphs: Sequence[GraphPlan]) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            what, cure = f"cannot be made: {error.strerror or error}", "name a folder that you may write to"
            raise ConfigError([Problem(str(folder), "--report", what, cure)]) from error
        self._folder = folder
        self._graphs = {graph.id: graph.spec(SourceSpec).source_id for graph in graphs}
        self.surveyors = {
            graph.id: Surveyor(graph, SurveySpec(), is_live=graph.spec(SourceSpec).on_end is OnEnd.RECONNECT)
            for graph in graphs
        }
        self.is_whole = True

    def close(self) -> None:
        """Write the report, if anything was seen; a full disk spoils the report alone."""
        found = [each.report(self._graphs[name], (), LEAST) for name, each in self.surveyors.items()]
        cameras = [camera for camera in found if camera is not None]
        if not cameras:
            return
        try:
            write_report(cameras, self._folder)
        except ConfigError as error:
            log.warning("the report breaks off: %s", error)
            self.is_whole = False

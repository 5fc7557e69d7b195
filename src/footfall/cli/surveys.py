"""Surveys what the rules of one camera see, for a report."""

from __future__ import annotations

from datetime import datetime, time

from footfall.config.plan import GraphPlan, GroundSpec
from footfall.engine.items import Happened
from footfall.report.document import CameraReport
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.survey import Survey, SurveySpec


class Surveyor:
    """Looks at every `Happened` of a graph; the survey begins with the first one, which tells the picture's shape.

    Args:
        graph: whose zones, lines and camera are meant.
        spec: how finely to look.
        midnight: the time of day at which offsets are 0; None where nobody knows.
    """

    def __init__(self, graph: GraphPlan, spec: SurveySpec, midnight: datetime | None = None) -> None:
        self.survey: Survey | None = None
        self._graph = graph
        self._spec = spec
        self._midnight = midnight
        self._offset_s = 0.0

    def begin(self, offset_s: float) -> None:
        """A recording starts, so long after midnight, or after the first one where the time of day is not known."""
        self._offset_s = offset_s
        if self.survey is not None:
            self.survey.begin(offset_s)

    def __call__(self, item: object) -> None:
        """Take one frame and what happened in it."""
        assert isinstance(item, Happened)
        if self.survey is None:
            width, height = item.observed.size_px
            camera = self._graph.spec(GroundSpec).camera
            self.survey = Survey(self._graph.spec(SpatialSpec), camera, height / width, self._spec)
            self.survey.begin(self._offset_s)
        self.survey.step(item.observed, item.insights)

    def report(self, name: str, recordings: tuple[str, ...], least: int) -> CameraReport | None:
        """What can be told now that all is over; None if there was no frame."""
        if self.survey is None:
            return None
        self.survey.flush()
        return CameraReport(name, recordings, self.survey, least, self._midnight)


def since_midnight(moment: datetime) -> tuple[datetime, float]:
    """The midnight before a moment, and the seconds since then."""
    midnight = datetime.combine(moment.date(), time(), moment.tzinfo)
    return midnight, (moment - midnight).total_seconds()

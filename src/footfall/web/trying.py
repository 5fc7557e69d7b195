"""Regions tried on the people of the past: what is wrong with them, and what they would have counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from footfall.config.plan import GraphPlan
from footfall.core.errors import ConfigError
from footfall.core.types import Observed
from footfall.runtime.preview import LinePreview, ZonePreview, findings, preview
from footfall.spatial.interval import Estimate
from footfall.spatial.lint.findings import Finding
from footfall.store import tracks
from footfall.web import models_regions as models
from footfall.web.asked import bad
from footfall.web.drawing import drawn_regions
from footfall.web.models import Problem
from footfall.web.models_numbers import MeasureWord
from footfall.web.parts import Parts

USUAL: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=6)
RECENT: Final = timedelta(minutes=15)
"""Of people that regions are judged on, while somebody draws."""
GAP_S: Final = 5.0
"""Between two frames that are farther apart nothing was recorded."""


def checked(parts: Parts, camera: str, regions: models.RegionsSpec) -> models.CheckAnswer:
    """What is wrong with regions."""
    try:
        plan = _plan(parts, camera, regions)
    except ConfigError as error:
        problems = [Problem.of(problem) for problem in error.problems]
        return models.CheckAnswer(problems=problems, findings=[], recorded_s=0.0)
    now = parts.clock.now()
    frames = list(tracks.frames(parts.store, camera, now - RECENT, now))
    found = [_finding(one) for one in findings(frames, plan)]
    return models.CheckAnswer(problems=[], findings=found, recorded_s=recorded_s(frames))


def previewed(parts: Parts, camera: str, regions: models.RegionsSpec, begin: datetime, end: datetime) -> models.Preview:
    """What regions would have counted."""
    plan = _plan(parts, camera, regions)
    frames = list(tracks.frames(parts.store, camera, begin, end))
    told = preview(frames, plan)
    counts = [one for line in told.lines for one in _line_counts(line)]
    counts += [one for zone in told.zones for one in _zone_counts(zone)]
    dwell_s = {zone.name: zone.mean_dwell_s for zone in told.zones if zone.mean_dwell_s is not None}
    return models.Preview(begin=begin, end=end, recorded_s=recorded_s(frames), counts=counts, dwell_s=dwell_s)


def recorded_s(frames: list[Observed]) -> float:
    """Seconds that frames cover, gaps left out."""
    gaps = (after.t_s - before.t_s for before, after in pairwise(frames))
    return round(sum(gap for gap in gaps if gap < GAP_S), 1)


def _plan(parts: Parts, camera: str, regions: models.RegionsSpec) -> GraphPlan:
    document = parts.desk.version().document
    if document is None:
        what, cure = "the configuration is no footfall.yaml", "change its text"
        raise bad("$", what, cure, "other-dialect")
    return parts.desk.replayed(camera, drawn_regions(camera, regions)(document))


def _line_counts(line: LinePreview) -> Iterator[models.PreviewCount]:
    yield _count(line.name, "right", line.right)
    yield _count(line.name, "left", line.left)


def _zone_counts(zone: ZonePreview) -> Iterator[models.PreviewCount]:
    yield _count(zone.name, "enter", zone.enters)
    yield _count(zone.name, "exit", zone.exits)
    yield _count(zone.name, "visit", zone.visits)


def _count(region: str, measure: MeasureWord, estimate: Estimate) -> models.PreviewCount:
    low, high = estimate.interval()
    return models.PreviewCount(region=region, measure=measure, count=estimate.told, low=low, high=high)


def _finding(found: Finding) -> models.Finding:
    better = None if found.better_n is None else [list(point) for point in found.better_n]
    return models.Finding(
        code=found.code,
        kind=found.kind,  # type: ignore[arg-type]  # checked by the model
        region=found.name,
        severity=found.severity.value,
        what=found.what,
        cure=found.cure,
        better=better,
    )

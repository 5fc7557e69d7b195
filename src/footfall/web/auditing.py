"""Drawing the moments of an audit from recorded tracks, and telling what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from secrets import randbelow, token_hex
from typing import Final

from footfall.config.plan import GraphPlan
from footfall.core.types import Observed
from footfall.engine.ground import aspect_of
from footfall.engine.items import Happened, Tracked
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.audit.estimate import AuditReport
from footfall.spatial.audit.moments import Lookout, Moment, Told, moments, told_by_insights
from footfall.spatial.regions import SpatialSpec
from footfall.store import tracks
from footfall.web import models_accuracy as models
from footfall.web.asked import bad, span
from footfall.web.audits import Audit, Audits, Drawn
from footfall.web.clips import Clip, clips
from footfall.web.drawing import regions_of
from footfall.web.parts import Parts
from footfall.web.snippets import ASPECT, frames_of, plan_of, region_of

LONGEST: Final = timedelta(hours=6)
AROUND: Final = timedelta(seconds=2)
"""Shown before and after a moment."""


def begun(parts: Parts, body: models.NewAudit, author: str) -> models.AccuracyAudit:
    """A new audit."""
    begin, end = span(body.begin, body.end, parts.clock.now(), LONGEST)
    if end - begin > LONGEST:
        raise bad("$.from", "is too long ago", "ask for at most 6 hours at once")
    plan = plan_of(parts, body.camera)
    spatial = SpatialSpec() if plan is None else plan.spec(SpatialSpec)
    if plan is None or not (spatial.lines or spatial.zones):
        raise bad("$.camera", "has no line and no zone", "draw some first", "nothing-to-audit")
    frames = list(tracks.frames(parts.store, body.camera, begin, end))
    if not frames:
        cure = "switch recorded tracks on, and ask for a time when they were"
        raise bad("$.from", "no people were recorded at that time", cure, "nothing-recorded")
    regions = [*(line.name for line in spatial.lines), *(zone.name for zone in spatial.zones)]
    lookout = Lookout(spatial, aspect_of(frames[0]))
    for frame in frames:
        lookout.step(frame)
    cut = moments(regions, (end - begin).total_seconds(), replayed(plan, frames), lookout.hints(), body.seconds)
    drawn = Drawn(tuple(cut), body.moments, randbelow(2**31), _words(parts, body.camera, spatial))
    audit = Audit(token_hex(8), body.camera, author, parts.clock.now(), begin, end, drawn)
    Audits(parts.own).add(audit)
    return whole(parts, audit)


def replayed(plan: GraphPlan, frames: Sequence[Observed]) -> list[Told]:
    """What the rules tell of recorded people."""
    told: list[Told] = []

    def hear(item: object) -> None:
        assert isinstance(item, Happened)
        told.extend(told_by_insights(item.insights))

    numbers = count()
    graph = replay_graph(plan, lambda: f"{next(numbers):032x}", Taps(on_happened=hear))
    for frame in frames:
        for _ in graph.push(Tracked(frame)):
            pass
    for _ in graph.flush():
        pass
    return told


def summary(audit: Audit) -> models.AccuracySummary:
    """One audit in a list."""
    wanted = audit.wanted()
    return models.AccuracySummary(
        id=audit.id,
        camera=audit.camera,
        begin=audit.begin,
        end=audit.end,
        at=audit.at,
        author=audit.author,
        moments=len(wanted),
        answered=len(audit.answers),
        figures=_figures(audit.report(wanted)),
    )


def whole(parts: Parts, audit: Audit) -> models.AccuracyAudit:
    """One audit with its moments."""
    recorded = [clip for clip in clips(parts.folder) if clip.camera == audit.camera]
    wanted = [_moment(audit, number, moment, recorded) for number, moment in enumerate(audit.wanted())]
    return models.AccuracyAudit(**summary(audit).model_dump(), wanted=wanted)


def moment_track(parts: Parts, audit: Audit, number: int) -> models.MomentTrack:
    """Recorded people of a moment."""
    moment = audit.wanted()[number]
    begin, end = _times(audit, moment)
    found = list(tracks.frames(parts.store, audit.camera, begin - AROUND, end + AROUND))
    region = region_of(plan_of(parts, audit.camera), moment.region)
    return models.MomentTrack(
        number=number,
        region=moment.region,
        kind=region.kind,
        points=[list(point) for point in region.points_n],
        aspect=aspect_of(found[0]) if found else ASPECT,
        frames=frames_of(found),
    )


def _moment(audit: Audit, number: int, moment: Moment, recorded: Sequence[Clip]) -> models.AuditMoment:
    begin, end = _times(audit, moment)
    clip = next((one for one in recorded if one.begin <= begin and end <= one.end), None)
    counted = audit.answers.get(number)
    return models.AuditMoment(
        number=number,
        region=moment.region,
        begin=begin,
        end=end,
        words=list(audit.drawn.words[moment.region]),
        counted=None if counted is None else list(counted),
        recording=None if clip is None else clip.id,
    )


def _times(audit: Audit, moment: Moment) -> tuple[datetime, datetime]:
    return audit.begin + timedelta(seconds=moment.start_s), audit.begin + timedelta(seconds=moment.end_s)


def _words(parts: Parts, camera: str, spatial: SpatialSpec) -> dict[str, tuple[str, str]]:
    """What people call both ways, where they have said."""
    words = {zone.name: ("enter", "exit") for zone in spatial.zones}
    state = next(one for one in parts.desk.cameras() if one.name == camera)
    for line in regions_of(parts.desk.version(), state).lines:
        words[line.name] = (line.names.right or "right", line.names.left or "left")
    return words


def _figures(report: AuditReport | None) -> models.AuditFigures | None:
    return None if report is None else models.AuditFigures.model_validate(report.to_dict())

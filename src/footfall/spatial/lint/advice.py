"""Finds bad set-ups: lines and zones that cannot count well, from their drawing, their rules and recorded people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from footfall.spatial.lint.at_lines import at_line
from footfall.spatial.lint.at_zones import at_zone
from footfall.spatial.lint.drawing import drawn
from footfall.spatial.lint.findings import CODES, Finding, Place, Severity
from footfall.spatial.lint.floor import Floor, measured, on_floor
from footfall.spatial.lint.places import better_line, better_zone
from footfall.spatial.lint.recording import Recording
from footfall.spatial.lint.scene import frames, people
from footfall.spatial.lint.settings import set_up
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import SpatialSpec

ASPECT = 9 / 16
"""Height / width of the picture, assumed where there is no recording."""
_FIXED = {
    "name-taken", "no-rules", "rule-tells-nothing", "rule-twice", "threshold-too-large", "event-too-rare",
    "target-side-missing", "smoothing-too-long", "smoothing-beyond-tick", "distance-limits-swapped",
    "distance-never-violated", "distance-without-floor", "tick-shorter-than-frame", "lines-alike", "zones-alike",
    "zone-never-empty", "zone-where-tracks-break", "line-people-too-small", "zone-people-too-small",
    "line-too-far", "zone-too-far",
}  # fmt: skip
"""What another place does not mend."""


def lint(spec: SpatialSpec, recording: Recording | None = None, floor: Floor | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a set-up, errors first; on a good one nothing.

    Args:
        spec: what one camera watches.
        recording: people of the same camera; without one only drawing, rules and floor are judged.
        floor: what is known of the camera; by default it will calibrate itself.

    A finding about a place has, where the search finds one, a better place that was tried on the same people.
    """
    findings = [*_found(spec, recording, floor or Floor())]
    if recording is not None and len(recording):
        findings = _with_places(findings, spec, Walks(recording))
    ranks = list(Severity)
    return tuple(sorted(findings, key=lambda finding: ranks.index(finding.severity)))


def _found(spec: SpatialSpec, recording: Recording | None, floor: Floor) -> Iterator[Finding]:
    aspect = ASPECT if recording is None else recording.aspect
    walks = Walks(recording) if recording is not None and len(recording) else None
    yield from drawn(spec, aspect, 0.0 if walks is None else float(np.median(walks.jitter_w)))
    yield from set_up(spec)
    yield from on_floor(spec, floor, aspect)
    if recording is None:
        return
    yield from frames(spec, recording)
    if walks is None:
        what = f"nobody is seen in {recording.duration_s:.0f} seconds"
        yield Finding("nobody-seen", what, "record when people are there, or try another detector")
        return
    yield from people(walks)
    if floor.camera is not None:
        yield from measured(walks, floor.camera)
    for number, line in enumerate(spec.lines):
        yield from at_line(Place(line, number), walks)
    for number, zone in enumerate(spec.zones):
        yield from at_zone(Place(zone, number), walks)


def _with_places(findings: list[Finding], spec: SpatialSpec, walks: Walks) -> list[Finding]:
    """The same findings with better places; each region is searched once."""
    better = {}
    for finding in findings:
        key = finding.kind, finding.number
        if _is_about_place(finding) and key not in better:
            if finding.kind == "line":
                better[key] = better_line(spec.lines[finding.number], walks)
            else:
                better[key] = better_zone(spec.zones[finding.number], walks)
    return [
        replace(finding, better_n=better.get((finding.kind, finding.number))) if _is_about_place(finding) else finding
        for finding in findings
    ]


def _is_about_place(finding: Finding) -> bool:
    return finding.kind != "camera" and finding.code not in _FIXED and CODES[finding.code] is not Severity.HINT

"""Bad set-ups are found under their own names, good ones are left in peace, better places are better."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.types import Observed
from footfall.spatial.ground import Camera
from footfall.spatial.insights import LineCrossed, ZoneEntered
from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.findings import CODES, Finding, Severity
from footfall.spatial.lint.floor import Floor
from footfall.spatial.lint.recording import Recording
from footfall.spatial.operation import Operation
from footfall.spatial.regions import Line, SpatialSpec, Zone
from spatial.lint.crowd import SIZE, Way, film, passers, walk
from spatial.lint.setups import (
    AT_LINES,
    AT_ZONES,
    CAMERA,
    DOOR,
    DRAWN,
    FLOORS,
    GOOD,
    SCENES,
    TO_AND_FRO,
    VISITS,
    line,
    named,
)

PEOPLE = Recording.of(film(TO_AND_FRO))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(("code", "spec"), named(DRAWN))
def test_a_bad_drawing_or_rule_is_found_without_people(code: str, spec: SpatialSpec) -> None:
    assert code in codes(lint(spec))


@pytest.mark.parametrize(("code", "spec", "floor"), named(FLOORS))
def test_what_the_floor_forbids_is_found(code: str, spec: SpatialSpec, floor: Floor) -> None:
    assert codes(lint(spec, floor=floor)) == [code]


@pytest.mark.parametrize(("code", "spec", "ways", "has_better"), named(AT_LINES + AT_ZONES))
def test_a_bad_place_is_found_and_a_better_one_told(
    code: str, spec: SpatialSpec, ways: list[Way], has_better: bool
) -> None:
    frames = film(ways)
    findings = lint(spec, Recording.of(frames))
    assert code in codes(findings)
    found = findings[codes(findings).index(code)]
    assert (found.better_n is not None) == has_better
    if found.better_n is not None:
        better = moved(spec, found)
        assert told(better, frames) >= max(2, told(spec, frames))
        left = [f for f in lint(better, Recording.of(frames)) if f.kind != "camera"]
        assert all(finding.severity is Severity.HINT for finding in left)


def moved(spec: SpatialSpec, finding: Finding) -> SpatialSpec:
    """The set-up with the better place."""
    assert finding.better_n is not None
    if finding.kind == "line":
        start_n, end_n = finding.better_n
        return replace(spec, lines=(replace(spec.lines[finding.number], start_n=start_n, end_n=end_n),))
    return replace(spec, zones=(replace(spec.zones[finding.number], polygon_n=finding.better_n),))


def told(spec: SpatialSpec, frames: list[Observed]) -> int:
    """How many crossings and entries the rules themselves tell."""
    operation = Operation(spec, SIZE[1] / SIZE[0])
    insights = [i for f in frames for i in operation.step(f.people, f.t_s, f.frame)] + operation.flush()
    return sum(isinstance(insight, LineCrossed | ZoneEntered) for insight in insights)


@pytest.mark.parametrize(("code", "spec", "more"), named(SCENES))
def test_a_bad_recording_or_camera_is_found(code: str, spec: SpatialSpec, more: dict[str, Any]) -> None:
    assert code in codes(lint(spec, Recording.of(film(**more))))


def test_people_of_the_wrong_height_betray_the_calibration() -> None:
    right = on_the_floor(CAMERA)
    assert codes(lint(DOOR, right, Floor(CAMERA))) == []
    assert codes(lint(DOOR, right, Floor(replace(CAMERA, height_m=6.0)))) == ["scale-implausible"]


def on_the_floor(camera: Camera) -> Recording:
    """Six people 1.7 m tall who walk from left to right at six metres."""
    aspect = SIZE[1] / SIZE[0]
    feet = [camera.to_image((lateral, 6.0), aspect) for lateral in (-5.0, 5.0)]
    head = camera.to_image((0.0, 6.0), aspect, up_m=1.7)
    assert feet[0] is not None
    assert feet[1] is not None
    assert head is not None
    height = feet[0][1] - head[1]
    return Recording.of(film(walk(feet[0], feet[1], 5.0 * k, 7.0, height=height) for k in range(6)))


@pytest.mark.parametrize(("spec", "ways", "floor"), GOOD)
def test_nothing_is_found_on_a_good_set_up(spec: SpatialSpec, ways: list[Way], floor: Floor) -> None:
    assert lint(spec, Recording.of(film(ways)), floor) == ()


def test_every_code_has_a_bad_set_up() -> None:
    tested = {row[0] for table in (DRAWN, FLOORS, AT_LINES, AT_ZONES, SCENES) for row in table}
    assert tested | {"scale-implausible"} == set(CODES)


def test_jitter_joins_lines_that_calm_boxes_keep_apart() -> None:
    spec = SpatialSpec(lines=(line(0.5, 0.3, 0.5, 1.0), line(0.53, 0.3, 0.53, 1.0, "next")))
    calm, nervous = (Recording.of(film(passers((-0.1, 0.7), (1.05, 0.7), tremble=tremble))) for tremble in (0.01, 0.07))
    assert lint(spec, calm) == ()
    assert "lines-too-close" in codes(lint(spec, nervous))


def test_errors_come_first() -> None:
    spec = SpatialSpec(DRAWN[7][1].zones, DRAWN[5][1].lines + DRAWN[0][1].lines)
    severities = [finding.severity for finding in lint(spec)]
    assert severities == sorted(severities, key=list(Severity).index)
    assert len(set(severities)) > 1


def test_a_finding_says_where() -> None:
    spec = SpatialSpec(lines=(*DOOR.lines, Line("edge", (0.98, 0.3), (0.98, 1.0), DOOR.lines[0].rules)))
    found = lint(spec, PEOPLE)
    assert {(finding.kind, finding.name, finding.number) for finding in found} == {("line", "edge", 1)}


coordinate = st.floats(-0.5, 1.5) | st.sampled_from([0.0, 0.5, 1.0])
point = st.tuples(coordinate, coordinate)
anything = st.floats(allow_nan=True, allow_infinity=True)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    count, frames = draw(st.integers(0, 40)), draw(st.integers(1, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    corner, size = rng.uniform(-0.2, 1.0, (count, 2)), rng.uniform(0.0, 0.6, (count, 2))
    box = np.concatenate([corner, corner + size], axis=1)
    foot = np.column_stack([corner[:, 0] + size[:, 0] / 2, corner[:, 1] + size[:, 1]])
    if count and draw(st.booleans()):
        box[draw(st.integers(0, count - 1)), draw(st.integers(0, 3))] = draw(anything)
        foot[draw(st.integers(0, count - 1)), draw(st.integers(0, 1))] = draw(anything)
    times = rng.integers(0, frames, count) * draw(st.sampled_from([0.0, 0.1, 1.0, 3600.0]))
    return Recording(times, rng.integers(0, 5, count), box, foot, rng.uniform(0, 1, count), np.arange(frames), (64, 36))


@st.composite
def specs(draw: st.DrawFn) -> SpatialSpec:
    zones = draw(st.lists(st.lists(point, min_size=3, max_size=5), max_size=2))
    lines = draw(st.lists(st.tuples(point, point), max_size=2))
    rules = draw(st.sampled_from([VISITS, VISITS[:1], ()]))
    open_ = draw(st.booleans())
    return SpatialSpec(
        tuple(Zone("z", tuple(ring), rules, is_open=open_) for ring in zones),
        tuple(Line("l", *ends, DOOR.lines[0].rules) for ends in lines),
        forget_after_s=draw(st.floats(0.01, 60.0)),
    )


@settings(max_examples=40, deadline=None)
@given(specs(), recordings(), st.sampled_from([Floor(), Floor(CAMERA), Floor(None, calibrates=False)]))
def test_anything_is_judged_without_a_crash(spec: SpatialSpec, recording: Recording, floor: Floor) -> None:
    for finding in lint(spec, recording, floor):
        assert finding.code in CODES
        assert finding.what
        assert finding.cure


@settings(max_examples=15, deadline=None)
@given(point, point, st.integers(0, 1000))
def test_better_places_lie_in_the_picture(start: tuple[float, float], end: tuple[float, float], seed: int) -> None:
    ways = passers((-0.1, 0.7), (1.05, 0.7), 4)
    recording = Recording.of(film(ways, seconds=25.0, fps=5.0, seed=seed))
    corners = (start, end, (start[0], end[1]))
    spec = SpatialSpec((Zone("z", corners, VISITS),), (Line("l", start, end, DOOR.lines[0].rules),))
    for finding in lint(spec, recording):
        for x, y in finding.better_n or ():
            assert 0.0 <= x <= 1.0
            assert 0.0 <= y <= 1.0

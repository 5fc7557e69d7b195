"""Rules tried on recorded people give what a replay of the same tracks gives."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from footfall.config.environment import Settings
from footfall.config.native import plan_for_target
from footfall.events.tracks import read_tracks
from footfall.runtime.preview import findings, preview
from footfall.runtime.preview_snippet import around, snippet
from footfall.spatial.regions import DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.store.records import EventRecord

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FPS = 10
LINE = Line("door", (0.1, 0.6), (0.9, 0.6), (LineCrossingRule(),))
ZONE = Zone("till", ((0.2, 0.5), (0.8, 0.5), (0.8, 0.9), (0.2, 0.9)), (ZoneCrossingRule(), DwellRule()))


def plan(*, lines=(LINE,), zones=(ZONE,)):
    spatial = SpatialSpec(zones=zones, lines=lines)
    return plan_for_target("rtsp://10.0.0.7/1", spatial=spatial, source_id="front", settings=Settings()).graphs[0]


def walks(people, pause_s=6.0, walk_s=5.0):
    """One after the other walks down the picture; feet go from 0.3 to 0.97 of its height."""
    lines = []
    for frame in range(round(people * (walk_s + pause_s) * FPS)):
        t_s = frame / FPS
        person, at = divmod(t_s, walk_s + pause_s)
        foot = 0.3 + 0.67 * at / walk_s
        seen = [{"id": f"{int(person) + 1:x}", "box": [0.45, foot - 0.25, 0.55, foot]}] if at < walk_s else []
        lines.append(json.dumps({"frame": frame, "t": t_s, "people": seen, "size": [640, 360]}).encode())
    for observed in read_tracks(lines, file="tracks"):
        yield replace(observed, utc=NOON + timedelta(seconds=observed.t_s), source_id="front")


def test_what_a_line_and_a_zone_would_have_counted():
    found = preview(walks(6), plan())
    (line,), (zone,) = found.lines, found.zones
    assert {line.right.told, line.left.told} == {0, 6}
    assert (zone.enters.told, zone.exits.told, zone.visits.told) == (6, 6, 6)
    assert 2.0 < zone.median_dwell_s < 4.0
    assert zone.mean_dwell_interval_s[0] <= zone.mean_dwell_s <= zone.mean_dwell_interval_s[1]
    low, high = max(line.right, line.left, key=lambda estimate: estimate.told).interval()
    assert low <= 6 <= high
    assert (found.begin, found.people, found.frames) == (NOON, 6, 660)


def test_a_line_elsewhere_counts_nobody():
    elsewhere = Line("wall", (0.05, 0.1), (0.05, 0.9), (LineCrossingRule(),))
    (line,) = preview(walks(3), plan(lines=(elsewhere,))).lines
    assert (line.name, line.right.told, line.left.told) == ("wall", 0, 0)


def test_nothing_recorded_counts_nothing():
    found = preview([], plan())
    assert (found.begin, found.end, found.frames, found.people) == (None, None, 0, 0)
    assert [line.name for line in found.lines] == ["door"]
    assert found.zones[0].mean_dwell_s is found.zones[0].median_dwell_s is found.zones[0].mean_dwell_interval_s is None


def test_a_line_that_nobody_crosses_is_found_and_a_better_place_is_tried():
    elsewhere = Line("wall", (0.05, 0.1), (0.05, 0.9), (LineCrossingRule(),))
    found = {finding.code: finding for finding in findings(walks(30), plan(lines=(elsewhere,)))}
    assert found["line-never-crossed"].name == "wall"
    better = found["line-never-crossed"].better_n
    assert better is not None
    (line,) = preview(walks(5), plan(lines=(replace(elsewhere, start_n=better[0], end_n=better[1]),))).lines
    assert line.right.told + line.left.told == 5


def test_without_a_recording_the_drawing_is_judged():
    dot = Line("dot", (0.5, 0.5), (0.5, 0.5), (LineCrossingRule(),))
    assert [finding.code for finding in findings([], plan(lines=(dot,), zones=()))] == ["line-without-length"]


def event(second, track_id):
    return EventRecord("e", "front", NOON + timedelta(seconds=second), "personLineEvent", "door", track_id, b"")


def test_a_snippet_shows_who_was_there():
    about = event(13.0, f"{2:032x}")
    found = snippet(about, walks(3))
    begin, end = around(about)
    assert len(found.moments) == round((end - begin).total_seconds() * FPS)
    assert found.region == "door"
    assert found.subject == 1
    assert found.subject_s == pytest.approx((-2.0, 2.9))
    assert found.size_px == (640, 360)
    (figure,) = found.moments[60].figures
    assert figure.number == 1
    assert figure.footprint_n[1] == pytest.approx(0.3 + 0.67 * 2.0 / 5.0, abs=0.02)


@pytest.mark.parametrize("track_id", ["", "f" * 32])
def test_an_event_about_nobody_in_view_has_no_subject(track_id):
    found = snippet(event(2.0, track_id), walks(1))
    assert (found.subject, found.subject_s) == (0, None)


def test_nothing_recorded_makes_no_snippet():
    assert snippet(event(500.0, ""), walks(1)) is None

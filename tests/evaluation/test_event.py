from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.core.options import EventSpec
from footfall.core.types import Observed, TrackObservation
from footfall.evaluation.event import evaluate_events
from footfall.evaluation.sightings import read_lines
from footfall.events.calibration import CalibrationInfo
from footfall.events.encode import EventEncoder
from footfall.events.ids import replay_ids
from footfall.spatial.insights import Counted, Direction, Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import Trigger

FPS = 10.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RIGHT, LEFT = Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT


def person(frame: int) -> TrackObservation:
    return TrackObservation("a" * 32, frame / FPS, frame, (0.1, 0.1, 0.2, 0.4), (0.15, 0.4), 0.9)


def cross(frame: int, direction: Direction = RIGHT, line: str = "door") -> Insight:
    return LineCrossed(line, frame / FPS, person(frame), direction)


def enter(frame: int) -> Insight:
    return ZoneEntered("till", frame / FPS, person(frame), 1)


def leave(frame: int) -> Insight:
    return ZoneExited("till", frame / FPS, person(frame), 1)


def dwell(frame: int, seconds: float) -> Insight:
    return Dwelled("till", frame / FPS, person(frame), 1, seconds, 9)


def count(frame: int, people: int, zone: str = "till") -> Insight:
    return Counted(zone, frame / FPS, frame, Trigger.EVENT, (), people)


def bodies(*happened: Insight) -> list[dict[str, Any]]:
    """As a run with media time writes them."""
    maker, info = EventEncoder("cam", EventSpec(), replay_ids("test")), CalibrationInfo()
    seen = Observed("cam", 0, 0.0, EPOCH, (640, 360), ())
    return [json.loads(message.body) for message in maker.encode(happened, seen, info, EPOCH)]


def line_truth(*crossings: tuple[int, int], optional: int | None = None) -> dict[str, Any]:
    listed = [{"frame": frame, "sign": sign} | {"optional": frame == optional} for frame, sign in crossings]
    return {
        "format": "footfall-truth-1",
        "fps": FPS,
        "lines": {"door": {"segment": [0, 0, 1, 1], "tol_frames": 4, "crossings": listed}},
    }


def zone_truth(*visits: tuple[int | None, int | None], probes: tuple[tuple[int, int], ...] = ()) -> dict[str, Any]:
    listed = [{"enter": start, "exit": end} for start, end in visits]
    zone = {"visits": listed, "tol_enter": 10, "tol_exit": 5, "occupancy_probes": probes, "max_occupancy": 1}
    return {"format": "footfall-truth-1", "fps": FPS, "frames": 500, "zones": {"till": zone}}


@pytest.mark.parametrize(
    ("truth", "happened", "expected"),
    [
        pytest.param(line_truth((50, 1), (90, -1)), [cross(51), cross(89, LEFT)], (2, 0, 0), id="perfect"),
        pytest.param(line_truth((50, 1)), [], (0, 1, 0), id="missed"),
        pytest.param(line_truth(), [cross(50)], (0, 0, 1), id="invented"),
        pytest.param(line_truth((50, 1)), [cross(50, LEFT)], (0, 1, 1), id="wrong direction"),
        pytest.param(line_truth((50, 1)), [cross(49), cross(51)], (1, 0, 1), id="told twice"),
        pytest.param(line_truth((50, 1), (50, 1)), [cross(50)], (1, 1, 0), id="two side by side, one told"),
        pytest.param(line_truth((50, 1)), [cross(54)], (1, 0, 0), id="at the tolerance"),
        pytest.param(line_truth((50, 1)), [cross(55)], (0, 1, 1), id="beyond the tolerance"),
        pytest.param(
            line_truth((50, 1), (54, 1)), [cross(52), cross(56)], (2, 0, 0), id="the first must not take both"
        ),
        pytest.param(line_truth((50, 1)), [cross(50, line="gate")], (0, 1, 0), id="another line is not scored"),
        pytest.param(line_truth((50, 1), optional=50), [], (0, 0, 0), id="optional, not told"),
        pytest.param(line_truth((50, 1), optional=50), [cross(50)], (0, 0, 0), id="optional, told"),
        pytest.param(
            line_truth((50, 1), (52, 1), optional=50),
            [cross(50)],
            (1, 0, 0),
            id="what is sure goes before the optional",
        ),
    ],
)
def test_crossings(truth: dict[str, Any], happened: list[Insight], expected: tuple[int, int, int]) -> None:
    total = evaluate_events(truth, bodies(*happened)).crossings
    assert (total.found, total.missed, total.invented) == expected


def test_crossings_are_told_by_line_and_direction() -> None:
    report = evaluate_events(line_truth((50, 1), (90, -1)), bodies(cross(53), cross(70), cross(10, line="gate")))
    right, left = report.to_dict()["lines"]
    assert right == {
        "line": "door",
        "direction": "CrossRight",
        "crossings": {"truth": 1, "found": 1, "missed": 0, "invented": 1, "mean_late_frames": 3.0},
    }
    assert left["direction"] == "CrossLeft"
    assert left["crossings"]["missed"] == 1
    assert report.unknown_regions == ("gate",)


@pytest.mark.parametrize(
    ("visits", "happened", "enters", "exits"),
    [
        pytest.param([(20, 80)], [enter(25), leave(80)], (1, 0, 0), (1, 0, 0), id="perfect"),
        pytest.param([(20, 80)], [enter(30), leave(86)], (1, 0, 0), (0, 1, 1), id="each its own tolerance"),
        pytest.param([(None, 80)], [leave(80)], (0, 0, 0), (1, 0, 0), id="was there at the start"),
        pytest.param([(20, None)], [enter(20)], (1, 0, 0), (0, 0, 0), id="stays to the end"),
        pytest.param([(None, None)], [enter(3), leave(498)], (0, 0, 0), (0, 0, 0), id="told at the clip's ends"),
        pytest.param([(None, None)], [enter(30), leave(430)], (0, 0, 1), (0, 0, 1), id="told far from the clip's ends"),
        pytest.param([(20, 80)], [], (0, 1, 0), (0, 1, 0), id="missed"),
        pytest.param([], [enter(20), leave(30)], (0, 0, 1), (0, 0, 1), id="invented"),
    ],
)
def test_visits(visits: Any, happened: list[Insight], enters: tuple[int, ...], exits: tuple[int, ...]) -> None:
    report = evaluate_events(zone_truth(*visits), bodies(*happened))
    assert (report.enters.found, report.enters.missed, report.enters.invented) == enters
    assert (report.exits.found, report.exits.missed, report.exits.invented) == exits


def test_dwell_errors() -> None:
    truth = zone_truth((20, 80), (100, 200), (300, 400), (None, 450))
    said = bodies(dwell(81, 6.5), dwell(199, 9.0), dwell(250, 1.0))
    (zone,) = evaluate_events(truth, said).zones
    assert zone.dwell is not None
    assert (zone.dwell.visits, zone.dwell.measured) == (3, 2)
    assert zone.dwell.mean_error_s == pytest.approx(-0.25)
    assert zone.dwell.mean_absolute_error_s == pytest.approx(0.75)
    assert zone.dwell.worst_error_s == pytest.approx(1.0)


def test_dwell_times_told_at_other_moments_measure_nothing() -> None:
    (zone,) = evaluate_events(zone_truth((20, 80)), bodies(dwell(300, 6.0))).zones
    assert zone.dwell is not None
    assert (zone.dwell.measured, zone.dwell.mean_error_s) == (0, None)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param([(0, 0), (20, 1), (40, 0)], (4, 0.0, 0), id="perfect"),
        pytest.param([(20, 1)], (3, 0.25, 1), id="never gone; 0 before the first"),
        pytest.param([(0, 3), (0, 0), (20, 1), (40, 0)], (4, 0.0, 0), id="the last word of a frame holds"),
        pytest.param([(0, 2)], (0, 1.75, 2), id="two too many"),
    ],
)
def test_counts(told: list[tuple[int, int]], expected: tuple[int, float, int]) -> None:
    truth = zone_truth(probes=((10, 0), (20, 1), (39, 1) if expected[0] else (39, 0), (50, 0)))
    (zone,) = evaluate_events(truth, bodies(*(count(*step) for step in told))).zones
    assert zone.count is not None
    assert (zone.count.exact, zone.count.mean_error, zone.count.worst_error) == expected


@pytest.mark.parametrize("name", ["whole_frame", "frame"])
def test_the_whole_frame_is_scored_if_a_zone_covers_it(name: str) -> None:
    truth = line_truth() | {"occupancy_whole_frame": {"probes": [[0, 0], [30, 2]], "max": 2}}
    report = evaluate_events(truth, bodies(count(0, 0, name), count(20, 1, name)))
    assert report.whole_frame is not None
    assert (report.whole_frame.exact, report.whole_frame.mean_error) == (1, -0.5)
    assert report.unknown_regions == ()
    assert evaluate_events(truth, []).whole_frame is None


def test_nobody_looked_and_nobody_told() -> None:
    truth = zone_truth(probes=((10, 0),))
    del truth["zones"]["till"]["visits"]
    (zone,) = evaluate_events(truth, bodies(enter(10))).zones
    assert (zone.enters, zone.exits, zone.dwell, zone.count) == (None, None, None, None)


def test_another_frame_rate() -> None:
    assert evaluate_events(line_truth((100, 1)), bodies(cross(50)), fps=20.0).crossings.found == 1


def test_messages_with_several_events_and_calibration_events_are_understood() -> None:
    one, two = bodies(cross(50), cross(50, LEFT))
    both = one | {"events": one["events"] + two["events"]}
    calibration = {"type": "cameraCalibrationEvent", "sourceInfo": one["sourceInfo"]}
    assert evaluate_events(line_truth((50, 1), (50, -1)), [calibration, both]).crossings.found == 2


def test_table_reads_well() -> None:
    truth = zone_truth((20, 80), probes=((10, 0),)) | {"occupancy_whole_frame": {"probes": [[0, 0]]}}
    truth |= {"lines": line_truth((50, 1))["lines"]}
    said = bodies(
        cross(52), enter(20), leave(80), dwell(80, 6.0), count(0, 0), count(0, 0, "frame"), cross(9, line="x [red]")
    )
    text = evaluate_events(truth, said).table()
    for word in ("door CrossRight", "till Enter", "all crossings", "Dwell times", "(whole frame)", "scored: x [red]"):
        assert word in text
    row = next(line for line in text.splitlines() if "door CrossRight" in line)
    assert row.split()[2:] == ["1", "1", "0", "0", "2.000"]


def test_a_clip_without_zones_has_a_short_table() -> None:
    text = evaluate_events(line_truth((50, 1)), bodies(cross(50))).table()
    assert "Dwell" not in text
    assert "Counts" not in text
    assert "not scored" not in text


GOOD = line_truth((50, 1))


@pytest.mark.parametrize(
    ("truth", "said", "message"),
    [
        pytest.param({}, [], "t.json: $: Object missing required field `format`", id="no truth"),
        pytest.param(GOOD | {"format": "other"}, [], "t.json: $.format: Invalid enum value 'other'", id="other format"),
        pytest.param(GOOD | {"fps": 0}, [], "t.json: $.fps: ", id="no frame rate"),
        pytest.param(line_truth((50, 2)), [], "t.json: $.lines[...].crossings[0].sign: ", id="odd sign"),
        pytest.param(GOOD, [{}], "r.jsonl:1: $: Object missing required field `sourceInfo`", id="no event"),
        pytest.param(
            GOOD,
            [{"sourceInfo": {"timestamp": "2026-03-01T12:00:00.000Z"}}],
            "run again with --media-time",
            id="wall clock",
        ),
    ],
)
def test_bad_documents_are_refused(truth: Any, said: Any, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        evaluate_events(truth, said, truth_file="t.json", result_file="r.jsonl")
    assert message in str(caught.value)


def test_lines_are_read_and_bad_ones_named() -> None:
    assert read_lines('{"a":1}\n\n{"b":2}\n') == [{"a": 1}, {"b": 2}]
    with pytest.raises(ConfigError, match=r"r\.jsonl:2: .*not JSON"):
        read_lines('{"a":1}\n{"b":\n', "r.jsonl")
    with pytest.raises(ConfigError, match=r"r\.jsonl:1: .*Expected `object`"):
        read_lines("[]", "r.jsonl")


@given(st.text(max_size=50) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ConfigError):
        evaluate_events(GOOD, read_lines(text))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["lines", "zones", "fps", "occupancy_whole_frame"]), json_values)
def test_any_truth_is_read_or_refused(key: str, value: Any) -> None:
    with suppress(ConfigError):
        evaluate_events(GOOD | {key: value}, bodies(cross(50), count(0, 1, "frame"))).table()


@given(st.lists(st.integers(0, 300), max_size=9), st.lists(st.integers(0, 300), max_size=9))
def test_every_moment_is_accounted_for(true: list[int], said: list[int]) -> None:
    total = evaluate_events(line_truth(*((frame, 1) for frame in true)), bodies(*map(cross, said))).crossings
    assert total.found + total.missed == len(true)
    assert total.found + total.invented == len(said)


def test_the_truth_of_every_clip_scores_full_marks(shared: Path) -> None:
    for path in sorted((shared / "data" / "clips").glob("*/truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        told = [
            (crossing["frame"], {"type": "personLineEvent", "zone": name, "properties": {"status": status}})
            for name, line in truth.get("lines", {}).items()
            for crossing in line["crossings"]
            for status in ["CrossRight" if crossing["sign"] > 0 else "CrossLeft"]
        ]
        for name, zone in truth.get("zones", {}).items():
            told += [
                (visit[end.lower()], {"type": "personZoneEnterExitEvent", "zone": name, "properties": {"status": end}})
                for visit in zone.get("visits", [])
                for end in ("Enter", "Exit")
            ]
        probed = {name: zone.get("occupancy_probes", []) for name, zone in truth.get("zones", {}).items()}
        probed["frame"] = truth.get("occupancy_whole_frame", {}).get("probes", [])
        told += [
            (frame, {"type": "personCountEvent", "zone": name, "properties": {"personCount": people}})
            for name, probes in probed.items()
            for frame, people in probes
        ]
        said = [
            {
                "sourceInfo": {"timestamp": (EPOCH + timedelta(seconds=frame / truth["fps"])).isoformat()},
                "events": [event],
            }
            for frame, event in told
        ]
        report = evaluate_events(truth, said)
        tallies = (report.crossings, report.enters, report.exits)
        assert sum(tally.missed + tally.invented for tally in tallies) == 0
        assert report.crossings.found == sum(len(line["crossings"]) for line in truth.get("lines", {}).values())
        counted = [zone.count for zone in report.zones if zone.count] + (
            [report.whole_frame] if report.whole_frame else []
        )
        assert all(errors.exact == errors.probes for errors in counted)
        assert len(told) > 0

import json
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.config.document import Document
from footfall.config.inradius import inradius_w
from footfall.config.rules import RegionStyle
from footfall.config.section import Section
from footfall.config.spaceanalytics import read_regions, region_confidence
from footfall.core.geometry import to_widths
from footfall.spatial.regions import (
    Aggregation,
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    ZoneCrossingRule,
)

SQUARE = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.9], [0.2, 0.9]]
LINE = {"start": {"x": 0.2, "y": 0.6}, "end": {"x": 0.8, "y": 0.6}}
GENERIC = RegionStyle(operation="")
OWN = RegionStyle(operation="", own=True)


def read(value: object, style: RegionStyle = GENERIC) -> tuple[SpatialSpec, Document]:
    document = Document("regions.json")
    section = Section.of(value, "$", document)
    assert section
    return read_regions(section, style), document


def zone(**changes: object) -> dict[str, object]:
    return {"zones": [{"name": "z", "polygon": SQUARE, "events": [{"type": "count"}]} | changes]}


def line(**changes: object) -> dict[str, object]:
    return {"lines": [{"name": "l", "line": LINE, "events": [{"type": "linecrossing"}]} | changes]}


def rule_of(event: object, style: RegionStyle = GENERIC) -> object:
    spec, document = read(zone(events=[event]), style)
    assert not document.problems
    return spec.zones[0].rules[0]


@pytest.mark.parametrize(
    "polygon",
    [
        pytest.param(SQUARE, id="open"),
        pytest.param([*SQUARE, SQUARE[0]], id="closed"),
        pytest.param(json.dumps(SQUARE), id="as a string"),
        pytest.param([{"x": x, "y": y} for x, y in SQUARE], id="points as objects"),
        pytest.param([[str(x), str(y)] for x, y in SQUARE], id="numbers as strings"),
    ],
)
def test_polygon_forms(polygon: object) -> None:
    spec, document = read(zone(polygon=polygon))
    assert spec.zones[0].polygon_n == tuple(map(tuple, SQUARE))
    assert not document.problems


@pytest.mark.parametrize(
    ("region", "path", "what"),
    [
        pytest.param(zone(polygon=[[0, 0], [1, 1], [0, 0]]), "$.zones[0].polygon", "2 distinct vertices", id="no area"),
        pytest.param(zone(polygon=[[0, 0], [1, 1.2], [1, 0]]), "$.zones[0].polygon[1]", "outside", id="outside"),
        pytest.param(zone(polygon=[[0, 0], [1], [1, 0]]), "$.zones[0].polygon[1]", "not a point", id="no y"),
        pytest.param(zone(polygon=[[0, 0], [1, True], [1, 0]]), "$.zones[0].polygon[1]", "not a point", id="y is true"),
        pytest.param(zone(polygon=5), "$.zones[0].polygon", "not a list of points", id="no polygon"),
        pytest.param(zone(polygon=None), "$.zones[0]", "polygon is missing", id="missing"),
        pytest.param(zone(name=""), "$.zones[0]", "no name", id="nameless"),
        pytest.param(zone(target_side=5), "$.zones[0].target_side", "not a side", id="side 5 of 4"),
        pytest.param(zone(target_side=-1), "$.zones[0].target_side", "not a side", id="side -1"),
        pytest.param(zone(events=[{}]), "$.zones[0].events[0]", "no type", id="event without type"),
        pytest.param(zone(events=[7]), "$.zones[0].events[0]", "not an object", id="event is a number"),
        pytest.param(
            zone(events=[{"type": "linecrossing"}]), "$.zones[0].events[0]", "does not fit the zone", id="line event"
        ),
        pytest.param(zone(events=[]), "$.zones[0]", 'the zone "z" has no events', id="generic without events"),
        pytest.param(line(line={"start": {"x": 0, "y": 0}}), "$.lines[0].line", "end is missing", id="no end"),
        pytest.param(line(line=[[0, 0]]), "$.lines[0].line", "1 points", id="one end"),
        pytest.param(line(line=[[0, 0], [0, 0]]), "$.lines[0].line", "no length", id="zero length"),
        pytest.param(line(line=None), "$.lines[0]", "line is missing", id="line missing"),
        pytest.param({"zones": [3]}, "$.zones[0]", "is a number, not an object", id="zone is a number"),
        pytest.param({"zones": {}}, "$.zones", "not a list", id="zones is an object"),
        pytest.param({}, "$", "no zones and no lines", id="empty"),
    ],
)
def test_bad_region_is_an_error_at_its_path(region: object, path: str, what: str) -> None:
    _, document = read(region)
    assert (path, True) in [(p.path, what in p.what) for p in document.problems if not p.is_warning]


@pytest.mark.parametrize(
    ("region", "path", "what"),
    [
        pytest.param(
            zone(polygon=[[0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9]]), "$.zones[0].polygon", "crosses itself",
            id="self-intersecting",
        ),
        pytest.param({"zones": zone()["zones"] * 2}, "$.zones[1]", "used twice", id="double name"),
        pytest.param(zone() | line(name="z"), "$.lines[0]", "used twice", id="line named like a zone"),
        pytest.param(zone(target_side=0), "$.zones[0].target_side", "numbered from 1", id="side 0"),
        pytest.param(zone(threshold=16), "$.zones[0].threshold", "old place", id="zone threshold"),
        pytest.param(zone(colour="red"), "$.zones[0].colour", "unknown key", id="unknown key"),
        pytest.param(
            zone(events=[{"type": "zonecrossing", "config": {"trigger": "interval"}}]),
            "$.zones[0].events[0].config.trigger", "only count", id="periodic crossing",
        ),
        pytest.param(
            zone(polygon=[[0.1, 0.1], [0.5, 0.5], [0.9, 0.9]]), "$.zones[0]", "no inside", id="flat",
        ),
    ],
)  # fmt: skip
def test_odd_region_is_a_warning(region: object, path: str, what: str) -> None:
    _, document = read(region)
    assert (path, True) in [(p.path, what in p.what) for p in document.problems]
    assert not document.error_count


def test_coordinates_a_hair_outside_are_pulled_in() -> None:
    spec, document = read(line(line=[[-0.001, 0.5], [1.001, 0.5]]))
    assert (spec.lines[0].start_n, spec.lines[0].end_n) == ((0.0, 0.5), (1.0, 0.5))
    assert not document.problems


def test_side_zero_counts_as_one() -> None:
    assert read(zone(target_side=0))[0].zones[0].target_side == 1
    assert read(zone(target_side=4))[0].zones[0].target_side == 4
    inner = zone(events=[{"type": "zonedwelltime", "config": {"target_side": 2}}])
    assert read(inner)[0].zones[0].target_side == 2


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("count", CountRule()),
        ("COUNT", CountRule()),
        ("zonecrossing", ZoneCrossingRule()),
        ("zoneCrossing", ZoneCrossingRule()),
        ("zone_crossing", ZoneCrossingRule()),
        ("enter/exit", ZoneCrossingRule()),
        ("enter", ZoneCrossingRule(exit=False)),
        ("exit", ZoneCrossingRule(enter=False)),
        ("zonedwelltime", DwellRule()),
        ("persondistance", DistanceRule()),
        ("people_distance", DistanceRule()),
    ],
)
def test_event_types_in_every_spelling(spelling: str, expected: object) -> None:
    assert rule_of({"type": spelling}) == expected
    assert rule_of({"eventType": spelling}) == expected
    assert rule_of(spelling) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param({"type": "count", "output_frequency": 3}, CountRule(output_frequency=3), id="outside config"),
        pytest.param(
            {"type": "count", "config": {"trigger": "interval", "output_frequency": 2, "focus": "bottomCenter"}},
            CountRule(trigger=Trigger.INTERVAL, output_frequency=2, focus=Focus.BOTTOM_CENTER),
            id="periodic count",
        ),
        pytest.param(
            {"type": "count", "config": {"interval": "30"}},
            CountRule(interval_s=30.0, smoothing_s=30.0),
            id="interval of the first preview smooths with both triggers",
        ),
        pytest.param(
            {"type": "count", "config": {"count_smoothing_seconds": 0}}, CountRule(smoothing_s=0.0), id="no smoothing"
        ),
        pytest.param(
            {"type": "count", "output_frequency": 3, "config": '{"output_frequency": 4, "focus": "center"}'},
            CountRule(output_frequency=4, focus=Focus.CENTER),
            id="config as a string wins",
        ),
        pytest.param(
            {"type": "persondistance", "config": {"minimum_distance_threshold": 10, "aggregation_method": "mode"}},
            DistanceRule(minimum_m=3.048, aggregation=Aggregation.MODE),
            id="feet to metres",
        ),
        pytest.param(
            {"type": "persondistance", "config": {"maximum_distance_threshold": "Infinity"}},
            DistanceRule(maximum_m=inf),
            id="no limit in words",
        ),
    ],
)  # fmt: skip
def test_event_config(event: object, expected: object) -> None:
    assert rule_of(event) == expected


def test_nearest_distance_defaults_to_six_feet() -> None:
    rule = rule_of({"type": "persondistance"})
    assert isinstance(rule, DistanceRule)
    assert rule.minimum_m == pytest.approx(1.8288)


@pytest.mark.parametrize(
    ("event", "what"),
    [
        ({"type": "cuont"}, "did you mean 'count'?"),
        ({"type": "count", "config": {"trigger": "intervall"}}, "did you mean 'interval'?"),
        ({"type": "count", "config": {"focus": "foot"}}, "did you mean 'footprint'?"),
        ({"type": "count", "config": {"output_frequency": 0}}, "write a number from 1"),
        ({"type": "count", "config": {"output_frequency": 1.5}}, "write 1"),
        ({"type": "count", "config": {"threshold": -1}}, "0 for none"),
        ({"type": "count", "config": {"threshold": "<0 for none>"}}, "0 for none"),
        ({"type": "persondistance", "config": {"maximum_distance_threshold": 1}}, "exchange"),
        ({"type": "count", "config": []}, "write {"),
    ],
)
def test_bad_event_tells_the_cure(event: object, what: str) -> None:
    _, document = read(zone(events=[event]))
    assert document.error_count
    assert any(what in problem.cure for problem in document.problems)


def test_unknown_event_key_gets_a_hint() -> None:
    _, document = read(zone(events=[{"type": "count", "config": {"treshold": 5}}]))
    (problem,) = document.problems
    assert (problem.path, problem.cure, problem.is_warning) == (
        "$.zones[0].events[0].config.treshold", "did you mean 'threshold'?", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "threshold_w"),
    [
        pytest.param(16, 0.025, id="16 px"),
        pytest.param(48.0, 0.075, id="48 px"),
        pytest.param(0.0253, 0.0253, id="ratio"),
        pytest.param(1, 1 / 640, id="one is a pixel"),
        pytest.param(0, 0.0, id="none"),
        pytest.param("16", 0.025, id="digits in quotes"),
        pytest.param(None, 0.025, id="missing"),
    ],
)
def test_threshold_units(value: object, threshold_w: float) -> None:
    assert rule_of({"type": "count", "config": {"threshold": value}}) == CountRule(threshold_w=threshold_w)


def test_threshold_defaults() -> None:
    assert rule_of({"type": "zonecrossing"}) == ZoneCrossingRule(threshold_w=0.075)
    assert rule_of({"type": "zonedwelltime"}) == DwellRule(threshold_w=0.025)
    style = RegionStyle(operation="", threshold_w=0.001, zone_crossing_threshold_w=0.002)
    assert rule_of({"type": "zonecrossing"}, style) == ZoneCrossingRule(threshold_w=0.002)
    assert rule_of({"type": "count"}, style) == CountRule(threshold_w=0.001)


def test_region_threshold_is_inherited_by_events_without_their_own() -> None:
    events = [{"type": "count"}, {"type": "zonedwelltime", "config": {"threshold": 0.01}}]
    spec, _ = read(zone(threshold=32, events=events))
    assert spec.zones[0].rules == (CountRule(threshold_w=0.05), DwellRule(threshold_w=0.01))
    spec, _ = read({"lines": [{"name": "d", "line": LINE, "threshold": 32}]}, RegionStyle("personcrossingline"))
    assert spec.lines[0].rules == (LineCrossingRule(threshold_w=0.05),)


def test_region_threshold_as_confidence() -> None:
    document = Document("")
    value = {"zones": [{"name": "z", "polygon": SQUARE, "threshold": 35}, {"threshold": 0.5}, {"threshold": 0}]}
    section = Section.of(value, "$", document)
    assert section
    assert region_confidence(section) == 0.35
    assert "different confidences" in document.problems[0].what
    spec, _ = read(zone(threshold=35), RegionStyle(operation="", confidence=True))
    assert spec.zones[0].rules == (CountRule(),)


def test_threshold_that_nobody_can_satisfy_names_the_largest_useful_one() -> None:
    small = [[0.5, 0.5], [0.6, 0.5], [0.6, 0.7], [0.5, 0.7]]
    _, document = read(zone(polygon=small, events=[{"type": "zonecrossing"}, {"type": "count"}]))
    (warning,) = document.warnings
    assert "no point of the zone" in warning.what
    assert "at most 0.049 " in warning.cure
    _, document = read(zone(polygon=small, events=[{"type": "count", "config": {"threshold": 0.049}}]))
    assert not document.problems


@pytest.mark.parametrize(
    ("operation", "region", "rules"),
    [
        ("personcount", zone(events=None), (CountRule(),)),
        ("personcrossingpolygon", zone(events=None), (ZoneCrossingRule(),)),
        ("persondistance", zone(events=None), (DistanceRule(),)),
    ],
)
def test_default_type_of_each_operation(operation: str, region: object, rules: object) -> None:
    spec, document = read(region, RegionStyle(operation))
    assert spec.zones[0].rules == rules
    assert not document.problems


def test_zone_without_events_under_a_line_operation_is_an_error() -> None:
    _, document = read(zone(events=None), RegionStyle("personcrossingline"))
    assert 'the zone "z" has no events' in document.problems[0].what
    assert "count" in document.problems[0].cure


def test_other_event_types_run_with_a_warning() -> None:
    spec, document = read(zone(events=[{"type": "persondistance"}]), RegionStyle("personcount"))
    assert spec.zones[0].rules == (DistanceRule(),)
    assert "unusual" in document.warnings[0].what


def test_own_dialect_has_small_thresholds_and_all_rules() -> None:
    spec, document = read(
        {"zones": [{"name": "z", "points": SQUARE}], "lines": [{"name": "l", "points": SQUARE[:2]}]}, OWN
    )
    assert spec.zones[0].rules == (CountRule(0.01), ZoneCrossingRule(0.01), DwellRule(0.01))
    assert spec.lines[0].rules == (LineCrossingRule(0.01),)
    assert not document.problems


def test_own_threshold_fits_into_small_zones() -> None:
    tiny = [[0.5, 0.5], [0.52, 0.5], [0.52, 0.6], [0.5, 0.6]]
    spec, document = read(zone(points=tiny, polygon=None), OWN)
    assert spec.zones[0].rules[0].threshold_w == pytest.approx(0.0025, rel=0.06)
    assert not document.problems


def test_own_dialect_is_stricter_and_has_short_names() -> None:
    _, document = read({"zones": zone()["zones"] * 2}, OWN)
    assert document.error_count == 1
    events = ["crossing", "dwell", {"type": "distance", "minimum_m": 1.5, "maximum_m": 4}, "enter"]
    assert read(zone(events=events), OWN)[0].zones[0].rules == (
        ZoneCrossingRule(0.01), DwellRule(0.01), DistanceRule(0.01, minimum_m=1.5, maximum_m=4),
        ZoneCrossingRule(0.01, exit=False),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("polygon", "radius_w"),
    [
        pytest.param(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)), 9 / 32, id="whole picture"),
        pytest.param(((0.1, 0.1), (0.3, 0.1), (0.3, 0.9), (0.1, 0.9)), 0.1, id="upright"),
        pytest.param(((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)), 0.0, id="flat"),
    ],
)
def test_inradius(polygon: tuple[tuple[float, float], ...], radius_w: float) -> None:
    assert inradius_w(polygon) == pytest.approx(radius_w, abs=0.0006)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=8))
def test_inradius_is_less_than_half_the_extent(polygon: list[tuple[float, float]]) -> None:
    points = [to_widths(point, 9 / 16) for point in polygon]
    extents = [max(values) - min(values) for values in zip(*points, strict=True)]
    assert 0.0 <= inradius_w(tuple(polygon)) <= min(extents) / 2 + 1e-9

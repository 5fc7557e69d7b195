import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.config.describe import mask
from footfall.config.load import Kind, check, load_plan, load_spatial, recognise
from footfall.core.errors import ConfigError
from footfall.spatial.regions import CountRule, LineCrossingRule, ZoneCrossingRule

GOLDEN = Path(__file__).parent.parent / "golden" / "config"
RING = [[0.1, 0.4], [0.9, 0.4], [0.9, 0.95], [0.1, 0.95], [0.1, 0.4]]
BARE = {
    "zones": [{"name": "hall", "polygon": RING, "events": [{"type": "count", "config": {"threshold": 0.02}}]}],
    "lines": [{"name": "d", "line": {"start": {"x": 0.1, "y": 0.5}, "end": {"x": 0.9, "y": 0.5}}, "threshold": 23.0}],
}
KINDS = {
    Kind.DEPLOYMENT: {"modulesContent": {}},
    Kind.TEMPLATE: {"$schema-template": "4.0.0", "modulesContent": {}},
    Kind.TWIN: {"properties": {"desired": {}}},
    Kind.DESIRED: {"graphs": {}},
    Kind.GRAPH: {"skillId": "x"},
    Kind.SPACEANALYTICS: {"zones": []},
    Kind.FOOTFALL: {"cameras": []},
    Kind.TOPOLOGY: {"@apiVersion": "2.0", "name": "t", "properties": {"sources": [], "sinks": []}},
    Kind.INSTANCE: {"@apiVersion": "2.0", "name": "i", "properties": {"topologyName": "t"}},
    Kind.OPERATIONS: {"apiVersion": "2.0", "operations": []},
    Kind.UNKNOWN: {"hello": 1},
}


@pytest.mark.parametrize("kind", KINDS)
def test_recognised_by_content(kind: Kind) -> None:
    assert recognise(json.dumps(KINDS[kind])) is kind


def test_text_that_is_nothing() -> None:
    assert recognise("{") is recognise("3") is recognise("") is recognise(b"\xff") is Kind.UNKNOWN


@pytest.mark.parametrize("kind", [Kind.TOPOLOGY, Kind.INSTANCE, Kind.OPERATIONS])
def test_known_but_not_supported(kind: Kind) -> None:
    (problem,) = check(json.dumps(KINDS[kind]), file="f.json")
    assert problem.what == f"is a {kind.value}: it belongs to a media graph module"
    with pytest.raises(ConfigError):
        load_plan(json.dumps(KINDS[kind]), file="f.json")


def test_bare_regions() -> None:
    spec = load_spatial(json.dumps(BARE), file="r.json")
    assert spec.zones[0].rules == (CountRule(threshold_w=0.02),)
    assert spec.lines[0].rules == (LineCrossingRule(threshold_w=23 / 640),)
    assert load_spatial(json.dumps({"SPACEANALYTICS_CONFIG": json.dumps(BARE)}), file="r.json") == spec
    assert [problem.is_warning for problem in check(json.dumps(BARE), file="r.json")] == [True]


def test_bare_zone_without_events_needs_the_operation() -> None:
    text = json.dumps({"zones": [{"name": "hall", "polygon": RING}]})
    with pytest.raises(ConfigError, match='the zone "hall" has no events'):
        load_spatial(text, file="r.json")
    spec = load_spatial(text, file="r.json", operation="cognitiveservices.vision.spatialanalysis-personcrossingpolygon")
    assert spec.zones[0].rules == (ZoneCrossingRule(),)
    with pytest.raises(ConfigError, match="there is no operation"):
        load_spatial(text, file="r.json", operation="counting")


def test_regions_of_a_document_with_cameras() -> None:
    text = (GOLDEN / "desired-with-warnings.json").read_text()
    assert load_spatial(text, file="d.json").zones[0].name == "small"
    with pytest.raises(ConfigError, match="holds 6 cameras"):
        load_spatial((GOLDEN / "manifest-every-operation.json").read_text(), file="m.json")


def test_regions_alone_are_no_plan() -> None:
    with pytest.raises(ConfigError, match="--config FILE"):
        load_plan(json.dumps(BARE), file="r.json")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(
            lambda text: text.replace('"type": "docker"', '"type": "doc\nker"', 1), id="raw newline in a string"
        ),
        pytest.param(lambda text: text + "}", id="trailing extra brace"),
        pytest.param(lambda text: text.rstrip()[:-1], id="missing brace"),
        pytest.param(lambda text: text.replace("\n }", ",\n }", 1), id="trailing comma"),
        pytest.param(lambda text: text.replace("]}]}", "],}]}"), id="trailing commas inside strings"),
    ],
)
def test_broken_manifest_loads_only_when_lenient(damage: object) -> None:
    text = (GOLDEN / "manifest-every-operation.json").read_text()
    broken = damage(text)  # type: ignore[operator]
    with pytest.raises(ConfigError, match="not valid JSON at line"):
        load_plan(broken, file="m.json")
    plan = load_plan(broken, file="m.json", lenient=True)
    assert plan.graphs == load_plan(text, file="m.json").graphs
    assert plan.warnings


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("rtsp://u:p@h:554/x", "rtsp://***@h:554/x"),
        ("rtsp://u:p@ss@h/x", "rtsp://***@h/x"),
        ("rtsp://u:p/s?s@h/x", "rtsp://***@h/x"),
        ("https://h/x?sig=1", "https://h/x?***"),
        ("/clips/a.mp4", "/clips/a.mp4"),
    ],
)
def test_masking(url: str, masked: str) -> None:
    assert mask(url) == masked


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = [json.loads(path.read_text()) for path in sorted(GOLDEN.glob("*.json"))]


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_random_bytes_give_problems_never_a_traceback(data: bytes) -> None:
    check(data, file="f")
    check(data, file="f", lenient=True)


@settings(deadline=None)
@given(st.text(alphabet="{}[]\",:\\ \n01.eE-+ntfalsru&*!?|>#%@`'zones", max_size=40))
def test_random_syntax_gives_problems_never_a_traceback(text: str) -> None:
    check(text, file="f")
    check(text, file="f", lenient=True)


@settings(deadline=None)
@given(
    JSON, st.sampled_from(["graphs", "zones", "lines", "cameras", "modulesContent", "properties", "content", "modules"])
)
def test_random_json_gives_problems_never_a_traceback(value: object, key: str) -> None:
    check(json.dumps({key: value}), file="f")


@settings(deadline=None)
@given(st.sampled_from(DOCUMENTS), st.data())
def test_mutated_documents_give_problems_never_a_traceback(document: object, data: st.DataObject) -> None:
    mutated = json.dumps(_mutated(document, data))
    problems = check(mutated, file="f")
    if all(problem.is_warning for problem in problems):
        load_plan(mutated, file="f")


def _mutated(value: object, data: st.DataObject) -> object:
    """The document with one value, somewhere inside, put in another's place; embedded JSON is entered too."""
    if isinstance(value, str) and value.startswith("{") and len(value) > 2:
        return json.dumps(_mutated(json.loads(value), data))
    if isinstance(value, dict) and value and data.draw(st.integers(0, 9)):
        key = data.draw(st.sampled_from(sorted(value)))
        return value | {key: _mutated(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.integers(0, 9)):
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], _mutated(value[index], data), *value[index + 1 :]]
    return data.draw(JSON)

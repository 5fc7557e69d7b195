import json
from collections.abc import Callable
from typing import Any

import pytest

from footfall.config.diff import PlanDiff, diff
from footfall.config.environment import Settings
from footfall.config.load import check, load_plan
from footfall.config.plan import DetectSpec, ExtensionSpec, GroundSpec, OnEnd, Plan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.options import InferenceForm
from footfall.spatial.regions import SpatialSpec

PREFIX = "cognitiveservices.vision.spatialanalysis"
LINE = {"lines": [{"name": "d", "line": [[0.2, 0.5], [0.8, 0.5]], "events": [{"type": "linecrossing"}]}]}
Json = dict[str, Any]


def parameters(**changes: object) -> Json:
    given = {"VIDEO_URL": "rtsp://10.0.0.1/1", "VIDEO_SOURCE_ID": "cam", "SPACEANALYTICS_CONFIG": LINE} | changes
    return {key: value for key, value in given.items() if value is not None}


def graph(**changes: object) -> Json:
    return {"operationId": f"{PREFIX}-personcrossingline", "enabled": True, "parameters": parameters()} | changes


def instance(name: str, **changes: object) -> Json:
    return {"parameters": parameters(VIDEO_SOURCE_ID=name)} | changes


def shared(**instances: object) -> Json:
    nodes = {
        "det0": {"node": "PersonCrossingLineGraph/detector", "parameters": {"DETECTOR_NODE_CONFIG": {"batch_size": 2}}}
    }
    return graph(parameters={}, sharedNodes=nodes, instances=instances)


def desired(**graphs: object) -> str:
    return json.dumps({"graphs": graphs})


def plan_of(**graphs: object) -> Plan:
    return load_plan(desired(**graphs), file="twin.json")


def problems_of(**graphs: object) -> tuple[Problem, ...]:
    return check(desired(**graphs), file="twin.json")


WRAPPINGS: dict[str, Callable[[Json], Json]] = {
    "desired properties": lambda d: d,
    "twin": lambda d: {"properties": {"desired": d | {"$version": 4}}},
    "twin update": lambda d: {"desired": d},
    "manifest": lambda d: {"modulesContent": {"$edgeAgent": {}, "spatialanalysis": {"properties.desired": d}}},
    "manifest in content": lambda d: {"content": {"modulesContent": {"spatialanalysis": {"properties.desired": d}}}},
    "two keys": lambda d: {"modulesContent": {"spatialanalysis": {"properties": {"desired": d}}}},
    "layered": lambda d: {"modulesContent": {"spatialanalysis": {"properties.desired.graphs": d["graphs"]}}},
    "layered graph": lambda d: {
        "modulesContent": {"spatialanalysis": {"properties.desired.graphs.g": d["graphs"]["g"]}}
    },
    "private preview module": lambda d: {"modulesContent": {"peopleanalytics": {"properties.desired": d}}},
    "module of any name": lambda d: {"modulesContent": {"myvision": {"properties.desired": d}}},
    "modules": lambda d: {"modules": {"spatialanalysis": {"properties.desired": d, "env": {"EULA": "accept"}}}},
    "other case": lambda d: {"ModulesContent": {"SpatialAnalysis": {"Properties.Desired": {"Graphs": d["graphs"]}}}},
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_wrapping_gives_the_same_plan(wrapping: str) -> None:
    text = json.dumps(WRAPPINGS[wrapping]({"graphs": {"g": graph()}}))
    plan = load_plan(text, file="m.json")
    assert plan == plan_of(g=graph())
    assert plan.warnings == ()


def test_bare_graph_of_video_analyzer() -> None:
    plan = load_plan(
        json.dumps(graph(operationId=f"{PREFIX}.azurevideoanalyzer", parameters={"SPACEANALYTICS_CONFIG": LINE})),
        file="x",
    )
    assert plan.graphs[0].extension == ExtensionSpec("0.0.0.0:50051", InferenceForm.AVA)
    assert plan.graphs[0].spec(SourceSpec) == SourceSpec("spatialanalysis", "")


def test_environment_of_the_manifest() -> None:
    agent = {"properties.desired": {"modules": {"spatialanalysis": {"env": {"footfall_width": {"value": 800}}}}}}
    content = {"$edgeAgent": agent, "spatialanalysis": {"properties.desired": {"graphs": {"g": graph()}}}}
    text = json.dumps({"modulesContent": content})
    assert load_plan(text, file="m").graphs[0].spec(SourceSpec).width_px == 800
    process = Settings(width_px=320, given=frozenset({"width_px"}))
    assert load_plan(text, file="m", settings=process).graphs[0].spec(SourceSpec).width_px == 320


def test_graph_keys_have_no_case_and_defaults() -> None:
    lower = {key.lower(): value for key, value in graph(platformloglevel="Verbose", nodesloglevel="ERROR").items()}
    (made,) = plan_of(door=lower).graphs
    assert (made.id, made.enabled, made.platform_log_level, made.nodes_log_level) == (
        "door/door",
        True,
        "verbose",
        "error",
    )
    assert plan_of(door={"operationId": f"{PREFIX}", "parameters": parameters()}).graphs[0].enabled


@pytest.mark.parametrize(
    ("live", "loop", "on_end"),
    [
        pytest.param(None, None, OnEnd.RECONNECT, id="a camera unless told otherwise"),
        pytest.param(True, False, OnEnd.RECONNECT, id="a camera has no end"),
        pytest.param(False, None, OnEnd.LOOP, id="recorded video is replayed for ever"),
        pytest.param("false", False, OnEnd.STOP, id="or once"),
    ],
)
def test_what_happens_at_the_end(live: object, loop: object, on_end: OnEnd) -> None:
    plan = plan_of(g=graph(parameters=parameters(VIDEO_IS_LIVE=live, VIDEO_LOOP=loop)))
    assert plan.graphs[0].spec(SourceSpec).on_end is on_end


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("rtsp://h/x", ""),
        ("RTSPS://u:p@h:322/x", ""),
        ("https://h/x.mp4", ""),
        ("file:///clips/a.mp4", "VIDEO_IS_LIVE"),
        ("/clips/a.mp4", "VIDEO_IS_LIVE"),
        ("<Replace>", "placeholder"),
        ("rtmp://h/x", "'rtmp' is not supported"),
        ("rtsp:///x", "names no host"),
        ("rtsp://h:99999/x", "names no host, or a wrong port"),
        ("", "is empty"),
        (" ", "is empty"),
        (7, "not text"),
    ],
)
def test_video_urls(url: object, what: str) -> None:
    problems = problems_of(g=graph(parameters=parameters(VIDEO_URL=url)))
    assert [what in problem.what for problem in problems] == ([True] if what else [])
    assert "u:p" not in str(problems)


def test_shared_detector_has_one_name_and_its_parameters() -> None:
    mapping = {"PersonCrossingLineGraph.detector": "det0"}
    plan = plan_of(
        doors=shared(
            east=instance("e", sharedNodeMap=mapping), west=instance("w", sharedNodeMap=mapping), own=instance("o")
        )
    )
    assert [g.id for g in plan.graphs] == ["doors/east", "doors/west", "doors/own"]
    assert [n.shared for g in plan.graphs for n in g.nodes if n.shared] == ["doors/det0"] * 2
    assert [g.spec(DetectSpec).batch_size for g in plan.graphs] == [2, 2, 1]


def test_instance_that_changes_a_shared_detector_gets_its_own() -> None:
    mapping = {"PersonCrossingLineGraph/detector": "det0"}
    other = parameters(DETECTOR_NODE_CONFIG={"batch_size": 3})
    plan = plan_of(
        doors=shared(a=instance("a", sharedNodeMap=mapping), b={"sharedNodeMap": mapping, "parameters": other})
    )
    assert [graph.nodes[1].shared for graph in plan.graphs] == ["doors/det0", ""]
    assert plan.graphs[1].spec(DetectSpec).batch_size == 3
    assert "a detector of its own" in plan.warnings[0].what


@pytest.mark.parametrize(
    ("changes", "settings", "model", "warned"),
    [
        pytest.param({"INPUT_VIDEO_WIDTH": 1920}, Settings(), "face-mask", False, id="as documented"),
        pytest.param({"INPUT_VIDEO_WIDTH": "1920"}, Settings(), "face-mask", False, id="as text"),
        pytest.param({"INPUT_VIDEO_WIDTH": 1280}, Settings(), None, True, id="another width: the rest runs"),
        pytest.param({}, Settings(), None, True, id="no width is 640"),
        pytest.param({}, Settings(width_px=1920), "face-mask", False, id="the width of the environment"),
        pytest.param({"INPUT_VIDEO_WIDTH": 1920}, Settings(face_model="m.onnx"), "m.onnx", False, id="another model"),
    ],
)
def test_the_mask_classifier_needs_its_width(
    changes: Json, settings: Settings, model: str | None, warned: bool
) -> None:
    made = graph(parameters=parameters(ENABLE_FACE_MASK_CLASSIFIER=True, **changes))
    plan = load_plan(desired(g=made), file="twin.json", settings=settings)
    [only] = plan.graphs
    assert (only.face_mask and only.face_mask.model) == model
    said = [problem.what for problem in plan.warnings if problem.path.endswith("ENABLE_FACE_MASK_CLASSIFIER")]
    assert [("1920 wide" in what, "the rest runs" in what) for what in said] == [(True, True)] * warned
    assert [node.inputs for node in only.nodes][1:] == [(node.name,) for node in only.nodes][:-1]


def test_a_shared_mask_node_switches_it_on() -> None:
    nodes = {"m": {"node": "PersonCrossingLineGraph.facemask", "parameters": {"ENABLE_FACE_MASK_CLASSIFIER": True}}}
    mapping = {"PersonCrossingLineGraph.facemask": "m"}
    instances = {"a": instance("a", sharedNodeMap=mapping), "b": instance("b")}
    common = {"INPUT_VIDEO_WIDTH": 1920}
    plan = plan_of(g=graph(sharedNodes=nodes, instances=instances, parameters=common))
    assert [made.face_mask is not None for made in plan.graphs] == [True, False]


def test_precedence_of_parameters() -> None:
    nodes = {
        "cal": {
            "node": "PersonCrossingLineGraph/cameracalibrator",
            "parameters": {"CALIBRATION_CONFIG": {"enable_recalibration": False}},
        }
    }
    instances = {
        "a": instance("a", sharedNodeMap={"PersonCrossingLineGraph/cameracalibrator": "cal"}),
        "b": {
            "sharedNodeMap": {"PersonCrossingLineGraph/cameracalibrator": "CAL"},
            "parameters": parameters(CALIBRATION_CONFIG={"enable_recalibration": True}, video_is_live=False),
        },
    }
    common = {"INPUT_VIDEO_WIDTH": 800, "CALIBRATION_CONFIG": {"enable_recalibration": True}, "VIDEO_IS_LIVE": True}
    plan = plan_of(g=graph(sharedNodes=nodes, instances=instances, parameters=common))
    assert [graph.spec(GroundSpec).recalibrate for graph in plan.graphs] == [False, True]
    assert [graph.spec(SourceSpec).width_px for graph in plan.graphs] == [800, 800]
    assert [graph.spec(SourceSpec).on_end for graph in plan.graphs] == [OnEnd.RECONNECT, OnEnd.LOOP]


@pytest.mark.parametrize(
    ("outer", "inner", "enabled"),
    [(True, None, True), (True, False, False), (False, None, False), (False, True, False), (None, None, True)],
)
def test_enabled(outer: bool | None, inner: bool | None, enabled: bool) -> None:
    plan = plan_of(g=graph(enabled=outer, parameters={}, instances={"i": instance("i", enabled=inner)}))
    assert [(made.id, made.enabled) for made in plan.graphs] == [("g/i", enabled)]


@pytest.mark.parametrize(
    ("made", "path", "what"),
    [
        pytest.param(5, "$.graphs.g", "not an object", id="graph is a number"),
        pytest.param({}, "$.graphs.g", "operationId is missing", id="no operation"),
        pytest.param(graph(operationId=5), "$.graphs.g.operationId", "not text", id="operation is a number"),
        pytest.param(graph(operationId="x"), "$.graphs.g.operationId", "there is no operation", id="invented"),
        pytest.param(
            graph(operationId="cognitiveservices.vision.vehicleanalysis-vehiclecount-preview"),
            "$.graphs.g.operationId", "does not have", id="vehicles",
        ),
        pytest.param(graph(enabled="maybe"), "$.graphs.g.enabled", "not true or false", id="enabled maybe"),
        pytest.param(
            graph(parameters=parameters(VIDEO_SOURCE_ID=None)), "$.graphs.g.parameters", "VIDEO_SOURCE_ID is missing",
            id="nameless",
        ),
        pytest.param(
            graph(parameters=parameters(VIDEO_URL=None)), "$.graphs.g.parameters", "VIDEO_URL is missing", id="no url"
        ),
        pytest.param(
            graph(parameters=parameters(SPACEANALYTICS_CONFIG=None)), "$.graphs.g.parameters", "SPACEANALYTICS_CONFIG",
            id="no regions",
        ),
        pytest.param(
            graph(parameters=parameters(SPACEANALYTICS_CONFIG="{,")), "$.graphs.g.parameters.SPACEANALYTICS_CONFIG",
            "line 1, column 2", id="broken string",
        ),
        pytest.param(
            shared(a=instance("a", sharedNodeMap={"PersonCrossingLineGraph/detector": "det1"})),
            '$.graphs.g.instances.a.sharedNodeMap["PersonCrossingLineGraph/detector"]', "names no node",
            id="unknown shared node",
        ),
        pytest.param(
            shared(a=instance("a", sharedNodeMap={"PersonCrossingLineGraph/facemask": "det0"})),
            '$.graphs.g.instances.a.sharedNodeMap["PersonCrossingLineGraph/facemask"]', "is a detector",
            id="wrong node",
        ),
        pytest.param(
            graph(sharedNodes={"d": {"node": "PersonCountGraph/tracker"}}), "$.graphs.g.sharedNodes.d.node",
            "can be shared", id="tracker",
        ),
        pytest.param(graph(instances={"a": 7}), "$.graphs.g.instances.a", "not an object", id="instance is a number"),
        pytest.param(graph(sharedNodes={"a": 7}), "$.graphs.g.sharedNodes.a", "not an object", id="node is a number"),
    ],
)  # fmt: skip
def test_bad_graph_is_refused_at_its_path(made: object, path: str, what: str) -> None:
    problems = problems_of(g=made)
    assert (path, True) in [(p.path, what in p.what) for p in problems if not p.is_warning]
    with pytest.raises(ConfigError):
        plan_of(g=made, good=graph())


@pytest.mark.parametrize(
    ("made", "path", "what"),
    [
        pytest.param(
            graph(parameters=parameters(VIDEO_SUORCE_ID="x")), "$.graphs.g.parameters.VIDEO_SUORCE_ID", "unknown key",
            id="typing error",
        ),
        pytest.param(
            graph(parameters=parameters(SINK_CONFIG={"raw_output": True})), "$.graphs.g.parameters.SINK_CONFIG",
            "raw_output", id="raw output",
        ),
        pytest.param(
            graph(sharedNodes={"d": {"node": "Graph/detector", "parameters": {"VIDEO_URL": "x"}}}),
            "$.graphs.g.sharedNodes.d.parameters.VIDEO_URL", "no parameter of the node", id="foreign parameter",
        ),
        pytest.param(
            graph(sharedNodes={"d": {"node": "Graph/detector"}}), "$.graphs.g.sharedNodes.d.node", "unknown graph name",
            id="unknown graph name",
        ),
    ],
)  # fmt: skip
def test_odd_graph_runs_with_a_warning(made: object, path: str, what: str) -> None:
    plan = plan_of(g=made)
    assert (path, True) in [(p.path, what in p.what) for p in plan.warnings]


def test_all_problems_of_all_graphs_are_told_together() -> None:
    problems = problems_of(
        a=graph(parameters=parameters(VIDEO_URL="rtmp://x/y", INPUT_VIDEO_WIDTH="wide")),
        b=graph(operationId="nope"),
        c=graph(),
    )
    assert [problem.path for problem in problems] == [
        "$.graphs.a.parameters.VIDEO_URL", "$.graphs.a.parameters.INPUT_VIDEO_WIDTH", "$.graphs.b.operationId",
    ]  # fmt: skip


def test_no_graphs() -> None:
    assert plan_of().graphs == ()
    with pytest.raises(ConfigError, match="no module holds graphs"):
        load_plan('{"modulesContent": {"$edgeAgent": {}}}', file="m")
    assert plan_of(gone=None).graphs == ()


def test_same_graph_in_two_modules() -> None:
    module = {"properties.desired": {"graphs": {"g": graph()}}}
    with pytest.raises(ConfigError, match="g/g is there twice"):
        load_plan(json.dumps({"modulesContent": {"a": module, "b": module}}), file="m")


def test_debug_suffix_is_the_switch() -> None:
    operation = f"{PREFIX}.debug"
    off = parameters(VISUALIZER_NODE_CONFIG='{"show_debug_video": false}')
    on = parameters(VISUALIZER_NODE_CONFIG='{"show_debug_video": true}')
    plan = plan_of(
        a=graph(operationId=operation), b=graph(operationId=operation, parameters=off), c=graph(parameters=on)
    )
    assert [made.debug for made in plan.graphs] == [True, False, False]


def test_old_thresholds_as_confidence() -> None:
    old = {"lines": [{"name": "d", "line": [[0.2, 0.5], [0.8, 0.5]], "threshold": 40}]}
    text = desired(g=graph(parameters=parameters(SPACEANALYTICS_CONFIG=old)))
    made = load_plan(text, file="m", settings=Settings(legacy_threshold="confidence")).graphs[0]
    assert made.spec(DetectSpec).min_score == 0.4
    assert made.spec(SpatialSpec).lines[0].rules[0].threshold_w == 0.025


def test_tracker_memory_also_ends_visits() -> None:
    config = parameters(TRACKER_NODE_CONFIG={"memory_seconds": 12})
    assert plan_of(g=graph(parameters=config)).graphs[0].spec(SpatialSpec).forget_after_s == 12.0


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": graph()}, {"a": graph()}, PlanDiff(stay=("a/a",)), id="nothing changed"),
        pytest.param({"a": graph()}, {"a": graph(), "b": graph()}, PlanDiff(start=("b/b",), stay=("a/a",)), id="new"),
        pytest.param({"a": graph(), "b": graph()}, {"b": graph()}, PlanDiff(stop=("a/a",), stay=("b/b",)), id="gone"),
        pytest.param({"a": graph()}, {"a": graph(enabled=False)}, PlanDiff(stop=("a/a",)), id="switched off"),
        pytest.param({"a": graph(enabled=False)}, {"a": graph()}, PlanDiff(start=("a/a",)), id="switched on"),
        pytest.param(
            {"a": graph()}, {"a": graph(parameters=parameters(VIDEO_URL="rtsp://x/2"))}, PlanDiff(restart=("a/a",)),
            id="another url",
        ),
        pytest.param({"a": graph(enabled=False)}, {"a": graph(enabled=False)}, PlanDiff(), id="off stays off"),
    ],
)  # fmt: skip
def test_what_changes_between_plans(old: Json, new: Json, expected: PlanDiff) -> None:
    assert diff(plan_of(**old), plan_of(**new)) == expected


@pytest.mark.parametrize(
    ("suffix", "parameters", "expected"),
    [
        pytest.param("livevideoanalytics", {}, ExtensionSpec("0.0.0.0:50051", InferenceForm.LVA), id="by default"),
        pytest.param(
            "livevideoanalytics",
            {"BINDING_ADDRESS": "[::1]:7000"},
            ExtensionSpec("[::1]:7000", InferenceForm.LVA),
            id="another address",
        ),
        pytest.param(
            "azurevideoanalyzer.debug",
            {"SINK_CONFIG": '{"raw_output": "True"}'},
            ExtensionSpec("0.0.0.0:50051", InferenceForm.AVA, raw=True),
            id="everybody of every frame",
        ),
    ],
)
def test_graphs_fed_over_grpc(suffix: str, parameters: dict[str, str], expected: ExtensionSpec) -> None:
    document = graph(operationId=f"{PREFIX}.{suffix}", parameters={"SPACEANALYTICS_CONFIG": LINE} | parameters)
    assert plan_of(g=document).graphs[0].extension == expected


@pytest.mark.parametrize("address", ["50051", "host:port", "0.0.0.0:", "a b:1"])
def test_an_address_nobody_can_listen_on(address: str) -> None:
    parameters = {"SPACEANALYTICS_CONFIG": LINE, "BINDING_ADDRESS": address}
    with pytest.raises(ConfigError, match="no address to listen on"):
        plan_of(g=graph(operationId=f"{PREFIX}.livevideoanalytics", parameters=parameters))

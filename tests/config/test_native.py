from pathlib import Path

import pytest

from footfall.config.environment import Settings
from footfall.config.load import check, load_plan
from footfall.config.native import is_live, parse_line, parse_zone, plan_for_target, with_face_mask
from footfall.config.plan import DetectSpec, EventSpec, FaceMaskSpec, GroundSpec, LookAt, OnEnd, Pace, SourceSpec
from footfall.core.errors import ConfigError
from footfall.spatial.regions import (
    CountRule,
    DwellRule,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Zone,
    ZoneCrossingRule,
)


def test_line_of_the_command_line() -> None:
    assert parse_line("door=0.2,0.6,0.8,0.6") == Line("door", (0.2, 0.6), (0.8, 0.6), (LineCrossingRule(0.01),))


def test_zone_of_the_command_line() -> None:
    zone = parse_zone("till = 0.3,0.5; 0.7,0.5; 0.7,0.9; 0.3,0.9;")
    rules = (CountRule(0.01), ZoneCrossingRule(0.01), DwellRule(0.01))
    assert zone == Zone("till", ((0.3, 0.5), (0.7, 0.5), (0.7, 0.9), (0.3, 0.9)), rules, is_open=True)


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        ("door", "--line door", "not of the form"),
        ("=0,0,1,1", "--line", "not of the form"),
        ("door=0,0,1", "--line door", "not of the form"),
        ("door=a,0,1,1", "--line door", "not a point"),
        ("door=0,0,1,2", "--line door", "outside"),
        ("door=0,0,0,0", "--line door", "no length"),
        ("door=0,0,nan,1", "--line door", "not a point"),
    ],
)
def test_bad_line(text: str, path: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_line(text)
    (problem,) = caught.value.problems
    assert (problem.file, problem.path) == ("command line", path)
    assert what in problem.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("z", "not of the form"),
        ("z=", "not of the form"),
        ("z=0,0;1,1", "2 distinct"),
        ("z=0,0;0.5,0.5;1,1", "no inside"),
    ],
)
def test_bad_zone(text: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        parse_zone(text)


@pytest.mark.parametrize(
    ("target", "live", "source_id"),
    [
        ("video.mp4", False, "video"),
        ("/a/b/shop 1.mkv", False, "shop 1"),
        ("file:///a/b%20c.mp4", False, "b c"),
        ("rtsp://u:p@10.0.0.1:554/x", True, "10.0.0.1"),
        ("http://h/live.m3u8", True, "h"),
        ("https://h/clip.MP4?token=1", False, "h"),
    ],
)
def test_target(target: str, live: bool, source_id: str) -> None:
    assert is_live(target) == live
    (graph,) = plan_for_target(target, spatial=SpatialSpec(), model="person-s").graphs
    source = graph.spec(SourceSpec)
    assert (source.source_id, graph.id, source.url) == (source_id, f"{source_id}/{source_id}", target)
    assert source.on_end is (OnEnd.RECONNECT if live else OnEnd.STOP)
    assert source.pace is (Pace.REALTIME if live else Pace.FAST)
    assert graph.spec(DetectSpec).model == "person-s"


def test_target_options() -> None:
    settings = Settings(model="x", look=LookAt.INTEREST, events=EventSpec(schema="1.0"), sinks=("-",))
    plan = plan_for_target("a.mp4", spatial=SpatialSpec(), source_id="s", live=True, settings=settings)
    assert plan.graphs[0].spec(SourceSpec).on_end is OnEnd.RECONNECT
    assert plan.graphs[0].spec(EventSpec).schema == "1.0"
    assert plan.graphs[0].spec(DetectSpec).look is LookAt.INTEREST
    assert (plan.graphs[0].id, plan.sinks) == ("s/s", ("-",))


@pytest.mark.parametrize("target", ["", "rtmp://h/x", "rtsp://"])
def test_bad_target(target: str) -> None:
    with pytest.raises(ConfigError, match="command line: TARGET"):
        plan_for_target(target, spatial=SpatialSpec())


def test_login_comes_from_the_environment() -> None:
    text = "cameras: [{name: a, url: 'rtsp://h/x', login: {user: '${U}', password: '${P}'}}]"
    settings = Settings(environ={"U": "view", "P": "a@b/c"})
    assert load_plan(text, file="f", settings=settings).graphs[0].spec(SourceSpec).url == "rtsp://view:a%40b%2Fc@h/x"
    problems = check(text, file="f", settings=Settings(environ={"U": "view", "PP": "secret"}))
    assert [(p.path, p.what) for p in problems] == [
        ("$.cameras[0].login", "the environment variable P is not set"),
    ]
    assert "secret" not in str(problems)


CAMERA = "name: a, url: 'rtsp://h/x'"


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        pytest.param("cameras: []", "$", "holds no camera", id="no camera"),
        pytest.param("cameras: [3]", "$.cameras[0]", "a number, not an object", id="camera is a number"),
        pytest.param("cameras: [{url: x.mp4}]", "$.cameras[0]", "no name", id="no name"),
        pytest.param("cameras: [{name: x}]", "$.cameras[0]", "no url", id="no url"),
        pytest.param("cameras: [{name: x, url: 'rstp://h/x'}]", "$.cameras[0].url", "'rstp'", id="bad scheme"),
        pytest.param(f"cameras: [{{{CAMERA}}}, {{{CAMERA}}}]", "$.cameras[1].name", "taken", id="same name"),
        pytest.param(f"cameras: [{{{CAMERA}, fps: fast}}]", "$.cameras[0].fps", "not a number", id="fps"),
        pytest.param(f"cameras: [{{{CAMERA}, transport: tpc}}]", "$.cameras[0].transport", "not known", id="transport"),
        pytest.param(f"cameras: [{{{CAMERA}, camera: {{}}}}]", "$.cameras[0].camera", "lacks height_m", id="camera"),
        pytest.param(f"cameras: [{{{CAMERA}}}]\nsinks: [3]", "$.sinks[0]", "not a sink", id="sink"),
        pytest.param(f"cameras: [{{{CAMERA}}}]\nsinks: '-'", "$.sinks", "not a list", id="sinks"),
        pytest.param(f"cameras: [{{{CAMERA}}}]\nschema: {{compat: '3'}}", "$.schema.compat", "not known", id="schema"),
        pytest.param(
            "cameras: [{name: a, url: 'rtsp://u:p@h/x', login: {user: u}}]", "$.cameras[0].login", "login already",
            id="two logins",
        ),
    ],
)  # fmt: skip
def test_bad_yaml_document(text: str, path: str, what: str) -> None:
    errors = [problem for problem in check(text, file="f.yaml") if not problem.is_warning]
    assert (path, True) in [(problem.path, what in problem.what) for problem in errors]


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        (f"cameras: [{{{CAMERA}, zonse: []}}]", "$.cameras[0].zonse", "unknown key"),
        (f"cameras: [{{{CAMERA}, face_mask: true}}]", "$.cameras[0].face_mask", "does not start"),
        (
            f"cameras: [{{{CAMERA}, login: {{user: u, password: p}}}}]",
            "$.cameras[0].login",
            "password stands in the file",
        ),
        (f"sink: []\ncameras: [{{{CAMERA}}}]", "$.sink", "unknown key"),
    ],
)
def test_odd_yaml_document(text: str, path: str, what: str) -> None:
    plan = load_plan(text, file="f.yaml")
    assert [(problem.path, what in problem.what) for problem in plan.warnings] == [(path, True)]


@pytest.mark.parametrize(
    ("text", "models"),
    [
        pytest.param(f"cameras: [{{{CAMERA}, face_mask: true, width: 1920}}]", ["face-mask"], id="as it comes"),
        pytest.param(f"cameras: [{{{CAMERA}, face_mask: true}}]\nwidth: 1920", ["face-mask"], id="width for all"),
        pytest.param(f"cameras: [{{{CAMERA}, face_mask: false, width: 1920}}]", [None], id="off"),
        pytest.param(f"cameras: [{{{CAMERA}, face_model: m.onnx, width: 1920}}]", [None], id="a model alone is not on"),
        pytest.param(
            f"cameras: [{{{CAMERA}, face_mask: true, face_model: mine.onnx}}, "
            f"{{name: b, url: b.mp4, face_mask: true}}]\nwidth: 1920\nface_model: ours.onnx",
            ["mine.onnx", "ours.onnx"],
            id="a model for all and for one",
        ),
    ],
)
def test_the_mask_classifier_of_a_camera(text: str, models: list[str | None]) -> None:
    plan = load_plan(text, file="f.yaml")
    assert [graph.face_mask and graph.face_mask.model for graph in plan.graphs] == models
    assert not any(problem.path.endswith(("face_mask", "face_model")) for problem in plan.warnings)


def test_the_command_line_puts_the_mask_classifier_behind_the_tracker() -> None:
    plain = plan_for_target("shop.mp4", spatial=SpatialSpec()).graphs[0]
    graph = with_face_mask(plain, Settings(face_model="mine.onnx"))
    assert [node.name for node in graph.nodes][2:5] == ["tracker", "facemask", "cameracalibrator"]
    assert [node.inputs for node in graph.nodes][2:5] == [("detector",), ("tracker",), ("facemask",)]
    assert graph.face_mask == FaceMaskSpec("mine.onnx")
    assert (plain.spec(SourceSpec).width_px, graph.spec(SourceSpec).width_px) == (640, 1920)


def test_calibration_of_a_camera() -> None:
    plan = load_plan(f"cameras: [{{{CAMERA}, calibrate: false, debug: true, enabled: false}}]", file="f.yaml")
    assert plan.graphs[0].spec(GroundSpec) == GroundSpec(calibrate=False)
    assert (plan.graphs[0].debug, plan.graphs[0].enabled) == (True, False)


def test_example_of_the_reference_page_loads() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "footfall-yaml.md"
    example = page.read_text().partition("```yaml\n")[2].partition("```")[0]
    settings = Settings(environ={"CAM_PASSWORD": "a", "MQTT_PASSWORD": "b"})
    plan = load_plan(example, file="footfall.yaml", settings=settings)
    assert [graph.id for graph in plan.graphs] == ["front-door/front-door"]
    assert plan.sinks == ("-", "mqtt://footfall:b@broker/events")
    assert plan.warnings == ()

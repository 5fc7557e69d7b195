"""Who asks a customer's classifier about people: the original's parameters, footfall.yaml, the command line."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest

from footfall.cli.run import add_arguments, plan_of
from footfall.config.environment import Settings, read_settings
from footfall.config.load import load_plan
from footfall.config.plan import AttributesSpec, NodePlan, Plan
from footfall.core.errors import ConfigError

OURS = Settings(attributes_model="ours.zip")
HALL = {"name": "hall", "polygon": [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]], "events": [{"type": "count"}]}
SPACE = {"zones": [HALL]}
ON = "ENABLE_PERSONATTRIBUTESCLASSIFICATION"


def manifest(settings: Settings | None = None, **parameters: Any) -> Plan:
    camera = {
        "VIDEO_URL": "rtsp://10.0.0.7/main",
        "VIDEO_SOURCE_ID": "door",
        "SPACEANALYTICS_CONFIG": json.dumps(SPACE),
        **parameters,
    }
    graph = {"version": 1, "enabled": True, "operationId": "cognitiveservices.vision.spatialanalysis"}
    text = json.dumps({"graphs": {"shop": {**graph, "parameters": camera}}})
    return load_plan(text, file="twin.json", settings=settings or Settings())


def warned(plan: Plan) -> list[str]:
    return [f"{problem.path.rpartition('.')[2]}: {problem.what}" for problem in plan.warnings]


@pytest.mark.parametrize(
    ("parameters", "settings", "spec"),
    [
        pytest.param({}, OURS, None, id="not asked for"),
        pytest.param({ON: False, "VISION_MODEL_ID": "a.zip"}, OURS, None, id="switched off"),
        pytest.param({ON: True, "VISION_MODEL_ID": "a.zip"}, None, AttributesSpec("a.zip"), id="a file"),
        pytest.param({ON: "true", "VISION_MODEL_ID": "a.zip"}, None, AttributesSpec("a.zip"), id="true as text"),
        pytest.param({ON: True, "VISION_MODEL_ID": "/models/a/"}, None, AttributesSpec("/models/a/"), id="a folder"),
        pytest.param(
            {ON: True, "PERSON_ATTRIBUTES_MODEL_ID": "a.onnx", "VISION_MODEL_ID": "b.onnx"},
            None,
            AttributesSpec("a.onnx"),
            id="the later name wins",
        ),
        pytest.param({ON: True}, OURS, AttributesSpec("ours.zip"), id="the environment's"),
        pytest.param(
            {ON: True, "VISION_MODEL_ID": "5b1a0ef2-9d44-4ab6-9d3a-8b4f7cf5a0a1"},
            OURS,
            AttributesSpec("ours.zip"),
            id="an id of the cloud is no file",
        ),
    ],
)
def test_a_manifest(parameters: dict[str, Any], settings: Settings | None, spec: AttributesSpec | None) -> None:
    (graph,) = manifest(settings, **parameters).graphs
    assert graph.attributes == spec


def test_a_manifest_that_names_no_model_of_this_machine_runs_without() -> None:
    plan = manifest(**{ON: True, "VISION_MODEL_ID": "5b1a0ef2-9d44-4ab6-9d3a-8b4f7cf5a0a1"})
    assert plan.graphs[0].attributes is None
    assert warned(plan) == [f"{ON}: the classifier of people does not start: no model of this machine is named; the "
                            "rest runs"]  # fmt: skip


def test_the_cloud_is_not_asked_and_its_key_is_not_shown() -> None:
    plan = manifest(
        **{ON: True, "VISION_MODEL_ID": "a.zip", "VISION_ENDPOINT_URL": "https://x", "VISION_SUBSCRIPTION_KEY": "hush"}
    )
    assert sorted(name.partition(":")[0] for name in warned(plan)) == ["VISION_ENDPOINT_URL", "VISION_SUBSCRIPTION_KEY"]
    assert "stay here" in plan.warnings[0].what
    assert "hush" not in repr(plan)


def yaml(root: dict[str, Any], settings: Settings | None = None, **camera: Any) -> Plan:
    text = json.dumps({"cameras": [{"name": "a", "url": "a.mp4", **camera}], **root})
    return load_plan(text, file="footfall.yaml", settings=settings or Settings())


@pytest.mark.parametrize(
    ("root", "camera", "settings", "spec"),
    [
        pytest.param({}, {}, OURS, None, id="not asked for"),
        pytest.param({}, {"attributes": "a.zip"}, None, AttributesSpec("a.zip"), id="of a camera"),
        pytest.param({"attributes": "a.zip"}, {}, None, AttributesSpec("a.zip"), id="of all cameras"),
        pytest.param({"attributes": "a.zip"}, {"attributes": False}, None, None, id="of all but one"),
        pytest.param({"attributes": "a.zip"}, {"attributes": "b.zip"}, None, AttributesSpec("b.zip"), id="another"),
        pytest.param({}, {"attributes": True}, OURS, AttributesSpec("ours.zip"), id="the environment's"),
        pytest.param(
            {},
            {"attributes": "${HERE}/a.zip"},
            Settings(environ={"HERE": "/srv"}),
            AttributesSpec("/srv/a.zip"),
            id="in a folder that a variable names",
        ),
    ],
)
def test_footfall_yaml(
    root: dict[str, Any], camera: dict[str, Any], settings: Settings | None, spec: AttributesSpec | None
) -> None:
    (graph,) = yaml(root, settings, **camera).graphs
    assert graph.attributes == spec


def test_footfall_yaml_without_a_model() -> None:
    with pytest.raises(ConfigError, match=r"attributes: names no model; name the zip .* FOOTFALL_ATTRIBUTES_MODEL"):
        yaml({}, attributes=True)


def test_the_environment_names_a_model() -> None:
    assert read_settings({"FOOTFALL_ATTRIBUTES_MODEL": "a.zip"}).attributes_model == "a.zip"


def command_line(*words: str) -> Plan:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return plan_of(parser.parse_args(words), Settings())


def test_the_command_line() -> None:
    (graph,) = command_line("shop.mp4", "--attributes", "a.zip", "--face-mask").graphs
    assert graph.attributes == AttributesSpec("a.zip")
    names = [node.name for node in graph.nodes]
    assert names[names.index("tracker") :] == [
        "tracker", "facemask", "personattributes", "cameracalibrator", "spatialanalysis", "events",
    ]  # fmt: skip
    assert graph.nodes[4] == NodePlan("personattributes", AttributesSpec("a.zip"), ("facemask",))


def test_the_command_line_beside_a_file() -> None:
    with pytest.raises(ConfigError, match="--attributes: stands beside a configuration file"):
        command_line("footfall.yaml", "--attributes", "a.zip")

"""`--face-mask` and `--face-model`: what they make of a plan."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from footfall.cli.run import add_arguments, plan_of
from footfall.config.environment import Settings
from footfall.config.plan import FaceMaskSpec, Plan, SourceSpec
from footfall.core.errors import ConfigError

ZONE = "--zone=all=0,0;1,0;1,1;0,1"
ENVIRONMENT = Settings(face_model="of-the-environment.onnx")


def plan(*words: str, settings: Settings | None = None) -> Plan:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return plan_of(parser.parse_args(words), settings or Settings())


@pytest.mark.parametrize(
    ("words", "settings", "spec", "width_px"),
    [
        pytest.param([], None, None, 640, id="not asked for"),
        pytest.param(["--face-mask"], None, FaceMaskSpec("face-mask"), 1920, id="asked for"),
        pytest.param(["--face-mask", "--face-model=a.onnx"], None, FaceMaskSpec("a.onnx"), 1920, id="with a model"),
        pytest.param(["--face-model=a.onnx"], None, None, 640, id="a model alone asks for nothing"),
        pytest.param(
            ["--face-mask"], ENVIRONMENT, FaceMaskSpec("of-the-environment.onnx"), 1920, id="environment's model"
        ),
        pytest.param(
            ["--face-mask", "--face-model=a.onnx"], ENVIRONMENT, FaceMaskSpec("a.onnx"), 1920, id="the option wins"
        ),
    ],
)
def test_a_video(words: list[str], settings: Settings | None, spec: FaceMaskSpec | None, width_px: int) -> None:
    [graph] = plan("shop.mp4", ZONE, *words, settings=settings).graphs
    assert graph.face_mask == spec
    assert graph.spec(SourceSpec).width_px == width_px


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "footfall.yaml"
    cameras = [{"name": "a", "url": "a.mp4", "face_mask": True}, {"name": "b", "url": "b.mp4"}]
    file.write_text(json.dumps({"cameras": cameras, "width": 1920}))
    return file


def test_a_configuration_file_says_where_masks_are_told_and_the_option_by_what(document: Path) -> None:
    made = plan(str(document), "--face-model=a.onnx")
    assert [graph.face_mask for graph in made.graphs] == [FaceMaskSpec("a.onnx"), None]


def test_a_configuration_file_is_not_overruled(document: Path) -> None:
    with pytest.raises(ConfigError, match=r"--face-mask: stands beside a configuration file"):
        plan(str(document), "--face-mask")

"""`footfall train` as its user sees it: a few steps on drawn bars, interrupted, gone on with, exported, run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.cli.main import main

torch = pytest.importorskip("torch", reason="torch is not installed: ./dev test installs it")
RECIPE = """
name = "bars"
labels = ["person"]
steps = 4
batch = 2
sizes_px = [64]
test_size_px = 64
test_every = 2
precision = "fp32"
[network]
widths = [8, 8, 16, 16, 16]
depths = [0, 1, 1, 1]
neck = 16
[[sets]]
folder = "synthetic"
licence = "Apache-2.0"
source = "drawn"
hold_out = ["00000"]
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve simulated pictures."""
    folder = tmp_path_factory.mktemp("data")
    assert main(["simulate", "pictures", str(folder / "synthetic"), "--count", "12", "--size", "96x96"]) == 0
    return folder


def train(data: Path, folder: Path, *more: str) -> int:
    recipe = folder / "mine.toml"
    recipe.write_text(RECIPE)
    out = ["--data", str(data), "--out", str(folder / "run"), "--threads", "1", "--workers", "0"]
    return main(["train", "person", str(recipe), *out, *more])


def test_from_pictures_to_a_network_that_runs(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(data, tmp_path, "--steps", "2") == 0
    assert train(data, tmp_path) == 0
    told = capsys.readouterr().err
    assert "step 2: loss" in told
    assert "step 4: loss" in told
    assert told.count("step 2: loss") == 1
    run = tmp_path / "run"
    assert {"bars.onnx", "bars-int8.onnx", "bars.toml", "curves.png", "best.pt", "last.pt"} <= {
        p.name for p in run.iterdir()
    }
    found = tmp_path / "found.json"
    picture = next((data / "synthetic").glob("*.jpg"))
    assert main(["detect", str(picture), "--model", str(run / "bars.onnx"), "--out", str(found)]) == 0
    assert isinstance(json.loads(found.read_text()), list)


def test_workers_change_nothing(data: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(RECIPE)
    asked = ["train", "person", str(tmp_path / "mine.toml"), "--data", str(data), "--threads", "1", "--out"]
    assert main([*asked, str(tmp_path / "0"), "--workers", "0"]) == 0
    command = [sys.executable, "-m", "footfall", *asked, str(tmp_path / "1"), "--workers", "1"]
    subprocess.run(command, check=True, capture_output=True)
    weights = [torch.load(tmp_path / workers / "last.pt", weights_only=True)["mean"] for workers in "01"]
    for name, tensor in weights[0].items():
        torch.testing.assert_close(tensor, weights[1][name], msg=name)


def test_export_alone_needs_weights(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(data, tmp_path, "--export") == 2
    assert "train first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "what"),
    [
        pytest.param(["person", "--data", "nowhere", "--out", "."], "no annotations.json", id="no pictures"),
        pytest.param(["person", "missing.toml"], "missing.toml", id="no recipe"),
    ],
)
def test_bad_input_is_told(
    args: list[str], what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["train", *args]) == 2
    assert what in capsys.readouterr().err

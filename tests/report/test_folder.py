"""The files of a report."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.core.errors import ConfigError
from footfall.report.folder import png, write_report
from report.stage import shop


def test_one_camera_has_everything_in_the_folder(tmp_path: Path) -> None:
    said: list[str] = []
    written = write_report([shop(people=3, camera=None)], tmp_path / "new" / "report", progress=said.append)
    assert written[0] == tmp_path / "new" / "report" / "report.html"
    assert {path.name for path in (tmp_path / "new" / "report").iterdir()} == {path.name for path in written}
    assert {f"{kind}.picture.{suffix}" for kind in ("heat", "dwell", "flow", "paths") for suffix in ("png", "csv")} < {
        path.name for path in written
    }
    assert json.loads(written[1].read_text())["format"] == "footfall-report-1"
    assert said == ["drawing shop"]


def test_several_cameras_have_folders_of_their_own(tmp_path: Path) -> None:
    cameras = [shop(people=0, camera=None, name=name) for name in ("till", "../till", "Till", "..")]
    write_report(cameras, tmp_path)
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert folders == {"till", "___till", "Till.3", "__"}, "names differ in more than case, and stay in the folder"
    assert len(json.loads((tmp_path / "report.json").read_text())["cameras"]) == 4


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    files = [write_report([shop(people=3, camera=None)], tmp_path / name) for name in ("a", "b")]
    for a, b in zip(*files, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot write"):
        write_report([shop(people=0, camera=None)], tmp_path / "file" / "report")


def test_pictures_survive_the_file() -> None:
    image = np.random.default_rng(1).integers(0, 255, (20, 30, 3)).astype(np.uint8)
    assert np.array_equal(cv2.imdecode(np.frombuffer(png(image), np.uint8), cv2.IMREAD_COLOR), image)

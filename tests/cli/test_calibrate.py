"""`footfall calibrate`: from tracks, from a clip, from four points; and every way to ask for what cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from math import radians
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.cli.floor import draw_floor
from footfall.cli.main import main
from footfall.config.load import load_plan
from footfall.config.plan import GroundSpec
from footfall.core.types import Observed
from footfall.events.tracks import format_frame
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.ground import Camera
from spatial.walkers import Stroll

LOBBY = Camera(3.2, 0.8, radians(68.0))
POINTS = ("0.355,0.556", "0.645,0.556", "0.703,0.857", "0.297,0.857")


def recorded(path: Path, people: int) -> Path:
    lines = [
        format_frame(
            Observed("lobby", k, t_s, datetime.fromtimestamp(t_s, UTC), (640, 360), tuple(seen)), is_first=k == 0
        )
        for k, (t_s, seen) in enumerate(Stroll(LOBBY, people=people).frames())
    ]
    path.write_bytes(b"".join(lines))
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    write_scene(SceneSpec(duration_s=2.0, size_px=(320, 180), story="door", people=2, camera=LOBBY), folder)
    return folder / "clip.mp4"


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path / "data"))


def test_recorded_tracks_give_a_camera_to_paste(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(recorded(tmp_path / "t.jsonl", 45))]) == 0
    out, err = capsys.readouterr()
    config, yaml = out.splitlines()
    (entry,) = json.loads(config)["CAMERA_CONFIG"]["cameras"]
    assert entry["source_id"] == "lobby"
    assert entry["camera_height"] == pytest.approx(3.2 / 0.3048, rel=0.1)
    assert "one standard error" in err
    plan = load_plan(f"cameras: [{{name: a, url: rtsp://10.0.0.1/s, width: 640, {yaml}}}]", file="f.yaml")
    camera = plan.graphs[0].spec(GroundSpec).camera
    assert camera is not None
    assert camera.height_m == pytest.approx(entry["camera_height"] * 0.3048, rel=0.01)
    assert camera.focal_w == pytest.approx(entry["camera_focal_length"] / 640, rel=0.01)


def test_taller_people_hang_the_camera_higher(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracks = str(recorded(tmp_path / "t.jsonl", 45))
    heights = []
    for height in ("1.60", "1.80"):
        assert main(["calibrate", tracks, "--people-height", height]) == 0
        heights.append(json.loads(capsys.readouterr().out.splitlines()[0])["CAMERA_CONFIG"]["cameras"][0])
    assert heights[1]["camera_height"] / heights[0]["camera_height"] == pytest.approx(1.8 / 1.6, rel=0.04)


def test_too_few_people_are_told_and_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(recorded(tmp_path / "t.jsonl", 3))]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "3 of at least 8" in err


def test_four_points_of_a_clip_and_a_picture_of_the_floor(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = [option for point in POINTS for option in ("--point", point)]
    command = ["calibrate", str(clip), "--model", "motion", *points, "--rectangle", "2.5x2.4"]
    assert main([*command, "--picture", str(tmp_path / "floor.png")]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out.splitlines()[0])["CAMERA_CONFIG"]["cameras"][0]["source_id"] == "clip"
    assert "miss their places by" in err
    picture = cv2.imread(str(tmp_path / "floor.png"))
    assert picture is not None
    assert picture.shape == (180, 320, 3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--rectangle", "3x2"], "no points", id="lengths without points"),
        pytest.param(["--point", "0.1,0.2"], "how large", id="points without lengths"),
        pytest.param(["--point", "0.1,0.2", "--rectangle", "3by2"], "not 2 numbers", id="odd rectangle"),
        pytest.param(["--point", "0.1,0.2", "--rectangle", "0x2"], "no area", id="flat rectangle"),
        pytest.param(["--point", "0.1,0.2", "--sides", "1,2,3", "--diagonal", "2"], "not 4 numbers", id="three sides"),
        pytest.param(["--point", "0.1,0.2", "--sides", "1,2,3,4"], "diagonal", id="no diagonal"),
        pytest.param(["--point", "0.1,0.2", "--rectangle", "3x2"], "four or more", id="one point"),
        pytest.param(["--point", "0.1;0.2", "--rectangle", "3x2"], "not 2 numbers", id="odd point"),
        pytest.param(["--picture", "floor.png"], "have no pictures", id="a picture of tracks"),
    ],
)
def test_bad_input_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["calibrate", str(recorded(tmp_path / "t.jsonl", 2)), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("height", ["0.2", "3", "tall"])
def test_no_people_are_so_tall(height: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["calibrate", "a.jsonl", "--people-height", height])
    assert caught.value.code == 2


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert main(["calibrate", str(tmp_path / "gone.jsonl")]) == 2
    (tmp_path / "empty.jsonl").write_bytes(b"")
    assert main(["calibrate", str(tmp_path / "empty.jsonl")]) == 2


def test_the_grid_lies_on_the_floor() -> None:
    """The lines five metres ahead and two to the right cross where that place is in the picture."""
    grey = np.full((360, 640, 3), 90, np.uint8)
    image = draw_floor(grey, LOBBY)
    for place in ((0.0, 5.0), (2.0, 6.0), (-1.0, 8.0)):
        x, y = LOBBY.to_image(place, 360 / 640) or (0.0, 0.0)
        around = image[round(y * 360) - 1 : round(y * 360) + 2, round(x * 640) - 1 : round(x * 640) + 2]
        assert (around != 90).any()
    assert (image[:8] == 90).all()
    level = replace(LOBBY, tilt_rad=radians(179.0))
    assert (draw_floor(grey, level) == grey).all()

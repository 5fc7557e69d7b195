"""`footfall validate` with people: what it says about lines and zones, in lines, as JSON and as a picture."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest

from footage import make_clip
from footfall.cli.main import main
from footfall.cli.sketch import BAD, BETTER, FINE
from footfall.events.tracks import format_frame
from spatial.lint.crowd import SIZE, film, passers

EDGE = [[0.98, 0.3], [0.98, 1.0]]
MIDDLE = [[0.5, 0.3], [0.5, 1.0]]


@pytest.fixture
def tracks(tmp_path: Path) -> Path:
    """Six people walk through the picture."""
    frames = film(passers((-0.1, 0.7), (1.05, 0.7)))
    file = tmp_path / "door.tracks.jsonl"
    file.write_bytes(b"".join(format_frame(frame, is_first=i == 0) for i, frame in enumerate(frames)))
    return file


def config(folder: Path, *cameras: dict[str, list[list[float]]]) -> Path:
    """A footfall.yaml: each camera's lines."""
    told = [
        {
            "name": f"cam{k}",
            "url": "rtsp://10.0.0.7/main",
            "lines": [{"name": n, "points": p} for n, p in lines.items()],
        }
        for k, lines in enumerate(cameras)
    ]
    file = folder / "footfall.yaml"
    file.write_text(json.dumps({"cameras": told}))
    return file


def test_a_bad_line_is_told_with_its_path_and_a_better_place(
    tmp_path: Path, tracks: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = config(tmp_path, {"door": MIDDLE, "edge": EDGE})
    assert main(["validate", str(file), f"--tracks={tracks}"]) == 0
    (told,) = capfd.readouterr().out.splitlines()
    assert told.startswith(f"{file}: $.cameras[0].lines[1]: warning: line-near-border: 5 people appear or vanish")
    assert "; better on these people: 0." in told


def test_warnings_count_where_they_are_asked_to(tmp_path: Path, tracks: Path) -> None:
    bad, good = config(tmp_path, {"edge": EDGE}), "--line=door=0.5,0.3,0.5,1"
    assert main(["validate", str(bad), f"--tracks={tracks}", "--strict"]) == 2
    assert main(["validate", good, f"--tracks={tracks}", "--strict"]) == 0


def test_json_tells_the_same(tmp_path: Path, tracks: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(config(tmp_path, {"edge": EDGE})), f"--tracks={tracks}", "--json"]) == 0
    (told,) = json.loads(capfd.readouterr().out)
    assert (told["code"], told["kind"], told["name"]) == ("line-near-border", "line", "edge")
    assert (told["path"], told["severity"]) == ("$.cameras[0].lines[0]", "warning")
    assert all(0.0 <= value <= 1.0 for point in told["better"] for value in point)


def test_nothing_to_say_is_an_empty_array(tracks: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--line=door=0.5,0.3,0.5,1", f"--tracks={tracks}", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == []


def test_an_error_of_the_drawing_needs_no_people(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--line=door=0.001,0.2,0.001,0.9"]) == 2
    assert capfd.readouterr().out.startswith("command line: --line door: line-without-room: ")


def test_a_bare_region_file_is_judged_too(tmp_path: Path, tracks: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ends = {"start": {"x": 0.5, "y": 0.2}, "end": {"x": 0.5, "y": 0.45}}
    line = {"name": "heads", "line": ends, "events": [{"type": "linecrossing"}]}
    file = tmp_path / "regions.json"
    file.write_text(json.dumps({"lines": [line]}))
    assert main(["validate", str(file), f"--tracks={tracks}"]) == 0
    assert f"{file}: $.lines[0]: warning: line-" in capfd.readouterr().out


def test_what_the_document_check_says_is_said_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    ring = [[0.2, 0.2], [0.8, 0.8], [0.8, 0.2], [0.2, 0.8]]
    file = tmp_path / "regions.json"
    file.write_text(json.dumps({"zones": [{"name": "tie", "polygon": ring, "events": [{"type": "count"}]}]}))
    assert main(["validate", str(file)]) == 0
    assert capfd.readouterr().out.count("crosses itself") == 1


def test_people_belong_to_one_camera(tmp_path: Path, tracks: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = config(tmp_path, {"door": MIDDLE}, {"edge": EDGE})
    assert main(["validate", str(file), f"--tracks={tracks}"]) == 2
    assert "choose one: cam0/cam0 | cam1/cam1" in capfd.readouterr().err
    assert main(["validate", str(file), f"--tracks={tracks}", "--graph=cam1/cam1"]) == 0
    assert "$.cameras[1].lines[0]: warning: line-near-border" in capfd.readouterr().out


def test_a_graph_may_be_chosen_without_people(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    short = [[0.5, 0.5], [0.51, 0.5]]
    file = config(tmp_path, {"short": short}, {"short": short})
    assert main(["validate", str(file)]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 2
    assert main(["validate", str(file), "--graph=cam1/cam1"]) == 0
    assert capfd.readouterr().out.startswith(f"{file}: $.cameras[1].lines[0]: warning: line-too-short: ")


def test_what_concerns_the_camera_stands_at_the_camera(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "night.jsonl").write_text('{"frame":0,"t":0,"people":[]}\n{"frame":1,"t":0.1,"people":[]}\n')
    file = config(tmp_path, {"door": MIDDLE})
    assert main(["validate", str(file), f"--tracks={tmp_path / 'night.jsonl'}"]) == 0
    assert capfd.readouterr().out.startswith(f"{file}: $.cameras[0]: warning: nobody-seen: ")


def test_the_picture_shows_places_and_no_pixels(tmp_path: Path, tracks: Path) -> None:
    file, picture = config(tmp_path, {"door": MIDDLE, "edge": EDGE}), tmp_path / "door.png"
    assert main(["validate", str(file), f"--tracks={tracks}", f"--picture={picture}"]) == 0
    image = cv2.imread(str(picture))
    assert image is not None
    assert image.shape == (960 * SIZE[1] // SIZE[0], 960, 3)
    for colour in (BAD, FINE, BETTER):
        assert (image == colour).all(axis=2).sum() > 100


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param([], "nothing to check", id="nothing named"),
        pytest.param(["a.yaml", "--line=a=0,0,1,1"], "stand beside a file", id="a file and a line"),
        pytest.param(["--line=a=0,0,1,1", "--pixels"], "only a clip has pixels", id="pixels without a clip"),
        pytest.param(["--line=a=0,0,1,1", "--picture=a.png"], "nobody's ways", id="a picture without people"),
        pytest.param(
            ["--line=a=0.5,0,0.5,1", "--tracks=a.jsonl", "--picture=a.jsonl"],
            "that are read",
            id="the tracks overwritten",
        ),
        pytest.param(["--line=a=0.5,0,0.5,1", "--tracks=missing.jsonl"], "missing.jsonl", id="no such tracks"),
        pytest.param(["--line=a=0.5,0,0.5,1", "--clip=rtsp://10.0.0.7/x"], "never ends", id="a camera for a clip"),
    ],
)
def test_bad_options_are_refused_in_one_line(
    options: list[str], words: str, capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["validate", *options]) == 2
    (told,) = capfd.readouterr().err.splitlines()
    assert words in told


def test_no_people_and_no_picture_format_are_said(
    tmp_path: Path, tracks: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    assert main(["validate", "--line=a=0.5,0,0.5,1", f"--tracks={tmp_path / 'empty.jsonl'}"]) == 2
    assert main(["validate", "--line=a=0.5,0,0.5,1", f"--tracks={tracks}", f"--picture={tmp_path / 'a.doc'}"]) == 2
    empty, crooked = capfd.readouterr().err.splitlines()
    assert "no recorded frames" in empty
    assert "ends in .png or .jpg" in crooked


def test_a_clip_is_watched(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip, picture = make_clip(tmp_path / "grey.mp4", count=20), tmp_path / "grey.png"
    options = [f"--clip={clip}", "--model=motion", f"--picture={picture}", "--pixels", "--no-progress"]
    assert main(["validate", "--line=a=0.5,0,0.5,1", *options]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("command line: $: warning: nobody-seen: ")
    assert "detector motion" in err
    assert cv2.imread(str(picture)).std() > 20.0  # type: ignore[union-attr]

"""Whatever goes wrong: a clear message, the right exit code, never a traceback, nothing lost that was computed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from footfall.cli.main import main

LINE = "--line=door=0.5,0.1,0.5,0.9"
SQUARE = [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]


def write_clip(path: Path, frames: int, size: tuple[int, int] = (160, 90)) -> Path:
    """A grey clip in which a dark box walks to the right."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for index in range(frames):
            image = np.full((size[1], size[0], 3), 160, np.uint8)
            image[30:75, 5 + 3 * index : 20 + 3 * index] = 30
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def manifest(**parameters: object) -> str:
    """One-camera desired properties."""
    known = {"VIDEO_URL": "rtsp://10.0.0.1/a", "VIDEO_SOURCE_ID": "cam"}
    zones = {"zones": [{"name": "z", "polygon": SQUARE, "events": [{"type": "count"}]}]}
    all_parameters = {**known, "SPACEANALYTICS_CONFIG": json.dumps(zones), **parameters}
    operation = "cognitiveservices.vision.spatialanalysis-personcount"
    return json.dumps({"graphs": {"g": {"operationId": operation, "version": 1, "parameters": all_parameters}}})


def cut(path: Path) -> Path:
    """The first half of a clip, as a full disk leaves it."""
    whole = write_clip(path.with_suffix(".ts"), 60).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


UNKNOWN_OPERATION = manifest().replace("-personcount", "-personzonecount")
OUTSIDE = {"zones": [{"name": "z", "polygon": [[0, 0], [2, 0], [1, 1]], "events": [{"type": "count"}]}]}
ZONE_OUTSIDE = manifest(SPACEANALYTICS_CONFIG=OUTSIDE)
Arrange = Callable[[Path], list[str]]

BAD: list[tuple[str, Arrange, int, str]] = [
    ("missing file", lambda d: ["run", str(d / "no.mp4"), LINE], 3, "not-found"),
    ("a text file is no video", lambda d: ["run", text(d / "a.mp4", "hello"), LINE], 3, "not-video"),
    ("an empty file is no video", lambda d: ["run", text(d / "a.mp4", ""), LINE], 3, "not-video"),
    ("a missing file says what helps", lambda d: ["run", str(d / "no.mp4"), LINE], 3, "; check the path"),
    ("a folder that a file is in the way of", lambda d: ["demo", "--out", text(d / "a", "")], 2, "; check the path"),
    ("serve where no folder can be", lambda _: ["serve", "--data", "/proc/x"], 2, "/proc/x: --data: cannot be made"),
    ("serve of a file with a mistake", lambda d: serve(d, "cameras: [{name: a}]"), 2, "a.yaml: $.cameras[0]"),
    ("a folder", lambda d: ["run", str(d), LINE], 3, ""),
    ("nobody listens", lambda _: ["run", "rtsp://user:hush@127.0.0.1:9/x", LINE], 3, "refused"),
    ("nobody listens on http", lambda _: ["run", "http://user:hush@127.0.0.1:9/x.mp4", LINE], 3, "refused"),
    ("zone outside the picture", lambda d: run(d, "--zone=z=0,0;1.5,0;1,1"), 2, "1.5"),
    ("zone of two points", lambda d: run(d, "--zone=z=0,0;1,1"), 2, "--zone z"),
    ("line of zero length", lambda d: run(d, "--line=door=0.5,0.5,0.5,0.5"), 2, "--line door"),
    ("line with a word for a number", lambda d: run(d, "--line=door=0.5,0.5,left,0.5"), 2, "--line door"),
    ("the same name twice", lambda d: run(d, LINE, "--line=door=0.1,0.1,0.9,0.9"), 2, "used twice"),
    ("several problems at once", lambda d: run(d, "--line=a=1", "--zone=b=2"), 2, "--zone b"),
    ("unknown operation", lambda d: ["run", text(d / "m.json", UNKNOWN_OPERATION)], 2, "personcount"),
    ("a zone outside in a manifest", lambda d: ["run", text(d / "m.json", ZONE_OUTSIDE)], 2, "polygon"),
    ("broken JSON", lambda d: ["run", text(d / "m.json", "{")], 2, "m.json"),
    ("no such model", lambda d: run(d, LINE, "--model=nothing"), 2, "no such model"),
    ("a model file that is none", lambda d: run(d, LINE, "--model=" + text(d / "m.onnx", "weights")), 2, "m.onnx"),
    ("an unknown sink", lambda d: run(d, LINE, "--sink=pigeon://loft"), 2, "--sink"),
    ("a sink that cannot be written", lambda d: run(d, LINE, f"--sink=jsonl:{d}/no/folder/x.jsonl"), 2, "x.jsonl"),
    ("tracks that cannot be written", lambda d: run(d, LINE, f"--tracks={d}/no/folder/x.jsonl"), 2, "--tracks"),
    ("a clip that cannot be written", lambda d: run(d, LINE, f"--save-video={d}/no/folder/x.mp4"), 2, "--save-video"),
    ("replay of nothing", lambda d: ["replay", text(d / "t.jsonl", ""), LINE], 2, "no recorded frames"),
    ("replay of rubbish", lambda d: ["replay", text(d / "t.jsonl", "{}\n"), LINE], 2, "line 1"),
    ("replay of time that runs back", lambda d: ["replay", text(d / "t.jsonl", BACKWARDS), LINE], 2, "line 2"),
    ("validate of a missing file", lambda d: ["validate", str(d / "no.json")], 2, "no.json"),
    ("detect in a missing picture", lambda d: ["detect", f"{d}/no.jpg", "--model=x", f"--out={d}/x"], 2, "no.jpg"),
    ("track of rubbish", lambda d: ["track", text(d / "d.txt", "1,2,x"), "--fps=10", f"--out={d}/o"], 2, "line 1"),
    ("simulate without a room for it", lambda d: ["simulate", "scene", f"--out={d}/s", "--fps=0"], 2, "fps"),
]  # fmt: skip
BACKWARDS = '{"frame":1,"t":1.0,"people":[]}\n{"frame":2,"t":0.5,"people":[]}\n'


def serve(folder: Path, config: str) -> list[str]:
    return ["serve", text(folder / "a.yaml", config), f"--data={folder / 'data'}", "--port=0"]


def text(path: Path, content: str) -> str:
    path.write_text(content)
    return str(path)


def run(folder: Path, *options: str) -> list[str]:
    return ["run", str(write_clip(folder / "clip.mp4", 5)), *options]


@pytest.mark.parametrize(("arrange", "code", "said"), [pytest.param(*row[1:], id=row[0]) for row in BAD])
def test_bad_input(arrange: Arrange, code: int, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arrange(tmp_path)) == code
    out, err = capfd.readouterr()
    assert said in out + err
    assert "Traceback" not in err
    assert "hush" not in out + err


def test_a_clip_cut_in_the_middle_gives_what_it_has(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tracks = tmp_path / "t.jsonl"
    assert main(["run", str(cut(tmp_path / "half.ts")), LINE, f"--tracks={tracks}"]) == 0
    assert 5 < len(tracks.read_bytes().splitlines()) < 60
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("frames", [1, 2])
def test_a_clip_of_hardly_any_frames_is_fine(frames: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "short.mp4", frames)
    assert main(["run", str(clip), "--zone=z=0,0;1,0;1,1;0,1", "--media-time"]) == 0
    out, _ = capfd.readouterr()
    assert json.loads(out.splitlines()[0])["events"][0]["properties"] == {"personCount": 0}


def test_problems_of_the_command_line_come_together(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(run(tmp_path, "--line=a=1", "--zone=b=2")) == 2
    err = capfd.readouterr().err
    assert "--line a" in err
    assert "--zone b" in err


@pytest.mark.parametrize("argv", [[], ["--help"], ["run", "--help"], ["fly"]])
def test_help_and_usage(argv: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = main(argv)
    except SystemExit as exit_:
        code = exit_.code
    out, err = capfd.readouterr()
    assert code == (0 if "--help" in argv else 2)
    assert "footfall" in out + err

"""Every command does its job on small input: what goes in, what comes out, where it goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.test_bad_input import manifest
from footfall.cli.main import COMMANDS, main
from footfall.simulator.scene import SceneSpec, write_scene

ZONE = "--zone=all=0,0;1,0;1,1;0,1"
LINE = "--line=door=0.5,0.1,0.5,0.9"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with clip.mp4, truth.json, tracks.jsonl."""
    folder = tmp_path_factory.mktemp("a scene with blänks")
    write_scene(SceneSpec(duration_s=5.0, size_px=(320, 180), story="door", people=3), folder)
    return folder


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path / "data"))


def bodies(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_run_gives_events_tracks_a_clip_and_a_summary(
    scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    tracks, clip, copy = tmp_path / "t.jsonl", tmp_path / "out.mp4", tmp_path / "e.jsonl"
    options = [f"--tracks={tracks}", f"--save-video={clip}", "--sink=-", f"--sink=jsonl:{copy}", "--media-time"]
    assert main(["run", str(scene / "clip.mp4"), ZONE, LINE, *options]) == 0
    out, err = capfd.readouterr()
    assert bodies(out)
    assert copy.read_text() == out
    frames = bodies(tracks.read_text())
    assert frames[0]["source"] == "clip"
    assert len(frames) == 75
    assert clip.stat().st_size > 10_000
    assert "mean dwell" in err
    assert "clip: 75 frames analysed" in err


def test_media_time_gives_the_same_times_twice(scene: Path, capfd: pytest.CaptureFixture[str]) -> None:
    times = []
    for _ in range(2):
        assert main(["run", str(scene / "clip.mp4"), ZONE, "--media-time", "--no-progress"]) == 0
        times.append([body["sourceInfo"]["timestamp"] for body in bodies(capfd.readouterr().out)])  # type: ignore[index]
    assert times[0] == times[1]
    assert times[0][0].startswith("1970-01-01T00:00:0")


@pytest.mark.parametrize("text", ["a[/]b", "a[red]b", "ü x"])
def test_a_region_may_be_called_anything(text: str, scene: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(scene / "clip.mp4"), ZONE.replace("all", text)]) == 0
    assert text in capfd.readouterr().err


def test_a_run_without_regions_says_so(scene: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(scene / "clip.mp4")]) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "nothing to watch for" in err


def test_two_cameras_of_a_yaml_have_tracks_of_their_own(
    scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    square = [[0, 0], [1, 0], [1, 1], [0, 1]]
    zones = [{"name": "all", "points": square}]
    both = [
        {"name": name, "url": str(scene / "clip.mp4"), "live": False, "loop": False, "zones": zones}
        for name in ("left cam", "right")
    ]
    config, events = tmp_path / "footfall.yaml", tmp_path / "e.jsonl"
    config.write_text(json.dumps({"sinks": [f"jsonl:{events}"], "cameras": both}))
    assert main(["run", str(config), f"--tracks={tmp_path}/t.jsonl"]) == 0
    assert sorted(path.name for path in tmp_path.glob("t.*")) == ["t.left_cam.jsonl", "t.right.jsonl"]
    assert {json.loads(line)["sourceInfo"]["id"] for line in events.read_text().splitlines()} == {"left cam", "right"}
    assert "right/right: all" in capfd.readouterr().err


def two_operations(scene: Path) -> str:
    """A manifest in which two operations watch one and the same camera."""
    source = {"VIDEO_URL": str(scene / "clip.mp4"), "VIDEO_IS_LIVE": False, "VIDEO_LOOP": False}
    document = json.loads(manifest(**source))
    document["graphs"]["again"] = document["graphs"]["g"]
    return json.dumps(document)


def test_a_manifest_of_recorded_video_runs_to_its_end(
    scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "deployment.json"
    config.write_text(two_operations(scene))
    assert main(["run", str(config), f"--tracks={tmp_path}/t.jsonl"]) == 0
    assert {body["sourceInfo"]["id"] for body in bodies(capfd.readouterr().out)} == {"cam"}  # type: ignore[index]
    recordings = list(tmp_path.glob("t.*.jsonl"))
    assert len(recordings) == 2, "one camera, two graphs, two recordings"
    assert all(bodies(path.read_text()) for path in recordings)


def test_replay_reads_a_file_or_standard_input(
    scene: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = scene / "tracks.jsonl"
    assert main(["replay", str(tracks), ZONE]) == 0
    from_file = capfd.readouterr().out
    with tracks.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["replay", "-", ZONE]) == 0
    assert len(capfd.readouterr().out.splitlines()) == len(from_file.splitlines()) > 0


def test_replay_takes_one_graph_of_a_manifest(scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config, tracks = tmp_path / "m.json", str(scene / "tracks.jsonl")
    config.write_text(two_operations(scene))
    assert main(["replay", tracks, f"--config={config}"]) == 2
    assert "--graph" in capfd.readouterr().err
    graph = json.loads(config.read_text())["graphs"]
    assert main(["replay", tracks, f"--config={config}", f"--graph={next(iter(graph))}/{next(iter(graph))}"]) == 0
    assert capfd.readouterr().out
    assert main(["replay", tracks, f"--config={config}", ZONE]) == 2
    assert "--line/--zone" in capfd.readouterr().err


def test_replay_of_a_bare_configuration_scales_to_the_frame(
    scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "zones.json"
    zone = {"name": "z", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "events": [{"type": "count"}]}
    config.write_text(json.dumps({"zones": [zone]}))
    assert main(["replay", str(scene / "tracks.jsonl"), f"--config={config}", "--frame-size=1280x720"]) == 0
    assert bodies(capfd.readouterr().out)[0]["sourceInfo"]["width"] == 1280  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "name"),
    [
        pytest.param([ZONE], "shop", id="of the recording"),
        pytest.param(["--config={manifest}"], "cam", id="of the camera in the configuration"),
    ],
)
def test_a_replay_is_called_by_the_name(
    options: list[str], name: str, scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config, tracks = tmp_path / "m.json", tmp_path / "t.jsonl"
    graphs = json.loads(two_operations(scene))
    graphs["graphs"].popitem()
    config.write_text(json.dumps(graphs))
    tracks.write_text('{"frame": 0, "t": 0, "people": [], "source": "shop"}\n')
    assert main(["replay", str(tracks), *(option.format(manifest=config) for option in options)]) == 0
    assert {body["sourceInfo"]["id"] for body in bodies(capfd.readouterr().out)} == {name}  # type: ignore[index]


def test_a_replay_without_regions_says_so(scene: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(scene / "tracks.jsonl")]) == 0
    told = capfd.readouterr()
    assert not told.out
    assert "--line" in told.err


def test_a_bare_configuration_obeys_the_settings_and_its_warnings_are_told(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "zones.json"
    zone = {"name": "z", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "events": [{"type": "count"}], "colour": "red"}
    config.write_text(json.dumps({"zones": [zone]}))
    replay = ["replay", str(scene / "tracks.jsonl"), f"--config={config}"]
    assert main(replay) == 0
    told = capfd.readouterr()
    assert max(body["events"][0]["properties"]["personCount"] for body in bodies(told.out)) > 0  # type: ignore[index]
    assert "$.zones[0].colour: warning: unknown key, ignored" in told.err
    monkeypatch.setenv("FOOTFALL_THRESHOLD", "0.6")
    assert main(replay) == 0
    told = capfd.readouterr()
    assert [body["events"][0]["properties"]["personCount"] for body in bodies(told.out)] == [0]  # type: ignore[index]
    assert "no point of the zone" in told.err


BOXES = "".join(f"{frame},-1,{10 + 3 * frame},20,40,100,0.9\n" for frame in range(1, 31))


def test_track_and_evaluate_tracks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    found, out = tmp_path / "det.txt", tmp_path / "tracks.txt"
    found.write_text(BOXES)
    assert main(["track", str(found), "--fps=10", f"--out={out}", "--image-size=640x360"]) == 0
    ids = {line.split(",")[1] for line in out.read_text().splitlines()}
    assert ids == {"1"}
    truth = tmp_path / "gt.txt"
    truth.write_text(BOXES.replace(",-1,", ",1,").replace(",0.9", ",1,1,1"))
    assert main(["evaluate", "tracks", str(truth), str(out), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)


def test_a_long_pause_between_detections_costs_no_time(tmp_path: Path) -> None:
    found, out = tmp_path / "det.txt", tmp_path / "tracks.txt"
    found.write_text(BOXES + "".join(f"{10**12 + frame},-1,{3 * frame},20,40,100,0.9\n" for frame in range(30)))
    assert main(["track", str(found), "--fps=10", f"--out={out}"]) == 0
    assert {line.split(",")[1] for line in out.read_text().splitlines()} == {"1", "2"}


def test_evaluate_events_and_detections(scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "e.jsonl"
    assert main(["replay", str(scene / "tracks.jsonl"), LINE, f"--sink=jsonl:{events}"]) == 0
    assert main(["evaluate", "events", str(scene / "truth.json"), str(events)]) == 0
    coco = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 100, "height": 100}],
        "categories": [{"id": 1, "name": "person"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40], "area": 1200, "iscrowd": 0}],
    }
    truth, found = tmp_path / "coco.json", tmp_path / "found.json"
    truth.write_text(json.dumps(coco))
    found.write_text(json.dumps([{"image": "a.jpg", "category": "person", "bbox": [1, 2, 30, 40], "score": 0.9}]))
    capfd.readouterr()
    assert main(["evaluate", "detections", str(truth), str(found)]) == 0
    assert "AP50" in capfd.readouterr().out


GOOD, WRONG = manifest(), manifest().replace("-personcount", "-personzonecount")


@pytest.mark.parametrize(
    ("files", "code", "lines"),
    [
        pytest.param([GOOD], 0, 0, id="good: nothing to say"),
        pytest.param([WRONG], 2, 1, id="bad: one line a problem"),
        pytest.param([GOOD, WRONG, GOOD], 2, 1, id="one bad among good ones"),
        pytest.param(["{", WRONG], 2, 2, id="a file that cannot be parsed hides no other"),
    ],
)
def test_validate(files: list[str], code: int, lines: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / f"{number}.json" for number in range(len(files))]
    for path, text in zip(paths, files, strict=True):
        path.write_text(text)
    assert main(["validate", *map(str, paths)]) == code
    said = capfd.readouterr().out.splitlines()
    assert len([line for line in said if "warning:" not in line]) == lines


def test_validate_reads_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.json").write_text(WRONG)
    with (tmp_path / "m.json").open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        assert main(["validate", "-"]) == 2


def test_models_are_listed_checked_and_located(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    out = capfd.readouterr().out
    assert "motion" in out
    assert "Apache-2.0" in out
    assert main(["models", "verify"]) == 0
    capfd.readouterr()
    assert main(["models", "path", "yolox-nano"]) == 0
    out, err = capfd.readouterr()
    assert out.endswith(".onnx\n")
    assert "models pull yolox-nano" in err


def test_simulate_a_scene_that_run_understands(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tiny"
    options = [f"--out={out}", "--seconds=1", "--size=160x90", "--people=1", "--fps=5"]
    assert main(["simulate", "scene", *options]) == 0
    printed = capfd.readouterr()
    assert all(Path(line).is_file() for line in printed.out.splitlines())
    assert printed.err.splitlines()[-1].startswith(f"footfall run {out}")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    out = capfd.readouterr().out
    assert "Examples:" in out
    assert f"footfall {command}" in out


ODD = [
    pytest.param(["--fps=0"], id="no frames a second"),
    pytest.param(["--fps=-3"], id="negative rate"),
    pytest.param(["--fps=nan"], id="a rate that is no number"),
    pytest.param(["--threads=0"], id="no threads"),
    pytest.param([f"--threads={10**30}"], id="more threads than stars"),
]


@pytest.mark.parametrize("options", ODD)
def test_options_out_of_range_are_refused(options: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", "clip.mp4", *options])
    assert ended.value.code == 2
    assert options[0].partition("=")[0] in capfd.readouterr().err


@pytest.mark.parametrize("option", ["--tracks={clip}", "--save-video={clip}", "--tracks={new}|--save-video={new}"])
def test_outputs_overwrite_neither_the_video_nor_each_other(
    option: str, scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clip = scene / "clip.mp4"
    before = clip.read_bytes()
    options = option.format(clip=clip, new=tmp_path / "new").split("|")
    assert main(["run", str(clip), ZONE, *options]) == 2
    assert "its own file" in capfd.readouterr().err
    assert clip.read_bytes() == before


def test_a_run_that_never_starts_leaves_an_old_recording_alone(tmp_path: Path) -> None:
    old = tmp_path / "t.jsonl"
    old.write_text("precious\n")
    assert main(["run", str(tmp_path / "no.mp4"), ZONE, f"--tracks={old}"]) == 3
    assert main(["run", str(tmp_path / "no.mp4"), ZONE, f"--tracks={old}", "--model=nothing"]) in {2, 3}
    assert old.read_text() == "precious\n"


@pytest.mark.parametrize("option", ["--tracks=/dev/full", "--sink=jsonl:/dev/full"])
def test_a_full_disk_is_told_and_the_run_goes_on(option: str, scene: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = main(["run", str(scene / "clip.mp4"), ZONE, "--sink=-", option])
    out, err = capfd.readouterr()
    assert code == (1 if "tracks" in option else 0)
    assert bodies(out)
    assert "No space left" in err
    assert "Traceback" not in err

"""`footfall report`: from recorded tracks to a folder, whatever the tracks are like."""

from __future__ import annotations

import csv
import gc
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from cli.test_bad_input import write_clip
from footfall.cli.main import main
from footfall.cli.recordings import Clock, lines_of, open_recording
from footfall.core.types import TrackObservation

LINE = "--line=door=0.5,0.1,0.5,0.9"
ZONE = "--zone=right=0.6,0;1,0;1,1;0.6,1"
CAMERA = "--camera=3.2,0.8,1.13"


def tracks(path: Path, people: int = 4, *, source: str = "", start_s: float = 0.0, fps: float = 10.0) -> Path:
    """People walk from left to right in five seconds each, one after the other with five seconds in between."""
    rows: list[dict[str, Any]] = []
    for index in range(people):
        for number in range(int(10 * fps)):
            t_s = number / fps
            x = 0.105 + 0.16 * t_s
            box = [x - 0.03, 0.4, x + 0.03, 0.71]
            seen = [{"id": f"{source}{index}", "box": box}] if t_s <= 5.0 else []
            frame = index * int(10 * fps) + number
            rows.append({"frame": frame, "t": round(start_s + 10.0 * index + t_s, 6), "people": seen})
    rows[0] |= {"source": source, "size": [640, 360]} if source else {"size": [640, 360]}
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def report(folder: Path, *arguments: str | Path) -> list[Any]:
    """The cameras of the document that a report wrote."""
    assert main(["report", *map(str, arguments), f"--out={folder}"]) == 0
    document = json.loads((folder / "report.json").read_text())
    assert document["format"] == "footfall-report-1"
    cameras: list[Any] = document["cameras"]
    return cameras


def test_tracks_become_a_page_pictures_and_figures(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    [camera] = report(out, tracks(tmp_path / "shop.jsonl"), LINE, ZONE, CAMERA, "--least=2")
    printed, said = capfd.readouterr()
    assert printed == f"{out / 'report.html'}\n"
    assert "no maps of the floor" not in said
    assert (camera["name"], camera["people"], camera["frames"]) == ("shop", 4, 400)
    assert camera["lines"][0]["left"] == 4
    assert camera["zones"][0]["enters"] == 4
    assert [plane["plane"] for plane in camera["maps"]] == ["picture", "floor"]
    assert camera["maps"][0]["person_s"] == pytest.approx(4 * 5.0, abs=0.3)
    assert cv2.imread(str(out / "heat.floor.png")) is not None


def test_the_counts_are_those_of_a_replay(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tracks(tmp_path / "shop.jsonl", people=3)
    assert main(["replay", str(path), LINE, ZONE]) == 0
    events = [event["type"] for row in capfd.readouterr().out.splitlines() for event in json.loads(row)["events"]]
    [camera] = report(tmp_path / "out", path, LINE, ZONE)
    assert events.count("personLineEvent") == camera["lines"][0]["left"] == 3
    assert events.count("personZoneDwellTimeEvent") == camera["zones"][0]["visits"] == 3


def test_a_report_without_regions_or_camera_has_maps_of_the_picture(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    [camera] = report(tmp_path / "out", tracks(tmp_path / "shop.jsonl"))
    assert [plane["plane"] for plane in camera["maps"]] == ["picture"]
    assert camera["maps"][0]["cells"]
    assert "no maps of the floor" in capfd.readouterr().err
    assert not (tmp_path / "out" / "ways.csv").exists()


def test_the_camera_of_a_configuration_gives_the_floor(tmp_path: Path) -> None:
    config = tmp_path / "footfall.yaml"
    known = {"height_m": 3.2, "tilt_deg": 65, "focal_px": 512, "frame_width": 640}
    lines = [{"name": "door", "points": [[0.5, 0.1], [0.5, 0.9]]}]
    cameras = [{"name": name, "url": f"rtsp://10.0.0.1/{name}", "camera": known, "lines": lines} for name in "ab"]
    config.write_text(json.dumps({"cameras": cameras}))
    files = [tracks(tmp_path / f"{name}.jsonl", source=name) for name in "ab"]
    found = report(tmp_path / "out", *files, f"--config={config}")
    assert [camera["name"] for camera in found] == ["a", "b"]
    assert all(len(camera["maps"]) == 2 for camera in found)
    assert (tmp_path / "out" / "a" / "heat.floor.png").exists()
    [only] = report(tmp_path / "one", files[0], f"--config={config}", "--graph=b/b")
    assert only["name"] == "a"


@pytest.mark.parametrize("continues", [True, False], ids=["the clock goes on", "each file begins at 0"])
def test_two_files_of_one_camera_follow_each_other(continues: bool, tmp_path: Path) -> None:
    first = tracks(tmp_path / "1.jsonl", people=2, source="cam")
    second = tracks(tmp_path / "2.jsonl", people=3, source="cam", start_s=20.0 if continues else 0.0)
    [camera] = report(tmp_path / "out", first, second, LINE, "--every=0.5")
    assert (camera["people"], camera["lines"][0]["left"]) == (5, 5)
    assert [row["start"] for row in camera["periods"]] == ["0:00:00", "0:00:30"]
    assert [row["people"] for row in camera["periods"]] == ([3, 2] if continues else [4, 1])
    assert len(camera["recordings"]) == 2


def test_the_whole_is_the_sum_of_its_files(tmp_path: Path) -> None:
    files = [tracks(tmp_path / f"{n}.jsonl", people=n, source="cam") for n in (1, 3)]
    parts = [report(tmp_path / f"out{n}", path, "--least=1", LINE)[0] for n, path in enumerate(files)]
    [whole] = report(tmp_path / "out", *files, "--least=1", LINE)
    assert whole["people"] == sum(part["people"] for part in parts)
    low, high = whole["lines"][0]["left_interval"]
    assert low <= whole["lines"][0]["left"] == 4 <= high
    assert high >= max(part["lines"][0]["left_interval"][1] for part in parts)
    assert whole["person_s"] == pytest.approx(sum(part["person_s"] for part in parts), abs=0.01)
    seconds = [{(c["column"], c["row"]): c["seconds"] for c in part["maps"][0]["cells"]} for part in (*parts, whole)]
    for cell, value in seconds[2].items():
        assert value == pytest.approx(seconds[0].get(cell, 0.0) + seconds[1].get(cell, 0.0), abs=0.01)


def test_files_of_different_names_may_be_one_camera(tmp_path: Path) -> None:
    files = [tracks(tmp_path / f"{name}.jsonl", people=2, source=name) for name in ("monday", "tuesday")]
    assert len(report(tmp_path / "two", *files)) == 2
    starts = ["--start=2026-11-23T08:30", "--start=2026-11-24T09:00+01:00"]
    [camera] = report(tmp_path / "one", *files, "--same-camera", *starts)
    assert camera["people"] == 4
    assert [row["start"] for row in camera["periods"]] == ["2026-11-23 08:00", "2026-11-24 09:00"]


def test_only_a_part_of_the_time(tmp_path: Path) -> None:
    path = tracks(tmp_path / "shop.jsonl")
    [camera] = report(tmp_path / "out", path, LINE, "--from=10", "--to=30", "--start=2026-11-23T08:00")
    assert (camera["people"], camera["lines"][0]["left"]) == (2, 2)
    assert camera["observed_s"] == pytest.approx(19.9)


def test_few_frames_need_a_longer_gap(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tracks(tmp_path / "shop.jsonl", fps=0.4)
    [camera] = report(tmp_path / "out", path)
    assert camera["observed_s"] == 0.0
    assert "--gap" in capfd.readouterr().err
    [camera] = report(tmp_path / "out", path, "--gap=3")
    assert camera["observed_s"] == pytest.approx(37.5)


def test_one_cell_and_nobody(tmp_path: Path) -> None:
    [camera] = report(tmp_path / "out", tracks(tmp_path / "shop.jsonl"), "--columns=1")
    [cell] = camera["maps"][0]["cells"]
    assert (cell["column"], cell["row"], cell["people"]) == (0, 0, 4)
    empty = tmp_path / "empty.jsonl"
    empty.write_text('{"frame":0,"t":0,"people":[]}\n{"frame":1,"t":1,"people":[]}\n')
    [camera] = report(tmp_path / "nobody", empty, LINE, ZONE, CAMERA)
    assert (camera["people"], camera["most_people"], camera["observed_s"]) == (0, 0, 1.0)


def test_a_background_is_put_under_the_maps(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), np.full((36, 64, 3), (0, 200, 0), np.uint8))
    report(tmp_path / "out", tracks(tmp_path / "shop.jsonl"), f"--background={photo}")
    picture = cv2.imread(str(tmp_path / "out" / "heat.picture.png"))
    assert picture is not None
    assert picture[120, 400, 1] > 100


def test_names_and_figures_come_from_the_tracks_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    report(out, tracks(tmp_path / "shop.jsonl", source="secret-id-"), "--least=1", ZONE)
    written = b"".join(path.read_bytes() for path in out.rglob("*") if path.suffix != ".png")
    assert b"secret-id-0" not in written
    header, *rows = csv.reader((out / "heat.picture.csv").read_text().splitlines())
    assert header == ["column", "row", "x", "y", "people", "seconds"]
    assert rows


def test_a_run_writes_the_same_report_as_its_tracks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path / "data"))
    clip, recorded = write_clip(tmp_path / "clip.mp4", 40), tmp_path / "clip.jsonl"
    options = [f"--tracks={recorded}", f"--report={tmp_path / 'run'}", "--sink=-", "--no-progress"]
    assert main(["run", str(clip), LINE, *options]) == 0
    [own] = json.loads((tmp_path / "run" / "report.json").read_text())["cameras"]
    [later] = report(tmp_path / "out", recorded, LINE)
    assert own["frames"] > 30
    assert own | {"recordings": []} == later | {"recordings": []}


def test_a_report_that_cannot_be_written_is_found_out_before_the_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["run", str(write_clip(tmp_path / "clip.mp4", 3)), LINE, f"--report={tmp_path}/file/out"]) == 2
    assert "--report" in capfd.readouterr().err


Arrange = Callable[[Path], Sequence[str | Path]]
GOOD = '{"frame":1,"t":1.0,"people":[]}\n'


def text(path: Path, content: str) -> Path:
    path.write_text(content)
    return path


BAD: list[tuple[str, Arrange, str]] = [
    ("no such file", lambda d: [d / "no.jsonl"], "no.jsonl"),
    ("a folder", lambda d: [d], "directory"),
    ("an empty file", lambda d: [text(d / "t.jsonl", "")], "no recorded frames"),
    ("a broken line", lambda d: [text(d / "t.jsonl", GOOD * 2 + '{"frame":')], "t.jsonl: line 3"),
    ("a line of something else", lambda d: [text(d / "t.jsonl", GOOD + '{"boxes":[]}\n')], "t.jsonl: line 2"),
    ("time that runs back", lambda d: [text(d / "t.jsonl", GOOD + '{"frame":2,"t":0.5,"people":[]}')], "line 2"),
    ("nothing in the time asked for", lambda d: [tracks(d / "t.jsonl"), "--from=900"], "--from/--to"),
    ("an end before the start", lambda d: [tracks(d / "t.jsonl"), "--from=9", "--to=8"], "--from/--to"),
    ("no camera at all", lambda d: [tracks(d / "t.jsonl"), "--camera=3,2"], "--camera"),
    ("a camera in the cellar", lambda d: [tracks(d / "t.jsonl"), "--camera=-3,0.8,1"], "height"),
    ("cells of nothing", lambda d: [tracks(d / "t.jsonl"), "--cell=0"], "--cell"),
    ("cells smaller than feet", lambda d: [tracks(d / "t.jsonl"), "--cell=0.001"], "--cell"),
    ("nobody is enough", lambda d: [tracks(d / "t.jsonl"), "--least=0"], "--least"),
    ("no time of day", lambda d: [tracks(d / "t.jsonl"), "--start=noon"], "--start"),
    ("seconds that are none", lambda d: [tracks(d / "t.jsonl"), "--to=-1"], "--to"),
    ("seconds in words", lambda d: [tracks(d / "t.jsonl"), "--to=soon"], "--to"),
    ("more starts than files", lambda d: [tracks(d / "t.jsonl"), *["--start=2026-01-01"] * 2], "2 times for 1 files"),
    (
        "the later file first",
        lambda d: [tracks(d / "a.jsonl"), tracks(d / "b.jsonl"), "--start=2026-01-02", "--start=2026-01-01"],
        "earliest file first",
    ),
    ("the same file twice", lambda d: [tracks(d / "t.jsonl"), d / "t.jsonl"], "named twice"),
    ("standard input twice", lambda _: ["-", "-"], "named twice"),
    ("a background that is none", lambda d: [tracks(d / "t.jsonl"), f"--background={d / 't.jsonl'}"], "no picture"),
    ("a missing background", lambda d: [tracks(d / "t.jsonl"), f"--background={d / 'no.png'}"], "no.png"),
    (
        "one camera's height for two",
        lambda d: [tracks(d / "a.jsonl", source="a"), tracks(d / "b.jsonl", source="b"), CAMERA],
        "the files are of 2",
    ),
    ("a zone of two points", lambda d: [tracks(d / "t.jsonl"), "--zone=z=0,0;1,1"], "--zone z"),
    ("a folder that is a file", lambda d: [tracks(d / "t.jsonl"), f"--out={text(d / 'f', '')}"], "--out"),
]


@pytest.mark.parametrize(("arrange", "said"), [pytest.param(*row[1:], id=row[0]) for row in BAD])
def test_bad_input(arrange: Arrange, said: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = [f"--out={tmp_path / 'out'}", *map(str, arrange(tmp_path))]
    try:
        code: object = main(["report", *arguments])
    except SystemExit as exit_:
        code = exit_.code
    assert code == 2
    err = capfd.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_graph_that_nobody_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "footfall.yaml"
    config.write_text(json.dumps({"cameras": [{"name": name, "url": f"rtsp://10.0.0.1/{name}"} for name in "ab"]}))
    path = tracks(tmp_path / "t.jsonl")
    assert main(["report", str(path), f"--config={config}", f"--out={tmp_path / 'out'}"]) == 2
    assert "--graph a/a | b/b" in capfd.readouterr().err
    assert main(["report", str(path), f"--config={config}", LINE, f"--out={tmp_path / 'out'}"]) == 2
    assert "whole configuration" in capfd.readouterr().err


def remembered() -> int:
    """People in memory, wherever; other tests keep some, too."""
    return sum(type(thing) is TrackObservation for thing in gc.get_objects())


def test_files_are_read_line_by_line(tmp_path: Path) -> None:
    path = tracks(tmp_path / "t.jsonl", people=20)
    recording = open_recording(str(path), None, lambda _: None)
    before, most = remembered(), 0
    for observed in recording.frames:
        if observed.frame % 100 == 30:
            most = max(most, remembered() - before)
    assert most <= 3, "of twenty people and a thousand sights, those of the present frame"


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tracks(tmp_path / "t.jsonl", people=20)
    told: list[int] = []
    assert len(list(lines_of(str(path), told.append))) == 2000
    assert 3 <= len(told) <= 5
    assert 0.7 * path.stat().st_size < sum(told) <= path.stat().st_size


CLOCKS = [
    pytest.param([], [(0.0, 20.0), (0.0, 10.0)], [0.0, 20.0], id="each begins at 0: one after the other"),
    pytest.param([], [(0.0, 20.0), (20.1, 30.0)], [0.0, 0.0], id="the clock goes on"),
    pytest.param([], [(500.0, 520.0), (0.0, 10.0)], [0.0, 520.0], id="the first begins late"),
    pytest.param([3600.0], [(0.0, 20.0), (0.0, 10.0)], [3600.0, 3620.0], id="the first has a time of day"),
    pytest.param([3600.0, 7200.0], [(0.0, 20.0), (0.0, 10.0)], [3600.0, 7200.0], id="all have"),
]


@pytest.mark.parametrize(("starts", "recordings", "offsets"), CLOCKS)
def test_recordings_on_one_clock(
    starts: list[float], recordings: list[tuple[float, float]], offsets: list[float]
) -> None:
    clock = Clock(starts)
    found = []
    for first_s, last_s in recordings:
        found.append(clock.begin(first_s))
        clock.see(last_s)
    assert found == offsets

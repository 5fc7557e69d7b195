"""A new model is held against the one that runs, on clips: drawn ones with exact people, and real ones."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import cv2
import pytest

from footage import make_clip
from footfall.cli.main import main
from footfall.evaluation.sheet import TILE_PX
from footfall.events.tracks import read_tracks
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.vault.keys import Keys
from footfall.vault.sealed import Sealer
from takeaways import colour_teller, white_finder

AT = datetime(2026, 11, 21, tzinfo=UTC)
KEY = b"k" * 32
PEOPLE = 6


def bundle(onnx: bytes, *tags: str, kind: Kind = Kind.MULTICLASS) -> bytes:
    return make_bundle(onnx, tags, kind, "1", AT, None)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a drawn clip, its exact tracks, and models."""
    folder = tmp_path_factory.mktemp("hall")
    write_scene(
        SceneSpec(duration_s=8.0, size_px=(640, 360), story="crowd", people=PEOPLE, seed=3), folder / "hall.mp4"
    )
    shutil.move(next(folder.glob("*tracks*")), folder / "hall.jsonl")
    (folder / "old.zip").write_bytes(bundle(colour_teller(), "red", "green", "blue"))
    (folder / "alike.zip").write_bytes(bundle(colour_teller(scale=0.02), "red", "green", "blue"))
    (folder / "swapped.zip").write_bytes(bundle(colour_teller(), "blue", "green", "red"))
    (folder / "more.zip").write_bytes(bundle(colour_teller(), "red", "pink", "blue"))
    (folder / "other.zip").write_bytes(bundle(colour_teller(), "x", "y", "z"))
    (folder / "white.zip").write_bytes(bundle(white_finder(), "person", kind=Kind.DETECTION))
    (folder / "shelf.zip").write_bytes(bundle(white_finder(), "bottle", kind=Kind.DETECTION))
    make_clip(folder / "empty.mp4", count=20)
    (folder / "text.mp4").write_text("no video")
    return folder


@pytest.fixture
def compare(hall: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """In a folder of its own with the hall's files in it."""
    for file in hall.iterdir():
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.chdir(tmp_path)
    return lambda *words: main(["customvision", "compare", "--no-progress", *words])


def told(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


ON_TRACKS = "--clip", "hall.mp4", "--tracks", "hall.jsonl"


def test_two_that_agree_about_recorded_people(compare: Callable[..., int], capsys) -> None:
    assert compare("--new", "alike.zip", "--with", "old.zip", *ON_TRACKS) == 0
    out = capsys.readouterr()
    assert f"{PEOPLE} people of hall.mp4, told by both" in out.out
    assert "what they disagree about" not in out.out
    assert "they agree about everybody, rightly or wrongly" in out.err
    assert "are few: take a longer clip" in out.err
    assert not list(Path().glob("*.png"))


def test_every_recorded_person_is_told_with_time_and_place(compare: Callable[..., int], capsys) -> None:
    zone = "all=0,0;1,0;1,1;0,1"
    assert compare("--new", "swapped.zip", "--with", "old.zip", *ON_TRACKS, "--zone", zone, "--json") == 0
    found = told(capsys)
    seen: dict[str, list[float]] = {}
    for observed in read_tracks(Path("hall.jsonl").read_bytes().splitlines(), file="hall"):
        for person in observed.people:
            seen.setdefault(person.track_id, []).append(observed.t_s)
    assert found["people"] == len(found["disputed"]) == len(seen) - found["too_small"]
    for case in found["disputed"]:
        times = seen[case["person"]]
        assert (case["from_s"], case["to_s"]) == (times[0], times[-1])
        assert times[0] <= case["at_s"] <= times[-1]
        assert case["where"] == "all"
        assert {case["running"]["tag"], case["new"]["tag"]} <= {"red", "blue", "green"}
        assert case["running"]["certainty"] == pytest.approx(case["new"]["certainty"], abs=1e-6)
    assert found["running"]["ms_per_look"] > 0
    assert "0 %" in found["advice"]


def test_people_are_found_now_where_nobody_recorded_them(compare: Callable[..., int], capsys) -> None:
    """By the default detector and tracker."""
    assert compare("--new", "swapped.zip", "--with", "old.zip", "--clip", "hall.mp4", "--json") == 0
    out = capsys.readouterr()
    found = json.loads(out.out)
    assert found["people"] >= PEOPLE // 2
    assert all(case["looks"] >= 1 for case in found["disputed"])
    assert "detector motion" in out.err


def test_tracks_as_run_writes_them_give_the_same_as_the_run(compare: Callable[..., int], capsys) -> None:
    assert main(["run", "hall.mp4", "--tracks", "run.jsonl", "--no-progress", "--sink", "jsonl:events"]) == 0
    capsys.readouterr()
    words = "--new", "swapped.zip", "--with", "old.zip", "--clip", "hall.mp4", "--json"
    assert compare(*words, "--tracks", "run.jsonl") == 0
    recorded = told(capsys)
    assert compare(*words) == 0
    live = told(capsys)
    assert recorded["people"] == live["people"]
    assert [
        (a["from_s"], a["looks"], a["running"]["tag"]) == (b["from_s"], b["looks"], b["running"]["tag"])
        for a, b in zip(recorded["disputed"], live["disputed"], strict=True)
    ] == [True] * len(live["disputed"])


def test_tracks_of_the_track_command(compare: Callable[..., int], capsys) -> None:
    rows = []
    names: dict[str, int] = {}
    for observed in read_tracks(Path("hall.jsonl").read_bytes().splitlines(), file="hall"):
        for person in observed.people:
            x0, y0, x1, y1 = (v * s for v, s in zip(person.box_n, (640, 360) * 2, strict=True))
            name = names.setdefault(person.track_id, len(names) + 1)
            rows.append(f"{observed.frame + 1},{name},{x0:.3f},{y0:.3f},{x1 - x0:.3f},{y1 - y0:.3f},0.9,-1,-1,-1")
    Path("hall.txt").write_text("\n".join(rows))
    words = "--new", "swapped.zip", "--with", "old.zip", "--clip", "hall.mp4", "--json", "--tracks"
    assert compare(*words, "hall.txt") == 0
    by_number = told(capsys)
    assert compare(*words, "hall.jsonl") == 0
    by_name = told(capsys)
    assert by_number["people"] == by_name["people"]
    assert by_number["running"]["tags"] == by_name["running"]["tags"]


def test_a_sheet_of_those_to_look_at_only_when_it_is_asked_for(compare: Callable[..., int], capsys) -> None:
    assert compare("--new", "swapped.zip", "--with", "old.zip", *ON_TRACKS, "--sheet", "look.png") == 0
    assert "look.png: pictures of people; delete it when you have looked at it" in capsys.readouterr().err
    page = cv2.imread("look.png")
    tiles = (page.shape[1] // TILE_PX) * (page.shape[0] // TILE_PX)
    assert tiles >= PEOPLE
    assert page[56 : 56 + TILE_PX, 8 : 8 + TILE_PX].std() > 10
    assert compare("--new", "alike.zip", "--with", "old.zip", *ON_TRACKS, "--sheet", "none.png") == 0
    assert not Path("none.png").exists()


def test_tags_that_only_one_has_are_told(compare: Callable[..., int], capsys) -> None:
    assert compare("--new", "more.zip", "--with", "old.zip", *ON_TRACKS) == 0
    told = capsys.readouterr().err
    assert "only old.zip tells green" in told
    assert "only more.zip tells pink" in told


def test_a_sealed_clip_is_opened_in_memory(compare: Callable[..., int], capsys, monkeypatch) -> None:
    sealed = BytesIO()
    writer = Sealer(sealed, Keys(KEY), "door.mp4")
    writer.write(Path("hall.mp4").read_bytes())
    writer.finish()
    Path("door.mp4.enc").write_bytes(sealed.getvalue())
    before = {path.name for path in Path().iterdir()}
    words = "--new", "swapped.zip", "--with", "old.zip", "--clip", "door.mp4.enc", "--tracks", "hall.jsonl"
    assert compare(*words) == 2
    assert "door.mp4.enc: --clip: is sealed, and there are no keys; give --keys FILE" in capsys.readouterr().err
    monkeypatch.setenv("FOOTFALL_RECORDING_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=")
    assert compare(*words, "--json") == 0
    sealed_found = told(capsys)
    assert compare("--new", "swapped.zip", "--with", "old.zip", *ON_TRACKS, "--json") == 0
    assert sealed_found["disputed"] == told(capsys)["disputed"]
    shutil.copy("door.mp4.enc", "shop.mp4.enc")
    assert compare(*words[:5], "shop.mp4.enc") == 2
    assert "shop.mp4.enc: --clip: cannot be opened" in capsys.readouterr().err
    assert {path.name for path in Path().iterdir()} == before | {"shop.mp4.enc"}


def test_two_detectors_on_a_clip(compare: Callable[..., int], capsys) -> None:
    words = "--new", "motion", "--with", "white.zip", "--clip", "hall.mp4", "--line", "mid=0.1,0.5,0.9,0.5"
    assert compare(*words, "--json", "--sheet", "boxes.png") == 0
    found = told(capsys)
    assert found["running"]["model"] == "white.zip"
    assert found["new"]["people"] >= PEOPLE // 2
    assert set(found["new"]["counts"]) == {"mid"}
    assert found["alone"]
    assert Path("boxes.png").exists()
    assert compare(*words) == 0
    out = capsys.readouterr()
    assert "mid: right, left" in out.out
    assert "they agree about" in out.err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["--with", "old.zip"], 2, "PROJECT/--new: one new model must be named", id="no new one"),
        pytest.param(["coats", "--new", "old.zip", "--with", "old.zip"], 2, "one new model must be named", id="two"),
        pytest.param(["--new", "alike.zip", "--with", "old.zip"], 2, "has no labelled images", id="by what?"),
        pytest.param(["coats", "--with", "old.zip"], 2, "--key-file: is missing", id="no key"),
        pytest.param(["coats", "--with", "old.zip", "--tracks", "x"], 2, "--tracks: is for a clip", id="no clip"),
        pytest.param(
            ["--new", "other.zip", "--with", "old.zip", *ON_TRACKS],
            2,
            "old.zip tells red, green, blue; other.zip tells x, y, z; compare models that have tags in common",
            id="different tags",
        ),
        pytest.param(
            ["--new", "white.zip", "--with", "old.zip", *ON_TRACKS],
            2,
            "white.zip finds boxes, old.zip tells whole pictures; compare like with like",
            id="different kinds",
        ),
        pytest.param(
            ["--new", "shelf.zip", "--with", "motion", "--clip", "hall.mp4"],
            2,
            "none of these tags is called person",
            id="finds no people",
        ),
        pytest.param(
            ["--new", "white.zip", "--with", "motion", *ON_TRACKS], 2, "--tracks: is for classifiers", id="tracks"
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "gone.mp4"], 3, "not-found: ", id="no such clip"
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "text.mp4"], 3, "not-video: ", id="no video"
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "rtsp://127.0.0.1:9/x"],
            2,
            "a camera never ends",
            id="a camera",
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "."], 2, "footfall footage export", id="a folder"
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "empty.mp4"],
            1,
            "empty.mp4: nobody is in it",
            id="no people",
        ),
        pytest.param(
            ["--new", "white.zip", "--with", "motion", "--clip", "text.mp4"], 3, "not-video: ", id="boxes of no video"
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "empty.mp4", "--tracks", "hall.jsonl"],
            2,
            "recorded moments are in empty.mp4; name the tracks of this very clip",
            id="tracks of another clip",
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", "--clip", "hall.mp4", "--tracks", "text.mp4"],
            2,
            "text.mp4: line 1",
            id="no tracks",
        ),
        pytest.param(
            ["--new", "alike.zip", "--with", "old.zip", *ON_TRACKS, "--sheet", "x.jpg"], 2, "is not a .png", id="jpg"
        ),
        pytest.param(["--new", "gone.zip", "--with", "old.zip", *ON_TRACKS], 2, "gone.zip: cannot be read", id="gone"),
        pytest.param(["--new", "white.zip", "--with", "nosuch", *ON_TRACKS[:2]], 2, "nosuch", id="no such detector"),
    ],
)
def test_what_cannot_be_compared(
    compare: Callable[..., int], words: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name for path in Path().iterdir()}
    assert compare(*words) == code
    told = capsys.readouterr()
    assert says in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
    assert {path.name for path in Path().iterdir()} == before


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["customvision", "compare", "--help"])
    told = capsys.readouterr().out
    assert "footfall customvision compare --new coats-2.zip --with coats.zip --clip door.mp4" in told
    assert "exit code is 1" in told


def test_a_real_clip_of_a_shop(shared: Path, compare: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    """Two people who go through a store aisle; the shipped network finds them."""
    clip = shared / "data/clips/intel_store_aisle_gif/clip.gif"
    words = (
        "--new",
        "swapped.zip",
        "--with",
        "old.zip",
        "--clip",
        str(clip),
        "--model",
        "person",
        "--fps",
        "5",
        "--json",
    )
    assert compare(*words) == 0
    found = told(capsys)
    assert 2 <= found["people"] <= 8
    assert found["agreed"] < found["people"]


def test_two_detectors_on_a_real_clip(
    shared: Path, compare: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    clip = shared / "data/clips/intel_store_aisle_gif/clip.gif"
    words = "--new", "person@320", "--with", "person", "--clip", str(clip), "--fps", "5", "--json"
    assert compare(*words) == 0
    found = told(capsys)
    assert found["agreement"] > 0.6
    assert found["running"]["model"] == "person"
    assert found["new"]["model"] == "person@320"
    assert abs(found["running"]["people"] - found["new"]["people"]) <= 3

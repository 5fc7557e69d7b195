"""`footfall audit`: questions, answers from a file or the keyboard, figures."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from footage import make_clip
from footfall.cli.main import main

LINE = "--line=door=0.0,0.5,1.0,0.5"
SEEN_S = (5.0, 13.0, 21.0, 29.0)
"""When somebody walks down over the line and a track says so."""
UNSEEN_S = 25.0
"""And once when no track does."""
SECONDS = 36


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clip and the tracks recorded from it."""
    folder = tmp_path_factory.mktemp("filmed")
    make_clip(folder / "clip.mp4", count=10 * SECONDS, fps=10)
    lines = []
    for frame in range(10 * SECONDS):
        t_s = frame / 10
        people = [
            {"id": f"{number:032x}", "box": [0.45, feet - 0.25, 0.55, feet]}
            for number, at_s in enumerate(SEEN_S)
            if 0.25 <= (feet := 0.5 + 0.15 * (t_s - at_s)) <= 0.75
        ]
        lines.append(json.dumps({"frame": frame, "t": t_s, "people": people}))
    (folder / "tracks.jsonl").write_text("\n".join(lines))
    return folder


def audit(folder: Path, *options: str) -> int:
    return main(["audit", str(folder / "clip.mp4"), f"--tracks={folder / 'tracks.jsonl'}", LINE, *options])


def right_answer(question: dict[str, Any]) -> dict[str, Any]:
    """What somebody would count who saw everything: the way down is to the right of the line."""
    times = [t_s for t_s in (*SEEN_S, UNSEEN_S) if question["from"] <= t_s < question["to"]]
    return question | {"right": len(times), "left": 0}


def answered(folder: Path, capsys: pytest.CaptureFixture[str], target: Path, *options: str) -> list[dict[str, Any]]:
    """Fill in what --list asks for."""
    assert audit(folder, "--list", *options) == 0
    lines = [right_answer(json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    target.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return lines


def test_all_answers_give_the_truth(filmed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.jsonl"
    lines = answered(filmed, capsys, answers, "--samples=999")
    assert len(lines) == SECONDS // 4
    assert sum(line["right"] for line in lines) == 5
    assert audit(filmed, "--samples=999", f"--answers={answers}", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["told"] == 4
    assert report["true"] == pytest.approx({"value": 5.0, "low": 5.0, "high": 5.0})
    assert report["recall"]["value"] == pytest.approx(80.0)
    assert report["total_error"]["value"] == pytest.approx(-20.0)
    assert {kind["kind"]: kind["missed"] for kind in report["kinds"]}["nothing told, nobody near"] == 1


def test_some_answers_give_an_interval_around_it(
    filmed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.jsonl"
    answered(filmed, capsys, answers, "--samples=5")
    assert audit(filmed, "--samples=5", f"--answers={answers}", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert sum(kind["answered"] for kind in report["kinds"]) == 5
    assert report["recall"]["low"] <= 80.0 <= report["recall"]["high"]
    assert report["recall"]["low"] < report["recall"]["high"]


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_interview_is_kept_and_goes_on(
    filmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.jsonl"
    options = ("--samples=4", f"--answers={answers}")
    type_in(monkeypatch, "what?\n1 0\n\ns\nq\n")
    assert audit(filmed, *options) == 0
    err = capsys.readouterr().err
    assert "two whole numbers, right first" in err
    assert "goes on from here" in err
    kept = [json.loads(line) for line in answers.read_text().splitlines()]
    assert [(one.get("right"), one.get("left"), one.get("skip", False)) for one in kept] == [
        (1, 0, False),
        (0, 0, False),
        (None, None, True),
    ]
    type_in(monkeypatch, "0 0\n")
    assert audit(filmed, *options) == 0
    out, err = capsys.readouterr()
    assert "4/4 door" in err
    assert "1/4 door" not in err
    assert "How right the counts are" in out
    assert len(answers.read_text().splitlines()) == 4


def test_pictures_go_unless_they_are_kept(
    filmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for keep, wanted in (([], 0), (["--keep"], 2)):
        type_in(monkeypatch, "0 0\n0 0\n")
        assert audit(filmed, "--samples=2", f"--answers={tmp_path / ('a' + str(wanted))}", *keep) == 0
        found = list(tmp_path.glob("footfall-audit-*/*.png"))
        assert len(found) == wanted
    assert "the pictures stay in" in capsys.readouterr().err
    assert all(path.stat().st_size > 2000 for path in found)


def test_events_alone_are_enough(filmed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events.jsonl"
    assert main(["replay", str(filmed / "tracks.jsonl"), LINE, f"--sink=jsonl:{events}"]) == 0
    assert main(["audit", str(filmed / "clip.mp4"), f"--events={events}", LINE, "--samples=999", "--list"]) == 0
    answers = tmp_path / "answers.jsonl"
    lines = [right_answer(json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    answers.write_text("".join(json.dumps(line) + "\n" for line in lines))
    options = [f"--events={events}", LINE, "--samples=999", f"--answers={answers}", "--json"]
    assert main(["audit", str(filmed / "clip.mp4"), *options]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["told"], report["true"]["value"]) == (4, 5.0)
    assert {kind["kind"] for kind in report["kinds"]} == {"something told", "nothing told, nobody near"}


def test_events_of_other_regions_are_left_out(filmed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events.jsonl"
    assert main(["replay", str(filmed / "tracks.jsonl"), LINE.replace("door", "gate"), f"--sink=jsonl:{events}"]) == 0
    assert main(["audit", str(filmed / "clip.mp4"), f"--events={events}", LINE, "--list"]) == 0
    assert "no line or zone is called so here: gate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        pytest.param([LINE], 2, "neither --tracks nor --events", id="nothing to audit"),
        pytest.param(["--tracks=TRACKS"], 2, "no line and no zone", id="nothing watched"),
        pytest.param(["--tracks=no.jsonl", LINE], 2, "No such file", id="no such tracks"),
        pytest.param(["--tracks=EMPTY", LINE], 2, "no recorded frames", id="empty tracks"),
        pytest.param(["--tracks=TRACKS", LINE, "--answers=CLIP"], 2, "not JSON", id="answers that are none"),
        pytest.param(["--tracks=TRACKS", LINE, "--answers=/no/where"], 2, "/no/where", id="answers nowhere"),
    ],
)
def test_bad_input(
    options: list[str],
    code: int,
    said: str,
    filmed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").touch()
    type_in(monkeypatch, "0 0\n")
    files = {"TRACKS": filmed / "tracks.jsonl", "EMPTY": tmp_path / "empty", "CLIP": filmed / "clip.mp4"}
    for name, path in files.items():
        options = [option.replace(f"={name}", f"={path}") for option in options]
    assert main(["audit", str(filmed / "clip.mp4"), "--samples=1", *options]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_no_answers_and_no_clip(
    filmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, "")
    assert audit(filmed, f"--answers={tmp_path / 'none'}") == 2
    assert "no moment was answered" in capsys.readouterr().err
    assert main(["audit", str(tmp_path / "no.mp4"), f"--tracks={filmed / 'tracks.jsonl'}", LINE]) == 3

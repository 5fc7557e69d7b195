"""`footfall capacity`: the whole pipeline is measured and an answer comes."""

from __future__ import annotations

import json
from math import floor
from pathlib import Path

import pytest

from footage import make_clip
from footfall.cli import capacity
from footfall.cli.main import main
from footfall.evaluation.capacity import LOST_SHARE


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "WINDOW_S", 0.2)
    monkeypatch.setattr(capacity, "SETTLE_S", 0.2)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", count=20, fps=10, size=(320, 180))


def test_an_answer(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zone = "all=0,0;1,0;1,1;0,1"
    assert main(["capacity", str(clip), "--seconds", "10", "--model", "motion", "--zone", zone, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    room = floor(found["machine"]["headroom"] * found["machine"]["cores"] / found["cores"]["high"])
    if found["limit"] == "processor":
        assert found["cameras"] == (0 if found["lost"] > LOST_SHARE else room)
    else:
        assert found["limit"] == "memory"
        assert found["cameras"] <= room
    assert 0 < found["fps_in"] <= 15
    assert found["fps_analysed"] > 0
    assert 0 < found["cores"]["low"] <= found["cores"]["value"] <= found["cores"]["high"]
    assert found["decode_ms"] > 0
    assert found["machine"]["headroom"] == 0.7


def test_lines_for_people(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capacity", str(clip), "--seconds", "10", "--model", "motion", "--fps", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert " cameras like this one fit" in lines[0]
    assert any("are analysed" in line for line in lines)
    assert any(line.startswith("  - ") for line in lines)


@pytest.mark.parametrize(
    ("target", "code"), [("/no/such/clip.mp4", 3), ("rtsp://127.0.0.1:9/live", 3), ("gopher://x", 2)]
)
def test_nothing_to_measure(target: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capacity", target, "--model", "motion", "--seconds", "10"]) == code
    assert "Traceback" not in capsys.readouterr().err

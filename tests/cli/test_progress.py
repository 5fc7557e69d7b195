"""What a person sees meanwhile: a bar that leaves nothing behind, or a line now and then."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cli.test_bad_input import LINE, write_clip
from footfall.cli import progress
from footfall.cli.main import main
from footfall.core.errors import ConfigError
from footfall.runtime.folders import data_folder


def test_on_a_terminal_there_is_a_bar_and_the_log_stands_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    clip = write_clip(tmp_path / "cl[b]ip.mp4", 60)
    assert main(["run", str(clip), LINE, "--sink=jsonl:" + str(tmp_path / "e.jsonl")]) == 0
    err = capsys.readouterr().err
    assert "/60" in err
    assert any(line.endswith("cl[b]ip is running") for line in err.splitlines())


def test_elsewhere_there_is_a_line_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    clip = write_clip(tmp_path / "clip.mp4", 200, size=(1280, 720))
    assert main(["run", str(clip), LINE]) == 0
    lines = [line for line in capfd.readouterr().err.splitlines() if " frames/s " in line]
    assert lines
    assert all("%" in line and "\x1b" not in line for line in lines)
    assert main(["run", str(clip), LINE, "--no-progress"]) == 0
    assert " frames/s " not in capfd.readouterr().err


def test_logs_may_be_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", 5)
    assert main(["run", str(clip), LINE, "--log-format=json", "--sink=jsonl:" + str(tmp_path / "e.jsonl")]) == 0
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert logged[0]["DATA"] == "clip is running"


def test_a_demo_shows_events_and_leaves_a_clip(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--seconds=0.1", f"--out={tmp_path}/demo", "--people=2"]) == 0
    out, err = capsys.readouterr()
    assert "inside" in out
    assert "demo password" not in out + err
    assert "demo%20password" not in out + err
    assert (tmp_path / "demo" / "annotated.mp4").stat().st_size > 10_000
    assert (tmp_path / "demo" / "events.jsonl").read_text()


FOLDERS = [
    pytest.param({"FOOTFALL_DATA": "/a", "XDG_DATA_HOME": "/b"}, "/a", id="what is set for us wins"),
    pytest.param({"FOOTFALL_DATA": "", "XDG_DATA_HOME": "/b"}, "/b/footfall", id="an empty setting is none"),
]


@pytest.mark.parametrize(("environ", "folder"), FOLDERS)
def test_data_folder(environ: dict[str, str], folder: str) -> None:
    assert data_folder(environ) == Path(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the password file")
def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_kind: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", classmethod(homeless))
    with pytest.raises(ConfigError, match="FOOTFALL_DATA"):
        data_folder({})

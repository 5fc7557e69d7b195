"""A user proves to themselves what a command does."""

from __future__ import annotations

from pathlib import Path

import pytest

from footage import make_clip
from footfall.cli.main import main


def test_a_run_writes_its_events_and_a_video_that_was_asked_for_is_found(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clip, events, saved = make_clip(tmp_path / "clip.mp4", count=10), tmp_path / "events", tmp_path / "saved.mp4"
    events.mkdir()
    run = ("run", str(clip), "--save-video", str(saved), "--no-progress", "--sink", f"jsonl:{events}/e.jsonl")
    assert main(["prove", "--may-write", str(events), "--may-write", str(saved), "--", *run]) == 1
    told = capfd.readouterr().out
    assert f"written: 2\n  {events}/e.jsonl\n  {saved}\n" in told
    for nothing in ("files without a name", "pictures written", "addresses reached"):
        assert f"{nothing}: 0\n" in told
    assert told.endswith(f"UNEXPECTED: {saved} holds MP4\nthe command ended with 0; 1 unexpected\n")


def test_a_command_that_does_not_end_is_ended(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    endless = ("simulate", "rtsp", str(make_clip(tmp_path / "clip.mp4")), "--port", "0")
    main(["prove", "--seconds", "2", "--trace", str(tmp_path / "trace"), "--", *endless])
    assert "programs started" in capfd.readouterr().out
    assert (tmp_path / "trace").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", [[], ["--"]])
def test_a_command_is_needed(command: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", *command]) == 2
    assert "write it after --" in capfd.readouterr().err

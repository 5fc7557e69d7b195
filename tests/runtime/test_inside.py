"""Places over a run, over restarts, and what somebody counted by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.cli.main import main
from footfall.config.places import parse_place
from footfall.core.errors import ConfigError
from footfall.core.types import Observed
from footfall.engine.items import Happened
from footfall.runtime.inside import Inside
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.signs import Evidence, Sign, What

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PLACES = [parse_place("shop=door+")]


def happened(t_s: float, *whats: What) -> Happened:
    evidence = tuple(Evidence("door", what, t_s, {Sign.TOLD: 1.0}) for what in whats)
    observed = Observed("cam", int(t_s * 10), t_s, START + timedelta(seconds=t_s), (640, 360), ())
    return Happened(observed, (), evidence=evidence)


def test_a_restart_goes_on_where_the_run_before_ended(tmp_path: Path) -> None:
    first = Inside(PLACES, tmp_path / "occupancy")
    for t_s, what in enumerate([What.RIGHT, What.RIGHT, What.LEFT, What.RIGHT]):
        first(happened(float(t_s), what), "cam")
    kept = json.loads((tmp_path / "occupancy" / "shop.json").read_text())
    assert (kept["people"], kept["interval"][0] <= 2 <= kept["interval"][1]) == (2, True)
    second = Inside(PLACES, tmp_path / "occupancy")
    assert second.states == first.states
    second(happened(60.0, What.LEFT), "cam")
    assert second.states["shop"].people == 1


def test_recorded_video_begins_anew_and_keeps_nothing(tmp_path: Path) -> None:
    inside = Inside(PLACES, None)
    inside(happened(0.0, What.RIGHT), "cam")
    assert inside.states["shop"].people == 1
    assert list(tmp_path.iterdir()) == []


def test_somebody_counts_and_leaves_the_number(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    inside, note = Inside(PLACES, tmp_path), tmp_path / "shop.set"
    inside(happened(0.0, What.RIGHT), "cam")
    note.write_text("17\n")
    inside(happened(0.5), "cam")
    assert inside.states["shop"].people == 1, "looked a moment ago"
    inside(happened(1.5), "cam")
    assert inside.states["shop"].people == 17
    assert not note.exists()
    note.write_text("many")
    inside(happened(3.0), "cam")
    assert inside.states["shop"].people == 17
    assert "no number of people" in caplog.text


@pytest.mark.parametrize("text", ["", "{", '{"state": {"base": -3}}', '{"state": 7}', "\x00"])
def test_a_broken_state_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(text)
    with pytest.raises(ConfigError, match="remove the file"):
        Inside(PLACES, tmp_path)


def test_a_folder_that_cannot_be_written_does_not_stop_the_count(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    inside = Inside(PLACES, tmp_path / "file" / "occupancy")
    for t_s in range(3):
        inside(happened(float(t_s), What.RIGHT), "cam")
    assert inside.states["shop"].people == 3
    assert caplog.text.count("cannot be written") == 1


def test_a_run_says_how_many_are_inside(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_scene(SceneSpec(duration_s=5.0, size_px=(320, 180), story="door", people=3), tmp_path)
    line = "--line=door=0.3,0.35,0.7,0.35"
    options = ["--model=motion", "--media-time", "--intervals", "--occupancy=room=door+"]
    assert main(["run", str(tmp_path / "clip.mp4"), line, *options]) == 0
    out, err = capfd.readouterr()
    assert "room: " in err
    assert "inside" in err
    properties = [json.loads(text)["events"][0]["properties"] for text in out.splitlines()]
    assert all(0.0 <= each["certainty"] <= 1.0 for each in properties)
    assert main(["run", str(tmp_path / "clip.mp4"), line, "--occupancy=room=dor+"]) == 2
    assert "dor" in capfd.readouterr().err

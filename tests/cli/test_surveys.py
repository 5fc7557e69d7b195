"""A survey of a running camera: its periods bear the time of day at which the frames were taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.cli.surveys import ReportRecorder, Surveyor
from footfall.config.native import plan_for_target
from footfall.core.errors import ConfigError
from footfall.core.types import Observed
from footfall.engine.items import Happened
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.survey import SurveySpec

CAMERA = plan_for_target("rtsp://10.0.0.7/door", spatial=SpatialSpec()).graphs[0]
FILE = plan_for_target("door.mp4", spatial=SpatialSpec()).graphs[0]
NOON = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def watch(surveyor: Surveyor, seconds: int, first_s: float = 0.0) -> None:
    for number in range(seconds):
        t_s = first_s + number
        surveyor(Happened(Observed("door", number, t_s, NOON + timedelta(seconds=number), (640, 360), ()), ()))


def test_a_camera_tells_the_time_of_day() -> None:
    surveyor = Surveyor(CAMERA, SurveySpec(), is_live=True)
    watch(surveyor, 3600, first_s=500.0)
    report = surveyor.report("door", (), 3)
    assert report is not None
    hour = NOON.astimezone().replace(minute=0)
    starts = [hour, hour + timedelta(hours=1)]
    assert [datetime.fromisoformat(name).timestamp() for name, _ in report.periods] == [t.timestamp() for t in starts]
    assert [period.observed_s for _, period in report.periods] == [1799.0, 1800.0]


def test_a_file_counts_from_its_first_frame() -> None:
    surveyor = Surveyor(FILE, SurveySpec())
    watch(surveyor, 10)
    report = surveyor.report("door", (), 3)
    assert report is not None
    assert [name for name, _ in report.periods] == ["0:00:00"]


def test_nothing_seen_gives_no_report(tmp_path: Path) -> None:
    recorder = ReportRecorder(tmp_path / "out", [CAMERA])
    recorder.close()
    assert recorder.is_whole
    assert list((tmp_path / "out").iterdir()) == []


def test_a_report_that_breaks_off_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recorder = ReportRecorder(tmp_path / "out", [FILE])
    watch(recorder.surveyors[FILE.id], 2)
    (tmp_path / "out" / "report.json").mkdir()
    recorder.close()
    assert not recorder.is_whole
    assert "the report breaks off" in caplog.text


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="--report"):
        ReportRecorder(tmp_path / "file" / "out", [FILE])

"""Log lines of the media module."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.runtime.media_log import EVENT_LOG, set_up_module_logging


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger("footfall")
    before = root.handlers[:], root.propagate, root.level
    yield
    root.handlers[:], root.propagate = before[0], before[1]
    root.setLevel(before[2])


def lines(level: str, *categories: str) -> list[str]:
    stream = io.StringIO()
    set_up_module_logging(level, categories, stream=stream)
    logging.getLogger("footfall.mediagraph.methods").info("method %d", 1)
    logging.getLogger(EVENT_LOG).info("{}")
    logging.getLogger("footfall.ingest.decode").warning("a packet")
    logging.getLogger("footfall.runtime.media_module").error("trouble")
    return stream.getvalue().splitlines()


def test_level_time_category_text() -> None:
    when = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+00:00"
    expected = ["<6> T Application: method 1", "<6> T Events: {}", "<4> T MediaPipeline: a packet"]
    found = lines("Information", "Application", "Events", "MediaPipeline")
    assert [re.sub(when, "T", line) for line in found] == [*expected, "<3> T Application: trouble"]


@pytest.mark.parametrize(
    ("level", "categories", "count"),
    [
        pytest.param("Information", ["Application"], 2, id="one category"),
        pytest.param("Error", ["Application", "Events", "MediaPipeline"], 1, id="errors only"),
        pytest.param("None", ["Application", "Events", "MediaPipeline"], 0, id="silence"),
    ],
)
def test_what_is_asked_for(level: str, categories: list[str], count: int) -> None:
    assert len(lines(level, *categories)) == count


def test_a_traceback_is_kept() -> None:
    stream = io.StringIO()
    set_up_module_logging("Error", ["Application"], stream=stream)
    logging.getLogger("footfall.runtime.x").error("oh", exc_info=ValueError("on purpose"))
    assert stream.getvalue().rstrip().endswith("ValueError: on purpose")


def test_everything_about_media_is_written_down_on_demand(tmp_path: Path) -> None:
    stream = io.StringIO()
    set_up_module_logging("Error", ["Application"], tmp_path / "debug", stream)
    logging.getLogger("footfall.ingest.decode").debug("a packet")
    logging.getLogger("footfall.runtime.media_module").info("no trouble")
    set_up_module_logging("Error", ["Application"], None, stream)
    logging.getLogger("footfall.ingest.decode").debug("another")
    assert stream.getvalue() == ""
    (line,) = (tmp_path / "debug" / "media-pipeline.log").read_text().splitlines()
    assert line.endswith("MediaPipeline: a packet")


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    stream = io.StringIO()
    set_up_module_logging("Warning", ["Application"], tmp_path / "file", stream)
    assert "no debug log in" in stream.getvalue()

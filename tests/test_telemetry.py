"""Counters that lose nothing between threads, logs that go where standard error is now."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from threading import Thread

import pytest

from footfall.telemetry import Metrics, set_up_logging


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger("footfall")
    before = root.handlers[:], root.propagate, root.level
    yield
    root.handlers[:], root.propagate = before[0], before[1]
    root.setLevel(before[2])


def test_counts_of_many_threads_add_up() -> None:
    metrics = Metrics()
    threads = [Thread(target=lambda: [metrics.count("events") for _ in range(2000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert metrics.counts["events"] == 8000


def test_time_is_added_to_its_stage_even_after_an_error() -> None:
    metrics = Metrics()
    with pytest.raises(ValueError, match="tripped"), metrics.timed("analysis"):
        raise ValueError("tripped")
    assert metrics.seconds["analysis"] > 0.0


def test_latencies_are_bounded() -> None:
    metrics = Metrics()
    metrics.latencies_s.extend(range(10_000))
    assert len(metrics.latencies_s) == 4096
    assert metrics.latencies_s[-1] == 9999


def test_the_log_follows_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    set_up_logging("info", as_json=False)
    for text in ("first", "second"):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        logging.getLogger("footfall.x").info(text)
        assert stream.getvalue().endswith(f"INFO    {text}\n")


def test_json_logs_are_one_object_a_line_even_with_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("info", as_json=True)
    logging.getLogger("footfall.x").error("two\nlines", exc_info=ValueError("tripped"))
    [line] = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["LOGLEVEL"], entry["CLASS"]) == ("ERROR", "footfall.x")
    assert "two\nlines" in entry["DATA"]
    assert "tripped" in entry["DATA"]


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("none", []),
        ("error", ["e"]),
        ("warning", ["w", "e"]),
        ("info", ["i", "w", "e"]),
        ("verbose", ["d", "i", "w", "e"]),
        ("a word nobody knows", ["i", "w", "e"]),
    ],
)
def test_levels(level: str, heard: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(level, as_json=False)
    log = logging.getLogger("footfall.x")
    for say, text in ((log.debug, "d"), (log.info, "i"), (log.warning, "w"), (log.error, "e")):
        say(text)
    assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == heard

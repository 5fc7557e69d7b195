"""A model file that is exchanged while cameras ask it."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from footfall.core.errors import DetectorError
from footfall.detect.exchangeable import LOOK_EVERY_S, ExchangeableReader
from footfall.learning.bundle import make_bundle
from footfall.learning.lesson import Kind
from servers.clock import SetClock
from takeaways import colour_teller

AT = datetime(2026, 11, 21, tzinfo=UTC)
RED = np.full((60, 40, 3), (0, 0, 255), np.uint8)


def archive(*tags: str) -> bytes:
    return make_bundle(colour_teller(), tags, Kind.MULTICLASS, "1", AT, None)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "coats.zip").write_bytes(archive("red", "green", "blue"))
    return tmp_path / "coats.zip"


def best(reader: ExchangeableReader) -> str:
    return reader.read([RED])[0][0].label


def test_another_file_answers_after_a_moment(target: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="footfall")
    clock = SetClock()
    reader = ExchangeableReader(target, clock)
    assert best(reader) == "red"
    fresh = target.with_name("fresh.zip")
    fresh.write_bytes(archive("rot", "gruen", "blau"))
    fresh.replace(target)
    assert best(reader) == "red"
    clock.t_s += LOOK_EVERY_S
    assert best(reader) == "rot"
    assert reader.tags == ("rot", "gruen", "blau")
    assert "another model answers now: rot, gruen, blau" in caplog.text


@pytest.mark.parametrize("how", ["broken", "gone"])
def test_a_file_that_is_no_model_changes_nothing(target: Path, how: str, caplog: pytest.LogCaptureFixture) -> None:
    clock = SetClock()
    reader = ExchangeableReader(target, clock)
    shutil.copy(target, target.with_name("kept.zip"))
    target.write_bytes(b"PK half") if how == "broken" else target.unlink()
    for _ in range(3):
        clock.t_s += LOOK_EVERY_S
        assert best(reader) == "red"
    assert caplog.text.count("the model from before goes on") == 1
    target.with_name("kept.zip").replace(target)
    clock.t_s += LOOK_EVERY_S
    assert best(reader) == "red"


def test_there_must_be_one_to_begin_with(tmp_path: Path) -> None:
    with pytest.raises(DetectorError):
        ExchangeableReader(tmp_path / "none.zip", SetClock())

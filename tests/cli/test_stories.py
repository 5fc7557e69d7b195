"""Every kind of event in words."""

from __future__ import annotations

import io
import sys

import pytest

from footfall.cli.stories import EventPrinter, in_words
from footfall.core.types import Observed, TrackObservation
from footfall.engine.items import Happened
from footfall.events.tracks import EPOCH
from footfall.spatial.insights import (
    Counted,
    Direction,
    DistanceMeasured,
    Dwelled,
    Insight,
    LineCrossed,
    Proximity,
    ZoneEntered,
    ZoneExited,
)
from footfall.spatial.regions import Trigger

ANNA = TrackObservation("0" * 28 + "beef", 61.5, 900, (0.1, 0.1, 0.2, 0.3), (0.15, 0.3), 0.9)
WORDS = [
    pytest.param(LineCrossed("door", 61.5, ANNA, Direction.LEFT_TO_RIGHT), "01:01.5  door", "beef crosses", id="line"),
    pytest.param(ZoneEntered("till", 1.0, ANNA, 2), "00:01.0  till", "beef comes in", id="enter"),
    pytest.param(ZoneExited("till", 1.0, ANNA, None), "00:01.0  till", "beef leaves", id="exit"),
    pytest.param(Dwelled("till", 1.0, ANNA, 1, 4.25, 60), "00:01.0  till", "beef stayed 4.2 s", id="dwell"),
    pytest.param(Counted("hall", 0.0, 0, Trigger.EVENT, (ANNA,), 1), "00:00.0  hall", "1 person inside", id="one"),
    pytest.param(Counted("hall", 0.0, 0, Trigger.EVENT, (), 0), "00:00.0  hall", "0 people inside", id="nobody"),
    pytest.param(
        DistanceMeasured("hall", 0.0, 0, Trigger.EVENT, Proximity.TOO_CLOSE, 2, 1.0, 1.0, 1.0, (ANNA, ANNA)),
        "00:00.0  hall",
        "TooClose: 2 people",
        id="distance",
    ),
]


@pytest.mark.parametrize(("insight", "start", "end"), WORDS)
def test_in_words(insight: Insight, start: str, end: str) -> None:
    told = in_words(insight)
    assert told.startswith(start)
    assert end in told


class Gone(io.StringIO):
    """A reader that has left."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_printer_whose_reader_has_left_lets_the_others_look(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    printer = EventPrinter(silent=False)
    look = printer.before(seen.append)
    happened = Happened(Observed("cam", 0, 0.0, EPOCH, (4, 2), ()), (ZoneEntered("till", 1.0, ANNA, 2),))
    monkeypatch.setattr(sys, "stdout", Gone())
    look(happened)
    look(happened)
    assert printer.is_deserted
    assert seen == [happened, happened]

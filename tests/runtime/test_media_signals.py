"""Messages on inputs become signals of the graphs that they are meant for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from footfall.engine.media import Signal
from footfall.runtime.media_signals import Arrival, Signals, Waiting, signal_of

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("properties", "signal"),
    [
        pytest.param({}, Signal(NOW, "m-1"), id="when it arrived, by its id"),
        pytest.param(
            {"eventTime": "2026-01-05T09:59:58.500Z", "correlationId": "c-1"},
            Signal(NOW - timedelta(seconds=1.5), "c-1"),
            id="as it says itself",
        ),
        pytest.param({"eventTime": "2026-01-05T10:00:00"}, Signal(NOW, "m-1"), id="a time without a zone is UTC"),
        pytest.param({"eventTime": "yesterday", "correlationId": ""}, Signal(NOW, "m-1"), id="nonsense"),
    ],
)
def test_when_it_was_and_what_it_belongs_to(properties: dict[str, str], signal: Signal) -> None:
    assert signal_of(Arrival("in", NOW, properties, "m-1")) == signal


def test_only_those_it_is_meant_for_hear_it() -> None:
    heard: list[str] = []
    signals = Signals()
    for instance, name in (("G-1", "in"), ("G-2", "in"), ("G-1", "other")):
        signals.listen(instance, name, lambda _signal, who=f"{instance} {name}": heard.append(who))
    signals.arrive(Arrival("in", NOW))
    assert heard == ["G-1 in", "G-2 in"]
    signals.arrive(Arrival("in", NOW, {"eventTarget": "/graphInstances/G-2"}))
    assert heard[2:] == ["G-2 in"]
    signals.leave("G-1")
    signals.arrive(Arrival("in", NOW))
    signals.arrive(Arrival("other", NOW))
    assert heard[3:] == ["G-2 in"]


def test_what_comes_before_the_first_picture_waits_for_it() -> None:
    heard: list[tuple[str, Signal]] = []
    waiting = Waiting(lambda node, signal: heard.append((node, signal)))
    waiting.take("in", Signal(NOW, "1"))
    waiting.take("in", Signal(NOW, "2"))
    assert heard == []
    waiting.begin()
    waiting.begin()
    waiting.take("other", Signal(NOW, "3"))
    assert heard == [("in", Signal(NOW, "1")), ("in", Signal(NOW, "2")), ("other", Signal(NOW, "3"))]

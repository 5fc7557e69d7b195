"""The signal gate: worked examples of spec/recording.md section 3, and what holds for any events."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.recording.gate import GateSettings, Opening, SignalGate


def clips(settings: GateSettings, events: list[tuple[float, float]], step_s: float = 0.1) -> list[Opening]:
    """Openings for (time, arrival) pairs, with a clock that ticks as an analysis does."""
    gate, over, now_s = SignalGate(settings), [], 0.0
    for t_s, arrival_s in sorted(events, key=lambda event: event[1]):
        while now_s + step_s < arrival_s:
            now_s += step_s
            over += gate.advance(now_s)
        now_s = arrival_s
        gate.trigger(t_s, now_s)
        over += gate.advance(now_s)
    return over + gate.advance(inf)


def spans(openings: list[Opening]) -> list[tuple[float, float]]:
    return [(round(opening.start_s, 6), round(opening.end_s, 6)) for opening in openings]


def prompt(*times_s: float) -> list[tuple[float, float]]:
    return [(t_s, t_s) for t_s in times_s]


@pytest.mark.parametrize("window_s", [1.0, 0.0], ids=["a second", "at once"])
@pytest.mark.parametrize(
    ("settings", "events", "expected"),
    [
        pytest.param((0, 30, 30), prompt(100), [(100, 130)], id="1 one event"),
        pytest.param((0, 30, 30), prompt(100, 110, 125, 131), [(100, 130), (131, 161)], id="2 never beyond M"),
        pytest.param((-5, 10, 60), prompt(100, 108), [(95, 118)], id="3 a further event moves the end"),
        pytest.param((-5, 10, 20), prompt(100, 105, 110, 115, 121), [(95, 120), (120, 131)], id="4 no overlap"),
        pytest.param((0, 5, 5), [(100.0, 100.0), (99.6, 101.5)], [(100, 105)], id="6 too late is dropped"),
        pytest.param((2, 10, 30), prompt(100), [(102, 110)], id="7 starts after the event"),
        pytest.param((0, 30, 30), prompt(101), [(101, 131)], id="8 key frames are the recorder's concern"),
        pytest.param((-5, 10, 60), prompt(*(100 + k / 10 for k in range(100))), [(95, 119.9)], id="100 in 10 s"),
        pytest.param((-5, 10, 60), [(100, 100), (104, 108)], [(95, 114)], id="late inside counts"),
        pytest.param((-5, 10, 60), [(100, 100), (108, 108), (103, 109)], [(95, 118)], id="late never shortens"),
        pytest.param((0, 10, 60), prompt(100, 200), [(100, 110), (200, 210)], id="far apart"),
        pytest.param((0, 10, 60), prompt(100, 111), [(100, 110), (111, 121)], id="just over"),
        pytest.param((0, 10, 60), [(100, 100), (109, 111)], [(100, 110), (110, 119)], id="told after the close"),
        pytest.param((0, 10, 60), [(200, 200), (150, 215)], [(200, 210)], id="from before the last clip"),
    ],
)
def test_worked_examples(
    settings: tuple[float, float, float],
    events: list[tuple[float, float]],
    expected: list[tuple[float, float]],
    window_s: float,
) -> None:
    assert spans(clips(GateSettings(*settings, window_s), events)) == expected


def test_5_the_earliest_of_the_window_counts() -> None:
    events = [(100.0, 100.0), (99.6, 100.4)]
    assert spans(clips(GateSettings(0, 5, 5, 1.0), events)) == [(99.6, 104.6)]
    assert spans(clips(GateSettings(0, 5, 5, 0.0), events)) == [(100, 105)], "no window, no waiting"


def test_a_slow_clock_changes_nothing() -> None:
    settings, events = GateSettings(-5, 10, 20), prompt(100, 105, 110, 115, 121, 140)
    assert clips(settings, events, step_s=0.01) == clips(settings, events, step_s=1000.0)


def test_the_window_may_be_longer_than_an_opening() -> None:
    assert spans(clips(GateSettings(0, 1, 1, 10), prompt(100, 105))) == [(100, 101), (105, 106)]


def test_openings_are_numbered_and_know_their_event() -> None:
    openings = clips(GateSettings(-5, 10, 10), prompt(100, 200))
    assert [(opening.number, opening.event_s) for opening in openings] == [(1, 100), (2, 200)]


def test_open_while_it_is() -> None:
    gate = SignalGate(GateSettings(-5, 10, 60))
    gate.trigger(100, 100)
    assert gate.advance(100.5) == []
    assert gate.opening is None, "still evaluating"
    gate.advance(101)
    assert gate.opening == Opening(1, 100, 95, 110)
    assert gate.advance(110) == []
    assert [opening.end_s for opening in gate.advance(110.1)] == [110]
    assert gate.opening is None


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        pytest.param((-61, 10, 60), "offset", id="too early"),
        pytest.param((0, 0.5, 60), "minimum", id="too short"),
        pytest.param((0, 10, 9), "maximum", id="maximum below minimum"),
        pytest.param((0, 10, 3601), "maximum", id="too long"),
        pytest.param((10, 10, 60), "leaves nothing", id="R14"),
        pytest.param((0, 10, 60, 11), "window", id="window"),
    ],
)
def test_settings_out_of_range(settings: tuple[float, ...], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        GateSettings(*settings)


@st.composite
def gates(draw: st.DrawFn) -> GateSettings:
    minimum_s = draw(st.floats(1, 60))
    return GateSettings(
        draw(st.floats(-60, minimum_s - 0.5)), minimum_s, minimum_s + draw(st.floats(0, 60)), draw(st.floats(0, 10))
    )


arrivals = st.lists(st.tuples(st.floats(0, 300), st.floats(0, 5)), max_size=40).map(
    lambda pairs: [(t_s, t_s + late_s) for t_s, late_s in pairs]
)


@given(gates(), arrivals, st.sampled_from([0.07, 1.0, 50.0]))
def test_clips_are_in_order_apart_and_never_too_long(
    settings: GateSettings, events: list[tuple[float, float]], step_s: float
) -> None:
    openings = clips(settings, events, step_s)
    assert [opening.number for opening in openings] == list(range(1, len(openings) + 1))
    assert all(before.end_s <= after.start_s for before, after in pairwise(openings))
    for opening in openings:
        assert opening.start_s < opening.end_s
        assert opening.end_s - opening.start_s <= settings.maximum_s - settings.offset_s + 1e-9
        assert opening.start_s >= opening.event_s + settings.offset_s
        assert opening.event_s in {t_s for t_s, _ in events}


@given(gates(), st.lists(st.floats(0, 300), min_size=1, max_size=40))
def test_no_prompt_event_is_missed(settings: GateSettings, times_s: list[float]) -> None:
    openings = clips(settings, prompt(*times_s))
    for t_s in times_s:
        assert any(opening.event_s <= t_s <= opening.end_s for opening in openings)


def test_an_opening_bears_the_mark_of_its_first_event() -> None:
    gate = SignalGate(GateSettings(0.0, 5.0, 10.0, 1.0))
    gate.trigger(100.0, 100.0, "told first")
    gate.trigger(99.6, 100.4, "happened first")
    gate.trigger(103.0, 103.0, "counted")
    gate.trigger(120.0, 120.0, "the next")
    marks = [(opening.number, opening.correlation_id) for opening in gate.advance(inf)]
    assert marks == [(1, "happened first"), (2, "the next")]

"""How many cameras fit: the arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.evaluation.capacity import LEAST_WINDOWS, Load, Machine, Window, capacity

SECOND = Window(wall_s=1.0, cpu_s=0.2, decode_s=0.05, busy_s=0.1, frames_in=15, analysed=15, dropped=0)
MACHINE = Machine(cores=4.0, memory_bytes=8e9)
NETWORK, MOTION = Load(1e8, takes_turns=True), Load(1e8, takes_turns=False)


def same(count: int = 60, **others: float) -> list[Window]:
    return [replace(SECOND, **others)] * count  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("windows", "machine", "load", "expected"),
    [
        pytest.param(same(busy_s=0.01), MACHINE, NETWORK, (14, "processor"), id="0.7 of 4 cores by 0.2"),
        pytest.param(same(), MACHINE, NETWORK, (7, "network"), id="they wait for one network"),
        pytest.param(same(), MACHINE, MOTION, (14, "processor"), id="motion has no network to wait for"),
        pytest.param(same(), replace(MACHINE, memory_bytes=3e8), MOTION, (3, "memory"), id="memory"),
        pytest.param(same(), replace(MACHINE, headroom=1.0), MOTION, (20, "processor"), id="all of the processor"),
        pytest.param(same(), replace(MACHINE, others=0.2), MOTION, (10, "processor"), id="beside others"),
        pytest.param(same(), replace(MACHINE, others=0.9), MOTION, (0, "processor"), id="others leave nothing"),
        pytest.param(same(cpu_s=3.0), MACHINE, MOTION, (0, "processor"), id="not even one"),
        pytest.param(same(dropped=5, analysed=10), MACHINE, MOTION, (0, "processor"), id="one already loses frames"),
    ],
)
def test_what_runs_out_first(windows: list[Window], machine: Machine, load: Load, expected: tuple[int, str]) -> None:
    found = capacity(windows, machine, load)
    assert (found.cameras, found.limit) == expected
    assert found.most == found.cameras, "no second differs from another"


def test_figures_of_one_camera() -> None:
    found = capacity(same(), MACHINE, MOTION)
    assert (found.fps_in, found.fps_analysed, found.lost) == (15.0, 15.0, 0.0)
    assert found.decode_ms == pytest.approx(50 / 15)
    assert found.analysis_ms == pytest.approx(150 / 15)
    assert found.cores.low == pytest.approx(found.cores.high) == pytest.approx(0.2)


def test_busy_minutes_widen_the_interval() -> None:
    cpu_s = np.random.default_rng(1).gamma(4.0, 0.05, 60)
    found = capacity([replace(SECOND, cpu_s=float(x)) for x in cpu_s], MACHINE, MOTION)
    assert found.cores.low < found.cores.value < found.cores.high
    assert found.cameras < found.most


def test_seconds_that_are_alike_count_less() -> None:
    """Twenty quiet seconds, then twenty busy ones, say less than forty in turn."""
    alike = [replace(SECOND, cpu_s=0.1)] * 20 + [replace(SECOND, cpu_s=0.3)] * 20
    in_turn = [replace(SECOND, cpu_s=0.1), replace(SECOND, cpu_s=0.3)] * 20
    widths = [found.cores.high - found.cores.low for found in (capacity(w, MACHINE, MOTION) for w in (alike, in_turn))]
    assert widths[0] > 1.5 * widths[1]


@pytest.mark.parametrize(
    ("windows", "load", "word"),
    [
        pytest.param(same(decode_s=0.15), MOTION, "second stream", id="decoding"),
        pytest.param(same(), NETWORK, "smaller --model", id="network"),
        pytest.param(same(dropped=9), NETWORK, "left out", id="loses frames"),
        pytest.param(same(), Load(1e12, takes_turns=False), "memory", id="memory"),
    ],
)
def test_what_to_change(windows: list[Window], load: Load, word: str) -> None:
    assert any(word in advice for advice in capacity(windows, MACHINE, load).advice)


def test_motion_is_not_told_to_take_motion() -> None:
    assert not any("motion" in advice for advice in capacity(same(), MACHINE, MOTION).advice)


@pytest.mark.parametrize("windows", [same(LEAST_WINDOWS - 1), same(frames_in=0), []])
def test_too_little_to_say(windows: list[Window]) -> None:
    with pytest.raises(ValueError, match="too few"):
        capacity(windows, MACHINE, MOTION)


@given(
    st.lists(st.floats(0.01, 4.0), min_size=LEAST_WINDOWS, max_size=40),
    st.floats(1.0, 64.0),
    st.floats(0.1, 1.0),
)
def test_more_machine_carries_no_fewer(cpu_s: list[float], cores: float, headroom: float) -> None:
    windows = [replace(SECOND, cpu_s=x) for x in cpu_s]
    machine = Machine(cores, 1e12, headroom)
    found, better = (capacity(windows, m, MOTION) for m in (machine, replace(machine, cores=2 * cores)))
    assert 0 <= found.cameras <= found.most
    assert found.cameras <= better.cameras
    assert found.cores.low <= found.cores.value <= found.cores.high

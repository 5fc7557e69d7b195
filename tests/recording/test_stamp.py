"""From a camera's time stamps to media time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.media_time import TICKS_PER_S, ticks_of
from footfall.recording.ring import follows
from footfall.recording.stamp import MediaStamp
from recording.camera import START, packet


def test_a_picture_is_stamped_with_its_time_of_day() -> None:
    stamped = MediaStamp().stamp(packet(2.0, pts_s=700.0, dts_s=699.9))
    assert stamped.pts == ticks_of(START + timedelta(seconds=2))
    assert stamped.pts - (stamped.dts or 0) == 9000
    assert stamped.duration == 9000
    assert stamped.format.time_base == Fraction(1, TICKS_PER_S)
    assert stamped.t_s == 2.0


def test_an_unknown_decode_time_stays_unknown() -> None:
    assert MediaStamp().stamp(replace(packet(2.0), dts=None)).dts is None


@given(st.lists(st.floats(-0.4, 0.4), min_size=2, max_size=30))
def test_a_clock_that_is_put_right_a_little_breaks_no_order(errors_s: list[float]) -> None:
    stamp, last = MediaStamp(), None
    for number, error_s in enumerate(errors_s):
        one = packet(number / 10, pts_s=number / 10)
        stamped = stamp.stamp(replace(one, utc=one.utc + timedelta(seconds=error_s)))
        assert stamped.dts is not None
        assert stamped.pts >= stamped.dts
        assert last is None or follows(last, stamped)
        last = stamped


def test_a_clock_that_is_set_back_begins_anew() -> None:
    stamp = MediaStamp()
    before = stamp.stamp(packet(1.0))
    after = stamp.stamp(replace(packet(1.1), utc=START - timedelta(hours=1)))
    assert after.pts == ticks_of(START - timedelta(hours=1))
    assert not follows(before, after)


@pytest.mark.parametrize("is_same", [True, False])
def test_formats_stay_apart(is_same: bool) -> None:
    stamp = MediaStamp()
    first = stamp.stamp(packet(1.0))
    other = packet(1.1) if is_same else packet(1.1, video=replace(packet(0.0).format, header=b"other"))
    assert follows(first, stamp.stamp(other)) is is_same

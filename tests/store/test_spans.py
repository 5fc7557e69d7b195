from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.store.spans import By, day, spans, zone

BERLIN, KOLKATA, HOWE = zone("Europe/Berlin"), zone("Asia/Kolkata"), zone("Australia/Lord_Howe")


def hours_of(day_, tz):
    begin, end = day(day_, tz)
    cut = spans(begin, end, By.HOUR, tz)
    return [cut.begin(n).astimezone(tz).strftime("%H:%M") for n in range(len(cut))]


def clock(*skip, twice=()):
    return [f"{n:02}:00" for n in range(24) for _ in range(1 + (n in twice)) if n not in skip]


@pytest.mark.parametrize(
    ("day_", "name", "hours"),
    [
        pytest.param(date(2026, 3, 28), "Europe/Berlin", clock(), id="a plain day"),
        pytest.param(date(2026, 3, 29), "Europe/Berlin", clock(2), id="summer time begins: 23 hours"),
        pytest.param(date(2026, 10, 25), "Europe/Berlin", clock(twice=(2,)), id="summer time ends: 2 o'clock twice"),
        pytest.param(date(2026, 6, 1), "Asia/Kolkata", clock(), id="half an hour off"),
        pytest.param(date(2026, 6, 1), "Asia/Kathmandu", clock(), id="three quarters of an hour off"),
        pytest.param(date(2026, 10, 4), "Australia/Lord_Howe", clock(2), id="half an hour forward: one hour of 90 min"),
        pytest.param(date(2026, 4, 5), "Australia/Lord_Howe", clock(), id="half an hour back: one hour of 90 min"),
        pytest.param(date(2018, 11, 4), "America/Sao_Paulo", ["01:00", *clock(0, 1)], id="midnight is skipped"),
        pytest.param(date(2011, 12, 31), "Pacific/Apia", clock(), id="the day before was skipped"),
    ],
)
def test_hours_of_a_day(day_, name, hours):
    assert hours_of(day_, zone(name)) == hours


def test_days_begin_at_local_midnight():
    cut = spans(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC), By.DAY, BERLIN)
    begins = [cut.begin(n).astimezone(BERLIN).strftime("%d %H:%M") for n in range(len(cut))]
    assert begins == ["28 13:00", "29 00:00", "30 00:00"]
    lengths = [(cut.edges[n + 1] - cut.edges[n]) / 60 for n in range(3)]
    assert lengths == [11, 23, 14]


@pytest.mark.parametrize(
    ("begin", "end", "by"),
    [
        pytest.param(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), By.ALL, id="no time"),
        pytest.param(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), By.DAY, id="backwards"),
        pytest.param(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), By.MINUTE, id="too many"),
        pytest.param(datetime(1, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), By.ALL, id="antiquity"),
        pytest.param(
            datetime(2026, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), By.ALL, id="the end of time"
        ),
        pytest.param(datetime(2026, 1, 1), datetime(2026, 1, 2), By.ALL, id="no zone"),  # noqa: DTZ001
    ],
)
def test_ranges_that_make_no_sense(begin, end, by):
    with pytest.raises(ValueError, match=r"after|years|spans|zone"):
        spans(begin, end, by)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe", "a\0b", "é"])
def test_zones_that_there_are_not(name):
    with pytest.raises(ValueError, match="no time zone"):
        zone(name)


moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from([UTC, BERLIN, KOLKATA, HOWE, zone("America/Sao_Paulo")])


@given(moments, st.integers(1, 60 * 24 * 4), zones, st.sampled_from(By))
def test_pieces_make_up_every_minute_once(begin, minutes, tz, by):
    cut = spans(begin, begin + timedelta(minutes=minutes), by, tz)
    hours, rest = cut.pieces()
    covered = [(minute, piece.span) for piece in rest for minute in range(piece.begin, piece.end)]
    covered += [(minute, piece.span) for piece in hours for minute in range(60 * piece.begin, 60 * piece.end)]
    first, last = cut.edges[0], cut.edges[-1]
    assert [minute for minute, _ in sorted(covered)] == list(range(first, last))
    assert all(span == cut.at(minute) for minute, span in covered)
    assert last - first in (minutes, minutes + 1)


def test_hours_of_whole_zones_need_no_minutes():
    cut = spans(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), By.HOUR, BERLIN)
    assert cut.pieces()[1] == []
    assert len(cut) == 31 * 24

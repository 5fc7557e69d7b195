"""Index, play list, and what clients ask for."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from footfall.core.media_time import TICKS_PER_S, ticks_of
from footfall.recording.playback import (
    Precision,
    Span,
    available_media,
    index_files,
    last_day,
    playlist,
    spans,
    window,
)
from footfall.recording.segment import SegmentName

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVER = Span(0, 2**62)


def segment(start: datetime, seconds: float = 30.0, init: str = "00000000", *, is_sealed: bool = False) -> SegmentName:
    return SegmentName(ticks_of(start), ticks_of(start + timedelta(seconds=seconds)), init, is_sealed)


def run(start: datetime, count: int, **more: str) -> list[SegmentName]:
    return [segment(start + timedelta(seconds=30 * number), **more) for number in range(count)]


def span(start: datetime, seconds: float) -> Span:
    return Span(ticks_of(start), ticks_of(start + timedelta(seconds=seconds)))


def test_names_hold_all() -> None:
    one = segment(NOON, is_sealed=True)
    assert SegmentName.parse(one.file) == one
    assert one.file == f"{one.plain}.enc"
    for name in ("playlist.m3u8", "1-2-00000000.mp4", ".1-2-00000000.m4s.part", "1-2-0000000g.m4s"):
        assert SegmentName.parse(name) is None


def test_segments_without_a_gap_are_one_stretch() -> None:
    short = timedelta(seconds=0.4)
    segments = [*run(NOON, 3), segment(NOON + timedelta(seconds=90) + short), segment(NOON + timedelta(minutes=5))]
    assert spans(segments) == [span(NOON, 120.4), span(NOON + timedelta(minutes=5), 30.0)]
    assert spans([]) == []


@pytest.mark.parametrize(
    ("precision", "ranges"),
    [
        (Precision.YEAR, [("2025", "2026")]),
        (Precision.MONTH, [("2025-12", "2026-01"), ("2026-03", "2026-03")]),
        (Precision.DAY, [("2025-12-31", "2026-01-01"), ("2026-03-01", "2026-03-01")]),
        (
            Precision.FULL,
            [
                ("2025-12-31T23:59:45.000Z", "2026-01-01T00:00:15.000Z"),
                ("2026-03-01T00:00:00.000Z", "2026-03-01T00:00:30.000Z"),
            ],
        ),
    ],
)
def test_available_media(precision: Precision, ranges: list[tuple[str, str]]) -> None:
    segments = [segment(datetime(2025, 12, 31, 23, 59, 45, tzinfo=UTC)), segment(datetime(2026, 3, 1, tzinfo=UTC))]
    body = available_media(segments, precision, EVER)
    assert body == {"timeRanges": [{"start": start, "end": end} for start, end in ranges]}


def test_available_media_are_cut_to_what_is_asked_for() -> None:
    body = available_media(run(NOON, 4), Precision.FULL, span(NOON + timedelta(seconds=10), 60))
    assert body == {"timeRanges": [{"start": "2026-11-21T12:00:10.000Z", "end": "2026-11-21T12:01:10.000Z"}]}
    assert available_media(run(NOON, 4), Precision.DAY, span(NOON - timedelta(days=9), 60)) == {"timeRanges": []}


def test_a_day_that_ends_at_midnight_does_not_touch_the_next() -> None:
    segments = [segment(datetime(2025, 12, 31, 23, 59, 30, tzinfo=UTC))]
    assert available_media(segments, Precision.YEAR, EVER) == {"timeRanges": [{"start": "2025", "end": "2025"}]}


def test_windows() -> None:
    day = run(NOON - timedelta(hours=30), 30 * 120)
    latest = window(day, None, None)
    assert len(latest) == 4 * 120
    assert latest[-1] == day[-1]
    assert window(day, NOON - timedelta(hours=2), NOON - timedelta(hours=1)) == day[28 * 120 : 29 * 120]
    assert len(window(day, NOON - timedelta(hours=30), None)) == 24 * 120
    assert window([], None, None) == []
    for start, end in ((NOON - timedelta(hours=25), NOON), (NOON, NOON - timedelta(seconds=1))):
        with pytest.raises(ValueError, match=r"24 hours|before the start"):
            window(day, start, end)
    assert len(last_day(day)) == 24 * 120
    assert last_day([]) == []


def test_a_play_list_tells_gaps_and_new_formats() -> None:
    segments = [
        *run(NOON, 2),
        segment(NOON + timedelta(minutes=5), 12.5),
        segment(NOON + timedelta(minutes=5, seconds=12.5), init="11111111", is_sealed=True),
    ]
    names = [one.plain for one in segments]
    assert playlist(segments, 7, is_over=True).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:30",
        "#EXT-X-MEDIA-SEQUENCE:7",
        '#EXT-X-MAP:URI="init-00000000.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:00:00.000Z",
        "#EXTINF:30.00000,",
        names[0],
        "#EXTINF:30.00000,",
        names[1],
        "#EXT-X-DISCONTINUITY",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:05:00.000Z",
        "#EXTINF:12.50000,",
        names[2],
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="init-11111111.mp4"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T12:05:12.500Z",
        "#EXTINF:30.00000,",
        names[3],
        "#EXT-X-ENDLIST",
    ]
    assert "ENDLIST" not in playlist([], 0, is_over=False)


def test_an_index_for_each_day() -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    before, after = segment(midnight - timedelta(seconds=30)), segment(midnight, is_sealed=True)
    files = dict(index_files([before, after]))
    assert list(files) == ["index-20261121.json", "index-20261122.json"]
    assert json.loads(files["index-20261122.json"]) == {
        "ticksPerSecond": TICKS_PER_S,
        "segments": [
            {
                "start": after.start_ticks,
                "end": after.end_ticks,
                "file": f"{after.plain}.enc",
                "init": "init-00000000.mp4",
            }
        ],
    }

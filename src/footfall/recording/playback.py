"""What of an asset can be played: index, play list, and the answers of spec/recording.md section 9. Pure.

Segments are given in order of time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import groupby
from math import ceil
from typing import Final

from footfall.core.media_time import TICKS_PER_S, published, ticks_of, utc_of
from footfall.recording.segment import SegmentName, init_name

GAP_TICKS: Final = TICKS_PER_S // 2
"""Less than this between two segments is no gap: cameras drop a frame now and then."""
TICKS_PER_DAY: Final = 24 * 3600 * TICKS_PER_S
LONGEST_S: Final = 24 * 3600
"""A play list covers at most a day."""
LATEST_S: Final = 4 * 3600
"""What is played when nobody says from when to when."""


class Precision(Enum):
    """How finely available media are told."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    FULL = "full"


_FORMATS: Final = {Precision.YEAR: "%Y", Precision.MONTH: "%Y-%m", Precision.DAY: "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class Span:
    """Media time from start to end, in ticks."""

    start_ticks: int
    end_ticks: int


def spans(segments: Iterable[SegmentName]) -> list[Span]:
    """Stretches without a gap."""
    found: list[Span] = []
    for segment in segments:
        if found and segment.start_ticks - found[-1].end_ticks < GAP_TICKS:
            found[-1] = Span(found[-1].start_ticks, max(found[-1].end_ticks, segment.end_ticks))
        else:
            found.append(Span(segment.start_ticks, segment.end_ticks))
    return found


def within(segments: Iterable[SegmentName], span: Span) -> list[SegmentName]:
    """Those that show something of a span."""
    return [one for one in segments if one.end_ticks > span.start_ticks and one.start_ticks < span.end_ticks]


def available_media(segments: Iterable[SegmentName], precision: Precision, span: Span) -> dict[str, object]:
    """The body of the answer to `availableMedia`: `{"timeRanges": [{"start", "end"}]}`.

    In full precision stretches of media within `span`; else years, months or days (UTC) on which there are any, with
    those that follow each other as one range.
    """
    found = [
        Span(max(one.start_ticks, span.start_ticks), min(one.end_ticks, span.end_ticks))
        for one in spans(within(segments, span))
    ]
    if precision is Precision.FULL:
        ranges = [(published(utc_of(one.start_ticks)), published(utc_of(one.end_ticks))) for one in found]
    else:
        ranges = _dates(found, precision)
    return {"timeRanges": [{"start": start, "end": end} for start, end in ranges]}


def _dates(found: Iterable[Span], precision: Precision) -> list[tuple[str, str]]:
    form = _FORMATS[precision]
    ranges: list[tuple[str, str]] = []
    last_day: datetime | None = None
    for day in _days(found):
        name = day.strftime(form)
        if ranges and last_day is not None and _adjoin(last_day, day, precision):
            ranges[-1] = ranges[-1][0], name
        else:
            ranges.append((name, name))
        last_day = day
    return ranges


def _days(found: Iterable[Span]) -> Iterator[datetime]:
    """Midnights of the days with media, each once."""
    last: datetime | None = None
    for one in found:
        day = utc_of(one.start_ticks).replace(hour=0, minute=0, second=0, microsecond=0)
        end = utc_of(one.end_ticks - 1)
        while day <= end:
            if last is None or day > last:
                last = day
                yield day
            day += timedelta(days=1)


def _adjoin(before: datetime, day: datetime, precision: Precision) -> bool:
    if precision is Precision.DAY:
        return day - before <= timedelta(days=1)
    if precision is Precision.MONTH:
        return (day.year * 12 + day.month) - (before.year * 12 + before.month) <= 1
    return day.year - before.year <= 1


def window(segments: Sequence[SegmentName], start: datetime | None, end: datetime | None) -> list[SegmentName]:
    """What a player gets that asks for a time; without one the last four hours.

    Raises:
        ValueError: more than a day, or an end before the start.
    """
    if not segments:
        return []
    end_ticks = segments[-1].end_ticks if end is None else ticks_of(end)
    start_ticks = max(0, end_ticks - LATEST_S * TICKS_PER_S) if start is None else ticks_of(start)
    if start is not None and end is None:
        end_ticks = min(end_ticks, start_ticks + LONGEST_S * TICKS_PER_S)
    if end_ticks < start_ticks:
        raise ValueError("the end lies before the start")
    if end_ticks - start_ticks > LONGEST_S * TICKS_PER_S:
        raise ValueError(f"more than {LONGEST_S // 3600} hours")
    return within(segments, Span(start_ticks, end_ticks))


def last_day(segments: Sequence[SegmentName]) -> list[SegmentName]:
    """What the play list in an asset's folder covers."""
    return (
        within(segments, Span(segments[-1].end_ticks - LONGEST_S * TICKS_PER_S, segments[-1].end_ticks))
        if segments
        else []
    )


def playlist(segments: Sequence[SegmentName], first_number: int, *, is_over: bool) -> str:
    """HLS (RFC 8216): segments by their names, with the time of day, and a discontinuity wherever something is missing.

    Args:
        segments: Those to play.
        first_number: How many segments there were before these.
        is_over: Whether there will be no more.
    """
    longest = max((one.end_ticks - one.start_ticks for one in segments), default=0)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max(1, ceil(longest / TICKS_PER_S))}"]
    lines.append(f"#EXT-X-MEDIA-SEQUENCE:{first_number}")
    before: SegmentName | None = None
    for segment in segments:
        is_new = before is None or segment.init != before.init
        goes_on = before is not None and abs(segment.start_ticks - before.end_ticks) < GAP_TICKS and not is_new
        if before is not None and not goes_on:
            lines.append("#EXT-X-DISCONTINUITY")
        if is_new:
            lines.append(f'#EXT-X-MAP:URI="{init_name(segment.init)}"')
        if not goes_on:
            lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{published(utc_of(segment.start_ticks))}")
        lines += [f"#EXTINF:{(segment.end_ticks - segment.start_ticks) / TICKS_PER_S:.5f},", segment.plain]
        before = segment
    if is_over:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def index_files(segments: Iterable[SegmentName]) -> Iterator[tuple[str, bytes]]:
    """One index for each day on which a segment begins: (name of the file, content)."""
    for day, of_day in groupby(segments, day_of):
        yield index_name(day), index(of_day)


def day_of(segment: SegmentName) -> int:
    """The day (UTC) on which a segment begins: its number since 1970."""
    return segment.start_ticks // TICKS_PER_DAY


def index_name(day: int) -> str:
    """File of a day's index: `index-20261121.json`."""
    return f"index-{utc_of(day * TICKS_PER_DAY):%Y%m%d}.json"


def index(segments: Iterable[SegmentName]) -> bytes:
    """A day's segments with their start and end in media time."""
    entries = [
        {"start": one.start_ticks, "end": one.end_ticks, "file": one.file, "init": init_name(one.init)}
        for one in segments
    ]
    return (json.dumps({"ticksPerSecond": TICKS_PER_S, "segments": entries}, indent=1) + "\n").encode()

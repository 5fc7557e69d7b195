"""What `getRTCVLogs` may ask for, and which lines of a log that is (spec/container.md section 8.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Final

KEYS: Final = ("UTC", "LocalTime", "LOGLEVEL", "PID", "CLASS", "DATA")
Filters = Mapping[str, tuple[str, ...]]


class BadQuery(ValueError):
    """A request that cannot be understood."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What is asked for. Times are milliseconds since 1970, -1: open."""

    container: str | None = None
    start_ms: int = -1
    end_ms: int = -1
    does_post: bool = False
    throttle: int = 1000
    """Lines that an upload writes at once."""
    filters: Filters = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """How many lines there were, and of how many bytes."""

    lines: int = 0
    size: int = 0

    def count(self, line: bytes) -> None:
        """One more."""
        self.lines += 1
        self.size += len(line)


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found."""

    lines: Sequence[bytes] = ()
    fetched: Tally = field(default_factory=Tally)
    matched: Tally = field(default_factory=Tally)
    filtered: Tally = field(default_factory=Tally)
    fetch_ms: int = 0
    parse_ms: int = 0


def read_query(payload: object) -> LogQuery:
    """Understand the payload of a request; names of keys count with their case.

    Raises:
        BadQuery: a value has the wrong type.
    """
    asked = {} if payload is None else payload
    if not isinstance(asked, dict):
        raise BadQuery("the payload is no object")
    container = asked.get("ContainerId")
    if container is not None and not isinstance(container, str):
        raise BadQuery("ContainerId is no text")
    does_post = asked.get("DoPost", False)
    if not isinstance(does_post, bool):
        raise BadQuery("DoPost is neither true nor false")
    throttle = _whole(asked.get("Throttle", 1000), "Throttle")
    filters = _filters(asked.get("Filters"))
    start_ms, end_ms = _whole(asked.get("StartTime", -1), "StartTime"), _whole(asked.get("EndTime", -1), "EndTime")
    if "TimeFilter" in filters:
        times = filters.pop("TimeFilter")
        if len(times) != 2 or not all(time.removeprefix("-").isdecimal() for time in times):
            raise BadQuery("TimeFilter is not [start, end] in milliseconds")
        start_ms, end_ms = int(times[0]), int(times[1])
    return LogQuery(container or None, start_ms, end_ms, does_post, max(1, throttle), filters)


def _filters(value: object) -> dict[str, tuple[str, ...]]:
    """One object, or a list of some: key -> values, one of which a record must have."""
    given = value if isinstance(value, list) else [] if value is None else [value]
    filters: dict[str, tuple[str, ...]] = {}
    for one in given:
        if not isinstance(one, dict):
            raise BadQuery("Filters is neither an object nor a list of objects")
        for key, values in one.items():
            if key not in {*KEYS, "TimeFilter"}:
                raise BadQuery(f"Filters: unknown key {key!r}; use {', '.join(KEYS)} or TimeFilter")
            listed = values if isinstance(values, list) else [values]
            filters[key] = (*filters.get(key, ()), *map(str, listed))
    return filters


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadQuery(f"{name} is no whole number")
    return value


def search(lines: Iterator[bytes], query: LogQuery) -> Found:
    """Lines of the time asked for, those of them that are records, and those that pass the filters."""
    start_s = perf_counter()
    all_lines = list(lines)
    fetched_s = perf_counter()
    found: list[bytes] = []
    fetched, matched, filtered = Tally(), Tally(), Tally()
    for line in all_lines:
        record = _record(line)
        if record is not None and not query.start_ms <= _time_ms(record) <= query.end_ms:
            continue
        fetched.count(line)
        if record is not None:
            matched.count(line)
            if all(_passes(record, key, values) for key, values in query.filters.items()):
                filtered.count(line)
                found.append(line)
    parsed_s = perf_counter()
    fetch_ms, parse_ms = (round(1000 * passed_s) for passed_s in (fetched_s - start_s, parsed_s - fetched_s))
    return Found(found, fetched, matched, filtered, fetch_ms, parse_ms)


def _record(line: bytes) -> dict[str, object] | None:
    try:
        record = json.loads(line)
        _time_ms(record)
    except (ValueError, TypeError, KeyError):
        return None
    return record if isinstance(record, dict) else None


def _time_ms(record: Mapping[str, object]) -> int:
    return round(datetime.fromisoformat(str(record["UTC"])).astimezone(UTC).timestamp() * 1000)


def _passes(record: Mapping[str, object], key: str, values: Sequence[str]) -> bool:
    """Levels and classes are compared as wholes (of a class, any part will do), all else by what it holds."""
    text = str(record.get(key, "")).lower()
    wanted = [value.lower() for value in values]
    if key in {"LOGLEVEL", "PID"}:
        return text in wanted
    if key == "CLASS":
        return any(f".{value}." in f".{text}." for value in wanted)
    return any(value in text for value in wanted)

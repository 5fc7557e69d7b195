"""Questions to a log, and their answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.runtime.log_query import BadQuery, LogQuery, read_query, search
from footfall.runtime.module_logs import LogFiles, LogOwner, ModuleLogs

START_MS = 1_700_000_000_000


def line(second: int, level: str = "INFO", name: str = "footfall.track.tracker", data: str = "hello") -> bytes:
    utc = datetime.fromtimestamp(START_MS / 1000 + second, UTC).isoformat(timespec="milliseconds")
    record = {"UTC": utc, "LocalTime": utc, "LOGLEVEL": level, "PID": 7, "CLASS": name, "DATA": data}
    return json.dumps(record).encode() + b"\n"


LINES = [line(0), line(1, "ERROR"), b"not a record\n", line(2, name="footfall.health", data="Graph A"), line(3)]


@pytest.mark.parametrize(
    ("payload", "query"),
    [
        pytest.param(None, LogQuery(), id="nothing"),
        pytest.param({}, LogQuery(), id="an empty object"),
        pytest.param(
            {"StartTime": 5, "EndTime": 9, "ContainerId": "x", "DoPost": True, "Throttle": 3, "Filters": None},
            LogQuery("x", 5, 9, True, 3),
            id="everything",
        ),
        pytest.param({"starttime": 5}, LogQuery(), id="names count with their case"),
        pytest.param(
            {"Filters": {"TimeFilter": [1, 2], "CLASS": ["tracker"]}},
            LogQuery(start_ms=1, end_ms=2, filters={"CLASS": ("tracker",)}),
            id="filters as an object",
        ),
        pytest.param(
            {"Filters": [{"PID": 7}, {"CLASS": ["a", "b"]}, {"CLASS": "c"}]},
            LogQuery(filters={"PID": ("7",), "CLASS": ("a", "b", "c")}),
            id="filters as a list",
        ),
    ],
)
def test_a_request_is_understood(payload: object, query: LogQuery) -> None:
    assert read_query(payload) == query


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        pytest.param([], "no object", id="a list"),
        pytest.param({"StartTime": "now"}, "StartTime is no whole number", id="a time in words"),
        pytest.param({"EndTime": True}, "EndTime is no whole number", id="a flag for a time"),
        pytest.param({"ContainerId": 5}, "ContainerId is no text", id="a number for an id"),
        pytest.param({"DoPost": "yes"}, "DoPost is neither", id="a word for a flag"),
        pytest.param({"Filters": "CLASS"}, "neither an object nor a list", id="filters in words"),
        pytest.param({"Filters": {"Class": ["x"]}}, "unknown key 'Class'", id="an unknown key"),
        pytest.param({"Filters": {"TimeFilter": [1]}}, "TimeFilter is not", id="half a time"),
    ],
)
def test_a_request_that_is_wrong_is_refused(payload: object, told: str) -> None:
    with pytest.raises(BadQuery, match=told):
        read_query(payload)


@pytest.mark.parametrize(
    ("filters", "seconds", "counts"),
    [
        pytest.param({}, (0, 9), (5, 4, 4), id="all of it"),
        pytest.param({}, (1, 2), (3, 2, 2), id="a time; what is no record may be of any"),
        pytest.param({"CLASS": ("tracker",)}, (0, 9), (5, 4, 3), id="a part of a class"),
        pytest.param({"CLASS": ("track",)}, (0, 9), (5, 4, 3), id="another part"),
        pytest.param({"CLASS": ("footfall.health",)}, (0, 9), (5, 4, 1), id="all of a class"),
        pytest.param({"LOGLEVEL": ("error",)}, (0, 9), (5, 4, 1), id="a level"),
        pytest.param({"LOGLEVEL": ("error", "INFO"), "PID": ("7",)}, (0, 9), (5, 4, 4), id="any of several, and both"),
        pytest.param({"PID": ("70",)}, (0, 9), (5, 4, 0), id="another process"),
        pytest.param({"DATA": ("graph a",)}, (0, 9), (5, 4, 1), id="words"),
    ],
)
def test_lines_are_found(
    filters: dict[str, tuple[str, ...]], seconds: tuple[int, int], counts: tuple[int, int, int]
) -> None:
    start_ms, end_ms = (START_MS + 1000 * second for second in seconds)
    found = search(iter(LINES), LogQuery("x", start_ms, end_ms, filters=filters))
    assert (found.fetched.lines, found.matched.lines, found.filtered.lines) == counts
    assert found.filtered.size == sum(map(len, found.lines))


class StillClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(START_MS / 1000 + 60, UTC)

    def monotonic_s(self) -> float:
        return 0.0


@pytest.fixture
def logs(tmp_path: Path) -> ModuleLogs:
    (tmp_path / "module.log").write_bytes(b"".join(LINES[2:]))
    (tmp_path / "module.log.1").write_bytes(b"".join(LINES[:2]))
    owner = LogOwner("spatialAnalysis", "9b1c")
    return ModuleLogs(owner, LogFiles(tmp_path), tmp_path / "up", StillClock(), lambda work: work())


def test_without_a_container_all_are_named(logs: ModuleLogs) -> None:
    listed = {"Id": "9b1c", "Name": "spatialAnalysis", "Image": "footfall", "State": "running"}
    assert logs.answer({}) == (200, {"Containers": [listed]})


def test_an_answer_in_full(logs: ModuleLogs) -> None:
    request = {"StartTime": -1, "EndTime": -1, "ContainerId": "9b1c", "DoPost": False, "Filters": None}
    status, answer = logs.answer(request)
    metas = answer.pop("Metas")
    assert status == 200
    assert answer == {"DoPost": False, "TimeFilter": [-1, START_MS + 60_000], "ValueFilters": {}}
    assert list(metas) == [
        "TimeStamp", "ContainerId", "FetchCounter", "FetchSizeInByte", "MatchCounter", "MatchSizeInByte",
        "FilterCount", "FilterSizeInByte",
        "FetchLogsDurationInMiliSec", "PaseLogsDurationInMiliSec", "PostLogsDurationInMiliSec",
    ]  # fmt: skip
    assert metas["TimeStamp"] == "2023-11-14T22:14:20.000+00:00"
    assert (metas["FetchCounter"], metas["MatchCounter"], metas["FilterCount"]) == (5, 4, 4)
    assert metas["FetchSizeInByte"] == sum(map(len, LINES))


def test_an_upload_is_a_file_named_by_its_times(logs: ModuleLogs, tmp_path: Path) -> None:
    times = {"StartTime": START_MS + 1000, "EndTime": START_MS + 2000}
    status, answer = logs.answer({"ContainerId": "spatialAnalysis", "DoPost": True, "Throttle": 1, **times})
    assert (status, answer["DoPost"]) == (200, True)
    now_ms = START_MS + 60_000
    file = tmp_path / f"up/rtcvlogs/spatialAnalysis/{times['StartTime']}-{times['EndTime']}-{now_ms}.log"
    assert file.read_bytes() == LINES[1] + LINES[3]
    assert list(file.parent.iterdir()) == [file]


def test_requests_that_cannot_be_served_are_refused(
    logs: ModuleLogs, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert logs.answer({"ContainerId": "other"})[0] == 404
    assert logs.answer({"StartTime": None}) == (400, {"error": "StartTime is no whole number"})
    (tmp_path / "up").write_text("in the way")
    assert logs.answer({"ContainerId": "9b1c", "DoPost": True})[0] == 200
    assert "cannot be written" in caplog.text

"""What is recorded is read back to the last digit; what is no recording is refused with its line number."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.core.geometry import Box
from footfall.core.types import MaskState, Observed, TrackObservation
from footfall.events.tracks import DEFAULT_SIZE, EPOCH, format_frame, read_tracks

numbers = st.floats(-2.0, 3.0)


def upright(x0: float, y0: float, x1: float, y1: float) -> Box:
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


people = st.builds(
    TrackObservation,
    track_id=st.text(min_size=1, max_size=32),
    t_s=st.just(0.0),
    frame=st.just(0),
    box_n=st.builds(upright, numbers, numbers, numbers, numbers),
    footprint_n=st.tuples(numbers, numbers),
    score=st.floats(0, 1),
    mask=st.none() | st.builds(MaskState, st.sampled_from(["face_mask", "face_nomask"]), st.floats(0, 1)),
)


@given(st.lists(st.tuples(st.floats(0, 1e7), st.lists(people, max_size=3), st.integers(0, 3)), min_size=1, max_size=5))
def test_what_was_recorded_is_read_back_exactly(drawn: list[tuple[float, list[TrackObservation], int]]) -> None:
    frames = []
    for number, (t_s, seen, loop) in enumerate(sorted(drawn, key=lambda row: row[0])):
        here = tuple(replace(p, t_s=t_s, frame=number) for p in seen)
        utc = EPOCH + timedelta(seconds=t_s)
        frames.append(Observed("tür", number, t_s, utc, (960, 540), here, loop))
    lines = [format_frame(each, is_first=number == 0) for number, each in enumerate(frames)]
    assert list(read_tracks(lines, file="t.jsonl")) == frames


def test_only_the_first_line_tells_source_and_size() -> None:
    observed = Observed("cam", 0, 0.0, EPOCH, (640, 360), ())
    first, later = (json.loads(format_frame(observed, is_first=is_first)) for is_first in (True, False))
    assert first == {"frame": 0, "t": 0.0, "people": [], "source": "cam", "size": [640, 360]}
    assert later == {"frame": 0, "t": 0.0, "people": []}


def test_a_mask_stands_there_only_where_it_was_known() -> None:
    masked, unknown = (
        TrackObservation("7", 0.0, 0, (0.1, 0.1, 0.2, 0.4), (0.15, 0.4), 0.9, mask=mask)
        for mask in (MaskState("face_mask", 0.875), None)
    )
    line = json.loads(format_frame(Observed("cam", 0, 0.0, EPOCH, (640, 360), (masked, unknown)), is_first=True))
    assert [person.get("mask", "none") for person in line["people"]] == [["face_mask", 0.875], "none"]


@pytest.mark.parametrize("mask", ['["face", 0.9]', '["face_mask", 1.5]', '["face_mask"]', '"face_mask"', "0.9"])
def test_a_mask_that_is_none_is_refused(mask: str) -> None:
    text = f'{{"frame": 3, "t": 1.5, "people": [{{"id": "7", "box": [0, 0, 1, 1], "mask": {mask}}}]}}'
    with pytest.raises(ConfigError, match=r"line 1: .*mask"):
        list(read_tracks([text.encode()], file="t"))


def test_the_least_a_recording_may_say() -> None:
    line = b'{"frame": 3, "t": 1.5, "people": [{"id": "7", "box": [-0.25, 0.5, 0.25, 1.25]}]}'
    [observed] = read_tracks([b"", line, b"  "], file="t")
    assert observed.size_px == DEFAULT_SIZE
    [person] = observed.people
    assert (person.footprint_n, person.score) == ((0.0, 1.25), 1.0)


def test_a_given_size_wins_and_a_recorded_one_lasts() -> None:
    sized, bare = b'{"frame":0,"t":0,"people":[],"size":[100,50]}', b'{"frame":1,"t":1,"people":[]}'
    assert [each.size_px for each in read_tracks([sized, bare], file="t")] == [(100, 50)] * 2
    assert [each.size_px for each in read_tracks([sized, bare], file="t", size_px=(4, 2))] == [(4, 2)] * 2


GOOD = b'{"frame":0,"t":1.0,"people":[]}'
BAD = [
    pytest.param(b'{"frame":1,"t":0.5,"people":[]}', "stands after", id="time runs back"),
    pytest.param(b'{"frame":1,"t":1e300,"people":[]}', "no stream time", id="a time without a date"),
    pytest.param(b'{"frame":1,"t":1e999,"people":[]}', "line 2", id="an infinite time"),
    pytest.param(b'{"frame":1,"t":NaN,"people":[]}', "line 2", id="not a number"),
    pytest.param(b'{"frame":1,"people":[]}', "`t`", id="no time"),
    pytest.param(b'{"frame":1.5,"t":2,"people":[]}', "int", id="half a frame"),
    pytest.param(b'{"frame":1,"t":2,"people":[{"id":"a","box":[0,0,1]}]}', "box", id="a box of three numbers"),
    pytest.param(b'{"frame":-1,"t":2,"people":[]}', ">= 0", id="a frame before the first"),
    pytest.param(b'{"frame":1,"t":2,"people":[{"id":"a","box":[0.5,0.2,0.1,0.4]}]}', "left, top", id="width, no right"),
    pytest.param(b'{"frame":1,"t":2,"people":[{"id":"a","box":[0.1,0.4,0.5,0.2]}]}', "left, top", id="upside down"),
    pytest.param(b'{"frame":1,"t":2,"people":[{"id":"a","box":[0,0,1,1e200]}]}', "away", id="a box beyond all numbers"),
    pytest.param(
        b'{"frame":1,"t":2,"people":[{"id":"a","box":[0,0,1,1],"footprint":[0,-2e6]}]}', "away", id="feet far away"
    ),
    pytest.param(b'{"frame":1,"t":2,"people":[{"id":7,"box":[0,0,1,1]}]}', "id", id="a number for a name"),
    pytest.param(b'{"frame":1,"t":2,"people":[],"size":[0,5]}', "not positive", id="a picture without width"),
    pytest.param(b"\xff\xfe", "line 2", id="binary"),
    pytest.param(b"[]", "line 2", id="a list"),
    pytest.param(b'{"frame":1,"t":2,"people":[]', "line 2", id="cut off"),
]


@pytest.mark.parametrize(("line", "said"), BAD)
def test_what_is_no_recording_is_refused(line: bytes, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        list(read_tracks([GOOD, line], file="t.jsonl"))
    [problem] = caught.value.problems
    assert (problem.file, problem.path) == ("t.jsonl", "line 2")
    assert said in str(problem)


def test_time_before_the_start_is_refused() -> None:
    with pytest.raises(ConfigError, match="line 1"):
        list(read_tracks([b'{"frame":0,"t":-0.5,"people":[]}'], file="t.jsonl"))

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.evaluation.motchallenge import MOST_PROBLEMS, format_tracks, parse


def test_detections_results_and_truth_are_read() -> None:
    table = parse("1,-1,649.5,231,44,86,0.99,-1,-1,-1\n\n2,7, 10,20,30,40,1,\n3,8,1,2,3,4,0,7,0.5\n4,9,1,2,3,4\n")
    assert len(table) == 4
    assert table.frame.tolist() == [1, 2, 3, 4]
    assert table.id.tolist() == [-1, 7, 8, 9]
    assert table.xywh_px[0].tolist() == [649.5, 231.0, 44.0, 86.0]
    assert table.score.tolist() == [0.99, 1.0, 0.0, 1.0]
    assert table.label.tolist() == [1, 1, 7, 1]


def test_nothing_is_an_empty_table() -> None:
    assert len(parse("\n")) == 0


@pytest.mark.parametrize(
    ("line", "what"),
    [
        pytest.param("1,2,3", "3 columns instead of at least 6", id="short"),
        pytest.param("1,2,3,4,five,6,1", "could not convert string to float: 'five'", id="a word"),
        pytest.param("1,2,nan,4,5,6,1", "a value that is not a number", id="not a number"),
        pytest.param("1.5,2,3,4,5,6,1", "frame 1.5 and id 2 must be whole numbers", id="half a frame"),
        pytest.param("-1,2,3,4,5,6,1", "frame -1 does not exist", id="negative frame"),
        pytest.param("1,2,3,4,-5,6,1", "a box -5 wide and 6 high", id="negative width"),
        pytest.param("1,1e300,3,4,5,6,1", "beyond all bounds", id="id beyond all bounds"),
    ],
)
def test_a_bad_line_is_named(line: str, what: str) -> None:
    with pytest.raises(ConfigError, match=r"t\.txt: line 2: ") as caught:
        parse(f"1,1,1,1,1,1,1\n{line}\n", "t.txt")
    assert what in str(caught.value)


def test_all_bad_lines_are_named_up_to_a_limit() -> None:
    with pytest.raises(ConfigError) as caught:
        parse("x\n" * 50)
    assert [problem.path for problem in caught.value.problems] == [f"line {n + 1}" for n in range(MOST_PROBLEMS)]


boxes = st.tuples(*[st.floats(0, 4000)] * 4)
rows = st.lists(st.tuples(st.integers(0, 10**6), st.integers(-1, 10**9), boxes, st.floats(0, 1)), max_size=20)


@given(rows)
def test_what_is_written_is_read(written: list[tuple[int, int, tuple[float, float, float, float], float]]) -> None:
    table = parse(format_tracks(written))
    assert table.frame.tolist() == [row[0] for row in written]
    assert table.id.tolist() == [row[1] for row in written]
    assert table.xywh_px.tolist() == [pytest.approx(row[2], abs=0.00501) for row in written]
    assert table.score.tolist() == [pytest.approx(row[3], abs=0.0000501) for row in written]


def test_lines_have_the_published_form() -> None:
    assert format_tracks([(1, 3, (794.27, 247.59, 71.245, 174.88), 0.9)]) == (
        "1,3,794.27,247.59,71.25,174.88,0.9000,-1,-1,-1\n"
    )


@given(st.text(alphabet="0123456789,.-e \nxn", max_size=80) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ConfigError):
        assert (parse(text).xywh_px[:, 2:] >= 0).all()

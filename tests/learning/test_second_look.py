from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.learning.box_views import Truth
from footfall.learning.second_look import change, judged, overlaps

THING = (0.2, 0.2, 0.6, 0.6)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 4)


@pytest.mark.parametrize(
    ("candidate", "tag", "label", "is_mended"),
    [
        pytest.param(THING, 3, 4, True, id="the thing itself"),
        pytest.param((0.25, 0.2, 0.65, 0.6), 3, 4, True, id="a little aside: still the thing"),
        pytest.param((0.35, 0.2, 0.75, 0.6), 3, -1, True, id="between: neither, but it teaches the box"),
        pytest.param((0.45, 0.2, 0.85, 0.6), 3, 0, False, id="too far aside: background"),
        pytest.param((0.7, 0.7, 0.9, 0.9), 3, 0, False, id="elsewhere: background"),
        pytest.param(THING, -1, -1, False, id="a cut thing tells nothing"),
        pytest.param((0.7, 0.7, 0.9, 0.9), -1, 0, False, id="beside a cut thing: background"),
    ],
)
def test_what_a_candidate_is(candidate, tag, label, is_mended):
    one = judged(boxes(candidate), Truth(boxes(THING), np.array([tag])))
    assert one.labels.tolist() == [label]
    assert np.isfinite(one.changes).all() == is_mended


def test_where_nothing_is_all_is_background():
    one = judged(boxes(THING, (0, 0, 1, 1)), Truth(boxes(), np.empty(0, np.int64)))
    assert one.labels.tolist() == [0, 0]
    assert np.isnan(one.changes).all()


corner, extent = st.floats(0, 0.7), st.floats(0.02, 0.3)
box = st.tuples(corner, corner, extent, extent).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


@given(box, box)
def test_a_change_leads_from_one_box_to_the_other(start, aim):
    ((dx, dy, dw, dh),) = change(boxes(start), boxes(aim))
    x0, y0, x1, y1 = start
    width, height = x1 - x0, y1 - y0
    x, y = (x0 + x1) / 2 + dx * width, (y0 + y1) / 2 + dy * height
    half_w, half_h = width * np.exp(dw) / 2, height * np.exp(dh) / 2
    np.testing.assert_allclose((x - half_w, y - half_h, x + half_w, y + half_h), aim, atol=2e-4)


@given(box, box)
def test_overlap_is_mutual_and_whole_only_with_itself(one, other):
    (there,), (back,) = overlaps(boxes(one), boxes(other)), overlaps(boxes(other), boxes(one))
    assert there[0] == pytest.approx(back[0])
    assert 0.0 <= there[0] <= 1.0 + 1e-6
    assert overlaps(boxes(one), boxes(one))[0, 0] == pytest.approx(1.0, abs=1e-4)

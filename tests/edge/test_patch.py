"""Merge patches: what they do, and that the smallest one leads where it should."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.patch import difference, merged

TEXTS = st.text(max_size=3)
LEAVES = st.integers() | TEXTS | st.lists(st.integers(), max_size=2)
DOCUMENTS = st.recursive(
    st.dictionaries(TEXTS, LEAVES, max_size=4), lambda inner: st.dictionaries(TEXTS, inner | LEAVES, max_size=4)
)


@pytest.mark.parametrize(
    ("patch", "result"),
    [
        pytest.param({}, {"a": {"b": 1, "c": [1, 2]}}, id="nothing"),
        pytest.param({"a": {"b": 2}}, {"a": {"b": 2, "c": [1, 2]}}, id="a member"),
        pytest.param({"a": {"b": None}}, {"a": {"c": [1, 2]}}, id="null deletes"),
        pytest.param({"a": {"c": [3]}}, {"a": {"b": 1, "c": [3]}}, id="arrays are replaced"),
        pytest.param({"a": 5}, {"a": 5}, id="an object is replaced by a value"),
        pytest.param({"x": {"y": None, "z": 1}}, {"a": {"b": 1, "c": [1, 2]}, "x": {"z": 1}}, id="no null stays"),
    ],
)
def test_a_patch_merges(patch: dict[str, object], result: object) -> None:
    before = {"a": {"b": 1, "c": [1, 2]}}
    assert merged(before, patch) == result
    assert before == {"a": {"b": 1, "c": [1, 2]}}


@given(DOCUMENTS, DOCUMENTS)
def test_the_difference_leads_there(before: dict[str, object], after: dict[str, object]) -> None:
    assert merged(before, difference(before, after)) == after
    assert difference(after, after) == {}


def test_the_difference_is_small() -> None:
    assert difference({"a": {"b": 1, "c": 2}, "d": 1}, {"a": {"b": 1, "c": 3}}) == {"a": {"c": 3}, "d": None}

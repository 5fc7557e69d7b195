"""What a module knows of its twin: patches that follow, patches that do not, and nonsense."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.edge.messages import Twin
from footfall.edge.shadow import Shadow, read_twin


@pytest.mark.parametrize(
    ("version", "payload", "changes"),
    [
        pytest.param(5, b'{"a": 2, "$version": 5}', True, id="the next one"),
        pytest.param(4, b'{"a": 2}', False, id="one that is known"),
        pytest.param(3, b'{"a": 2}', False, id="one of long ago"),
        pytest.param(6, b'{"a": 2}', None, id="one after one that was missed"),
        pytest.param(None, b'{"a": 2}', None, id="one without a version"),
        pytest.param(5, b"{", None, id="no JSON"),
        pytest.param(5, b"[1]", None, id="a list"),
        pytest.param(5, b"\xff", None, id="no text"),
    ],
)
def test_patches(version: int | None, payload: bytes, changes: bool | None) -> None:
    shadow = Shadow()
    assert shadow.take(Twin({"a": 1, "$version": 4}, {}))
    assert shadow.patch(version, payload) is changes
    assert shadow.twin.desired == ({"a": 2, "$version": 5} if changes else {"a": 1, "$version": 4})


def test_a_patch_before_the_twin_asks_for_it() -> None:
    assert Shadow().patch(1, b"{}") is None


def test_only_the_first_and_other_twins_are_news() -> None:
    shadow = Shadow()
    assert shadow.take(Twin({}, {}))
    assert not shadow.take(Twin({}, {"a": 1}))
    assert shadow.take(Twin({"$version": 2}, {}))


@given(st.binary() | st.text().map(str.encode))
def test_whatever_comes_is_a_twin_or_refused(payload: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(read_twin(payload), Twin)


@pytest.mark.parametrize("payload", [b"[]", b"5", b'{"desired": 5}', b'{"reported": [1]}', b"null", b"[" * 100_000])
def test_json_that_is_no_twin_is_refused(payload: bytes) -> None:
    with pytest.raises(ValueError, match="twin"):
        read_twin(payload)
    assert read_twin(b'{"desired": {"a": 1}}') == Twin({"a": 1}, {})

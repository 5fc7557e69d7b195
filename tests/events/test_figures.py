from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.figures import feet, figure, plain, timestamp, without_zone


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        pytest.param(-5.24983, 4, "-5.2498", id="ground point"),
        pytest.param(11.6, 4, "11.6", id="no more decimals than needed"),
        pytest.param(395, 4, "395.0", id="at least one"),
        pytest.param(0.000012, 6, "0.000012", id="small, no exponent"),
        pytest.param(1e22, 4, "10000000000000000000000.0", id="large, no exponent"),
        pytest.param(-0.00001, 4, "0.0", id="no negative zero"),
        pytest.param(1.8288000000000002 / 0.3048, 4, "6.0", id="six feet"),
    ],
)
def test_plain(value: float, digits: int, expected: str) -> None:
    assert plain(value, digits) == expected


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_json_has_no_words_for_it(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        plain(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_figures_are_json_numbers_without_exponent(value: float) -> None:
    text = bytes(figure(value)).decode()
    assert isinstance(json.loads(text), float)
    assert "e" not in text.lower()
    assert json.loads(text) == pytest.approx(value, abs=5.1e-5)


@given(st.integers(0, 1000))
def test_configured_feet_come_back(tenths: int) -> None:
    assert float(plain(feet(tenths / 10 * 0.3048))) == tenths / 10


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        pytest.param(datetime(2024, 11, 3, 8, 15, 30, 412_000, UTC), "2024-11-03T08:15:30.412", id="milliseconds"),
        pytest.param(datetime(2024, 11, 3, 8, 15, 30, 0, UTC), "2024-11-03T08:15:30.000", id="always three"),
        pytest.param(datetime(2024, 11, 3, 8, 15, 59, 999_600, UTC), "2024-11-03T08:16:00.000", id="rounds up"),
        pytest.param(
            datetime(2024, 11, 3, 10, 15, tzinfo=timezone(timedelta(hours=2))), "2024-11-03T08:15:00.000", id="to UTC"
        ),
    ],
)
def test_timestamps(utc: datetime, expected: str) -> None:
    assert (without_zone(utc), timestamp(utc)) == (expected, f"{expected}Z")

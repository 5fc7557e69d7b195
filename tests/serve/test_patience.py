from __future__ import annotations

import pytest

from footfall.core.errors import SourceUnavailable
from footfall.serve.patience import LoginPatience


def pauses(*reasons: str) -> list[float]:
    patience = LoginPatience()
    return [patience(SourceUnavailable(reason, ""), number, 1.0) for number, reason in enumerate(reasons, 1)]


@pytest.mark.parametrize(
    ("reasons", "long"),
    [
        pytest.param(["unauthorized"] * 3, [False, False, True], id="three refused logins, then ten minutes"),
        pytest.param(["unauthorized"] * 6, [False, False, True, False, False, True], id="and three more"),
        pytest.param(["unauthorized", "timeout", "unauthorized", "unauthorized"], [0, 0, 0, 1], id="others in between"),
        pytest.param(["timeout"] * 9, [False] * 9, id="who does not answer locks nobody out"),
    ],
)
def test_a_camera_does_not_lock_the_account(reasons: list[str], long: list[bool]) -> None:
    assert [pause_s >= 600.0 for pause_s in pauses(*reasons)] == [bool(one) for one in long]


def test_a_picture_in_between_begins_anew() -> None:
    patience = LoginPatience()
    refused = SourceUnavailable("unauthorized", "")
    assert max(patience(refused, 1, 0.0) for _ in range(9)) < 600.0

"""How long a camera is left alone after it could not be reached. Pure, but for the count of refused logins."""

from __future__ import annotations

from footfall.core.errors import SourceUnavailable
from footfall.core.retry import backoff_s

LONGEST_S = 3.0
TRIES = 3
"""Cameras lock an account after five wrong logins or more: so many are tried..."""
LOCKED_S = 600.0
"""...and then none for so long, jittered upwards."""


class LoginPatience:
    """Of one camera: soon again, but not with a login that it has refused three times."""

    def __init__(self) -> None:
        self._refused = 0

    def __call__(self, error: SourceUnavailable, attempt: int, random_0_1: float) -> float:
        """Seconds to wait after the failed try number `attempt` since the last picture, from 1."""
        if attempt == 1:
            self._refused = 0
        if error.reason != "unauthorized":
            return backoff_s(attempt, random_0_1, LONGEST_S)
        self._refused += 1
        if self._refused % TRIES == 0:
            return LOCKED_S * (1.0 + 0.1 * random_0_1)
        return LONGEST_S * (1.0 + random_0_1)

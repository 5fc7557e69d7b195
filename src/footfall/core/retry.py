"""How long to wait before trying again: pure, so that a test can walk through an outage without waiting."""

from __future__ import annotations

FIRST_S = 0.25


def backoff_s(attempt: int, random_0_1: float, longest_s: float) -> float:
    """Seconds to wait after the failed try number `attempt` (from 1): doubling, jittered by half.

    >>> [backoff_s(attempt, 1.0, longest_s=5.0) for attempt in (1, 2, 3, 9)]
    [0.25, 0.5, 1.0, 5.0]
    """
    ceiling_s = min(longest_s, FIRST_S * 2.0 ** min(attempt - 1, 16))
    return ceiling_s * (0.5 + 0.5 * random_0_1)


def camera_pause_s(reason: str, attempt: int) -> float:
    """Seconds before a media graph tries its camera again: at once after a clean end, else 1, 2, 4 ... 30.

    Args:
        reason: of the `SourceUnavailable`.
        attempt: failed tries since the last picture, from 1.

    >>> [camera_pause_s("ended", 1), *(camera_pause_s("timeout", attempt) for attempt in (1, 2, 3, 6))]
    [0.0, 1.0, 2.0, 4.0, 30.0]
    """
    if reason == "ended" and attempt == 1:
        return 0.0
    return min(30.0, 2.0 ** (min(attempt, 10) - 1))

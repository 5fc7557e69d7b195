"""A clock that is set by the test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class SetClock:
    """Stands still until moved."""

    t_s: float = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.t_s)

    def monotonic_s(self) -> float:
        return self.t_s

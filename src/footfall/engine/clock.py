"""The only place that asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock, behind `core.ports.Clock`."""

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        return datetime.now(UTC)  # noqa: TID251

    def monotonic_s(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

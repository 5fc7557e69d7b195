"""How long somebody waits for a server, all in all."""

from __future__ import annotations

import time


class Patience:
    """How long a server may keep somebody waiting, however slowly it goes on sending.

    Args:
        timeout_s: for one wait.
    """

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self.renew()

    def renew(self, waits: int = 1) -> None:
        """From now on, as long as so many waits take, all together."""
        self._end_s = time.monotonic() + waits * self.timeout_s

    def left_s(self) -> float:
        """For the next wait.

        Raises:
            TimeoutError: nothing is left.
        """
        left_s = self._end_s - time.monotonic()
        if left_s <= 0.0:
            raise TimeoutError
        return min(self.timeout_s, left_s)

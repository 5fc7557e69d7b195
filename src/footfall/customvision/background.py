"""A thread that does one thing, whenever it is woken and every so often."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from footfall.core.errors import FootfallError

log = logging.getLogger(__name__)


class Background:
    """Calls `step` until there is nothing more to do, then waits.

    Args:
        name: of the thread.
        step: does a part; true: there may be more. What it raises is in the log, and it is tried again later.
        every_s: longest wait between two calls.
    """

    def __init__(self, name: str, step: Callable[[], bool], every_s: float) -> None:
        self._step = step
        self._every_s = every_s
        self._woken = threading.Event()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._woken.set()

    def close(self) -> None:
        """Let the present step end, and no other begin; safe to call twice."""
        self._is_closing = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._is_closing:
            self._woken.clear()
            try:
                while not self._is_closing and self._step():
                    pass
            except (FootfallError, OSError) as error:
                log.error("%s: %s; tried again later", self._thread.name, error)  # noqa: TRY400 - one line says it
            except Exception:
                log.exception("%s: tried again later", self._thread.name)
            if not self._is_closing:
                self._woken.wait(self._every_s)

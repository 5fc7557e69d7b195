"""Runs a runtime from start to end: the file is over, the reader has gone, the time is up, or somebody interrupts."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from types import FrameType

from footfall.core.errors import FootfallError, Problem
from footfall.runtime.runtime import Runtime

OK, PROGRAM_ERROR = 0, 1


def watch(
    runtime: Runtime, show: Callable[[], None], *, limit_s: float = inf, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Start, show progress, stop in good order; how many events wait on disk for the next start.

    Args:
        runtime: What to run; closed at the end, whatever happens.
        show: Called a few times a second.
        limit_s: Stop so many seconds after the first frame was analysed.
        is_over: Asked as often; whether to stop for another reason.
    """
    with interrupted() as interruption:
        try:
            runtime.start()
            deadline_s = inf
            while not runtime.supervisor.is_done(timeout_s=0.25):
                if interruption.is_asked:
                    say("stopping; interrupt again to leave at once")
                if interruption.is_asked or runtime.delivery.is_deserted or monotonic() > deadline_s or is_over():
                    break
                if deadline_s == inf and _has_begun(runtime):
                    deadline_s = monotonic() + limit_s
                show()
        finally:
            waiting = runtime.close()
    return waiting


def _has_begun(runtime: Runtime) -> bool:
    return any(runner.metrics.counts["frames_analysed"] for runner in runtime.supervisor.runners)


class Interruption:
    """Whether Ctrl-C or SIGTERM came. Another one, later, is not taken politely: it raises `KeyboardInterrupt`."""

    def __init__(self) -> None:
        self._asked_s = inf

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked for the end."""
        return self._asked_s < inf

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal. Only its time is noted: a handler may interrupt code that holds any lock."""
        now_s = monotonic()
        if now_s - self._asked_s > ECHO_S:
            raise KeyboardInterrupt
        self._asked_s = min(self._asked_s, now_s)


ECHO_S = 1.0
"""`timeout` and other wrappers send a signal to the process and to its group: both together are one."""


@contextmanager
def interrupted() -> Iterator[Interruption]:
    """Ctrl-C and SIGTERM are noted instead of ending the program."""
    interruption = Interruption()
    before = {number: signal.signal(number, interruption) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def verdict(runtime: Runtime, *, is_recorded: bool) -> int:
    """The exit code of a run that is over.

    Raises:
        FootfallError: what ended a camera before its time.
    """
    failure = runtime.failure
    if isinstance(failure, FootfallError):
        raise failure
    if failure is not None:
        say(f"a mistake in the program ended the run: {type(failure).__name__}; please report the log above")
    return OK if failure is None and is_recorded else PROGRAM_ERROR


def say(text: str) -> None:
    """One line on standard error."""
    print(f"footfall: {text}", file=sys.stderr, flush=True)  # noqa: T201


def say_all(problems: Iterable[Problem]) -> None:
    """Warnings on standard error, one line each."""
    for problem in problems:
        say(str(problem))

"""What a person sees while a run goes on: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from footfall.cli.terminal import Terminal
from footfall.engine.runner import Runner
from footfall.engine.supervisor import Supervisor

LINE_EVERY_S = 10.0


class Progress:
    """Progress of a run on standard error.

    Args:
        frames: How many frames the file has, None for cameras and where nobody knows.
        enabled: False says nothing at all.
        alone: Whether the terminal shows nothing else meanwhile; a bar needs it for itself.
    """

    def __init__(self, frames: int | None, *, enabled: bool, alone: bool = True) -> None:
        self._frames = frames
        self._enabled = enabled
        self._alone = alone
        self._console = Terminal(stderr=True)
        self._bar: RichProgress | None = None
        self._task = TaskID(0)
        self._start_s = monotonic()
        self._line_s = self._start_s

    def __enter__(self) -> Self:
        if self._enabled and self._alone and self._console.is_terminal:
            counted = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) if self._frames else (SpinnerColumn(),)
            self._bar = RichProgress(
                *counted,
                TextColumn("{task.description}", markup=False),
                console=self._console,
                transient=True,
                redirect_stdout=sys.stdout.isatty(),
            )
            self._bar.start()
            self._task = self._bar.add_task("starting", total=self._frames)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, supervisor: Supervisor, people: int) -> None:
        """Show the present state."""
        runners = supervisor.runners
        done = max((runner.last_index + 1 for runner in runners), default=0)
        words = describe(runners, people, monotonic() - self._start_s)
        if self._bar is not None:
            self._bar.update(self._task, completed=done, description=words)
        elif self._enabled and monotonic() - self._line_s >= LINE_EVERY_S:
            self._line_s = monotonic()
            share = f"{100 * done / self._frames:3.0f} %  " if self._frames else ""
            print(f"footfall: {share}{words}", file=sys.stderr, flush=True)  # noqa: T201


def describe(runners: tuple[Runner, ...], people: int, elapsed_s: float) -> str:
    """Speed, people, events and trouble in one line."""
    analysed = sum(runner.metrics.counts["frames_analysed"] for runner in runners)
    events = sum(runner.metrics.counts["events"] for runner in runners)
    trouble = "  ".join(f"{runner.name}: {runner.reason}" for runner in runners if runner.reason)
    return f"{analysed / max(elapsed_s, 1e-3):.0f} frames/s  {people} people  {events} events  {trouble}".rstrip()

"""The terminal, as this program uses it."""

from __future__ import annotations

import sys

from rich.console import Console


class Terminal(Console):
    """A console whose vanished reader is an error like any other, for `main` to end quietly at."""

    def on_broken_pipe(self) -> None:
        """Tell the caller instead of leaving the program."""
        error = sys.exception()
        raise error if error is not None else BrokenPipeError

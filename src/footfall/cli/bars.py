"""A bar for work that goes on for some seconds."""

from __future__ import annotations

from rich.progress import Progress

from footfall.cli.terminal import Terminal


def progress_bar() -> Progress:
    """On standard error, leaving nothing behind; where no terminal is, there is none."""
    console = Terminal(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)

"""What trackers and detectors compute with, loaded while sources are being opened: nobody waits for it at the start."""

from __future__ import annotations

from importlib import import_module
from typing import Final

MODULES: Final = ("scipy.optimize", "scipy.signal")
"""Half a second of work. One after the other: two threads in the middle of packages that import each other would each
see the half of the other's."""


def load_late() -> None:
    """Load it."""
    for name in MODULES:
        import_module(name)

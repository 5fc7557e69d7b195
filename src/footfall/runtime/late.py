"""What trackers and detectors compute with, loaded while sources are being opened: nobody waits for it at the start.

Whoever needs it sooner loads it, or waits until it is there.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

MODULES: Final = ("scipy.optimize", "scipy.signal")
"""Half a second of work. Always in this order: two threads in the middle of two packages that import each other would
each see half of the other's; so nobody begins with the second before the first is whole."""


def load_late() -> None:
    """Load it."""
    for name in MODULES:
        import_module(name)

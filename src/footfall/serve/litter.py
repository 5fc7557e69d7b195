"""How often Python looks for litter that reference counts leave behind: cycles."""

from __future__ import annotations

import gc
from typing import Final

NEW_OBJECTS: Final = 60_000
"""An answer may hold so many small objects without being interrupted; by default it is 700. The counts of a month, hour
by hour of 32 zones, are 24,000 rows of the store and as many totals."""


def leave_what_lives() -> None:
    """What is there now lives as long as the service: it is not looked through again.

    Otherwise every other large answer waits 50 ms, while all of the program is searched in vain.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)

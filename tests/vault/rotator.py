"""`python rotator.py FOLDER TIMES`: rotates the keys of a folder that another process works on.

So often at least, and until its standard input ends.
"""

from __future__ import annotations

import select
import sys
from itertools import count
from pathlib import Path

from footfall.engine.clock import SystemClock
from footfall.vault.making import make_ring
from footfall.vault.objects import SealedObjects
from footfall.vault.ring import Ring
from footfall.vault.rotation import rotate


def ring_of(folder: Path) -> Ring:
    return make_ring(folder / "keys", {}, SystemClock(), lambda event, what: None)


if __name__ == "__main__":
    data = Path(sys.argv[1])
    ring = ring_of(data)
    objects = SealedObjects(data / "objects", ring, tidies=False)
    own = data / "keys" / "service-key"
    for turn in count(1):
        rotate(ring, [objects], lambda event, what: None, own)
        if turn >= int(sys.argv[2]) and select.select([sys.stdin], [], [], 0.0)[0]:
            break

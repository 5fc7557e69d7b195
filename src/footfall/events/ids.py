"""Ids on the wire: 32 lower-case hex digits (spec/events.md section 1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from itertools import count

_WIRE_ID = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"0|[1-9a-f][0-9a-f]{0,30}")


def replay_ids(seed: str) -> Callable[[], str]:
    """Maker of ids that come out the same in every run with the same seed."""
    numbers = count()
    return lambda: _digest(f"{seed}/{next(numbers)}")


def wire_id(track_id: str) -> str:
    """A track id as the wire wants it.

    Our own ids pass unchanged. Recorded tracks may carry others: hex numbers are filled up with zeros, so that
    person `7` is still recognised, anything else is hashed.
    """
    if _WIRE_ID.fullmatch(track_id):
        return track_id
    return track_id.zfill(32) if _NUMBER.fullmatch(track_id) else _digest(track_id)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]

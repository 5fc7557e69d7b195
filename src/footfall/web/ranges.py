"""Range requests (RFC 9110 14): one range of bytes; of several the whole is sent, as the RFC allows."""

from __future__ import annotations

import re
from typing import Final

_ONE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(ValueError):
    """Nothing of the range is there."""


def asked_range(header: str | None, size: int) -> range:
    """Which bytes of so many are wanted.

    >>> asked_range("bytes=-3", 10)
    range(7, 10)

    Raises:
        Unsatisfiable: none of those that there are.
    """
    match = _ONE.fullmatch(header.replace(" ", "")) if header else None
    if match is None or not (match[1] or match[2]):
        return range(size)
    if not match[1]:
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2]) if match[2] else size - 1, size - 1)
        if match[2] and int(match[2]) < first:
            return range(size)
    if first > last:
        raise Unsatisfiable
    return range(first, last + 1)

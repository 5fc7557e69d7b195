"""From the form in which cameras send H.264 and H.265 to the form in which MP4 holds it. Pure."""

from __future__ import annotations

import re
from typing import Final

_START_CODE: Final = re.compile(rb"\x00{2,}\x01")


def length_prefixed(data: bytes) -> bytes:
    """NAL units behind start codes (H.264 Annex B) -> the same behind lengths of four bytes (ISO/IEC 14496-15).

    Start codes cannot occur inside a unit; zeros before one belong to it, zeros at the end are padding.
    """
    units = (unit.rstrip(b"\x00") for unit in _START_CODE.split(data))
    return b"".join(len(unit).to_bytes(4, "big") + unit for unit in units if unit)

"""What viewers ask for and what they get."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from footfall.core.errors import FootfallError

Head: TypeAlias = dict[str, Any]
"""What the page draws over the picture: plain JSON."""


class View(Enum):
    """Whose eyes a picture is for."""

    PRIVACY = "privacy"
    """The empty place, drawn from what never stirs; people are in the head, as boxes and foot points."""
    REAL = "real"
    """The picture itself: only for those who may, and whoever asks for it here has been checked before."""


class NoPicture(FootfallError):
    """There is no such camera, or it has sent nothing yet, or not lately."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of one camera, the same for all who look at it."""

    head: Head
    """`t`, `view`, `size`, `people`, `zones`, `totals`, `learnt`, `regions`: see `live.head`."""
    jpeg: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    """As it goes over a WebSocket: the head's length (uint32, big-endian), the head as JSON, the JPEG."""

    @classmethod
    def of(cls, head: Head, jpeg: bytes) -> Picture:
        """Packed once for everybody."""
        text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(head, jpeg, len(text).to_bytes(4, "big") + text + jpeg)

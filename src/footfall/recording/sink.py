"""What a recorder sees of a sink, and what all sinks share. The sinks themselves: `file_sink`, `asset_sink`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from footfall.core.types import Packet
from footfall.recording.gate import Opening
from footfall.recording.notices import Notice
from footfall.vault.keys import KeyRing

Hear: TypeAlias = Callable[[Notice], None]


class Sink(Protocol):
    """Takes the packets of one opening after the other. Trouble with the disk is told as a notice, never raised."""

    @property
    def appends(self) -> bool:
        """Whether openings go to the same place: then no packet is written twice."""
        ...

    def take(self, packet: Packet, opening: Opening, *, continues: bool) -> None:
        """The next packet of an opening.

        Args:
            packet: In decode order.
            opening: As far as the gate knows by now.
            continues: Whether it goes on from the packet taken before, be it one of an earlier opening.
        """
        ...

    def lose(self, packet: Packet) -> None:
        """The packets before this one could not be kept: the disk is too slow."""
        ...

    def pause(self) -> None:
        """The camera is silent: what is open is completed, and may go on later."""
        ...

    def stop(self) -> None:
        """The opening is over."""
        ...

    def tidy(self, now: datetime) -> None:
        """Delete what is too old."""
        ...

    def close(self) -> None:
        """Nothing more comes."""
        ...


@dataclass(frozen=True, slots=True)
class Keeping:
    """How recordings are kept."""

    ring: KeyRing | None = None
    """Seals them; None: they stay in clear."""
    retention_days: int | None = None
    """They are deleted so long after their end; None: never."""


def start_utc(packet: Packet, opening: Opening) -> datetime:
    """When the media of an opening start that this packet is the first of; the key frame may lie before."""
    return packet.utc + timedelta(seconds=max(0.0, opening.start_s - packet.t_s))


def reason_of(error: Exception) -> str:
    """An error without the name of the hidden file it happened to."""
    return getattr(error, "strerror", None) or type(error).__name__

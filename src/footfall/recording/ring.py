"""The last seconds of a camera's packets, so that a clip can begin before its event. Pure and bounded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import inf
from typing import Final

from footfall.core.types import Packet

MOST_BYTES: Final = 256 * 2**20
LEAP_S: Final = 5.0
"""Time stamps that run ahead of stream time by more have a new time base."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A packet in its place."""

    number: int
    """Counts all packets from 0; never given twice."""
    run: int
    """Packets of one run go on from each other: same connection, same format, time stamps that grow."""
    packet: Packet


class Ring:
    """Packets in decode order, from a key frame on.

    Args:
        most_bytes: With more the oldest groups of pictures go, whoever still wants them.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._entries: deque[Entry] = deque()
        self._keys: deque[Entry] = deque()
        self._bytes = 0
        self._number = 0
        self._run = 0
        self._is_broken = False
        self._last: Packet | None = None
        self.last_s = -inf
        """Stream time of the newest packet."""
        self.has_forgotten = False
        """Whether what is held does not go back to the first key frame any more."""

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size_bytes(self) -> int:
        """Compressed pictures held."""
        return self._bytes

    def push(self, packet: Packet) -> None:
        """Add the next packet; before the first key frame there is nothing to hold."""
        if self._is_broken or (self._last is not None and not follows(self._last, packet)):
            self._run += 1
            self._is_broken = False
        self._last = packet
        self.last_s = max(self.last_s, packet.t_s)
        entry = Entry(self._number, self._run, packet)
        self._number += 1
        if packet.is_key:
            self._keys.append(entry)
        elif not self._entries:
            return
        self._entries.append(entry)
        self._bytes += len(packet.data)
        while self._bytes > self._most_bytes:
            self._forget_group()

    def break_off(self) -> None:
        """The packets to come do not go on from those so far."""
        self._is_broken = True

    def forget_before(self, t_s: float) -> None:
        """Let go of what a clip from `t_s` on does not need: it begins with the last key frame at or before that."""
        while len(self._keys) > 1 and self._keys[1].packet.t_s <= t_s:
            self._forget_group()

    def begin(self, start_s: float) -> int:
        """Number of the packet that a clip from `start_s` on begins with.

        The last key frame at or before it in the run that reaches it; else the first key frame after it; else the next
        packet to come.
        """
        found: Entry | None = None
        for entry in self._entries:
            if found is not None and entry.run != found.run and found.packet.t_s <= start_s:
                found = None
            if entry.packet.is_key and (found is None or entry.packet.t_s <= start_s):
                found = entry
            if found is not None and entry.packet.t_s >= start_s:
                return found.number
        return self._number if found is None else found.number

    def when(self, utc: datetime) -> float | None:
        """Stream time of a time of day, as the packets around it say; None: there are none."""
        later = self._last
        for entry in reversed(self._entries):
            if entry.packet.utc <= utc:
                return entry.packet.t_s + (utc - entry.packet.utc).total_seconds()
            later = entry.packet
        return None if later is None else later.t_s + (utc - later.utc).total_seconds()

    def since(self, number: int) -> Iterator[Entry]:
        """What is held from this number on."""
        first = self._entries[0].number if self._entries else number
        return islice(self._entries, max(0, number - first), None)

    def _forget_group(self) -> None:
        """Let go of the oldest key frame and all that need it."""
        self.has_forgotten = True
        self._keys.popleft()
        end = self._keys[0].number if self._keys else self._number
        while self._entries and self._entries[0].number < end:
            self._bytes -= len(self._entries.popleft().packet.data)


def follows(before: Packet, packet: Packet) -> bool:
    """Whether both can stand in one file: time stamps of a camera that starts again, or leaps, cannot."""
    if packet.format is not before.format and packet.format != before.format:
        return False
    if packet.dts is None or before.dts is None:
        return packet.decode_s >= before.decode_s - 1.0
    tick_s = packet.format.time_base
    step_s = (packet.dts - before.dts) * tick_s.numerator / tick_s.denominator
    return 0.0 < step_s < packet.decode_s - before.decode_s + LEAP_S

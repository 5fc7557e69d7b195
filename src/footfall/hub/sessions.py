"""What the hub owes one client: its subscriptions, and messages it has not confirmed (MQTT 3.1.1 section 4.4). Pure.

A session outlives its connections. Messages stand in line oldest first; a window of them is under way to the client,
and what was under way when a connection broke goes out again, marked as such, on the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from footfall.edge.topics import Identity, input_message
from footfall.hub.filters import is_filter, matches
from footfall.hub.wire import REFUSED, publish

WINDOW: Final = 256
"""Messages under way to a client at a time."""
WINDOW_BYTES: Final = 4 * 1024 * 1024
"""Their bytes; one message may always go."""
LONGEST_LINE: Final = 256
"""Messages that stand in line in memory; the rest stays on the disk until there is room."""
MOST_NAMES: Final = 1000
"""Inputs whose subscription is remembered."""
MOST_FILTERS: Final = 64
"""Subscriptions of one client."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A message for an input that its module has not confirmed."""

    number: int
    """Its place in the line; messages of the whole hub are numbered in the order in which they came."""
    input: str
    bag: str
    body: bytes = field(repr=False)
    until_s: float
    """Unix time after which nobody wants it any more."""

    @property
    def size(self) -> int:
        """Bytes, about."""
        return len(self.body) + len(self.bag)


class Session:
    """One client's. Whoever owns it feeds it from the disk: all of `wants(input)` beyond `read_until`, in order."""

    def __init__(self, client: Identity) -> None:
        self.client = client
        self.subscriptions: dict[str, int] = {}
        """QoS granted, by filter."""
        self.read_until = 0
        """Number of the newest message that has been looked at."""
        self.is_behind = True
        """Whether the disk may hold messages beyond that."""
        self._line: deque[Owed] = deque()
        self._again: deque[int] = deque()
        self._under_way: dict[int, Owed] = {}
        self._numbers: set[int] = set()
        self._bytes_under_way = 0
        self._last_id = 0
        self._granted: dict[str, int | None] = {}

    def subscribe(self, pattern: str, qos: int) -> int:
        """Want messages; the code for SUBACK. QoS 2 is granted as 1."""
        is_full = len(self.subscriptions) >= MOST_FILTERS and pattern not in self.subscriptions
        if is_full or not is_filter(pattern):
            return REFUSED
        self.subscriptions[pattern] = min(qos, 1)
        self._look_again()
        return min(qos, 1)

    def unsubscribe(self, pattern: str) -> None:
        """Want them no more."""
        self.subscriptions.pop(pattern, None)
        self._look_again()

    def restore(self, subscriptions: Mapping[str, int]) -> None:
        """Begin anew with these subscriptions.

        Messages for inputs stay, even of a client that wants a clean start: they are the module's, not the session's.
        """
        self.subscriptions = dict(subscriptions)
        self._numbers.difference_update(owed.number for owed in self._under_way.values())
        self._under_way.clear()
        self._bytes_under_way = 0
        self._look_again()

    def qos_of(self, topic: str) -> int | None:
        """With which QoS the client wants a topic; None: it does not."""
        return max((qos for pattern, qos in self.subscriptions.items() if matches(pattern, topic)), default=None)

    def wants(self, name: str) -> bool:
        """Whether the client listens to an input."""
        return self._qos_of_input(name) is not None

    @property
    def is_idle(self) -> bool:
        """Whether nobody stands in line."""
        return not self._line

    def offer(self, owed: Owed) -> None:
        """A new message, which is on the disk already."""
        if self.is_behind or owed.number <= self.read_until:
            return
        if len(self._line) < LONGEST_LINE:
            self.stand_in_line(owed)
        else:
            self.is_behind = True

    def stand_in_line(self, owed: Owed) -> None:
        """Take the next message, unless it is not wanted or under way already."""
        self.read_until = owed.number
        if owed.number not in self._numbers and self.wants(owed.input):
            self._line.append(owed)

    def resume(self) -> None:
        """A connection has begun: what was under way goes out again first, marked."""
        self._again = deque(self._under_way)
        self._look_again()

    def due(self, now_s: float) -> Iterator[tuple[bytes, Owed | None]]:
        """Packets that may go out now, in order, each with the message that is done with thereby (QoS 0)."""
        while self._again:
            packet_id = self._again.popleft()
            if (late := self._under_way.get(packet_id)) is not None:
                yield self._packet(late, packet_id, is_again=True), None
        while self._line and self._has_window(self._line[0]):
            owed = self._line.popleft()
            qos = self._qos_of_input(owed.input)
            if owed.until_s <= now_s or qos is None:
                continue
            self._numbers.add(owed.number)
            if qos == 0:
                yield self._packet(owed, 0), owed
            else:
                yield self._packet(owed, self._send(owed)), None

    def confirmed(self, packet_id: int) -> Owed | None:
        """The client has it; None: nothing was under way with this id. `forget` it when it is off the disk."""
        owed = self._under_way.pop(packet_id, None)
        if owed is not None:
            self._bytes_under_way -= owed.size
        return owed

    def forget(self, owed: Owed) -> None:
        """A message that the client has is off the disk: until then it may be read from there once more."""
        self._numbers.discard(owed.number)

    def _look_again(self) -> None:
        self._granted.clear()
        self._line.clear()
        self.read_until = 0
        self.is_behind = True

    def _qos_of_input(self, name: str) -> int | None:
        if name not in self._granted:
            if len(self._granted) > MOST_NAMES:
                self._granted.clear()
            self._granted[name] = self.qos_of(input_message(self.client, name))
        return self._granted[name]

    def _has_window(self, owed: Owed) -> bool:
        is_free = len(self._under_way) < WINDOW and self._bytes_under_way + owed.size <= WINDOW_BYTES
        return is_free or not self._under_way

    def _send(self, owed: Owed) -> int:
        self._last_id = self._last_id % 65_535 + 1
        while self._last_id in self._under_way:
            self._last_id = self._last_id % 65_535 + 1
        self._under_way[self._last_id] = owed
        self._bytes_under_way += owed.size
        return self._last_id

    def _packet(self, owed: Owed, packet_id: int, *, is_again: bool = False) -> bytes:
        topic = input_message(self.client, owed.input, owed.bag)
        return publish(topic, owed.body, packet_id, is_again=is_again)

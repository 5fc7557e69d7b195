"""MQTT 3.1.1 between packets and bytes, the hub's side (OASIS standard, "MQTT Version 3.1.1"). Pure.

What the hub needs and no more: QoS 0 and 1, no retained messages. Wills are read and ignored. Numbers in brackets are
those of the standard's conformance statements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

LEVEL: Final = 4
"""Protocol level of MQTT 3.1.1."""
LARGEST_BODY: Final = 262_144
"""Bytes of the largest message (spec/iot.md section 3.1)."""
LARGEST_PACKET: Final = LARGEST_BODY + 65_535 + 4
"""Remaining length of the largest PUBLISH: message, topic, their lengths and the packet id."""
LARGEST_CONNECT: Final = 16_384
"""Nobody who is not known yet may fill the memory."""
REFUSED: Final = 0x80
"""Return code of a filter in SUBACK that was not taken."""


class ProtocolError(ValueError):
    """These bytes are no packet that a client of the hub may send: the connection ends."""


@dataclass(frozen=True, slots=True)
class Connect:
    """A client introduces itself."""

    level: int
    """Protocol level; of another than `LEVEL` nothing else was read."""
    client_id: str = ""
    user: str | None = None
    password: bytes | None = field(default=None, repr=False)
    is_clean: bool = True
    keep_alive_s: int = 0
    """0: never mind."""


@dataclass(frozen=True, slots=True)
class Publish:
    """A client sends a message."""

    topic: str
    payload: bytes = field(repr=False)
    packet_id: int = 0
    """0: QoS 0, no answer is wanted."""


@dataclass(frozen=True, slots=True)
class PubAck:
    """A client has a message."""

    packet_id: int


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A client wants messages."""

    packet_id: int
    filters: tuple[tuple[str, int], ...]
    """Topic filters and the QoS asked for: 0, 1 or 2."""


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A client wants them no more."""

    packet_id: int
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PingReq:
    """A client is still there."""


@dataclass(frozen=True, slots=True)
class Disconnect:
    """A client goes."""


Packet: TypeAlias = Connect | Publish | PubAck | Subscribe | Unsubscribe | PingReq | Disconnect


class Decoder:
    """Bytes as they arrive, cut anywhere, become packets.

    The first packet must be CONNECT, and only the first [MQTT-3.1.0-1, 3.1.0-2].
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._is_connected = False

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Take bytes; the packets that are whole now. Use up one iterator before the next.

        Raises:
            ProtocolError: while iterating, after the good packets before the bad one.
        """
        self._buffer += data
        start = 0
        try:
            while (frame := self._frame(start)) is not None:
                first, begin, end = frame
                packet = _parse(first, bytes(memoryview(self._buffer)[begin:end]))
                self._check_order(packet)
                start = end
                yield packet
        finally:
            del self._buffer[:start]

    def _frame(self, start: int) -> tuple[int, int, int] | None:
        """First byte of the packet that begins here, where its content begins and ends; None: not whole yet."""
        if not self._is_connected and start < len(self._buffer) and self._buffer[start] >> 4 != 1:
            raise ProtocolError("CONNECT comes first [MQTT-3.1.0-1]")
        length = shift = 0
        at = start + 1
        while True:
            if at >= len(self._buffer):
                return None
            byte = self._buffer[at]
            length |= (byte & 0x7F) << shift
            at += 1
            if byte < 0x80:
                break
            shift += 7
            if shift > 21:
                raise ProtocolError("a remaining length has at most four bytes")
        if length > (LARGEST_PACKET if self._is_connected else LARGEST_CONNECT):
            raise ProtocolError(f"a packet of {length} bytes is too large")
        return (self._buffer[start], at, at + length) if at + length <= len(self._buffer) else None

    def _check_order(self, packet: Packet) -> None:
        if isinstance(packet, Connect) and self._is_connected:
            raise ProtocolError("CONNECT twice [MQTT-3.1.0-2]")
        self._is_connected = True


class _Fields:
    """Reads the fields of one packet in order."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        return self._take(1)[0]

    def number(self) -> int:
        return int.from_bytes(self._take(2))

    def packet_id(self) -> int:
        number = self.number()
        if number == 0:
            raise ProtocolError("a packet id of 0 [MQTT-2.3.1-1]")
        return number

    def binary(self) -> bytes:
        return self._take(self.number())

    def text(self) -> str:
        try:
            text = self.binary().decode()
        except UnicodeDecodeError:
            raise ProtocolError("text that is not UTF-8 [MQTT-1.5.3-1]") from None
        if "\0" in text:
            raise ProtocolError("text with U+0000 [MQTT-1.5.3-2]")
        return text

    def rest(self) -> bytes:
        return self._take(len(self._data) - self._at)

    @property
    def is_empty(self) -> bool:
        return self._at == len(self._data)

    def _take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise ProtocolError("a packet that ends too early")
        taken = self._data[self._at : end]
        self._at = end
        return taken


def _parse(first: int, data: bytes) -> Packet:
    kind = first >> 4
    if kind == 3:
        return _publish(first & 0x0F, _Fields(data))
    if kind not in _KINDS:
        raise ProtocolError(f"a packet of type {kind}, which the hub does not take")
    flags, parse = _KINDS[kind]
    if first & 0x0F != flags:
        raise ProtocolError("reserved flags that are wrong [MQTT-2.2.2-2]")
    fields = _Fields(data)
    packet = parse(fields)
    if not fields.is_empty and not _is_foreign(packet):
        raise ProtocolError("a packet that is longer than its content")
    return packet


def _is_foreign(packet: Packet) -> bool:
    return isinstance(packet, Connect) and packet.level != LEVEL


def _connect(fields: _Fields) -> Connect:
    name, level = fields.text(), fields.byte()
    if name not in {"MQTT", "MQIsdp"}:
        raise ProtocolError("not MQTT [MQTT-3.1.2-1]")
    if name == "MQIsdp" or level != LEVEL:
        return Connect(level if level != LEVEL else 3)
    flags, keep_alive_s = fields.byte(), fields.number()
    _check_connect_flags(flags)
    client_id = fields.text()
    if flags & 0x04:
        fields.text()
        fields.binary()
    user = fields.text() if flags & 0x80 else None
    password = fields.binary() if flags & 0x40 else None
    return Connect(level, client_id, user, password, bool(flags & 0x02), keep_alive_s)


def _check_connect_flags(flags: int) -> None:
    if flags & 0x01:
        raise ProtocolError("a reserved flag in CONNECT [MQTT-3.1.2-3]")
    if (flags & 0x18 and not flags & 0x04) or (flags & 0x20 and not flags & 0x04) or flags & 0x18 == 0x18:
        raise ProtocolError("flags of a will without a will, or QoS 3 [MQTT-3.1.2-11]")
    if flags & 0x40 and not flags & 0x80:
        raise ProtocolError("a password without a user name [MQTT-3.1.2-22]")


def _publish(flags: int, fields: _Fields) -> Publish:
    qos = flags >> 1 & 3
    if qos > 1:
        raise ProtocolError(f"QoS {qos}, which the hub does not offer")
    if qos == 0 and flags & 0x08:
        raise ProtocolError("DUP with QoS 0 [MQTT-3.3.1-2]")
    topic = fields.text()
    if not topic or "+" in topic or "#" in topic:
        raise ProtocolError("a topic that is empty or has wildcards [MQTT-3.3.2-2]")
    packet_id = fields.packet_id() if qos else 0
    payload = fields.rest()
    if len(payload) > LARGEST_BODY:
        raise ProtocolError(f"a message of {len(payload)} bytes; the largest has {LARGEST_BODY}")
    return Publish(topic, payload, packet_id)


def _puback(fields: _Fields) -> PubAck:
    return PubAck(fields.packet_id())


def _subscribe(fields: _Fields) -> Subscribe:
    packet_id = fields.packet_id()
    filters = []
    while not fields.is_empty:
        name, qos = fields.text(), fields.byte()
        if qos > 2:
            raise ProtocolError("a subscription with QoS 3 or more [MQTT-3.8.3-4]")
        filters.append((name, qos))
    if not filters:
        raise ProtocolError("SUBSCRIBE without a filter [MQTT-3.8.3-3]")
    return Subscribe(packet_id, tuple(filters))


def _unsubscribe(fields: _Fields) -> Unsubscribe:
    packet_id = fields.packet_id()
    filters = []
    while not fields.is_empty:
        filters.append(fields.text())
    if not filters:
        raise ProtocolError("UNSUBSCRIBE without a filter [MQTT-3.10.3-2]")
    return Unsubscribe(packet_id, tuple(filters))


_KINDS: Final[dict[int, tuple[int, Callable[[_Fields], Packet]]]] = {
    1: (0, _connect),
    4: (0, _puback),
    8: (2, _subscribe),
    10: (2, _unsubscribe),
    12: (0, lambda _: PingReq()),
    14: (0, lambda _: Disconnect()),
}
"""Reserved flags and reader of each packet type but PUBLISH, whose flags mean something."""

PINGRESP: Final = b"\xd0\x00"


def connack(code: int, *, session_present: bool = False) -> bytes:
    """Answer to CONNECT: 0 welcome, 1 protocol level, 2 client id, 4 user name or password, 5 not authorised."""
    return bytes((0x20, 2, session_present, code))


def puback(packet_id: int) -> bytes:
    """The hub has a message for good."""
    return b"\x40\x02" + packet_id.to_bytes(2)


def suback(packet_id: int, codes: Sequence[int]) -> bytes:
    """Answer to SUBSCRIBE: for each filter the QoS granted, or `REFUSED`."""
    return b"\x90" + _length(2 + len(codes)) + packet_id.to_bytes(2) + bytes(codes)


def unsuback(packet_id: int) -> bytes:
    """Answer to UNSUBSCRIBE."""
    return b"\xb0\x02" + packet_id.to_bytes(2)


def publish(topic: str, payload: bytes, packet_id: int = 0, *, is_again: bool = False) -> bytes:
    """A message for a client: QoS 1 with a packet id, QoS 0 without; `is_again` sets DUP.

    Raises:
        ValueError: the topic has more than 65,535 bytes.
    """
    name = topic.encode()
    if len(name) > 65_535:
        raise ValueError(f"a topic of {len(name)} bytes; the longest has 65535")
    first = 0x30 | (2 if packet_id else 0) | (8 if is_again else 0)
    head = len(name).to_bytes(2) + name + (packet_id.to_bytes(2) if packet_id else b"")
    return bytes((first,)) + _length(len(head) + len(payload)) + head + payload


def _length(number: int) -> bytes:
    """Remaining length: seven bits a byte, lowest first (section 2.2.3)."""
    out = bytearray()
    while True:
        number, byte = divmod(number, 128)
        out.append(byte | (0x80 if number else 0))
        if not number:
            return bytes(out)

"""Sets the clock of a simulated camera: changes the times in its sender reports on their way. Pure.

Over TCP, RTCP travels between RTSP's messages and the video (RFC 2326 section 10.12): `$`, channel, length, packet.
"""

from __future__ import annotations

import re
import struct
from typing import Final

SENDER_REPORT: Final = 200
_FRAME: Final = struct.Struct(">cBH")
_NTP: Final = struct.Struct(">Q")
_NTP_AT: Final = 8
_LENGTH: Final = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


class SenderReports:
    """One direction of one connection, from camera to viewer."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes, offset_s: float) -> bytes:
        """What to send on: whole messages, with the camera's clock ahead by so much."""
        self._rest += data
        done: list[bytes] = []
        while size := _size(self._rest):
            done.append(_shifted(self._rest[:size], offset_s))
            self._rest = self._rest[size:]
        return b"".join(done)


def _size(data: bytes) -> int:
    """Of the first message; 0 as long as it is not whole."""
    if data[:1] == b"$":
        size = _FRAME.size + _FRAME.unpack_from(data)[2] if len(data) >= _FRAME.size else 0
    else:
        head, end, _ = data.partition(_END)
        body = _LENGTH.search(head)
        size = len(head) + len(end) + (int(body[1]) if body else 0) if end else 0
    return size if size <= len(data) else 0


def _shifted(message: bytes, offset_s: float) -> bytes:
    at = _FRAME.size + _NTP_AT
    if message[:1] != b"$" or len(message) < at + _NTP.size or message[_FRAME.size + 1] != SENDER_REPORT:
        return message
    (ntp,) = _NTP.unpack_from(message, at)
    moved = max(0, ntp + round(offset_s * 2**32)) % 2**64
    return message[:at] + _NTP.pack(moved) + message[at + _NTP.size :]

"""A JPEG without anything but the picture: the compressed data stay as they are (ITU-T T.81, annex B)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_SOI: Final = b"\xff\xd8"
_EOI: Final = 0xD9
_SOS: Final = 0xDA
_APP0: Final = 0xE0
_APP14: Final = 0xEE
_KEPT: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, _SOS})
"""Frames (baseline, extended, progressive), Huffman tables, quantisation tables, restart interval, scans."""
_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
_JFIF: Final = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""Version 1.1, square pixels, no thumbnail."""
_ADOBE: Final = b"Adobe\x00\x64\x00\x00\x00\x00"
"""Before its last byte, which says how colours are coded."""
_ADOBE_BYTES: Final = 12


def bare(content: bytes) -> bytes | None:
    """The picture alone: no EXIF, XMP, profiles, comments, thumbnails, nor anything after its end.

    None: it is built in a way that is not usual; encode it anew.
    """
    parts, frames = [_SOI], 0
    try:
        for marker, data, scan in _segments(content):
            if marker == _APP0 and data.startswith(b"JFIF\x00"):
                parts.append(_segment(marker, _JFIF))
            elif marker == _APP14 and data.startswith(b"Adobe") and len(data) == _ADOBE_BYTES:
                parts.append(_segment(marker, _ADOBE + data[-1:]))
            elif marker in _KEPT:
                parts += (_segment(marker, data), scan)
            elif not (_APP0 <= marker <= 0xEF or marker == 0xFE):
                return None
            frames += marker in _FRAMES
    except (IndexError, ValueError):
        return None
    return b"".join((*parts, b"\xff\xd9")) if frames == 1 else None


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, its data, and for a scan what is coded in it, up to the end of the picture."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("no marker")
        while content[at] == 0xFF:
            at += 1
        marker, at = content[at], at + 1
        if marker == _EOI:
            return
        length = int.from_bytes(content[at : at + 2], "big")
        data = content[at + 2 : at + length]
        if length < 2 or len(data) != length - 2:
            raise ValueError("a segment is cut")
        at += length
        end = _scan_end(content, at) if marker == _SOS else at
        yield marker, data, content[at:end]
        at = end


def _scan_end(content: bytes, at: int) -> int:
    """Where the next marker is that is no restart and no stuffed byte."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2, "big") + data

"""Pictures in the body of a request, taken apart in memory: nothing ever touches the disk (spec/custom-vision.md 7).

The odd forms that clients send are all read: parts without file name or type, a multipart type without a boundary
around raw bytes, and no multipart at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Final

FIELD: Final = "imageData"
MOST_PARTS: Final = 256
"""Whatever the limits of a batch: nobody takes apart more."""
_HEADER_BYTES: Final = 16 * 1024
_HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
_AFTER: Final = re.compile(rb"--|[ \t]*(?:\r?\n|\Z)")
"""What may stand behind a boundary: the end, or the next part."""
_MAGIC: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of a body."""

    name: str
    """Of the field; empty where there is none."""
    file: str
    """Name of the file, without folders; empty where there is none."""
    content: bytes


class BadMultipart(ValueError):
    """It cannot be taken apart."""


def looks_like_picture(content: bytes) -> bool:
    """By its first bytes: JPEG, PNG, GIF or BMP."""
    return content.startswith(_MAGIC)


def pictures(content_type: str, body: bytes) -> list[Part]:
    """The pictures of a body, in order; what is no file and does not look like a picture is passed over.

    Raises:
        BadMultipart: it cannot be taken apart.
    """
    media_type, boundary = _media_type(content_type)
    if not media_type.startswith("multipart/"):
        return [Part("", "", body)] if body else []
    if not boundary and looks_like_picture(body):
        return [Part("", "", body)]
    boundary = boundary or _first_line(body)
    found = list(split(body, boundary))
    return [part for part in found if part.file or part.name == FIELD or looks_like_picture(part.content)]


def split(body: bytes, boundary: bytes) -> Iterator[Part]:
    """All parts between boundaries (RFC 2046 5.1.1); a body that ends without the last boundary ends its last part.

    Raises:
        BadMultipart: there is no boundary, a part has no end of its headers, or there are too many.
    """
    begin = None
    for count, (line_begin, line_end, is_last) in enumerate(_boundaries(body, b"--" + boundary)):
        if count > MOST_PARTS:
            raise BadMultipart(f"more than {MOST_PARTS} parts")
        if begin is not None:
            yield _part(body, begin, line_begin)
        begin = line_end
        if is_last:
            return
    if begin is None:
        raise BadMultipart("the boundary does not occur")
    yield _part(body, begin, len(body))


def _boundaries(body: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each line with the boundary begins, the line break before it included, and ends; whether it is the last."""
    at = body.find(delimiter)
    while at >= 0:
        end = at + len(delimiter)
        after = _AFTER.match(body, end)
        begin = _line_break_before(body, at)
        if after is not None and begin is not None:
            yield begin, after.end(), after[0] == b"--"
            end = after.end()
        at = body.find(delimiter, end)


def _line_break_before(body: bytes, at: int) -> int | None:
    if at == 0:
        return 0
    if body[at - 1 : at] != b"\n":
        return None
    return at - 2 if body[at - 2 : at - 1] == b"\r" else at - 1


def _part(body: bytes, begin: int, end: int) -> Part:
    if body[begin : begin + 1] == b"\n" or body[begin : begin + 2] == b"\r\n":
        return Part("", "", body[begin + (1 if body[begin : begin + 1] == b"\n" else 2) : end])
    gap = _HEADER_END.search(body, begin, min(end, begin + _HEADER_BYTES))
    if gap is None:
        raise BadMultipart("a part has no empty line behind its headers")
    headers = Message()
    for line in body[begin : gap.start()].decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            headers["Content-Disposition"] = value.strip()
    name = _parameter(headers, "name")
    return Part(name, re.split(r"[/\\]", _parameter(headers, "filename"))[-1], body[gap.end() : end])


def _parameter(headers: Message, name: str) -> str:
    value = headers.get_param(name, "", "content-disposition")
    if isinstance(value, tuple):
        return value[2]
    return value


def _media_type(content_type: str) -> tuple[str, bytes]:
    headers = Message()
    headers["Content-Type"] = content_type or "application/octet-stream"
    boundary = headers.get_param("boundary", "")
    text = boundary if isinstance(boundary, str) else ""
    return content_type.partition(";")[0].strip().lower(), text.encode("latin-1", "replace")


def _first_line(body: bytes) -> bytes:
    """What stands in for a boundary that nobody told."""
    line = body[:256].split(b"\n", 1)[0].strip()
    if not line.startswith(b"--") or len(line) < 3:
        raise BadMultipart("multipart without a boundary")
    return line[2:]

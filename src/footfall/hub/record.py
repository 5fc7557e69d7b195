"""One line of the event log: a message as a JSON object, and back. Pure.

Fields: `time`, `device`, `module` (not of devices), `output`, `id`, `properties`, `system`, `unrouted` (`true` where no
route matched), `body`. A body that is JSON stands in the line as it came, byte by byte but for line breaks, which are
blanks then; `encoding` tells where it is `text` or `base64` in a string instead.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime

import msgspec

from footfall.edge.topics import Identity
from footfall.hub.messages import HubMessage


class _Head(msgspec.Struct, omit_defaults=True, kw_only=True):
    """All of a line but its body."""

    time: datetime
    device: str
    module: str | None = None
    output: str
    id: str
    properties: Mapping[str, str | None]
    system: Mapping[str, str | None]
    unrouted: bool = False
    encoding: str = ""


class _Line(_Head, kw_only=True):
    """A whole line."""

    body: msgspec.Raw


_encode = msgspec.json.Encoder().encode
_line = msgspec.json.Decoder(_Line)
_text = msgspec.json.Decoder(str)
_any = msgspec.json.Decoder()


def line_of(message: HubMessage, *, unrouted: bool = False) -> bytes:
    """A message as one line, with its line feed."""
    encoding, body = _body(message.body)
    sender = message.sender
    head = _Head(
        time=message.time,
        device=sender.device,
        module=sender.module,
        output=message.output,
        id=message.id,
        properties=message.properties,
        system=message.system,
        unrouted=unrouted,
        encoding=encoding,
    )
    return _encode(head)[:-1] + b',"body":' + body + b"}\n"


def message_of(line: bytes) -> tuple[HubMessage, bool]:
    """The message of a line, and whether it matched no route.

    Raises:
        ValueError: it is no line of an event log.
    """
    read = _line.decode(line)
    sender = Identity(read.device, read.module)
    body = _body_of(bytes(read.body), read.encoding)
    message = HubMessage(sender, read.output, body, read.system, read.properties, read.time, read.id)
    return message, read.unrouted


def _body(body: bytes) -> tuple[str, bytes]:
    try:
        body.decode()
        _any.decode(body)
    except UnicodeDecodeError:
        return "base64", _encode(base64.b64encode(body).decode())
    except (ValueError, RecursionError):
        return "text", _encode(body.decode())
    return "", body.replace(b"\r", b" ").replace(b"\n", b" ")


def _body_of(raw: bytes, encoding: str) -> bytes:
    match encoding:
        case "":
            return raw
        case "text":
            return _text.decode(raw).encode()
        case "base64":
            return base64.b64decode(_text.decode(raw), validate=True)
    raise ValueError(f"a body in an encoding that nobody knows: {encoding}")

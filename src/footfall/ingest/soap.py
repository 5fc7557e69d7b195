"""SOAP 1.2 as cameras speak it: envelopes, logins, and a reader of XML that bombs cannot hurt. Pure.

Names are read without their name spaces: makers agree on words, not on prefixes. A document type, and with it every
entity, is refused (CWE-776, CWE-611); depth, number and size of elements are limited.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

MOST_BYTES: Final = 512 * 1024
MOST_ELEMENTS: Final = 20_000
MOST_DEPTH: Final = 60

_ENVELOPE: Final = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">'
    "<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
)
_SECURITY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"


@dataclass(slots=True)
class Element:
    """One XML element."""

    name: str
    """Without its name space."""
    attributes: dict[str, str]
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Element]:
        """Every element of this name below, in document order."""
        waiting = self.children[::-1]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting += element.children[::-1]

    def first(self, *path: str) -> Element | None:
        """The first of the last name below the first of the one before, and so on."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def words(self, *path: str) -> str:
        """Text of that element without blanks around it; empty where there is none."""
        found = self.first(*path)
        return found.text.strip() if found else ""


def parse(document: bytes) -> Element:
    """The root of a document.

    Raises:
        ValueError: it is no XML, too large, too deep, or has a document type.
    """
    if len(document) > MOST_BYTES:
        raise ValueError("the answer is too large")
    reader = _Reader()
    try:
        reader.parser.Parse(document, True)
    except (expat.ExpatError, UnicodeError, LookupError) as error:
        raise ValueError(f"the answer is no XML: {error}") from error
    return reader.top.children[0]


class _Reader:
    def __init__(self) -> None:
        self.top = Element("", {})
        self._open = [self.top]
        self._count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _refuse(self, *_declared: object) -> None:
        raise ValueError("the answer has a document type, which may be a bomb")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(self._open) > MOST_DEPTH:
            raise ValueError("the answer has too many elements")
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(" ")[2], plain)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].text += text


def envelope(body: str, header: str = "") -> bytes:
    """A message; `body` and `header` are XML already."""
    return _ENVELOPE.format(header=header, body=body).encode()


def security(user: str, password: str, nonce: bytes, created: datetime) -> str:
    """A header with a login whose password cannot be read from it (WS-Security UsernameToken Profile 1.1, 3.1).

    Args:
        user: name.
        password: is hashed with the other two.
        nonce: random, new for each message.
        created: now, by the clock of the device: many refuse what is some seconds off.
    """
    at = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.sha1(nonce + at.encode() + password.encode()).digest()  # noqa: S324 - the profile's own
    return (
        f'<w:Security s:mustUnderstand="1" xmlns:w="{_SECURITY}wssecurity-secext-1.0.xsd" '
        f'xmlns:u="{_SECURITY}wssecurity-utility-1.0.xsd"><w:UsernameToken><w:Username>{escape(user)}</w:Username>'
        f'<w:Password Type="{_SECURITY}username-token-profile-1.0#PasswordDigest">{_base64(digest)}</w:Password>'
        f'<w:Nonce EncodingType="{_SECURITY}soap-message-security-1.0#Base64Binary">{_base64(nonce)}</w:Nonce>'
        f"<u:Created>{at}</u:Created></w:UsernameToken></w:Security>"
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()

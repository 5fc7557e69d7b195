"""Addresses of pictures and archives that open without a key, for a while (spec/custom-vision.md 6).

`{base}/customvision/blob/<opaque>?se=<unix>&sig=<HMAC-SHA256, base64url>`: the signature covers the place and the time,
so that an address opens one thing and nothing else. What was deleted is gone whatever its address says.
"""

from __future__ import annotations

import hmac
import os
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, TypeAlias, cast
from uuid import UUID

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.customvision.door.kept import KeptText

PictureRole: TypeAlias = Literal["original", "resized", "thumbnail"]

PREFIX: Final = "/customvision/blob/"
PICTURE_LIFE: Final = timedelta(hours=1)
EXPORT_LIFE: Final = timedelta(hours=24)
STEP_S: Final = 600
"""Addresses of the same thing are the same for so long: browsers need not load pictures anew."""
SECRET_LIFE: Final = timedelta(days=7)
SECRET_FILE: Final = "link-secrets"  # noqa: S105 - a name
SECRET_BYTES: Final = 32
_ROLES: Final = ("original", "resized", "thumbnail")


class Holds(StrEnum):
    """What an address leads to."""

    IMAGE = "i"
    PREDICTION = "p"
    EXPORT = "e"


@dataclass(frozen=True, slots=True)
class Place:
    """What an address opens."""

    holds: Holds
    project_id: str
    id: str
    """Of the image or prediction; of the iteration, where it is an export."""
    role: PictureRole = "original"
    export_id: str = ""


class BadLink(ValueError):
    """An address that was not made here, was changed, or has ended."""


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """Makes addresses, and reads them."""

    secrets: LinkSecrets
    clock: Clock
    base: str
    """How clients reach the service, without a slash at the end: `https://host:8973`."""

    def at(self, base: str) -> SignedLinks:
        """The same, for a client that reaches the service by another name."""
        return replace(self, base=base)

    def image(self, project_id: str, image_id: str, part: PictureRole) -> str:
        """Of a training image."""
        return self._signed(Place(Holds.IMAGE, project_id, image_id, part), PICTURE_LIFE)

    def prediction(self, project_id: str, prediction_id: str, part: PictureRole) -> str:
        """Of a stored prediction's picture."""
        return self._signed(Place(Holds.PREDICTION, project_id, prediction_id, part), PICTURE_LIFE)

    def export(self, project_id: str, iteration_id: str, export_id: str) -> str:
        """Of an archive with a model."""
        return self._signed(Place(Holds.EXPORT, project_id, iteration_id, export_id=export_id), EXPORT_LIFE)

    def open(self, opaque: str, ends: str, signature: str) -> Place:
        """What an address opens, now.

        Raises:
            BadLink: nothing.
        """
        now = self.clock.now()
        message = _message(opaque, ends)
        secrets = self.secrets.valid(now)
        if not any([hmac.compare_digest(_signature(one, message), signature.encode()) for one in secrets]):  # noqa: C419
            raise BadLink("the signature is not ours")
        if not (ends.isdigit() and now.timestamp() < int(ends)):
            raise BadLink("the address has ended")
        return unpacked(opaque)

    def _signed(self, place: Place, life: timedelta) -> str:
        now = self.clock.now()
        opaque, ends = packed(place), str(int((now + life).timestamp()) // STEP_S * STEP_S)
        signature = _signature(self.secrets.newest(now), _message(opaque, ends)).decode()
        return f"{self.base}{PREFIX}{opaque}?se={ends}&sig={signature}"


def packed(place: Place) -> str:
    """A place as one word of an address."""
    ids = [place.project_id, place.id] + ([place.export_id] if place.export_id else [])
    head = place.holds.value.encode() + bytes([_ROLES.index(place.role)])
    return urlsafe_b64encode(head + b"".join(UUID(one).bytes for one in ids)).rstrip(b"=").decode()


def unpacked(opaque: str) -> Place:
    """The place again.

    Raises:
        BadLink: it is none.
    """
    try:
        data = urlsafe_b64decode(opaque.encode("ascii") + b"=" * (-len(opaque) % 4))
        holds, role = Holds(data[:1].decode()), _ROLES[data[1]]
        ids = [str(UUID(bytes=data[at : at + 16])) for at in range(2, len(data), 16)]
    except (ValueError, NoBase64, IndexError) as error:
        raise BadLink("the address is none of ours") from error
    if len(ids) != (3 if holds is Holds.EXPORT else 2):
        raise BadLink("the address is none of ours")
    return Place(holds, ids[0], ids[1], cast(PictureRole, role), *ids[2:])


def _message(opaque: str, ends: str) -> bytes:
    return f"{PREFIX}{opaque}\n{ends}".encode("utf-8", "replace")


def _signature(secret: bytes, message: bytes) -> bytes:
    return urlsafe_b64encode(hmac.new(secret, message, sha256).digest()).rstrip(b"=")


class LinkSecrets:
    """What addresses are signed with: a file of lines, the newest first, each `<unix seconds> <64 hex digits>`.

    One secret signs for a week; it is good for as long again as an address lives, and then forgotten.

    Raises:
        ConfigError: the file cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self._kept = KeptText(file)
        self._lock = threading.Lock()
        self._known: list[tuple[int, bytes]] = []
        with self._lock:
            self._reread()

    def newest(self, now: datetime) -> bytes:
        """The one that signs; made anew when it is too old, or when the clock was set back behind it."""
        with self._lock:
            self._reread()
            now_s = int(now.timestamp())
            if not self._known or not 0 <= now_s - self._known[0][0] < SECRET_LIFE.total_seconds():
                self._known = [(now_s, os.urandom(SECRET_BYTES)), *self._still_good(now_s)]
                self._write()
            return self._known[0][1]

    def valid(self, now: datetime) -> list[bytes]:
        """Those that addresses may be signed with."""
        with self._lock:
            self._reread()
            return [secret for _, secret in self._still_good(int(now.timestamp()))]

    def replace(self, now: datetime) -> None:
        """Forget all: no address that was ever made opens any more."""
        with self._lock:
            self._known = [(int(now.timestamp()), os.urandom(SECRET_BYTES))]
            self._write()

    def _still_good(self, now_s: int) -> list[tuple[int, bytes]]:
        longest_s = (SECRET_LIFE + EXPORT_LIFE).total_seconds()
        return [(made_s, secret) for made_s, secret in self._known if abs(now_s - made_s) < longest_s]

    def _write(self) -> None:
        self._kept.write("".join(f"{made_s} {secret.hex()}\n" for made_s, secret in self._known))

    def _reread(self) -> None:
        try:
            text = self._kept.news()
            if text is not None:
                self._known = [(int(made), bytes.fromhex(secret)) for made, secret in map(str.split, text.splitlines())]
        except (OSError, ValueError) as error:
            cure = "remove it: a new one is made, and addresses that were given out end"
            raise ConfigError([Problem(str(self._kept.file), "$", "holds no secrets", cure)]) from error

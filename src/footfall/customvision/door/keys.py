"""The keys that clients show: two for training and two for prediction: while one is replaced, the other works.

They are made at the first start, told once, and kept only as hashes: `<area> <number> <made, unix> <SHA-256>` a line.
Another process may replace one (`footfall customvision keys rotate`); the service takes it over at once.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from footfall.access.credentials import hash_of, is_same, new_secret
from footfall.access.files import write_private
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.customvision.door.kept import KeptText

log = logging.getLogger(__name__)

KEY_FILE: Final = "access-keys"
USE_FILE: Final = "access-keys-used"
NUMBERS: Final = (1, 2)
NOTED_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known: not every request writes."""


class Area(StrEnum):
    """What keys are for."""

    TRAINING = "training"
    PREDICTION = "prediction"


@dataclass(frozen=True, slots=True)
class KeyName:
    """Which of the four."""

    area: Area
    number: int

    def __str__(self) -> str:
        return f"{self.area} key {self.number}"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What is kept of a key."""

    name: KeyName
    made: datetime
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made; told once."""

    name: KeyName
    secret: str = field(repr=False)


class AccessKeys:
    """The keys of one data folder.

    Args:
        folder: where keys are.
        clock: dates them.

    Raises:
        ConfigError: the file cannot be read.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._kept = KeptText(folder / KEY_FILE)
        self._use_file = folder / USE_FILE
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[KnownKey, ...] = ()
        with self._lock:
            self._reread()
            self._used = _read_use(self._use_file)

    def make_missing(self) -> list[NewKey]:
        """At the first start: all four. Nothing, where they are there."""
        with self._lock:
            self._reread()
            there = {key.name for key in self._known}
            new = [_new(name) for area in Area for number in NUMBERS if (name := KeyName(area, number)) not in there]
            if new:
                self._put(new)
        return new

    def rotate(self, name: KeyName) -> NewKey:
        """Replace one: the old one is of no use any more."""
        new = _new(name)
        with self._lock:
            self._reread()
            self._put([new])
        return new

    def find(self, secret: str) -> KeyName | None:
        """Whose key this is, in the same time for all; None: nobody's."""
        digest = hash_of(secret)
        with self._lock:
            self._reread()
            found = [key.name for key in self._known if is_same(key.digest, digest)]
            if found:
                self._note(found[0])
        return found[0] if found else None

    def listed(self) -> list[tuple[KnownKey, datetime | None]]:
        """All, and when each was last used, to the minute."""
        with self._lock:
            self._reread()
            used = {**_read_use(self._use_file), **self._used}
            return [(key, used.get(str(key.name))) for key in self._known]

    def _put(self, new: list[NewKey]) -> None:
        made = self._clock.now().replace(microsecond=0)
        fresh = {one.name: KnownKey(one.name, made, hash_of(one.secret)) for one in new}
        both = {**{key.name: key for key in self._known}, **fresh}
        known = tuple(both[name] for name in sorted(both, key=lambda name: (name.area.value, name.number)))
        self._kept.write("".join(_line(key) for key in known))
        self._known = known

    def _reread(self) -> None:
        try:
            text = self._kept.news()
            if text is not None:
                self._known = tuple(_known(line) for line in text.splitlines())
        except (OSError, ValueError) as error:
            cure = "remove it, and start anew: new keys are made and told"
            raise ConfigError([Problem(str(self._kept.file), "$", "holds no keys", cure)]) from error

    def _note(self, name: KeyName) -> None:
        now, last = self._clock.now(), self._used.get(str(name))
        if last is not None and abs(now - last) < NOTED_EVERY:
            return
        self._used[str(name)] = now
        text = json.dumps({one: int(used.timestamp()) for one, used in self._used.items()})
        try:
            write_private(self._use_file, text.encode(), mode=0o600)
        except OSError as error:
            log.warning("when keys were used cannot be written down: %s", error.strerror)


def _new(name: KeyName) -> NewKey:
    return NewKey(name, new_secret())


def _line(key: KnownKey) -> str:
    return f"{key.name.area.value} {key.name.number} {int(key.made.timestamp())} {key.digest.hex()}\n"


def _known(line: str) -> KnownKey:
    area, number, made, digest = line.split()
    return KnownKey(KeyName(Area(area), int(number)), datetime.fromtimestamp(int(made), UTC), bytes.fromhex(digest))


def _read_use(file: Path) -> dict[str, datetime]:
    try:
        used: Mapping[str, int] = json.loads(file.read_text("ascii"))
        return {name: datetime.fromtimestamp(at, UTC) for name, at in used.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}

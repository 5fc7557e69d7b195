"""How many pictures of each camera were taken to learn from: counted before they are kept, over restarts."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from threading import Lock

import msgspec

from footfall.access.files import write_private
from footfall.config.plan import SnapshotSpec


class Entry(msgspec.Struct, frozen=True):
    """Of one camera."""

    consent: str
    """Hash of project, consent and giver: another consent begins anew."""
    day: str = ""
    today: int = 0
    in_all: int = 0
    is_on: bool = True
    left: dict[str, int] = {}
    """Project -> days after which what nobody has tagged there is erased; of consents that have ended, too."""


class SnapshotLedger:
    """Numbers in a small file; without it nothing is taken.

    Args:
        path: made with the first picture.

    Raises:
        OSError: it cannot be read.
        ValueError: it is none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        text = path.read_bytes() if path.exists() else b"{}"
        self._entries = msgspec.json.decode(text, type=dict[str, Entry])

    def of(self, camera: str, spec: SnapshotSpec, today: date) -> Entry:
        """What was taken under this consent."""
        found = self._entries.get(camera)
        if found is None or found.consent != hash_of(spec):
            return Entry(hash_of(spec), today.isoformat(), left={} if found is None else found.left)
        if found.day != today.isoformat():
            return msgspec.structs.replace(found, day=today.isoformat(), today=0)
        return found

    def is_known(self, camera: str, spec: SnapshotSpec) -> bool:
        """Whether this consent was noted and is in force."""
        found = self._entries.get(camera)
        return found is not None and found.is_on and found.consent == hash_of(spec)

    def cameras(self) -> tuple[str, ...]:
        """Those that pictures are taken of."""
        return tuple(camera for camera, entry in self._entries.items() if entry.is_on)

    def begin(self, camera: str, spec: SnapshotSpec, today: date) -> None:
        """A consent is in force."""
        with self._lock:
            entry = self.of(camera, spec, today)
            left = entry.left | {spec.project: spec.days}
            self._put(camera, msgspec.structs.replace(entry, is_on=True, left=left))

    def end(self, camera: str) -> None:
        """It is not any more."""
        with self._lock:
            self._put(camera, msgspec.structs.replace(self._entries[camera], is_on=False))

    def left(self) -> tuple[tuple[str, str, int], ...]:
        """Where pictures may be: camera, project, and after how many days those without a tag are erased."""
        return tuple((camera, *one) for camera, entry in self._entries.items() for one in entry.left.items())

    def gone(self, camera: str, project: str) -> None:
        """There is no such project any more."""
        with self._lock:
            entry = self._entries[camera]
            left = {name: days for name, days in entry.left.items() if name != project}
            self._put(camera, msgspec.structs.replace(entry, left=left))

    def take(self, camera: str, spec: SnapshotSpec, today: date) -> bool:
        """Count one picture before it is kept; false: there are enough.

        Raises:
            OSError: it could not be noted, so nothing may be taken.
        """
        with self._lock:
            entry = self.of(camera, spec, today)
            if why_full(entry, spec):
                return False
            self._put(camera, msgspec.structs.replace(entry, today=entry.today + 1, in_all=entry.in_all + 1))
        return True

    def give_back(self, camera: str, spec: SnapshotSpec, today: date) -> None:
        """One that was counted was not kept."""
        with self._lock:
            entry = self.of(camera, spec, today)
            fewer = max(0, entry.today - 1), max(0, entry.in_all - 1)
            self._put(camera, msgspec.structs.replace(entry, today=fewer[0], in_all=fewer[1]))

    def _put(self, camera: str, entry: Entry) -> None:
        entries = self._entries | {camera: entry}
        write_private(self._path, msgspec.json.encode(entries), 0o600)
        self._entries = entries


def why_full(entry: Entry, spec: SnapshotSpec) -> str:
    """Why no more are taken; empty where there is room."""
    if entry.in_all >= spec.in_all:
        return f"all {spec.in_all} are taken"
    if entry.today >= spec.a_day:
        return f"the {spec.a_day} of today are taken"
    return ""


def hash_of(spec: SnapshotSpec) -> str:
    """Tells consents apart."""
    return hashlib.sha256("\0".join((spec.project, spec.consent, spec.given_by)).encode()).hexdigest()

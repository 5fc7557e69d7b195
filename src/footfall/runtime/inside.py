"""How many are inside: keeps places up to date while a run goes on, and over restarts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import msgspec

from footfall.core.errors import ConfigError, Problem
from footfall.engine.items import Happened
from footfall.runtime.folders import safe
from footfall.spatial.insights import Counted
from footfall.spatial.occupancy import Occupancy, Place, advance

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=1)
"""How often it is looked whether somebody has left a count beside the state."""


class Inside:
    """All places of a run; cameras may call from several threads.

    Args:
        places: what to keep.
        folder: where `NAME.json` holds the state of a place, and `NAME.set` is read; None: nothing is kept, as for
            recorded video.

    Raises:
        ConfigError: a state cannot be read.
    """

    def __init__(self, places: Sequence[Place], folder: Path | None) -> None:
        self._places = places
        self._folder = folder
        self._lock = Lock()
        self._counts: dict[str, int] = {}
        self._looked: datetime | None = None
        self.states = {place.name: self._read(place.name) for place in places}

    def follow(self, places: Sequence[Place]) -> None:
        """Keep these from now on; those that were kept go on.

        Raises:
            ConfigError: a state cannot be read; nothing has changed.
        """
        with self._lock:
            fresh = {place.name: self._read(place.name) for place in places if place.name not in self.states}
            states = {**self.states, **fresh}
            self._places = places
            self.states = {place.name: states[place.name] for place in places}

    def anchor(self, name: str, people: int, now: datetime) -> Occupancy:
        """Somebody has counted `people` in a place at `now`, timezone-aware.

        Raises:
            KeyError: there is no such place.
        """
        with self._lock:
            before = self.states[name]
            self._keep(name, before, before.anchored(people, now))
            return self.states[name]

    def __call__(self, item: object, camera: str) -> None:
        """Take what one frame of a camera made known."""
        assert isinstance(item, Happened)
        with self._lock:
            self._counts |= {insight.zone: insight.count for insight in item.insights if isinstance(insight, Counted)}
            now = item.observed.utc.astimezone()
            is_time = self._looked is None or abs(now - self._looked) >= LOOK_EVERY
            self._looked = now if is_time else self._looked
            for place in self._places:
                before = self.states[place.name]
                after = advance(place, before, item.evidence, now, self._counts, camera)
                self._keep(place.name, before, self._told(place.name, after, now) if is_time else after)

    def _told(self, name: str, state: Occupancy, now: datetime) -> Occupancy:
        """The state, or as many people as somebody has counted and left in `NAME.set`."""
        if self._folder is None:
            return state
        path = self._path(name, "set")
        try:
            text = path.read_text(encoding="utf-8").strip()
            path.unlink()
        except OSError:
            return state
        if not (text.isascii() and text.isdigit() and len(text) < 7):
            log.warning("%s: %r is no number of people", path, text[:40])
            return state
        return state.anchored(int(text), now)

    def _keep(self, name: str, before: Occupancy, after: Occupancy) -> None:
        self.states[name] = after
        if self._folder is None or after == before:
            return
        path, low_high = self._path(name, "json"), after.interval()
        document = {"people": after.people, "interval": list(low_high), "state": after}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(document))
            fresh.replace(path)
        except OSError as error:
            log.warning("%s cannot be written (%s): a restart will not know how many are inside", path, error.strerror)
            self._folder = None

    def _read(self, name: str) -> Occupancy:
        if self._folder is None or not (path := self._path(name, "json")).exists():
            return Occupancy()
        try:
            return msgspec.json.decode(path.read_bytes(), type=_Kept).state
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            what, cure = f"is no state of a place ({error})", "remove the file to begin anew"
            raise ConfigError([Problem(str(path), "$", what, cure)]) from error

    def _path(self, name: str, suffix: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{safe(name)}.{suffix}"


class _Kept(msgspec.Struct):
    state: Occupancy

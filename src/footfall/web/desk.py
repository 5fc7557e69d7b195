"""What the web needs from the process behind it. `serve` implements it; every call may block and runs in a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from footfall.config.plan import GraphPlan
from footfall.core.errors import FootfallError, Problem
from footfall.core.types import Message
from footfall.spatial.occupancy import Occupancy, Place

Document: TypeAlias = dict[str, Any]
"""A footfall.yaml as plain data. Logins of cameras in it name secrets (`${...}`), never hold them."""


class Unknown(FootfallError):
    """There is no such camera, place or version."""


class Conflict(FootfallError):
    """Somebody else has changed the configuration in the meantime: nothing was done."""

    def __init__(self, current: Version, base: Version | None) -> None:
        super().__init__(f"the configuration is at version {current.number} by now")
        self.current = current
        self.base = base
        """The version that the edit was made on; None where it is not kept any more."""


@dataclass(frozen=True, slots=True)
class Version:
    """The configuration at one moment."""

    number: int
    """1, 2, 3 ..."""
    at: datetime
    author: str
    """Name of a user or token, `file`, `twin`, or `footfall` for the first one."""
    comment: str
    text: str = field(repr=False)
    """As it was given, without secrets."""
    document: Document | None = field(repr=False)
    """The same as data; None for Azure's dialects, which are edited as text."""


@dataclass(frozen=True, slots=True)
class CameraState:
    """One camera now."""

    name: str
    plan: GraphPlan
    url: str
    """Redacted."""
    state: str
    """`starting`, `running`, `reconnecting`, `failed`, `stopped`, or `disabled`."""
    reason: str
    """Why, in words; empty while it runs."""
    reason_code: str
    """`unauthorized`, `timeout`, `refused` ... as in `SourceUnavailable.reason`; empty while it runs."""
    since: datetime
    """When it came into this state."""
    size_px: tuple[int, int] | None
    """Of the analysed frames, (width, height)."""
    counts: Mapping[str, int]
    """Since the camera was started: `frames_in`, `frames_analysed`, `frames_dropped`, `events`, `reconnects`,
    `source_errors`."""
    fps_in: float
    """Over the last ten seconds, as are the others."""
    fps_analysed: float
    lag_s: float
    people: int
    """In view now."""
    zones: Mapping[str, int]
    """Zone -> people in it now."""
    detector_s: float
    """Mean time of one analysis."""
    clock_offset_s: float | None
    """How far the camera's clock is ahead of ours; None where it tells no time."""


@dataclass(frozen=True, slots=True)
class PlaceState:
    """How many are inside a place."""

    place: Place
    occupancy: Occupancy


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the service does its work."""

    is_ready: bool
    reasons: Mapping[str, str]
    """Reason code -> words: `camera-unauthorized:front`, `store-away`, `disk-full`, `clock-stepped` ..."""
    waiting: int
    """Messages in outboxes, the store's included."""


Edit: TypeAlias = Callable[[Document], Document]


class Desk(Protocol):
    """The running service."""

    def cameras(self) -> Sequence[CameraState]:
        """All cameras of the present configuration, in its order."""
        ...

    def places(self) -> Sequence[PlaceState]:
        """All places of the present configuration."""
        ...

    def anchor(self, place: str, people: int, author: str) -> PlaceState:
        """Somebody has counted.

        Raises:
            Unknown: there is no such place.
        """
        ...

    def version(self, number: int | None = None) -> Version:
        """One version; None: the present one.

        Raises:
            Unknown: it is not kept.
        """
        ...

    def versions(self, before: int | None = None, limit: int = 50) -> Sequence[Version]:
        """Newest first."""
        ...

    def check(self, text: str) -> Sequence[Problem]:
        """What is wrong with a configuration; warnings too."""
        ...

    def edit(self, change: Edit | str, *, base: int, author: str, comment: str = "") -> Version:
        """Change the configuration and run it by difference; the new version.

        Args:
            change: the whole new text, or what makes the new document of the present one.
            base: number of the version that the author has seen.
            author: who.
            comment: why.

        Raises:
            Conflict: `base` is not the present version.
            ConfigError: it is wrong, with every problem; nothing has changed.
            Unknown: `change` found nothing to change.
        """
        ...

    def keep_secret(self, name: str, value: str) -> str:
        """Seal a secret; the text that stands for it in the configuration, `${...}`. An empty value removes it."""
        ...

    def replayed(self, camera: str, document: Document) -> GraphPlan:
        """The plan of a camera under another document, for trying rules; nothing changes.

        Raises:
            Unknown: there is no such camera in it.
            ConfigError: it is wrong.
        """
        ...

    def subscribe(self, hear: Callable[[Message], None]) -> Callable[[], None]:
        """Hear every event once it is safe, in the thread of its camera; the result ends it."""
        ...

    def health(self) -> Health:
        """Whether the service does its work."""
        ...

"""What every operation works with: the first argument of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from sqlalchemy import Engine

from footfall.core.ports import Clock
from footfall.customvision.models import Models
from footfall.customvision.workspace.limits import Limits

if TYPE_CHECKING:
    from footfall.vault.keys import KeyRing
    from footfall.vault.objects import ObjectName

Part: TypeAlias = Literal["original", "resized", "thumbnail"]
"""Sizes that a picture is kept in."""


class Objects(Protocol):
    """Bytes at rest, sealed: `footfall.vault.objects.SealedObjects`."""

    def put(self, name: ObjectName, data: bytes) -> None:
        """Keep; on the disk when it returns."""
        ...

    def get(self, name: ObjectName) -> bytes:
        """Raise `NoObject`, `Altered` or `KeyRevoked` where it cannot be had."""
        ...

    def has(self, name: ObjectName) -> bool:
        """Whether it is there."""
        ...

    def delete(self, names: Iterable[ObjectName]) -> None:
        """Gone when it returns; those that are not there are no fault."""
        ...

    def delete_project(self, project_id: str) -> None:
        """All of a project's, gone when it returns."""
        ...

    def names(self, project_id: str | None = None) -> Iterator[ObjectName]:
        """Of a project, or of all."""
        ...


class Links(Protocol):
    """Makes absolute, signed addresses that end."""

    def image(self, project_id: str, image_id: str, part: Part) -> str:
        """Of a training image."""
        ...

    def prediction(self, project_id: str, prediction_id: str, part: Part) -> str:
        """Of the picture of a prediction that was kept."""
        ...

    def export(self, project_id: str, iteration_id: str, export_id: str) -> str:
        """Of a model to take away."""
        ...


class Jobs(Protocol):
    """What runs in the background."""

    def submit(self, project_id: str, iteration_id: str) -> None:
        """Train it when it is its turn."""
        ...

    def cancel(self, project_id: str, iteration_id: str | None = None) -> None:
        """End it, or all of the project; nothing is written for it any more when this returns."""
        ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything that operations share. Safe to use from many threads."""

    engine: Engine
    """Of the database of kind `vision`."""
    objects: Objects
    clock: Clock
    limits: Limits
    links: Links
    audit: Callable[[str, Mapping[str, object]], None]
    """Takes the name of an event (`kebab-case`) and what belongs to it; no content, no secrets."""
    jobs: Jobs | None = None
    models: Models = field(default_factory=Models)
    """Those at work, in memory."""
    ring: KeyRing | None = None
    """Wraps the keys of objects."""

    def with_jobs(self, jobs: Jobs) -> Workshop:
        """The same, with somebody who trains."""
        return replace(self, jobs=jobs)

    def check_key(self) -> None:
        """Make sure that what is protected may be used; cheap.

        Raises:
            KeyRevoked: it may not, at present.
        """
        if self.ring:
            self.ring.check()

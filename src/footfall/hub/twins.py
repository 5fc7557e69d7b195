"""Twins: what a module should be (desired) and what it says it is (reported), with their versions. Pure.

Spec: spec/iot.md section 4. A twin is a value: every change gives another one. Time comes in as UTC.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from footfall.edge.topics import Identity
from footfall.events.figures import timestamp
from footfall.hub.documents import Document, check, check_size, merged, patch_between, writable
from footfall.hub.messages import BadRequest, StaleTwin


@dataclass(frozen=True, slots=True)
class Part:
    """The desired or the reported properties."""

    values: Document = field(default_factory=dict)
    version: int = 1
    """+1 for every accepted change, also when nothing became different."""
    updated: Document = field(default_factory=dict)
    """`$lastUpdated` of every property, in the shape of `values`."""

    def patched(self, patch: Document, utc: datetime) -> Part:
        """After a merge patch.

        Raises:
            BadRequest: the patch, or the document with it, breaks a limit.
        """
        check(patch)
        values = merged(self.values, patch)
        check_size(values)
        return Part(values, self.version + 1, _stamped(self.updated, patch, timestamp(utc)))

    def for_client(self) -> dict[str, object]:
        """As a module gets it over MQTT."""
        return {**self.values, "$version": self.version}

    def for_service(self) -> dict[str, object]:
        """As a back end gets it over REST."""
        return {**self.values, "$metadata": self.updated, "$version": self.version}


@dataclass(frozen=True, slots=True)
class Update:
    """What a back end wants; None: that part stays as it is."""

    tags: Document | None = None
    desired: Document | None = None
    is_whole: bool = False
    """Whether they take the place of all that was; else they are merge patches."""

    @classmethod
    def of(cls, document: Document, *, is_whole: bool) -> Update:
        """Of a REST twin: `{"tags": …, "properties": {"desired": …}}`; all else in it is not a back end's to write.

        Raises:
            BadRequest: tags or desired properties are no objects.
        """
        properties = _part(document, "properties") or {}
        return cls(_part(document, "tags"), _part(properties, "desired"), is_whole)


@dataclass(frozen=True, slots=True)
class Twin:
    """Everything that the hub keeps about one device or module."""

    desired: Part = field(default_factory=Part)
    reported: Part = field(default_factory=Part)
    tags: Document = field(default_factory=dict)
    revision: int = 1
    """+1 for every change of tags or desired: what the etag says. Reports do not make a back end's etag stale."""

    @property
    def etag(self) -> str:
        """Of the tags and the desired properties, without quotes."""
        return base64.b64encode(self.revision.to_bytes(8, "big")).decode()

    def with_reported(self, patch: Document, utc: datetime) -> Twin:
        """After a module's report, a merge patch.

        Raises:
            BadRequest: it breaks a limit.
        """
        return replace(self, reported=self.reported.patched(patch, utc))

    def with_desired(self, patch: Document, utc: datetime) -> Change:
        """After a back end's merge patch of the desired properties: the module is told just that.

        Raises:
            BadRequest: it breaks a limit.
        """
        return self.updated(Update(desired=patch), utc)

    def with_all_desired(self, values: Document, utc: datetime) -> Change:
        """With other desired properties, as a manifest sets them: the module is told the difference.

        Raises:
            BadRequest: they break a limit.
        """
        return self.updated(Update(desired=values, is_whole=True), utc)

    def updated(self, update: Update, utc: datetime) -> Change:
        """After whatever a back end wants, all of it or nothing.

        Raises:
            BadRequest: it breaks a limit.
        """
        twin = replace(self, revision=self.revision + 1)
        if update.tags is not None:
            check(update.tags)
            tags = merged({} if update.is_whole else self.tags, update.tags)
            check_size(tags)
            twin = replace(twin, tags=tags)
        if update.desired is None:
            return Change(twin, None)
        patch = writable(update.desired)
        if update.is_whole:
            patch = patch_between(self.desired.values, merged({}, patch))
        desired = self.desired.patched(patch, utc)
        return Change(replace(twin, desired=desired), msgspec.json.encode({**patch, "$version": desired.version}))

    def require_etag(self, if_match: str | None) -> None:
        """Compare with an `If-Match` header: quoted, unquoted, `*`, or none at all.

        Raises:
            StaleTwin: somebody changed the twin in between.
        """
        if if_match is not None and if_match.strip().removeprefix("W/").strip('"') not in {"*", self.etag}:
            raise StaleTwin("the twin was changed in the meantime: read it again, or send If-Match: *")

    def for_client(self) -> bytes:
        """The answer to a module's GET: both parts without a wrapper."""
        return msgspec.json.encode({"desired": self.desired.for_client(), "reported": self.reported.for_client()})

    def for_service(self, identity: Identity) -> dict[str, object]:
        """The twin of REST."""
        ids = {"deviceId": identity.device, **({} if identity.module is None else {"moduleId": identity.module})}
        return {
            **ids,
            "etag": self.etag,
            "version": self.revision + self.reported.version,
            "tags": self.tags,
            "properties": {"desired": self.desired.for_service(), "reported": self.reported.for_service()},
        }

    def encode(self) -> bytes:
        """For the database."""
        return msgspec.json.encode(self)

    @staticmethod
    def decode(kept: bytes) -> Twin:
        """What `encode` wrote."""
        return msgspec.json.decode(kept, type=Twin)


@dataclass(frozen=True, slots=True)
class Change:
    """What a back end has made of a twin."""

    twin: Twin
    told: bytes | None
    """JSON for the module: what the back end changed, and the new `$version`; None: nothing that concerns it."""


def _part(document: Document, name: str) -> Document | None:
    part = document.get(name)
    if part is not None and not isinstance(part, Mapping):
        raise BadRequest(f"{name}: an object is needed")
    return part


def _stamped(updated: Document, patch: Document, at: str) -> dict[str, object]:
    """The times of all properties after a patch; objects carry their own beside those of their properties."""
    result = {**updated, "$lastUpdated": at}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            old = result.get(key)
            result[key] = _stamped(old if isinstance(old, Mapping) else {}, value, at)
        else:
            result[key] = {"$lastUpdated": at}
    return result

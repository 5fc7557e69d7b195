"""The desk: the one place where the configuration is changed, and where the web asks about everything that runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any, Protocol
from urllib.parse import quote

import yaml

from footfall.config.plan import GraphPlan, Plan, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.core.types import Message
from footfall.runtime.inside import Inside
from footfall.serve.cameras import Cameras
from footfall.serve.compiled import Compiled, Compiler
from footfall.serve.credentials import Credentials, name_of
from footfall.serve.escort import Escort, told_by
from footfall.serve.fence import Fence, Trusted
from footfall.serve.followers import Followers
from footfall.serve.health import BROKEN, Watchman
from footfall.serve.hearers import Hearers
from footfall.serve.history import History
from footfall.serve.names import camera_names
from footfall.serve.sealing import Sealed, sealed
from footfall.web.desk import CameraState, Conflict, Document, Edit, Health, PlaceState, Unknown, Version

log = logging.getLogger(__name__)

AUTHOR = "file"
"""Of what the configuration file says; no user is called so."""
SHORTEST = 4
"""Shorter secrets would make stars of everything."""


class Auditing(Protocol):
    """Who writes down what was done."""

    def record(self, event: str, author: str, what: Mapping[str, Any] | None = None) -> object:
        """Write down one thing."""
        ...


@dataclass(frozen=True, slots=True)
class Behind:
    """What the desk stands on."""

    history: History
    credentials: Credentials
    compiler: Compiler
    inside: Inside
    hearers: Hearers
    watchman: Watchman
    audit: Auditing
    followers: Followers
    clock: Clock
    fence: Fence | None = None
    """Around what people may add; None: they may add everything."""
    escort: Escort | None = None
    """At each connection to what they have added."""


class ServiceDesk:
    """Implements `web.desk.Desk`; every method may be called from any thread.

    Args:
        behind: what it stands on.
        version: the present configuration...
        compiled: ...as what runs...
        cameras: ...and what runs it.
    """

    def __init__(self, behind: Behind, version: Version, compiled: Compiled, cameras: Cameras) -> None:
        self._behind = behind
        self._version = version
        self._compiled = compiled
        self._cameras = cameras
        self._editing = RLock()
        self._follow()

    # what there is

    @property
    def compiled(self) -> Compiled:
        """What runs."""
        return self._compiled

    def cameras(self) -> Sequence[CameraState]:
        """All cameras of the present configuration, in its order."""
        secrets = [secret for secret in self._behind.credentials.known().values() if len(secret) >= SHORTEST]
        return [_without(state, secrets) for state in self._cameras.states()]

    def places(self) -> Sequence[PlaceState]:
        """All places of the present configuration."""
        states = self._behind.inside.states
        return [PlaceState(p, states[p.name]) for p in self._compiled.plan.places if p.name in states]

    def anchor(self, place: str, people: int, author: str) -> PlaceState:
        """Somebody has counted.

        Raises:
            Unknown: there is no such place.
        """
        found = next((p for p in self._compiled.plan.places if p.name == place), None)
        if found is None:
            raise Unknown(f"there is no place {place!r}")
        state = self._behind.inside.anchor(place, people, self._behind.clock.now())
        log.info("%s counted %d people in %s", author, people, place)
        return PlaceState(found, state)

    def health(self) -> Health:
        """Whether the service does its work."""
        return self._behind.watchman.health(self._cameras)

    def subscribe(self, hear: Callable[[Message], None]) -> Callable[[], None]:
        """Hear every event once it is safe, in the thread of its camera; the result ends it."""
        return self._behind.hearers.subscribe(hear)

    # versions

    def version(self, number: int | None = None) -> Version:
        """One version; None: the present one.

        Raises:
            Unknown: it is not kept.
        """
        return self._version if number is None else self._behind.history.get(number)

    def versions(self, before: int | None = None, limit: int = 50) -> Sequence[Version]:
        """Newest first."""
        return self._behind.history.newest(before, limit)

    def check(self, text: str) -> Sequence[Problem]:
        """What is wrong with a configuration; warnings too."""
        known = self._behind.credentials.known()
        try:
            clean = sealed(text, known)
        except ConfigError as error:
            return error.problems
        secrets = {**known, **clean.fresh}
        try:
            compiled = self._behind.compiler.compile(clean.text, secrets)
        except ConfigError as error:
            return error.problems
        if self._behind.fence is not None:
            try:
                self._behind.fence.check(clean.text, compiled, self._trusted(), secrets)
            except ConfigError as error:
                return (*error.problems, *compiled.warnings)
        return compiled.warnings

    def replayed(self, camera: str, document: Document) -> GraphPlan:
        """The plan of a camera under another document, for trying rules; nothing changes.

        Raises:
            Unknown: there is no such camera in it.
            ConfigError: it is wrong.
        """
        known = self._behind.credentials.known()
        clean = sealed(text_of(document), known)
        plan = self._behind.compiler.compile(clean.text, {**known, **clean.fresh}).plan
        names = camera_names(plan.graphs)
        for graph in plan.graphs:
            if camera in (names[graph.id], graph.spec(SourceSpec).source_id):
                return graph
        raise Unknown(f"there is no camera {camera!r}")

    # edits

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
        with self._editing:
            if base != self._version.number:
                raise Conflict(self._version, self._kept(base))
            clean = sealed(self._text(change), self._behind.credentials.known())
            if clean.text == self._version.text:
                return self._version
            return self._take_up(clean, author, comment, self._behind.fence)

    def take_over(self, text: str, comment: str) -> Version:
        """The configuration file has changed: whoever writes it has the machine.

        Raises:
            ConfigError: as `edit`.
        """
        with self._editing:
            clean = sealed(self._text(text), self._behind.credentials.known())
            if clean.text == self._version.text:
                return self._version
            try:
                return self._take_up(clean, AUTHOR, comment, None)
            finally:
                self._rely_on_file()

    def keep_secret(self, name: str, value: str) -> str:
        """Seal a secret; the text that stands for it in the configuration, `${...}`. An empty value removes it.

        Raises:
            ConfigError: the present configuration does not run with it, or without it, or leads with it to where nobody
            may send it over the network; nothing has changed.
        """
        name = name_of(name)
        with self._editing:
            secrets = {key: secret for key, secret in self._behind.credentials.known().items() if key != name}
            if value:
                secrets[name] = value
            if f"${{{name}}}" in self._version.text:
                compiled = self._behind.compiler.compile(self._version.text, secrets)
                if self._behind.fence is not None:
                    self._behind.fence.check(self._version.text, compiled, self._trusted(), secrets)
                self._run(compiled)
            if value:
                self._behind.credentials.keep({name: value})
            else:
                self._behind.credentials.forget(name)
            self._rely_on_file()
        return f"${{{name}}}" if value else ""

    def _take_up(self, clean: Sealed, author: str, comment: str, fence: Fence | None) -> Version:
        """Run a new text, then keep it; or neither."""
        before = self._compiled
        secrets = {**self._behind.credentials.known(), **clean.fresh}
        compiled = self._behind.compiler.compile(clean.text, secrets)
        if fence is not None:
            fence.check(clean.text, compiled, self._trusted(), secrets)
        elif self._behind.escort is not None:
            self._behind.escort.rely_on(compiled)
        self._run(compiled)
        try:
            self._behind.credentials.keep(clean.fresh)
            now = self._behind.clock.now()
            version = self._behind.history.add(clean.text, author=author, comment=comment, at=now)
        except BaseException:
            self._run(before)
            raise
        log.info("configuration %d by %s%s", version.number, author, f": {comment}" if comment else "")
        self._version = version
        self._note_recording(before.plan, compiled, author, had_tracks=before.service.tracks_hours > 0)
        return version

    def _trusted(self) -> Iterator[Trusted]:
        """What holds, and what the file has said last: so that an edit can be undone."""
        yield Trusted(self._version.text, self._compiled)
        last = self._behind.history.latest_text(AUTHOR)
        if last is not None and (last != self._version.text or not self._compiled.plan.graphs):
            with suppress(ConfigError):
                yield Trusted(last, self._behind.compiler.compile(last, self._behind.credentials.known()))

    def _rely_on_file(self) -> None:
        """Go by name where the configuration file says so."""
        if self._behind.escort is not None:
            known = self._behind.credentials.known()
            self._behind.escort.rely_on(told_by(AUTHOR, self._behind.history, self._behind.compiler, known))

    def _run(self, compiled: Compiled) -> None:
        before = self._compiled
        self._behind.inside.follow(compiled.plan.places)
        try:
            self._cameras.apply(compiled.plan)
        except ConfigError:
            self._behind.inside.follow(before.plan.places)
            raise
        self._compiled = compiled
        self._behind.watchman.note(BROKEN, "")
        self._follow()

    def _follow(self) -> None:
        """Everything beside the cameras does as the configuration says."""
        self._cameras.record_tracks(wanted=self._compiled.service.tracks_hours > 0)
        self._behind.followers.follow(self._compiled, self)

    def _note_recording(self, before: Plan, after: Compiled, author: str, *, had_tracks: bool) -> None:
        """Whether people are recorded is a matter of security."""
        old, new = ({r.id for r in plan.recorders if r.enabled} for plan in (before, after.plan))
        has_tracks = after.service.tracks_hours > 0
        for event, cameras in (("recording-on", new - old), ("recording-off", old - new)):
            for camera in sorted(cameras):
                self._behind.audit.record(event, author, {"camera": camera})
        if has_tracks != had_tracks:
            event = "tracks-on" if has_tracks else "tracks-off"
            self._behind.audit.record(event, author, {"hours": after.service.tracks_hours})

    def _text(self, change: Edit | str) -> str:
        if isinstance(change, str):
            return change.removeprefix("\ufeff")
        document = self._version.document
        if document is None:
            what, cure = "this configuration is not footfall's own", "change its text"
            raise ConfigError([Problem("configuration", "$", what, cure)])
        return text_of(change(deepcopy(document)))

    def _kept(self, number: int) -> Version | None:
        try:
            return self._behind.history.get(number)
        except Unknown:
            return None


def _without(state: CameraState, secrets: Sequence[str]) -> CameraState:
    """A state without secrets that somebody has put into the path of an address."""
    url, reason = state.url, state.reason
    for secret in secrets:
        for form in (secret, quote(secret, safe="")):
            url, reason = url.replace(form, "***"), reason.replace(form, "***")
    return state if (url, reason) == (state.url, state.reason) else replace(state, url=url, reason=reason)


class _WrittenOut(yaml.SafeDumper):
    """Repeats what stands in several places: the reader takes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def text_of(document: Document) -> str:
    """A document as YAML."""
    return yaml.dump(
        document, Dumper=_WrittenOut, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )

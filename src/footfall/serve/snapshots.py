"""Pictures of cameras to learn from: off by default, with consent, counted, sealed, told, and over at the cap.

A camera's thread cuts a picture out and goes on; one thread beside all cameras encodes it in memory and gives it to a
project of Custom Vision, which seals it. Nothing of it is on the disk in clear at any time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

import cv2
import msgspec
import numpy as np

from footfall.config.plan import Cut, GraphPlan, SnapshotSpec
from footfall.core.errors import FootfallError
from footfall.core.ports import Clock
from footfall.core.types import Image
from footfall.engine.attributes import cut_out
from footfall.engine.items import Tracked
from footfall.engine.worker import Mailbox, Policy, Worker
from footfall.serve.snapshot_ledger import Entry, SnapshotLedger, why_full

log = logging.getLogger(__name__)

ON, FULL, FAILED = "snapshots-on", "snapshots-full", "snapshots-failed"
"""Reason codes of the service's health, before the camera's name."""
FORGET_EVERY_S: Final = 3600.0
_QUALITY = 90
_WAITING = 8
"""Pictures in memory; more are not taken."""


class Studio(Protocol):
    """Where pictures go: `customvision.from_cameras.CameraStudio`."""

    def keep(self, project: str, jpeg: bytes, about: Mapping[str, str]) -> None:
        """Seal one."""
        ...

    def has(self, project: str) -> bool:
        """Whether there is a project of that name."""
        ...

    def forget(self, project: str, camera: str, days: int) -> int:
        """Erase those that nobody has tagged in so many days."""
        ...


@dataclass(frozen=True, slots=True)
class _Taken:
    camera: str
    spec: SnapshotSpec
    image: Image


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one camera."""

    code: str
    """Reason code of the service's health: ON, FULL or FAILED."""
    words: str
    entry: Entry


def name_of(graph_id: str) -> str:
    """What pictures of a camera are marked with."""
    return graph_id.partition("/")[0]


class Snapshots:
    """Of all cameras of the service.

    Args:
        ledger: file with the counts.
        clock: of the service.
        audit: takes event, author and what belongs to it.
        note: takes a reason code of the service's health, and words; empty words take it back.
    """

    def __init__(
        self,
        ledger: Path,
        clock: Clock,
        audit: Callable[[str, str, Mapping[str, object]], object],
        note: Callable[[str, str], None],
    ) -> None:
        self._path = ledger
        self._ledger: SnapshotLedger | None = None
        self._clock = clock
        self._audit = audit
        self._note = note
        self._studio: Studio | None = None
        self._specs: dict[str, SnapshotSpec] = {}
        self._noted: dict[str, str] = {}
        self._troubles: dict[str, str] = {}
        """Camera -> why its last picture was not kept."""
        self._lock = Lock()
        self._keeping = Lock()
        """Held while a picture is sealed: what was erased does not come back."""
        self._forgot_s = -inf
        self._box: Mailbox[_Taken] = Mailbox(_WAITING, Policy.DROP_OLDEST)
        self._worker = Worker("snapshots", self._run)

    def connect(self, studio: Studio) -> None:
        """Pictures go there."""
        self._studio = studio

    def start(self) -> None:
        """Begin to take pictures."""
        self._worker.start()
        self.tick()

    def close(self) -> None:
        """Take no more; what waits is dropped."""
        self._box.close()
        self._worker.join(5.0)

    def follow(self, graphs: Sequence[GraphPlan]) -> None:
        """These cameras run now: what is new about consent is noted in the audit log."""
        specs = {graph.id: spec for graph in graphs if graph.enabled and (spec := graph.snapshots) is not None}
        with self._lock:
            self._specs = specs
        if specs or self._path.exists():
            self._note_consents(specs)
            self.tick()

    def tap(self, graph: GraphPlan) -> Callable[[object], None] | None:
        """What looks at a camera's items; None where no pictures are taken."""
        return None if graph.snapshots is None else _Tap(graph.id, graph.snapshots, self._box.put)

    def tick(self) -> None:
        """Say how it stands, and forget what is too old; to be called every second."""
        with self._lock:
            specs = dict(self._specs)
        words = dict(self._words(specs))
        for code in self._noted:
            if code not in words:
                self._note(code, "")
        for code, text in words.items():
            if self._noted.get(code) != text:
                self._note(code, text)
        self._noted = words
        now_s = self._clock.monotonic_s()
        has_begun = bool(specs) or self._path.exists()
        if self._studio is not None and has_begun and now_s - self._forgot_s >= FORGET_EVERY_S:
            self._forgot_s = now_s
            self._forget(self._studio, specs)

    def standing(self, camera: str, spec: SnapshotSpec) -> Standing:
        """How it stands with a camera, by the id of its graph."""
        ledger = self._opened()
        why = self._troubles.get(camera, "")
        if self._studio is None or ledger is None:
            why = "Custom Vision is not on: start with --customvision" if ledger else f"{self._path} is broken"
        entry = ledger.of(camera, spec, self._clock.now().date()) if ledger else Entry("")
        if why or ledger is None:
            return Standing(FAILED, f"no pictures are taken to learn from: {why}", entry)
        counts = f"{entry.today} of {spec.a_day} today, {entry.in_all} of {spec.in_all} in all"
        words = f"pictures are kept for {spec.project}, by consent of {spec.given_by}: {counts}"
        full = why_full(entry, spec)
        return Standing(FULL, f"{words}; {full}", entry) if full else Standing(ON, words, entry)

    def erase(self, camera: str, spec: SnapshotSpec, author: str) -> int:
        """Erase the camera's pictures that nobody has tagged; how many there were.

        Raises:
            FootfallError: as `CameraStudio.forget`.
        """
        assert self._studio is not None
        with self._keeping:
            gone = self._studio.forget(spec.project, name_of(camera), 0)
        self._audit("snapshots-erased", author, {"camera": camera, "count": gone})
        return gone

    def _words(self, specs: Mapping[str, SnapshotSpec]) -> Iterator[tuple[str, str]]:
        for camera, spec in specs.items():
            found = self.standing(camera, spec)
            yield f"{found.code}:{name_of(camera)}", found.words

    def _note_consents(self, specs: Mapping[str, SnapshotSpec]) -> None:
        ledger, today = self._opened(), self._clock.now().date()
        if ledger is None:
            return
        for camera in ledger.cameras():
            if camera not in specs:
                self._audit("snapshots-off", "footfall", {"camera": camera})
                ledger.end(camera)
        for camera, spec in specs.items():
            if not ledger.is_known(camera, spec):
                about = msgspec.to_builtins(spec) | {"camera": camera}
                self._audit("snapshots-on", "footfall", about)
                ledger.begin(camera, spec, today)
            elif (camera, spec.project, spec.days) not in ledger.left():
                ledger.begin(camera, spec, today)

    def _run(self) -> None:
        for taken in self._box:
            with self._keeping:
                self._keep(taken)

    def _keep(self, taken: _Taken) -> None:
        ledger, spec, today = self._opened(), taken.spec, self._clock.now().date()
        with self._lock:
            is_meant = self._specs.get(taken.camera) == spec
        if ledger is None or self._studio is None or not is_meant or not ledger.is_known(taken.camera, spec):
            return
        try:
            if not ledger.take(taken.camera, spec, today):
                return
            try:
                self._seal(self._studio, taken)
            except FootfallError:
                ledger.give_back(taken.camera, spec, today)
                raise
        except (FootfallError, OSError) as error:
            if self._troubles.get(taken.camera) != str(error):
                log.warning("%s: a picture to learn from was not kept: %s", taken.camera, error)
            self._troubles[taken.camera] = str(error)
            return
        self._troubles.pop(taken.camera, None)
        if why := why_full(ledger.of(taken.camera, spec, today), spec):
            self._audit("snapshots-full", "footfall", {"camera": taken.camera, "why": why})

    def _seal(self, studio: Studio, taken: _Taken) -> None:
        done, jpeg = cv2.imencode(".jpg", taken.image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        assert done
        about = {"camera": name_of(taken.camera)[:256], "taken": self._clock.now().isoformat()}
        studio.keep(taken.spec.project, jpeg.tobytes(), about)

    def _forget(self, studio: Studio, specs: Mapping[str, SnapshotSpec]) -> None:
        """Of all consents, those that have ended as well."""
        ledger = self._opened()
        for camera, project, days in ledger.left() if ledger else ():
            spec = specs.get(camera)
            is_on = spec is not None and spec.project == project
            try:
                if studio.has(project):
                    gone = studio.forget(project, name_of(camera), spec.days if spec and is_on else days)
                    self._note_erased(camera, gone)
                elif ledger and not is_on:
                    ledger.gone(camera, project)
            except (FootfallError, OSError) as error:
                log.warning("%s: old pictures were not erased: %s", camera, error)

    def _note_erased(self, camera: str, gone: int) -> None:
        if gone:
            self._audit("snapshots-erased", "footfall", {"camera": camera, "count": gone})

    def _opened(self) -> SnapshotLedger | None:
        if self._ledger is None:
            try:
                self._ledger = SnapshotLedger(self._path)
            except (OSError, ValueError) as error:
                log.warning("%s: %s: no pictures are taken to learn from", self._path, error)
        return self._ledger


class _Tap:
    """Cuts pictures out of one camera's frames, now and then; in the camera's thread."""

    def __init__(self, camera: str, spec: SnapshotSpec, put: Callable[[_Taken], None]) -> None:
        self._camera = camera
        self._spec = spec
        self._put = put
        self._taken_s = -inf

    def __call__(self, item: object) -> None:
        """Look at one frame."""
        assert isinstance(item, Tracked)
        frame, people = item.frame, item.observed.people
        if frame is None or not people:
            return
        if frame.t_s < self._taken_s:
            self._taken_s = -inf
        if frame.t_s - self._taken_s < self._spec.every_s:
            return
        picture = frame.image if frame.picture is None else frame.picture
        image: Image | None = picture
        if self._spec.cut is Cut.PEOPLE:
            turn = frame.index % len(people)
            image = cut_out(picture, people[turn].box_n)
        if image is not None:
            self._taken_s = frame.t_s
            self._put(_Taken(self._camera, self._spec, np.ascontiguousarray(image).copy()))

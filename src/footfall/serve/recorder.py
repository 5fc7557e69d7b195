"""What a camera gives to the store beside its events: facts with their doubts, and presence by the minute."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from footfall.core.types import Message, Observed
from footfall.engine.items import Happened
from footfall.serve.presence import Presence
from footfall.serve.tracks import TrackPieces
from footfall.spatial.certainty import weigh
from footfall.spatial.insights import Dwelled
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.signs import Evidence, What
from footfall.store.records import FactRecord, Measure, PresenceRecord
from footfall.store.wire import facts_message

MEASURES = {
    What.RIGHT: Measure.RIGHT,
    What.LEFT: Measure.LEFT,
    What.ENTER: Measure.ENTER,
    What.EXIT: Measure.EXIT,
    What.VISIT: Measure.VISIT,
}


def random_id() -> str:
    """32 random hex digits."""
    return uuid.uuid4().hex


class Recorder:
    """A node behind the rules of one camera; it goes on over edits.

    Args:
        camera: its name.
        tracks: gathers people, where they are recorded.
        new_id: makes ids.
    """

    def __init__(self, camera: str, tracks: TrackPieces, new_id: Callable[[], str] = random_id) -> None:
        self._camera = camera
        self._tracks = tracks
        self.is_tracking = False
        """Whether people are recorded."""
        self._new_id = new_id
        self.presence = Presence(camera)
        self.last: Observed | None = None
        """The newest frame's people."""

    def follow(self, spec: SpatialSpec) -> Recorder:
        """Record what these regions tell from now on; returns itself."""
        self.presence.follow(spec)
        return self

    def feed(self, item: object) -> Sequence[Message]:
        """What one frame made known."""
        assert isinstance(item, Happened)
        observed, facts = item.observed, list(self._facts(item))
        is_over = self.last is not None and observed.frame == self.last.frame
        if is_over:  # what is told at the end of the rules, once more with the last frame
            return self._message(facts, [], observed.utc)
        self.last = observed
        if self.is_tracking:
            self._tracks.add(observed)
        return self._message(facts, self.presence.step(observed, item.insights), observed.utc)

    def flush(self) -> Sequence[Message]:
        """The stream is over."""
        self._tracks.end()
        utc = self.last.utc if self.last is not None else None
        self.last = None
        minutes = self.presence.end()
        return [] if utc is None else self._message([], minutes, utc)

    def _message(self, facts: list[FactRecord], minutes: Sequence[PresenceRecord], utc: datetime) -> list[Message]:
        if not (facts or minutes):
            return []
        return [facts_message(self._camera, facts, minutes, key=self._new_id(), utc=utc)]

    def _facts(self, item: Happened) -> Iterator[FactRecord]:
        visits = [insight for insight in item.insights if isinstance(insight, Dwelled)]
        for evidence in item.evidence:
            measure = MEASURES.get(evidence.what)
            if measure is None:
                continue
            utc = item.observed.utc + timedelta(seconds=evidence.t_s - item.observed.t_s)
            dwell_s = _taken(visits, evidence) if measure is Measure.VISIT and evidence.is_told else None
            yield FactRecord(
                self._new_id(), self._camera, evidence.region, measure, utc, weigh(evidence), dwell_s=dwell_s
            )


def _taken(visits: list[Dwelled], evidence: Evidence) -> float | None:
    """Length of the visit that the evidence is about."""
    for number, visit in enumerate(visits):
        if visit.zone == evidence.region and visit.t_s == evidence.t_s:
            return visits.pop(number).dwell_s
    return None

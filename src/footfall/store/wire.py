"""What the store reads out of messages.

Events come as every sink gets them, in Azure's words. Facts and presence come in messages of their own, which nobody
else gets: property `footfall` is `facts`, the body is JSON::

    {"facts": [{"id": "3f...", "camera": "front", "region": "door", "measure": "right", "utc": "2026-01-01T10:00:00Z",
                "estimate": {"told": 1, "extra": 0.01, "extra_variance": 0.01, "missed": 0.2, "missed_variance": 0.2},
                "dwell_s": null}],
     "presence": [{"camera": "front", "region": "till", "minute": "2026-01-01T10:00:00Z", "mean": 1.5, "peak": 3,
                   "low": 1, "high": 2}]}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import Final

import msgspec

from footfall.core.types import Message
from footfall.store.records import Batch, EventRecord, FactRecord, PresenceRecord

PROPERTY: Final = "footfall"
FACTS: Final = "facts"
MOST: Final = 1_000_000
"""No fact counts more people, no minute holds more, and no visit takes longer (in seconds: eleven days)."""


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a message with facts."""

    facts: tuple[FactRecord, ...] = ()
    presence: tuple[PresenceRecord, ...] = ()


def facts_message(
    camera: str, facts: Sequence[FactRecord], presence: Sequence[PresenceRecord], *, key: str, utc: datetime
) -> Message:
    """What `read_message` reads; `key` is the message's own id."""
    body = msgspec.json.encode(Facts(tuple(facts), tuple(presence)))
    return Message(camera, body, key, utc, {PROPERTY: FACTS})


def read_message(message: Message) -> Batch:
    """What a message tells.

    Raises:
        ValueError: it is not JSON of the expected form.
    """
    try:
        if message.properties.get(PROPERTY) == FACTS:
            return _facts(_FACTS.decode(message.body))
        return Batch(events=(_event(message, _ENVELOPE.decode(message.body)),))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"message {message.key} is malformed: {error}") from error


class _Properties(msgspec.Struct, rename="camel"):
    tracking_id: str = ""


class _Event(msgspec.Struct):
    type: str = ""
    zone: str = ""
    properties: _Properties = msgspec.field(default_factory=_Properties)


class _Envelope(msgspec.Struct):
    """What is read of an event; calibration events, and those of media graphs, have no `events`."""

    events: tuple[_Event, ...] = ()
    type: str = ""


_FACTS = msgspec.json.Decoder(Facts)
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_NONE = _Event()


def _event(message: Message, envelope: _Envelope) -> EventRecord:
    first = envelope.events[0] if envelope.events else _NONE
    track_id = next((event.properties.tracking_id for event in envelope.events if event.properties.tracking_id), "")
    kind = first.type or envelope.type or "other"
    return EventRecord(message.key, message.topic, message.utc, kind, first.zone, track_id, message.body)


def _facts(told: Facts) -> Batch:
    for fact in told.facts:
        _check(fact)
    for minute in told.presence:
        figures = (minute.mean, minute.peak, minute.low, minute.high)
        if minute.minute.tzinfo is None or not all(abs(figure) <= MOST for figure in figures):
            raise ValueError(f"presence in {minute.region!r} at {minute.minute} is out of bounds, or has no time zone")
    return Batch(facts=told.facts, presence=told.presence)


def _check(fact: FactRecord) -> None:
    estimate = fact.estimate
    doubts = (estimate.extra, estimate.extra_variance, estimate.missed, estimate.missed_variance, fact.dwell_s or 0.0)
    if len(fact.id) != 32 or len(bytes.fromhex(fact.id)) != 16:
        raise ValueError(f"fact {fact.id!r} has no id of 32 hex digits")
    if fact.utc.tzinfo is None:
        raise ValueError(f"fact {fact.id} has no time zone")
    if not 0 <= estimate.told <= MOST or not all(isfinite(doubt) and 0.0 <= doubt <= MOST for doubt in doubts):
        raise ValueError(f"fact {fact.id} is out of bounds")

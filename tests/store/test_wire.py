from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from footfall.core.types import Message
from footfall.spatial.interval import Estimate
from footfall.store.records import EventRecord, FactRecord, Measure, PresenceRecord
from footfall.store.wire import facts_message, read_message

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACT = FactRecord("ab" * 16, "Tür", "till", Measure.VISIT, NOON, Estimate(1, 0.01, 0.01, 0.2, 0.2), 12.5)
MINUTE = PresenceRecord("Tür", "till", NOON, 1.5, 3, 1, 2)


def test_facts_come_out_as_they_went_in():
    message = facts_message("Tür", [FACT], [MINUTE], key="k", utc=NOON)
    assert (message.topic, message.key, message.utc) == ("Tür", "k", NOON)
    batch = read_message(message)
    assert (batch.facts, batch.presence, batch.events) == ((FACT,), (MINUTE,), ())


@pytest.mark.parametrize(
    ("body", "kind", "region", "track"),
    [
        pytest.param(
            {
                "events": [
                    {"id": "1", "type": "personLineEvent", "zone": "door", "properties": {"trackingId": "7"}},
                    {"id": "2", "type": "personCountEvent", "zone": "till", "properties": {"personCount": 2}},
                ]
            },
            "personLineEvent",
            "door",
            "7",
            id="two in one: the first names it",
        ),
        pytest.param(
            {"events": [{"id": "2", "type": "personCountEvent", "zone": "till", "properties": {"personCount": 2}}]},
            "personCountEvent",
            "till",
            "",
            id="a count is of nobody",
        ),
        pytest.param(
            {"type": "cameraCalibrationEvent", "sourceInfo": {}}, "cameraCalibrationEvent", "", "", id="camera"
        ),
        pytest.param({"inferences": []}, "other", "", "", id="something else"),
    ],
)
def test_events_are_read_out_of_their_bodies(body, kind, region, track):
    message = Message("front", msgspec.json.encode(body), "key", NOON)
    expected = EventRecord("key", "front", NOON, kind, region, track, message.body)
    assert read_message(message).events == (expected,)


def changed(**changes):
    document = msgspec.json.decode(facts_message("Tür", [FACT], [MINUTE], key="k", utc=NOON).body)
    document["facts"][0] |= changes.get("fact", {})
    document["facts"][0]["estimate"] |= changes.get("estimate", {})
    document["presence"][0] |= changes.get("presence", {})
    return msgspec.json.encode(document)


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        pytest.param(b"people", False, id="no JSON"),
        pytest.param(b"[]", False, id="no object"),
        pytest.param(b'{"events": 3}', False, id="no list of events"),
        pytest.param(b"\xff\xfe", False, id="no text"),
        pytest.param(b'{"deep":' + b"[" * 200_000, False, id="a well"),
        pytest.param(b'{"people": 1}', True, id="unknown field"),
        pytest.param(changed(fact={"id": "door"}), True, id="no id"),
        pytest.param(changed(fact={"id": "ab " * 10 + "ab"}), True, id="an id with blanks"),
        pytest.param(changed(fact={"measure": "jump"}), True, id="unknown measure"),
        pytest.param(changed(fact={"utc": "2026-03-01T12:00:00"}), True, id="no time zone"),
        pytest.param(changed(fact={"dwell_s": -1.0}), True, id="a visit that ends before it begins"),
        pytest.param(changed(estimate={"told": -1}), True, id="fewer than nobody"),
        pytest.param(changed(estimate={"told": 10**12}), True, id="more than everybody"),
        pytest.param(changed(estimate={"missed": None}), True, id="no number"),
        pytest.param(changed(presence={"minute": "2026-03-01T12:00:00"}), True, id="a minute without zone"),
        pytest.param(changed(presence={"peak": 10**12}), True, id="a crowd"),
    ],
)
def test_what_makes_no_sense_is_refused(body, facts):
    with pytest.raises(ValueError, match=r"malformed|bounds|hex|zone"):
        read_message(Message("Tür", body, "k", NOON, {"footfall": "facts"} if facts else {}))

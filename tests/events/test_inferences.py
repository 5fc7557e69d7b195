"""The words of Live Video Analytics and of Azure Video Analyzer for the same happenings."""

from __future__ import annotations

from itertools import count

import pytest

from events.stage import ANN, BOB, STORIES
from footfall.core.options import InferenceForm
from footfall.events.inferences import Inference, InferenceWriter, NamedEvent, PersonEntity

ANN_ID, BOB_ID = ANN.track_id, BOB.track_id
LVA, AVA = InferenceForm.LVA, InferenceForm.AVA


def write(form: InferenceForm, *stories: str, raw: bool = False) -> list[Inference]:
    numbers = count(1)
    writer = InferenceWriter(form, raw=raw, new_id=lambda: f"new{next(numbers)}")
    return writer.write([STORIES[story] for story in stories], (ANN, BOB))


def events(found: list[Inference]) -> list[NamedEvent]:
    return [one for one in found if isinstance(one, NamedEvent)]


def people(found: list[Inference]) -> list[PersonEntity]:
    return [one for one in found if isinstance(one, PersonEntity)]


@pytest.mark.parametrize(
    ("form", "story", "name", "properties"),
    [
        pytest.param(
            LVA, "enter", "personZoneEvent",
            {"trackingId": ANN_ID, "status": "Enter", "zone": "till", "metadataVersion": "1.0"}, id="2020: enters",
        ),
        pytest.param(
            LVA, "line", "personLineEvent",
            {"trackingId": ANN_ID, "status": "CrossRight", "zone": "door", "metadataVersion": "1.0"},
            id="2020: crosses",
        ),
        pytest.param(
            LVA, "dwell", "personZoneDwellTimeEvent",
            {"trackingId": ANN_ID, "status": "Exit", "durationMs": "7040.0", "zone": "till", "metadataVersion": "1.0"},
            id="2020: stayed",
        ),
        pytest.param(
            LVA, "count", "personCountEvent",
            {"personCount": "2.0", "zone": "hall", "trigger": "event", "metadataVersion": "1.0"}, id="2020: counted",
        ),
        pytest.param(
            AVA, "exit", "personZoneEnterExitEvent",
            {"trackingId": BOB_ID, "status": "Exit", "side": "", "zone": "till"}, id="2021: vanished",
        ),
        pytest.param(
            AVA, "line", "personLineEvent",
            {"trackingId": ANN_ID, "status": "CrossRight", "orientationDirection": "Straight", "zone": "door"},
            id="2021: crosses",
        ),
        pytest.param(
            AVA, "count", "personCountEvent", {"personCount": "2.0", "zone": "hall", "trigger": "event"},
            id="2021: counted",
        ),
        pytest.param(
            AVA, "distance", "personDistanceEvent",
            {
                "personCount": "3.0", "averageDistance": "7.5", "minimumDistanceThreshold": "6.0",
                "maximumDistanceThreshold": "inf", "eventName": "TooClose", "distanceViolationPersonCount": "2.0",
                "zone": "lobby", "trigger": "interval",
            },
            id="2021: too close",
        ),
    ],
)  # fmt: skip
def test_events(form: InferenceForm, story: str, name: str, properties: dict[str, str]) -> None:
    found = write(form, story)
    [event] = events(found)
    assert (event.name, event.properties) == (name, properties)
    assert event.related == tuple(person.id for person in people(found))


def test_in_2020_an_entity_is_called_as_its_track() -> None:
    [person] = people(write(LVA, "enter"))
    assert person == PersonEntity(ANN_ID, 0.9375, ANN.box_n, ANN.mask, {})


def test_in_2020_counted_people_have_ids_of_their_own() -> None:
    assert [person.id for person in people(write(LVA, "count"))] == ["new1", "new2"]


def test_in_2021_an_entity_tells_where_its_person_is() -> None:
    [person] = people(write(AVA, "exit"))
    assert person.id != BOB_ID
    assert person.extensions == {
        "centerGroundPointX": "0.0", "centerGroundPointY": "0.0", "groundOrientationAngle": "inf",
        "mappedImageOrientation": "inf", "trackingId": BOB_ID, "speed": "0.0",
        "footprintX": "0.55", "footprintY": "0.79",
    }  # fmt: skip


def test_everybody_is_told_once_however_much_happens() -> None:
    found = write(LVA, "enter", "line", "exit", "dwell")
    assert [person.id for person in people(found)] == [ANN_ID, BOB_ID]
    assert [event.related for event in events(found)] == [(ANN_ID,), (ANN_ID,), (BOB_ID,), (ANN_ID,)]
    assert len({one.id for one in found}) == len(found)


def test_nothing_happened_nothing_is_said() -> None:
    assert write(AVA) == []


@pytest.mark.parametrize("form", list(InferenceForm))
def test_raw_output_tells_everybody_of_every_frame(form: InferenceForm) -> None:
    assert len(people(write(form, raw=True))) == 2
    assert len(people(write(form, "enter", raw=True))) == 2

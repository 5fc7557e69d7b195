"""Replies of HTTP extensions, word by word."""

from __future__ import annotations

import base64
import json

import pytest

from footfall.extension.placing import Placing
from footfall.extension.verdict import Verdict, verdict

WHOLE = Placing((100, 100), (100, 100))
BOX = {"l": 0.25, "t": 0, "w": 0.5, "h": 1}
TAG = {"value": "car", "confidence": 0.9}
GOOD = [
    pytest.param({"type": "entity", "entity": {"tag": TAG, "box": BOX}}, id="entity"),
    pytest.param({"type": "entity", "entity": {"tag": {"value": "x"}, "box": BOX, "mine": 1}, "too": 2}, id="more"),
    pytest.param({"type": "classification", "classification": {"tag": TAG}}, id="classification"),
    pytest.param({"type": "motion", "motion": {"box": BOX}}, id="motion"),
    pytest.param({"type": "text", "text": {"value": "hi", "language": "en"}}, id="text"),
    pytest.param({"type": "event", "event": {"name": "n", "properties": {"a": "b"}}}, id="event"),
    pytest.param({"type": "other", "other": {"contentType": "text/plain", "contentBytes": "b2s="}}, id="other"),
    pytest.param(
        {"type": "entity", "entity": {"tag": TAG, "box": BOX, "attributes": [{"name": "a", "value": "b"}]}},
        id="attributes",
    ),
]
BAD = [
    pytest.param({"entity": {"tag": TAG, "box": BOX}}, id="no type"),
    pytest.param({"type": "car", "entity": {"tag": TAG, "box": BOX}}, id="an unknown type"),
    pytest.param({"type": "entity"}, id="no value"),
    pytest.param({"type": "motion", "entity": {"tag": TAG, "box": BOX}}, id="another value"),
    pytest.param({"type": "entity", "entity": {"tag": TAG}}, id="an entity without a box"),
    pytest.param({"type": "entity", "entity": {"tag": {}, "box": BOX}}, id="a tag without a value"),
    pytest.param({"type": "motion", "motion": {"box": BOX | {"w": 1.5}}}, id="a box beyond the picture"),
    pytest.param({"type": "motion", "motion": {"box": {"l": 0, "t": 0, "w": 0}}}, id="a box of three sides"),
    pytest.param({"type": "classification", "classification": {"tag": TAG | {"confidence": 2}}}, id="surer than sure"),
    pytest.param({"type": "text", "text": {}}, id="a text without one"),
    pytest.param({"type": "event", "event": {"properties": {}}}, id="an event without a name"),
    pytest.param({"type": "entity", "entity": {"tag": TAG, "box": BOX, "attributes": [{"name": "a"}]}}, id="half"),
    pytest.param({"type": "other", "other": {"contentType": "a", "contentBytes": "?"}}, id="no base64"),
]


def said(document: object, content_type: str = "application/json", placing: Placing = WHOLE) -> Verdict:
    return verdict(content_type, json.dumps(document).encode(), placing)


@pytest.mark.parametrize("inference", GOOD)
def test_what_follows_the_schema_goes_on_as_it_came(inference: dict[str, object]) -> None:
    assert said({"timestamp": 5, "inferences": [inference]}) == Verdict((inference,))
    assert said({"inferences": [inference] * 2}, "Application/JSON; charset=utf-8") == Verdict((inference,) * 2)


@pytest.mark.parametrize("inference", BAD)
def test_what_does_not_is_opaque(inference: dict[str, object]) -> None:
    document = {"inferences": [GOOD[0].values[0], inference]}
    assert said(document) == Verdict(opaque=document)


@pytest.mark.parametrize("document", [[], {"predictions": []}, "text", 1, {"inferences": 1}])
def test_json_of_another_kind_is_opaque(document: object) -> None:
    assert said(document) == Verdict(opaque=document)


def test_nothing_found() -> None:
    assert said({"inferences": []}) == Verdict()


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        pytest.param("text/plain", b"a car", id="text"),
        pytest.param("image/jpeg", b"\xff\xd8", id="a picture"),
        pytest.param("application/json", b"{", id="JSON that is none"),
        pytest.param("application/json", b'"\xff"', id="bytes that are no text"),
    ],
)
def test_other_content(content_type: str, content: bytes) -> None:
    [one] = verdict(content_type, content, WHOLE).inferences
    data = base64.b64encode(content).decode()
    assert one == {"type": "other", "other": {"contentType": content_type, "contentBytes": data}}
    assert verdict("", content, WHOLE).inferences[0]["other"] == {
        "contentType": "application/octet-stream",
        "contentBytes": data,
    }


def test_boxes_of_padded_pictures() -> None:
    entity = {"type": "entity", "entity": {"tag": TAG, "box": BOX}, "mine": [1]}
    [one] = said({"inferences": [entity]}, placing=Placing((100, 50), (50, 50), 25, 0)).inferences
    assert one == entity | {"entity": {"tag": TAG, "box": {"l": 0, "t": 0, "w": 1, "h": 1}}}

"""Our description of the messages: golden bytes both ways, and what our own answers look like."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from footfall.extension.contract import MediaStreamMessage
from footfall.extension.render import Style, body, number, published
from footfall.extension.wire import Received, Reference, Sample, read_message

STREAM_ID = "/subscriptions/s/resourceGroups/r/providers/microsoft.media/mediaservices/a"


@pytest.fixture(scope="module")
def golden(shared: Path) -> dict[str, bytes]:
    text = (shared / "spec/grpc-extension.md").read_text("utf-8")
    return {name: bytes.fromhex(data) for name, data in re.findall(r"^(G\d+) ([0-9a-f]+)$", text, re.MULTILINE)}


def test_golden_bytes_both_ways(golden: dict[str, bytes]) -> None:
    assert len(golden) == 10
    for name, data in golden.items():
        assert MediaStreamMessage.FromString(data).SerializeToString(deterministic=True) == data, name


def test_what_the_descriptor_says(golden: dict[str, bytes]) -> None:
    stream = read_message(MediaStreamMessage.FromString(golden["G1"])).payload
    assert not isinstance(stream, Sample | None)
    assert (stream.account, stream.instance, stream.node) == (STREAM_ID, "Sample-Graph-1", "cvExtension")
    assert stream.timescale == 90_000
    assert stream.format is not None
    assert (stream.format.width, stream.format.height, stream.format.stride_bytes) == (1408, 786, 4224)
    assert stream.region is not None
    assert (stream.region.name[-19:], stream.region.length_bytes) == ("2146989006636459346", 20_971_520)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        pytest.param("G4", Sample(143_810_610_210_090, Reference(3_320_064, 3_320_064)), id="a picture by reference"),
        pytest.param("G8", Sample(90_000, bytes.fromhex("ffd8ffd9")), id="an embedded JPEG"),
        pytest.param("G6", Sample(0, None), id="an empty sample"),
        pytest.param("G7", None, id="no payload at all"),
    ],
)
def test_samples(golden: dict[str, bytes], name: str, payload: Sample | None) -> None:
    message = MediaStreamMessage.FromString(golden[name])
    assert read_message(message) == Received(message.sequence_number, payload)


def test_the_published_body_of_2020(golden: dict[str, bytes], shared: Path) -> None:
    text = (shared / "seeds/003_40ba228427b8720c.txt").read_text("utf-8")
    start = text.index('{\n  "body"')
    document, _ = json.JSONDecoder().raw_decode(text[start:])
    message = MediaStreamMessage.FromString(golden["G5"])
    written = body(message.media_sample, Style.FIRST)
    assert json.loads(written) == document["body"]
    assert order_of(json.loads(written)) == order_of(document["body"])
    stream = read_message(MediaStreamMessage.FromString(golden["G1"])).payload
    assert not isinstance(stream, Sample | None)
    sent = published(stream, message.media_sample, Style.FIRST)
    assert sent.properties["eventTime"] == document["applicationProperties"]["eventTime"]
    assert sent.properties["eventType"] == document["applicationProperties"]["eventType"]
    assert sent.properties["subject"] == "/graphInstances/Sample-Graph-1/processors/cvExtension"


def order_of(value: Any) -> Any:
    """Keys in their order; a map of text has none."""
    if isinstance(value, dict):
        return [(key, None if key == "properties" else order_of(item)) for key, item in value.items()]
    return [order_of(item) for item in value] if isinstance(value, list) else None


def test_every_kind_in_both_renderings(golden: dict[str, bytes]) -> None:
    sample = MediaStreamMessage.FromString(golden["G9"]).media_sample
    first = json.loads(body(sample, Style.FIRST))["inferences"]
    assert [one["type"] for one in first] == ["classification", "motion", "text", "other", "entity"]
    assert all(one["valueCase"] == one["type"] for one in first)
    assert first[3]["other"] == {"contentType": "text/plain", "contentBytes": "b2s="}
    assert first[2]["text"] == {"value": "hi", "language": "en-US", "startTimestamp": 12_000, "endTimestamp": 13_000}
    assert "id" not in first[4]["entity"]
    second = json.loads(body(sample, Style.SECOND))["inferences"]
    assert second[1] == {"type": "motion", "motion": {"box": {"l": 0.5, "t": 0.25, "w": 0.125, "h": 0.0625}}}
    assert second[4]["entity"]["id"] == "1"
    assert second[4]["extensions"] == {"speed": "0.0"}
    assert second[0]["classification"]["tag"] == {"value": "light", "confidence": 1}


def test_the_sequence_of_video_analyzer(golden: dict[str, bytes]) -> None:
    sample = MediaStreamMessage.FromString(golden["G10"]).media_sample
    assert json.loads(body(sample, Style.SECOND))["inferences"][0]["sequenceId"] == "7"
    assert "sequenceId" not in json.loads(body(sample, Style.FIRST))["inferences"][0]


def test_an_inference_without_a_value_is_left_out() -> None:
    sample = MediaStreamMessage().media_sample
    sample.inferences.add(inference_id="a")
    assert json.loads(body(sample, Style.FIRST)) == {"timestamp": 0, "inferences": []}


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_numbers_give_the_same_float(value: float) -> None:
    tag = MediaStreamMessage().media_sample.inferences.add().entity.tag
    tag.confidence = value
    written = number(tag.confidence)
    tag.confidence = written
    assert tag.confidence == value


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_none(data: bytes) -> None:
    try:
        message = MediaStreamMessage.FromString(data)
    except DecodeError:
        return
    assert isinstance(read_message(message), Received)

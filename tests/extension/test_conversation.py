"""One stream without a wire: golden bytes, and servers that number, time and answer as they like."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from footfall.config.media import Encoding, ImageForm
from footfall.core.media_time import utc_of
from footfall.core.types import Frame
from footfall.extension import request
from footfall.extension.client import Answer, Asker
from footfall.extension.contract import ENUMS, Inference, MediaStreamMessage
from footfall.extension.conversation import REMEMBERED, Conversation, Flight, Moment
from footfall.extension.passing import passed_on
from footfall.extension.placing import Placing
from footfall.extension.prepare import picture_format
from footfall.extension.render import Style
from footfall.extension.wire import Reference, SharedRegion
from servers.extension_model import acknowledged, described, entity, event, number, pure_acknowledgement
from servers.extension_peer import part

WHOLE = Placing((100, 100), (100, 100))
FRAME = Frame("camera", 0, 0.0, datetime(2026, 1, 1, tzinfo=UTC), np.zeros((1, 1, 3), np.uint8))


@pytest.fixture(scope="module")
def golden(shared: Path) -> dict[str, bytes]:
    text = (shared / "spec/grpc-extension.md").read_text("utf-8")
    return {name: bytes.fromhex(data) for name, data in re.findall(r"^(G\d+) ([0-9a-f]+)$", text, re.MULTILINE)}


class Talk:
    """A conversation that hears bytes."""

    def __init__(self, style: Style = Style.FIRST, placing: Placing = WHOLE) -> None:
        self.inner = Conversation(style, began_s=0.0)
        self.placing = placing

    def send(self, timestamp_90k: int, sent_s: float = 0.0) -> int:
        return self.inner.send(Flight(FRAME, Moment(timestamp_90k, self.placing), (), sent_s))

    def hear(self, data: bytes, now_s: float = 0.0) -> Answer | None:
        return self.inner.hear(MediaStreamMessage.FromString(data), now_s).answer


def words(answer: Answer | None) -> list[str]:
    assert answer is not None
    return [one["entity"]["tag"]["value"] for one in answer.inferences]  # type: ignore[index]


def test_golden_bytes_of_the_client(golden: dict[str, bytes]) -> None:
    account = "/subscriptions/s/resourceGroups/r/providers/microsoft.media/mediaservices/a"
    pictures = picture_format((1408, 786), ImageForm(encoding=Encoding.RAW, pixel_format="Bgr24"))
    region = SharedRegion("inference_client_share_memory_2146989006636459346", 20 * 1_048_576)
    assert request.descriptor(Asker(account, "Sample-Graph-1", "cvExtension"), "", pictures, region) == golden["G1"]
    assert request.by_reference(2, 143_810_610_210_090, Reference(3_320_064, 3_320_064), []) == golden["G4"]
    assert request.embedded(2, 90_000, np.frombuffer(b"\xff\xd8\xff\xd9", np.uint8), []) == golden["G8"]


@pytest.mark.parametrize("length", [0, 1, 127, 128, 20_000, 2_100_000])
def test_embedded_pictures_of_any_length(length: int) -> None:
    inference = Inference(subtype="x" * 200)
    content = np.resize(np.arange(251, dtype=np.uint8), length)
    message = MediaStreamMessage.FromString(request.embedded(300, 2**40, content, [inference]))
    assert (message.sequence_number, message.media_sample.timestamp) == (300, 2**40)
    assert message.media_sample.content_bytes.bytes == content.tobytes()
    assert list(message.media_sample.inferences) == [inference]


def test_golden_answers(golden: dict[str, bytes], shared: Path) -> None:
    talk = Talk()
    assert not talk.inner.is_described
    assert talk.hear(golden["G2"]) is None
    assert talk.inner.is_described
    assert talk.hear(golden["G3"]) is None, "once more"
    assert [talk.send(143_810_610_210_090), talk.send(7)] == [2, 3]
    answer = talk.hear(golden["G5"])
    text = (shared / "seeds/003_40ba228427b8720c.txt").read_text("utf-8")
    document, _ = json.JSONDecoder().raw_decode(text[text.index('{\n  "body"') :])
    assert answer is not None
    assert {"timestamp": answer.timestamp_90k, "inferences": list(answer.inferences)} == document["body"]
    assert answer.frame is FRAME
    assert talk.hear(golden["G6"]) == Answer(7, (), FRAME)
    assert talk.hear(golden["G7"]) is None, "acknowledged already"
    answer = talk.hear(golden["G9"])
    assert answer is not None
    assert [one["type"] for one in answer.inferences] == ["classification", "motion", "text", "other", "entity"]
    assert (answer.timestamp_90k, answer.frame) == (143_810_610_210_090, None)


def test_an_edition_of_azure_video_analyzer(golden: dict[str, bytes]) -> None:
    talk = Talk(Style.SECOND)
    talk.send(5)
    answer = talk.hear(golden["G10"])
    assert answer is not None
    assert answer.inferences[0]["sequenceId"] == "7"


def test_a_pure_acknowledgement_of_either_kind(golden: dict[str, bytes]) -> None:
    for name in ("G6", "G7"):
        talk = Talk()
        talk.send(1)
        talk.send(2)
        assert talk.hear(golden[name]) == Answer(2, (), FRAME)
        assert talk.inner.open_count == 1


def test_the_time_of_an_answer() -> None:
    talk = Talk()
    talk.send(1000)
    talk.send(2000)
    car = entity("car")
    story = [
        (acknowledged(2, 2, car, ticks=1234), 1234, "as it says"),
        (acknowledged(3, 2, car), 1000, "of the frame it names, acknowledged or not"),
        (acknowledged(4, 3, car), 2000, "of the frame it acknowledges"),
        (acknowledged(5, 0, car), 2000, "of the newest frame, where it names none"),
        (acknowledged(6, 99, car), 2000, "or one that never was"),
    ]
    for data, expected, why in story:
        answer = talk.hear(data)
        assert answer is not None, why
        assert answer.timestamp_90k == expected, why


def test_a_server_with_another_timescale() -> None:
    talk = Talk()
    talk.hear(described(timescale=1000))
    talk.send(90_000)
    spoken = part(8, part(1, "hi") + part(5, 1500) + part(6, 2000))
    answer = talk.hear(acknowledged(2, 2, spoken, ticks=90_000))
    assert answer is not None
    assert answer.timestamp_90k == 90_000, "an echo of what was sent"
    text = answer.inferences[0]["text"]
    assert text == {"value": "hi", "language": "", "startTimestamp": 135_000, "endTimestamp": 180_000}
    answer = talk.hear(acknowledged(3, 0, entity("car"), ticks=2000))
    assert answer is not None
    assert answer.timestamp_90k == 180_000, "its own count"


def test_times_that_are_none() -> None:
    talk = Talk()
    talk.hear(described(timescale=1))
    talk.send(5)
    answer = talk.hear(acknowledged(2, 2, entity("car"), ticks=2**64 - 1))
    assert answer is not None
    assert answer.timestamp_90k == 5
    assert talk.hear(acknowledged(3, 0, part(8, part(5, 2**64 - 1)))) is None, "a text from the end of all times"


FLOATS = st.floats(width=32)
BOXES = st.builds(
    lambda sides: b"".join(number(at, side) for at, side in enumerate(sides, 1)), st.tuples(*[FLOATS] * 4)
)
INFERENCES = st.one_of(
    st.builds(lambda box, kind: part(1, kind) + part(7, part(3, box)), BOXES, st.integers(0, 20)),
    st.builds(lambda box: part(6, part(1, box)), BOXES),
    st.builds(lambda start: part(8, part(1, "x") + part(5, start)), st.integers(0, 2**64 - 1)),
    st.builds(lambda data: part(13, part(2, data)), st.binary(max_size=20)),
    st.builds(lambda key, value: part(9, part(1, "x") + part(7, part(1, key) + part(2, value))), st.text(), st.text()),
    st.builds(lambda sure: part(5, part(1, number(3, sure))), FLOATS),
)
MESSAGES = st.one_of(
    st.builds(described, st.integers(0, 9), st.integers(0, 9), st.integers(0, 2**32 - 1)),
    st.builds(pure_acknowledgement, st.integers(0, 9), st.integers(0, 9)),
    st.builds(
        lambda ack, ticks, inferences: acknowledged(1, ack, *inferences, ticks=ticks),
        st.integers(0, 9),
        st.integers(0, 2**64 - 1),
        st.lists(INFERENCES, max_size=4),
    ),
    st.binary(max_size=40),
)


@given(st.lists(st.one_of(st.none(), MESSAGES), max_size=20), st.sampled_from(Style))
def test_whatever_a_server_says(story: list[bytes | None], style: Style) -> None:
    """Every frame is acknowledged at most once, and what comes out is JSON with a time of day."""
    talk = Talk(style, Placing((200, 100), (100, 100), 50, 0))
    sent = landed = 0
    for data in story:
        if data is None:
            sent += 1
            talk.send(sent)
            continue
        try:
            answer = talk.hear(data)
        except DecodeError:
            continue
        if answer is not None:
            landed += answer.frame is not None
            utc_of(answer.timestamp_90k)
            assert b"null" not in msgspec.json.encode([one.get("entity") or {} for one in answer.inferences])
            passed_on(answer.inferences, talk.placing)
    assert landed + talk.inner.open_count == sent


def test_numbers_of_the_server_do_not_matter() -> None:
    talk = Talk()
    assert talk.hear(described(0, 0)) is None
    for sequence, timestamp in ((0, 1), (0, 2), (7, 3), (1, 4)):
        asked = talk.send(timestamp)
        answer = talk.hear(acknowledged(sequence, asked, entity("car")))
        assert answer is not None
        assert answer.timestamp_90k == timestamp


def test_later_frames_may_be_answered_first() -> None:
    talk = Talk()
    first, second = talk.send(1), talk.send(2)
    assert talk.hear(acknowledged(2, second)) == Answer(2, (), FRAME)
    assert talk.hear(acknowledged(3, first)) == Answer(1, (), FRAME)
    assert talk.inner.open_count == 0


def test_unknown_acknowledgements_free_nothing() -> None:
    talk = Talk()
    talk.send(1)
    for wrong in (1, 3, 2**63):
        assert talk.hear(acknowledged(2, wrong)) is None
        assert talk.hear(pure_acknowledgement(2, wrong)) is None
    assert talk.inner.open_count == 1


def test_answers_before_anything_was_asked() -> None:
    talk = Talk()
    answer = talk.hear(acknowledged(1, 0, entity("car"), ticks=9))
    assert answer is not None
    assert (answer.timestamp_90k, answer.frame) == (9, None)
    assert talk.hear(acknowledged(1, 2)) is None
    assert talk.hear(acknowledged(1, 0, entity("car"))) is None, "nobody knows when"
    assert not talk.inner.is_described


@pytest.mark.parametrize(
    ("inference", "expected", "warns"),
    [
        pytest.param(entity("car", kind=0), ["car"], False, id="AUTO: what is set counts"),
        pytest.param(entity("car", kind=5), ["car"], True, id="another type than what is set: what is set counts"),
        pytest.param(part(1, 3) + part(3, "id"), [], True, id="nothing set: dropped"),
        pytest.param(entity("car", (float("nan"), 0.0, 1.0, 1.0)), [], True, id="a box that is no number: dropped"),
        pytest.param(
            part(7, part(1, part(2, "x") + number(3, float("inf")))), [], True, id="endless confidence: dropped"
        ),
    ],
)
def test_types_of_inferences(
    inference: bytes, expected: list[str], warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    talk = Talk()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert words(talk.hear(acknowledged(2, talk.send(1), inference))) == expected
    assert len(caplog.records) == warns, "told once"


def test_boxes_of_padded_pictures() -> None:
    talk = Talk(placing=Placing((1408, 786), (1397, 786), 5, 0))
    answer = talk.hear(
        acknowledged(2, talk.send(1), entity("car", (5 / 1408, 0.0, 1397 / 1408, 1.0)), entity("x", (0, 0, 1, 1)))
    )
    assert answer is not None
    boxes = [one["entity"]["box"] for one in answer.inferences]  # type: ignore[index]
    assert boxes[0] == pytest.approx({"l": 0, "t": 0, "w": 1, "h": 1}, abs=1e-6)
    assert boxes[1] == {"l": 0, "t": 0, "w": 1, "h": 1}


def test_patience() -> None:
    talk = Talk()
    assert talk.inner.owes(30.0, 30.0) == ""
    assert talk.inner.owes(30.1, 30.0) == "no descriptor"
    talk.hear(described(), 10.0)
    assert talk.inner.owes(100.0, 30.0) == "", "nothing was sent"
    first, second = talk.send(1, sent_s=100.0), talk.send(2, sent_s=110.0)
    assert talk.inner.owes(130.0, 30.0) == ""
    assert talk.inner.owes(131.0, 30.0) == "frames are not acknowledged"
    talk.hear(acknowledged(2, first))
    assert talk.inner.owes(131.0, 30.0) == ""
    assert talk.inner.owes(141.0, 30.0) != ""
    talk.hear(acknowledged(2, second))
    assert talk.inner.owes(1000.0, 30.0) == ""


@pytest.mark.parametrize(
    "inference",
    [
        pytest.param(event("state", state="initializing"), id="an event"),
        pytest.param(part(13, part(1, "application/json") + part(2, '{"state":"initializing"}')), id="JSON"),
        pytest.param(entity("x") + part(15, part(1, "state") + part(2, "initializing")), id="an extension"),
    ],
)
def test_a_server_that_starts_is_waited_for(inference: bytes) -> None:
    talk = Talk()
    talk.hear(described())
    talk.send(1, sent_s=0.0)
    assert talk.hear(acknowledged(2, 0, inference), 25.0) is not None
    assert talk.inner.owes(50.0, 30.0) == ""
    talk.hear(acknowledged(3, 0, entity("car")), 50.0)
    assert talk.inner.owes(56.0, 30.0) != "", "other answers acknowledge nothing"


def test_memory_of_answered_frames_is_bounded() -> None:
    talk = Talk()
    for timestamp in range(1, 1000):
        talk.hear(acknowledged(2, talk.send(timestamp)))
    first_known, newest = 1000 - REMEMBERED, 999
    for sequence, expected in ((first_known + 1, first_known), (first_known, newest)):
        answer = talk.hear(acknowledged(2, sequence, entity("car")))
        assert answer is not None
        assert answer.timestamp_90k == expected


def test_inferences_of_nodes_upstream_reach_the_next_server(golden: dict[str, bytes]) -> None:
    """gRPC -> JSON -> gRPC, in both renderings: nothing is lost but what the first rendering has no place for."""
    sample = MediaStreamMessage.FromString(golden["G9"]).media_sample
    for style in Style:
        talk = Talk(style)
        talk.send(1)
        answer = talk.hear(golden["G9"])
        assert answer is not None
        passed = passed_on(answer.inferences, WHOLE)
        for one, original in zip(passed, sample.inferences, strict=True):
            case = original.WhichOneof("value")
            expected = type(original).FromString(original.SerializeToString())
            expected.type = ENUMS["Inference.InferenceType"][case.upper()]
            if style is Style.FIRST and case == "entity":
                expected.entity.id = ""
            if case == "entity":
                expected.entity.box.SetInParent()
            assert one == expected


def test_boxes_are_passed_on_as_the_next_server_sees_them() -> None:
    padded = Placing((200, 100), (100, 100), 50, 0)
    box = {"l": 0.0, "t": 0.0, "w": 1.0, "h": 1.0}
    [one] = passed_on([{"type": "entity", "entity": {"tag": {"value": "car", "confidence": 1}, "box": box}}], padded)
    assert (one.type, one.entity.box.l, one.entity.box.w) == (3, 0.25, 0.5)


def test_what_no_message_can_hold_is_not_passed_on() -> None:
    good = {"type": "motion", "motion": {"box": {"l": 0, "t": 0, "w": 1, "h": 1}}, "extra": [1]}
    assert len(passed_on([{"type": "entity", "subtype": [1]}, good, {"motion": {"box": {"l": "?"}}}], WHOLE)) == 1

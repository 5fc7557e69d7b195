"""The nodes of a media graph, driven by hand: what passes, what is said, who is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from footfall.core.geometry import Box
from footfall.core.media_time import EPOCH, ticks_of
from footfall.core.types import Frame, Message
from footfall.engine.media import (
    AskNode,
    CameraNode,
    DoorNode,
    Json,
    MotionNode,
    OpenGraph,
    PublishNode,
    RateNode,
    ReachNode,
    Sample,
    Signal,
    TriggerNode,
)

START = EPOCH + timedelta(days=20_000)


def frame(t_s: float) -> Frame:
    return Frame("cam", round(t_s * 10), t_s, START + timedelta(seconds=t_s), np.zeros((2, 2, 3), np.uint8))


def sample(t_s: float, *said: Json, upstream: tuple[Json, ...] = (), opaque: object = None) -> Sample:
    return Sample(START + timedelta(seconds=t_s), frame(t_s), said, upstream, opaque)


def message(body: bytes, utc: datetime) -> Message:
    return Message("out", body, "key", utc)


def every(period_s: float) -> Any:
    return lambda t_s: round(t_s * 10) % round(period_s * 10) == 0


class Model:
    """Somebody else's model that writes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Frame, int, Sequence[Json]]] = []

    def offer(self, frame: Frame, ticks: int, known: Sequence[Json]) -> None:
        self.asked.append((frame, ticks, known))

    @property
    def times_s(self) -> list[float]:
        return [asked.t_s for asked, _, _ in self.asked]


CAT: Json = {"type": "entity", "entity": {"tag": {"value": "cat", "confidence": 0.5}}}


class TestRate:
    def test_drops_frames_and_never_doubles_one(self) -> None:
        node = RateNode(every(0.5))
        passed = [one.frame.t_s for number in range(11) for one in node.feed(sample(number / 10)) if one.frame]
        assert passed == [0.0, 0.5, 1.0]


class TestMotion:
    BOX: Box = (0.25, 0.5, 0.5, 0.625)

    def run(self, moving: str, aggregation_s: float = 1.0, *, regions: bool = True) -> list[Sample]:
        """`moving`: one character a tenth of a second, `#` where something moves."""
        node = MotionNode(
            lambda frame: [self.BOX] if moving[frame.index] == "#" else [],
            outputs_regions=regions,
            aggregation_s=aggregation_s,
        )
        return [out for number in range(len(moving)) for out in node.feed(sample(number / 10))]

    @pytest.mark.parametrize(
        ("moving", "passed", "told"),
        [
            pytest.param("..........", [], [], id="nothing moves, nothing passes"),
            pytest.param("...##.....", [3, 4], [3], id="what follows within a second is the same event"),
            pytest.param("#############", list(range(13)), [0, 10], id="motion that goes on is told once a second"),
            pytest.param("#..........#", [0, 11], [0, 11], id="motion again is told again"),
        ],
    )
    def test_tells_once_a_window(self, moving: str, passed: list[int], told: list[int]) -> None:
        out = self.run(moving)
        assert [one.frame.index for one in out if one.frame] == passed
        assert [one.frame.index for one in out if one.said and one.frame] == told
        assert all(one.said or one.upstream for one in out), "frames in between are annotated, too"

    def test_without_a_window_tells_every_time(self) -> None:
        assert [bool(one.said) for one in self.run("###", 0.0)] == [True, True, True]

    def test_regions_are_left_top_width_height(self) -> None:
        (first,) = self.run("#")
        assert first.said == ({"type": "motion", "motion": {"box": {"l": 0.25, "t": 0.5, "w": 0.25, "h": 0.125}}},)

    def test_without_regions_the_whole_picture_moves(self) -> None:
        (first,) = self.run("#", regions=False)
        assert first.said == ({"type": "motion", "motion": {"box": {"l": 0.0, "t": 0.0, "w": 1.0, "h": 1.0}}},)


class TestAsk:
    def test_every_sample_is_offered_with_its_media_time(self) -> None:
        model = Model()
        node = AskNode(model.offer)
        assert list(node.feed(sample(0.0))) == list(node.feed(sample(0.1, CAT, upstream=(CAT,)))) == []
        assert [ticks for _, ticks, _ in model.asked] == [ticks_of(START), ticks_of(START) + 9000]
        assert [known for _, _, known in model.asked] == [(), (CAT, CAT)]

    def test_maximum_samples_per_second(self) -> None:
        model = Model()
        node = AskNode(model.offer, passes=every(0.5))
        for number in range(11):
            node.feed(sample(number / 10))
        assert model.times_s == [0.0, 0.5, 1.0]

    def test_only_annotated_samples_and_only_they_count_for_the_rate(self) -> None:
        model, turns = Model(), [0]

        def second(_t_s: float) -> bool:
            turns[0] += 1
            return turns[0] % 2 == 0

        node = AskNode(model.offer, only_annotated=True, passes=second)
        for one in (sample(0.0), sample(0.1, CAT), sample(0.2), sample(0.3, upstream=(CAT,)), sample(0.4)):
            node.feed(one)
        assert model.times_s == [0.3]

    def test_samples_without_a_picture_are_not_offered(self) -> None:
        model = Model()
        AskNode(model.offer).feed(Sample(START, None, (CAT,)))
        assert model.asked == []

    def test_is_done_up_to_the_last_answer_or_to_now(self) -> None:
        node = AskNode(Model().offer)
        assert node.reached_s(1.0) == 1.0, "nobody was asked"
        for t_s in (1.0, 2.0):
            node.feed(sample(t_s))
        node.answered(frame(1.0))
        assert node.reached_s(3.0) == 1.0, "one answer is missing"
        node.answered(frame(2.0))
        assert node.reached_s(3.0) == 3.0


class TestPublish:
    def test_one_message_for_a_sample_that_says_something(self) -> None:
        node = PublishNode(message)
        assert list(node.feed(sample(0.0))) == list(node.feed(sample(0.0, upstream=(CAT,)))) == []
        (told,) = node.feed(sample(0.5, CAT, CAT))
        assert json.loads(told.body) == {"timestamp": ticks_of(START) + 45_000, "inferences": [CAT, CAT]}
        assert told.body.startswith(b'{"timestamp":')
        assert told.utc == START + timedelta(seconds=0.5)

    def test_a_body_that_follows_no_schema_goes_out_as_it_came(self) -> None:
        (told,) = PublishNode(message).feed(sample(0.0, opaque={"cats": 2}))
        assert json.loads(told.body) == {"cats": 2}


def test_a_gate_hears_of_every_message_and_every_signal() -> None:
    heard: list[tuple[datetime, str]] = []
    node = TriggerNode(lambda utc, correlation: heard.append((utc, correlation)))
    for item in (sample(0.0), sample(1.0, CAT), sample(2.0, opaque=[]), Signal(START, "c-7"), sample(3.0)):
        assert list(node.feed(item)) == []
    assert heard == [(START + timedelta(seconds=1), ""), (START + timedelta(seconds=2), ""), (START, "c-7")]


class TestGraph:
    """camera -> rate -> model -> hub and gate, and a hub source -> gate."""

    def build(self) -> None:
        self.model, self.heard, self.reached = Model(), list[datetime](), list[float]()
        self.ask = AskNode(self.model.offer)
        nodes = {
            "camera": CameraNode(),
            "signals": DoorNode(),
            "rate": RateNode(every(0.2)),
            "model": self.ask,
            "gate": TriggerNode(lambda utc, _: self.heard.append(utc)),
            "hub": PublishNode(message),
            "reach": ReachNode([self.ask], self.reached.append),
        }
        wires = {"rate": ["camera"], "model": ["rate"], "gate": ["model", "signals"], "hub": ["model"]}
        self.graph = OpenGraph(nodes, wires)

    def test_answers_come_in_behind_the_node_that_asked(self) -> None:
        self.build()
        for number in range(3):
            assert list(self.graph.push(frame(number / 10))) == []
        assert self.model.times_s == [0.0, 0.2]
        (told,) = self.graph.emit("model", sample(0.0, CAT))
        assert isinstance(told, Message)
        assert self.graph.emit("model", sample(0.2)) == [], "a mere acknowledgement"
        assert self.heard == [START]

    def test_signals_come_in_by_their_door(self) -> None:
        self.build()
        assert self.graph.emit("signals", Signal(START)) == []
        assert self.heard == [START]

    def test_the_gate_hears_how_far_the_answers_are(self) -> None:
        self.build()
        list(self.graph.push(frame(0.0)))
        assert self.reached == [], "the first frame is not answered"
        self.ask.answered(frame(0.0))
        list(self.graph.push(frame(0.1)))
        list(self.graph.push(frame(0.2)))
        assert self.reached == [0.1], "nobody knows yet about the third"
        self.ask.answered(frame(0.2))
        list(self.graph.push(frame(0.3)))
        assert self.reached == [0.1, 0.3]

    def test_the_end_gives_nothing(self) -> None:
        self.build()
        assert list(self.graph.flush()) == []

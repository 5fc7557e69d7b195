"""Whom a customer's classifier is asked about, how often, and what is told of everybody meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from footfall.core.geometry import Box
from footfall.core.types import Attribute, Frame, Image, Observed, TrackObservation
from footfall.engine.attributes import AT_ONCE, PAUSE_S, AttributeNode, AttributeWatch, Told, cut_out
from footfall.engine.errand import AtOnce
from footfall.engine.items import Tracked

DAY = datetime(2026, 3, 1, tzinfo=UTC)
WIDTH, HEIGHT = 320, 180


class Reader:
    """Tells how red and how blue a crop is; keeps the shapes of what it was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, ...]] = []
        self.asked = 0

    def __call__(self, crops: list[Image]) -> list[Told]:
        self.asked += 1
        self.shown += [crop.shape for crop in crops]
        return [told(float(crop[:, :, 2].mean() / 255)) for crop in crops]


class Slow:
    """An errand whose answers come when the test says so."""

    def __init__(self) -> None:
        self.questions: list[list[Image]] = []
        self.answer: list[Told] | None = None
        self.is_busy = False

    def offer(self, question: list[Image]) -> bool:
        if self.is_busy:
            return False
        self.is_busy = True
        self.questions.append(question)
        return True

    def collect(self) -> list[Told] | None:
        answer, self.answer = self.answer, None
        self.is_busy = self.is_busy and answer is None
        return answer


def told(red: float) -> Told:
    return (Attribute("red", red), Attribute("blue", 1.0 - red))


def person(name: str, x: float, width: float = 0.2) -> TrackObservation:
    return TrackObservation(name, 0.0, 0, (x, 0.2, x + width, 0.9), (x, 0.9), 0.9)


def tracked(t_s: float, *people: TrackObservation, loop: int = 0, picture: Image | None = None) -> Tracked:
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for one in people:
        view = cut_out(image, one.box_n)
        if view is not None:
            view[:] = (0, 0, 255) if one.track_id.startswith("red") else (255, 0, 0)
    frame = Frame("cam", round(t_s * 10), t_s, DAY, image, (WIDTH, HEIGHT), loop, picture)
    return Tracked(Observed("cam", frame.index, t_s, DAY, (WIDTH, HEIGHT), people, loop), frame)


def node(errand: object, every_s: float = 2.0) -> AttributeNode:
    return AttributeNode(errand, every_s=every_s, forget_after_s=3.0)  # type: ignore[arg-type]


def fed(node: AttributeNode, item: Tracked) -> dict[str, Told]:
    (out,) = node.feed(item)
    return {one.track_id: one.attributes for one in out.observed.people}


def test_everybody_is_told_apart() -> None:
    reader = Reader()
    out = fed(node(AtOnce(reader)), tracked(0.0, person("red", 0.1), person("blue", 0.6)))
    assert out == {"red": (Attribute("red", 1.0), Attribute("blue", 0.0)),
                   "blue": (Attribute("blue", 1.0), Attribute("red", 0.0))}  # fmt: skip


def test_people_are_cut_out_of_the_larger_picture() -> None:
    reader = Reader()
    large = np.zeros((HEIGHT * 4, WIDTH * 4, 3), np.uint8)
    fed(node(AtOnce(reader)), tracked(0.0, person("red", 0.1), picture=large))
    assert reader.shown == [(504, 256, 3)]


def test_a_crowd_is_asked_about_in_turns_and_costs_no_more() -> None:
    reader, crowd = Reader(), [person(f"red{i}", 0.05 * i, 0.15) for i in range(12)]
    asking = node(AtOnce(reader))
    for number in range(40):
        fed(asking, tracked(number / 10, *crowd))
    most = 1 + round(3.9 / PAUSE_S)
    assert reader.asked <= most
    assert len(reader.shown) <= AT_ONCE * most
    assert len(reader.shown) >= len(crowd)
    assert all(attributes for attributes in fed(asking, tracked(4.0, *crowd)).values())


def test_one_person_is_asked_about_every_two_seconds() -> None:
    reader = Reader()
    asking = node(AtOnce(reader))
    for number in range(61):
        fed(asking, tracked(number / 10, person("red", 0.1)))
    assert reader.asked == 4


def test_the_camera_does_not_wait_for_an_answer() -> None:
    slow = Slow()
    asking = node(slow)
    assert fed(asking, tracked(0.0, person("red", 0.1))) == {"red": ()}
    assert fed(asking, tracked(1.0, person("red", 0.1), person("blue", 0.6))) == {"red": (), "blue": ()}
    assert len(slow.questions) == 1
    slow.answer = [told(0.75)]
    out = fed(asking, tracked(1.1, person("red", 0.1), person("blue", 0.6)))
    assert out == {"red": told(0.75), "blue": ()}
    assert len(slow.questions) == 2
    assert len(slow.questions[1]) == 1


def test_a_question_holds_a_copy_and_no_picture() -> None:
    slow = Slow()
    item = tracked(0.0, person("red", 0.1))
    fed(node(slow), item)
    assert item.frame is not None
    item.frame.image[:] = 0
    assert slow.questions[0][0].base is None
    assert (slow.questions[0][0] == (0, 0, 255)).all()


def test_an_answer_about_somebody_who_has_left_is_dropped() -> None:
    slow = Slow()
    asking = node(slow)
    fed(asking, tracked(0.0, person("red", 0.1)))
    fed(asking, tracked(5.0))
    slow.answer = [told(1.0)]
    assert fed(asking, tracked(5.1)) == {}
    assert asking._watch.told("red") == ()


@pytest.mark.parametrize("how", ["a loop", "the end"])
def test_whoever_comes_after_a_new_start_is_somebody_new(how: str) -> None:
    slow = Slow()
    asking = node(slow)
    fed(asking, tracked(0.0, person("red", 0.1)))
    slow.answer = [told(1.0)]
    assert fed(asking, tracked(0.1, person("red", 0.1)))["red"]
    if how == "the end":
        assert list(asking.flush()) == []
    assert fed(asking, tracked(0.0, person("red", 0.1), loop=int(how == "a loop")))["red"] == ()


def test_an_answer_of_the_life_before_is_not_believed() -> None:
    slow = Slow()
    asking = node(slow)
    fed(asking, tracked(3.0, person("red", 0.1)))
    fed(asking, tracked(0.0, person("blue", 0.1), loop=1))
    slow.answer = [told(1.0)]
    assert fed(asking, tracked(0.1, person("blue", 0.1), loop=1)) == {"blue": ()}


def test_nobody_is_asked_about_where_there_is_no_picture() -> None:
    reader = Reader()
    item = tracked(0.0, person("red", 0.1))
    fed(node(AtOnce(reader)), Tracked(item.observed, None))
    assert reader.asked == 0


@pytest.mark.parametrize(
    ("box_n", "size"),
    [
        pytest.param((0.1, 0.2, 0.3, 0.9), (64, 126), id="whole"),
        pytest.param((-0.2, -0.1, 0.3, 1.2), (96, 180), id="cut by the edges"),
        pytest.param((0.1, 0.2, 0.15, 0.9), None, id="too narrow"),
        pytest.param((0.1, 0.2, 0.4, 0.3), None, id="too low"),
        pytest.param((1.1, 0.2, 1.4, 0.9), None, id="outside"),
    ],
)
def test_cutting_out(box_n: Box, size: tuple[int, int] | None) -> None:
    crop = cut_out(np.zeros((HEIGHT, WIDTH, 3), np.uint8), box_n)
    assert (None if crop is None else (crop.shape[1], crop.shape[0])) == size


def test_looks_add_up() -> None:
    watch = AttributeWatch(2.0, 3.0)
    watch.meet([person("a", 0.1)], 0.0)
    watch.learn("a", told(0.0))
    watch.learn("a", told(1.0))
    assert watch.told("a") == (Attribute("blue", 0.5), Attribute("red", 0.5))
    watch.learn("a", told(1.0))
    assert watch.told("a")[0] == Attribute("red", 0.75)


def test_questions_are_told_one_after_the_other() -> None:
    watch = AttributeWatch(2.0, 3.0)
    watch.meet([person("a", 0.1)], 0.0)
    shares = {("vest", "no vest"): 0.9, ("head", "helmet"): 0.8, ("head", "bare"): 0.2, ("vest", "vest"): 0.1}
    watch.learn("a", tuple(Attribute(label, share, task) for (task, label), share in shares.items()))
    assert [one.label for one in watch.told("a")] == ["helmet", "bare", "no vest", "vest"]


def test_newcomers_come_first_and_of_two_alike_the_nearer_one() -> None:
    watch, people = AttributeWatch(2.0, 3.0), [person("old", 0.0), person("far", 0.3, 0.1), person("near", 0.6, 0.3)]
    watch.meet(people[:1], 0.0)
    watch.asked(["old"], 0.0)
    watch.meet(people, 2.5)
    assert [one.track_id for one in watch.due(people, 2.5)] == ["near", "far", "old"]
    assert [one.track_id for one in watch.due(people, 1.9)] == ["near", "far"]


@pytest.mark.parametrize("names", [("ann", "bob"), ("bob", "ann")])
def test_of_two_of_one_size_the_left_one_comes_first_whatever_its_id_is(names: tuple[str, str]) -> None:
    watch, people = AttributeWatch(2.0, 3.0), [person(names[0], 0.25, 0.25), person(names[1], 0.5, 0.25)]
    watch.meet(people, 0.0)
    assert [one.track_id for one in watch.due(people[::-1], 0.0)] == list(names)

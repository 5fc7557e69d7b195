"""Two detectors on one clip: whose boxes, whose people, whose counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import count

import numpy as np
import pytest

from footfall.config.environment import Settings
from footfall.config.native import parse_line, parse_zone, plan_for_target
from footfall.core.types import Detections, Frame
from footfall.detect.catalogue import find_card
from footfall.evaluation.finding import Findings, findings
from footfall.evaluation.following import Rivals, Side
from footfall.evaluation.in_turn import Contestant, run_in_turn
from footfall.evaluation.whereabouts import Whereabouts
from footfall.events.ids import replay_ids
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.totals import Totals
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

DAY = datetime(2026, 3, 1, tzinfo=UTC)
WIDTH, HEIGHT = 640, 360
FPS, FRAMES = 10, 60
SPATIAL = SpatialSpec(
    (parse_zone("hall=0.3,0;0.7,0;0.7,1;0.3,1", Settings()),), (parse_line("door=0.5,1,0.5,0", Settings()),)
)


class Scripted:
    """Finds those whose names it knows; `score` of 0.3 is too weak to be sure."""

    stateful = False

    def __init__(self, *names: str, score: float = 0.9) -> None:
        self.names = names
        self.score = score

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        return [self._found(frame) for frame in frames]

    def _found(self, frame: Frame) -> Detections:
        boxes = np.array([box for name in self.names for box in where(name, frame.index)], np.float32).reshape(-1, 4)
        scores = np.full(len(boxes), self.score, np.float32)
        return Detections(boxes, scores, np.zeros(len(boxes), np.int16), (WIDTH, HEIGHT))


def where(name: str, number: int) -> list[tuple[float, float, float, float]]:
    """Ann walks from left to right, Bob stands, Cid too, Brief for 0.8 seconds; Late is Ann from the 20th frame on."""
    x = {"ann": 40 + 9 * number, "bob": 560, "cid": 100, "late": 40 + 9 * number, "brief": 560}[name]
    if (name == "late" and number < 20) or (name == "brief" and not 20 <= number < 28):
        return []
    return [(x, 120, x + 40, 240)]


def side(name: str, detector: Scripted, spatial: SpatialSpec | None) -> Side:
    numbers, totals = count(1), Totals.of(spatial or SpatialSpec())
    tracker = PeopleTracker(TrackerSettings(), lambda: f"{name}{next(numbers):03}")
    card = find_card("person")
    graph = None
    if spatial is not None:
        plan = plan_for_target("clip.mp4", spatial=spatial).graphs[0]
        taps = Taps(on_happened=lambda item: totals.add_all(item.insights))
        graph = replay_graph(plan, replay_ids("clip"), taps)
    return Side(Contestant(name, detector, card), tracker, graph, totals)


def contest(running: Scripted, new: Scripted, spatial: SpatialSpec | None = None) -> Findings:
    rivals = Rivals(side("old", running, spatial), side("new", new, spatial))
    ticks = count()
    for frame in run_in_turn(frames(), [rivals.running.contestant, rivals.new.contestant], lambda: float(next(ticks))):
        rivals.take(frame)
    rivals.end()
    return findings(rivals, "door.mp4", FRAMES, Whereabouts(spatial or SpatialSpec()))


def frames() -> Iterable[Frame]:
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for number in range(FRAMES):
        yield Frame(str(number), number, number / FPS, DAY, image, (WIDTH, HEIGHT))


def test_two_that_find_the_same() -> None:
    found = contest(Scripted("ann", "bob"), Scripted("bob", "ann"))
    assert [(one.people, one.boxes, one.shared) for one in found.models] == [(2, 2 * FRAMES, 2 * FRAMES)] * 2
    assert (found.agreement, found.lone) == (1.0, ())
    assert found.advice() == "they agree about 100 % of boxes"


@pytest.mark.parametrize(
    ("old", "new", "whose"),
    [
        pytest.param(Scripted("ann"), Scripted("ann", "cid"), "new", id="the new one finds one more"),
        pytest.param(Scripted("ann", "cid"), Scripted("ann"), "old", id="the new one misses one"),
    ],
)
def test_who_is_found_by_one_alone_is_told_with_time_and_place(old: Scripted, new: Scripted, whose: str) -> None:
    found = contest(old, new)
    [lone] = found.lone
    assert (lone.model, lone.where) == (whose, "bottom left")
    assert 0.0 <= lone.first_s < 1.5
    assert lone.last_s == pytest.approx((FRAMES - 1) / FPS)
    assert found.agreement == pytest.approx(2 / 3)
    assert found.advice() == "they agree about 67 % of boxes; look at this one before you switch over"
    assert f"{lone.track_id[-4:]}" in found.table()


def test_who_is_found_later_but_for_most_of_the_time_is_no_lone_one() -> None:
    found = contest(Scripted("ann"), Scripted("late"))
    assert found.lone == ()
    assert found.models[0].boxes == FRAMES > found.models[1].boxes == FRAMES - 20
    assert found.advice() == "they agree about 80 % of boxes"


def test_who_is_there_for_a_moment_is_not_worth_a_look() -> None:
    found = contest(Scripted("ann"), Scripted("ann", "brief"))
    assert [one.people for one in found.models] == [1, 2]
    assert found.lone == ()


def test_weak_boxes_count_for_tracks_alone() -> None:
    found = contest(Scripted("ann"), Scripted("ann", score=0.3))
    assert found.models[1].boxes == 0
    assert found.agreement == 0.0


def test_counts_of_each_by_the_same_rules() -> None:
    found = contest(Scripted("ann", "bob"), Scripted("bob"), SPATIAL)
    assert [dict(one.counts) for one in found.models] == [
        {"door": (1, 0), "hall": (1, 1)},
        {"door": (0, 0), "hall": (0, 0)},
    ]
    assert "they count differently at door, hall" in found.advice()
    text = found.table()
    assert "door: right, left" in text
    assert "hall: in, out" in text
    same = contest(Scripted("ann"), Scripted("ann"), SPATIAL)
    assert same.advice() == "they agree about 100 % of boxes; they count the same"


def test_for_programs() -> None:
    told = contest(Scripted("ann"), Scripted("ann", "cid"), SPATIAL).to_dict()
    assert (told["frames"], told["running"]["people"], told["new"]["people_alone"]) == (FRAMES, 1, 1)
    assert told["new"]["counts"]["door"] == [1, 0]
    assert told["alone"][0]["model"] == "new"
    assert told["running"]["ms_per_picture"] == 1000.0

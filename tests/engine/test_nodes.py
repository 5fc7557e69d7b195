"""The nodes of a person graph at the seams of a stream: a file that starts again, a picture that changes its shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from footfall.core.ports import Node
from footfall.core.types import Detections, Frame, Observed, TrackObservation
from footfall.engine.ground import GroundNode
from footfall.engine.items import Detected, Happened, Tracked
from footfall.engine.nodes import DetectNode, MediaTimeNode, Tap, TrackNode
from footfall.engine.rules import SpatialNode
from footfall.events.tracks import EPOCH
from footfall.spatial.insights import Insight, ZoneEntered, ZoneExited
from footfall.spatial.regions import SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.stationary import StationaryFilter

DAY = datetime(2024, 1, 1, tzinfo=UTC)
WHOLE = SpatialSpec((Zone("all", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)), (ZoneCrossingRule(),)),))
BOX = (0.4, 0.3, 0.6, 0.7)


def frame(index: int, *, loop: int = 0) -> Frame:
    image = np.zeros((90, 160, 3), np.uint8)
    return Frame("cam", index, index / 10, DAY + timedelta(hours=index), image, (160, 90), loop)


def tracked(index: int, *, loop: int = 0, size_px: tuple[int, int] = (160, 90), people: int = 1) -> Tracked:
    seen = tuple(TrackObservation(f"{n:032x}", index / 10, index, BOX, (0.5, 0.7), 0.9) for n in range(1, people + 1))
    return Tracked(Observed("cam", index, index / 10, DAY, size_px, seen, loop))


class Clerk:
    """A tracker that gives everybody the next number and notes its resets."""

    def __init__(self) -> None:
        self.resets = 0

    def update(self, detections: Detections, t_s: float, frame: int) -> list[TrackObservation]:
        return [TrackObservation("1", t_s, frame, BOX, (0.5, 0.7), 0.9)]

    def reset(self) -> None:
        self.resets += 1


class Nobody:
    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        return [Detections.empty((160, 90)) for _ in frames]


def insights(node: SpatialNode, items: Sequence[Tracked]) -> list[Insight]:
    return [insight for item in items for happened in node.feed(item) for insight in happened.insights]


def kinds(found: Sequence[Insight]) -> list[type]:
    return [type(insight) for insight in found if isinstance(insight, ZoneEntered | ZoneExited)]


def test_media_time_dates_frames_from_the_epoch() -> None:
    (dated,) = MediaTimeNode().feed(frame(25))
    assert dated.utc == EPOCH + timedelta(seconds=2.5)
    assert dated.t_s == 2.5


def test_tracks_end_where_a_file_starts_again() -> None:
    clerk = Clerk()
    node = TrackNode(clerk, None)
    for index, loop in enumerate((0, 0, 1, 1, 2)):
        list(node.feed(Detected(frame(index, loop=loop), Detections.empty((160, 90)))))
    assert clerk.resets == 2
    assert list(node.flush()) == []
    assert clerk.resets == 3


def test_a_tracked_frame_carries_its_time_size_and_loop() -> None:
    node = TrackNode(Clerk(), StationaryFilter(5.0, 3600.0, 0.2))
    [item] = node.feed(Detected(frame(7, loop=3), Detections.empty((160, 90))))
    observed = item.observed
    assert (observed.frame, observed.t_s, observed.size_px, observed.loop) == (7, 0.7, (160, 90), 3)
    assert item.frame is not None


def test_a_visit_is_closed_where_a_file_starts_again() -> None:
    node = SpatialNode(WHOLE)
    before = insights(node, [tracked(index) for index in range(10)])
    after = insights(node, [tracked(index, loop=1) for index in range(10, 20)])
    assert kinds(before) == [ZoneEntered]
    assert kinds(after) == [ZoneExited, ZoneEntered]


def test_a_visit_is_closed_where_the_picture_changes_its_shape() -> None:
    node = SpatialNode(WHOLE)
    insights(node, [tracked(index) for index in range(10)])
    after = insights(node, [tracked(index, size_px=(160, 120)) for index in range(10, 20)])
    assert kinds(after) == [ZoneExited, ZoneEntered]


def test_another_size_of_the_same_shape_closes_nothing() -> None:
    node = SpatialNode(WHOLE)
    insights(node, [tracked(index) for index in range(10)])
    assert kinds(insights(node, [tracked(index, size_px=(320, 180)) for index in range(10, 20)])) == []


def test_the_end_closes_open_visits_once_and_shows_nobody() -> None:
    node = SpatialNode(WHOLE)
    insights(node, [tracked(index) for index in range(10)])
    [last] = node.flush()
    assert kinds(last.insights) == [ZoneExited]
    assert last.observed.people == ()
    assert list(node.flush()) == []


def test_the_ground_follows_the_shape_of_the_picture() -> None:
    node = GroundNode(None, speed=True, orientation=True)
    shapes = [(160, 90), (160, 120), (160, 120)]
    out = [item for size_px in shapes for item in node.feed(tracked(1, size_px=size_px))]
    assert [item.observed.size_px for item in out] == shapes
    assert all(item.observed.people[0].ground_m is None for item in out)


def test_a_detector_node_keeps_frame_and_detections_together() -> None:
    [item] = DetectNode(Nobody()).feed(frame(3))
    assert (item.frame.index, len(item.detections)) == (3, 0)


def test_a_tap_sees_all_and_gives_nothing() -> None:
    seen: list[object] = []
    tap = Tap(seen.append)
    happened = Happened(tracked(1).observed, ())
    assert list(tap.feed(happened)) == []
    assert seen == [happened]


@pytest.mark.parametrize(
    "node", [MediaTimeNode(), DetectNode(Nobody()), GroundNode(None, speed=False, orientation=False), Tap(print)]
)
def test_these_hold_nothing_back(node: Node) -> None:
    assert list(node.flush()) == []

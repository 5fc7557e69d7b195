"""The node that reads faces: the right pixels go to the network, what it finds goes to the right person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from footfall.core.geometry import Box
from footfall.core.types import Detections, Frame, Image, MaskState, Observed, TrackObservation
from footfall.engine.faces import FaceNode
from footfall.engine.items import Tracked
from footfall.faces.sheet import SheetSpec

DAY = datetime(2024, 1, 1, tzinfo=UTC)
LABELS = ("face", "face_nomask", "face_mask")
RED, BLUE = (0, 0, 255), (255, 0, 0)
"""In these pictures a red square is a masked face, a blue one a bare one."""


class Squares:
    """A detector of coloured squares that keeps what it was shown."""

    def __init__(self, score: float = 0.9) -> None:
        self.shown: list[Image] = []
        self._score = score

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        return [self._detect(frame.image) for frame in frames]

    def _detect(self, image: Image) -> Detections:
        self.shown.append(image)
        boxes, labels = [], []
        for label, colour in ((2, RED), (1, BLUE)):
            found = (np.abs(image.astype(int) - colour) < 60).all(axis=2)
            for part in range(0, image.shape[1], 320):
                ys, xs = np.nonzero(found[:, part : part + 320])
                if len(xs):
                    boxes.append((xs.min() + part, ys.min(), xs.max() + part + 1, ys.max() + 1))
                    labels.append(label)
        count = len(boxes)
        return Detections(
            np.array(boxes, np.float32).reshape(count, 4),
            np.full(count, self._score, np.float32),
            np.array(labels, np.int16),
            (image.shape[1], image.shape[0]),
        )


def picture(width: int, *faces: tuple[Box, tuple[int, int, int]]) -> Image:
    height = width * 9 // 16
    image = np.full((height, width, 3), 90, np.uint8)
    for (x0, y0, x1, y1), colour in faces:
        image[round(y0 * height) : round(y1 * height), round(x0 * width) : round(x1 * width)] = colour
    return image


def person(name: str, x: float) -> TrackObservation:
    return TrackObservation(name, 0.0, 0, (x - 0.03, 0.3, x + 0.03, 0.7), (x, 0.7), 0.9)


def face(x: float) -> Box:
    return x - 0.01, 0.31, x + 0.01, 0.36


ANN, BOB = person("ann", 0.3), person("bob", 0.6)
BOTH = picture(1920, (face(0.3), RED), (face(0.6), BLUE))


def tracked(image: Image, people: tuple[TrackObservation, ...], t_s: float = 0.0, loop: int = 0) -> Tracked:
    frame = Frame("cam", 0, t_s, DAY, np.zeros((90, 160, 3), np.uint8), (1920, 1080), loop, image)
    return Tracked(Observed("cam", 0, t_s, DAY, (1920, 1080), people, loop), frame)


def node(detector: Squares, least_score: float = 0.5) -> FaceNode:
    return FaceNode(detector, LABELS, SheetSpec(640, 480), least_score=least_score, forget_after_s=3.0)


def masks(item: Tracked) -> dict[str, str | None]:
    return {p.track_id: p.mask and p.mask.label for p in item.observed.people}


def test_each_gets_their_own_label_from_one_sheet() -> None:
    detector = Squares()
    [item] = node(detector).feed(tracked(BOTH, (ANN, BOB)))
    assert masks(item) == {"ann": "face_mask", "bob": "face_nomask"}
    assert [image.shape for image in detector.shown] == [(254, 640, 3)]


def test_heads_come_from_the_large_picture() -> None:
    detector = Squares()
    plain = tracked(BOTH, (ANN,))
    assert plain.frame is not None
    small = Frame("cam", 0, 0.0, DAY, picture(640, (face(0.3), RED)), (1920, 1080))
    [far] = node(detector).feed(Tracked(plain.observed, small))
    [near] = node(detector).feed(plain)
    assert masks(far) == {"ann": None}
    assert masks(near) == {"ann": "face_mask"}


def test_nobody_there_means_no_work() -> None:
    detector = Squares()
    [item] = node(detector).feed(tracked(BOTH, ()))
    assert (item.observed.people, detector.shown) == ((), [])


def test_results_are_held_between_looks() -> None:
    detector = Squares()
    reader = node(detector)
    said = [masks(item) for n in range(15) for item in reader.feed(tracked(BOTH, (ANN,), n / 15))]
    assert said == [{"ann": "face_mask"}] * 15
    assert len(detector.shown) == 1


@pytest.mark.parametrize(
    ("score", "least", "expected"),
    [
        pytest.param(0.9, 0.5, "face_mask", id="sure"),
        pytest.param(0.45, 0.5, None, id="below what the card believes"),
        pytest.param(0.45, 0.1, None, id="believed, but one look is not enough"),
    ],
)
def test_weak_faces(score: float, least: float, expected: str | None) -> None:
    [item] = node(Squares(score), least).feed(tracked(BOTH, (ANN,)))
    assert masks(item) == {"ann": expected}


def test_a_file_that_starts_again_starts_anew() -> None:
    reader = node(Squares())
    list(reader.feed(tracked(BOTH, (ANN,), 1.0)))
    [again] = reader.feed(tracked(picture(1920), (ANN,), 1.1, loop=1))
    assert masks(again) == {"ann": None}


def test_the_end_forgets_everybody() -> None:
    reader = node(Squares())
    list(reader.feed(tracked(BOTH, (ANN,), 1.0)))
    assert list(reader.flush()) == []
    [later] = reader.feed(Tracked(tracked(BOTH, (ANN,), 1.2).observed))
    assert masks(later) == {"ann": None}


def test_everything_else_passes_unchanged() -> None:
    item = tracked(BOTH, (ANN,))
    [out] = node(Squares()).feed(item)
    assert out.frame is item.frame
    [told] = out.observed.people
    assert told.mask is not None
    assert told == TrackObservation("ann", 0.0, 0, ANN.box_n, ANN.footprint_n, 0.9, mask=MaskState(*_parts(told)))


def _parts(told: TrackObservation) -> tuple[str, float]:
    assert told.mask is not None
    return told.mask.label, told.mask.confidence


def test_a_small_picture_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    reader = node(Squares())
    for n in range(3):
        list(reader.feed(tracked(picture(640), (ANN,), n / 2)))
    list(reader.feed(tracked(BOTH, (ANN,), 2.0)))
    assert [record.getMessage() for record in caplog.records] == [
        "cam: face masks: the camera sends pictures 640 wide, not 1920: only near faces can be read"
    ]

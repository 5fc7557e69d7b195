"""Detectors side by side: turns, times, tables. `FOOTFALL_GOLDEN=write pytest` rewrites the tables; review the diff."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from footfall.core.errors import ConfigError
from footfall.core.types import Detections, Frame
from footfall.detect.catalogue import find_card
from footfall.evaluation.agreement import behaviour
from footfall.evaluation.comparison import compare, images_that_count
from footfall.evaluation.in_turn import Contestant, run_in_turn
from footfall.evaluation.labelled import CocoTruth, read_coco, select

GOLDEN = Path(__file__).parent.parent / "golden" / "evaluation"
ANN, BOB, NOBODY = (100, 100, 150, 200), (300, 100, 320, 130), (500, 300, 550, 400)
"""Left, top, right, bottom."""


class Says:
    """A detector that says the same boxes of every frame, and notes whom it saw."""

    stateful = False

    def __init__(self, diary: list[str], word: str, *rows: tuple[tuple[int, int, int, int], float, int]) -> None:
        self.diary, self.word, self.rows = diary, word, rows

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        self.diary += [f"{self.word}{frame.source_id}" for frame in frames]
        boxes = np.array([box for box, _, _ in self.rows], np.float32).reshape(-1, 4)
        score = np.array([score for _, score, _ in self.rows], np.float32)
        label = np.array([label for _, _, label in self.rows], np.int16)
        return [Detections(boxes, score, label, (640, 480)) for _ in frames]


def frames(*names: str) -> Iterator[Frame]:
    for index, name in enumerate(names):
        yield Frame(name, index, 0.0, datetime.fromtimestamp(0, UTC), np.zeros((480, 640, 3), np.uint8), (640, 480))


def truth(*labels: str) -> CocoTruth:
    """Two pictures: Ann and Bob on the first, nobody on the second; a third is not fully labelled."""
    boxes = [[100, 100, 50, 100], [300, 100, 20, 30]]
    document = {
        "images": [{"id": k, "file_name": f"{k}.jpg", "boxes": "partial" if k == 3 else "full"} for k in (1, 2, 3)],
        "annotations": [
            {"image_id": 1, "category_id": k % len(labels), "bbox": box, "iscrowd": 0} for k, box in enumerate(boxes)
        ],
        "categories": [{"id": k, "name": label} for k, label in enumerate(labels)],
    }
    return read_coco(json.dumps(document), "t.json")


def contestants(diary: list[str]) -> list[Contestant]:
    good, fast = find_card("yolox-nano"), replace(find_card("fastestdet"), confident_score=0.5)
    mask = find_card("ultralight-rfb-640-mask")
    return [
        Contestant("good", Says(diary, "A", (ANN, 0.9, 0), (BOB, 0.3, 0)), good),
        Contestant("fast", Says(diary, "B", (NOBODY, 0.8, 0), (ANN, 0.75, 0)), fast),
        Contestant("mask", Says(diary, "C", (ANN, 0.9, 0), (BOB, 0.6, 1)), mask),
    ]


def ran(names: Sequence[str]) -> list[Contestant]:
    """After a run in which the first takes 10 ms, the second 5 and the third 20."""
    beats = itertools.cycle([0.0, 0.010, 0.010, 0.015, 0.015, 0.035])
    others = contestants([])
    list(run_in_turn(frames(*names), others, lambda: next(beats)))
    return others


def test_everybody_sees_a_picture_before_anybody_sees_the_next() -> None:
    diary: list[str] = []
    seen = [frame.source_id for frame in run_in_turn(frames("1", "2"), contestants(diary), lambda: 0.0)]
    assert seen == ["1", "2"]
    assert diary == ["A1", "A1", "B1", "B1", "C1", "C1", "A2", "B2", "C2"], "the first picture warms up"


def test_what_remembers_is_not_shown_a_picture_twice() -> None:
    diary: list[str] = []
    memory = Says(diary, "M")
    memory.stateful = True
    list(run_in_turn(frames("1"), [Contestant("memory", memory, find_card("motion"))], lambda: 0.0))
    assert diary == ["M1"]


def test_times_are_those_in_use_and_boxes_those_of_the_thorough_one() -> None:
    beats = itertools.count()
    thorough = Says([], "T", (ANN, 0.05, 0))
    one = Contestant("both", Says([], "A"), find_card("yolox-nano"), thorough)
    list(run_in_turn(frames("1", "2"), [one], lambda: float(next(beats))))
    assert one.seconds == [1.0, 1.0]
    assert [box.score for box in one.found] == [0.05, 0.05]


def test_resizing_takes_one_thread_and_gets_the_others_back() -> None:
    before = cv2.getNumThreads()
    inside = [cv2.getNumThreads() for _ in run_in_turn(frames("1"), contestants([]), lambda: 0.0)]
    assert inside == [1]
    assert cv2.getNumThreads() == before


@pytest.mark.parametrize(
    "labels", [pytest.param(("person",), id="people"), pytest.param(("face_nomask", "face_mask"), id="masks")]
)
def test_tables(labels: tuple[str, ...]) -> None:
    report = compare(truth(*labels), ran(["1.jpg", "2.jpg", "3.jpg"]), "coco.json")
    said = report.table() + "\n\n" + json.dumps(report.to_dict(), indent=1) + "\n"
    golden = GOLDEN / f"comparison-{labels[0]}.txt"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        golden.write_text(said)
    assert said == golden.read_text()


def test_table_without_labels() -> None:
    names = ["0", "1", "2"]
    report = behaviour(ran(names), names, [("0", "1", "2")], "clip.mp4")
    said = report.table() + "\n\n" + json.dumps(report.to_dict(), indent=1) + "\n"
    golden = GOLDEN / "behaviour.txt"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        golden.write_text(said)
    assert said == golden.read_text()


def test_only_pictures_that_say_something_are_looked_at() -> None:
    assert images_that_count(truth("person"), contestants([]), "t.json") == {"1.jpg", "2.jpg"}
    assert images_that_count(truth("face_mask"), contestants([]), "t.json") == {"1.jpg", "2.jpg", "3.jpg"}


@pytest.mark.parametrize(
    ("known", "says"),
    [
        pytest.param(
            truth("helmet"), "holds helmet; the models find person, face_nomask, face_mask", id="other things"
        ),
        pytest.param(truth("ignored"), "holds nothing; ", id="nothing to find"),
        pytest.param(
            select(truth("person"), ["3.jpg"], [], "t.json"), "in no image every person has a box", id="partial"
        ),
    ],
)
def test_a_run_that_would_measure_nothing_is_refused(known: CocoTruth, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        images_that_count(known, contestants([]), "t.json")

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.evaluation.cases import Case, find_cases
from footfall.evaluation.detection import Found
from footfall.evaluation.labelled import CocoTruth, read_coco

Box = tuple[float, float, float, float]
ANN: Box = (100, 100, 50, 100)
ANN_SHORT: Box = (100, 100, 50, 40)
BOB: Box = (300, 100, 50, 80)
NOBODY: Box = (500, 300, 50, 100)


def truth(*boxes: Box, crowd: Box | None = None) -> CocoTruth:
    annotations: list[dict[str, object]] = [{"image_id": 1, "category_id": 1, "bbox": box} for box in boxes]
    annotations += [{"image_id": 1, "category_id": 1, "bbox": crowd, "iscrowd": 1}] if crowd else []
    document = {"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "person"}]}
    return read_coco(json.dumps(document | {"annotations": annotations}), "t.json")


def found(*boxes: tuple[Box, float]) -> list[Found]:
    return [Found("a.jpg", "person", box, score) for box, score in boxes]


def told(cases: tuple[Case, ...]) -> list[tuple[float | None, float]]:
    return [(case.score, round(case.iou, 2)) for case in cases]


@pytest.mark.parametrize(
    ("known", "result", "missed", "false", "hits"),
    [
        pytest.param(truth(ANN), found((ANN, 0.9)), [], [], [(0.9, 1.0)], id="found"),
        pytest.param(truth(ANN), [], [(None, 0.0)], [], [], id="missed, nothing near"),
        pytest.param(truth(ANN), found((ANN, 0.3)), [(0.3, 1.0)], [], [], id="missed, seen but not believed"),
        pytest.param(truth(ANN), found((ANN_SHORT, 0.9)), [(0.9, 0.4)], [(0.9, 0.4)], [], id="a box too short"),
        pytest.param(truth(), found((NOBODY, 0.9), (BOB, 0.95)), [], [(0.95, 0), (0.9, 0)], [], id="best score first"),
        pytest.param(truth(BOB, ANN), [], [(None, 0.0), (None, 0.0)], [], [], id="highest first"),
        pytest.param(truth(ANN), found((ANN, 0.9), (ANN, 0.8)), [], [(0.8, 1.0)], [(0.9, 1.0)], id="found twice"),
        pytest.param(truth(ANN, crowd=NOBODY), found((NOBODY, 0.9)), [(None, 0.0)], [], [], id="in a crowd"),
    ],
)
def test_every_box_is_a_case(
    known: CocoTruth,
    result: list[Found],
    missed: list[tuple[float | None, float]],
    false: list[tuple[float | None, float]],
    hits: list[tuple[float | None, float]],
) -> None:
    cases = find_cases(known, "person", result, 0.5)
    assert (told(cases.missed), told(cases.false), told(cases.hits)) == (missed, false, hits)
    heights = [float(case.truth[3]) for case in cases.missed if case.truth is not None]
    assert heights == sorted(heights, reverse=True)


places = st.integers(0, 9).map(lambda tens: tens * 10.0)
boxes = st.tuples(places, places, st.just(30.0), st.just(60.0))


@given(st.lists(boxes, max_size=5), st.lists(st.tuples(boxes, st.floats(0, 1)), max_size=7))
def test_nobody_is_lost_and_none_counted_twice(known: list[Box], result: list[tuple[Box, float]]) -> None:
    cases = find_cases(truth(*known), "person", found(*result), 0.5)
    assert len(cases.missed) + len(cases.hits) == len(known)
    assert len(cases.false) + len(cases.hits) == sum(score >= 0.5 for _, score in result)

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import ConfigError
from footfall.evaluation.detection import evaluate_detections

Box = tuple[float, float, float, float]


def truth(*boxes: Box, crowd: Box | None = None, coverage: str = "full", name: str = "a.jpg") -> dict[str, Any]:
    annotations = [{"image_id": 1, "category_id": 1, "bbox": box} for box in boxes]
    if crowd:
        annotations.append({"image_id": 1, "category_id": 1, "bbox": crowd, "iscrowd": 1})
    return {
        "images": [{"id": 1, "file_name": name, "width": 640, "height": 480, "boxes": coverage}],
        "annotations": annotations,
        "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "head"}],
    }


def found(*boxes: tuple[Box, float], image: str = "some/folder/a.jpg", category: str = "person") -> list[Any]:
    return [{"image": image, "category": category, "bbox": box, "score": score} for box, score in boxes]


def scores(known: Any, result: Any) -> dict[str, Any]:
    return evaluate_detections(json.dumps(known), json.dumps(result)).to_dict()


ANN: Box = (100, 100, 50, 100)
BOB: Box = (300, 100, 50, 100)
NOBODY: Box = (500, 300, 50, 100)
ANN_IOU_80: Box = (100, 100, 50, 80)


@pytest.mark.parametrize(
    ("known", "result", "expected"),
    [
        pytest.param(
            truth(ANN, BOB),
            found((ANN, 0.9), (BOB, 0.8)),
            {"AP50": 1.0, "AP50-95": 1.0, "recall": 1.0, "recall_at_precision_0.8": 1.0},
            id="perfect",
        ),
        pytest.param(truth(ANN, BOB), [], {"AP50": 0.0, "AP50-95": 0.0, "recall": 0.0}, id="nothing found"),
        pytest.param(truth(ANN, BOB), found((ANN, 0.9)), {"AP50": 51 / 101, "recall": 0.5}, id="one missed"),
        pytest.param(
            truth(ANN, BOB),
            found((ANN, 0.9), (NOBODY, 0.8), (BOB, 0.7)),
            {"AP50": (51 + 50 * 2 / 3) / 101, "recall": 1.0, "recall_at_precision_0.8": 0.5},
            id="one invented in between",
        ),
        pytest.param(
            truth(ANN),
            found((ANN, 0.5), (NOBODY, 0.9)),
            {"AP50": 0.5, "recall_at_precision_0.8": 0.0},
            id="invented first",
        ),
        pytest.param(
            truth(ANN, BOB), found((ANN, 0.9), (ANN, 0.8), (BOB, 0.7)), {"AP50": (51 + 50 * 2 / 3) / 101}, id="double"
        ),
        pytest.param(truth(ANN), found((ANN_IOU_80, 0.9)), {"AP50": 1.0, "AP50-95": 0.7}, id="IoU 0.8, at the edge"),
        pytest.param(
            truth(ANN, crowd=(400, 300, 200, 180)),
            found((ANN, 0.5), (NOBODY, 0.9)),
            {"AP50": 1.0, "recall": 1.0, "truths": 1, "results": 2},
            id="in a crowd region neither right nor wrong",
        ),
        pytest.param(truth(), found((NOBODY, 0.9), category="head"), {}, id="nothing to find"),
        pytest.param(
            truth(ANN, coverage="partial"),
            found((ANN, 0.9), (NOBODY, 0.9)),
            {"AP50": None, "truths": 0, "images": 0, "skipped_images": 1},
            id="not every person has a box",
        ),
        pytest.param(
            truth(ANN),
            found((ANN, 0.9)) + found((ANN, 0.9), image="b.jpg"),
            {"AP50": 1.0, "unknown_images": 1},
            id="other image",
        ),
    ],
)
def test_story(known: Any, result: Any, expected: dict[str, Any]) -> None:
    said = scores(known, result)
    assert {name: said[name] for name in expected} == pytest.approx(expected)


def test_categories_are_scored_apart_and_partial_images_count_for_heads() -> None:
    known = truth(ANN, coverage="partial")
    known["annotations"].append({"image_id": 1, "category_id": 2, "bbox": (110, 100, 20, 20)})
    said = scores(known, found(((110, 100, 20, 20), 0.9), category="head"))
    assert said["categories"]["head"]["AP50"] == 1.0
    assert said["categories"]["person"]["AP50"] is None


def test_table_has_a_row_per_category() -> None:
    text = evaluate_detections(json.dumps(truth(ANN)), json.dumps(found((ANN, 0.9)))).table()
    assert "AP50-95" in text
    assert "person" in text
    assert "1.000" in text


@pytest.mark.parametrize(
    ("known", "result", "message"),
    [
        pytest.param("{", "[]", "truth.json: $: not JSON", id="broken truth"),
        pytest.param("{}", "[]", "truth.json: $: Object missing required field `images`", id="no truth"),
        pytest.param(
            json.dumps(truth(ANN)),
            '[{"image":"a.jpg","category":"person","bbox":[1,2,3],"score":1}]',
            "result.json: $[0].bbox: ",
            id="three numbers",
        ),
        pytest.param(
            json.dumps(truth(ANN)),
            json.dumps(found((ANN, 1.0), image="z.jpg")),
            "no image of the truth is in it",
            id="other",
        ),
        pytest.param(
            json.dumps(truth(ANN) | {"images": [{"id": n, "file_name": f"{n}/a.jpg"} for n in (1, 2)]}),
            "[]",
            "two images have the same file name",
            id="ambiguous",
        ),
    ],
)
def test_bad_documents_are_refused(known: str, result: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        evaluate_detections(known, result, truth_file="truth.json", result_file="result.json")
    assert message in str(caught.value)


def test_real_pictures_against_themselves(shared: Path) -> None:
    text = (shared / "data" / "test" / "coco_people" / "annotations.json").read_text("utf-8")
    known = json.loads(text)
    names = {image["id"]: image["file_name"] for image in known["images"]}
    boxes = [box for box in known["annotations"] if not box["iscrowd"]]
    copied = [
        {"image": names[box["image_id"]], "category": "person", "bbox": box["bbox"], "score": 0.5} for box in boxes
    ]
    said = scores(known, copied)
    assert (said["AP50"], said["recall"], said["images"]) == (1.0, 1.0, 101)
    half = scores(known, copied[::2])
    assert half["recall"] == pytest.approx(len(copied[::2]) / len(copied))


coordinates = st.integers(0, 9).map(lambda tens: tens * 10.0)
box = st.tuples(coordinates, coordinates, coordinates, coordinates)


@given(st.lists(box, max_size=6), st.lists(st.tuples(box, st.floats(0, 1)), max_size=8))
def test_scores_stay_in_their_bounds(known: list[Box], result: list[tuple[Box, float]]) -> None:
    said = scores(truth(*known), found(*result))
    for name in ("AP50", "AP50-95", "recall", "recall_at_precision_0.8"):
        assert said.get(name) is None or 0.0 <= said[name] <= 1.0
    if known:
        assert said["AP50-95"] <= said["AP50"] + 1e-12
        assert said["recall_at_precision_0.8"] <= said["recall"]


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    with pytest.raises(ConfigError):
        evaluate_detections(text, "[]")
    with suppress(ConfigError):
        evaluate_detections(json.dumps(truth(ANN)), text)

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from footfall.core.errors import ConfigError
from footfall.evaluation.tracking import DISTRACTORS, evaluate_tracks


def walk(track: int, frames: range, x: float = 0.0, y: float = 0.0) -> str:
    return "".join(f"{frame},{track},{x + frame},{y},40,100,1,-1,-1,-1\n" for frame in frames)


TRUTH = walk(1, range(1, 11)) + walk(2, range(1, 11), x=500)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(
            walk(8, range(1, 11)) + walk(9, range(1, 11), x=500),
            {"HOTA": 100, "DetA": 100, "AssA": 100, "IDF1": 100, "MOTA": 100, "IDSW": 0, "FP": 0, "FN": 0},
            id="perfect, other ids",
        ),
        pytest.param(
            "",
            {"HOTA": 0, "DetA": 0, "AssA": 0, "IDF1": 0, "MOTA": 0, "IDSW": 0, "FP": 0, "FN": 20},
            id="nothing found",
        ),
        pytest.param(
            walk(8, range(1, 11)),
            {"HOTA": 100 * 0.5**0.5, "DetA": 50, "AssA": 100, "IDF1": 200 * 10 / 30, "MOTA": 50, "IDSW": 0, "FN": 10},
            id="one of two",
        ),
        pytest.param(
            walk(8, range(1, 11)) + walk(9, range(1, 11), x=500) + walk(7, range(1, 11), y=700),
            {"DetA": 100 * 20 / 30, "AssA": 100, "MOTA": 50, "FP": 10, "FN": 0},
            id="one invented",
        ),
        pytest.param(
            walk(8, range(1, 6)) + walk(7, range(6, 11)) + walk(9, range(1, 11), x=500),
            {"DetA": 100, "AssA": 75, "HOTA": 100 * 0.75**0.5, "IDF1": 75, "MOTA": 95, "IDSW": 1},
            id="one changes identity half-way",
        ),
        pytest.param(
            walk(8, range(1, 6)) + walk(9, range(6, 11)) + walk(9, range(1, 6), x=500) + walk(8, range(6, 11), x=500),
            {"DetA": 100, "AssA": 100 / 3, "IDF1": 50, "MOTA": 90, "IDSW": 2},
            id="two swap",
        ),
        pytest.param(
            walk(8, range(1, 4)) + walk(8, range(7, 11)) + walk(9, range(1, 11), x=500),
            {"IDSW": 0, "FN": 3, "MOTA": 85, "truth_tracks": 2, "result_tracks": 2, "truth_boxes": 20},
            id="comes back after a gap with its identity",
        ),
    ],
)
def test_story(result: str, expected: dict[str, float]) -> None:
    scores = evaluate_tracks(TRUTH, result).to_dict()
    assert {name: scores[name] for name in expected} == pytest.approx(expected)


def test_distractors_may_be_tracked_or_not() -> None:
    truth = "1,1,0,0,40,100,1,1,1\n1,2,500,0,40,100,0,8,1\n1,3,900,0,40,100,0,3,1\n"
    person, reflection, car = "1,1,0,0,40,100,1\n", "1,2,500,0,40,100,1\n", "1,3,900,0,40,100,1\n"
    assert evaluate_tracks(truth, person + reflection).mota == 100.0
    assert evaluate_tracks(truth, person).mota == 100.0
    assert evaluate_tracks(truth, person + car).false_positives == 1


def test_nothing_at_all() -> None:
    assert evaluate_tracks("", "").to_dict()["HOTA"] == 0.0


def test_an_id_twice_in_a_frame_is_refused() -> None:
    twice = "3,7,0,0,1,1,1\n3,7,5,5,1,1,1\n"
    with pytest.raises(ConfigError, match=r"r\.txt: frame 3: id 7 is there twice; give every box"):
        evaluate_tracks(TRUTH, twice, result_file="r.txt")


def test_table_names_every_measure() -> None:
    text = evaluate_tracks(TRUTH, TRUTH).table()
    for name in ("HOTA", "IDF1", "MOTA", "IDSW"):
        assert name in text
    assert "100.000" in text


# ---- against independent implementations

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "evaluation"


def test_agrees_with_trackeval() -> None:
    """What TrackEval 1.3.0 says of the same two files as MOT17: walkers, id switches, misses, strays, distractors."""
    truth, result = (GOLDEN.joinpath(f"tracks-{name}.txt").read_text("utf-8") for name in ("truth", "result"))
    theirs = json.loads(GOLDEN.joinpath("tracks-trackeval-1.3.0.json").read_text("utf-8"))
    ours = evaluate_tracks(truth, result).to_dict()
    assert {name: ours[name] for name in theirs} == pytest.approx(theirs, abs=1e-6)
    assert min(theirs["IDSW"], theirs["FP"], theirs["FN"]) > 10


def linked(sequence: Any, metric: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Detections chained by overlap with the frame before: a tracker bad enough to make every kind of mistake."""
    ids, boxes, fresh, out = np.empty(0, int), np.empty((0, 4)), 0, []
    for found, score in sequence.dets:
        here = found[score > 0.4].astype(np.float64)
        overlap = metric.iou(here, boxes)
        new = np.arange(fresh, fresh + len(here))
        fresh += len(here)
        rows, columns = linear_sum_assignment(-overlap)
        good = overlap[rows, columns] > 0.3
        new[rows[good]] = ids[columns[good]]
        ids, boxes = new, here
        out.append((ids, boxes))
    return out


def as_text(result: list[tuple[np.ndarray, np.ndarray]]) -> str:
    return "".join(
        f"{frame},{track},{x0!r},{y0!r},{x1 - x0!r},{y1 - y0!r},1,-1,-1,-1\n"
        for frame, (ids, boxes) in enumerate(result, start=1)
        for track, (x0, y0, x1, y1) in zip(ids.tolist(), boxes.tolist(), strict=True)
    )


@pytest.mark.parametrize(
    ("name", "detections", "distractors"),
    [
        ("PETS09-S2L1", "frcnn", DISTRACTORS),
        ("TUD-Stadtmitte", "acf", DISTRACTORS),
        ("MOT17-09", "yolox", DISTRACTORS),
        ("MOT17-11", "yolox", DISTRACTORS),
        ("MOT20-01", "yolox", DISTRACTORS | {6}),
    ],
)
def test_agrees_with_the_reference(
    shared: Path, monkeypatch: pytest.MonkeyPatch, name: str, detections: str, distractors: frozenset[int]
) -> None:
    monkeypatch.syspath_prepend(str(shared / "harness" / "tracking"))
    data, metric = importlib.import_module("motdata"), importlib.import_module("motmetric")
    sequence = data.make(name, detections, first=True)
    result = linked(sequence, metric)
    truth = (shared / "data" / "mot" / sequence.group / name / "gt.txt").read_text("utf-8")
    lines = [line for line in truth.splitlines() if int(line.split(",")[0]) <= len(sequence.gt)]
    ours = evaluate_tracks("\n".join(lines), as_text(result), distractors=distractors).to_dict()
    theirs = metric.summary(metric.evaluate(sequence, result))
    shared_names = ["HOTA", "DetA", "AssA", "IDF1", "MOTA", "IDSW", "FP", "FN"]
    assert {key: ours[key] for key in shared_names} == pytest.approx(
        {key: theirs[key] for key in shared_names}, abs=1e-6
    )
    assert ours["IDSW"] > 0
    assert 0 < ours["HOTA"] < 100


seen = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(0, 3)), max_size=20, unique_by=lambda box: box[:2]
)


def text_of(boxes: list[tuple[int, int, int]]) -> str:
    return "".join(f"{frame},{track},{30 * place},0,40,100,1\n" for frame, track, place in boxes)


@given(seen, seen)
def test_scores_stay_in_their_bounds(truth: list[tuple[int, int, int]], result: list[tuple[int, int, int]]) -> None:
    scores = evaluate_tracks(text_of(truth), text_of(result))
    assert all(0 <= share <= 100 + 1e-9 for share in (scores.hota, scores.det_a, scores.ass_a, scores.idf1))
    assert scores.mota <= 100
    assert scores.truth_boxes - scores.misses == scores.result_boxes - scores.false_positives


@given(seen)
def test_truth_scores_full_marks(truth: list[tuple[int, int, int]]) -> None:
    scores = evaluate_tracks(text_of(truth), text_of(truth))
    assert scores.mota == (100.0 if truth else 0.0)
    assert scores.idf1 == pytest.approx(100.0 if truth else 0.0)

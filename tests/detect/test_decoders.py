"""Heads built by hand: every expected box is worked out on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.detect.candidates import DecodeSpec, Rows, suppress
from footfall.detect.decoders import DECODERS

SPEC = DecodeSpec(64, 64, (0,), 0.3)
"""64x64 pixels: 8x8 + 4x4 + 2x2 = 84 cells."""
NDArray = np.ndarray


def decode(name: str, *outputs: NDArray, spec: DecodeSpec = SPEC) -> list[tuple[list[float], float, int]]:
    rows = DECODERS[name]([o.astype(np.float32) for o in outputs], spec)
    return [
        ([round(v, 3) for v in box.tolist()], round(float(score), 3), int(label))
        for box, score, label in zip(rows.xyxy_px, rows.score, rows.label, strict=True)
    ]


def yolox_head(cell: int, row: list[float]) -> NDArray:
    head = np.zeros((1, 84, 7))
    head[0, cell] = row
    return head


@pytest.mark.parametrize(
    ("cell", "row", "expected"),
    [
        pytest.param(
            8 * 2 + 3, [0.5, 0.5, math.log(2), math.log(4), 0.8, 0.5, 0], ([20, 4, 36, 36], 0.4, 0),
            id="fine grid, row 2 column 3: centre (28, 20), 16 x 32",
        ),
        pytest.param(
            64 + 4 * 1 + 2, [0, 0, 0, 0, 1, 1, 0], ([24, 8, 40, 24], 1.0, 0), id="middle grid: stride 16"
        ),
        pytest.param(80 + 3, [-0.5, 0, 0, 0, 1, 0.6, 0], ([0, 16, 32, 48], 0.6, 0), id="coarse grid: stride 32"),
    ],
)  # fmt: skip
def test_yolox_decodes_its_grids(cell: int, row: list[float], expected: tuple[list[float], float, int]) -> None:
    assert decode("yolox", yolox_head(cell, row)) == [expected]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param([0, 0, 0, 0, 0.5, 0.5, 0], id="objectness times class is below the threshold"),
        pytest.param([0, 0, 0, 0, 1, 0, 1], id="a dog is not a person"),
    ],
)
def test_yolox_drops(row: list[float]) -> None:
    assert decode("yolox", yolox_head(0, row)) == []


def test_labels_are_positions_among_the_classes_asked_for() -> None:
    spec = DecodeSpec(64, 64, (1, 0), 0.3)
    ((_, _, label),) = decode("yolox", yolox_head(0, [0, 0, 0, 0, 1, 0.2, 0.9]), spec=spec)
    assert label == 0


def nanodet_head(flat: bool) -> list[NDArray]:
    """A person in cell row 1, column 2 of the middle grid, 1, 2, 3 and 0 strides to its sides."""
    classes = [np.zeros((n, 2)) for n in (64, 16, 4)]
    distances = [np.zeros((n, 32)) for n in (64, 16, 4)]
    classes[1][4 + 2, 0] = 0.9
    bins = np.full((4, 8), -50.0)
    bins[[0, 1, 2, 3], [1, 2, 3, 0]] = 50.0
    distances[1][4 + 2] = bins.ravel()
    return [o if flat else o[None] for o in (*classes, *distances)]


@pytest.mark.parametrize("flat", [True, False], ids=["without a batch axis", "with a batch axis"])
def test_nanodet_measures_from_the_cells_centre(flat: bool) -> None:
    # centre (2.5 * 16, 1.5 * 16) = (40, 24); left 16, top 32, right 48, bottom 0
    assert decode("nanodet", *nanodet_head(flat)) == [([24, -8, 88, 24], 0.9, 0)]


def test_nanodet_takes_the_mean_of_a_distribution() -> None:
    outputs = nanodet_head(flat=True)
    bins = np.full((4, 8), -50.0)
    bins[:, [0, 2]] = 10.0
    outputs[4][6] = bins.ravel()
    assert decode("nanodet", *outputs) == [([24, 8, 56, 40], 0.9, 0)]


def test_fastestdet_offsets_a_cell_and_sizes_by_the_input() -> None:
    head = np.zeros((1, 7, 4, 4))
    head[0, :, 2, 1] = [0.8, math.atanh(0.5), 0.0, 0.0, math.log(1 / 3), 0.9, 0.1]
    # centre ((1 + 0.5) / 4 * 64, 2 / 4 * 64) = (24, 32), size (0.5, 0.25) * 64
    score = 0.8**0.6 * 0.9**0.4
    assert decode("fastestdet", head) == [([8, 24, 40, 40], round(score, 3), 0)]


def test_ssd_scales_normalised_rows_and_keeps_people() -> None:
    rows = [
        [0, 1, 0.9, 0.25, 0.5, 0.5, 1.0],
        [0, 2, 0.9, 0, 0, 1, 1],
        [0, 1, 0.1, 0, 0, 1, 1],
        [-1, 1, 0.9, 0, 0, 1, 1],
    ]
    spec = DecodeSpec(200, 100, (1,), 0.3)
    assert decode("ssd", np.array(rows)[None, None], spec=spec) == [([50, 50, 100, 100], 0.9, 0)]


def test_decoded_rows_pass_through() -> None:
    rows = np.array([[[1, 2, 3, 4, 0.9, 0], [1, 2, 3, 4, 0.9, 5], [1, 2, 3, 4, 0.1, 0]]])
    assert decode("rows", rows) == [([1, 2, 3, 4], 0.9, 0)]


def test_dense_columns_are_centre_and_size() -> None:
    table = np.array([[[10], [20], [4], [8], [0.7], [0.2]]])
    assert decode("dense", table) == [([8, 16, 12, 24], 0.7, 0)]


def test_yunet_score_is_a_geometric_mean() -> None:
    cells = (64, 16, 4)
    classes, objects = ([np.zeros((1, n, 1)) for n in cells] for _ in range(2))
    boxes = [np.zeros((1, n, 4)) for n in cells]
    classes[2][0, 3], objects[2][0, 3] = 0.9, 0.4
    assert decode("yunet", *classes, *objects, *boxes) == [([16, 16, 48, 48], 0.6, 0)]


def test_rfb_has_background_first() -> None:
    scores = np.array([[[0.1, 0.2, 0.7], [0.9, 0.05, 0.05]]])
    boxes = np.array([[[0.0, 0.25, 0.5, 0.75], [0, 0, 1, 1]]])
    spec = DecodeSpec(64, 64, (1, 2), 0.3)
    assert decode("rfb", scores, boxes, spec=spec) == [([0, 16, 32, 48], 0.7, 1)]


@pytest.mark.parametrize("name", sorted(DECODERS))
@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param([], id="no output"),
        pytest.param([np.zeros((1, 3))] * 12, id="too few columns"),
        pytest.param([np.zeros((1, 7, 9))] * 12, id="rows that fit no grid"),
    ],
)
def test_outputs_of_another_head_are_refused_in_words(name: str, outputs: list[NDArray]) -> None:
    spec = DecodeSpec(64, 64, (8,), 0.3)
    with pytest.raises(ValueError, match=name):
        DECODERS[name](outputs, spec)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("yolox", [(1, 84, 7)]),
        ("nanodet", [(64, 2), (16, 2), (4, 2), (64, 32), (16, 32), (4, 32)]),
        ("fastestdet", [(1, 7, 4, 4)]),
        ("ssd", [(1, 1, 0, 7)]),
        ("ssd", [(1, 1, 9, 7)]),
        ("rows", [(1, 0, 6)]),
        ("dense", [(1, 6, 84)]),
        ("yunet", [(1, n, k) for k in (1, 1, 4) for n in (64, 16, 4)]),
        ("rfb", [(1, 9, 2), (1, 9, 4)]),
    ],
)
def test_an_empty_picture_has_nobody(name: str, shapes: list[tuple[int, ...]]) -> None:
    rows = DECODERS[name]([np.zeros(shape, np.float32) for shape in shapes], SPEC)
    assert (rows.xyxy_px.shape, rows.score.shape, rows.label.shape) == ((0, 4), (0,), (0,))


def test_rfb_needs_a_score_for_every_box() -> None:
    with pytest.raises(ValueError, match="2 scores for 3 boxes"):
        decode("rfb", np.zeros((1, 2, 2)), np.zeros((1, 3, 4)))


def test_yolox_rows_must_fit_the_input_size() -> None:
    with pytest.raises(ValueError, match="85 rows, but 64x64 pixels make 84 cells"):
        decode("yolox", np.zeros((1, 85, 7)))


def candidates(boxes: list[list[float]], scores: list[float]) -> Rows:
    return Rows(
        np.array(boxes, np.float32).reshape(-1, 4), np.array(scores, np.float32), np.zeros(len(scores), np.int16)
    )


def iou(a: NDArray, b: NDArray) -> float:
    size = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    inter = float(size[0] * size[1])
    union = float((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])) - inter
    return inter / union if union else 0.0


@pytest.mark.parametrize(
    ("boxes", "scores", "kept"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([[0, 0, 10, 10], [1, 0, 11, 10]], [0.5, 0.9], [0.9], id="the better of two doubles stays"),
        pytest.param([[0, 0, 10, 10], [8, 0, 18, 10]], [0.5, 0.9], [0.9, 0.5], id="neighbours both stay"),
        pytest.param(
            [[0, 0, 10, 10], [3, 0, 13, 10], [6, 0, 16, 10]],
            [0.9, 0.8, 0.7],
            [0.9, 0.7],
            id="what a suppressed box overlaps stays",
        ),
    ],
)
def test_suppression(boxes: list[list[float]], scores: list[float], kept: list[float]) -> None:
    assert suppress(candidates(boxes, scores), 0.5).score.tolist() == pytest.approx(kept)


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30), st.integers(1, 30), st.floats(0.01, 1)),
        max_size=25,
    )
)
def test_survivors_are_apart_and_the_dead_had_a_better_neighbour(drawn: list[tuple[int, int, int, int, float]]) -> None:
    boxes = candidates([[x, y, x + w, y + h] for x, y, w, h, _ in drawn], [s for *_, s in drawn])
    kept = suppress(boxes, 0.5)
    for i in range(len(kept.score)):
        assert all(iou(kept.xyxy_px[i], kept.xyxy_px[j]) <= 0.501 for j in range(i))
    for box, score in zip(boxes.xyxy_px, boxes.score, strict=True):
        assert any(
            better >= score and (iou(box, other) >= 0.499 or (other == box).all())
            for other, better in zip(kept.xyxy_px, kept.score, strict=True)
        )

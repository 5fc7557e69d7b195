from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest

from footfall.learning.box_graph import (
    AROUND,
    BINS,
    MOST_BOXES,
    Heads,
    Reduction,
    first_graph,
    inside_graph,
    map_graph,
    whole_graph,
)
from footfall.learning.box_heads import Linear, softmax
from footfall.learning.cells import TAPS, Scale, centres, pooled, seen_from
from footfall.learning.embedding import Embedding, load_embedding
from footfall.learning.model import open_model

TAGS, CHANNELS = 3, 8


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    return load_embedding()


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


COARSE = Scale(320, 2)


def heads(scale: Scale = COARSE, tags: int = TAGS, sure: float = 0.02) -> Heads:
    parts = tuple(normal(CHANNELS, width) / width for width in (64, 128, 192))
    first = Linear(normal(TAPS * CHANNELS, 1 + tags + 4, seed=1) * sure, normal(1 + tags + 4, seed=2))
    inside = CHANNELS * BINS * BINS
    second = Linear(normal(inside, 1 + tags + 4, seed=3) * sure, normal(1 + tags + 4, seed=4) * 0.1)
    return Heads(scale, Reduction(parts, normal(CHANNELS, seed=5)), first, second)


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (320, 320, 3), np.uint8)


def plain(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """As somebody who was given the file would open it."""
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("with_second", [True, False], ids=["two looks", "one look"])
def test_the_contract(embedding, with_second):
    one = heads() if with_second else replace(heads(), second=None)
    model = whole_graph(embedding.graph, one)
    onnx.checker.check_model(model, full_check=True)
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 13)]
    assert model.ir_version <= 8
    assert {node.domain for node in model.graph.node} == {""}
    assert {prop.key: prop.value for prop in model.metadata_props} == {
        "Image.BitmapPixelFormat": "Rgb8",
        "Image.ColorSpaceGamma": "SRGB",
        "Image.NominalPixelRange": "NominalRange_0_255",
    }
    session = plain(model)
    (source,) = session.get_inputs()
    assert (source.name, source.type, source.shape) == ("image_tensor", "tensor(float)", [1, 3, 320, 320])
    assert [(output.name, output.type) for output in session.get_outputs()] == [
        ("detected_boxes", "tensor(float)"),
        ("detected_classes", "tensor(int64)"),
        ("detected_scores", "tensor(float)"),
    ]


def test_a_stranger_can_run_it(embedding):
    session = plain(whole_graph(embedding.graph, heads()))
    (source,) = session.get_inputs()
    picture = noise().transpose(2, 0, 1)[np.newaxis].astype(np.float32)
    boxes, classes, scores = session.run(None, {source.name: picture})
    count = scores.shape[1]
    assert 0 < count <= MOST_BOXES
    assert (boxes.shape, classes.shape, scores.shape) == ((1, count, 4), (1, count), (1, count))
    assert (boxes.dtype, classes.dtype, scores.dtype) == (np.float32, np.int64, np.float32)
    assert ((boxes >= 0) & (boxes <= 1)).all()
    assert ((classes >= 0) & (classes < TAGS)).all()
    assert (np.diff(scores[0]) <= 0).all()


@pytest.mark.parametrize("scale", [Scale(320, 2), Scale(320, 1), Scale(480, 1)], ids=str)
def test_the_first_look_is_what_numpy_says(scale):
    one = heads(scale)
    seen = normal(CHANNELS, scale.map_side, scale.map_side, seed=7)
    rows = one.first(seen_from(pooled(seen, scale.pool), np.arange(scale.side**2)))
    lengths = np.exp(np.clip(rows[:, -4:], np.log(0.1), np.log(80.0)))
    middle = centres(scale.side)
    wanted = np.concatenate([middle - lengths[:, :2], middle + lengths[:, 2:]], axis=1) / scale.side
    boxes, scores = plain(first_graph(one)).run(["boxes", "scores"], {"map": seen[None]})
    np.testing.assert_allclose(scores, softmax(rows[:, :-4]), atol=1e-4)
    np.testing.assert_allclose(boxes, np.clip(wanted, 0, 1), atol=1e-4)


def bilinear(seen: np.ndarray, y: float, x: float) -> np.ndarray:
    side = seen.shape[1]
    if not (-1 <= y <= side and -1 <= x <= side):
        return np.zeros(len(seen), np.float32)
    y, x = min(max(y, 0.0), side - 1), min(max(x, 0.0), side - 1)
    y0, x0 = int(y), int(x)
    y1, x1 = min(y0 + 1, side - 1), min(x0 + 1, side - 1)
    top = seen[:, y0, x0] * (1 - x + x0) + seen[:, y0, x1] * (x - x0)
    return top * (1 - y + y0) + (seen[:, y1, x0] * (1 - x + x0) + seen[:, y1, x1] * (x - x0)) * (y - y0)


def inside(seen: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Means of four points in each of the bins in and around a box, where cell centres are at halves."""
    side = seen.shape[1]
    middle, extent = (box[:2] + box[2:]) / 2 * side, (box[2:] - box[:2]) * AROUND * side
    low, step = middle - extent / 2, extent / BINS
    bins = np.zeros((len(seen), BINS, BINS), np.float32)
    for row, column in np.ndindex(BINS, BINS):
        points = [
            bilinear(seen, low[1] + (row + dy) * step[1] - 0.5, low[0] + (column + dx) * step[0] - 0.5)
            for dy in (0.25, 0.75)
            for dx in (0.25, 0.75)
        ]
        bins[:, row, column] = np.mean(points, axis=0)
    return bins.reshape(-1)


def test_the_second_look_sees_what_numpy_sees():
    one = heads()
    seen = normal(CHANNELS, 40, 40, seed=8)
    boxes = np.array([[0.1, 0.2, 0.5, 0.9], [0.0, 0.0, 0.2, 0.1], [0.6, 0.7, 1.0, 1.0], [0, 0, 1, 1]], np.float32)
    (got,) = plain(inside_graph(one.reduction, one.scale)).run(None, {"map": seen[None], "regions": boxes})
    np.testing.assert_allclose(got, [inside(seen, box) for box in boxes], atol=1e-4)


def test_candidates_are_never_none_and_not_twice_the_same():
    one = heads()
    (found,) = plain(first_graph(one)).run(["candidates"], {"map": np.zeros((1, CHANNELS, 40, 40), np.float32)})
    assert 1 <= len(found) <= 100


def test_all_maps_are_added_at_the_finest_stride(embedding):
    one = heads()
    session = plain(map_graph(embedding.graph, one.reduction, one.scale))
    picture = noise(3)
    (got,) = session.run(None, {"image_tensor": picture.transpose(2, 0, 1)[None].astype(np.float32)})
    maps = embedding.maps(picture[None])
    means = [part @ seen[0].mean(axis=(1, 2)) for part, seen in zip(one.reduction.parts, maps, strict=True)]
    assert got.shape == (1, CHANNELS, 40, 40)
    np.testing.assert_allclose(got[0].mean(axis=(1, 2)), sum(means) + one.reduction.bias, rtol=0.05, atol=0.02)


def test_scores_are_calibrated_and_keep_their_order(embedding):
    raw = open_model(whole_graph(embedding.graph, heads()).SerializeToString()).detect(noise())
    moved = replace(heads(), slope=0.5, offset=-1.0)
    told = open_model(whole_graph(embedding.graph, moved).SerializeToString()).detect(noise())
    odds = 0.5 * np.log(raw.scores / (1 - raw.scores)) - 1.0
    np.testing.assert_allclose(told.scores, 1 / (1 + np.exp(-odds)), atol=1e-4)
    np.testing.assert_allclose(told.xyxy_n, raw.xyxy_n, atol=1e-5)


@pytest.mark.parametrize(
    "level", [pytest.param(0, id="black"), pytest.param(127, id="grey"), pytest.param(255, id="white")]
)
def test_an_even_picture_has_finite_answers(embedding, level):
    found = open_model(whole_graph(embedding.graph, heads(sure=3.0)).SerializeToString()).detect(
        np.full((320, 320, 3), level, np.uint8)
    )
    assert np.isfinite(found.xyxy_n).all()
    assert np.isfinite(found.scores).all()


def test_nothing_found_is_an_answer(embedding):
    one = heads()
    bias = np.zeros_like(one.second.bias)
    bias[0] = 50.0
    model = whole_graph(embedding.graph, replace(one, second=Linear(one.second.weights * 0, bias)))
    boxes, classes, scores = plain(model).run(None, {"image_tensor": np.zeros((1, 3, 320, 320), np.float32)})
    assert (boxes.shape, classes.shape, scores.shape) == ((1, 0, 4), (1, 0), (1, 0))


def test_fifty_tags_give_at_most_two_hundred_boxes(embedding):
    found = open_model(whole_graph(embedding.graph, heads(tags=50)).SerializeToString()).detect(noise(4))
    assert len(found.scores) == MOST_BOXES
    assert found.tags.max() < 50


def test_the_same_heads_give_the_same_bytes(embedding):
    written = [whole_graph(embedding.graph, heads()).SerializeToString(deterministic=True) for _ in range(2)]
    assert written[0] == written[1]


def test_openvino_gives_the_same_answer(embedding):
    openvino = pytest.importorskip("openvino")
    written = whole_graph(embedding.graph, heads()).SerializeToString()
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(written), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    picture = noise(5).transpose(2, 0, 1)[None].astype(np.float32)
    theirs = compiled(picture)
    boxes, classes, scores = (theirs[output] for output in compiled.outputs)
    ours = open_model(written).detect(noise(5))
    assert boxes.shape[1] == len(ours.scores)
    np.testing.assert_allclose(np.sort(scores[0])[::-1], ours.scores, atol=1e-4)
    surest = int(scores[0].argmax())
    assert classes[0, surest] == ours.tags[0]
    np.testing.assert_allclose(boxes[0, surest], ours.xyxy_n[0], atol=1e-3)

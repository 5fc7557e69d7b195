from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest

from footfall.detect.catalogue import WEIGHTS
from footfall.learning.embedding import OUTPUTS, STRIDES, Embedding, backbone, load_embedding


@pytest.fixture(scope="module")
def embedding() -> Embedding:
    return load_embedding()


def pictures(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (2, height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize(("height", "width"), [(224, 224), (320, 320), (300, 300), (64, 160)])
def test_maps_have_their_strides_at_every_size(embedding: Embedding, height: int, width: int) -> None:
    maps = embedding.maps(pictures(height, width))
    assert [one.shape for one in maps] == [
        (2, channels, -(-height // stride), -(-width // stride))
        for channels, stride in zip(embedding.channels, STRIDES, strict=True)
    ]
    assert all((one >= 0).all() for one in maps)


@pytest.mark.parametrize("detector", ["person", "face-mask"])
def test_the_cut_says_what_the_detector_thinks(detector: str) -> None:
    """The detector takes BGR, the cut RGB."""
    inner = "/stage32/stage32.1/leave/leave.2/Relu_output_0"
    uncut = onnx.load(WEIGHTS / f"{detector}.onnx")
    uncut.graph.output.append(onnx.helper.make_tensor_value_info(inner, onnx.TensorProto.FLOAT, None))
    planes = pictures(96, 128).transpose(0, 3, 1, 2).astype(np.float32)
    session = onnxruntime.InferenceSession(uncut.SerializeToString(), providers=["CPUExecutionProvider"])
    (wanted,) = session.run([inner], {"picture": np.ascontiguousarray(planes[:, ::-1])})
    cut = onnxruntime.InferenceSession(backbone(detector).SerializeToString(), providers=["CPUExecutionProvider"])
    (got,) = cut.run([OUTPUTS[2]], {"picture": planes})
    assert got == pytest.approx(wanted, abs=1e-4)


def test_the_cut_is_plain_and_old_enough(embedding: Embedding) -> None:
    onnx.checker.check_model(embedding.graph, full_check=True)
    assert (embedding.graph.opset_import[0].version, embedding.graph.ir_version) == (13, 8)
    assert {"Shape", "Gather", "Resize"}.isdisjoint(node.op_type for node in embedding.graph.graph.node)


def test_vectors_are_means_and_maxima(embedding: Embedding) -> None:
    given = pictures(96, 96)
    vectors, first = embedding.vectors(given), embedding.maps(given)[0]
    assert vectors.shape == (2, 2 * sum(embedding.channels))
    assert vectors[:, :64] == pytest.approx(first.mean((2, 3)), abs=1e-5)
    assert vectors[:, 64:128] == pytest.approx(first.max((2, 3)), abs=1e-5)

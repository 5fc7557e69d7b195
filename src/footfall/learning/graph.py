"""The classifier's contract: one ONNX model from a BGR picture to the probability of every tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import onnx
from onnx import helper

from footfall.learning.cut import finished
from footfall.learning.drawing import Drawing
from footfall.learning.embedding import INPUT
from footfall.learning.features import blocks_of, extractor
from footfall.learning.heads import Head
from footfall.learning.lesson import Kind
from footfall.learning.model import CLASSIFIER_INPUT, CLASSIFIER_OUTPUT
from footfall.learning.tail import SCORES, Tuned, tuned_model

PIXELS: Final = {"Image.NominalPixelRange": "NominalRange_0_255", "Image.ColorSpaceGamma": "SRGB"}
"""What readers of exported models look up; the order of colours is another key, `Image.BitmapPixelFormat`."""


def classifier_model(
    groups: Sequence[str],
    head: Head,
    kind: Kind,
    input_px: int,
    notes: Mapping[str, str],
    tuned: Tuned | None = None,
) -> onnx.ModelProto:
    """Put features, head and probabilities into one model.

    Args:
        groups: of features, in the order of the head's weights.
        head: calibrated.
        kind: multiclass (softmax) or multilabel (sigmoid).
        input_px: side of the pictures.
        notes: further entries of the model's metadata.
        tuned: a network whose scores are added to the head's.

    Returns:
        `data` (1, 3, input_px, input_px) float32 BGR 0-255 -> `model_output` (1, tags) float32.
    """
    drawing = Drawing("head/")
    rgb = drawing.add("Gather", CLASSIFIER_INPUT, drawing.axes(2, 1, 0), axis=1)
    drawing.take(extractor(groups, input_px), "features/", **{INPUT: rgb})
    parts = [f"features/{block}" for block in blocks_of(groups)]
    vector = drawing.add("Concat", *parts, axis=1)
    weights, bias = (drawing.constant(np.asarray(part, np.float32)) for part in (head.weights, head.bias))
    scores = drawing.add("Gemm", vector, weights, bias)
    if tuned:
        drawing.take(tuned_model(tuned, input_px), "tuned/", **{INPUT: rgb})
        scores = drawing.add("Add", scores, f"tuned/{SCORES}")
    attributes = {"axis": 1} if kind is not Kind.MULTILABEL else {}
    drawing.add("Softmax" if attributes else "Sigmoid", scores, output=CLASSIFIER_OUTPUT, **attributes)
    floats = onnx.TensorProto.FLOAT
    source = helper.make_tensor_value_info(CLASSIFIER_INPUT, floats, [1, 3, input_px, input_px])
    answer = helper.make_tensor_value_info(CLASSIFIER_OUTPUT, floats, [1, len(head.bias)])
    model = finished(helper.make_graph(drawing.nodes, "classifier", [source], [answer], drawing.weights))
    helper.set_model_props(model, {"Image.BitmapPixelFormat": "Bgr8", **PIXELS, **notes})
    onnx.checker.check_model(model, full_check=True)
    return model

"""A network that says the same of every picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def write_oracle(
    path: Path, rows: Sequence[tuple[int, float, float, float, float, float]], labels: Sequence[str] = ("person",)
) -> Path:
    """An OpenVINO model of an SSD's output with its side-car; `rows`: class, score, then x0 y0 x1 y1 normalised."""
    import openvino  # noqa: PLC0415 - takes a second
    from openvino import opset13  # noqa: PLC0415

    table = np.array([(0, *row) for row in rows], np.float32).reshape(1, 1, -1, 7)
    picture = opset13.parameter([1, 3, 8, 8], np.float32, name="picture")
    model = openvino.Model([opset13.constant(table)], [picture], "oracle")
    openvino.save_model(model, path, compress_to_fp16=False)
    card = f"decoder='ssd'\nlabels={json.dumps(list(labels))}\nclasses={list(range(1, len(labels) + 1))}\n"
    path.with_suffix(".toml").write_text(card + "[input]\nwidth_px=8\nheight_px=8\nfit='stretch'\n")
    return path

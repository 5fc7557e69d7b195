"""Ask an exported model about pictures: `python predict.py PICTURE …`.

It needs Python 3.11 and the packages numpy, onnxruntime and opencv-python-headless, and lies beside `model.onnx` and
`labels.txt` or in a folder beside theirs. A picture is turned as its EXIF data says, stretched to the square that the
model takes (bilinear), and put to it as pixels 0-255 in the model's own order of colours.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

MOST_PIXELS = 10_240 * 10_240
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MOST_PIXELS))
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""ONNX Runtime from 1.29 on would tell its maker of every start."""

import cv2  # noqa: E402 - it reads its limits as it is imported
import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
from numpy.typing import NDArray  # noqa: E402


@dataclass(frozen=True)
class Told:
    """One tag of a picture, or of a box in it."""

    tag: int
    """Line of labels.txt, from 0."""
    name: str
    probability: float
    box: tuple[float, float, float, float] | None
    """Left, top, width, height in fractions of the picture; None where the model tells whole pictures."""

    def as_json(self) -> dict[str, Any]:
        """In the words of the prediction service."""
        box = None if self.box is None else dict(zip(("left", "top", "width", "height"), self.box, strict=True))
        return {"probability": self.probability, "tagId": str(self.tag), "tagName": self.name, "boundingBox": box}


class Model:
    """An exported model. May be asked by several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Load `model.onnx` and `labels.txt` of a folder."""
        self._names = (folder / "labels.txt").read_text("utf-8").splitlines()
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        first = self._session.get_inputs()[0]
        self._input, (self._height, self._width) = first.name, first.shape[-2:]
        order = self._session.get_modelmeta().custom_metadata_map.get("Image.BitmapPixelFormat", "Rgb8")
        self._is_bgr = order.startswith("Bgr")
        self._outputs = [output.name for output in self._session.get_outputs()]

    def predict(self, picture: bytes) -> list[Told]:
        """What is in a picture, the likeliest first.

        Raises:
            ValueError: these bytes are no picture, or a far too large one.
        """
        answers = self._session.run(None, {self._input: self._tensor(picture)})
        told = cast("dict[str, NDArray[Any]]", dict(zip(self._outputs, answers, strict=True)))
        if "detected_boxes" in told:
            found = self._boxes(told["detected_boxes"][0], told["detected_classes"][0], told["detected_scores"][0])
        else:
            found = [Told(i, self._names[i], float(p), None) for i, p in enumerate(told["model_output"][0])]
        return sorted(found, key=lambda one: -one.probability)

    def _tensor(self, picture: bytes) -> NDArray[np.float32]:
        try:
            pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error as error:
            raise ValueError("not a picture that can be read") from error
        if pixels is None:
            raise ValueError("not a picture that can be read")
        pixels = cv2.resize(pixels, (self._width, self._height), interpolation=cv2.INTER_LINEAR)
        pixels = pixels if self._is_bgr else pixels[:, :, ::-1]
        return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)

    def _boxes(self, xyxy_n: NDArray[np.float32], tags: NDArray[np.int64], scores: NDArray[np.float32]) -> list[Told]:
        left_top, size = xyxy_n[:, :2], xyxy_n[:, 2:] - xyxy_n[:, :2]
        return [
            Told(int(tag), self._names[int(tag)], float(score), (float(x), float(y), float(w), float(h)))
            for (x, y), (w, h), tag, score in zip(left_top, size, tags, scores, strict=True)
        ]


def beside() -> Path:
    """Where the model lies: here, or one folder up."""
    here = Path(__file__).resolve().parent
    return here if (here / "model.onnx").is_file() else here.parent


def main(pictures: list[str]) -> int:
    """Write one line of JSON for each picture."""
    if not pictures:
        sys.stderr.write("usage: python predict.py PICTURE …\n")
        return 2
    model = Model(beside())
    for name in pictures:
        try:
            told = model.predict(Path(name).read_bytes())
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return 1
        line = {"picture": name, "predictions": [one.as_json() for one in told]}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

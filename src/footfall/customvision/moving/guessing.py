"""What a classifier of people takes an encoded picture for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from footfall.customvision.moving.comparing import Guess

if TYPE_CHECKING:
    from footfall.detect.attributes import AttributeReader


def guess_with(reader: AttributeReader) -> Guess:
    """The likeliest tag of a picture, as its project calls it. The guess raises ValueError for what is no picture."""

    def guess(content: bytes) -> str:
        try:
            picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error as error:
            raise ValueError("no picture") from error
        if picture is None:
            raise ValueError("no picture")
        best = reader.read([np.asarray(picture, np.uint8)])[0][0]
        return f"{best.task}:{best.label}" if best.task else best.label

    return guess

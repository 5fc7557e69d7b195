"""Pictures as arrays: the one way they are decoded, to learn from and to answer."""

from __future__ import annotations

import cv2
import numpy as np

from footfall.learning.lesson import Rgb


def upright_rgb(data: bytes) -> Rgb:
    """Decode a picture, turned as its camera says.

    Returns:
        [height, width, 3]; transparency is dropped.

    Raises:
        ValueError: it cannot be decoded.
    """
    if not data:
        raise ValueError("this is no picture")
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    except cv2.error as error:
        raise ValueError("this picture cannot be decoded") from error
    if picture is None:
        raise ValueError("this picture cannot be decoded")
    return np.asarray(picture, np.uint8)

"""Answers to pictures: published iterations and quick tests (spec/custom-vision.md 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.customvision.wire import ImagePrediction

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def classify_image(
    shop: Workshop,
    project_id: str,
    published_name: str,
    image_data: bytes,
    application: str | None = None,
    *,
    store: bool = True,
) -> ImagePrediction:
    """Every tag with its probability, the likeliest first.

    Args:
        shop: where everything is.
        project_id: of the iteration.
        published_name: the iteration's name.
        image_data: a picture as it came: JPEG, PNG, BMP or GIF.
        application: a word that is kept beside a stored prediction.
        store: keep picture and answer for the days that predictions are kept; false: nothing touches the disk.

    Raises:
        Refused: no such name, a detection project, a picture that cannot be used, or a revoked key.
    """
    raise NotImplementedError


def detect_image(
    shop: Workshop,
    project_id: str,
    published_name: str,
    image_data: bytes,
    application: str | None = None,
    *,
    store: bool = True,
) -> ImagePrediction:
    """At most 200 boxes, the likeliest first; else as `classify_image`.

    Raises:
        Refused: no such name, a classification project, a picture that cannot be used, or a revoked key.
    """
    raise NotImplementedError


def quick_test_image(
    shop: Workshop, project_id: str, image_data: bytes, iteration_id: str | None = None, *, store: bool = True
) -> ImagePrediction:
    """As an iteration would answer if it were published; the newest trained one where none is named.

    Raises:
        Refused: nothing is trained, a picture that cannot be used, or a revoked key.
    """
    raise NotImplementedError

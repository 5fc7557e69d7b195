"""Answers to pictures: published iterations and quick tests (spec/custom-vision.md 3.4)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Row, desc, select

from footfall.customvision.faults import Refused
from footfall.customvision.prediction import predictions
from footfall.customvision.training.iteration_rows import TagOf, tags_of, trained_row
from footfall.customvision.training.iteration_tables import came, iterations
from footfall.customvision.wire.predictions import BoundingBox, ImagePrediction, Prediction
from footfall.customvision.wire.words import IterationStatus
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import intake
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import publications
from footfall.learning.lesson import Kind, Rgb
from footfall.learning.model import Boxes, Model
from footfall.store.database import reading

LONGEST_APPLICATION: Final = 256


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
        Refused: no such name, a detection project, or a picture that cannot be used.
        KeyRevoked: nothing may be used at present.
    """
    row = _published(shop, project_id, published_name, is_detection=False)
    application = _checked(application)
    return _answer(shop, row, Asked(image_data, shop.limits.prediction_image_bytes, application, store))


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
        Refused: no such name, a classification project, or a picture that cannot be used.
        KeyRevoked: nothing may be used at present.
    """
    row = _published(shop, project_id, published_name, is_detection=True)
    application = _checked(application)
    return _answer(shop, row, Asked(image_data, shop.limits.prediction_image_bytes, application, store))


def quick_test_image(
    shop: Workshop, project_id: str, image_data: bytes, iteration_id: str | None = None, *, store: bool = True
) -> ImagePrediction:
    """As an iteration would answer if it were published; the newest trained one where none is named.

    Raises:
        Refused: nothing is trained, or a picture that cannot be used.
        KeyRevoked: nothing may be used at present.
    """
    with reading(shop.engine) as connection:
        if iteration_id is None:
            row = _newest(connection, project_id)
        else:
            row = trained_row(connection, project_id, iteration_id)
    return _answer(shop, row, Asked(image_data, shop.limits.training_image_bytes, None, store))


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture that is asked about."""

    content: bytes
    most_bytes: int
    application: str | None
    store: bool


def _answer(shop: Workshop, row: Row[Any], asked: Asked) -> ImagePrediction:
    model = shop.models.of(shop, row.project_id, row.id)
    rgb = intake.upright(asked.content, shop.limits, asked.most_bytes)
    answer = ImagePrediction(
        id=str(uuid.uuid4()),
        project=row.project_id,
        iteration=row.id,
        created=shop.clock.now(),
        predictions=told(model, tags_of(row), rgb, shop.limits.regions_per_prediction),
    )
    if asked.store and shop.limits.prediction_days > 0:
        picture = intake.prepare(asked.content, shop.limits, asked.most_bytes)
        predictions.keep(shop, row, answer, picture, asked.application)
    return answer


def _checked(application: str | None) -> str | None:
    if application is not None and len(application) > LONGEST_APPLICATION:
        message = f"application has at most {LONGEST_APPLICATION} characters"
        raise Refused("BadRequestPredictionInvalidApplicationName", message)
    return application


def told(model: Model, tags: Sequence[TagOf], rgb: Rgb, most_boxes: int) -> list[Prediction]:
    """What a model tells about a picture, the likeliest first.

    Args:
        model: its outputs are in the order of `tags`.
        tags: of the model.
        rgb: [height, width, 3]
        most_boxes: how many a detector may tell.
    """
    if model.is_detector:
        return _of_boxes(tags, model.detect(rgb), most_boxes)
    return of_probabilities(tags, model.classify(rgb))


def of_probabilities(tags: Sequence[TagOf], probabilities: np.typing.NDArray[np.float32]) -> list[Prediction]:
    """Every tag, the likeliest first."""
    order = np.argsort(-probabilities, kind="stable")
    return [prediction_of(tags[at], float(probabilities[at]), None) for at in order]


def _of_boxes(tags: Sequence[TagOf], boxes: Boxes, most: int) -> list[Prediction]:
    found = zip(boxes.xyxy_n[:most].tolist(), boxes.tags[:most].tolist(), boxes.scores[:most].tolist(), strict=True)
    return [prediction_of(tags[tag], score, box_of(xyxy_n)) for xyxy_n, tag, score in found]


def box_of(xyxy_n: Sequence[float]) -> BoundingBox:
    """For the wire."""
    left, top, right, bottom = xyxy_n
    return BoundingBox(left=left, top=top, width=right - left, height=bottom - top)


def prediction_of(tag: TagOf, probability: float, box: BoundingBox | None) -> Prediction:
    """For the wire."""
    return Prediction(
        probability=min(1.0, max(0.0, probability)),
        tag_id=tag.id,
        tag_name=tag.name,
        bounding_box=box,
        tag_type=tag.type,
    )


def _published(shop: Workshop, project_id: str, name: str, *, is_detection: bool) -> Row[Any]:
    statement = (
        select(iterations)
        .join(publications, publications.c.iteration_id == iterations.c.id)
        .where(publications.c.project_id == project_id, publications.c.name == name)
    )
    with reading(shop.engine) as connection:
        find(connection, project_id)
        row = connection.execute(statement).one_or_none()
        if row is None:
            raise Refused("NotFoundIteration", f"no iteration answers as {name!r}")
    if (row.kind == Kind.DETECTION) is not is_detection:
        does, other = ("detects", "detect") if row.kind == Kind.DETECTION else ("classifies", "classify")
        raise Refused("BadRequestOperationNotSupported", f"this project {does}: ask {other}")
    return row


def _newest(connection: Connection, project_id: str) -> Row[Any]:
    ours = (iterations.c.project_id == project_id, iterations.c.status == IterationStatus.COMPLETED)
    statement = select(iterations).where(*ours).order_by(desc(iterations.c.trained_us), desc(came(iterations))).limit(1)
    find(connection, project_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise Refused("BadRequestIterationIsNotTrained", "nothing of this project is trained yet")
    return row

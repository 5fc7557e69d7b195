"""Which predictions are kept, page by page (spec/custom-vision.md 2.4).

The first page fixes what the following ones are about: `session` is the newest prediction of that moment, and
`continuation` is where a page ended, so that nothing comes twice or is missed when predictions come and go meanwhile.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select, tuple_

from footfall.customvision.faults import Refused
from footfall.customvision.prediction.predictions import unsealed
from footfall.customvision.training.iteration_tables import prediction_tags
from footfall.customvision.training.iteration_tables import predictions as table
from footfall.customvision.wire.predictions import PredictionQueryResult, PredictionQueryTag, StoredImagePrediction
from footfall.customvision.wire.predictions import PredictionQueryToken as Token
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import from_us, to_us
from footfall.store.database import reading

PAGE: Final = 50
LARGEST_PAGE: Final = 256
MOST_TAGS: Final = 2


class Order(StrEnum):
    """Which come first; suggested: those that the model was least sure of."""

    NEWEST = "Newest"
    OLDEST = "Oldest"
    SUGGESTED = "Suggested"


_Place: TypeAlias = tuple[Order, float, Annotated[int, msgspec.Meta(ge=0, le=2**53)]]


def query_predictions(shop: Workshop, project_id: str, query: Token) -> PredictionQueryResult:
    """A page of what is kept; the token of the answer goes on from there, without `continuation` it was the last page.

    Raises:
        Refused: there is no such project, or the question is wrong.
        KeyRevoked: nothing may be opened at present.
    """
    order, count = _order(query), _count(query)
    with reading(shop.engine) as connection:
        find(connection, project_id)
        session = _session(connection, project_id, query)
        statement = select(table).where(
            table.c.project_id == project_id,
            table.c.number <= session,
            table.c.expires_us > to_us(shop.clock.now()),
            *_conditions(query),
        )
        if query.continuation:
            statement = statement.where(_after(order, query.continuation))
        rows = connection.execute(statement.order_by(*_by(order)).limit(count + 1)).all()
    page = rows[:count]
    token = msgspec.structs.replace(
        query,
        session=str(session),
        continuation=_place(order, page[-1]) if len(rows) > count else None,
        max_count=count,
        order_by=order.value,
    )
    results = [result for row in page if (result := _result(shop, row))]
    return PredictionQueryResult(token=token, results=results)


def _order(query: Token) -> Order:
    try:
        return Order(query.order_by or Order.NEWEST)
    except ValueError:
        raise _wrong(f"orderBy is {', '.join(Order)}, not {query.order_by!r}") from None


def _count(query: Token) -> int:
    if query.max_count is None:
        return PAGE
    if query.max_count > LARGEST_PAGE:
        raise Refused("BadRequestPredictionResultsExceededCount", f"maxCount is at most {LARGEST_PAGE}")
    if query.max_count < 1:
        raise _wrong("maxCount is at least 1")
    return query.max_count


def _session(connection: Connection, project_id: str, query: Token) -> int:
    if query.session:
        if not (query.session.isascii() and query.session.isdigit() and len(query.session) < 19):
            raise _wrong("session is none of ours")
        return int(query.session)
    newest = select(func.max(table.c.number)).where(table.c.project_id == project_id)
    return connection.execute(newest).scalar() or 0


def _conditions(query: Token) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.iteration_id:
        conditions.append(table.c.iteration_id == query.iteration_id)
    if query.application:
        conditions.append(table.c.application == query.application)
    if query.start_time:
        conditions.append(table.c.created_us >= to_us(_utc(query.start_time)))
    if query.end_time:
        conditions.append(table.c.created_us <= to_us(_utc(query.end_time)))
    tags = query.tags or []
    if len(tags) > MOST_TAGS:
        raise Refused("BadRequestPredictionTagsExceededCount", f"at most {MOST_TAGS} tags can be combined")
    return conditions + [_has(tag) for tag in tags]


def _has(tag: PredictionQueryTag) -> ColumnElement[bool]:
    least = 0.0 if tag.min_threshold is None else tag.min_threshold
    most = 1.0 if tag.max_threshold is None else tag.max_threshold
    if not 0.0 <= least <= most <= 1.0:
        raise _wrong("thresholds are 0 <= minThreshold <= maxThreshold <= 1")
    ours = and_(prediction_tags.c.prediction == table.c.number, prediction_tags.c.tag_id == tag.id)
    return exists().where(ours, prediction_tags.c.probability.between(least, most))


def _by(order: Order) -> tuple[ColumnElement[Any], ...]:
    columns = _columns(order)
    return columns if order is Order.OLDEST else tuple(column.desc() for column in columns)


def _columns(order: Order) -> tuple[ColumnElement[Any], ...]:
    return (table.c.uncertainty if order is Order.SUGGESTED else table.c.created_us), table.c.number


def _place(order: Order, row: Row[Any]) -> str:
    first = row.uncertainty if order is Order.SUGGESTED else row.created_us
    return base64.urlsafe_b64encode(msgspec.json.encode((order, float(first), row.number))).decode()


def _after(order: Order, continuation: str) -> ColumnElement[bool]:
    try:
        data = base64.urlsafe_b64decode(continuation.encode("ascii"))
        made_for, first, number = msgspec.json.decode(data, type=_Place)
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError) as error:
        raise _wrong("continuation is none of ours") from error
    if made_for is not order:
        raise _wrong(f"continuation was made for orderBy {made_for}")
    place = tuple_(*_columns(order))
    return place > (first, number) if order is Order.OLDEST else place < (first, number)


def _result(shop: Workshop, row: Row[Any]) -> StoredImagePrediction | None:
    kept = unsealed(shop, row.project_id, row.id)
    if kept is None:
        return None
    links = shop.links
    return StoredImagePrediction(
        id=row.id,
        project=row.project_id,
        iteration=row.iteration_id,
        created=from_us(row.created_us),
        predictions=kept.told,
        resized_image_uri=links.prediction(row.project_id, row.id, "resized"),
        thumbnail_uri=links.prediction(row.project_id, row.id, "thumbnail"),
        original_image_uri=links.prediction(row.project_id, row.id, "original"),
        domain=row.domain_id,
    )


def _utc(moment: datetime) -> datetime:
    """Clients that say no time zone mean UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wrong(message: str) -> Refused:
    return Refused("BadRequestPredictionInvalidQueryParameters", message)

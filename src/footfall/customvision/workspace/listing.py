"""Which images there are, and how many (spec/custom-vision.md 1.3, 3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from footfall.customvision.faults import Refused
from footfall.customvision.workspace import showing
from footfall.customvision.workspace.filters import Term, parse_filter
from footfall.customvision.workspace.snapshots import View, view
from footfall.customvision.workspace.tables import image_metadata, images, labels
from footfall.store.database import reading

if TYPE_CHECKING:
    from footfall.customvision.wire.images import Image
    from footfall.customvision.workshop import Workshop
    from footfall.customvision.workspace.limits import Limits

PAGE: Final = 50
"""Images that are given where `take` is not."""
_FARTHEST: Final = 2**31 - 1


def get_images(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    tag_ids: Sequence[str] | None = None,
    tagging_status: str | None = None,
    filter: str | None = None,
    order_by: str | None = None,
    take: int | None = None,
    skip: int | None = None,
) -> list[Image]:
    """A page of images: with any of the tags, tagged or not, whose metadata fit; 50 where `take` is not given.

    Raises:
        Refused: a parameter is none; there is no such project or iteration.
    """
    order = _order(order_by)
    take, skip = _page(shop.limits, take, skip)
    with reading(shop.engine) as connection:
        at = view(connection, project_id, iteration_id)
        wanted = and_(at.has(images), *_conditions(shop.limits, at, tag_ids, tagging_status, filter))
        asked = select(images).where(wanted).order_by(order).limit(take).offset(skip)
        return showing.shown(shop, connection, at, connection.execute(asked).mappings().all())


def get_tagged_images(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    tag_ids: Sequence[str] | None = None,
    order_by: str | None = None,
    take: int | None = None,
    skip: int | None = None,
) -> list[Image]:
    """As `get_images`, of those with a tag."""
    return get_images(shop, project_id, iteration_id, tag_ids, "Tagged", None, order_by, take, skip)


def get_untagged_images(
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    order_by: str | None = None,
    take: int | None = None,
    skip: int | None = None,
) -> list[Image]:
    """As `get_images`, of those without any tag."""
    return get_images(shop, project_id, iteration_id, None, "Untagged", None, order_by, take, skip)


def get_images_by_ids(
    shop: Workshop, project_id: str, image_ids: Sequence[str] | None = None, iteration_id: str | None = None
) -> list[Image]:
    """These, in the order of the ids; those that are not there are left out.

    Raises:
        Refused: too many ids; there is no such project or iteration.
    """
    _require_few(image_ids or (), shop.limits.batch_image_ids, "images")
    with reading(shop.engine) as connection:
        return showing.by_ids(shop, connection, view(connection, project_id, iteration_id), image_ids or ())


def get_image_count(
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    tagging_status: str | None = None,
    filter: str | None = None,
    tag_ids: Sequence[str] | None = None,
) -> int:
    """How many `get_images` would list, page after page."""
    with reading(shop.engine) as connection:
        at = view(connection, project_id, iteration_id)
        return _count(connection, at, _conditions(shop.limits, at, tag_ids, tagging_status, filter))


def get_tagged_image_count(
    shop: Workshop, project_id: str, iteration_id: str | None = None, tag_ids: Sequence[str] | None = None
) -> int:
    """How many have a tag, or one of these."""
    return get_image_count(shop, project_id, iteration_id, "Tagged", None, tag_ids)


def get_untagged_image_count(shop: Workshop, project_id: str, iteration_id: str | None = None) -> int:
    """How many have none."""
    return get_image_count(shop, project_id, iteration_id, "Untagged")


def _count(connection: Connection, at: View, conditions: Iterator[ColumnElement[bool]]) -> int:
    return connection.execute(select(func.count()).select_from(images).where(at.has(images), *conditions)).scalar_one()


def _conditions(
    limits: Limits, at: View, tag_ids: Sequence[str] | None, tagging_status: str | None, filter: str | None
) -> Iterator[ColumnElement[bool]]:
    _require_few(tag_ids or (), limits.batch_tags, "tags")
    if tag_ids:
        yield images.c.number.in_(select(labels.c.image).where(labels.c.tag_id.in_(tag_ids), at.has(labels)))
    is_tagged = exists().where(labels.c.image == images.c.number, at.holds(labels))
    status = (tagging_status or "All").lower()
    if status not in {"all", "tagged", "untagged"}:
        raise Refused("BadRequestInvalid", f"taggingStatus is All, Tagged or Untagged, not {tagging_status}")
    if status != "all":
        yield is_tagged if status == "tagged" else ~is_tagged
    if filter and filter.strip():
        try:
            groups = parse_filter(filter)
        except ValueError as error:
            raise Refused("BadRequestInvalid", f"$filter: {error}") from error
        yield or_(*(and_(*(_holds(at, term) for term in group)) for group in groups))


def _holds(at: View, term: Term) -> ColumnElement[bool]:
    equal = select(image_metadata.c.image).where(
        image_metadata.c.project_id == at.project_id,
        image_metadata.c.key == term.key,
        image_metadata.c.value == term.value,
    )
    return images.c.number.in_(equal) if term.is_equal else images.c.number.not_in(equal)


def _order(order_by: str | None) -> ColumnElement[int]:
    orders = {"newest": images.c.number.desc(), "oldest": images.c.number.asc()}
    order = orders.get((order_by or "Newest").lower())
    if order is None:
        raise Refused("BadRequestInvalid", f"orderBy is Newest or Oldest, not {order_by}")
    return order


def _page(limits: Limits, take: int | None, skip: int | None) -> tuple[int, int]:
    taken, skipped = PAGE if take is None else take, skip or 0
    if not 0 <= taken <= limits.take:
        raise Refused("BadRequestInvalid", f"take is 0 to {limits.take}, not {taken}")
    if not 0 <= skipped <= _FARTHEST:
        raise Refused("BadRequestInvalid", f"skip is 0 to {_FARTHEST}, not {skipped}")
    return taken, skipped


def _require_few(ids: Sequence[str], most: int, what: str) -> None:
    if len(ids) > most:
        raise Refused("BadRequestExceededBatchSize", f"{len(ids)} {what} are too many at once: {most} at most")

"""Models to take away, as sealed archives (spec/custom-vision.md 3.7)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from footfall.customvision.faults import Refused
from footfall.customvision.training.iteration_rows import iteration_row, tags_of, trained_row
from footfall.customvision.training.iteration_tables import came, exports, iterations
from footfall.customvision.wire.iterations import Export
from footfall.customvision.wire.words import ExportStatus
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import erasing
from footfall.customvision.workspace.domains import get_domain
from footfall.customvision.workspace.tables import from_us, to_us
from footfall.learning.bundle import flavor_of, is_offered, make_bundle
from footfall.learning.lesson import Kind
from footfall.store.database import reading, writing
from footfall.vault.faults import Altered, KeyRevoked, NoObject
from footfall.vault.objects import ObjectKind, ObjectName


def export_iteration(
    shop: Workshop, project_id: str, iteration_id: str, platform: str, flavor: str | None = None
) -> Export:
    """Begin to make the archive; what is there already is answered again, what failed is made anew.

    Raises:
        Refused: it is not trained, its domain is none that exports, the platform is unknown, or it is being made.
    """
    with writing(shop.engine) as connection:
        row = trained_row(connection, project_id, iteration_id)
        _require_compact(shop, row)
        if not is_offered(platform, flavor or None):
            message = f"there is no export to {platform} {flavor or ''}".rstrip()
            raise Refused("BadRequestProjectUnsupportedExportPlatform", message)
        export = _existing(connection, iteration_id, platform, flavor or "")
        if export is not None and export.status == ExportStatus.DONE:
            return _wire(shop, project_id, export)
        if export is not None and export.status == ExportStatus.EXPORTING:
            raise Refused("BadRequestExportAlreadyInProgress", f"{row.name} is being exported to {platform}")
        _begin(shop, connection, iteration_id, platform, flavor or "", export)
        begun = _existing(connection, iteration_id, platform, flavor or "")
        assert begun is not None
    shop.audit("export-begun", {"project": project_id, "iteration": iteration_id, "platform": platform})
    if shop.jobs:
        shop.jobs.submit(project_id, iteration_id)
    return _wire(shop, project_id, begun)


def get_exports(shop: Workshop, project_id: str, iteration_id: str) -> list[Export]:
    """All of an iteration, the oldest first.

    Raises:
        Refused: there is no such iteration.
    """
    statement = select(exports).where(exports.c.iteration_id == iteration_id)
    with reading(shop.engine) as connection:
        iteration_row(connection, project_id, iteration_id)
        rows = connection.execute(statement.order_by(came(exports))).all()
    return [_wire(shop, project_id, row) for row in rows]


def export_archive(shop: Workshop, project_id: str, iteration_id: str, export_id: str) -> bytes:
    """The zip file, for signed links.

    Raises:
        Refused: it is not there.
        KeyRevoked: nothing may be opened at present.
        Altered: it is not as it was written.
    """
    done = (exports.c.id == export_id, exports.c.iteration_id == iteration_id, exports.c.status == ExportStatus.DONE)
    with reading(shop.engine) as connection:
        is_there = connection.execute(select(exports.c.id).where(*done)).one_or_none() is not None
    if not is_there:
        raise Refused("NotFound", f"there is no export {export_id}")
    return shop.objects.get(ObjectName(ObjectKind.EXPORT, project_id, export_id))


def onnx_archive(shop: Workshop, project_id: str, iteration_id: str) -> bytes:
    """The plain ONNX zip of an iteration, made now and kept nowhere.

    Raises:
        Refused: as `export_iteration`.
        KeyRevoked: nothing may be opened at present.
        Altered, NoObject: the model is not as it was written, or was deleted.
    """
    with reading(shop.engine) as connection:
        row = trained_row(connection, project_id, iteration_id)
    _require_compact(shop, row)
    shop.check_key()
    return _archive(shop, row, shop.clock.now(), None)


def make_next(shop: Workshop) -> bool:
    """Make the oldest archive that waits; false: none does.

    Raises:
        StoreUnavailable: the database is away or full.
    """
    waiting = select(exports).where(exports.c.status == ExportStatus.EXPORTING)
    with reading(shop.engine) as connection:
        export = connection.execute(waiting.order_by(came(exports)).limit(1)).one_or_none()
        if export is None:
            return False
        row = connection.execute(select(iterations).where(iterations.c.id == export.iteration_id)).one()
    try:
        _make(shop, row, export)
    except (KeyRevoked, NoObject, Altered, OSError, ValueError) as error:
        with writing(shop.engine) as connection:
            _end(connection, export.id, ExportStatus.FAILED)
        shop.audit("export-failed", {"project": row.project_id, "iteration": row.id, "why": type(error).__name__})
    return True


def _make(shop: Workshop, row: Row[Any], export: Row[Any]) -> None:
    name = ObjectName(ObjectKind.EXPORT, row.project_id, export.id)
    flavor = flavor_of(export.platform, export.flavor or None)
    archive = _archive(shop, row, from_us(export.created_us), flavor)
    with writing(shop.engine) as connection:
        erasing.doom(connection, [name])
    is_kept = False
    try:
        shop.objects.put(name, archive)
        with writing(shop.engine) as connection:
            is_kept = _end(connection, export.id, ExportStatus.DONE)
            if is_kept:
                erasing.spare(connection, [name])
    finally:
        if not is_kept:
            erasing.erase(shop, [name])


def _archive(shop: Workshop, row: Row[Any], made_at: datetime, flavor: str | None) -> bytes:
    model = shop.objects.get(ObjectName(ObjectKind.MODEL, row.project_id, row.id))
    tags = [tag.name for tag in tags_of(row)]
    return make_bundle(model, tags, Kind(row.kind), row.id, made_at, flavor)


def _require_compact(shop: Workshop, row: Row[Any]) -> None:
    if not get_domain(shop, row.domain_id).exportable:
        message = f"{row.name} was trained in a domain that is not exported: train in a compact one"
        raise Refused("BadRequestExportValidationFailed", message)


def _end(connection: Connection, export_id: str, status: ExportStatus) -> bool:
    """False: it was deleted meanwhile."""
    return connection.execute(update(exports).where(exports.c.id == export_id).values(status=status)).rowcount == 1


def _begin(
    shop: Workshop, connection: Connection, iteration_id: str, platform: str, flavor: str, failed: Row[Any] | None
) -> None:
    now = to_us(shop.clock.now())
    if failed is not None:
        values = {"status": ExportStatus.EXPORTING, "created_us": now}
        connection.execute(update(exports).where(exports.c.id == failed.id).values(values))
        return
    key = {"id": str(uuid.uuid4()), "iteration_id": iteration_id, "platform": platform, "flavor": flavor}
    connection.execute(insert(exports).values(key | {"status": ExportStatus.EXPORTING, "created_us": now}))


def _existing(connection: Connection, iteration_id: str, platform: str, flavor: str) -> Row[Any] | None:
    ours = (exports.c.iteration_id == iteration_id, exports.c.platform == platform, exports.c.flavor == flavor)
    return connection.execute(select(exports).where(*ours)).one_or_none()


def _wire(shop: Workshop, project_id: str, row: Row[Any]) -> Export:
    is_done = row.status == ExportStatus.DONE
    return Export(
        platform=row.platform,
        status=ExportStatus(row.status),
        download_uri=shop.links.export(project_id, row.iteration_id, row.id) if is_done else "",
        flavor=row.flavor or None,
        newer_version_available=False,
    )

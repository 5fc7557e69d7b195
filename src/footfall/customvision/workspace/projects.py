"""Projects: tags, images and iterations hang on them (spec/custom-vision.md 1.1)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, exists, func, insert, select, update

from footfall.customvision.faults import Refused
from footfall.customvision.wire.projects import Domain, ImageProcessingSettings, Project, ProjectSettings
from footfall.customvision.wire.words import ClassificationType, TagType, Task
from footfall.customvision.workspace.domains import DEFAULT, PLATFORMS, find_domain
from footfall.customvision.workspace.erasing import doom_project, erase_project, is_doomed, spare_project
from footfall.customvision.workspace.names import folded, is_fit
from footfall.customvision.workspace.tables import from_us, images, is_present, projects, publications, tags, to_us
from footfall.store.database import reading, writing
from footfall.vault.objects import ObjectKind, ObjectName

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop
    from footfall.customvision.workspace.limits import Limits

SECRET_BYTES: Final = 32


def get_projects(shop: Workshop) -> list[Project]:
    """All of them, the oldest first."""
    with reading(shop.engine) as connection:
        rows = connection.execute(_asked().order_by(projects.c.created_us, projects.c.id)).mappings()
        return [_project(shop, row) for row in rows]


def get_project(shop: Workshop, project_id: str) -> Project:
    """One of them.

    Raises:
        Refused: there is no such project.
    """
    with reading(shop.engine) as connection:
        row = connection.execute(_asked().where(projects.c.id == project_id)).mappings().first()
    if row is None:
        raise _unknown(project_id)
    return _project(shop, row)


def find(connection: Connection, project_id: str) -> RowMapping:
    """The row of a project.

    Raises:
        Refused: there is no such project.
    """
    asked = select(projects).where(projects.c.id == project_id, ~is_doomed())
    row = connection.execute(asked).mappings().first()
    if row is None:
        raise _unknown(project_id)
    return row


def task_of(row: RowMapping) -> Task:
    """What the models of a project do."""
    domain = find_domain(row["domain_id"])
    assert domain is not None
    return domain.type


def create_project(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    name: str,
    description: str | None = None,
    domain_id: str | None = None,
    classification_type: str | None = None,
    target_export_platforms: Sequence[str] | None = None,
    export_model_container_uri: str | None = None,
    notification_queue_uri: str | None = None,
) -> Project:
    """Make one; General for classification, several tags a picture, where nothing else is said.

    Of URIs the part after the question mark is not kept: secrets stand there, and nothing is sent to them.

    Raises:
        Refused: name, description, domain, type or platform is none; the name is taken; there are too many.
    """
    domain = _checked_domain(domain_id or DEFAULT)
    project_id, now_us = str(uuid4()), to_us(shop.clock.now())
    words = _words(shop.limits, name, description or "")
    row = {
        "id": project_id,
        **words,
        "domain_id": domain.id,
        "classification_type": _kind(domain, classification_type or ClassificationType.MULTILABEL),
        "platforms": _platforms(target_export_platforms or ()),
        "container_uri": _public(export_model_container_uri),
        "queue_uri": _public(notification_queue_uri),
        "created_us": now_us,
        "modified_us": now_us,
        "era": 1,
    }
    with writing(shop.engine) as connection:
        _require_room(shop, connection)
        _require_free(connection, words["folded"])
        doom_project(connection, project_id)
    shop.objects.put(secret_of(project_id), secrets.token_bytes(SECRET_BYTES))
    try:
        with writing(shop.engine) as connection:
            _require_room(shop, connection)
            _require_free(connection, words["folded"])
            connection.execute(insert(projects).values(row))
            spare_project(connection, project_id)
    except Refused:
        erase_project(shop, project_id)
        raise
    shop.audit("project-made", {"project": project_id})
    return get_project(shop, project_id)


def secret_of(project_id: str) -> ObjectName:
    """The key that the fingerprints of a project's images are made with."""
    return ObjectName(ObjectKind.EVIDENCE, project_id, "fingerprints")


def update_project(  # noqa: PLR0913, PLR0917 - one parameter a key of the body
    shop: Workshop,
    project_id: str,
    name: str | None = None,
    description: str | None = None,
    domain_id: str | None = None,
    classification_type: str | None = None,
    target_export_platforms: Sequence[str] | None = None,
    augmentation_methods: Mapping[str, bool] | None = None,
) -> Project:
    """Change what is given. A new domain counts from the next training on.

    Raises:
        Refused: as `create_project`; the domain is of the other task; there is no such project.
    """
    with writing(shop.engine) as connection:
        row = find(connection, project_id)
        domain = _checked_domain(domain_id or row["domain_id"], was=row["domain_id"])
        if domain.type != task_of(row):
            what = f"a project for {task_of(row)} cannot change to a domain for {domain.type}"
            raise Refused("BadRequestProjectUnsupportedDomainTypeChange", what)
        values: dict[str, Any] = {
            **_words(shop.limits, _or(name, row["name"]), _or(description, row["description"])),
            "domain_id": domain.id,
            "classification_type": _kind(domain, classification_type or row["classification_type"]),
            "modified_us": to_us(shop.clock.now()),
        }
        if target_export_platforms is not None:
            values["platforms"] = _platforms(target_export_platforms)
        if augmentation_methods is not None:
            values["augmentation"] = json.dumps(dict(augmentation_methods))
        _require_free(connection, values["folded"], but=project_id)
        connection.execute(update(projects).where(projects.c.id == project_id).values(values))
    shop.audit("project-changed", {"project": project_id})
    return get_project(shop, project_id)


def delete_project(shop: Workshop, project_id: str) -> None:
    """Everything in it is gone when this returns: rows, pictures, models, exports, and the keys of them.

    Raises:
        Refused: an iteration of it is published; there is no such project.
    """
    with writing(shop.engine) as connection:
        find(connection, project_id)
        is_published = exists().where(publications.c.project_id == project_id)
        if connection.execute(select(is_published)).scalar_one():
            what = "an iteration of this project is published: unpublish it first"
            raise Refused("BadRequestIterationIsPublished", what)
        doom_project(connection, project_id)
        connection.execute(update(projects).where(projects.c.id == project_id).values(name="", folded=project_id))
    if shop.jobs is not None:
        shop.jobs.cancel(project_id)
    shop.models.drop(project_id)
    erase_project(shop, project_id)
    shop.audit("project-erased", {"project": project_id})


def _asked() -> Select[Any]:
    """Rows of projects that are not being erased, with what is told of their images and tags."""
    of_project = and_(images.c.project_id == projects.c.id, is_present(images))
    first = select(images.c.id).where(of_project).order_by(images.c.number).limit(1).scalar_subquery()
    has_negative = exists().where(
        tags.c.project_id == projects.c.id, is_present(tags), tags.c.type == TagType.NEGATIVE.value
    )
    return select(projects, first.label("first"), has_negative.label("has_negative")).where(~is_doomed())


def _project(shop: Workshop, row: RowMapping) -> Project:
    methods = None if row["augmentation"] is None else json.loads(row["augmentation"])
    kind = row["classification_type"]
    return Project(
        id=row["id"],
        name=row["name"],
        description=row["description"],
        settings=ProjectSettings(
            domain_id=row["domain_id"],
            classification_type=None if kind is None else ClassificationType(kind),
            target_export_platforms=json.loads(row["platforms"]),
            use_negative_set=bool(row["has_negative"]),
            detection_parameters=None,
            image_processing_settings=None
            if methods is None
            else ImageProcessingSettings(augmentation_methods=methods),
            export_model_container_uri=row["container_uri"],
            notification_queue_uri=row["queue_uri"],
        ),
        created=from_us(row["created_us"]),
        last_modified=from_us(row["modified_us"]),
        thumbnail_uri=shop.links.image(row["id"], row["first"], "thumbnail") if row["first"] else "",
        dr_mode_enabled=False,
        status="Succeeded",
    )


def _unknown(project_id: str) -> Refused:
    return Refused("NotFoundProject", f"there is no project {project_id}")


def _words(limits: Limits, name: str, description: str) -> dict[str, str]:
    if not is_fit(name, limits.name):
        what = f"the name of a project is one line of 1 to {limits.name} characters"
        raise Refused("BadRequestProjectName", what)
    if len(description) > limits.description:
        what = f"the description of a project is at most {limits.description} characters long"
        raise Refused("BadRequestProjectDescription", what)
    return {"name": name, "folded": folded(name), "description": description}


def _checked_domain(domain_id: str, was: str | None = None) -> Domain:
    domain = find_domain(domain_id)
    if domain is None or not (domain.enabled or domain.id == was):
        raise Refused("BadRequestProjectUnknownDomain", f"there is no domain {domain_id}")
    return domain


def _kind(domain: Domain, classification_type: str) -> str | None:
    if domain.type is Task.DETECTION:
        return None
    try:
        return ClassificationType(classification_type).value
    except ValueError:
        what = f"{classification_type} is no type of classification: Multiclass or Multilabel"
        raise Refused("BadRequestProjectUnknownClassification", what) from None


def _platforms(platforms: Sequence[str]) -> str:
    for platform in platforms:
        if platform not in PLATFORMS:
            what = f"models are not exported as {platform}, only as {', '.join(PLATFORMS)}"
            raise Refused("BadRequestProjectUnsupportedExportPlatform", what)
    return json.dumps(list(dict.fromkeys(platforms)))


def _public(uri: str | None) -> str | None:
    try:
        return uri and urlunsplit(urlsplit(uri)._replace(query="", fragment=""))
    except ValueError as error:
        raise Refused("BadRequestInvalid", "a URI of the project's options is none") from error


def _require_room(shop: Workshop, connection: Connection) -> None:
    count = connection.execute(select(func.count()).select_from(projects).where(~is_doomed())).scalar_one()
    if count >= shop.limits.projects:
        what = f"there are {count} projects already: delete one first"
        raise Refused("BadRequestExceedProjectLimit", what)


def _require_free(connection: Connection, folded_name: str, but: str = "") -> None:
    is_taken: ColumnElement[bool] = exists().where(projects.c.folded == folded_name, projects.c.id != but)
    if connection.execute(select(is_taken)).scalar_one():
        raise Refused("BadRequestProjectNameNotUnique", "another project has this name")


def _or(given: str | None, before: str) -> str:
    return before if given is None else given

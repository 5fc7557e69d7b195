"""A project of one Custom Vision service becomes one of another: tags, images, boxes, metadata; trained anew if asked.

Both ends speak the same wire, so this copies from Azure to here, from here to Azure, and from one of ours to another.
Pictures pass through memory, a few at a time. An image is uploaded bare and labelled then, and both may be done twice
without harm: what is cut off at any point is gone on with by doing it again.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from footfall.customvision.moving.far import Far, FarError
from footfall.customvision.moving.notebook import Notebook

Found: TypeAlias = Mapping[str, Any]
"""A JSON object of the wire."""
Report: TypeAlias = Callable[[int, int], None]
"""Hears how many images are done, of how many."""

PAGE: Final = 256
BATCH_IMAGES: Final = 16
BATCH_BYTES: Final = 8 * 1024 * 1024
BATCH_LABELS: Final = 64
_TAKEN = {"OK", "OKDuplicate"}


@dataclass(slots=True)
class Outcome:
    """What became of a project."""

    target_id: str
    images: int = 0
    """Over there, with those of earlier runs."""
    labels: int = 0
    """Tags on images, or boxes, made in this run."""
    tags: int = 0
    missed: list[str] = field(default_factory=list)
    """Images that are not over there, and why."""
    notes: list[str] = field(default_factory=list)
    """What is not the same over there."""


@dataclass(slots=True)
class _Batch:
    """Images on their way, and their encoded pictures."""

    images: list[Found] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.images) >= BATCH_IMAGES or sum(map(len, self.contents)) >= BATCH_BYTES


def projects_named(source: Far, names: Sequence[str]) -> list[Found]:
    """The projects with these names, or all where none is named.

    Raises:
        FarError: there is none of a name.
    """
    there = {str(project["name"]): project for project in source.get("projects")}
    for name in names:
        if name not in there:
            raise FarError(
                source.endpoint, f"there is no project {name}; there are: {', '.join(sorted(there)) or 'none'}"
            )
    return [there[name] for name in names or sorted(there)]


def copy_project(source: Far, target: Far, project: Found, notebook: Notebook, report: Report) -> Outcome:
    """Copy one project, or go on with it.

    Raises:
        FarError: an end refuses or does not answer; run it again to go on.
    """
    finds_boxes, outcome = _target_project(source, target, project, notebook)
    tag_ids = _copy_tags(source, target, str(project["id"]), outcome)
    total = int(source.get(f"projects/{project['id']}/images/count", taggingStatus="All"))
    report(len(notebook.images), total)
    batch = _Batch()
    for image in _images(source, str(project["id"])):
        if image["id"] in notebook.images:
            continue
        try:
            content = source.picture(image, str(project["id"]))
        except FarError as error:
            if error.status in {401, 403, 429}:
                raise
            outcome.missed.append(f"{image['id']}: {error}")
            continue
        batch.images.append(image)
        batch.contents.append(content)
        if batch.is_full:
            _send(target, batch, tag_ids, outcome, notebook, finds_boxes=finds_boxes)
            report(len(notebook.images), total)
            batch = _Batch()
    if batch.images:
        _send(target, batch, tag_ids, outcome, notebook, finds_boxes=finds_boxes)
    report(len(notebook.images), total)
    outcome.images = len(notebook.images)
    return outcome


def _target_project(source: Far, target: Far, project: Found, notebook: Notebook) -> tuple[bool, Outcome]:
    settings = project["settings"]
    domain = source.get(f"domains/{settings['domainId']}")
    finds_boxes = domain["type"] == "ObjectDetection"
    outcome = Outcome(notebook.target_id)
    there = {str(one["name"]): str(one["id"]) for one in target.get("projects")}
    if notebook.target_id in there.values():
        return finds_boxes, outcome
    if project["name"] in there:
        outcome.notes.append(f"{project['name']} is there already: images are added to it")
        outcome.target_id = there[project["name"]]
    else:
        domain_id, note = _same_domain(target, domain)
        outcome.notes.extend(note)
        kind = None if finds_boxes else settings.get("classificationType")
        made = target.post(
            "projects",
            name=project["name"],
            description=project.get("description") or None,
            domainId=domain_id,
            classificationType=kind,
        )
        outcome.target_id = str(made["id"])
    if settings.get("targetExportPlatforms"):
        outcome.notes.append("the platforms that models were meant for are not copied")
    notebook.found(outcome.target_id)
    return finds_boxes, outcome


def _same_domain(target: Far, domain: Found) -> tuple[str, list[str]]:
    """The domain of the same id, else of the same name, else the first of the same kind."""
    there = [one for one in target.get("domains") if one["type"] == domain["type"]]
    for key in ("id", "name"):
        for one in there:
            if one[key] == domain[key]:
                return str(one["id"]), []
    if not there:
        raise FarError(target.endpoint, f"has no domain for {domain['type']}")
    return str(there[0]["id"]), [f"there is no domain {domain['name']}: {there[0]['name']} is taken"]


def _copy_tags(source: Far, target: Far, project_id: str, outcome: Outcome) -> dict[str, str]:
    """Ids of tags here -> ids over there."""
    where = f"projects/{outcome.target_id}/tags"
    there = {str(tag["name"]).lower(): str(tag["id"]) for tag in target.get(where)}
    ids = {}
    for tag in source.get(f"projects/{project_id}/tags"):
        name = str(tag["name"])
        if name.lower() not in there:
            kind, words = tag.get("type") or "Regular", tag.get("description") or None
            there[name.lower()] = str(target.post(where, name=name, description=words, type=kind)["id"])
        ids[str(tag["id"])] = there[name.lower()]
    outcome.tags = len(ids)
    return ids


def _images(source: Far, project_id: str) -> Iterator[Found]:
    skip = 0
    while page := source.get(
        f"projects/{project_id}/images", taggingStatus="All", orderBy="Oldest", take=PAGE, skip=skip
    ):
        yield from page
        skip += len(page)


def _send(
    target: Far, batch: _Batch, tag_ids: Mapping[str, str], outcome: Outcome, notebook: Notebook, *, finds_boxes: bool
) -> None:
    """Upload a batch, label it, note it."""
    ids = _upload(target, batch.images, batch.contents, outcome)
    images = [image for image in batch.images if image["id"] in ids]
    if finds_boxes:
        _label(target, outcome, "regions", [box for image in images for box in _boxes(image, ids, tag_ids)])
    else:
        tags = [
            {"imageId": ids[image["id"]], "tagId": tag_ids[tag["tagId"]]}
            for image in images
            for tag in image.get("tags") or ()
        ]
        _label(target, outcome, "tags", tags)
    for image in images:
        if image.get("metadata"):
            where = f"projects/{outcome.target_id}/images/metadata"
            target.post(where, dict(image["metadata"]), imageIds=[ids[image["id"]]])
    if images:
        notebook.done([str(image["id"]) for image in images])


def _upload(target: Far, images: Sequence[Found], contents: Sequence[bytes], outcome: Outcome) -> dict[str, str]:
    """Ids of images here -> ids over there, of those that were taken."""
    entries = [
        {"name": str(image["id"]), "contents": base64.b64encode(content).decode()}
        for image, content in zip(images, contents, strict=True)
    ]
    try:
        summary = target.post(f"projects/{outcome.target_id}/images/files", {"images": entries})
    except FarError as error:
        if error.status != 400:
            raise
        if len(images) > 1:
            one_by_one = zip(images, contents, strict=True)
            return {
                k: v for image, content in one_by_one for k, v in _upload(target, [image], [content], outcome).items()
            }
        outcome.missed.append(f"{images[0]['id']}: {error}")
        return {}
    ids = {}
    for result in summary["images"]:
        name, made = str(result["sourceUrl"]).strip('"'), result.get("image")
        if result["status"] in _TAKEN and made:
            ids[name] = str(made["id"])
        else:
            outcome.missed.append(f"{name}: {result['status']}")
    return ids


def _boxes(image: Found, ids: Mapping[str, str], tag_ids: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for region in image.get("regions") or ():
        place = {side: region[side] for side in ("left", "top", "width", "height")}
        yield {"imageId": ids[image["id"]], "tagId": tag_ids[region["tagId"]], **place}


def _label(target: Far, outcome: Outcome, kind: str, entries: Sequence[Mapping[str, object]]) -> None:
    for start in range(0, len(entries), BATCH_LABELS):
        some = list(entries[start : start + BATCH_LABELS])
        told = target.post(f"projects/{outcome.target_id}/images/{kind}", {kind: some})
        outcome.labels += len(told.get("created") or ())
        for entry in told.get("exceeded") or ():
            outcome.missed.append(f"image {entry['imageId']} over there: has too many {kind}")

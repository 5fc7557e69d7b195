"""Every operation of Custom Vision: method, path, rank, and how a request becomes the arguments of a function.

Ranks and paths are those of spec/custom-vision.md 1. `M` must, `S` should, `C` could: those answer that they are not
offered. Statuses of clients older than v3.3 differ (`status_for`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, TypeAlias

from footfall.customvision.door import asking_bodies as bodies
from footfall.customvision.door.asking import Query, flag, identities, identity, share, text, texts, whole
from footfall.customvision.door.asking_bodies import Body, Size
from footfall.customvision.door.keys import Area

Rank: TypeAlias = Literal["M", "S", "C"]
Version: TypeAlias = tuple[int, int]

RICH: Final[Version] = (3, 3)
"""Clients before it know no 202 and 207."""
_TRAINING: Final = "/customvision/{version}/training"
_PROJECT: Final = f"{_TRAINING}/projects/{{project_id}}"
_ITERATION: Final = f"{_PROJECT}/iterations/{{iteration_id}}"
_PREDICTION: Final = "/customvision/{version}/prediction/{project_id}"


class Answer(Enum):
    """What comes back where all is well."""

    JSON = "json"
    NOTHING = "nothing"
    """204; 202 where pictures go from iterations, too."""
    SUMMARY = "summary"
    """Of a batch: 207 where not all of it was done."""
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation."""

    rank: Rank
    method: str
    path: str
    name: str
    """Of the method of the vendor's Python SDK."""
    query: tuple[Query, ...] = ()
    body: Body | None = None
    answer: Answer = Answer.JSON
    does: str = ""
    """Which function does it, where that is called otherwise."""
    beside: Mapping[str, object] = field(default_factory=dict)
    """Arguments that follow from the route itself."""

    @property
    def area(self) -> Area:
        """Which keys open it."""
        return Area.TRAINING if self.path.startswith(_TRAINING) else Area.PREDICTION

    @property
    def operation(self) -> str:
        """Name of the function."""
        return self.does or self.name

    @property
    def is_predicting(self) -> bool:
        """Whether a model works for it."""
        return self.area is Area.PREDICTION or self.operation == "quick_test_image"


_ITERATION_ID: Final = Query("iterationId", identity)
_NEEDED_ITERATION: Final = Query("iterationId", identity, is_required=True)
_TAG_IDS: Final = Query("tagIds", identities(20))
_IMAGE_IDS: Final = Query("imageIds", identities(256))
_ORDER: Final = Query("orderBy", text)
_PAGE: Final = (Query("take", whole(256), default=50), Query("skip", whole(), default=0))
_STATUS: Final = (Query("taggingStatus", text), Query("$filter", text))


def _needed(name: str) -> Query:
    return Query(name, text, is_required=True)


def _ids(name: str, most: int) -> Query:
    return Query(name, identities(most), is_required=True)


_PROJECTS: Final = (
    Route("M", "GET", f"{_TRAINING}/domains", "get_domains"),
    Route("M", "GET", f"{_TRAINING}/domains/{{domain_id}}", "get_domain"),
    Route("M", "GET", f"{_TRAINING}/projects", "get_projects"),
    Route(
        "M", "POST", f"{_TRAINING}/projects", "create_project",
        (_needed("name"), Query("description", text), Query("domainId", identity), Query("classificationType", text),
         Query("targetExportPlatforms", texts)),
        Body(bodies.project_options),
    ),
    Route("M", "GET", _PROJECT, "get_project"),
    Route("M", "DELETE", _PROJECT, "delete_project", answer=Answer.NOTHING),
    Route("M", "PATCH", _PROJECT, "update_project", body=Body(bodies.project_change)),
    Route("S", "GET", f"{_PROJECT}/artifacts", "get_artifact", (_needed("path"),), answer=Answer.BYTES),
    Route("C", "GET", f"{_PROJECT}/export", "export_project"),
    Route("C", "POST", f"{_TRAINING}/projects/import", "import_project", (_needed("token"), Query("name", text))),
)  # fmt: skip

_TAGS: Final = (
    Route("M", "GET", f"{_PROJECT}/tags", "get_tags", (_ITERATION_ID,)),
    Route(
        "M", "POST", f"{_PROJECT}/tags", "create_tag",
        (_needed("name"), Query("description", text), Query("type", text)),
    ),
    Route("M", "GET", f"{_PROJECT}/tags/{{tag_id}}", "get_tag", (_ITERATION_ID,)),
    Route("M", "PATCH", f"{_PROJECT}/tags/{{tag_id}}", "update_tag", body=Body(bodies.tag_change)),
    Route("M", "DELETE", f"{_PROJECT}/tags/{{tag_id}}", "delete_tag", answer=Answer.NOTHING),
)  # fmt: skip

_UPLOADS: Final = (
    Route(
        "M", "POST", f"{_PROJECT}/images", "create_images_from_data", (Query("tagIds", identities(20), default=()),),
        Body(bodies.picture_batch, Size.BATCH), Answer.SUMMARY, "create_images",
    ),
    Route(
        "M", "POST", f"{_PROJECT}/images/files", "create_images_from_files",
        body=Body(bodies.file_batch, Size.BATCH), answer=Answer.SUMMARY, does="create_images",
    ),
    Route(
        "S", "POST", f"{_PROJECT}/images/urls", "create_images_from_urls",
        body=Body(bodies.url_batch, is_by_url=True), answer=Answer.SUMMARY, does="create_images",
    ),
    Route(
        "M", "POST", f"{_PROJECT}/images/predictions", "create_images_from_predictions",
        body=Body(bodies.prediction_batch), answer=Answer.SUMMARY,
    ),
)  # fmt: skip

_IMAGES: Final = (
    Route("M", "GET", f"{_PROJECT}/images", "get_images", (_ITERATION_ID, _TAG_IDS, *_STATUS, _ORDER, *_PAGE)),
    Route("S", "GET", f"{_PROJECT}/images/tagged", "get_tagged_images", (_ITERATION_ID, _TAG_IDS, _ORDER, *_PAGE)),
    Route("S", "GET", f"{_PROJECT}/images/untagged", "get_untagged_images", (_ITERATION_ID, _ORDER, *_PAGE)),
    Route("S", "GET", f"{_PROJECT}/images/id", "get_images_by_ids", (_IMAGE_IDS, _ITERATION_ID)),
    Route("S", "GET", f"{_PROJECT}/images/count", "get_image_count", (_ITERATION_ID, *_STATUS, _TAG_IDS)),
    Route("C", "GET", f"{_PROJECT}/images/tagged/count", "get_tagged_image_count", (_ITERATION_ID, _TAG_IDS)),
    Route("C", "GET", f"{_PROJECT}/images/untagged/count", "get_untagged_image_count", (_ITERATION_ID,)),
    Route(
        "M", "DELETE", f"{_PROJECT}/images", "delete_images",
        (_IMAGE_IDS, Query("allImages", flag), Query("allIterations", flag)), answer=Answer.NOTHING,
    ),
    Route("M", "POST", f"{_PROJECT}/images/tags", "create_image_tags", body=Body(bodies.image_tags)),
    Route(
        "M", "DELETE", f"{_PROJECT}/images/tags", "delete_image_tags",
        (_ids("imageIds", 64), _ids("tagIds", 20)), answer=Answer.NOTHING,
    ),
    Route(
        "M", "POST", f"{_PROJECT}/images/regions", "create_image_regions",
        body=Body(bodies.image_regions), answer=Answer.SUMMARY,
    ),
    Route(
        "M", "DELETE", f"{_PROJECT}/images/regions", "delete_image_regions",
        (_ids("regionIds", 64),), answer=Answer.NOTHING,
    ),
    Route(
        "S", "POST", f"{_PROJECT}/images/metadata", "update_image_metadata",
        (_ids("imageIds", 64),), Body(bodies.metadata), Answer.SUMMARY,
    ),
    Route("C", "POST", f"{_PROJECT}/images/{{image_id}}/regionproposals", "get_image_region_proposals"),
    Route("C", "POST", f"{_PROJECT}/images/suggested", "query_suggested_images", (_NEEDED_ITERATION,)),
    Route("C", "POST", f"{_PROJECT}/images/suggested/count", "query_suggested_image_count", (_NEEDED_ITERATION,)),
    Route(
        "C", "POST", f"{_PROJECT}/tagsandregions/suggestions", "suggest_tags_and_regions",
        (_NEEDED_ITERATION, _ids("imageIds", 64)),
    ),
)  # fmt: skip

_ITERATIONS: Final = (
    Route(
        "M", "POST", f"{_PROJECT}/train", "train_project",
        (Query("trainingType", text), Query("reservedBudgetInHours", whole(), default=0),
         Query("forceTrain", flag, default=False), Query("notificationEmailAddress", text)),
        Body(bodies.training),
    ),
    Route("M", "GET", f"{_PROJECT}/iterations", "get_iterations"),
    Route("M", "GET", _ITERATION, "get_iteration"),
    Route("M", "DELETE", _ITERATION, "delete_iteration", answer=Answer.NOTHING),
    Route("S", "PATCH", _ITERATION, "update_iteration", body=Body(bodies.iteration_change)),
    Route(
        "M", "GET", f"{_ITERATION}/performance", "get_iteration_performance",
        (Query("threshold", share), Query("overlapThreshold", share)),
    ),
    Route(
        "S", "GET", f"{_ITERATION}/performance/images", "get_image_performances", (_TAG_IDS, _ORDER, *_PAGE),
    ),
    Route("C", "GET", f"{_ITERATION}/performance/images/count", "get_image_performance_count", (_TAG_IDS,)),
    Route(
        "M", "POST", f"{_ITERATION}/publish", "publish_iteration",
        (_needed("publishName"), _needed("predictionId"), Query("overwrite", flag)),
    ),
    Route("M", "DELETE", f"{_ITERATION}/publish", "unpublish_iteration", answer=Answer.NOTHING),
    Route(
        "M", "POST", f"{_ITERATION}/export", "export_iteration", (_needed("platform"), Query("flavor", text)),
    ),
    Route("M", "GET", f"{_ITERATION}/export", "get_exports"),
)  # fmt: skip

_STORE: Final = Query("store", flag, default=True)
_PICTURE: Final = Body(bodies.one_picture, Size.PREDICTION)
_ADDRESS: Final = Body(bodies.one_address, is_by_url=True)

_PREDICTIONS: Final = (
    Route(
        "M", "POST", f"{_PROJECT}/predictions/query", "query_predictions", body=Body(bodies.prediction_query),
    ),
    Route(
        "M", "DELETE", f"{_PROJECT}/predictions", "delete_prediction",
        (Query("ids", identities(64, "BadRequestPredictionIdsExceededCount"), default=()),), answer=Answer.NOTHING,
    ),
    Route(
        "S", "POST", f"{_PROJECT}/quicktest/image", "quick_test_image",
        (_ITERATION_ID, _STORE), Body(bodies.one_picture, Size.QUICK_TEST),
    ),
    Route(
        "S", "POST", f"{_PROJECT}/quicktest/url", "quick_test_image_url",
        (_ITERATION_ID, _STORE), _ADDRESS, does="quick_test_image",
    ),
)  # fmt: skip


def _predicting(does: str) -> tuple[Route, ...]:
    """The four ways to ask a published iteration."""
    path = f"{_PREDICTION}/{does.partition('_')[0]}/iterations/{{published_name}}"
    application = (Query("application", text),)
    return tuple(
        Route(
            "M", "POST", f"{path}/{kind}{'' if is_stored else '/nostore'}",
            f"{does}{'_url' if kind == 'url' else ''}{'' if is_stored else '_with_no_store'}",
            application, _ADDRESS if kind == "url" else _PICTURE, does=does, beside={"store": is_stored},
        )
        for kind in ("image", "url")
        for is_stored in (True, False)
    )  # fmt: skip


ROUTES: Final = (
    *_PROJECTS, *_TAGS, *_UPLOADS, *_IMAGES, *_ITERATIONS, *_PREDICTIONS,
    *_predicting("classify_image"), *_predicting("detect_image"),
)  # fmt: skip

OURS: Final = (Route("S", "GET", f"{_ITERATION}/progress", "get_training_progress"),)
"""What the vendor's service does not have."""


def status_for(route: Route, version: Version, asked: Mapping[str, object], answer: object) -> int:
    """The status of an answer; clients before v3.3 know only 200 and 204."""
    if route.answer is Answer.NOTHING:
        is_far_reaching = bool(asked.get("all_images") or asked.get("all_iterations"))
        return 202 if is_far_reaching and version >= RICH else 204
    if route.answer is Answer.SUMMARY and version >= RICH and not is_complete(answer):
        return 207
    return 200


def is_complete(summary: object) -> bool:
    """Whether all of a batch was done."""
    whole_batch = getattr(summary, "is_batch_successful", None)
    if whole_batch is not None:
        return bool(whole_batch)
    return not (getattr(summary, "exceeded", None) or getattr(summary, "duplicated", None))

"""Models of one's own at cameras: compare a new one with the one that runs, switch over, go back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from footfall.access.roles import Caller
from footfall.web.asked import IfMatch, bad, base_version
from footfall.web.asking import Asked, asking, before
from footfall.web.cameras import state_of
from footfall.web.desk import Unknown
from footfall.web.editing import edit
from footfall.web.models_own import (
    ComparedTag,
    ModelAtCamera,
    ModelChoice,
    ModelComparison,
    ModelReturn,
    ModelsAtCameras,
    NewComparison,
    OwnModel,
)
from footfall.web.parts import Parts, asked, counted, studio_of, tried
from footfall.web.said import edits, errors
from footfall.web.security import Operator
from footfall.web.snapshots import check_all
from footfall.web.studio import Compared, Studio

router = APIRouter(prefix="/api/v1/models", tags=["models of one's own"])
ComparisonId = Annotated[str, Path(min_length=1, max_length=40)]


@router.get("/cameras", operation_id="listModelsAtCameras", response_model=ModelsAtCameras, responses=errors(404))
async def list_models_at_cameras(request: Request, caller: Operator) -> Response:
    """Which model each camera asks about people, and which it asked before. Only for callers who see all cameras."""
    check_all(caller)
    return await counted(request, _at_cameras)


@router.post("/cameras", operation_id="useModel", response_model=ModelsAtCameras, responses=edits())
async def use_model(request: Request, body: ModelChoice, caller: Operator, if_match: IfMatch = None) -> Response:
    """Let cameras ask a trained iteration about people; they start anew. Only for callers who see all cameras."""
    check_all(caller)
    base = base_version(if_match)

    def use(parts: Parts) -> ModelsAtCameras:
        for camera in body.cameras:
            state_of(parts.desk, camera)
        name = studio_of(parts).take(body.project, body.iteration)
        comment = f"{_model(studio_of(parts), name).words} at {', '.join(body.cameras)}"
        return _change(parts, dict.fromkeys(body.cameras, name), base, caller, comment)

    return await tried(request, use)


@router.post("/cameras/back", operation_id="useModelBefore", response_model=ModelsAtCameras, responses=edits())
async def use_model_before(request: Request, body: ModelReturn, caller: Operator, if_match: IfMatch = None) -> Response:
    """Let cameras ask the model that they asked before. Only for callers who see all cameras."""
    check_all(caller)
    base = base_version(if_match)

    def back(parts: Parts) -> ModelsAtCameras:
        studio_of(parts)
        found = before(parts.desk, body.cameras)
        for place, camera in enumerate(body.cameras):
            if camera not in found:
                what = f"{camera} has asked no other model in the last versions of the configuration"
                raise bad(f"$.cameras[{place}]", what, "choose one in the history", "nothing-before")
        return _change(parts, found, base, caller, f"the model before at {', '.join(body.cameras)}")

    return await tried(request, back)


@router.post(
    "/comparisons", operation_id="compareModels", response_model=ModelComparison, status_code=201,
    responses=errors(404, 409),
)  # fmt: skip
async def compare_models(request: Request, body: NewComparison, caller: Operator) -> Response:
    """Ask a trained iteration and the model that a camera asks about labelled pictures, best those it has not seen."""
    check_all(caller)

    def begin(parts: Parts) -> ModelComparison:
        studio, spec = studio_of(parts), state_of(parts.desk, body.camera).plan.attributes
        if spec is None:
            raise bad("$.camera", f"{body.camera} asks no model", "there is nothing to compare with", "no-model")
        return _comparison(studio.compare(body.project, body.iteration, spec.model))

    return await tried(request, begin, 201)


@router.get(
    "/comparisons/{id}", operation_id="getModelComparison", response_model=ModelComparison, responses=errors(404)
)
async def get_comparison(request: Request, id: ComparisonId, caller: Operator) -> Response:
    """How far a comparison is, or what came of it; kept in memory, and not for long."""
    check_all(caller)
    return await counted(request, lambda parts: _comparison(studio_of(parts).comparison(id)))


@router.delete("/comparisons/{id}", operation_id="endModelComparison", status_code=204, responses=errors(404))
async def end_comparison(request: Request, id: ComparisonId, caller: Operator) -> Response:
    """End a comparison, and forget it."""
    check_all(caller)
    await asked(request, lambda parts: studio_of(parts).end_comparison(id))
    return Response(status_code=204)


def _change(
    parts: Parts, values: Mapping[str, Asked], base: int | None, caller: Caller, comment: str
) -> ModelsAtCameras:
    edit(parts.desk, asking(values), base, caller, comment[:500])
    return _at_cameras(parts)


def _at_cameras(parts: Parts) -> ModelsAtCameras:
    studio, states = studio_of(parts), parts.desk.cameras()
    model = cache(partial(_model, studio))
    then = _before(parts, [state.name for state in states])
    return ModelsAtCameras(
        cameras=[
            ModelAtCamera(
                camera=state.name,
                model=None if state.plan.attributes is None else model(state.plan.attributes.model),
                before=None if (value := then.get(state.name)) is None else model(value),
                has_before=state.name in then,
            )
            for state in states
        ]
    )


def _before(parts: Parts, cameras: Sequence[str]) -> dict[str, Asked]:
    """Nothing where the configuration is somebody else's dialect."""
    try:
        return dict(before(parts.desk, cameras))
    except Unknown:
        return {}


def _model(studio: Studio, value: str | bool) -> OwnModel:
    if isinstance(value, bool):
        return OwnModel(words="the model of the environment", project=None, iteration=None)
    found = studio.model(value)
    return OwnModel(words=found.words, project=found.project, iteration=found.iteration)


def _comparison(found: Compared) -> ModelComparison:
    return ModelComparison(
        id=found.id,
        state=found.state,  # type: ignore[arg-type]  # checked by the model
        words=found.words,
        running=found.running,
        new=found.new,
        done=found.done,
        total=found.total,
        is_unseen=found.is_unseen,
        tags=[
            ComparedTag(
                tag=one.tag,
                pictures=one.pictures,
                running=one.running,
                new=one.new,
                mended=one.mended,
                broken=one.broken,
            )
            for one in found.tags
        ],
    )

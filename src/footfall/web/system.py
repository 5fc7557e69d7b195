"""The service itself: versions, disk, models, licences, the description of this API."""

from __future__ import annotations

import platform
import shutil
from functools import cache
from importlib import metadata
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from footfall.detect.catalogue import file_path, list_models
from footfall.store.database import is_file
from footfall.web.models import JsonObject
from footfall.web.models_system import Disk, Licence, Model, System
from footfall.web.parts import Parts, counted
from footfall.web.said import errors
from footfall.web.security import Admin, Viewer

router = APIRouter(prefix="/api/v1", tags=["system"])
PACKAGE: Final = "footfall"
UNKNOWN: Final = "see its files"
CLASSIFIER: Final = "License :: "


@router.get("/system", operation_id="getSystem", response_model=System, responses=errors())
async def system(request: Request, _caller: Admin) -> Response:
    """What runs here, on what, under which licences."""
    started_at = request.app.state.started_at

    def say(parts: Parts) -> System:
        return System(
            version=metadata.version(PACKAGE),
            python=platform.python_version(),
            platform=platform.platform(),
            started_at=started_at,
            now=parts.clock.now(),
            store="sqlite" if is_file(parts.store) else "postgresql",
            disk=_disk(parts),
            models=_models(parts),
            licences=list(_licences()),
        )

    return await counted(request, say)


@router.get("/openapi.json", operation_id="getOpenApi", response_model=JsonObject, responses=errors())
def openapi(request: Request, _caller: Viewer) -> JsonObject:
    """This description (OpenAPI 3.1)."""
    document: JsonObject = request.app.openapi()
    return document


def _disk(parts: Parts) -> Disk:
    usage = shutil.disk_usage(parts.folder)
    return Disk(folder=str(parts.folder), free_bytes=usage.free, total_bytes=usage.total)


def _models(parts: Parts) -> list[Model]:
    return [
        Model(
            name=card.name,
            kind=", ".join(card.labels),
            is_here=all(file_path(card, file, parts.models).is_file() for file in card.files[:1]),
            licence=card.licence,
        )
        for card in list_models()
    ]


@cache
def _licences() -> tuple[Licence, ...]:
    """Of all libraries that are installed beside us."""
    found = {str(one.metadata["Name"]).lower(): one for one in metadata.distributions()}
    return tuple(
        Licence(name=str(one.metadata["Name"]), version=one.version, licence=_licence(one))
        for _, one in sorted(found.items())
    )


def _licence(one: metadata.Distribution) -> str:
    about = one.metadata.json
    told = str(about.get("license_expression") or about.get("license") or "").strip()
    classified = [str(word) for word in about.get("classifier") or () if str(word).startswith(CLASSIFIER)]
    return told.splitlines()[0][:80] if told else ", ".join(w.rpartition(" :: ")[2] for w in classified) or UNKNOWN

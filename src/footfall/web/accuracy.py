"""How right are the numbers? Look at a few moments, count, and learn it with an interval."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from footfall.web.asked import Id
from footfall.web.models_accuracy import AccuracyAudit, AccuracyAudits, AuditAnswers, MomentTrack, NewAudit
from footfall.web.said import errors
from footfall.web.security import Operator, Viewer
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1/accuracy", tags=["accuracy"])
MomentNumber = Annotated[int, Path(ge=0, le=100_000)]


@router.get("", operation_id="listAudits", response_model=AccuracyAudits, responses=errors())
async def list_audits(request: Request, caller: Viewer) -> Response:
    """All audits of cameras that the caller sees, newest first."""
    raise not_yet()


@router.post("", operation_id="startAudit", response_model=AccuracyAudit, status_code=201, responses=errors(404))
async def start_audit(request: Request, body: NewAudit, caller: Operator) -> Response:
    """Draw moments by lot from a time of which tracks are recorded; more where counts are uncertain."""
    raise not_yet()


@router.get("/{id:name}", operation_id="getAudit", response_model=AccuracyAudit, responses=errors(404))
async def get_audit(request: Request, id: Id, caller: Viewer) -> Response:
    """One audit: its moments and, as far as they are answered, how right the numbers are."""
    raise not_yet()


@router.put("/{id:name}/answers", operation_id="answerAudit", response_model=AccuracyAudit, responses=errors(404))
async def answer(request: Request, id: Id, body: AuditAnswers, caller: Operator) -> Response:
    """What somebody counted. May be given in parts, and corrected."""
    raise not_yet()


@router.get(
    "/{id:name}/moments/{number}/track",
    operation_id="getMomentTrack",
    response_model=MomentTrack,
    responses=errors(404),
)
async def moment_track(request: Request, id: Id, number: MomentNumber, caller: Viewer) -> Response:
    """Recorded people of a moment, to be looked at where there is no recording."""
    raise not_yet()

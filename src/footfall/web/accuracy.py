"""How right are the numbers? Look at a few moments, count, and learn it with an interval."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from footfall.access.roles import Caller
from footfall.web import auditing
from footfall.web.asked import Id, bad
from footfall.web.audits import Audit, Audits
from footfall.web.desk import Unknown
from footfall.web.models_accuracy import AccuracyAudit, AccuracyAudits, AuditAnswers, MomentTrack, NewAudit
from footfall.web.parts import Parts, counted, tried
from footfall.web.said import errors
from footfall.web.security import Operator, Viewer, check_camera

router = APIRouter(prefix="/api/v1/accuracy", tags=["accuracy"])
MomentNumber = Annotated[int, Path(ge=0, le=100_000)]


@router.get("", operation_id="listAudits", response_model=AccuracyAudits, responses=errors())
async def list_audits(request: Request, caller: Viewer) -> Response:
    """All audits of cameras that the caller sees, newest first."""

    def list_all(parts: Parts) -> AccuracyAudits:
        return AccuracyAudits(
            audits=[auditing.summary(one) for one in Audits(parts.own).all() if caller.sees(one.camera)]
        )

    return await counted(request, list_all)


@router.post("", operation_id="startAudit", response_model=AccuracyAudit, status_code=201, responses=errors(404))
async def start_audit(request: Request, body: NewAudit, caller: Operator) -> Response:
    """Draw moments by lot from a time of which tracks are recorded; more where counts are uncertain."""
    check_camera(caller, body.camera)
    return await tried(request, lambda parts: auditing.begun(parts, body, caller.author), 201)


@router.get("/{id:name}", operation_id="getAudit", response_model=AccuracyAudit, responses=errors(404))
async def get_audit(request: Request, id: Id, caller: Viewer) -> Response:
    """One audit: its moments and, as far as they are answered, how right the numbers are."""
    return await counted(request, lambda parts: auditing.whole(parts, _find(parts, id, caller)))


@router.put("/{id:name}/answers", operation_id="answerAudit", response_model=AccuracyAudit, responses=errors(404))
async def answer(request: Request, id: Id, body: AuditAnswers, caller: Operator) -> Response:
    """What somebody counted. May be given in parts, and corrected."""

    def keep(parts: Parts) -> AccuracyAudit:
        wanted = len(_find(parts, id, caller).wanted())
        for place, one in enumerate(body.answers):
            if one.moment >= wanted:
                raise bad(f"$.answers[{place}].moment", f"there are {wanted} moments", "number them from 0")
        given = {one.moment: None if one.counted is None else (one.counted[0], one.counted[1]) for one in body.answers}
        return auditing.whole(parts, Audits(parts.own).answer(id, given))

    return await counted(request, keep)


@router.get(
    "/{id:name}/moments/{number}/track",
    operation_id="getMomentTrack",
    response_model=MomentTrack,
    responses=errors(404),
)
async def moment_track(request: Request, id: Id, number: MomentNumber, caller: Viewer) -> Response:
    """Recorded people of a moment, to be looked at where there is no recording."""

    def show(parts: Parts) -> MomentTrack:
        audit = _find(parts, id, caller)
        if number >= len(audit.wanted()):
            raise Unknown("there is no such moment")
        return auditing.moment_track(parts, audit, number)

    return await counted(request, show)


def _find(parts: Parts, audit_id: str, caller: Caller) -> Audit:
    audit = Audits(parts.own).get(audit_id)
    if not caller.sees(audit.camera):
        raise Unknown("there is no such audit")
    return audit

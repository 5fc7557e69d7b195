"""Finding cameras: try an address, ask the local network."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from footfall.web.models_cameras import DiscoveryAnswer, ProbeAnswer, ProbeRequest
from footfall.web.said import errors
from footfall.web.security import Operator
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1", tags=["cameras"])


@router.post("/probe", operation_id="probe", response_model=ProbeAnswer, responses=errors())
async def probe(request: Request, body: ProbeRequest, _caller: Operator) -> Response:
    """Open an address for a few seconds, and say what is there and what to mend."""
    raise not_yet()


@router.post("/discovery", operation_id="discover", response_model=DiscoveryAnswer, responses=errors())
async def discover(request: Request, _caller: Operator) -> Response:
    """Ask all cameras of the local network to name themselves (ONVIF WS-Discovery)."""
    raise not_yet()

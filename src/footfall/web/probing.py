"""Finding cameras: try an address, ask the local network."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from anyio import to_thread
from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from footfall.access.outbound import leading, target_of
from footfall.config.plan import RtspTransport
from footfall.core.errors import Blocked
from footfall.ingest.probe import probe_camera
from footfall.ingest.probe_report import CameraReport
from footfall.web.asked import bad
from footfall.web.models_cameras import (
    DiscoveryAnswer,
    DiscoveryRequest,
    FoundDevice,
    ProbeAnswer,
    ProbeRequest,
    Size,
    Stream,
)
from footfall.web.parts import JSON, Parts, parts_of, pools_of
from footfall.web.said import errors
from footfall.web.security import Operator
from footfall.web.security_refusals import Refused

if TYPE_CHECKING:
    from footfall.ingest.onvif import FoundCamera, FoundStream

router = APIRouter(prefix="/api/v1", tags=["cameras"])
Wish = Annotated[DiscoveryRequest | None, Body()]


@router.post("/probe", operation_id="probe", response_model=ProbeAnswer, responses=errors())
async def probe(request: Request, body: ProbeRequest, _caller: Operator) -> Response:
    """Look at an address for a few seconds: what it sends, and what would be better. No picture is kept."""
    work = partial(_probed, parts_of(request), body)
    answer = await to_thread.run_sync(work, limiter=pools_of(request).long)
    return Response(answer.model_dump_json(), media_type=JSON)


@router.post("/discovery", operation_id="discover", response_model=DiscoveryAnswer, responses=errors())
async def discover(request: Request, _caller: Operator, body: Wish = None) -> Response:
    """Ask all cameras of the local network to name themselves (ONVIF); a login is tried once with each."""
    from footfall.ingest.onvif import OnvifLogin, find_cameras  # noqa: PLC0415 - an HTTP client

    login = None if body is None or body.login is None else OnvifLogin(body.login.user, body.login.password)
    try:
        async with pools_of(request).searches:
            found = await find_cameras(parts_of(request).clock, login)
    except OSError as error:
        raise Refused(503, "no-network", "the local network cannot be asked from here") from error
    answer = DiscoveryAnswer(devices=[_device(one) for one in found])
    return Response(answer.model_dump_json(), media_type=JSON)


def check_reach(parts: Parts, url: str, path: str = "$.url") -> None:
    """Whether a camera may be there.

    Raises:
        Refused: the service does not connect there.
    """
    if "${" in url:
        raise bad(path, "holds the name of a secret", "write the address as it is, and the login beside it")
    try:
        target_of(url.strip(), parts.reach, parts.resolve)
    except Blocked as error:
        raise bad(path, str(error), "write an address such as rtsp://10.0.0.7/stream1", error.reason) from error


def _probed(parts: Parts, body: ProbeRequest) -> ProbeAnswer:
    check_reach(parts, body.url)
    user, password = ("", "") if body.login is None else (body.login.user, body.login.password)
    transport = None if body.transport is None else RtspTransport(body.transport)
    lead = leading(parts.reach, parts.resolve)
    return _answer(probe_camera(body.url.strip(), user, password, transport=transport, lead=lead))


def _answer(report: CameraReport) -> ProbeAnswer:
    if not report.is_ok:
        return ProbeAnswer(ok=False, advice=list(report.advice), reason=report.reason, detail=report.detail)
    return ProbeAnswer(
        ok=True,
        codec=report.codec,
        width=report.size_px[0],
        height=report.size_px[1],
        fps=report.fps,
        transport=report.transport or None,
        advice=list(report.advice),
    )


def _device(found: FoundCamera) -> FoundDevice:
    return FoundDevice(
        name=found.name,
        address=found.address,
        urls=[stream.url for stream in found.streams],
        streams=[_stream(stream) for stream in found.streams],
        reason=found.reason or None,
    )


def _stream(stream: FoundStream) -> Stream:
    width, height = stream.size_px
    return Stream(
        url=stream.url, name=stream.name, codec=stream.codec, size=Size(width=width, height=height), fps=stream.fps
    )

"""Events: those that were, and those that happen now."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, WebSocket
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.web.asked import Cameras, From, Id, Limit, Regions, To
from footfall.web.models_events import Event, EventsPage, Snippet
from footfall.web.said import errors, file
from footfall.web.security import Viewer, Where, require_camera
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1/events", tags=["events"])
QueryViewer = Annotated[Caller, Depends(require_camera(Role.VIEWER, Where.QUERY))]
Types = Annotated[list[str] | None, Query(alias="type", max_length=20, examples=[["personLineEvent"]])]


@router.get("", operation_id="listEvents", response_model=EventsPage, responses=errors(404))
async def list_events(  # noqa: PLR0913, PLR0917
    request: Request,
    caller: QueryViewer,
    camera: Cameras = None,
    kind: Types = None,
    region: Regions = None,
    begin: From = None,
    end: To = None,
    before: Annotated[str | None, Query(max_length=200, description="of the page before")] = None,
    limit: Limit = 100,
) -> Response:
    """Newest first."""
    raise not_yet()


@router.get(
    "/stream",
    operation_id="streamEvents",
    response_class=Response,
    responses=file("text/event-stream", "Server-sent events: `id` to go on from, `data` an event as JSON", 404),
)
async def stream(
    request: Request,
    caller: QueryViewer,
    camera: Cameras = None,
    kind: Types = None,
    last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", max_length=40)] = None,
) -> Response:
    """Events as they happen; with `Last-Event-ID` those after it first, none lost and none twice."""
    raise not_yet()


@router.websocket("/live")
async def live(socket: WebSocket, caller: QueryViewer, camera: Cameras = None) -> None:
    """Events as they happen, as JSON texts."""
    raise not_yet()


@router.get("/{id:name}", operation_id="getEvent", response_model=Event, responses=errors(404))
async def get_event(request: Request, id: Id, caller: Viewer) -> Response:
    """One event."""
    raise not_yet()


@router.get("/{id:name}/track", operation_id="getEventTrack", response_model=Snippet, responses=errors(404))
async def get_track(request: Request, id: Id, caller: Viewer) -> Response:
    """Recorded people around an event: why it was told."""
    raise not_yet()

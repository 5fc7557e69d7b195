"""Events: those that were, and those that happen now."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query, Request, WebSocket
from starlette.requests import HTTPConnection
from starlette.responses import Response

from footfall.access.roles import Caller, Role
from footfall.store import events as stored
from footfall.store.events import StoredEvent, Wish
from footfall.store.records import EventRecord
from footfall.web.asked import Cameras, From, Id, Limit, Regions, To, bad, scope_of
from footfall.web.desk import Unknown
from footfall.web.live_events import EventSocket
from footfall.web.models_events import Event, EventsPage, Snippet
from footfall.web.parts import JSON, Parts, counted, packed, parts_of, pools_of
from footfall.web.said import errors, file
from footfall.web.security import Viewer, Where, caller_of, require_camera
from footfall.web.snippets import snippet
from footfall.web.streams import EventStream
from footfall.web.told_events import event_json, page_json

router = APIRouter(prefix="/api/v1/events", tags=["events"])
QueryViewer = Annotated[Caller, Depends(require_camera(Role.VIEWER, Where.QUERY))]
Word = Annotated[str, Query(max_length=100)]
Types = Annotated[list[Word] | None, Query(alias="type", max_length=20, examples=[["personLineEvent"]])]
Before = Annotated[str, Query(max_length=200, description="`before` of the page above, or the id of an event")]
LastId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=40, description="`id` of the last one seen")]
After = Annotated[int | None, Query(ge=0, le=2**53, description="the same where no header can be set")]


@router.get("", operation_id="listEvents", response_model=EventsPage, responses=errors(404))
async def list_events(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    request: Request,
    caller: QueryViewer,
    camera: Cameras = None,
    kind: Types = None,
    region: Regions = None,
    begin: From = None,
    end: To = None,
    before: Before = "",
    limit: Limit = 100,
) -> Response:
    """Newest first."""
    types = None if kind is None else frozenset(kind)
    wish = Wish(scope_of(caller, camera, region), types, begin, end)
    accepted = request.headers.get("Accept-Encoding", "")

    def read(parts: Parts) -> tuple[bytes, dict[str, str]]:
        try:
            return packed(page_json(stored.page(parts.store, wish, before=before, limit=limit)), accepted)
        except ValueError as error:
            cure = "give `before` of the page above, as it is"
            raise bad("$.query.before", "is no place in the list of events", cure) from error

    body, headers = await to_thread.run_sync(read, parts_of(request), limiter=pools_of(request).store)
    return Response(body, 200, headers, JSON)


@router.get(
    "/stream",
    operation_id="streamEvents",
    response_class=Response,
    responses=file("text/event-stream", "Server-sent events: `id` to go on from, `data` an event as JSON", 404),
)
async def stream(
    request: Request,
    _caller: QueryViewer,
    camera: Cameras = None,
    kind: Types = None,
    last_event_id: LastId = None,
    after: After = None,
) -> Response:
    """Events as they come in; with `Last-Event-ID` those after it first: none is lost, and none comes twice."""
    return EventStream(request.app.state.tail, _place(last_event_id, after), _wanted(request, camera, kind))


@router.websocket("/live")
async def live(socket: WebSocket, _caller: QueryViewer, camera: Cameras = None, kind: Types = None) -> None:
    """Events as soon as they are safe, as JSON texts; what was missed is not told again."""
    await EventSocket(socket, _wanted(socket, camera, kind)).run(parts_of(socket).desk)


@router.get("/{id:name}", operation_id="getEvent", response_model=Event, responses=errors(404))
async def get_event(request: Request, id: Id, caller: Viewer) -> Response:
    """One event."""
    work = partial(_find, parts_of(request), id, caller)
    found = await to_thread.run_sync(work, limiter=pools_of(request).store)
    return Response(event_json(found.record), media_type=JSON)


@router.get("/{id:name}/track", operation_id="getEventTrack", response_model=Snippet, responses=errors(404))
async def get_track(request: Request, id: Id, caller: Viewer) -> Response:
    """Recorded people around an event: why it was told."""
    return await counted(request, lambda parts: snippet(parts, _find(parts, id, caller).record))


def _find(parts: Parts, event_id: str, caller: Caller) -> StoredEvent:
    found = stored.find(parts.store, event_id)
    if found is None or not caller.sees(found.record.camera):
        raise Unknown("there is no such event")
    return found


def _place(header: str | None, query: int | None) -> int | None:
    if header is None:
        return query
    if not (header.isascii() and header.isdigit() and len(header) < 17):
        raise bad("$.header.Last-Event-ID", "is no id of this stream", "send the last `id`, as it was")
    return int(header)


def _wanted(
    connection: HTTPConnection, cameras: list[str] | None, kinds: list[str] | None
) -> Callable[[EventRecord], bool]:
    """Whether an event is for the caller, whose rights may change while they listen."""
    cameras_wanted = None if cameras is None else frozenset(cameras)
    kinds_wanted = None if kinds is None else frozenset(kinds)

    def wanted(event: EventRecord) -> bool:
        caller = caller_of(connection)
        return (
            caller is not None
            and caller.sees(event.camera)
            and (cameras_wanted is None or event.camera in cameras_wanted)
            and (kinds_wanted is None or event.type in kinds_wanted)
        )

    return wanted

"""Places: how many are inside, and what somebody counted there."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from footfall.access.roles import Caller
from footfall.spatial.signs import What
from footfall.web.asked import PlaceName
from footfall.web.desk import Desk, PlaceState, Unknown
from footfall.web.models_numbers import AnchorRequest, AnchorState, DoorState, MeasureWord, Place, Places
from footfall.web.parts import told
from footfall.web.said import errors
from footfall.web.security import Operator, Viewer

WORDS: Final[dict[What, MeasureWord]] = {
    What.RIGHT: "right",
    What.LEFT: "left",
    What.ENTER: "enter",
    What.EXIT: "exit",
}
router = APIRouter(prefix="/api/v1/places", tags=["places"])


@router.get("", operation_id="listPlaces", response_model=Places, responses=errors())
async def list_places(request: Request, caller: Viewer) -> Response:
    """All places; those with a door of a camera that the caller does not see are left out."""
    return await told(request, lambda desk: Places(places=[place_of(one) for one in places_for(desk, caller)]))


@router.get("/{place:name}", operation_id="getPlace", response_model=Place, responses=errors(404))
async def get_place(request: Request, place: PlaceName, caller: Viewer) -> Response:
    """One place."""
    return await told(request, lambda desk: place_of(_find(desk, place, caller)))


@router.post("/{place:name}/anchor", operation_id="anchorPlace", response_model=Place, responses=errors(404))
async def anchor(request: Request, place: PlaceName, body: AnchorRequest, caller: Operator) -> Response:
    """Somebody has counted: so many are inside now. What was off is learnt from."""

    def count(desk: Desk) -> Place:
        _find(desk, place, caller)
        return place_of(desk.anchor(place, body.people, caller.author))

    return await told(request, count)


def places_for(desk: Desk, caller: Caller) -> list[PlaceState]:
    """The places of which a caller sees every door."""
    if caller.cameras is None:
        return list(desk.places())
    return [one for one in desk.places() if all(door.camera and caller.sees(door.camera) for door in one.place.doors)]


def _find(desk: Desk, name: str, caller: Caller) -> PlaceState:
    state = next((one for one in places_for(desk, caller) if one.place.name == name), None)
    if state is None:
        raise Unknown(f"there is no place {name!r}")
    return state


def place_of(state: PlaceState) -> Place:
    """A place for an answer."""
    occupancy, interval = state.occupancy, state.occupancy.interval()
    return Place(
        name=state.place.name,
        people=occupancy.people,
        low=interval.low,
        high=interval.high,
        since=occupancy.since,
        entered=occupancy.entered,
        left=occupancy.left,
        drift=occupancy.rate,
        doors=[
            DoorState(
                camera=door.camera,
                region=door.region,
                inward=[WORDS[what] for what in door.inward],
            )
            for door in state.place.doors
        ],
        anchors=[
            AnchorState(
                at=anchor.at.isoformat("minutes"),
                people=None if anchor.zone else anchor.people,
                zone=anchor.zone or None,
            )
            for anchor in state.place.anchors
        ],
    )

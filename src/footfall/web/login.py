"""Set-up, login and logout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Cookie, Depends, Request
from starlette.responses import Response

from footfall.access.gate import Entry, Gate
from footfall.access.roles import Caller, Kind
from footfall.web.models_people import LoginRequest, PasswordChange, Session, SetupRequest, SetupState
from footfall.web.people_words import cameras_of, refusing
from footfall.web.said import errors
from footfall.web.security import Door, TheGate, Viewer, anyone
from footfall.web.security_guard import SESSION_COOKIE, address_of
from footfall.web.security_refusals import forbidden

router = APIRouter(prefix="/api/v1", tags=["people"])
OPEN: Final = [Depends(anyone())]
DEVICE_COOKIE: Final = "footfall_device"
DEVICE_S: Final = 180 * 86400
SESSION_S: Final = 86400
DEVICE_PATH: Final = "/api/v1/session"
Device = Annotated[str, Cookie(alias=DEVICE_COOKIE, include_in_schema=False)]
T = TypeVar("T")


@router.get("/setup", operation_id="getSetup", response_model=SetupState, dependencies=OPEN, responses=errors())
def get_setup(gate: TheGate) -> SetupState:
    """Whether somebody has to make the first user, and whether there is single sign-on."""
    return SetupState(is_needed=gate.needs_setup(), has_sign_on=gate.sign_on is not None)


@router.post("/setup", operation_id="setUp", response_model=Session, dependencies=OPEN, responses=errors(409))
async def set_up(request: Request, body: SetupRequest, gate: TheGate) -> Response:
    """Make the first user, and log in."""
    entry = await _hashing(request, partial(gate.set_up, body.token, body.name, body.password, address_of(request)))
    return await to_thread.run_sync(entered, request, gate, entry)


@router.get("/session", operation_id="getSession", response_model=Session, responses=errors())
def get_session(request: Request, gate: TheGate, caller: Viewer) -> Session:
    """Who is logged in."""
    return told(request, gate, caller)


@router.post("/session", operation_id="logIn", response_model=Session, dependencies=OPEN, responses=errors())
async def log_in(request: Request, body: LoginRequest, gate: TheGate, device: Device = "") -> Response:
    """Log in; the answer sets the cookie."""
    entry = await _hashing(request, partial(gate.log_in, body.name, body.password, address_of(request), device))
    return await to_thread.run_sync(entered, request, gate, entry)


@router.delete("/session", operation_id="logOut", status_code=204, responses=errors())
def log_out(gate: TheGate, caller: Viewer) -> Response:
    """Log out."""
    _require_session(caller)
    with refusing():
        gate.log_out(caller)
    answer = Response(status_code=204)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@router.put("/session/password", operation_id="changePassword", status_code=204, responses=errors())
async def change_password(
    request: Request, body: PasswordChange, gate: TheGate, caller: Viewer, device: Device = ""
) -> Response:
    """Change one's own password; all other sessions end."""
    _require_session(caller)
    await _hashing(request, partial(gate.change_password, caller, body.old, body.new, address_of(request), device))
    return Response(status_code=204)


def entered(request: Request, gate: Gate, entry: Entry) -> Response:
    """The answer to somebody who has come in: who they are, and their cookies."""
    caller = gate.by_session(entry.session.secret)
    assert caller is not None
    answer = Response(told(request, gate, caller).model_dump_json(), media_type="application/json")
    set_cookies(answer, request, entry)
    return answer


def set_cookies(answer: Response, request: Request, entry: Entry) -> None:
    """Give a browser its session, and the sign that it has been here before."""
    door: Door = request.app.state.door
    answer.set_cookie(
        SESSION_COOKIE, entry.session.secret, SESSION_S, secure=door.secure, httponly=True, samesite="strict"
    )
    answer.set_cookie(
        DEVICE_COOKIE, entry.device, DEVICE_S, path=DEVICE_PATH, secure=door.secure, httponly=True, samesite="strict"
    )


def told(request: Request, gate: Gate, caller: Caller) -> Session:
    """Who is in, and what there is here for them."""
    door: Door = request.app.state.door
    is_token = caller.kind is Kind.TOKEN
    with refusing():
        ends = gate.tokens.get(caller.credential).ends if is_token else gate.sessions.get(caller.credential).ends
        has_password = gate.users.get(caller.name).has_password
    return Session(
        name=caller.name,
        kind="token" if is_token else "user",
        role=caller.role.value,
        cameras=cameras_of(caller.rights),
        real_pixels=caller.real_pixels,
        csrf=caller.csrf,
        expires_at=ends,
        has_password=has_password,
        custom_vision=door.has_vision,
        prediction_days=door.prediction_days,
    )


async def _hashing(request: Request, work: Callable[[], T]) -> T:
    """Hashing a password takes 64 MiB and a good part of a second: whoever comes waits in line, not in a thread."""
    with refusing():
        return await to_thread.run_sync(work, limiter=request.app.state.hashers)


def _require_session(caller: Caller) -> None:
    if caller.kind is not Kind.SESSION:
        raise forbidden("this is for people who have logged in, not for tokens")

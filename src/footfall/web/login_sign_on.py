"""Single sign-on, as a browser sees it: away to the provider, and back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Cookie, Query, Request
from starlette.responses import RedirectResponse, Response

from footfall.access.faults import ProviderAway, Taken, WrongLogin
from footfall.access.gate import Gate
from footfall.core.errors import ConfigError
from footfall.web.login import OPEN, set_cookies
from footfall.web.people_words import refusing
from footfall.web.said import errors
from footfall.web.security import Door, TheGate
from footfall.web.security_guard import address_of
from footfall.web.security_refusals import Refused

if TYPE_CHECKING:
    from footfall.access.sign_on import SignOn

log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/v1/session/oidc", tags=["people"])
COOKIE: Final = "footfall_sign_on"
COOKIE_PATH: Final = "/api/v1/session/oidc"
COOKIE_S: Final = 600
FAILED: Final = "/#/login?error=sign-on"
Text = Annotated[str, Query(max_length=4096)]


@router.get(
    "/start", operation_id="startSignOn", status_code=303, response_class=Response, dependencies=OPEN,
    responses=errors(404),
)  # fmt: skip
async def start(request: Request, gate: TheGate) -> Response:
    """Go to the provider to log in."""
    door: Door = request.app.state.door
    try:
        begun = await _sign_on(gate).begin(_redirect(request, door))
    except ProviderAway as error:
        log.warning("single sign-on: %s", error)
        raise Refused(503, "sign-on-away", "the provider of single sign-on does not answer") from None
    answer = RedirectResponse(begun.address, 303)
    answer.set_cookie(
        COOKIE, begun.cookie, COOKIE_S, path=COOKIE_PATH, secure=door.secure, httponly=True, samesite="lax"
    )
    return answer


@router.get(
    "/callback", operation_id="finishSignOn", status_code=303, response_class=Response, dependencies=OPEN,
    responses=errors(404),
)  # fmt: skip
async def callback(
    request: Request,
    gate: TheGate,
    state: Text = "",
    code: Text = "",
    cookie: Annotated[str, Cookie(alias=COOKIE, include_in_schema=False)] = "",
) -> Response:
    """Back from the provider: to the page, logged in, or to its login with an error."""
    sign_on = _sign_on(gate)
    try:
        user = await sign_on.finish(state, code, cookie)
    except (WrongLogin, ProviderAway, Taken, ConfigError) as error:
        log.warning("single sign-on: %s", error)
        with refusing():
            await to_thread.run_sync(gate.refused_sign_on, address_of(request))
        return RedirectResponse(FAILED, 303)
    entry = await to_thread.run_sync(gate.signed_on, user, address_of(request))
    answer = RedirectResponse("/", 303)
    set_cookies(answer, request, entry)
    answer.delete_cookie(COOKIE, path=COOKIE_PATH)
    return answer


def _sign_on(gate: Gate) -> SignOn:
    if gate.sign_on is None:
        raise Refused(404, "no-sign-on", "single sign-on is not configured")
    return gate.sign_on


def _redirect(request: Request, door: Door) -> str:
    """Our own address; the guard has checked the host's name."""
    scheme = "https" if door.secure else request.url.scheme
    return f"{scheme}://{request.headers['host']}{COOKIE_PATH}/callback"

"""Custom Vision below `/customvision` of the service: by its own keys, or by a login to the page."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from footfall.access.audit import Audit
from footfall.access.gate import Gate
from footfall.access.roles import Role
from footfall.core.errors import SinkUnavailable
from footfall.customvision.door.admission import TurnedAway
from footfall.customvision.door.answers import turned_away
from footfall.web.security import Door
from footfall.web.security_guard import CSRF_HEADER, HARMLESS, SESSION_COOKIE, is_ours
from footfall.web.security_headers import Headers

log = logging.getLogger(__name__)

PREFIX: Final = "/customvision/"


class WithVision:
    """Two applications as one: what is below `/customvision/`, and everything else."""

    def __init__(self, page: ASGIApp, vision: ASGIApp, door: Door) -> None:
        self._page = page
        self._vision = Headers(vision, door)
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] != "http" or not scope["path"].lower().startswith(PREFIX):
            await self._page(scope, receive, send)
        elif not self._door.knows(HTTPConnection(scope).headers.get("host", "")):
            message = "this service is not called so; give its names with --name"
            await turned_away(421, "BadRequest", message)(scope, receive, send)
        else:
            await self._vision(scope, receive, send)


class PageSessions:
    """Lets operators and admins of all cameras in by the page's cookie, and by its header where something changes."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def author(self, connection: HTTPConnection) -> str | None:
        """Who has logged in; None: nobody.

        Raises:
            TurnedAway: somebody who may not do this.
        """
        cookie = connection.cookies.get(SESSION_COOKIE)
        caller = await run_in_threadpool(self._gate.by_session, cookie) if cookie else None
        if caller is None:
            return None
        if connection.scope["method"] not in HARMLESS:
            _check_origin(connection, caller.csrf)
        if not caller.role.covers(Role.OPERATOR) or caller.cameras is not None:
            raise TurnedAway(403, "ForbiddenUserInsufficientCapability", "operators and admins of all cameras may")
        return caller.author


def audited(audit: Audit) -> Callable[[str, Mapping[str, object]], None]:
    """Writes what is done in Custom Vision into the service's audit log; it is done, whether that succeeds or not."""

    def note(event: str, what: Mapping[str, object]) -> None:
        author = what.get("by", "")
        rest = {name: value for name, value in what.items() if name != "by"}
        try:
            audit.record(event, str(author), rest)
        except SinkUnavailable:
            log.error("%s by %s is not in the audit log: it cannot be written", event, author)  # noqa: TRY400

    return note


def _check_origin(connection: HTTPConnection, csrf: str) -> None:
    """Cookies come along with requests of any page: only our own may use them."""
    origin = connection.headers.get("origin")
    if origin is not None and not is_ours(connection, origin):
        raise TurnedAway(403, "ForbiddenUser", "this request comes from a page of somebody else")
    given = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), csrf.encode()):
        raise TurnedAway(403, "ForbiddenUser", "give the header X-Footfall-CSRF with `csrf` of GET /api/v1/session")

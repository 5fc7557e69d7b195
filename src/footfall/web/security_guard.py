"""Lets requests in or not, before anything of their route runs."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from footfall.access.gate import Gate
from footfall.access.limits import Limit, TooMany
from footfall.access.roles import Caller, Kind
from footfall.core.errors import SinkUnavailable
from footfall.core.ports import Clock
from footfall.web.security_events import EVENTS
from footfall.web.security_headers import Door
from footfall.web.security_needs import CALLER_KEY, Need
from footfall.web.security_refusals import Refused, response_to, too_many, unauthorized
from footfall.web.security_table import Entry, Needs

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

SESSION_COOKIE: Final = "footfall_session"
CSRF_HEADER: Final = "x-footfall-csrf"
LOCKED: Final = ("/api/", "/metrics", "/health/")
"""Below these nothing is told to strangers, not even what there is."""
HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
BAD: Final = 400
RECHECKED_S: Final = 5.0
"""How long a stream may go on before its caller is looked up again."""


class Guard:
    """Host, credentials, rate, origin, CSRF, role, camera, real pictures: in this order."""

    def __init__(self, app: ASGIApp, needs: Needs, door: Door, clock: Clock) -> None:
        self._app = app
        self._needs = needs
        self._door = door
        self._clock = clock
        self._rate = Limit(door.rate, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            watch = await self._admit(scope, send)
        except Refused as refused:
            await _refuse(refused, scope, receive, send)
            return
        await self._app(scope, receive, send if watch is None else watch.send)

    async def _admit(self, scope: Scope, send: Send) -> _Watch | None:
        """What looks after the answer, where it has a caller.

        Raises:
            Refused: the request is not let in.
        """
        connection = HTTPConnection(scope)
        if not self._door.knows(connection.headers.get("host", "")):
            raise Refused(421, "wrong-host", "this service is not called so; give its names with --name")
        found = self._needs.find(scope)
        if found is None and not scope["path"].startswith(LOCKED):
            return None
        need, scope["path_params"] = (found[0].need, found[1]) if found else (None, {})
        caller = None if need is not None and need.role is None else await _caller(connection)
        scope.setdefault("state", {})[CALLER_KEY] = caller
        self._hold_to_rate(caller, connection)
        _check_origin(connection, caller)
        if need is None or need.role is not None:
            _check_login(caller)
        if need is not None:
            need.check(connection, caller)
            await _tell(connection, need, caller)
        return _Watch(self._clock, connection, found and found[0], send) if caller is not None else None

    def _hold_to_rate(self, caller: Caller | None, connection: HTTPConnection) -> None:
        try:
            self._rate.hit(caller.credential if caller else f"from {address_of(connection)}")
        except TooMany as error:
            raise too_many(error.retry_after_s) from None


class _Watch:
    """Sends an answer. What was done is in the audit log; where it goes on for long, its caller is looked up again."""

    def __init__(self, clock: Clock, connection: HTTPConnection, entry: Entry | None, send: Send) -> None:
        self._clock = clock
        self._connection = connection
        self._need = entry.need if entry else None
        self._event = EVENTS.get((entry.method, entry.path)) if entry else None
        self._send = send
        self._checked_s = clock.monotonic_s()

    async def send(self, message: Message) -> None:
        """Pass a part on.

        Raises:
            OSError: the caller may not have it any more: for the app, the client went away.
        """
        if message["type"] == "http.response.start" and message["status"] < BAD and self._event:
            await _note(self._connection, self._event)
        now_s = self._clock.monotonic_s()
        if now_s - self._checked_s > RECHECKED_S and _goes_on(message):
            self._checked_s = now_s
            try:
                await _recheck(self._connection, self._need)
            except Refused:
                await self._end()
                raise OSError("the caller's rights have ended") from None
        await self._send(message)

    async def _end(self) -> None:
        log.info("%s: ended, since its caller's rights have", self._connection.url.path)
        if self._connection.scope["type"] == "websocket":
            await self._send({"type": "websocket.close", "code": 1008, "reason": "rights ended"})
        else:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _goes_on(message: Message) -> bool:
    return message["type"] == "websocket.send" or bool(message.get("more_body"))


async def _note(connection: HTTPConnection, event: str) -> None:
    """What a caller has done; it is done, whether it can be written down or not."""
    caller = connection.scope["state"][CALLER_KEY]
    what = {**connection.path_params, "address": address_of(connection)}
    try:
        await _asked(_gate_of(connection).audit.record, event, caller.author, what)
    except Refused:
        log.error("%s by %s is not in the audit log: it cannot be written", event, caller.author)  # noqa: TRY400


async def _caller(connection: HTTPConnection) -> Caller | None:
    headers = connection.headers.getlist("authorization")
    cookie = connection.cookies.get(SESSION_COOKIE)
    gate = _gate_of(connection)
    if headers:
        return await _asked(_by_token, gate, headers, address_of(connection))
    return await _asked(gate.by_session, cookie) if cookie else None


async def _recheck(connection: HTTPConnection, need: Need | None) -> None:
    """Whether a caller may still do this.

    Raises:
        Refused: not any more.
    """
    caller = await _caller(connection)
    connection.scope["state"][CALLER_KEY] = caller
    _check_login(caller)
    if need is not None:
        need.check(connection, caller)


async def _tell(connection: HTTPConnection, need: Need, caller: Caller | None) -> None:
    """Every opening of real pictures is in the audit log."""
    if caller is not None and need.shows_people(connection):
        what = {"path": connection.url.path, "camera": ", ".join(need.cameras(connection))}
        await _asked(_gate_of(connection).audit.record, "real-pixels-opened", caller.author, what)


def _gate_of(connection: HTTPConnection) -> Gate:
    gate = connection.app.state.gate
    assert isinstance(gate, Gate)
    return gate


def _by_token(gate: Gate, headers: list[str], address: str) -> Caller:
    scheme, _, token = headers[0].partition(" ")
    if len(headers) != 1 or scheme.lower() != "bearer":
        raise unauthorized("give one header: Authorization: Bearer ffp_...")
    try:
        caller = gate.by_token(token.strip(), address)
    except TooMany as error:
        raise too_many(error.retry_after_s) from None
    if caller is None:
        raise unauthorized("this token is not known, or has ended")
    return caller


async def _asked(ask: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What the database with accounts says.

    Raises:
        Refused: it is away, locked or full.
    """
    try:
        return await run_in_threadpool(ask, *args, **named)
    except SinkUnavailable as error:
        log.warning("the database with accounts is away: %s", error)
        raise Refused(503, "accounts-away", "the accounts cannot be read now; try again later") from None


def address_of(connection: HTTPConnection) -> str:
    """Of the client; empty where it has none."""
    return connection.client.host if connection.client else ""


def is_ours(connection: HTTPConnection, origin: str) -> bool:
    """Whether a page of this service has made the request."""
    try:
        return urlsplit(origin).netloc.lower() == connection.headers.get("host", "").lower() != ""
    except ValueError:
        return False


def _check_login(caller: Caller | None) -> None:
    if caller is None:
        raise unauthorized()


def _check_origin(connection: HTTPConnection, caller: Caller | None) -> None:
    """Cookies come along with requests of any page: only our own pages may use them (RFC 6455 10.2, CSRF)."""
    if caller is not None and caller.kind is Kind.TOKEN:
        return
    origin = connection.headers.get("origin")
    is_socket = connection.scope["type"] == "websocket"
    if not is_socket and connection.scope["method"] in HARMLESS:
        return
    if (origin is not None and not is_ours(connection, origin)) or (is_socket and caller and origin is None):
        raise Refused(403, "wrong-origin", "this request comes from a page of somebody else")
    if caller is not None and not is_socket:
        given = connection.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), caller.csrf.encode()):
            raise Refused(403, "csrf", "give the header X-Footfall-CSRF with `csrf` of GET /api/v1/session")


async def _refuse(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(response_to(refused))
    else:
        await response_to(refused)(scope, receive, send)

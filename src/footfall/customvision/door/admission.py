"""Who may come in: whoever shows a key of the area, or whom the service around this one knows (spec 6)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, Protocol

from anyio import to_thread
from starlette.requests import HTTPConnection

from footfall.access.attempts import RATE, network_of
from footfall.access.limits import Limit, TooMany
from footfall.core.errors import FootfallError
from footfall.core.ports import Clock
from footfall.customvision.door.keys import AccessKeys, Area

log = logging.getLogger(__name__)

HEADERS: Final = {Area.TRAINING: "training-key", Area.PREDICTION: "prediction-key"}
GENERAL_HEADER: Final = "ocp-apim-subscription-key"


class TurnedAway(FootfallError):
    """Somebody may not come in."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})


class Sessions(Protocol):
    """People whom the service around this one has let in, without a key."""

    async def author(self, connection: HTTPConnection) -> str | None:
        """Their name; None: nobody has logged in.

        Raises:
            TurnedAway: somebody has, but may not do this.
        """
        ...


class Admission:
    """Looks at keys, and slows down who guesses them. A right key is let in however many wrong ones came before."""

    def __init__(self, keys: AccessKeys, clock: Clock, sessions: Sessions | None = None) -> None:
        self._keys = keys
        self._sessions = sessions
        self._wrong = Limit(RATE, clock)

    async def author(self, connection: HTTPConnection, area: Area) -> str:
        """Who makes a request: `training key 1`, or the name of an account.

        Raises:
            TurnedAway: nobody, or nobody who may.
        """
        shown = connection.headers.get(HEADERS[area]) or connection.headers.get(GENERAL_HEADER)
        if shown:
            return await self._by_key(shown, area, connection.client.host if connection.client else "")
        if self._sessions is not None:
            author = await self._sessions.author(connection)
            if author is not None:
                return author
        raise _unauthorized(f"give the header {HEADERS[area].title()} with a {area} key")

    async def _by_key(self, shown: str, area: Area, address: str) -> str:
        name = await to_thread.run_sync(self._keys.find, shown)
        if name is None:
            self._count_wrong(address)
            raise _unauthorized("the key is not valid here")
        if name.area is not area:
            raise _unauthorized(f"this is a {name.area} key; a {area} key is needed here")
        return str(name)

    def _count_wrong(self, address: str) -> None:
        try:
            self._wrong.hit(network_of(address))
        except TooMany as error:
            message = f"too many wrong keys; try again in {error.retry_after_s} s"
            raise TurnedAway(429, "TooManyRequests", message, {"Retry-After": str(error.retry_after_s)}) from None
        log.warning("a wrong key was shown from %s", address or "somewhere")


def _unauthorized(message: str) -> TurnedAway:
    return TurnedAway(401, "Unauthorized", message)

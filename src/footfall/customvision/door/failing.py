"""Whatever goes wrong becomes an answer that clients understand; nothing of our insides is in it (spec 5)."""

from __future__ import annotations

import logging
import traceback

from starlette.requests import Request
from starlette.responses import Response

from footfall.core.errors import SinkUnavailable
from footfall.customvision.door.admission import TurnedAway
from footfall.customvision.door.answers import refusal, turned_away
from footfall.customvision.door.receiving import Gone
from footfall.customvision.faults import Refused, revoked
from footfall.vault.faults import Altered, KeyRevoked, NoObject

log = logging.getLogger(__name__)


def answer_to(error: Exception, request: Request) -> Response:
    """How a failed request is answered. Only what is our own fault is logged, without anything that somebody sent."""
    match error:
        case TurnedAway():
            return turned_away(error.status, error.code, str(error), error.headers)
        case Gone():
            return Response(status_code=400)
        case SinkUnavailable():
            log.warning("a database is away: %s", type(error).__name__)
            return turned_away(503, "ErrorUnknown", "the service is busy; try again", {"Retry-After": "2"})
        case _:
            return refusal(_refused(error, request))


def _refused(error: Exception, request: Request) -> Refused:
    match error:
        case Refused():
            return error
        case KeyRevoked():
            return revoked()
        case NoObject():
            return Refused("NotFound", "it is not there any more")
        case Altered():
            log.error("%s: something kept was changed from outside", request.url.path)
            return Refused("BadRequestInvalid", "what is kept was changed from outside: delete it")
        case _:
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s failed: %s\n%s", request.method, type(error).__name__, where)
            return Refused("ErrorUnknown", "the service failed; its log says where")

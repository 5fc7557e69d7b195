"""How the HTTPS door says no: in the words of IoT Hub, and to modules in the edge hub's (spec/iot.md section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import uuid4

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from footfall.events.figures import timestamp
from footfall.hub import messages
from footfall.hub.module_specs import ContentRefused

JSON: Final = "application/json; charset=utf-8"


class TooLarge(messages.HubError):
    """A request's body is larger than any that is read (413)."""


class Stopping(messages.HubError):
    """The hub ends before the answer is there (503)."""


class NotThere(messages.HubError):
    """No such address (404), or not with this verb (405)."""


CODES: Final[Mapping[type[Exception], tuple[int, int, str]]] = {
    messages.BadRequest: (400, 400004, "ArgumentInvalid"),
    messages.Unauthorised: (401, 401002, "IotHubUnauthorizedAccess"),
    messages.UnknownIdentity: (404, 404001, "DeviceNotFound"),
    messages.NotConnected: (404, 404103, "DeviceNotOnline"),
    NotThere: (404, 404000, "NotFound"),
    messages.StaleTwin: (412, 412001, "PreconditionFailed"),
    TooLarge: (413, 413001, "RequestEntityTooLarge"),
    messages.StorageFailed: (500, 500001, "ServerError"),
    Stopping: (503, 503001, "ServiceUnavailable"),
    messages.NoReply: (504, 504101, "GatewayTimeout"),
}
"""HTTP status, error code and its name."""


def refusal(error: Exception, now: datetime) -> Response:
    """The answer to a request that failed, as IoT Hub words it."""
    status, code, name = next(known for kind, known in CODES.items() if isinstance(error, kind))
    if isinstance(error, ContentRefused) and error.code == 412:
        status, code, name = 412, 412001, "PreconditionFailed"
    inner = {
        "errorCode": code,
        "trackingId": uuid4().hex,
        "message": str(error),
        "timestampUtc": timestamp(now),
    }
    body = {"Message": msgspec.json.encode(inner).decode(), "ExceptionMessage": ""}
    return Response(msgspec.json.encode(body), status, {"iothub-errorcode": name}, JSON)


def refusal_to_module(error: Exception, target: str) -> Response:
    """The same as the edge hub words it; `target` is the client that the request is about."""
    status = next(status for kind, (status, _, _) in CODES.items() if isinstance(error, kind))
    is_away = isinstance(error, messages.UnknownIdentity | messages.NotConnected)
    message = f"Client {target} not found" if is_away else str(error)
    return Response(msgspec.json.encode({"message": message}), status, media_type=JSON)


def unknown_address(error: HTTPException) -> NotThere:
    """What Starlette says of an address or a verb that it does not know."""
    return NotThere(f"there is nothing like this here: {error.detail}")

"""Whatever goes wrong becomes one form of answer; nothing of what somebody sent, or of our insides, is in it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from footfall.core.errors import ConfigError, Problem, SinkUnavailable
from footfall.web.desk import Conflict, Unknown
from footfall.web.documents import config_for
from footfall.web.models import ErrorDetail
from footfall.web.models_config import ConflictAnswer
from footfall.web.security import caller_of
from footfall.web.security_refusals import Refused, handle_refused, response_to

log = logging.getLogger(__name__)
MOST_PROBLEMS: Final = 100
LONGEST_WORD: Final = 200
_CODES: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 400: "bad-input"}
_MESSAGES: Final = {404: "there is nothing here", 405: "this cannot be done here", 400: "the body is no JSON"}


def handle_failures(app: FastAPI) -> None:
    """Give an app its exception handlers."""
    app.add_exception_handler(Refused, handle_refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Unknown, _unknown)
    app.add_exception_handler(Conflict, _conflict)
    app.add_exception_handler(ConfigError, _config)
    app.add_exception_handler(SinkUnavailable, _away)
    app.add_exception_handler(Exception, _unforeseen)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [_problem(one) for one in error.errors()[:MOST_PROBLEMS]]
    return response_to(Refused(400, "bad-input", "the request is not as it should be", problems=problems))


def _problem(error: Mapping[str, Any]) -> Problem:
    location = [part for part in error["loc"] if part != "body"]
    if error["loc"][:1] in (("query",), ("path",), ("header",)):
        location = list(error["loc"])
    what = str(error["msg"])[:LONGEST_WORD]
    return Problem("request", json_path(location), what[:1].lower() + what[1:], "see the description of this request")


def json_path(location: Iterable[str | int]) -> str:
    """`("lines", 0, "points")` -> `$.lines[0].points`."""
    steps = (f"[{part}]" if isinstance(part, int) else f".{part[:LONGEST_WORD]}" for part in location)
    return "$" + "".join(steps)


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    message = _MESSAGES.get(status, str(error.detail)[:LONGEST_WORD])
    headers = dict(error.headers or {})
    return response_to(Refused(status, _CODES.get(status, "refused"), message, headers=headers))


async def _unknown(_request: Request, error: Exception) -> Response:
    return response_to(Refused(404, "not-found", str(error)))


async def _conflict(request: Request, error: Exception) -> Response:
    assert isinstance(error, Conflict)
    caller = caller_of(request)
    assert caller is not None
    answer = ConflictAnswer(
        error=ErrorDetail(code="conflict", message=str(error)),
        current=config_for(caller, error.current),
        base=None if error.base is None else config_for(caller, error.base),
    )
    return Response(answer.model_dump_json(), 409, media_type="application/json")


async def _config(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ConfigError)
    message = "the configuration would be wrong: nothing was changed"
    return response_to(Refused(400, "config-wrong", message, problems=error.problems[:MOST_PROBLEMS]))


async def _away(_request: Request, error: Exception) -> Response:
    log.warning("a database is away: %s", error)
    headers = {"Retry-After": "5"}
    return response_to(Refused(503, "store-away", "the store does not answer; nothing is lost", headers=headers))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error("a request failed: %s %s", request.method, request.scope.get("route"), exc_info=error)
    return JSONResponse(
        {"error": {"code": "failed", "message": "the service failed; its log says why", "problems": []}}, 500
    )

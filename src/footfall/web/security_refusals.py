"""How the web says no: one form for every error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from footfall.core.errors import FootfallError, Problem


class Refused(FootfallError):
    """A request that is not done."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        """`kebab-case`, for programs."""
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


def unauthorized(message: str = "log in first") -> Refused:
    """Nobody has said who they are, or it is not true."""
    return Refused(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})


def forbidden(message: str) -> Refused:
    """They may not."""
    return Refused(403, "forbidden", message)


def no_camera(name: str) -> Refused:
    """There is no such camera, or not for them: both sound the same."""
    return Refused(404, "unknown-camera", f"there is no camera {name!r}")


def too_many(retry_after_s: int) -> Refused:
    """Too many requests, or too many wrong passwords."""
    message = f"too many requests; try again in {retry_after_s} s"
    return Refused(429, "too-many-requests", message, headers={"Retry-After": str(retry_after_s)})


def response_to(refused: Refused) -> Response:
    """The answer."""
    problems = [{"path": p.path, "what": p.what, "cure": p.cure, "is_warning": p.is_warning} for p in refused.problems]
    error = {"code": refused.code, "message": str(refused), "problems": problems}
    return JSONResponse({"error": error}, refused.status, headers=refused.headers)


async def handle_refused(connection: Any, error: Exception) -> Any:
    """Exception handler of the app, for requests and for WebSockets that are not accepted yet."""
    assert isinstance(error, Refused)
    if isinstance(connection, WebSocket):
        return await connection.send_denial_response(response_to(error))
    return response_to(error)

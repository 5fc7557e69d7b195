"""What a route needs of its caller: declared once at the route, obeyed by the guard, shown in the OpenAPI document.

No postponed annotations here: FastAPI reads those of `Need.__call__`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from starlette.requests import HTTPConnection

from footfall.access.roles import Caller, Role, Verdict, may
from footfall.web.security_refusals import forbidden, no_camera, unauthorized

CALLER_KEY: Final = "footfall_caller"


class Where(StrEnum):
    """Where a request names its camera."""

    PATH = "path"
    """Path parameter `camera`."""
    QUERY = "query"
    """Query parameter `camera`; without it the route shows only cameras that the caller sees."""


class Pixels(StrEnum):
    """Whether a route shows people as they are."""

    VIEW = "view"
    """Where the query says `view=real`."""
    ALWAYS = "always"
    OPERATOR = "operator"
    """It shows nobody, but is about pictures of people: operators need the right to see them, admins do not."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a caller of a route needs; also the dependency that gives the caller to the route."""

    role: Role | None
    """None: anybody, logged in or not."""
    camera: Where | None = None
    pixels: Pixels | None = None

    async def __call__(self, connection: HTTPConnection) -> Caller | None:
        """The caller.

        Raises:
            Refused: they may not do this.
        """
        caller = caller_of(connection)
        self.check(connection, caller)
        return caller

    def check(self, connection: HTTPConnection, caller: Caller | None) -> None:
        """Let a caller pass, or not.

        Raises:
            Refused: 401, 403, or 404 for a camera that they do not see.
        """
        if self.role is None:
            return
        if caller is None:
            raise unauthorized()
        if not caller.role.covers(self.role):
            raise too_low(caller, self.role)
        for camera in self.cameras(connection):
            check_camera(caller, camera)
        if self.shows_people(connection) and not caller.real_pixels:
            raise forbidden("you have no right to see people as they are; use view=privacy")
        if self.pixels is Pixels.OPERATOR and not (caller.real_pixels or caller.role.covers(Role.ADMIN)):
            raise forbidden("this is for those who may see people as they are, and for admins")

    def cameras(self, connection: HTTPConnection) -> list[str]:
        """The cameras that a request names."""
        if self.camera is Where.QUERY:
            return connection.query_params.getlist("camera")
        return [connection.path_params["camera"]] if self.camera is Where.PATH else []

    def shows_people(self, connection: HTTPConnection) -> bool:
        """Whether the answer shows people as they are."""
        if self.pixels is Pixels.VIEW:
            return "real" in connection.query_params.getlist("view")
        return self.pixels is Pixels.ALWAYS

    def extension(self) -> dict[str, str]:
        """The same in the OpenAPI document."""
        wanted = {"role": self.role or "anyone", "camera": self.camera, "pixels": self.pixels}
        return {f"x-footfall-{name}": str(value) for name, value in wanted.items() if value is not None}


def caller_of(connection: HTTPConnection) -> Caller | None:
    """Who makes a request, as the guard found; None: nobody has logged in."""
    caller = connection.scope.get("state", {}).get(CALLER_KEY)
    assert caller is None or isinstance(caller, Caller)
    return caller


def check_camera(caller: Caller, camera: str, role: Role = Role.VIEWER) -> None:
    """For cameras that are named elsewhere than in path or query, such as in a body.

    Raises:
        Refused: 404 where the caller does not see it, 403 where the role is too low.
    """
    verdict = may(caller.rights, role, camera)
    if verdict is Verdict.HIDDEN:
        raise no_camera(camera)
    if verdict is Verdict.FORBIDDEN:
        raise too_low(caller, role)


def too_low(caller: Caller, role: Role) -> Exception:
    """The role does not suffice."""
    return forbidden(f"this is for the role {role} or above, yours is {caller.role}")

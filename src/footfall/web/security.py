"""The front of the web's security: what routes declare, and `install`, which keeps all of them.

A route without a declared need does not pass `install`, so nothing is open by mistake; the guard checks the need before
anything of the route runs, the reading of its body included.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from anyio import CapacityLimiter
from fastapi import Depends, FastAPI
from starlette.requests import HTTPConnection

from footfall.access.gate import Gate
from footfall.access.roles import Caller, Role
from footfall.web.security_body import Bodies
from footfall.web.security_guard import Guard
from footfall.web.security_headers import Door, Headers
from footfall.web.security_needs import Need, Pixels, Where, caller_of, check_camera
from footfall.web.security_refusals import Refused, handle_refused
from footfall.web.security_table import Needs, UndeclaredRoute, describe

__all__ = [
    "Admin", "Door", "Need", "Operator", "Pixels", "Refused", "TheGate", "UndeclaredRoute", "Viewer", "Where",
    "anyone", "caller_of", "check_camera", "install", "require", "require_camera", "visible",
]  # fmt: skip


HASHERS: Final = 2
"""So many passwords are hashed at the same time."""


def anyone() -> Need:
    """A route that needs no login: `dependencies=[Depends(anyone())]`."""
    return Need(None)


def require(role: Role, *, pixels: Pixels | None = None) -> Need:
    """A route for a role: `caller: Annotated[Caller, Depends(require(Role.OPERATOR))]`."""
    return Need(role, None, pixels)


def require_camera(role: Role, where: Where = Where.PATH, *, pixels: Pixels | None = None) -> Need:
    """A route about a camera, which must be among the caller's: 404 otherwise."""
    return Need(role, where, pixels)


Viewer = Annotated[Caller, Depends(require(Role.VIEWER))]
Operator = Annotated[Caller, Depends(require(Role.OPERATOR))]
Admin = Annotated[Caller, Depends(require(Role.ADMIN))]


def visible(caller: Caller, cameras: Iterable[str]) -> list[str]:
    """Those cameras that the caller sees."""
    return [camera for camera in cameras if caller.sees(camera)]


def the_gate(connection: HTTPConnection) -> Gate:
    """Accounts, sessions, tokens, the audit log."""
    gate = connection.app.state.gate
    assert isinstance(gate, Gate)
    return gate


TheGate = Annotated[Gate, Depends(the_gate)]


def install(app: FastAPI, gate: Gate, door: Door) -> None:
    """Guard an app: call it last, when every route is there.

    Args:
        app: with all routes; each declares its need once, by `require`, `require_camera` or `anyone`.
        gate: who may come in.
        door: how the service is reached.

    Raises:
        UndeclaredRoute: a route does not say what its callers need.
    """
    needs = Needs.of(app)
    app.state.gate = gate
    app.state.door = door
    app.state.hashers = CapacityLimiter(HASHERS)
    app.add_exception_handler(Refused, handle_refused)
    app.add_middleware(Bodies, largest=door.body_bytes)
    app.add_middleware(Guard, needs=needs, door=door, clock=gate.clock)
    plain = app.build_middleware_stack
    setattr(app, "build_middleware_stack", lambda: Headers(plain(), door))  # noqa: B010 - around failures, too
    describe(app, needs)

"""Set-up, sessions, users, tokens and the audit log, until they are there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from footfall.web.asked import Id
from footfall.web.models_people import (
    AuditPage,
    AuditVerdict,
    LoginRequest,
    MadeToken,
    NewToken,
    NewUser,
    PasswordChange,
    Session,
    SetupRequest,
    SetupState,
    Tokens,
    User,
    UserChange,
    Users,
)
from footfall.web.said import errors
from footfall.web.security import Admin, Viewer, anyone
from footfall.web.waiting import not_yet

router = APIRouter(prefix="/api/v1")
OPEN = [Depends(anyone())]
UserName = Annotated[str, Path(min_length=1, max_length=200)]


@router.get(
    "/setup", tags=["people"], operation_id="getSetup", response_model=SetupState, dependencies=OPEN,
    responses=errors(),
)  # fmt: skip
async def get_setup() -> Response:
    """Whether somebody has to make the first user."""
    raise not_yet()


@router.post(
    "/setup", tags=["people"], operation_id="setUp", response_model=Session, dependencies=OPEN, responses=errors()
)
async def set_up(body: SetupRequest) -> Response:
    """Make the first user, and log in."""
    raise not_yet()


@router.get("/session", tags=["people"], operation_id="getSession", response_model=Session, responses=errors())
async def get_session(caller: Viewer) -> Response:
    """Who is logged in."""
    raise not_yet()


@router.post(
    "/session", tags=["people"], operation_id="logIn", response_model=Session, dependencies=OPEN, responses=errors()
)
async def log_in(body: LoginRequest) -> Response:
    """Log in; the answer sets the cookie."""
    raise not_yet()


@router.delete("/session", tags=["people"], operation_id="logOut", status_code=204, responses=errors())
async def log_out(caller: Viewer) -> Response:
    """Log out."""
    raise not_yet()


@router.put("/session/password", tags=["people"], operation_id="changePassword", status_code=204, responses=errors())
async def change_password(body: PasswordChange, caller: Viewer) -> Response:
    """Change one's own password; all other sessions end."""
    raise not_yet()


@router.get("/users", tags=["people"], operation_id="listUsers", response_model=Users, responses=errors())
async def list_users(caller: Admin) -> Response:
    """All users."""
    raise not_yet()


@router.post(
    "/users", tags=["people"], operation_id="addUser", response_model=User, status_code=201, responses=errors(409)
)
async def add_user(body: NewUser, caller: Admin) -> Response:
    """Add a user."""
    raise not_yet()


@router.get("/users/{name:name}", tags=["people"], operation_id="getUser", response_model=User, responses=errors(404))
async def get_user(name: UserName, caller: Admin) -> Response:
    """One user."""
    raise not_yet()


@router.put(
    "/users/{name:name}", tags=["people"], operation_id="changeUser", response_model=User, responses=errors(404, 409)
)
async def change_user(name: UserName, body: UserChange, caller: Admin) -> Response:
    """Change a user; their sessions end."""
    raise not_yet()


@router.delete(
    "/users/{name:name}", tags=["people"], operation_id="removeUser", status_code=204, responses=errors(404, 409)
)
async def remove_user(name: UserName, caller: Admin) -> Response:
    """Remove a user with all sessions and tokens; the last admin stays."""
    raise not_yet()


@router.get("/tokens", tags=["people"], operation_id="listTokens", response_model=Tokens, responses=errors())
async def list_tokens(caller: Viewer) -> Response:
    """One's own tokens; admins see all."""
    raise not_yet()


@router.post(
    "/tokens", tags=["people"], operation_id="makeToken", response_model=MadeToken, status_code=201, responses=errors()
)
async def make_token(body: NewToken, caller: Viewer) -> Response:
    """Make a token; it is shown this once."""
    raise not_yet()


@router.delete("/tokens/{id}", tags=["people"], operation_id="removeToken", status_code=204, responses=errors(404))
async def remove_token(id: Id, caller: Viewer) -> Response:
    """End a token at once."""
    raise not_yet()


@router.get("/audit", tags=["people"], operation_id="getAuditLog", response_model=AuditPage, responses=errors())
async def audit(
    caller: Admin,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Who did what, newest first."""
    raise not_yet()


@router.get(
    "/audit/verify", tags=["people"], operation_id="verifyAuditLog", response_model=AuditVerdict, responses=errors()
)
async def verify(caller: Admin) -> Response:
    """Whether nothing was taken out of the log or changed in it."""
    raise not_yet()

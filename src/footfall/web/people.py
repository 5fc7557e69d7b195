"""Users, tokens and the audit log: for admins."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from footfall.access.users import Users
from footfall.web import models_people as models
from footfall.web.asked import Id
from footfall.web.models import Name
from footfall.web.people_words import (
    author_of,
    cameras_of,
    entry_of,
    refusing,
    rights_of,
    session_of,
    token_of,
    user_of,
)
from footfall.web.said import errors
from footfall.web.security import Admin, TheGate

router = APIRouter(prefix="/api/v1", tags=["people"])
UserName = Annotated[Name, Path(description="percent-encoded")]
DONE: Final = 204


@router.get("/users", operation_id="listUsers", response_model=models.Users, responses=errors())
def list_users(gate: TheGate, _caller: Admin) -> models.Users:
    """All users, by name."""
    return models.Users(users=[user_of(user) for user in gate.users.all()])


@router.post("/users", operation_id="addUser", response_model=models.User, status_code=201, responses=errors(409))
def add_user(body: models.NewUser, gate: TheGate, caller: Admin) -> models.User:
    """Add a user."""
    rights = rights_of(body.role, body.cameras, body.real_pixels)
    with refusing():
        return user_of(gate.users.add(body.name, body.password, rights, author_of(caller)))


@router.get("/users/{name:name}", operation_id="getUser", response_model=models.User, responses=errors(404))
def get_user(name: UserName, gate: TheGate, _caller: Admin) -> models.User:
    """One user."""
    with refusing():
        return user_of(gate.users.get(name))


@router.put("/users/{name:name}", operation_id="changeUser", response_model=models.User, responses=errors(404, 409))
def change_user(name: UserName, body: models.UserChange, gate: TheGate, caller: Admin) -> models.User:
    """Change a user: rights hold from the next request on, another password ends the user's sessions."""
    with refusing():
        _change(gate.users, name, body, caller)
        return user_of(gate.users.get(name))


@router.delete("/users/{name:name}", operation_id="removeUser", status_code=204, responses=errors(404, 409))
def remove_user(name: UserName, gate: TheGate, caller: Admin) -> Response:
    """Remove a user with all sessions and tokens; the last admin stays."""
    with refusing():
        gate.users.remove(name, author_of(caller))
    return Response(status_code=DONE)


@router.get(
    "/users/{name:name}/sessions",
    operation_id="listSessions",
    response_model=models.UserSessions,
    responses=errors(404),
)
def list_sessions(name: UserName, gate: TheGate, caller: Admin) -> models.UserSessions:
    """Logins of a user that go on."""
    with refusing():
        return models.UserSessions(sessions=[session_of(one, caller) for one in gate.sessions.of(name)])


@router.delete("/users/{name:name}/sessions/{id}", operation_id="endSession", status_code=204, responses=errors(404))
def end_session(name: UserName, id: Id, gate: TheGate, caller: Admin) -> Response:
    """End a login at once."""
    with refusing():
        gate.end_session(name, id, caller)
    return Response(status_code=DONE)


@router.get("/tokens", operation_id="listTokens", response_model=models.Tokens, responses=errors())
def list_tokens(gate: TheGate, _caller: Admin) -> models.Tokens:
    """All tokens, the newest first."""
    return models.Tokens(tokens=[token_of(token) for token in gate.tokens.all()])


@router.post("/tokens", operation_id="makeToken", response_model=models.MadeToken, status_code=201, responses=errors())
def make_token(body: models.NewToken, gate: TheGate, caller: Admin) -> models.MadeToken:
    """Make a token; it is shown this once."""
    rights = rights_of(body.role, body.cameras, body.real_pixels)
    ends = None if body.days is None else gate.clock.now() + timedelta(days=body.days)
    with refusing():
        made = gate.tokens.make(body.name, rights, caller, ends)
    return models.MadeToken(token=token_of(made.token), secret=made.secret)


@router.delete("/tokens/{id}", operation_id="removeToken", status_code=204, responses=errors(404))
def remove_token(id: Id, gate: TheGate, caller: Admin) -> Response:
    """End a token at once."""
    with refusing():
        gate.tokens.remove(id, caller.author)
    return Response(status_code=DONE)


@router.get("/audit", operation_id="getAuditLog", response_model=models.AuditPage, responses=errors())
def audit(
    gate: TheGate,
    _caller: Admin,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> models.AuditPage:
    """Who did what, newest first."""
    entries = gate.audit.entries(before, limit)
    further = entries[-1].number if len(entries) == limit and entries[-1].number > 1 else None
    return models.AuditPage(entries=[entry_of(entry) for entry in entries], before=further)


@router.get("/audit/verify", operation_id="verifyAuditLog", response_model=models.AuditVerdict, responses=errors())
def verify(gate: TheGate, _caller: Admin) -> models.AuditVerdict:
    """Whether nothing was taken out of the log or changed in it."""
    newest = gate.audit.entries(limit=1)
    findings = gate.audit.verify()
    return models.AuditVerdict(
        is_whole=not findings,
        entries=newest[0].number if newest else 0,
        broken_at=findings[0].number if findings else None,
        findings=[f"entry {finding.number}: {finding.what}" for finding in findings],
    )


def _change(users: Users, name: str, body: models.UserChange, caller: Admin) -> None:
    """What is not given stays."""
    now = users.get(name).rights
    role = body.role or now.role.value
    cameras = cameras_of(now) if body.cameras is None else body.cameras
    real_pixels = now.real_pixels if body.real_pixels is None else body.real_pixels
    wanted = rights_of(role, cameras, real_pixels)
    if wanted != now:
        users.change(name, wanted, author_of(caller))
    if body.password is not None:
        users.set_password(name, body.password, author_of(caller))

"""Set-up, sessions, users, tokens and the audit log."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from footfall.web.models import Answer, Name, Request, Role, Utc, Whole

Cameras: TypeAlias = Annotated[
    Literal["*"] | list[Name], Field(description="names, or `*` for all there are and will be", examples=["*"])
]
Password: TypeAlias = Annotated[str, Field(min_length=1, max_length=1024, json_schema_extra={"writeOnly": True})]


class SetupState(Answer):
    """Whether somebody has to make the first user."""

    is_needed: bool
    has_sign_on: bool = Field(default=False, description="whether there is single sign-on: GET session/oidc/start")


class SetupRequest(Request):
    """The first user, an admin."""

    token: Annotated[str, Field(min_length=1, max_length=200, description="from the link that was printed")]
    name: Name
    password: Password


class LoginRequest(Request):
    """Who wants in."""

    name: Name
    password: Password


class Session(Answer):
    """Who is in, by cookie or token."""

    name: str
    kind: Literal["user", "token"]
    role: Role
    cameras: Cameras
    real_pixels: bool
    csrf: str = Field(description="goes into `X-Footfall-CSRF` of all requests that change something; empty for tokens")
    expires_at: Utc | None
    has_password: bool = Field(description="false for users of single sign-on")
    custom_vision: bool = Field(description="whether models are trained here, below `/customvision`")
    prediction_days: int = Field(description="how many days stored predictions are kept there; 0: none are")


class PasswordChange(Request):
    """Both passwords."""

    old: Password
    new: Password


class User(Answer):
    """Somebody who may log in."""

    name: str
    role: Role
    cameras: Cameras
    real_pixels: bool
    created_at: Utc
    last_seen_at: Utc | None
    has_password: bool


class Users(Answer):
    """All users."""

    users: list[User]


class UserSession(Answer):
    """A login that goes on."""

    id: str
    address: str = Field(description="from where it was opened")
    created_at: Utc
    last_used_at: Utc
    expires_at: Utc
    is_mine: bool = Field(description="whether it is the one that asks")


class UserSessions(Answer):
    """Logins of one user, the newest first."""

    sessions: list[UserSession]


class NewUser(Request):
    """A user to be made."""

    name: Name
    password: Password
    role: Role = "viewer"
    cameras: Cameras = "*"
    real_pixels: bool = False


class UserChange(Request):
    """What is not given stays."""

    password: Password | None = None
    role: Role | None = None
    cameras: Cameras | None = None
    real_pixels: bool | None = None


class Token(Answer):
    """A key for programs; never more rights than its maker has."""

    id: str
    name: str
    prefix: str = Field(description="how the token begins", examples=["ffp_a1b2"])
    owner: str
    role: Role
    cameras: Cameras
    real_pixels: bool
    created_at: Utc
    expires_at: Utc | None
    last_used_at: Utc | None


class Tokens(Answer):
    """All tokens that one may see."""

    tokens: list[Token]


class NewToken(Request):
    """A token to be made."""

    name: Name
    role: Role = "viewer"
    cameras: Cameras = "*"
    real_pixels: bool = False
    days: Annotated[int, Field(ge=1, le=3650)] | None = Field(default=None, description="null: until it is deleted")


class MadeToken(Answer):
    """The token itself is shown this once."""

    token: Token
    secret: str = Field(examples=["ffp_..."])


class AuditEntry(Answer):
    """Something that somebody did."""

    number: Whole
    at: Utc
    who: str
    what: str = Field(description="kebab-case", examples=["login-failed"])
    about: str
    address: str
    hash: str = Field(description="SHA-256 over the entry and the hash before it, 64 hex digits")


class AuditPage(Answer):
    """Newest first."""

    entries: list[AuditEntry]
    before: Whole | None = Field(description="for the next page; null: that was all")


class AuditVerdict(Answer):
    """Whether the chain of hashes is whole."""

    is_whole: bool
    entries: Whole
    broken_at: Whole | None
    findings: list[str]

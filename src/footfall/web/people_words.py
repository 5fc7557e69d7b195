"""Accounts, tokens and the audit log as the web tells them, and what goes wrong with them as refusals."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from footfall.access.audit import Entry
from footfall.access.faults import BeyondRights, NotThere, Taken, WrongLogin
from footfall.access.limits import TooMany
from footfall.access.roles import Caller, Rights, Role
from footfall.access.sessions import Session
from footfall.access.tokens import Token
from footfall.access.users import Author, User
from footfall.core.errors import ConfigError, SinkUnavailable
from footfall.web import models_people as models
from footfall.web.security_refusals import Refused, forbidden, too_many

log = logging.getLogger(__name__)


@contextmanager
def refusing() -> Iterator[None]:
    """What goes wrong inside is told as a refusal."""
    try:
        yield
    except WrongLogin as error:
        raise Refused(401, "wrong-login", str(error)) from None
    except TooMany as error:
        raise too_many(error.retry_after_s) from None
    except NotThere as error:
        raise Refused(404, "not-found", str(error)) from None
    except Taken as error:
        raise Refused(409, "taken", str(error)) from None
    except BeyondRights as error:
        raise forbidden(str(error)) from None
    except ConfigError as error:
        what = "; ".join(problem.what for problem in error.problems)
        raise Refused(400, "bad-input", what, problems=error.problems) from None
    except SinkUnavailable as error:
        log.warning("the database with accounts is away: %s", error)
        raise Refused(503, "accounts-away", "the accounts cannot be written now: is the disk full?") from None


def author_of(caller: Caller) -> Author:
    """Who changes something."""
    return Author(caller.author, caller.rights)


def rights_of(role: str, cameras: models.Cameras, real_pixels: bool) -> Rights:
    """What was asked for."""
    return Rights(Role(role), None if cameras == "*" else frozenset(cameras), real_pixels)


def cameras_of(rights: Rights) -> models.Cameras:
    """Names, or `*`."""
    return "*" if rights.cameras is None else sorted(rights.cameras)


def user_of(user: User) -> models.User:
    """One account."""
    return models.User(
        name=user.name,
        role=user.rights.role.value,
        cameras=cameras_of(user.rights),
        real_pixels=user.rights.real_pixels,
        created_at=user.made,
        last_seen_at=user.last_login,
        has_password=user.has_password,
    )


def session_of(session: Session, caller: Caller) -> models.UserSession:
    """One login that goes on."""
    return models.UserSession(
        id=session.id,
        address=session.address,
        created_at=session.made,
        last_used_at=session.used,
        expires_at=session.ends,
        is_mine=session.id == caller.credential,
    )


def token_of(token: Token) -> models.Token:
    """One token."""
    return models.Token(
        id=token.id,
        name=token.label,
        prefix=token.prefix,
        owner=token.maker,
        role=token.rights.role.value,
        cameras=cameras_of(token.rights),
        real_pixels=token.rights.real_pixels,
        created_at=token.made,
        expires_at=token.ends,
        last_used_at=token.used,
    )


def _plain(value: object) -> str:
    """A value of the log as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def entry_of(entry: Entry) -> models.AuditEntry:
    """One entry of the log."""
    about = {name: value for name, value in entry.what.items() if name != "address"}
    return models.AuditEntry(
        number=entry.number,
        at=entry.at,
        who=entry.author,
        what=entry.event,
        about=", ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in about.items()),
        address=str(entry.what.get("address", "")),
        hash=entry.hash,
    )

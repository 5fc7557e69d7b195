"""Who may do what: three roles, each with cameras, and the right to see real pictures of people."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody may do; each may do what those before it may."""

    VIEWER = "viewer"
    """States, numbers, events, pictures without people."""
    OPERATOR = "operator"
    """Also regions and cameras, anchors, audits of accuracy."""
    ADMIN = "admin"
    """Everything: users, tokens, configuration, the audit log."""

    def covers(self, needed: Role) -> bool:
        """Whether it may do what `needed` may."""
        return _RANK[self] >= _RANK[needed]


_RANK: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account or a token may do."""

    role: Role
    cameras: frozenset[str] | None = None
    """Names; None: all of them, those that are added later too."""
    real_pixels: bool = False
    """May see people as they are."""

    def sees(self, camera: str) -> bool:
        """Whether a camera exists for them."""
        return self.cameras is None or camera in self.cameras

    def covers(self, other: Rights) -> bool:
        """Whether nothing of `other` is beyond these."""
        sees_all = self.cameras is None or (other.cameras is not None and other.cameras <= self.cameras)
        return self.role.covers(other.role) and sees_all and (self.real_pixels or not other.real_pixels)

    def within(self, limit: Rights) -> Rights:
        """What both allow: rights of a token never outgrow its maker's."""
        return Rights(
            min(self.role, limit.role, key=_RANK.__getitem__),
            _both(self.cameras, limit.cameras),
            self.real_pixels and limit.real_pixels,
        )


class Kind(StrEnum):
    """How somebody has shown who they are."""

    SESSION = "session"
    """A cookie, after a login."""
    TOKEN = "token"  # noqa: S105 - a word, not a password


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever makes a request."""

    name: str
    """Name of the account; of the maker, where it is a token."""
    rights: Rights
    kind: Kind
    credential: str
    """Public id of the session or token: for lists and the audit log, of no use to log in."""
    csrf: str = field(default="", repr=False)
    """What unsafe requests with a cookie repeat in a header; empty for tokens."""
    label: str = ""
    """Name of the token; empty for sessions."""

    @property
    def role(self) -> Role:
        """Of the rights."""
        return self.rights.role

    @property
    def cameras(self) -> frozenset[str] | None:
        """Of the rights; None: all."""
        return self.rights.cameras

    @property
    def real_pixels(self) -> bool:
        """Of the rights."""
        return self.rights.real_pixels

    @property
    def author(self) -> str:
        """How edits and the audit log name them: `anna`, or `anna (token till)`."""
        return f"{self.name} (token {self.label})" if self.kind is Kind.TOKEN else self.name

    def sees(self, camera: str) -> bool:
        """Whether a camera exists for them."""
        return self.rights.sees(camera)


class Verdict(StrEnum):
    """What comes of a wish."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    """They may know that it is there, but not do this."""
    HIDDEN = "hidden"
    """For them it does not exist."""


def may(rights: Rights, role: Role, camera: str | None = None, *, real_pixels: bool = False) -> Verdict:
    """Whether rights suffice.

    Args:
        rights: of whoever asks.
        role: the least that is needed.
        camera: what it concerns; None: no camera in particular.
        real_pixels: whether people are seen as they are.
    """
    if not rights.role.covers(role):
        return Verdict.FORBIDDEN
    if camera is not None and not rights.sees(camera):
        return Verdict.HIDDEN
    return Verdict.FORBIDDEN if real_pixels and not rights.real_pixels else Verdict.ALLOWED


def _both(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    if a is None or b is None:
        return b if a is None else a
    return a & b

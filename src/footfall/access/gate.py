"""Everything about who may come in, in one place: what the web and the service hold."""

from __future__ import annotations

from typing import Any, Protocol

from footfall.access.roles import Caller
from footfall.core.ports import Clock


class Audit(Protocol):
    """To come."""

    def record(self, event: str, author: str, what: dict[str, Any]) -> None:
        """Add an entry."""
        ...


class Gate:
    """Accounts, sessions, tokens, audit."""

    clock: Clock
    audit: Audit

    def by_session(self, cookie: str) -> Caller | None:
        """Whose session it is."""
        raise NotImplementedError

    def by_token(self, token: str, address: str) -> Caller | None:
        """Whose token it is.

        Raises:
            TooMany: too many wrong ones from this address.
        """
        raise NotImplementedError

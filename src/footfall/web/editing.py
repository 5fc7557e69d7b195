"""Changing the configuration on somebody's behalf."""

from __future__ import annotations

from footfall.access.roles import Caller
from footfall.web.desk import Desk, Edit, Version


def edit(desk: Desk, change: Edit | str, base: int | None, caller: Caller, comment: str) -> Version:
    """Change it; without a base the present version is the one that was seen.

    Raises:
        Conflict, ConfigError, Unknown: as `Desk.edit`.
    """
    seen = desk.version().number if base is None else base
    return desk.edit(change, base=seen, author=caller.author, comment=comment)

"""What is deleted is gone: from the tables, from the disk, from SQLite's log; also when the power fails in between.

What is to go is written down first (`doom`), in the transaction that takes its rows; then the objects go, then the
note. Pictures that arrive are written down in the same way before their objects are kept, and taken off the list by the
transaction that adds their rows. Whatever is on the list when the workshop opens is erased then (`finish`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop
    from footfall.vault.objects import ObjectName


def doom(connection: Connection, names: Iterable[ObjectName]) -> None:
    """Write down objects that are to go, or that are not wanted yet."""
    raise NotImplementedError


def spare(connection: Connection, names: Iterable[ObjectName]) -> None:
    """Take them off the list: they have their rows now."""
    raise NotImplementedError


def erase(shop: Workshop, names: Iterable[ObjectName]) -> None:
    """Delete objects that were doomed, and the note; nothing of them is left when this returns."""
    raise NotImplementedError


def wipe(engine: Engine) -> None:
    """Nothing of rows that were deleted stays in the file or in its log."""
    raise NotImplementedError


def finish(shop: Workshop) -> int:
    """Do what was left undone; before anything else works with the workshop. How many objects or projects went."""
    raise NotImplementedError

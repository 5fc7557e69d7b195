"""What `footfall customvision` and `footfall serve --customvision` share; imports nothing of the extra by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.customvision.wishes import FrontWishes

if TYPE_CHECKING:
    from footfall.customvision.door.admission import Sessions
    from footfall.customvision.door.keys import NewKey
    from footfall.customvision.front import Front

Audit: TypeAlias = Callable[[str, Mapping[str, object]], None]

_NEEDED = ("onnx", "PIL", "sklearn")


def open_front(wishes: FrontWishes, clock: Clock, audit: Audit, sessions: Sessions | None = None) -> Front:
    """Custom Vision over a data folder.

    Raises:
        ConfigError: what it needs is not installed, or the folder is in use or cannot be used.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        what, cure = f"needs {', '.join(missing)}", "pip install 'footfall[customvision]'"
        raise ConfigError([Problem("command line", "customvision", what, cure)])
    from footfall.customvision.front import Front  # noqa: PLC0415 - an extra

    return Front(wishes, clock, audit=audit, sessions=sessions)


def say(text: str) -> None:
    """Tell the person who started it."""
    sys.stderr.write(f"footfall: {text}\n")
    sys.stderr.flush()


def say_keys(new: Iterable[NewKey]) -> None:
    """Tell keys that were just made: this once, and never again."""
    made = tuple(new)
    for key in made:
        say(f"{key.name}: {key.secret}")
    if made:
        say("keep them: they are shown this once")

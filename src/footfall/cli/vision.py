"""What `footfall customvision` and `footfall serve --customvision` share; imports nothing of the extra by itself."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from footfall.cli.housekeeping import say
from footfall.core.errors import ConfigError, Problem

if TYPE_CHECKING:
    from footfall.customvision.keys import NewKey

_NEEDED = ("onnx", "PIL", "sklearn")


def require_extra() -> None:
    """Check that what Custom Vision needs is installed.

    Raises:
        ConfigError: it is not.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        what, cure = f"needs {', '.join(missing)}", "pip install 'footfall[customvision]'"
        raise ConfigError([Problem("command line", "customvision", what, cure)])


def say_keys(new: Iterable[NewKey]) -> None:
    """Tell keys that were just made: this once, and never again."""
    for key in new:
        say(f"{key.name}: {key.secret}")

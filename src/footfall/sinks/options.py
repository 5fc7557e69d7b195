"""The `name=value&name=value` part of a sink spec."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl

from footfall.core.errors import ConfigError, Problem


class Options:
    """Takes options one by one and collects everything wrong; `finish` tells all of it."""

    def __init__(self, text: str) -> None:
        self._values: dict[str, str] = {}
        self._known: list[str] = []
        self._problems: list[Problem] = []
        for name, value in parse_qsl(text, keep_blank_values=True):
            if name in self._values:
                self.wrong(f"{name}= is given twice", "give it once")
            self._values[name] = value

    def wrong(self, what: str, cure: str) -> None:
        """Note one problem."""
        self._problems.append(Problem("command line", "--sink", what, cure))

    def text(self, name: str, default: str = "") -> str:
        """Any text."""
        self._known.append(name)
        return self._values.get(name, default)

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value in allowed:
            return value
        self.wrong(f"{name}={value!r} is not allowed", f"use one of {', '.join(allowed)}")
        return default

    def whole(self, name: str, limits: tuple[int, int], default: int) -> int:
        """A whole number within limits, both included."""
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and limits[0] <= int(value[:9]) <= limits[1]:
            return int(value[:9])
        self.wrong(f"{name}={value!r} is not allowed", f"use a whole number from {limits[0]} to {limits[1]}")
        return default

    def path(self, name: str) -> Path | None:
        """A file."""
        value = self.text(name)
        return Path(value) if value else None

    def finish(self) -> None:
        """All options were taken.

        Raises:
            ConfigError: something was wrong, or an option is unknown.
        """
        for name in sorted(self._values.keys() - set(self._known)):
            self.wrong(f"unknown option {name!r}", f"this sink knows {', '.join(self._known)}")
        if self._problems:
            raise ConfigError(self._problems)

"""What recordings are called: patterns with `${System...}` variables (spec/recording.md section 5). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Final

_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_DATES: Final = frozenset({"System.DateTime", "System.Runtime.DateTime"})
_PRECISE: Final = frozenset({"System.PreciseDateTime", "System.Runtime.PreciseDateTime"})
_TOPOLOGY: Final = frozenset({"System.GraphTopologyName", "System.TopologyName"})
_INSTANCE: Final = frozenset({"System.GraphInstanceName", "System.PipelineName"})
_TIMES: Final = _DATES | _PRECISE
_ALL: Final = _TIMES | _TOPOLOGY | _INSTANCE

LONGEST_PART_BYTES: Final = 200
"""Of a file's or folder's name: file systems allow 255, and a recording in the making has a longer one."""


@dataclass(frozen=True, slots=True)
class GraphNames:
    """What an instance and its topology are called."""

    instance: str
    topology: str


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A pattern in which only the time is still open.

    Raises:
        ValueError: a variable that does not exist.
    """

    text: str
    names: GraphNames

    def __post_init__(self) -> None:
        for variable in _VARIABLE.findall(self.text):
            if variable not in _ALL:
                raise ValueError(f"${{{variable}}} is no variable of the system")

    @property
    def has_time(self) -> bool:
        """Whether every recording gets a name of its own."""
        return any(variable in _TIMES for variable in _VARIABLE.findall(self.text))

    def at(self, utc: datetime) -> str:
        """The name of a recording whose media start at this time.

        >>> NamePattern("door-${System.DateTime}", GraphNames("i", "t")).at(datetime(2020, 5, 21, 5, 37, 26, 512000))
        'door-20200521T053726Z'
        """

        def value(match: re.Match[str]) -> str:
            variable = match[1]
            if variable in _TIMES:
                milliseconds = f".{utc.microsecond // 1000:03}" if variable in _PRECISE else ""
                return f"{utc:%Y%m%dT%H%M%S}{milliseconds}Z"
            return self.names.topology if variable in _TOPOLOGY else self.names.instance

        return _VARIABLE.sub(value, self.text)


def numbered(stem: str) -> Iterator[str]:
    """`stem`, `stem-1`, `stem-2` ...: the first that is free is taken."""
    return chain([stem], (f"{stem}-{number}" for number in count(1)))


def folder_name(name: str) -> str:
    """The name, if it can be that of a folder and of nothing else.

    Raises:
        ValueError: it is empty, hidden, too long, or leads elsewhere.
    """
    if not name or name.startswith(".") or name != name.strip():
        raise ValueError(f"{name!r} is empty, or begins or ends with a blank or a dot")
    if "/" in name or "\\" in name or not name.isprintable():
        raise ValueError(f"{name!r} holds a slash or a sign that cannot be printed")
    if len(name.encode()) > LONGEST_PART_BYTES:
        raise ValueError(f"{name[:40]!r}... is longer than {LONGEST_PART_BYTES} bytes")
    return name


def relative_path(name: str) -> str:
    """The name, if it is a path within a folder: each part a name of its own.

    Raises:
        ValueError: it is absolute, or a part is none.
    """
    for part in name.split("/"):
        folder_name(part)
    return name

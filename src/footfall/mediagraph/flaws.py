"""What can be wrong with a topology or an instance, in the order in which it is told (spec/media-graph.md 5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from footfall.config.document import child
from footfall.core.errors import Problem

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices from the document's root."""

GRAPH_VALIDATION: Final = "GraphValidationError"
MODULE_VALIDATION: Final = "ModuleValidationError"
NOT_SUPPORTED: Final = "ApiVersionNotSupported"
PATTERN: Final = "PropertyValueInvalidPattern"
RTSP_SCHEME: Final = "RtspEndpointUrlInvalidScheme"


class Check(IntEnum):
    """The checks, earliest first: a method is refused with all flaws of the earliest check that found any."""

    OBJECT = 0
    VERSION = 1
    NAME = 2
    PARAMETERS = 3
    TYPES = 4
    REQUIRED = 5
    UNIQUE = 6
    INPUTS = 7
    PREDECESSORS = 8
    COUNTS = 9
    CYCLE = 10
    REFERENCES = 11
    DEFAULTS = 12
    VALUES = 13
    TOPOLOGY = 14
    KNOWN = 15
    SUPPLIED = 16
    SUBSTITUTED = 17
    SCHEMES = 18
    SECURITY = 19


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong. Texts never hold values, which can be secret, but for names and types."""

    check: Check
    path: Path
    what: str
    cure: str
    code: str = GRAPH_VALIDATION
    """Of the detail in a reply."""
    wording: str = ""
    """The message of a reply where a real module's own is known; empty: what and cure."""
    is_warning: bool = False

    @property
    def json_path(self) -> str:
        """`$.properties.sinks[0].assetNamePattern`."""
        path = "$"
        for key in self.path:
            path = child(path, key)
        return path

    @property
    def target(self) -> str:
        """`$.Properties.Sinks[0].AssetNamePattern`."""
        return "$" + "".join(
            f"[{key}]" if isinstance(key, int) else f".{key[:1].upper()}{key[1:]}" for key in self.path
        )

    @property
    def message(self) -> str:
        """As a reply words it."""
        return self.wording or f"{self.what[:1].upper()}{self.what[1:]}; {self.cure}."

    def problem(self, file: str) -> Problem:
        """As the command line words it."""
        return Problem(file, self.json_path, self.what, self.cure, is_warning=self.is_warning)


def earliest(flaws: Iterable[Flaw]) -> tuple[Flaw, ...]:
    """The flaws of the earliest check that found any; warnings are none."""
    errors = [flaw for flaw in flaws if not flaw.is_warning]
    first = min((flaw.check for flaw in errors), default=None)
    return tuple(flaw for flaw in errors if flaw.check is first)

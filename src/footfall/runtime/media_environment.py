"""What the environment tells the media-graph module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeVar

from footfall.core.errors import ConfigError, Problem
from footfall.core.outside import HostMap, PathMap
from footfall.edge.identity import ModuleIdentity, from_environment
from footfall.extension.render import Style
from footfall.runtime.keeping import retention_days
from footfall.runtime.media_metrics import address
from footfall.vault.keys import Keys, keys_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the environment says."""

    identity: ModuleIdentity
    hosts: HostMap
    paths: PathMap
    assets: Path | None
    """Where assets go; None: into the module's folder."""
    keys: Keys | None
    """Seal recordings; None: they stay in clear."""
    retention_days: int | None
    style: Style
    """How inferences that came over gRPC are rendered."""
    metrics: tuple[str, int] | None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Read it.

        Raises:
            ConfigError: something of it is wrong.
        """
        assets = environ.get(ASSETS, "")
        return cls(
            from_environment(environ),
            _read(HostMap.parse, environ, HOSTS),
            _read(PathMap.parse, environ, PATHS),
            Path(assets) if assets else None,
            keys_of(environ),
            retention_days(environ),
            _style(environ.get(STYLE, "").strip()),
            address(environ),
        )


def _style(text: str) -> Style:
    try:
        return Style(text or Style.FIRST.value)
    except ValueError as error:
        what = f"{text!r} is no rendering of inferences"
        raise ConfigError([Problem("environment", STYLE, what, "write 1.0 or 2.0")]) from error


def _read(parse: Callable[[str], T], environ: Mapping[str, str], name: str) -> T:
    try:
        return parse(environ.get(name, ""))
    except ValueError as error:
        raise ConfigError([Problem("environment", name, str(error), "separate entries by commas")]) from error


ASSETS: Final = "FOOTFALL_ASSETS"
STYLE: Final = "FOOTFALL_EVENT_JSON_STYLE"
HOSTS: Final = "FOOTFALL_HOSTS"
PATHS: Final = "FOOTFALL_PATHS"

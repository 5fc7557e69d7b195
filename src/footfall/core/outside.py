"""Names as they are meant inside a container, and where that is on this machine.

A deployment speaks of `rtspsim:554` and `/var/media`; modules that run as local processes learn here what is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Self
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class HostMap:
    """Hosts and ports of other modules."""

    places: Mapping[tuple[str, int | None], tuple[str, int | None]] = field(default_factory=dict)
    """(name, port or None for any) -> (host, port or None for the same)."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `rtspsim:554=127.0.0.1:8554,spatialAnalysis=127.0.0.1` (FOOTFALL_HOSTS).

        Raises:
            ValueError: an entry has another form.
        """
        entries = [entry.strip().partition("=") for entry in text.split(",") if entry.strip()]
        return cls({_place(name): _place(host) for name, _, host in entries})

    def __str__(self) -> str:
        return ",".join(f"{_text(*name)}={_text(*place)}" for name, place in self.places.items())

    def find(self, host: str, port: int) -> tuple[str, int]:
        """Where a host and port are; names are compared without regard to case."""
        name = host.lower()
        found, at = self.places.get((name, port)) or self.places.get((name, None)) or (host, port)
        return found, at if at is not None else port

    def url(self, url: str, default_port: int) -> str:
        """The URL with its host and port replaced; login, path and all else stay."""
        parts = urlsplit(url)
        if not parts.hostname:
            return url
        host, port = self.find(parts.hostname, parts.port or default_port)
        if (host, port) == (parts.hostname, parts.port or default_port):
            return url
        login, at, _ = parts.netloc.rpartition("@")
        return parts._replace(netloc=f"{login}{at}{_text(host, port)}").geturl()


@dataclass(frozen=True, slots=True)
class PathMap:
    """Folders inside a container that are folders of this machine."""

    binds: tuple[tuple[str, Path], ...] = ()
    """(path inside, path here)."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `/var/media=/home/me/clips,/var/lib=...` (FOOTFALL_PATHS); `%2C` is a comma, as in URLs.

        Raises:
            ValueError: an entry has another form.
        """
        entries = [entry.strip().partition("=") for entry in text.split(",") if entry.strip()]
        for inside, _, here in entries:
            if not inside.startswith("/") or not here.startswith("/"):
                raise ValueError(f"{inside}={here} is not /INSIDE=/HERE")
        return cls(tuple((unquote(inside).rstrip("/"), Path(unquote(here))) for inside, _, here in entries))

    def __str__(self) -> str:
        return ",".join(f"{_escaped(inside or '/')}={_escaped(str(here))}" for inside, here in self.binds)

    def find(self, inside: str) -> Path:
        """Where a path is; the longest bind that holds it counts, one that no bind holds stays as it is."""
        path = PurePosixPath(inside)
        for bound, here in sorted(self.binds, key=lambda bind: -len(bind[0])):
            if path.is_relative_to(bound or "/"):
                return here / path.relative_to(bound or "/")
        return Path(inside)


def _place(text: str) -> tuple[str, int | None]:
    parts = urlsplit(f"//{text.strip()}")
    if not parts.hostname or parts.path or parts.query:
        raise ValueError(f"{text!r} is not HOST or HOST:PORT")
    return parts.hostname, parts.port


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace(",", "%2C").replace("=", "%3D")


def _text(host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port is None else f"{name}:{port}"

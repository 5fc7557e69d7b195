"""Addresses of cameras and files: what FFmpeg may open, and what a person may read. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)
_LOGIN: Final = re.compile(r"://.*@")
_HOST: Final = re.compile(r"(?:[\w.-]+|\[[0-9a-f:.%]+\])(?::\d+)?", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"[^/?#]*")
_PORTS: Final = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
_SECRET_VALUE: Final = re.compile(
    r"((?:pass(?:word|wd|phrase)?|pwd|token|secret|sig(?:nature)?|auth|credentials?|key)=)[^&\s]+", re.IGNORECASE
)


def scheme(url: str) -> str:
    """Lower-case scheme of an address; `file` for a bare path."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else "file"


def is_rtsp(url: str) -> bool:
    """Whether the address is a camera's: such a stream has no end of its own."""
    return scheme(url) in {"rtsp", "rtsps"}


def redact(text: str) -> str:
    """Text without the secrets of the URLs in it: the login, and query values such as `token=` or `sig=`.

    Everything up to the line's last `@` counts as login, because people paste passwords with spaces, `@`, `/` and `#`
    in them: better that an `@` in a path hides the host than that a password is seen.
    """
    return _SECRET_VALUE.sub(r"\1***", _LOGIN.sub("://***:***@", text)) if "://" in text else text


def openable(url: str) -> str:
    """The address as FFmpeg reads it.

    Paths get the `file:` protocol, so that a colon in a file name is not taken for another protocol. The login is
    percent-encoded once, whether it came encoded or as typed.
    """
    if scheme(url) == "file":
        path = url if _SCHEME.match(url) is None else unquote(url.split("://", 1)[1].removeprefix("localhost"))
        return f"file:{path}"
    prefix, rest = url.split("://", 1)
    login, host = _split_login(rest)
    if login is None:
        return url
    encoded = ":".join(quote(unquote(part), safe="") for part in login.split(":", 1))
    return f"{prefix}://{encoded}@{host}"


def place_of(url: str) -> tuple[str, int]:
    """Host and port of a camera's address, as FFmpeg will read it.

    Raises:
        ValueError: it has none.
    """
    parts = urlsplit(openable(url))
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    if not host or not port:
        raise ValueError("this address has no host and port")
    return host.rstrip("."), port


def at_address(url: str, address: str) -> str:
    """The address of a camera, as FFmpeg reads it, by the number of its host instead of the name.

    >>> at_address("rtsp://anna:p%40ss@door.lan:8554/stream?x=1", "10.0.0.7")
    'rtsp://anna:p%40ss@10.0.0.7:8554/stream?x=1'
    """
    parts = urlsplit(openable(url))
    login, at, _ = parts.netloc.rpartition("@")
    number = f"[{address}]" if ":" in address else address
    port = "" if parts.port is None else f":{parts.port}"
    return parts._replace(netloc=f"{login}{at}{number}{port}").geturl()


def _split_login(rest: str) -> tuple[str | None, str]:
    """`user:password@host/path` -> login and the rest; the password may hold `/`, `?`, `#` and `@` as typed.

    Where it may end at several places, it does before what looks most like a host: one with a dot, or in brackets.
    """
    authority = _AUTHORITY.match(rest)
    assert authority is not None
    if _HOST.fullmatch(authority[0]):
        return None, rest
    ends = [at.start() for at in re.finditer("@", rest)]
    hosts = {at: found[0] for at in ends if (found := _AUTHORITY.match(rest, at + 1)) and _HOST.fullmatch(found[0])}
    at = next((at for at, host in hosts.items() if "." in host or "[" in host), next(iter(hosts), rest.rfind("@")))
    return (rest[:at] if at >= 0 else None), rest[at + 1 :]

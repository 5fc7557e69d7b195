"""What a VIDEO_URL may be (spec/operations.md section 3, RULE 6). No message ever quotes one: it may hold a login."""

from __future__ import annotations

import re
from difflib import get_close_matches
from urllib.parse import urlsplit

from footfall.config.document import Document
from footfall.config.environment import Settings
from footfall.config.obfuscation import looks_obfuscated, reveal

SCHEMES = ("rtsp", "rtsps", "http", "https", "file")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")


def scheme_of(url: str) -> str:
    """Scheme in lower case; empty for a bare path."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def is_local(url: str) -> bool:
    """Whether it is a file of this machine."""
    return scheme_of(url) in {"", "file"}


def clear_url(url: str, path: str, settings: Settings, document: Document) -> str:
    """RULE C3: the URL itself, or what its obfuscated form stands for; empty, with an error noted, on failure."""
    if not (settings.url_key and settings.url_iv and looks_obfuscated(url)):
        return url
    try:
        clear = reveal(url, settings.url_key, settings.url_iv)
    except ValueError as error:
        document.error(path, f"cannot be decrypted: {error}", "use the key and IV that it was encrypted with")
        return ""
    if scheme_of(clear) not in SCHEMES:
        what = "was decrypted, but is no video URL"
        document.error(path, what, f"encrypt a URL that starts with {', '.join(SCHEMES)}")
        return ""
    return clear


def check_url(url: str, path: str, document: Document) -> None:
    """Note what is wrong with a clear URL or path."""
    scheme = scheme_of(url)
    if url.startswith("<") and url.endswith(">"):
        document.warn(path, "still holds a placeholder", "write the camera's URL")
    elif not url or "\x00" in url:
        document.error(path, "is empty or holds a zero byte", "write rtsp://host/path, or a video file")
    elif scheme and scheme not in SCHEMES:
        near = get_close_matches(scheme, SCHEMES, n=1)
        cure = f"did you mean '{near[0]}'?" if near else f"use {', '.join(SCHEMES)}, or a path"
        document.error(path, f"the scheme '{scheme[:30]}' is not supported", cure)
    elif scheme not in {"", "file"} and not _has_host(url):
        document.error(path, "names no host, or a wrong port", f"write {scheme}://host:port/path")


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False

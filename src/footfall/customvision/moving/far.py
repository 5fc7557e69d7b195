"""A Custom Vision service at the other end of a wire, Azure's or ours: plain HTTP with a training key."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeAlias
from urllib.parse import urlsplit

import httpx

from footfall.core.errors import FootfallError

Answer: TypeAlias = Any
"""What a reply's JSON holds."""

VERSION: Final = "v3.3"
"""The newest one that is no preview."""
MOST_IMAGE_BYTES: Final = 6 * 1024 * 1024
MOST_ARCHIVE_BYTES: Final = 512 * 1024 * 1024
_PATIENCE: Final = httpx.Timeout(100.0, connect=10.0)
_TRIES = 5
_LONGEST_PAUSE_S = 60.0
_HERE = {"localhost", "127.0.0.1", "::1"}
_PASSING = {408, 429, 500, 502, 503, 504}


class FarError(FootfallError):
    """The other end refuses, or does not answer. `code` is Custom Vision's word for it, or empty."""

    def __init__(self, where: str, words: str, code: str = "", status: int = 0) -> None:
        super().__init__(f"{where}: {words}" + (f" ({code})" if code else ""))
        self.code = code
        self.status = status


class Far:
    """One end. Keys go in a header to this end alone, and over plain HTTP to this machine alone.

    Args:
        endpoint: such as `https://…cognitiveservices.azure.com` or `https://shop.example:8971`; a path may follow.
        key: training key.
        ca: PEM file of those whose certificates are believed as well.
        pause: waits so many seconds before another try.

    Raises:
        FarError: the endpoint is no such address, or the key would travel in clear.
    """

    def __init__(self, endpoint: str, key: str, ca: Path | None = None, *, pause: Callable[[float], None]) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise FarError(endpoint, "is no endpoint such as https://shop.example:8971")
        is_here = parts.hostname in _HERE
        if parts.scheme == "http" and not is_here:
            raise FarError(endpoint, "over http the key would travel in clear: use https")
        self.endpoint = endpoint.rstrip("/")
        self._pause = pause
        trust = _trust(endpoint, ca)
        base = f"{self.endpoint}/customvision/{VERSION}/training/"
        self._client = httpx.Client(
            base_url=base, headers={"Training-Key": key}, timeout=_PATIENCE, verify=trust, trust_env=not is_here
        )
        self._pictures = httpx.Client(timeout=_PATIENCE, verify=trust, trust_env=not is_here)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()
        self._pictures.close()

    def get(self, path: str, **query: object) -> Answer:
        """Ask for something.

        Raises:
            FarError: refused, or nobody answers.
        """
        return self._ask("GET", path, query, None)

    def post(self, path: str, body: Mapping[str, object] | None = None, **query: object) -> Answer:
        """Make something.

        Raises:
            FarError: refused, or nobody answers.
        """
        return self._ask("POST", path, query, body)

    def picture(self, image: Mapping[str, Any], project_id: str) -> bytes:
        """The encoded picture of a training image, by the address that it names; without the key, where it is signed.

        Raises:
            FarError: it is gone, cannot be had, or is larger than a training image can be.
        """
        uri = str(image.get("originalImageUri") or "")
        if not uri:
            raise FarError(self.endpoint, f"image {image['id']}: its picture is gone")
        if urlsplit(uri).scheme:
            reply = self._reply(lambda: self._pictures.get(uri), "its pictures")
        else:
            asked = {"path": uri}
            reply = self._reply(lambda: self._client.get(f"projects/{project_id}/artifacts", params=asked), "artifacts")
        if len(reply.content) > MOST_IMAGE_BYTES:
            raise FarError(self.endpoint, f"image {image['id']}: is larger than {MOST_IMAGE_BYTES >> 20} MiB")
        return reply.content

    def archive(self, uri: str) -> bytes:
        """What a signed address of an export leads to; without the key.

        Raises:
            FarError: it has ended, or is no archive that could be a model.
        """
        reply = self._reply(lambda: self._pictures.get(uri), "the export")
        if len(reply.content) > MOST_ARCHIVE_BYTES:
            raise FarError(self.endpoint, f"the export is larger than {MOST_ARCHIVE_BYTES >> 20} MiB")
        return reply.content

    def _ask(self, method: str, path: str, query: Mapping[str, object], body: Mapping[str, object] | None) -> Answer:
        asked = {name: _in_query(value) for name, value in query.items() if value is not None}
        reply = self._reply(lambda: self._client.request(method, path, params=asked, json=body), path)
        try:
            return reply.json() if reply.content else None
        except ValueError as error:
            raise FarError(self.endpoint, f"{path}: the answer is not JSON: is Custom Vision there?") from error

    def _reply(self, send: Callable[[], httpx.Response], what: str) -> httpx.Response:
        for attempt in range(_TRIES):
            wait_s = min(2.0**attempt, _LONGEST_PAUSE_S)
            try:
                reply = send()
            except httpx.HTTPError as error:
                trouble = FarError(self.endpoint, f"{what}: {type(error).__name__}: {error}")
                if isinstance(error, httpx.ConnectError) and attempt == 0:
                    raise trouble from error
            else:
                if reply.is_success:
                    return reply
                trouble = self._refusal(reply, what)
                if reply.status_code not in _PASSING:
                    raise trouble
                after = reply.headers.get("Retry-After", "")
                wait_s = min(float(after), _LONGEST_PAUSE_S) if after.isdecimal() else wait_s
            if attempt < _TRIES - 1:
                self._pause(wait_s)
        raise trouble

    def _refusal(self, reply: httpx.Response, what: str) -> FarError:
        try:
            said = reply.json()
        except ValueError:
            said = {}
        said = said if isinstance(said, dict) else {}
        inner: Mapping[str, object] = said["error"] if isinstance(said.get("error"), dict) else {}
        message, code = said.get("message") or inner.get("message"), said.get("code") or inner.get("code")
        if reply.status_code in {401, 403}:
            message = f"{message or 'refused'}: is it the training key of this endpoint?"
        return FarError(
            self.endpoint, f"{what}: {message or f'answered {reply.status_code}'}", str(code or ""), reply.status_code
        )


def _trust(endpoint: str, ca: Path | None) -> ssl.SSLContext:
    trust = ssl.create_default_context()
    if ca is not None:
        try:
            trust.load_verify_locations(ca)
        except (OSError, ssl.SSLError) as error:
            raise FarError(endpoint, f"{ca} is no PEM file of certificates") from error
    return trust


def _in_query(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)

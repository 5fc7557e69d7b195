"""Download a model that was asked for by name: resumable, checked, never a half file under its final name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.detect.card import ModelFile, sha256_of
from footfall.detect.catalogue import confirmed_of, digests, file_path, find_card, part_of, require

Progress: TypeAlias = Callable[[str, int, int], None]
"""File name, bytes present, bytes expected."""

_TIMEOUT_S = 30.0
_RANGE_NOT_SATISFIABLE = 416
_LARGEST_BYTES = 2**30
"""No model without a known size may be larger."""


def pull(
    name: str, *, folder: Path, url: str | None = None, sha256: str | None = None, progress: Progress | None = None
) -> list[Path]:
    """Fetch the files of a model into `folder/<name>/`; what is there and right, or ours, is not fetched.

    A download that breaks off stays as `.part` and goes on where it stopped next time; a file with a wrong checksum is
    removed.

    Args:
        name: a model of the catalogue.
        folder: where models lie.
        url: take it from here instead of the card's address: the first file's address, or a folder's, ending in `/`.
        sha256: what the user knows of the file, needed where its card lists no checksum.
        progress: told about every piece.

    Returns:
        The files, the one to open first.

    Raises:
        ConfigError: no such model, no address known, not an http(s) address; or no checksum is known: the error tells
            that of the download, and a second call with it takes the file without fetching it again.
        DetectorError: the server refuses, the connection breaks, the disk is full, or the checksum is wrong.
    """
    card = find_card(name)
    if not card.source:
        return [require(card, folder)] if card.files else []
    files = [_with_digest(name, file, sha256) for file in card.files]
    addresses = [(file, _address(name, file, files[0], url)) for file in files]
    targets = [_fetch(name, file, address, file_path(card, file, folder), progress) for file, address in addresses]
    for file, target in zip(card.files, targets, strict=True):
        if not file.sha256:
            confirmed_of(target).write_text(sha256_of(target) + "\n", "ascii")
    return targets


def _with_digest(model: str, file: ModelFile, sha256: str | None) -> ModelFile:
    """The file with the user's checksum where the card has none."""
    if sha256 is None:
        return file
    if not re.fullmatch("[0-9a-f]{64}", sha256.lower()):
        raise ConfigError([Problem(model, "--sha256", "is not a checksum", "give 64 hex digits")])
    if file.sha256 and sha256.lower() not in file.sha256:
        what, cure = f"is not that of {file.name} on its card", "leave it away, or use your file by its path"
        raise ConfigError([Problem(model, "--sha256", what, cure)])
    return msgspec.structs.replace(file, sha256=file.sha256 or (sha256.lower(),))


def _address(model: str, file: ModelFile, first: ModelFile, url: str | None) -> str:
    address = file.url
    if url is not None:
        address = url if file is first and not url.endswith("/") else urljoin(url, file.name)
    if not address:
        cure = f"find {file.name} and run `footfall models pull {model} --from URL`, or give its path as the model"
        raise ConfigError([Problem(model, file.name, "no lasting address of this file is known", cure)])
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ConfigError(
            [Problem(model, address, "is not an http(s) address", "give one, or use the file by its path")]
        )
    return address


def _fetch(model: str, file: ModelFile, address: str, target: Path, progress: Progress | None) -> Path:
    if target.is_file() and sha256_of(target) in digests(target, file):
        return target
    part = part_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (part.is_file() and sha256_of(part) in file.sha256):
            _download(file, address, part, progress)
        _check(model, file, address, part)
        part.replace(target)
    except httpx.InvalidURL as error:
        raise ConfigError([Problem(file.name, address, f"is not an address: {error}", "correct it")]) from error
    except httpx.HTTPError as error:
        raise DetectorError(
            f"{address}: {error or type(error).__name__}; run it again, it goes on where it stopped"
        ) from error
    except OSError as error:
        raise DetectorError(f"{target}: cannot be written: {error.strerror}; free space or choose a folder") from error
    return target


def _download(file: ModelFile, address: str, part: Path, progress: Progress | None) -> None:
    present = part.stat().st_size if part.is_file() else 0
    if present >= max(file.size_bytes, default=_LARGEST_BYTES):
        part.unlink()
        present = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={present}-"} if present else {})
    with httpx.stream("GET", address, headers=headers, follow_redirects=True, timeout=_TIMEOUT_S) as response:
        if response.status_code == _RANGE_NOT_SATISFIABLE:
            if response.headers.get("Content-Range") == f"bytes */{present}":
                return
            part.unlink()
            raise httpx.RequestError("the server has less than we kept; starting over", request=response.request)
        if not response.is_success:
            raise DetectorError(f"{address}: the server answers {response.status_code}; check the address")
        resumes = response.status_code == httpx.codes.PARTIAL_CONTENT and _starts_at(response, present)
        _store(file, response, part, present if resumes else 0, progress)


def _starts_at(response: httpx.Response, offset: int) -> bool:
    """Whether a partial answer begins where our part ends."""
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
    if match is None or int(match[1]) != offset:
        raise DetectorError(f"{response.url}: the server sends another part than asked for; remove the .part file")
    return True


def _store(file: ModelFile, response: httpx.Response, part: Path, present: int, progress: Progress | None) -> None:
    with part.open("ab" if present else "wb") as stream:
        for piece in response.iter_raw():
            present += len(piece)
            if present > max(file.size_bytes, default=_LARGEST_BYTES):
                stream.write(piece[:1])  # one byte too many is enough for the checksum to tell
                break
            stream.write(piece)
            if progress is not None:
                progress(file.name, present, file.size_bytes[0] if file.size_bytes else present)
    if "Content-Length" not in response.headers and present < min(file.size_bytes, default=0):
        raise httpx.RequestError("the connection broke off", request=response.request)


def _check(model: str, file: ModelFile, address: str, part: Path) -> None:
    digest = sha256_of(part)
    if not file.sha256:
        what = f"no checksum of {file.name} is known; what came from {address} has the sha256 {digest}"
        cure = f"compare it with its maker's and run `footfall models pull {model} --from {address} --sha256 {digest}`"
        raise ConfigError([Problem(model, file.name, what, cure)])
    if digest not in file.sha256:
        part.unlink()
        raise DetectorError(
            f"{address}: {file.name} has a wrong checksum and was removed; it is another version or was tampered with: "
            "get the version named on the card, or use your file by its path"
        )

"""Reading what the user names, with errors that say what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from footfall.core.errors import ConfigError, Problem


def read_bytes(path: str) -> bytes:
    """The content of a file; `-` is standard input.

    Raises:
        ConfigError: it cannot be read.
    """
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(
            [Problem(path, "$", error.strerror or str(error), "check the path and its permissions")]
        ) from error


def read_lines(path: str) -> Iterator[bytes]:
    """The lines of a file, one at a time: a recorded day does not fit into memory; `-` is standard input.

    Raises:
        ConfigError: it cannot be read.
    """
    if path == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as file:
            yield from file
    except OSError as error:
        raise ConfigError(
            [Problem(path, "$", error.strerror or str(error), "check the path and its permissions")]
        ) from error


def read_text(path: str) -> str:
    """The content of a UTF-8 text file.

    Raises:
        ConfigError: it cannot be read, or is not text.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"not UTF-8 text (byte {error.start})"
        raise ConfigError([Problem(path, "$", what, "save it as UTF-8, or name the right file")]) from error


def check_writable(path: str, option: str) -> Path:
    """A path that can be written, found out before anything starts.

    Raises:
        ConfigError: its folder is missing or it cannot be written.
    """
    target = Path(path)
    try:
        with target.open("ab"):
            pass
    except OSError as error:
        what = f"cannot write: {error.strerror or error}"
        raise ConfigError([Problem(path, option, what, "name a file in a folder that exists and is yours")]) from error
    return target

"""JSON lines on standard output or in a file."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from logging import getLogger
from pathlib import Path

from footfall.core.errors import ConfigError, Problem, SinkUnavailable
from footfall.core.types import Message

logger = getLogger(__name__)

_BLOCK = 65536


class JsonLinesSink:
    """Writes one JSON document a line to a file descriptor, a whole batch at once."""

    def __init__(self, fd: int, name: str, *, owns: bool) -> None:
        self._fd = fd
        self._name = name
        self._owns = owns
        self._is_closed = False
        self._is_regular = stat.S_ISREG(os.fstat(fd).st_mode)

    def send(self, messages: Sequence[Message]) -> None:
        """Write all messages; a regular file gets all of them or none.

        Raises:
            SinkUnavailable: `closed`: the reader went away; `storage`: the disk is full or broken.
        """
        if self._is_closed:
            raise SinkUnavailable("closed", self._name)
        data = b"".join(_line(message.body) for message in messages)
        size = os.fstat(self._fd).st_size
        try:
            _write_all(self._fd, data)
        except BrokenPipeError as error:
            self._is_closed = True
            raise SinkUnavailable("closed", self._name) from error
        except OSError as error:
            if self._is_regular and self._owns:
                os.ftruncate(self._fd, size)
            raise SinkUnavailable("storage", f"{self._name}: {error.strerror}") from error

    def close(self) -> None:
        """Put a file on the disk and let go of it."""
        self._is_closed = True
        if not self._owns:
            return
        self._owns = False
        try:
            if self._is_regular:
                os.fsync(self._fd)
        finally:
            os.close(self._fd)


def stdout_sink(fd: int = 1) -> JsonLinesSink:
    """A sink on standard output, or on any descriptor that stays the caller's."""
    return JsonLinesSink(fd, "-", owns=False)


def open_jsonl(path: Path) -> JsonLinesSink:
    """A sink that appends to a file; what a killed run left half written is mended first.

    Raises:
        ConfigError: the file cannot be written, or ends in something that is no JSON line.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
    except OSError as error:
        raise _wrong(
            path, f"cannot be written: {error.strerror}", "name a file in a folder you may write to"
        ) from error
    try:
        if stat.S_ISREG(os.fstat(fd).st_mode):
            _mend_last_line(fd, path)
    except (ConfigError, OSError):
        os.close(fd)
        raise
    return JsonLinesSink(fd, str(path), owns=True)


def _line(body: bytes) -> bytes:
    """Raw line breaks in JSON are white space between tokens, so a blank says the same."""
    return body.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n"


def _write_all(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def _mend_last_line(fd: int, path: Path) -> None:
    start, tail = _last_line(fd)
    if not tail:
        return
    if _is_json(tail):
        _write_all(fd, b"\n")
    elif tail.startswith(b"{"):
        os.ftruncate(fd, start)
        logger.warning("%s: cut %d bytes of a half-written last line", path, len(tail))
    else:
        raise _wrong(path, "does not end in a JSON line", "name another file, or one that this program wrote")


def _last_line(fd: int) -> tuple[int, bytes]:
    """Where the unfinished last line begins, in bytes from the start of the file, and what is there."""
    start = os.fstat(fd).st_size
    tail = b""
    while start > 0 and b"\n" not in tail:
        block = min(_BLOCK, start)
        start -= block
        tail = os.pread(fd, block, start) + tail
    cut = tail.rfind(b"\n") + 1
    return start + cut, tail[cut:]


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _wrong(path: Path, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem("command line", "--sink", f"{path} {what}", cure)])

"""The event log, which is `$upstream`: JSON lines in numbered files, on the disk before anybody hears "thank you".

A line is there when its line feed is: what a killed hub left half written is cut off at the next start, and nobody
reads it before. The oldest files go when there are too many.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import Final

from footfall.core.errors import ConfigError, Problem

log = getLogger(__name__)

LARGEST_FILE: Final = 64 * 1024 * 1024
MOST_FILES: Final = 16
BLOCK: Final = 1024 * 1024
"""Bytes read at a time; a line may be longer."""
_NAME: Final = re.compile(r"events-(\d{8,})\.jsonl")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between two lines."""

    file: int
    offset: int
    """Bytes from the start of the file."""

    def __str__(self) -> str:
        return f"{self.file}:{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Position:
        """What `str` gave.

        Raises:
            ValueError: it is not that.
        """
        file, _, offset = text.partition(":")
        return cls(int(file), int(offset))


class EventLog:
    """Appends to the newest file. For one thread; readers need nothing of it but the folder."""

    def __init__(self, folder: Path, largest_file: int = LARGEST_FILE, most_files: int = MOST_FILES) -> None:
        """Open the newest file, or the first.

        Raises:
            ConfigError: the folder cannot be written.
        """
        self.folder = folder
        self._largest_file = largest_file
        self._most_files = most_files
        self._is_torn = False
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            numbers = files(folder)
            number = numbers[-1] if numbers else 1
            self._fd = self._open(number)
            self._end = Position(number, self._mend())
        except OSError as error:
            problem = Problem("event log", str(folder), f"cannot be written: {error.strerror}", "choose another --data")
            raise ConfigError([problem]) from error

    @property
    def end(self) -> Position:
        """Behind the last line; may be asked for from any thread."""
        return self._end

    def append(self, lines: Sequence[bytes]) -> None:
        """Write lines, each with its line feed: all of them are on the disk when this returns, or none will be read.

        Raises:
            OSError: the disk is full or broken.
        """
        if self._is_torn:
            os.ftruncate(self._fd, self._end.offset)
            self._is_torn = False
        if self._end.offset >= self._largest_file:
            self._turn_over()
        data = memoryview(b"".join(lines))
        try:
            written = 0
            while written < len(data):
                written += os.write(self._fd, data[written:])
            os.fdatasync(self._fd)
        except OSError:
            self._is_torn = True
            raise
        self._end = Position(self._end.file, self._end.offset + len(data))

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _open(self, number: int) -> int:
        fd = os.open(_path(self.folder, number), os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _sync_folder(self.folder)
        return fd

    def _turn_over(self) -> None:
        number = self._end.file + 1
        fd = self._open(number)
        os.close(self._fd)
        self._fd, self._end = fd, Position(number, 0)
        for old in files(self.folder)[: -self._most_files]:
            _path(self.folder, old).unlink(missing_ok=True)

    def _mend(self) -> int:
        """Cut a half-written last line off; the size then."""
        size, whole = os.fstat(self._fd).st_size, _end_of_lines(self._fd)
        if whole < size:
            log.warning("event log: cut %d bytes of a half-written last line", size - whole)
            os.ftruncate(self._fd, whole)
        return whole


class Tail:
    """Reads a log's lines in order, while it grows and its files turn over."""

    def __init__(self, folder: Path, position: Position) -> None:
        self._folder = folder
        self.position = position
        """Behind the last line that was read."""

    def read(self, until: Position | None = None) -> list[bytes]:
        """The next whole lines, without line feed: about `BLOCK` bytes at most; none: that is all for now.

        `until` is the log's end as its writer knows it: what stands behind it may yet be taken back.
        """
        numbers = files(self._folder)
        if not numbers:
            return []
        if self.position.file < numbers[0]:
            log.warning("event log: %s is gone; reading goes on behind it", self.position)
            self.position = Position(numbers[0], 0)
        while True:
            lines = self._lines(until)
            if lines or self.position.file >= numbers[-1]:
                return lines
            self.position = Position(next(n for n in numbers if n > self.position.file), 0)

    def _lines(self, until: Position | None) -> list[bytes]:
        try:
            fd = os.open(_path(self._folder, self.position.file), os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return []
        try:
            end = until.offset if until is not None and until.file == self.position.file else os.fstat(fd).st_size
            data = _whole_lines(fd, self.position.offset, end)
        finally:
            os.close(fd)
        self.position = Position(self.position.file, self.position.offset + len(data))
        return data.split(b"\n")[:-1]


def files(folder: Path) -> list[int]:
    """Numbers of the log's files, oldest first."""
    found = (_NAME.fullmatch(path.name) for path in folder.glob("events-*.jsonl"))
    return sorted(int(match[1]) for match in found if match)


def beginning(folder: Path) -> Position:
    """Before the oldest line."""
    numbers = files(folder)
    return Position(numbers[0] if numbers else 1, 0)


def ending(folder: Path) -> Position:
    """Behind the last whole line."""
    numbers = files(folder)
    if not numbers:
        return Position(1, 0)
    fd = os.open(_path(folder, numbers[-1]), os.O_RDONLY | os.O_CLOEXEC)
    try:
        return Position(numbers[-1], _end_of_lines(fd))
    finally:
        os.close(fd)


def is_between_lines(folder: Path, position: Position) -> bool:
    """Whether a reader may begin there: behind a line, at a file's start, or in a file that is gone since."""
    numbers = files(folder) or [1]
    if position.offset < 0 or position.file > numbers[-1]:
        return False
    if position.offset == 0 or position.file < numbers[0]:
        return True
    try:
        fd = os.open(_path(folder, position.file), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return position.offset <= os.fstat(fd).st_size and os.pread(fd, 1, position.offset - 1) == b"\n"
    finally:
        os.close(fd)


def _end_of_lines(fd: int) -> int:
    whole = os.fstat(fd).st_size
    while whole > 0:
        start = max(0, whole - BLOCK)
        cut = os.pread(fd, whole - start, start).rfind(b"\n")
        whole = start + cut + 1
        if cut >= 0:
            break
    return whole


def _whole_lines(fd: int, offset: int, end: int) -> bytes:
    data = b""
    while block := os.pread(fd, max(0, min(BLOCK, end - offset - len(data))), offset + len(data)):
        data += block
        if whole := data.rfind(b"\n") + 1:
            return data[:whole]
    return b""


def _path(folder: Path, number: int) -> Path:
    return folder / f"events-{number:08d}.jsonl"


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)

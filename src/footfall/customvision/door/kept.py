"""Small private files that another process may replace while this one runs: read anew whenever they change."""

from __future__ import annotations

from pathlib import Path

from footfall.access.files import write_private


class KeptText:
    """The text of a file; empty while there is none. Whoever holds it sees to threads."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[int, int] | None = None

    def news(self) -> str | None:
        """The text, if it is another than at the last call.

        Raises:
            OSError: it cannot be read.
            UnicodeDecodeError: it is no ASCII.
        """
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        self._seen = stamp
        return self.file.read_text("ascii") if stamp else ""

    def write(self, text: str) -> None:
        """Replace it, whole, on the disk when this returns."""
        write_private(self.file, text.encode("ascii"))
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self.file.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns

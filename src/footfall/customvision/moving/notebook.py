"""What a copy has done, line by line, so that it can go on where it was cut off: ids, no content."""

from __future__ import annotations

import json
import os
from pathlib import Path

from footfall.core.errors import ConfigError, Problem


class Notebook:
    """Lines of JSON in a file of the owner's alone; every line is on the disk when its method returns.

    Args:
        path: begun where it is missing, gone on with where it is there.
        about: what is copied where to: a notebook of something else is refused.

    Raises:
        ConfigError: it cannot be read or written, or tells of something else.
    """

    def __init__(self, path: Path, about: str) -> None:
        self.path = path
        self.target_id = ""
        """The project over there; empty until there is one."""
        self.images: set[str] = set()
        """Ids of the images that are over there with all their labels."""
        try:
            self._read(about)
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w", encoding="ascii")
        except OSError as error:
            raise self._wrong(error.strerror or str(error), "name a file that can be written: --notes") from error
        if path.stat().st_size == 0:
            self._write({"about": about})

    def found(self, target_id: str) -> None:
        """The project over there is this one."""
        self.target_id = target_id
        self._write({"project": target_id})

    def done(self, image_ids: list[str]) -> None:
        """These are over there."""
        self.images.update(image_ids)
        self._write({"images": image_ids})

    def close(self) -> None:
        """Let go of the file; what is in it stays."""
        self._file.close()

    def remove(self) -> None:
        """All is done: it is of no use any more."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, object]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _read(self, about: str) -> None:
        text = self.path.read_bytes() if self.path.exists() else b""
        whole, _, _ = text.rpartition(b"\n")
        for number, line in enumerate(whole.split(b"\n") if whole else ()):
            try:
                said = json.loads(line)
                self.target_id = said.get("project", self.target_id)
                self.images.update(said.get("images", ()))
            except (ValueError, AttributeError, TypeError) as error:
                raise self._wrong(
                    f"line {number + 1} is none of ours", "remove it, or name another: --notes"
                ) from error
            if number == 0 and said.get("about") != about:
                raise self._wrong(f"is about {said.get('about')}", "remove it, or name another: --notes")
        if whole != text.removesuffix(b"\n"):
            self.path.write_bytes(whole + b"\n" if whole else b"")

    def _wrong(self, what: str, cure: str) -> ConfigError:
        return ConfigError([Problem(str(self.path), "$", what, cure)])

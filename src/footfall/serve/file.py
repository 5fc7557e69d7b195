"""The configuration file that a service was started with: taken over when it has changed, never written."""

from __future__ import annotations

import logging
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.serve.credentials import Credentials
from footfall.serve.desk import AUTHOR, Auditing, ServiceDesk
from footfall.serve.health import Watchman
from footfall.serve.history import History
from footfall.serve.sealing import sealed

log = logging.getLogger(__name__)

REFUSED = "file-refused"
CHANGED = "configuration-changed"
LARGEST_BYTES = 4 * 1024 * 1024


def read_config(path: Path) -> str:
    """Its text.

    Raises:
        ConfigError: it cannot be read, or is no text.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ConfigError([Problem(str(path), "$", "is too large for a configuration", "name the right file")])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        what = error.strerror or str(error)
        raise ConfigError([Problem(str(path), "$", what, "check the path and its permissions")]) from error
    except UnicodeDecodeError as error:
        what = f"not UTF-8 text (byte {error.start})"
        raise ConfigError([Problem(str(path), "$", what, "save it as UTF-8, or name the right file")]) from error


def is_news(text: str, history: History, credentials: Credentials) -> bool:
    """Whether a file holds something else than when it was taken over last."""
    last = history.latest_text(AUTHOR)
    return last is None or sealed(text, credentials.known()).text != last


class FollowedFile:
    """Looks whether the file has changed.

    Args:
        path: of the file.
        desk: takes it over.
        watchman: hears when it is refused.
        audit: hears when it is taken over.
    """

    def __init__(self, path: Path, desk: ServiceDesk, watchman: Watchman, audit: Auditing) -> None:
        self._path = path
        self._desk = desk
        self._watchman = watchman
        self._audit = audit
        self._seen = _stamp(path)

    def tick(self) -> None:
        """Take it over if it was written since the last look; what is wrong with it is told and changes nothing."""
        stamp = _stamp(self._path)
        if stamp is None or stamp == self._seen:
            return
        self._seen = stamp
        try:
            text = read_config(self._path)
            version = self._desk.take_over(text, comment=str(self._path))
        except ConfigError as error:
            log.warning("%s is not taken over:\n%s", self._path, error)
            self._watchman.note(REFUSED, str(error).splitlines()[0])
        else:
            self._watchman.note(REFUSED, "")
            self._audit.record(CHANGED, AUTHOR, {"version": version.number, "file": str(self._path)})


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written, or replaced by another."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino

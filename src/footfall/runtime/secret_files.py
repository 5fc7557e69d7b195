"""Secrets as files: `NAME_FILE=/run/secrets/x` in the environment stands for `NAME=<what the file holds>`.

Containers and systemd hand out secrets this way, because everybody who can see a process can read its environment.
"""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_SECRET: Final = re.compile(r"(PASS(WORD|WD|PHRASE)?|PW|SECRET|TOKEN|KEY)_FILE$", re.IGNORECASE)
ENDING: Final = "_FILE"
MOST_BYTES: Final = 8192
"""Longer is no password: certificates are named by file everywhere."""


def with_secret_files(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the contents of its `..._FILE` variables, less the line break at their end.

    A variable that is set itself wins. A file that cannot be read is warned about; what needs it will miss it.
    """
    found = dict(environ)
    for name, text in environ.items():
        wanted = name.removesuffix(ENDING)
        if wanted in ("", name) or wanted in environ or not text:
            continue
        secret = _read(name, Path(text))
        if secret is not None:
            found[wanted] = secret
    return found


def _read(name: str, path: Path) -> str | None:
    """What a file holds; warned about is what is called a secret: many programs have `..._FILE` variables."""
    level = logging.WARNING if _SECRET.search(name) else logging.DEBUG
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MOST_BYTES:
            return None
        secret = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        log.log(level, "%s: %s cannot be read (%s)", name, path, reason)
        return None
    if facts.st_mode & stat.S_IROTH:
        log.log(level, "%s: everybody on this machine can read %s; chmod 600 it", name, path)
    return secret.removesuffix("\n").removesuffix("\r")

"""What a service is to run, out of its data folder: read beside it, nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping

from footfall.access.audit import Audit
from footfall.access.secrets import KEY_FILE, Secrets
from footfall.engine.clock import SystemClock
from footfall.serve.compiled import Compiled, Compiler
from footfall.serve.credentials import Credentials
from footfall.serve.folder import DataFolder
from footfall.serve.history import History
from footfall.store.database import connect


def kept(folder: DataFolder, environ: Mapping[str, str]) -> Compiled | None:
    """The present configuration; None where no service has been yet.

    Raises:
        ConfigError: it is wrong, or the keys cannot be read.
        StoreUnavailable: the database is locked or broken.
    """
    if not (folder.own.is_file() and (folder.keys / KEY_FILE).is_file()):
        return None
    own = connect(folder.own, "own")
    try:
        version = History(own).latest()
        secrets = Secrets(own, folder.keys, Audit(own, folder.keys, SystemClock()))
        return None if version is None else Compiler(environ).compile(version.text, Credentials(secrets).known())
    finally:
        own.dispose()

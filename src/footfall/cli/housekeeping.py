"""What `footfall serve` does once on a data folder: a new set-up link, a look at the audit log, a new key."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from footfall.access.audit import verify_audit
from footfall.access.gate import Gate
from footfall.access.users import SERVICE
from footfall.engine.clock import SystemClock
from footfall.serve.folder import DataFolder
from footfall.store.database import open_database
from footfall.store.folder_lock import FolderLock

FORGED = 1


def print_link(folder: DataFolder, url: str) -> int:
    """Print a new set-up link; the service may run meanwhile."""
    folder.prepare()
    with _gate(folder) as gate:
        say(link(gate, url))
    return 0


def link(gate: Gate, url: str) -> str:
    """What makes the first account."""
    return f"set up: {url}/#/setup?token={gate.new_setup_link()}"


def check_audit(folder: DataFolder) -> int:
    """Say where the audit log is not as it was written; the service may run meanwhile. Exit code 1 if it is not.

    Raises:
        ConfigError: there is no log.
    """
    findings = verify_audit(folder.root)
    for finding in findings:
        say(f"audit log, entry {finding.number}: {finding.what}")
    if not findings:
        say("the audit log is as it was written")
    return FORGED if findings else 0


def rotate_keys(folder: DataFolder) -> int:
    """Seal every secret with a new key.

    Raises:
        ConfigError: the service runs: it would go on with the old key.
    """
    folder.prepare()
    lock = FolderLock(folder.root)
    try:
        with _gate(folder) as gate:
            say(f"{gate.secrets.rotate(SERVICE.name)} secrets are sealed with a new key")
    finally:
        lock.release()
    return 0


@contextmanager
def _gate(folder: DataFolder) -> Iterator[Gate]:
    own = open_database(folder.own, "own")
    try:
        yield Gate(own, folder.root, SystemClock())
    finally:
        own.dispose()


def say(text: str) -> None:
    """One line on standard error."""
    print(f"footfall serve: {text}", file=sys.stderr, flush=True)  # noqa: T201

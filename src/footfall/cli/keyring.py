"""The keys that pictures, models and exports of Custom Vision are sealed with.

`status` says what protects them and whether they open; `rotate` makes new ones and wraps the key of every object anew,
beside a running service too; `disable-customer-key` takes a customer's key off while it still opens. Which keys there
are is said by FOOTFALL_SERVICE_KEY and FOOTFALL_CUSTOMER_KEY, as for the service.

Examples:
  footfall keyring status
  footfall keyring rotate --data /srv/vision
  FOOTFALL_CUSTOMER_KEY=https://vault.example:8200/v1/transit/keys/footfall footfall keyring disable-customer-key
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.engine.clock import SystemClock
from footfall.runtime.folders import data_folder
from footfall.vault.making import RING_FILE, open_ring, service_key_file
from footfall.vault.objects import SealedObjects
from footfall.vault.ring import Ring
from footfall.vault.rotation import rotate

REVOKED = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="status|rotate|disable-customer-key")
    for name, help_ in (
        ("status", "what protects the keys, how old they are, whether they open (exit code 1: they do not)"),
        ("rotate", "new keys for old; contents stay as they are"),
        ("disable-customer-key", "the service's key alone from now on"),
    ):
        kind = kinds.add_parser(name, help=help_)
        kind.add_argument("--data", type=Path, metavar="DIR", help="the data folder (default: as for customvision)")


def main(args: argparse.Namespace) -> int:
    """Look, rotate or disable; the exit code."""
    data: Path = (args.data or data_folder() / "customvision").absolute()
    keys = data / "keys"
    if not (keys / RING_FILE).exists():
        what, cure = "holds no ring of keys", "name the data folder of a service that has been started, with --data"
        raise ConfigError([Problem(str(data), "--data", what, cure)])
    ring = open_ring(keys, os.environ, SystemClock(), _told)
    if args.kind == "status":
        return _status(ring)
    _check_owner(keys)
    ring.check()
    if args.kind == "rotate":
        own = service_key_file(keys, os.environ)
        objects = SealedObjects(data / "objects", ring, tidies=False)
        count = rotate(ring, [objects], _told, own)
        _say(f"{count} objects have their keys wrapped anew; older keys are gone")
    else:
        ring.disable_customer_key()
        _say("from now on the service's key alone protects the ring; take FOOTFALL_CUSTOMER_KEY away")
    return 0


def _check_owner(keys: Path) -> None:
    """Files that this command puts in place must be readable for the service."""
    owner = keys.stat().st_uid
    if owner != os.geteuid():
        what, cure = f"belongs to user {owner}", f"run this as that user: sudo -u '#{owner}' footfall keyring ..."
        raise ConfigError([Problem(str(keys), "--data", what, cure)])


def _status(ring: Ring) -> int:
    status = ring.status()
    made = f"{status.made:%Y-%m-%d %H:%M}Z" if status.made else "unknown"
    lines = [
        f"state         {'revoked: ' + status.reason if status.is_revoked else 'open'}",
        *(f"protected by  {name}" for name in status.protected_by),
        f"newest key    {status.newest}, made {made}",
    ]
    if status.keys > 1:
        lines.append(f"older keys    {status.keys - 1}: a rotation was interrupted; rotate again")
    print("\n".join(lines))  # noqa: T201 - what was asked for
    return REVOKED if status.is_revoked else 0


def _told(event: str, what: Mapping[str, object]) -> None:
    _say(" ".join([event, *(f"{name}={value}" for name, value in what.items())]))


def _say(text: str) -> None:
    sys.stderr.write(f"footfall keyring: {text}\n")

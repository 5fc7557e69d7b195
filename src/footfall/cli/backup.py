"""Copy a service's data folder into one file, and back.

`make` may run beside the service: accounts, configuration, audit log, events, numbers, calibrations and what waits to
be sent are copied, each database as it was at one moment. Keys and certificates only with --keys, which needs a
passphrase; without them passwords of cameras have to be typed in again after a restore. Video only with --recordings.
Events that are stored in PostgreSQL are not in the folder: copy them with pg_dump.

`restore` refuses a folder that a service runs on, and checks every file before it changes anything; what was there
before is kept beside it.

The passphrase is read from --passphrase-file, or from FOOTFALL_BACKUP_PASSPHRASE.

Examples:
  footfall backup make monday.tar.gz
  footfall backup make monday.ffb --keys --passphrase-file /root/passphrase --data /var/lib/footfall
  footfall backup verify monday.ffb --passphrase-file /root/passphrase
  footfall backup restore monday.ffb --passphrase-file /root/passphrase --data /var/lib/footfall
"""

from __future__ import annotations

import argparse
import os
import sqlite3
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.engine.clock import SystemClock
from footfall.runtime.folders import data_folder
from footfall.runtime.secret_files import with_secret_files
from footfall.serve.archive import Manifest, Wish, make_archive
from footfall.serve.restoring import restore_archive, verify_archive

VARIABLE = "FOOTFALL_BACKUP_PASSPHRASE"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="make|verify|restore")
    make = kinds.add_parser("make", help="copy a data folder into a file")
    make.add_argument("--keys", action="store_true", help="keys and certificates too; needs a passphrase")
    make.add_argument("--recordings", action="store_true", help="video too")
    verify = kinds.add_parser("verify", help="read all of a copy and check it")
    restore = kinds.add_parser("restore", help="put a copy in the place of a data folder")
    for kind in (make, verify, restore):
        kind.add_argument("file", type=Path, metavar="FILE", help="the copy")
        kind.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="its first line seals and opens the copy"
        )
    for kind in (make, restore):
        kind.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder (default: as for serve)")


def main(args: argparse.Namespace) -> int:
    """Copy, check, or bring back."""
    passphrase, now = _passphrase(args.passphrase_file), SystemClock().now()
    if args.kind == "verify":
        _say(f"{args.file}: whole", verify_archive(args.file, passphrase, args.file.absolute().parent))
        return 0
    data: Path = args.data or data_folder() / "serve"
    if args.kind == "make":
        try:
            manifest = make_archive(Wish(data, args.file, passphrase, args.keys, args.recordings), now)
        except sqlite3.Error as error:
            cure = "look at the disk; footfall doctor"
            raise ConfigError([Problem("backup", str(data), f"a database cannot be copied: {error}", cure)]) from error
        _say(f"{args.file}: made", manifest)
        if not (data / "store.sqlite").exists():
            _print("events are not in this folder: if they are in PostgreSQL, copy them with pg_dump")
        return 0
    manifest, before = restore_archive(args.file, passphrase, data, now)
    _say(f"{data}: restored", manifest)
    if before is not None:
        _print(f"what was there before is in {before}")
    if not manifest.has_keys:
        _print("keys were not in it: type the passwords of cameras in again")
    return 0


def _say(what: str, manifest: Manifest) -> None:
    size_mib = sum(entry.bytes for entry in manifest.files) / 2**20
    keys = "with" if manifest.has_keys else "without"
    _print(f"{what}; {len(manifest.files)} files, {size_mib:.1f} MiB, {keys} keys, of {manifest.made}")


def _print(text: str) -> None:
    print(text)  # noqa: T201


def _passphrase(file: Path | None) -> str:
    if file is None:
        return with_secret_files(os.environ).get(VARIABLE, "")
    lines = file.read_text("utf-8").splitlines()
    if not lines or not lines[0]:
        raise ConfigError([Problem("backup", str(file), "holds no passphrase", "write it into the first line")])
    return lines[0]

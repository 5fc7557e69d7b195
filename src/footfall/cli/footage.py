"""Recordings of media graphs and clips of events: which there are, as plain MP4, sealed or not; keys; what is too old.

An asset is a folder of segments under the folder of all assets. Sealed files (`.enc`) need the keys that they were
sealed with: --keys FILE, or FOOTFALL_RECORDING_KEY_FILE, or FOOTFALL_RECORDING_KEY.

Examples:
  footfall footage list assets
  footfall footage export assets/door-20261121T093005Z door.mp4
  footfall footage export assets/cvr-shop robbery.mp4 --start 2026-11-21T09:30:00Z --end 2026-11-21T09:32:00Z
  footfall footage key recordings.key
  footfall footage export clips/door-cam-20261121T093005Z.mp4.enc clip.mp4 --keys recordings.key
  footfall footage prune assets
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import av
from rich.table import Table

from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.core.errors import ConfigError, Problem
from footfall.core.media_time import TICKS_PER_S, published, ticks_of, utc_of
from footfall.engine.clock import SystemClock
from footfall.recording.asset import About, segments_of
from footfall.recording.export import export_asset, export_clip
from footfall.recording.playback import Span, spans
from footfall.recording.retention import prune
from footfall.recording.sink import reason_of
from footfall.vault.keys import KEY_BYTES, keys_of
from footfall.vault.part import PartFile

ALWAYS = Span(0, 2**62)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|export|prune|key")
    listing = actions.add_parser("list", help="the assets in a folder: from when to when, how much, for how long")
    listing.add_argument("folder", metavar="FOLDER", type=Path, help="where the assets are")
    export = actions.add_parser("export", help="an asset or a sealed clip as one MP4 that every player plays")
    export.add_argument("source", metavar="ASSET|CLIP", type=Path, help="the folder of an asset, or a sealed clip")
    export.add_argument("target", metavar="FILE.mp4", type=Path, help="where to write it")
    export.add_argument(
        "--start", type=moment, metavar="TIME", help="of an asset: from then on, such as 2026-11-21T09:30Z"
    )
    export.add_argument("--end", type=moment, metavar="TIME", help="of an asset: until then")
    export.add_argument("--keys", metavar="FILE", help="the keys of what is sealed")
    pruning = actions.add_parser("prune", help="delete what is older than its asset says; recording goes on meanwhile")
    pruning.add_argument("folder", metavar="FOLDER", type=Path, help="where the assets are")
    key = actions.add_parser("key", help="make a new key for sealing recordings")
    key.add_argument("file", metavar="FILE", type=Path, help="where to write it; keep it apart from the recordings")


def moment(text: str) -> datetime:
    """A time of day; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-11-21T09:30:00Z") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def main(args: argparse.Namespace) -> int:
    """Do one action; the exit code."""
    actions = {"list": show_list, "export": write, "prune": delete, "key": make_key}
    try:
        return actions[args.action](args)
    except OSError as error:
        where = str(error.filename or getattr(args, "source", None) or getattr(args, "folder", None) or args.file)
        raise ConfigError([Problem(where, "$", reason_of(error), "name what is there and can be used")]) from error


def show_list(args: argparse.Namespace) -> int:
    """A table of all assets."""
    table = Table("asset", "from", "to", "shows", "MiB", "kept", box=None, pad_edge=False)
    for folder in sorted(args.folder.iterdir()):
        about = About.read(folder)
        if about is None:
            continue
        segments = segments_of(folder)
        size = sum((folder / one.file).stat().st_size for one in segments)
        ticks = sum(one.end_ticks - one.start_ticks for one in spans(segments))
        first, last = (segments[0].start_ticks, segments[-1].end_ticks) if segments else (None, None)
        kept = "for ever" if about.retention_days is None else f"{about.retention_days} d"
        table.add_row(
            folder.name, shown(first), shown(last), f"{ticks / TICKS_PER_S:.1f} s", f"{size / 2**20:.1f}", kept
        )
    if table.row_count:
        Terminal(width=None if Terminal().is_terminal else 200).print(table)
    else:
        say(f"there are no assets in {args.folder}")
    return 0


def shown(ticks: int | None) -> str:
    """A media time for people."""
    return "-" if ticks is None else published(utc_of(ticks))


def write(args: argparse.Namespace) -> int:
    """Export an asset or a clip."""
    source, target = args.source, args.target
    if target.exists():
        raise refused(target, "exists already", "name a new file")
    keys = keys_of(os.environ, args.keys)
    span = None
    if args.start or args.end:
        if not source.is_dir():
            raise refused(source, "is a single clip: --start and --end are for assets", "leave them out")
        start = ticks_of(args.start) if args.start else ALWAYS.start_ticks
        span = Span(start, ticks_of(args.end) if args.end else ALWAYS.end_ticks)
    try:
        length_s = export_asset(source, target, keys, span) if source.is_dir() else export_clip(source, target, keys)
    except (ValueError, av.FFmpegError) as error:
        reason = reason_of(error) if isinstance(error, av.FFmpegError) else str(error)
        raise refused(source, reason, "see: footfall footage list FOLDER") from error
    say(f"{target}: {length_s:.1f} s")
    return 0


def delete(args: argparse.Namespace) -> int:
    """Delete what is too old."""
    say(f"{prune(args.folder, SystemClock().now())} segments deleted")
    return 0


def make_key(args: argparse.Namespace) -> int:
    """Write a new key, readable by its owner alone."""
    if args.file.exists():
        raise refused(
            args.file, "exists already", "keep it: without it nobody opens what it has sealed; name another file"
        )
    part = PartFile(args.file)
    part.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
    part.finish()
    say(f"{args.file}: keep it safe and apart from the recordings: without it nobody opens them, you neither")
    return 0


def refused(path: Path, what: str, cure: str) -> ConfigError:
    """What is wrong with a file."""
    return ConfigError([Problem(str(path), "$", what, cure)])

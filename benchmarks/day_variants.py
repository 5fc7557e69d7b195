"""What a replayed day is compared with: reading the same lines and doing nothing with them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import msgspec

import footfall.cli.replay  # noqa: F401 - loading it costs every variant the same
from benchmarks.recorded_day import REGIONS
from footfall.cli.main import main as command
from footfall.events.tracks import FrameLine


def main(arguments: Sequence[str]) -> None:
    """`parse TRACKS` or `replay TRACKS EVENTS`."""
    variant, tracks, *events = arguments
    if variant == "parse":
        parse(Path(tracks))
        return
    with redirect_stderr(StringIO()) as said:
        code = command(["replay", tracks, *REGIONS, f"--sink=jsonl:{events[0]}"])
    if code:
        sys.exit(f"footfall replay failed: {said.getvalue()}")


def parse(tracks: Path) -> None:
    """Decode every line."""
    decode = msgspec.json.Decoder(FrameLine).decode
    with tracks.open("rb") as lines:
        for line in lines:
            decode(line)

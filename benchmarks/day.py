"""`python -m benchmarks day [--cameras 8] [--hours 24]`: one recorded day of a shop, replayed twice, byte for byte.

Every camera's day is drawn by lot (see `recorded_day`), written, replayed with two lines and two zones into a file of
events, twice, and thrown away again. Times real time: seconds of one camera's recording over CPU seconds of the whole
command, start excluded; beside it the same for decoding the lines and doing nothing with them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import fingerprint, run_child
from benchmarks.recorded_day import FPS, recorded_day

HEADING = (
    "| camera | frames | people a frame | events | replay CPU s | times real time | decoding alone | RSS MiB | SHA |",
    "|---|---|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True, slots=True)
class Day:
    """One camera's day, replayed."""

    camera: int
    frames: int
    people: int
    """Sightings in all."""
    parse_s: float
    replay_s: float
    """The slower of both replays."""
    peak_rss_mib: float
    events: int
    sha256: str


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks day", description=__doc__)
    parser.add_argument("--cameras", type=int, default=8)
    parser.add_argument("--hours", type=float, default=24.0, help="so many out of the middle of the day")
    parser.add_argument("--seed", type=int, default=1, help="of the first camera")
    args = parser.parse_args(argv)
    print(fingerprint())
    for line in HEADING:
        print(line)
    days = []
    for camera in range(args.seed, args.seed + args.cameras):
        with TemporaryDirectory() as name:
            days.append(measure(camera, args.hours, Path(name)))
        print(row(str(camera), days[-1:], days[-1].sha256[:12]), flush=True)
    print(row("all", days, ""))
    return 0


def measure(camera: int, hours: float, folder: Path) -> Day:
    """Write one day, decode it, replay it twice.

    Raises:
        SystemExit: the two replays differ.
    """
    tracks, frames, people = folder / "tracks.jsonl", 0, 0
    with tracks.open("wb") as file:
        for line in recorded_day(camera, hours):
            file.write(line)
            frames += 1
            people += line.count(b'"id"')
    told = [folder / "first.jsonl", folder / "second.jsonl"]
    first = run_child("benchmarks.day_variants", "replay", str(tracks), str(told[0]))
    parse = run_child("benchmarks.day_variants", "parse", str(tracks))
    second = run_child("benchmarks.day_variants", "replay", str(tracks), str(told[1]))
    sums = {checksum(path) for path in told}
    if len(sums) != 1:
        raise SystemExit(f"camera {camera}: two replays of the same day differ")
    slower = max(first.cpu_s, second.cpu_s)
    rss_mib = max(first.peak_rss_mib, second.peak_rss_mib)
    return Day(camera, frames, people, parse.cpu_s, slower, rss_mib, count_lines(told[0]), sums.pop())


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def row(name: str, days: Iterable[Day], digest: str) -> str:
    """One line of the table: the sum of some days."""
    some = list(days)
    frames, replay_s = sum(day.frames for day in some), sum(day.replay_s for day in some)
    cells = (
        name,
        f"{frames}",
        f"{sum(day.people for day in some) / frames:.2f}",
        f"{sum(day.events for day in some)}",
        f"{replay_s:.1f}",
        f"{frames / FPS / replay_s:.0f}",
        f"{frames / FPS / sum(day.parse_s for day in some):.0f}",
        f"{max(day.peak_rss_mib for day in some):.0f}",
        digest,
    )
    return "| " + " | ".join(cells) + " |"

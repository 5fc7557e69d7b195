"""The table of totals at the end of a run."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from footfall.engine.supervisor import CameraRunner
from footfall.spatial.totals import Totals


def print_summary(totals: Mapping[str, Totals], runners: Sequence[CameraRunner], waiting: int) -> None:
    """What a run saw and what it cost, on standard error."""
    print_totals(totals)
    for runner in runners:
        counts = runner.metrics.counts
        words = f"{runner.name}: {counts['frames_in']} frames analysed, {counts['events']} events"
        if counts["frames_dropped"]:
            words += f", {counts['frames_dropped']} frames dropped to stay live"
        if counts["source_errors"]:
            words += f", {counts['source_errors']} reconnects"
        print(f"footfall: {words}", file=sys.stderr)  # noqa: T201
    if waiting:
        print(f"footfall: {waiting} events wait on disk and go out at the next start", file=sys.stderr)  # noqa: T201


def print_totals(totals: Mapping[str, Totals]) -> None:
    """One row per region on standard error."""
    table = Table("region", "right", "left", "enters", "exits", "now", "visits", "mean dwell", box=None, pad_edge=False)
    for graph in totals.values():
        for name, line in graph.lines.items():
            table.add_row(name, str(line.right), str(line.left), "", "", "", "", "")
        for name, zone in graph.zones.items():
            dwell = "" if zone.mean_dwell_s is None else f"{zone.mean_dwell_s:.1f} s"
            table.add_row(name, "", "", str(zone.enters), str(zone.exits), str(zone.now), str(zone.visits), dwell)
    if table.row_count:
        Console(stderr=True).print(table)

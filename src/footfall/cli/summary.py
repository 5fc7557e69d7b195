"""The table of totals at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.runtime import Runtime
from footfall.spatial.totals import Totals


def print_summary(totals: Mapping[str, Totals], runtime: Runtime, waiting: int) -> None:
    """What a run saw and what it cost, on standard error."""
    if any(runner.last_index >= 0 for runner in runtime.supervisor.runners):
        print_totals(totals)
    for runner in runtime.supervisor.runners:
        counts = runner.metrics.counts
        words = f"{runner.name}: {counts['frames_analysed']} frames analysed, {counts['events']} events"
        if counts["frames_dropped"]:
            words += f", {counts['frames_dropped']} frames dropped to stay live"
        if counts["reconnects"]:
            words += f", {counts['reconnects']} reconnects"
        say(words)
    if runtime.delivery.lost:
        say(f"{runtime.delivery.lost} events were lost, because they could not be written")
    if waiting:
        say(f"{waiting} events wait on disk and go out at the next start")


def print_totals(totals: Mapping[str, Totals]) -> None:
    """One row per region on standard error."""
    table = Table(box=None, pad_edge=False)
    table.add_column("region", overflow="fold")
    for heading in ("right", "left", "enters", "exits", "now", "visits", "mean dwell"):
        table.add_column(heading, justify="right", no_wrap=True)
    for camera, graph in totals.items():
        prefix = f"{camera}: " if len(totals) > 1 else ""
        for name, line in graph.lines.items():
            table.add_row(Text(prefix + name), str(line.right), str(line.left), "", "", "", "", "")
        for name, zone in graph.zones.items():
            dwell = "" if zone.mean_dwell_s is None else f"{zone.mean_dwell_s:.1f} s"
            figures = (zone.enters, zone.exits, zone.now, zone.visits)
            table.add_row(Text(prefix + name), "", "", *map(str, figures), dwell)
    if table.row_count:
        Terminal(stderr=True).print(table)

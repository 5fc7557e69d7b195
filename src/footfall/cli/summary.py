"""The table of totals at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping

from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from footfall.cli.recorders import TotalsRecorder
from footfall.cli.terminal import Terminal
from footfall.cli.watch import say
from footfall.config.plan import RecorderPlan
from footfall.runtime.runtime import Runtime
from footfall.spatial.interval import Estimate
from footfall.spatial.occupancy import Occupancy

WIDEST_NAME, WIDEST_TABLE = 40, 400


def print_summary(recorders: Mapping[str, TotalsRecorder], runtime: Runtime, waiting: int) -> None:
    """What a run saw and what it cost, on standard error."""
    if any(runner.last_index >= 0 for runner in runtime.supervisor.runners):
        print_totals(recorders)
    for runner in runtime.supervisor.runners:
        counts = runner.metrics.counts
        if isinstance(runner.plan, RecorderPlan):
            say(f"{runner.name}: {counts['clips']} clips")
            continue
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


def print_totals(recorders: Mapping[str, TotalsRecorder]) -> None:
    """One row per region on standard error, each figure with its interval."""
    table = Table(box=None, pad_edge=False)
    table.add_column("region", overflow="fold", max_width=WIDEST_NAME)
    for heading in ("right", "left", "enters", "exits", "now", "visits", "mean dwell"):
        table.add_column(heading, justify="right", no_wrap=True)
    for camera, graph in recorders.items():
        prefix = f"{camera}: " if len(recorders) > 1 else ""
        for name, line in graph.totals.lines.items():
            sure = graph.ledger.lines[name]
            table.add_row(Text(prefix + name), figure(line.right, sure.right), figure(line.left, sure.left))
        for name, zone in graph.totals.zones.items():
            told = (zone.enters, zone.exits, zone.now, zone.visits)
            known = graph.ledger.zones[name]
            estimates = (known.enters, known.exits, known.now, known.visits)
            figures = (figure(number, estimate) for number, estimate in zip(told, estimates, strict=True))
            table.add_row(Text(prefix + name), "", "", *figures, dwell(zone.mean_dwell_s, known.mean_dwell_s()))
    if table.row_count:
        wide = Terminal(stderr=True, width=WIDEST_TABLE)
        Terminal(stderr=True, width=Measurement.get(wide, wide.options, table).maximum).print(table)
        if any(str(cell).endswith(")") for column in table.columns[1:] for cell in column.cells):
            say("in brackets: what the truth lies in, 19 times out of 20")


def figure(number: int, estimate: Estimate) -> str:
    """`12 (11-14)`; where nothing else is credible, the number alone."""
    low, high = estimate.interval()
    return str(number) if low == high == number else f"{number} ({min(low, number)}-{max(high, number)})"


def dwell(mean_s: float | None, interval_s: tuple[float, float] | None) -> str:
    """`5.1 s (4.2-6.3)`; nothing before the first visit is over."""
    if mean_s is None or interval_s is None:
        return ""
    return f"{mean_s:.1f} s ({interval_s[0]:.1f}-{interval_s[1]:.1f})"


def print_inside(states: Mapping[str, Occupancy]) -> None:
    """How many are in each place, on standard error."""
    for name, state in states.items():
        say(f"{name}: {figure(state.people, state.estimate)} inside")

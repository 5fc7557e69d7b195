"""`python -m benchmarks ids [--ids 10000000] [--part rules|tracker]`: memory after ten million people who have left.

Rules: the filter of mannequins, the floor, identity repair, a line and two zones with every kind of rule, the encoder
and the totals, fed with ids. Tracker: fed with detections, 200 people at a time. State is what the machines keep alive,
counted object by object; RSS is the process.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from benchmarks.crowds import SIZE_PX, groups, passers_by, reachable_bytes
from benchmarks.machine import fingerprint
from footfall.core.options import EventSpec
from footfall.core.types import Observed, TrackObservation
from footfall.events.calibration import CalibrationInfo
from footfall.events.encode import EventEncoder
from footfall.events.ids import replay_ids
from footfall.events.tracks import EPOCH
from footfall.spatial.ground import GroundEstimator
from footfall.spatial.operation import Operation
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    DwellRule,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Zone,
    ZoneCrossingRule,
)
from footfall.spatial.stationary import StationaryFilter
from footfall.spatial.totals import Totals
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

ENCODED = 10
"""Every so many frames are worded: that takes most of the time and keeps nothing from one message to the next."""
LEFT = ((0.05, 0.5), (0.45, 0.5), (0.45, 0.95), (0.05, 0.95))
RIGHT = ((0.55, 0.5), (0.95, 0.5), (0.95, 0.95), (0.55, 0.95))
SPEC = SpatialSpec(
    zones=(
        Zone("left", LEFT, (CountRule(), ZoneCrossingRule(), DwellRule())),
        Zone("right", RIGHT, (DwellRule(), DistanceRule())),
    ),
    lines=(Line("across", (0.0, 0.55), (1.0, 0.55), (LineCrossingRule(),)),),
)


class Rules:
    """Everything behind the tracker that knows people."""

    def __init__(self, window_s: float) -> None:
        self.still = StationaryFilter(20.0, window_s)
        self.ground = GroundEstimator(None, SIZE_PX[1] / SIZE_PX[0], speed=True, orientation=True)
        self.operation = Operation(SPEC, SIZE_PX[1] / SIZE_PX[0])
        self.encoder = EventEncoder("camera", EventSpec(), replay_ids("camera"))
        self.totals = Totals.of(SPEC)

    def step(self, people: list[TrackObservation], t_s: float) -> None:
        """One frame, from people to messages."""
        frame = int(t_s)
        seen = self.ground.step(self.still.step(people, t_s, SIZE_PX), t_s)
        insights = self.operation.step(seen, t_s, frame)
        if frame % ENCODED == 0:
            observed = Observed("camera", frame, t_s, EPOCH, SIZE_PX, seen)
            self.encoder.encode(insights, observed, CalibrationInfo(), EPOCH)
        self.totals.add_all(insights)


def through_rules(window_s: float = 3600.0) -> Iterator[tuple[int, object]]:
    """(ids so far, everything that is kept), frame by frame; places are remembered for `window_s`."""
    rules = Rules(window_s)
    for t_s, born, people in passers_by():
        rules.step(people, t_s)
        yield born, rules


def through_tracker() -> Iterator[tuple[int, object]]:
    """(ids so far, everything that is kept), frame by frame."""
    given = 0

    def new_id() -> str:
        nonlocal given
        given += 1
        return f"{given:032x}"

    tracker = PeopleTracker(TrackerSettings(), new_id)
    for frame, (t_s, detections) in enumerate(groups()):
        tracker.update(detections, t_s, frame)
        yield given, tracker


PARTS = {"rules": through_rules, "tracker": through_tracker}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks ids", description=__doc__)
    parser.add_argument("--ids", type=float, default=1e7)
    parser.add_argument("--part", choices=PARTS, action="append", help="default: all")
    args = parser.parse_args(argv)
    print(fingerprint())
    print("| part | ids | state KiB | RSS MiB | CPU s |")
    print("|---|---|---|---|---|")
    for part in args.part or PARTS:
        wanted = [number for power in range(4, 9) if (number := 10**power) <= args.ids]
        started_s = process_time()
        for ids, kept in PARTS[part]():
            if ids >= wanted[0]:
                del wanted[0]
                cells = f"{ids}", f"{reachable_bytes(kept) / 1024:.0f}", f"{rss_mib():.1f}"
                print(f"| {part} | {' | '.join(cells)} | {process_time() - started_s:.0f} |", flush=True)
            if not wanted:
                break
    return 0


def rss_mib() -> float:
    """Resident memory now."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

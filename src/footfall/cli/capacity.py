"""How many such cameras does this computer carry?

Runs TARGET, your clip or camera, through the whole pipeline for a minute, measures what it costs, and says how many
like it fit: at least, and at most, with 30 % of the processor left for busier hours (--headroom). A file is played in
real time, over and over. Take a clip with as many people as there will be: they are what costs.

Examples:
  footfall capacity shop.mp4
  footfall capacity rtsp://user:secret@10.0.0.7/main --fps 8
  footfall capacity shop.mp4 --model motion --seconds 120 --json
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from footfall.cli.numbers import above_zero, whole
from footfall.cli.options import add_regions, regions
from footfall.cli.watch import say
from footfall.config.environment import read_settings
from footfall.config.native import plan_for_target
from footfall.config.plan import DetectSpec, NodePlan, OnEnd, Pace, Plan, SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.detect.catalogue import MOTION
from footfall.engine.runner import Runner, State
from footfall.evaluation.capacity import LEAST_WINDOWS, Capacity, Load, Machine, Window, capacity
from footfall.runtime.folders import models_folder
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.serve.checkup.machine import free_memory, usable_cores
from footfall.telemetry import set_up_logging

SETTLE_S = 3.0
"""Of the start: models warm up, the first picture comes."""
START_WITHIN_S = 20.0
LEAST_MEMORY = 64 << 20
OTHERS_SHARE = 0.2
"""So much of the computer in use by others is worth a word."""
WINDOW_S = 1.0
TICKS = os.sysconf("SC_CLK_TCK")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("target", metavar="TARGET", help="a video file, or the URL of a camera")
    parser.add_argument(
        "--seconds", type=whole(LEAST_WINDOWS, 3600), default=60, metavar="S", help="how long to measure (default 60)"
    )
    parser.add_argument("--model", metavar="NAME|PATH", help="detector (default: person)")
    parser.add_argument("--fps", type=above_zero, metavar="N", help="analyse at most N frames a second (default 15)")
    parser.add_argument("--threads", type=whole(1, 256), default=2, metavar="N", help="CPU threads of a network")
    parser.add_argument(
        "--headroom", type=whole(10, 100), default=70, metavar="PERCENT", help="how busy the cores may be (default 70)"
    )
    add_regions(parser)
    parser.add_argument("--config", metavar="FILE", help="take the regions from a configuration file")
    parser.add_argument("--lenient", action="store_true", help="tolerate trailing commas and the like in it")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")


def main(args: argparse.Namespace) -> int:
    """Measure, and say how many fit."""
    set_up_logging("warning", as_json=False)
    with TemporaryDirectory(prefix="footfall-capacity-") as folder:
        plan = _plan(args, f"jsonl:{folder}/events.jsonl")
        runtime = Runtime(plan, Options(models_folder(), Path(folder), threads=args.threads))
        before = _memory()
        say(f"measuring for {args.seconds} s ...")
        try:
            runtime.start()
            (runner,) = runtime.supervisor.runners
            _wait(runner)
            with _others() as others:
                windows = list(_windows(runner, args.seconds))
        finally:
            runtime.close()
    model = plan.graphs[0].spec(DetectSpec).model
    machine = Machine(usable_cores(), 0.9 * free_memory(), args.headroom / 100)
    load = Load(max(LEAST_MEMORY, _memory() - before), model != MOTION)
    beside = capacity(windows, replace(machine, others=others[0]), load).cameras
    _tell(capacity(windows, machine, load), machine, Others(others[0], beside), as_json=args.json)
    return 0


def _plan(args: argparse.Namespace, sink: str) -> Plan:
    settings = read_settings(os.environ)
    plan = plan_for_target(args.target, spatial=regions(args, settings), model=args.model, settings=settings)
    (graph,) = plan.graphs
    nodes = tuple(_in_real_time(node, args.fps) for node in graph.nodes)
    return replace(plan, graphs=(replace(graph, nodes=nodes),), sinks=(sink,))


def _in_real_time(node: NodePlan, fps: float | None) -> NodePlan:
    """Files are played as a camera would: by the clock, over and over."""
    if not isinstance(node.spec, SourceSpec):
        return node
    spec = replace(node.spec, max_fps=fps or node.spec.max_fps)
    if spec.on_end is OnEnd.STOP:
        spec = replace(spec, on_end=OnEnd.LOOP, pace=Pace.REALTIME)
    return replace(node, spec=spec)


def _wait(runner: Runner) -> None:
    """Until frames are analysed, and a little longer.

    Raises:
        SourceUnavailable: no frame comes.
        FootfallError: the camera or the model failed.
    """
    deadline_s = time.monotonic() + START_WITHIN_S
    while not runner.metrics.counts["frames_analysed"]:
        if runner.failure is not None:
            raise runner.failure
        if time.monotonic() > deadline_s or (runner.state is State.RECONNECTING and runner.reason):
            raise SourceUnavailable("no-frames", runner.reason or "no frame was analysed in time")
        time.sleep(0.1)
    time.sleep(SETTLE_S)


def _windows(runner: Runner, seconds: int) -> Iterator[Window]:
    """What the camera costs, second by second."""
    before = _Reading(runner)
    for _ in range(seconds):
        time.sleep(WINDOW_S)
        if runner.failure is not None:
            raise runner.failure
        now = _Reading(runner)
        yield now.since(before)
        before = now


class _Reading:
    """All meters at one moment."""

    def __init__(self, runner: Runner) -> None:
        counts = runner.metrics.counts
        self.wall_s, self.cpu_s = time.monotonic(), time.process_time()
        self.busy_s = runner.metrics.seconds["analysis"]
        self.decode_s = _decoders_s()
        self.frames = tuple(counts[name] for name in ("frames_in", "frames_analysed", "frames_dropped"))

    def since(self, before: _Reading) -> Window:
        """What passed between two readings."""
        return Window(
            self.wall_s - before.wall_s,
            self.cpu_s - before.cpu_s,
            self.decode_s - before.decode_s,
            self.busy_s - before.busy_s,
            *(now - then for now, then in zip(self.frames, before.frames, strict=True)),
        )


def _decoders_s() -> float:
    """Processor time so far of the threads that read and decode: the camera's reader, and FFmpeg's own (`av:...`)."""
    readers = {str(thread.native_id) for thread in threading.enumerate() if thread.name.endswith(" reader")}
    total = 0
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            name, _, rest = (task / "stat").read_text("utf-8", errors="replace").rpartition(")")
            fields = rest.split()
            if task.name in readers or "(av:" in name:
                total += int(fields[11]) + int(fields[12])
    return total / TICKS


@contextmanager
def _others() -> Iterator[list[float]]:
    """Share of the computer's time that other programs take meanwhile."""
    share = [0.0]
    start, own_s = _busy(), time.process_time()
    yield share
    busy, total = (now - then for now, then in zip(_busy(), start, strict=True))
    own = (time.process_time() - own_s) * TICKS
    share[0] = max(0.0, busy - own) / max(total, 1.0)


def _busy() -> tuple[int, int]:
    """Ticks that all processors were busy, and all ticks."""
    ticks = [int(text) for text in Path("/proc/stat").read_text("utf-8").splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


@dataclass(frozen=True, slots=True)
class Others:
    """What other programs leave."""

    share: float
    """Of all cores that they took."""
    beside: int
    """So many cameras fit beside them."""


def _memory() -> int:
    """Bytes that this process holds, at the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _tell(found: Capacity, machine: Machine, others: Others, *, as_json: bool) -> None:
    if as_json:
        document = {**asdict(found), "machine": asdict(machine), "others": asdict(others)}
        print(json.dumps(document, indent=1))  # noqa: T201
        return
    sys.stdout.write("\n".join(_lines(found, machine, others)) + "\n")


def _lines(found: Capacity, machine: Machine, others: Others) -> Iterator[str]:
    perhaps = f" (perhaps {found.most})" if found.most > found.cameras else ""
    yield f"{found.cameras} cameras like this one fit{perhaps}; what runs out first: {found.limit}"
    yield f"  {found.fps_in:.1f} frames a second come, {found.fps_analysed:.1f} are analysed, {found.lost:.1%} left out"
    yield (
        f"  one camera keeps {found.cores.value:.2f} cores busy ({found.cores.low:.2f} to {found.cores.high:.2f}) "
        f"of {machine.cores:g}, of which {machine.headroom:.0%} may be"
    )
    yield f"  decoding {found.decode_ms:.1f} ms a frame, analysis {found.analysis_ms:.1f} ms a frame (processor time)"
    for advice in found.advice:
        yield f"  - {advice}"
    if others.share > OTHERS_SHARE:
        yield f"  other programs used {others.share:.0%} of this computer meanwhile: beside them {others.beside} fit"

"""Four simulated RTSP cameras on this machine: age of a frame when its events have been handed over."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

from benchmarks.machine import peak_rss_mib
from footfall.config.native import parse_line, parse_zone, plan_for_target
from footfall.config.plan import Plan
from footfall.runtime.folders import models_folder
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.simulator.rtsp import RtspCamera
from footfall.spatial.regions import SpatialSpec

SPATIAL = SpatialSpec((parse_zone("floor=0.1,0.4;0.9,0.4;0.9,0.95;0.1,0.95"),), (parse_line("hall=0.1,0.6,0.9,0.6"),))
WARM_UP_S = 8.0


def measure(clip: Path, folder: Path, *, cameras: int, seconds: float, model: str) -> dict[str, float]:
    """p50 and p95 of the latency in ms, frames analysed and dropped, CPU share and RSS, of one run."""
    with ExitStack() as stack:
        lines = [stack.enter_context(RtspCamera(clip)) for _ in range(cameras)]
        plans = [
            plan_for_target(camera.url, spatial=SPATIAL, source_id=f"cam{number}", model=model).graphs[0]
            for number, camera in enumerate(lines)
        ]
        graphs = tuple(replace(plan, id=f"{plan.id}{number}") for number, plan in enumerate(plans))
        options = Options(models_folder(), folder / "outbox", threads=1)
        runtime = Runtime(Plan(graphs, (f"jsonl:{folder / 'events.jsonl'}",)), options)
        runtime.start()
        time.sleep(WARM_UP_S)
        runners = runtime.supervisor.runners
        for runner in runners:
            runner.metrics.latencies_s.clear()
        before = [dict(runner.metrics.counts) for runner in runners]
        cpu_s = time.process_time()
        time.sleep(seconds)
        cpu_s = time.process_time() - cpu_s
        latencies_ms = [1000 * latency for runner in runners for latency in runner.metrics.latencies_s]
        after = [dict(runner.metrics.counts) for runner in runners]
        runtime.close()
    cuts = quantiles(latencies_ms, n=20)
    return {
        "cameras": cameras,
        "p50_ms": cuts[9],
        "p95_ms": cuts[18],
        "analysed_fps": sum(a["frames_analysed"] - b["frames_analysed"] for a, b in zip(after, before, strict=True))
        / seconds,
        "dropped": sum(
            a.get("frames_dropped", 0) - b.get("frames_dropped", 0) for a, b in zip(after, before, strict=True)
        ),
        "cpu_cores": cpu_s / seconds,
        "peak_rss_mib": peak_rss_mib(),
    }


def main(arguments: Sequence[str]) -> None:
    """`CLIP FOLDER CAMERAS SECONDS MODEL`: prints the figures as one line of `name=value`."""
    clip, folder, cameras, seconds, model = arguments
    figures = measure(Path(clip), Path(folder), cameras=int(cameras), seconds=float(seconds), model=model)
    print(" ".join(f"{name}={value:.1f}" for name, value in figures.items()))

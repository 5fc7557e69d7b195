"""`python -m benchmarks.capacity_child CLIP MODEL CAMERAS SECONDS`: cameras side by side; what each of them lost."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from footfall.config.native import plan_for_target
from footfall.config.plan import GraphPlan, OnEnd, Pace, Plan, SourceSpec
from footfall.runtime.folders import models_folder
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.spatial.regions import SpatialSpec

START_S = 10.0
FPS = 15.0
"""Of the clip; all of them are to be analysed."""


def camera(clip: str, model: str, number: int) -> GraphPlan:
    name = f"camera{number}"
    (graph,) = plan_for_target(clip, spatial=SpatialSpec(), source_id=name, model=model).graphs
    nodes = tuple(
        replace(node, spec=replace(node.spec, on_end=OnEnd.LOOP, pace=Pace.REALTIME))
        if isinstance(node.spec, SourceSpec)
        else node
        for node in graph.nodes
    )
    return replace(graph, nodes=nodes)


def main(clip: str, model: str, cameras: int, seconds: float) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        graphs = tuple(camera(clip, model, number) for number in range(cameras))
        plan = Plan(graphs, (f"jsonl:{folder}/events.jsonl",))
        runtime = Runtime(plan, Options(models_folder(), Path(folder)))
        runtime.start()
        try:
            time.sleep(START_S)
            before = [dict(runner.metrics.counts) for runner in runtime.supervisor.runners]
            busy_s = time.process_time()
            time.sleep(seconds)
            busy_s = time.process_time() - busy_s
            after = [dict(runner.metrics.counts) for runner in runtime.supervisor.runners]
            lag_s = max(runner.metrics.lag_s for runner in runtime.supervisor.runners)
        finally:
            runtime.close()
    analysed = [
        (now["frames_analysed"] - then["frames_analysed"]) / seconds for then, now in zip(before, after, strict=True)
    ]
    lost = [max(0.0, 1.0 - fps / FPS) for fps in analysed]
    return {
        "worst": round(max(lost), 3),
        "mean": round(mean(lost), 3),
        "lag_s": round(lag_s, 2),
        "cores": round(busy_s / seconds, 2),
        "ms_a_frame": round(1000 * busy_s / seconds / max(sum(analysed), 1e-9), 1),
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))))

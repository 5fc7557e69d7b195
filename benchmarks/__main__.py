"""`python -m benchmarks [--clip FILE] [--model NAME|PATH]...`: CPU over bare decoding, memory, latency.

Variants run in their own processes, interleaved, medians of several rounds; read the figures as ratios.
Writes `benchmarks/results/latest.json` and prints a table.
The other parts: `python -m benchmarks PART` with one of those in `PARTS`, `python -m benchmarks.extension`, and
`python -m benchmarks.looks`; each has `--help`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import (
    api,
    capacity,
    clips,
    customvision_classify,
    customvision_detect,
    customvision_images,
    customvision_predict,
    day,
    detectors,
    ids,
    intervals,
    jitter,
    live_view,
    recording,
    regions,
    rooms,
    serve_edits,
    store,
    tracking,
    vault_objects,
)
from benchmarks.machine import Cost, fingerprint, run_child
from footfall.simulator.scene import SceneSpec, write_scene

PARTS = {
    "api": api.main,
    "capacity": capacity.main,
    "clips": clips.main,
    "customvision-classify": customvision_classify.main,
    "customvision-detect": customvision_detect.main,
    "customvision-predict": customvision_predict.main,
    "day": day.main,
    "detectors": detectors.main,
    "ids": ids.main,
    "images": customvision_images.main,
    "intervals": intervals.main,
    "jitter": jitter.main,
    "live-edits": serve_edits.main,
    "live-view": live_view.main,
    "objects": vault_objects.main,
    "recording": recording.main,
    "regions": regions.main,
    "rooms": rooms.main,
    "store": store.main,
    "tracking": tracking.main,
}
RESULTS = Path(__file__).with_name("results")


def main() -> int:
    if sys.argv[1:2] and sys.argv[1] in PARTS:
        return PARTS[sys.argv[1]](sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--clip", type=Path, help="default: a simulated 1280x720 scene of 40 s at 15 fps")
    parser.add_argument("--model", action="append", default=[], help="default: motion")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30.0, help="length of a latency run")
    args = parser.parse_args()
    models = args.model or ["motion"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        clip = args.clip or draw(folder)
        report = {
            "machine": fingerprint(),
            "clip": str(args.clip or "simulated 1280x720, 40 s, 15 fps, 8 people"),
            "cpu": cpu(clip, models, args.rounds),
            "live": {model: [live(clip, folder, n, args.seconds, model) for n in (1, 4)] for model in models},
        }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0


def draw(folder: Path) -> Path:
    """The simulated scene."""
    write_scene(SceneSpec(duration_s=40.0, size_px=(1280, 720)), folder)
    return folder / "clip.mp4"


def cpu(clip: Path, models: list[str], rounds: int) -> dict[str, dict[str, float]]:
    """CPU seconds, ratio to bare decoding and peak RSS of each variant."""
    variants = {"bare decoding": ("decode", str(clip))} | {f"pipeline {m}": ("pipeline", str(clip), m) for m in models}
    costs: dict[str, list[Cost]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, arguments in variants.items():
            costs[name].append(run_child("benchmarks.variants", *arguments))
    base_s = median(cost.cpu_s for cost in costs["bare decoding"])
    return {
        name: {
            "cpu_s": median(cost.cpu_s for cost in measured),
            "over_bare_decoding": median(cost.cpu_s for cost in measured) / base_s,
            "least": min(cost.cpu_s for cost in measured),
            "most": max(cost.cpu_s for cost in measured),
            "peak_rss_mib": median(cost.peak_rss_mib for cost in measured),
        }
        for name, measured in costs.items()
    }


def live(clip: Path, folder: Path, cameras: int, seconds: float, model: str) -> dict[str, float]:
    """One latency run in its own process."""
    command = [sys.executable, "-m", "benchmarks.child", "benchmarks.latency"]
    arguments = [str(clip), str(folder), str(cameras), str(seconds), model]
    result = subprocess.run([*command, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    line = next(line for line in result.stdout.splitlines() if line.startswith("cameras="))
    return {name: float(value) for name, value in (item.split("=") for item in line.split())}


if __name__ == "__main__":
    raise SystemExit(main())

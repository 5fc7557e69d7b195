"""`python -m benchmarks capacity`: does `footfall capacity` say the truth?

One simulated camera is measured; then as many as were promised run side by side for a while, and as many as would need
all of the processor and half as much again. A camera holds if it loses at most 5 % of the frames it should analyse.
The simulated camera is a drawn scene, played from a file by the clock, so that nothing but footfall costs time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import fingerprint
from footfall.simulator.scene import SceneSpec, write_scene

HOLDS = 0.05
RESULTS = Path(__file__).with_name("results")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks capacity", description=__doc__)
    parser.add_argument("--clip", type=Path, help="default: a simulated 1280x720 scene of 40 s at 15 fps, 8 people")
    parser.add_argument("--model", action="append", default=[], help="default: motion")
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args(argv)
    with TemporaryDirectory() as name:
        clip = args.clip or draw(Path(name))
        found = [validated(clip, model, args.seconds) for model in args.model or ["motion"]]
    report = {"machine": fingerprint(), "clip": str(args.clip or "simulated 1280x720, 15 fps, 8 people"), "runs": found}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "capacity.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))
    return 0


def draw(folder: Path) -> Path:
    write_scene(SceneSpec(duration_s=40.0, size_px=(1280, 720), people=8), folder)
    return folder / "clip.mp4"


def validated(clip: Path, model: str, seconds: int) -> dict[str, object]:
    """What was promised, and what came of it."""
    command = [sys.executable, "-m", "footfall", "capacity", str(clip)]
    command += ["--model", model, "--seconds", str(seconds), "--json"]
    promise = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    cores, headroom = promise["machine"]["cores"], promise["machine"]["headroom"]
    all_of_it = max(promise["most"] + 1, round(1.5 * cores / promise["cores"]["value"]))
    counts = [n for n in (promise["cameras"], promise["most"], all_of_it) if n]
    runs = [side_by_side(clip, model, n, seconds) for n in dict.fromkeys(counts)]
    return {"model": model, "promise": promise, "headroom": headroom, "runs": runs}


def side_by_side(clip: Path, model: str, cameras: int, seconds: int) -> dict[str, object]:
    """So many cameras in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.capacity_child", str(clip), model, str(cameras), str(seconds)]
    lost = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"cameras": cameras, **lost, "holds": lost["worst"] <= HOLDS}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

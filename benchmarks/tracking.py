"""`python -m benchmarks tracking --harness FOLDER [--python PYTHON]`: our tracker beside published ones.

The folder holds the measuring tool (`run.py`, `motdata.py`, `motmetric.py`, `peers.py`) and PYTHON the published
trackers. Results are kept in `benchmarks/results/tracking.json`, one for each tracker and set, so that a run that was
cut off goes on where it stopped; `--again TRACKER` forgets those of one tracker. Prints the tables of RESULTS.md.

    python -m benchmarks tracking --harness ../harness --python ../peers/bin/python --again footfall
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results") / "tracking.json"
ROOT = Path(__file__).parents[1]
OURS = "footfall"
SPECS = {
    OURS: "benchmarks.tracking_harness:factory",
    "footfall, boxes as detected": "benchmarks.tracking_harness:seen_only",
} | {
    name: f"peers:{factory}"
    for name, factory in {
        "TrackTrack (ultralytics)": "ul_tracktrack",
        "OccluBoost (boxmot)": "bx_occluboost",
        "BoT-SORT (roboflow)": "rf_botsort",
        "C-BIoU (roboflow)": "rf_cbiou",
        "SFSORT, long memory (boxmot)": "bx_sfsort_long",
        "BoT-SORT (ultralytics)": "ul_botsort",
        "FastTrack (ultralytics)": "ul_fasttrack",
        "BoT-SORT (boxmot)": "bx_botsort",
        "ByteTrack (boxmot)": "bx_bytetrack",
        "ByteTrack (ultralytics)": "ul_bytetrack",
        "ByteTrack (supervision)": "sv_bytetrack",
        "ByteTrack (roboflow)": "rf_bytetrack",
        "ByteTrack (bytetracker)": "pypi_bytetracker",
        "BoostTrack (boxmot)": "bx_boosttrack",
        "Hybrid-SORT (boxmot)": "bx_hybridsort",
        "Deep OC-SORT (boxmot)": "bx_deepocsort",
        "Deep OC-SORT (ultralytics)": "ul_deepocsort",
        "OC-SORT (roboflow)": "rf_ocsort",
        "OC-SORT (ultralytics)": "ul_ocsort",
        "OC-SORT (boxmot)": "bx_ocsort",
        "OC-SORT with bytes (boxmot)": "bx_ocsort_byte",
        "SFSORT (boxmot)": "bx_sfsort",
        "Norfair": "norfair_iou",
        "Norfair, long memory": "norfair_iou_long",
        "motpy": "motpy_default",
        "SORT (roboflow)": "rf_sort",
        "SORT": "bare_sort",
        "SORT, memory of 1 s": "bare_sort_buffer30",
    }.items()
}
"""With their packages' own settings. Neither pictures nor appearance networks: none are at hand, for anybody."""
SOURCES = ("mot17", "mot17-weak", "mot15-frcnn", "mot15-acf", "mot20-01")
SETS = tuple(f"{source}{rate}" for rate in ("", "@5fps", "@10fps") for source in SOURCES)
PEOPLE = (10, 20, 50, 100, 300, 1000)
TIMED = (OURS, "ByteTrack (supervision)", "ByteTrack (roboflow)", "SORT", "TrackTrack (ultralytics)")
UNIT = "ByteTrack (supervision)"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks tracking", description=__doc__)
    parser.add_argument("--harness", type=Path, required=True, help="folder of the measuring tool")
    parser.add_argument("--python", default=sys.executable, help="the Python that has the trackers (default: this one)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="default: %(default)s")
    parser.add_argument("--tracker", action="append", default=[], choices=SPECS, help="only these")
    parser.add_argument("--set", action="append", default=[], choices=SETS, help="only these")
    parser.add_argument("--again", action="append", default=[], choices=SPECS, help="measure these anew")
    parser.add_argument("--time", action="store_true", help="measure the times anew")
    parser.add_argument("--table", action="store_true", help="only print what was measured")
    args = parser.parse_args(arguments)
    if not (args.harness / "peers.py").is_file():
        parser.error(f"--harness {args.harness}: no peers.py there; give the folder of the measuring tool")
    if not args.table:
        bench = Bench(args.harness, args.python, args.results)
        bench.forget(args.again)
        bench.measure(args.tracker or list(SPECS), args.set or list(SETS))
        if args.time:
            bench.time()
    print("\n".join(report(read(args.results))))
    return 0


class Bench:
    """Runs trackers in children and keeps what they measured.

    Args:
        harness: folder of the measuring tool.
        python: the Python that has the trackers.
        results: JSON file.
    """

    def __init__(self, harness: Path, python: str, results: Path) -> None:
        self._python, self._results = python, results
        places = os.pathsep.join(str(place) for place in (ROOT / "src", ROOT, harness.resolve()))
        self._env = os.environ | {"PYTHONPATH": places, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

    def forget(self, trackers: list[str]) -> None:
        """Drop the results of these trackers."""
        for tracker in trackers:
            self._keep(dict.fromkeys(SETS), tracker)

    def measure(self, trackers: list[str], sets: list[str]) -> None:
        """Measure what is not known yet; sets of the same rate first for every tracker."""
        for rate in dict.fromkeys(name.partition("@")[2] for name in sets):
            for tracker in trackers:
                known = read(self._results).get("accuracy", {}).get(tracker, {})
                missing = [name for name in sets if name.partition("@")[2] == rate and known.get(name) is None]
                if missing:
                    self._measure(tracker, missing)

    def _measure(self, tracker: str, sets: list[str]) -> None:
        print(f"{tracker}: {', '.join(sets)}", file=sys.stderr, flush=True)
        command = [self._python, "-m", "benchmarks.tracking_run", SPECS[tracker], *sets]
        with subprocess.Popen(command, env=self._env, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            for line in child.stdout or ():
                result = json.loads(line)
                self._keep({result["set"]: result}, tracker)
        if child.returncode:
            print(f"{tracker}: ended with code {child.returncode}; left out", file=sys.stderr)

    def time(self) -> None:
        """CPU time a frame, all trackers in turn: on the same crowds, and on the same frames of the first set."""
        crowds = self._timed("--time", ",".join(map(str, PEOPLE)))
        crowds = {name: {count: each["median_ms"] for count, each in found.items()} for name, found in crowds.items()}
        write(
            self._results,
            read(self._results) | {"times": {"people": crowds, "boxes": self._timed("--time-on", SETS[0])}},
        )

    def _timed(self, option: str, value: str) -> dict[str, Any]:
        command = [self._python, "-m", "benchmarks.tracking_run", option, value, *(SPECS[name] for name in TIMED)]
        found = subprocess.run(command, env=self._env, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
        table = json.loads(found.stdout.splitlines()[-1])
        return {name: table[SPECS[name]] for name in TIMED}

    def _keep(self, results: dict[str, Any], tracker: str) -> None:
        known = read(self._results)
        of_tracker = known.setdefault("accuracy", {}).setdefault(tracker, {}) | results
        known["accuracy"][tracker] = {name: value for name, value in of_tracker.items() if value is not None}
        write(self._results, known)


def read(path: Path) -> dict[str, Any]:
    """What was measured so far."""
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def write(path: Path, known: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(known, indent=1) + "\n")
    fresh.replace(path)


def report(known: dict[str, Any]) -> list[str]:
    """The tables, in markdown."""
    accuracy = known.get("accuracy", {})
    lines = []
    for rate in ("", "@10fps", "@5fps"):
        sets = [name for name in SETS if name.partition("@")[2] == rate[1:]]
        lines += ["", f"| {rate[1:] or 'full rate'} | " + " | ".join(sets) + " |", "|---" * (len(sets) + 1) + "|"]
        for tracker in sorted(accuracy, key=lambda each: -_mean(accuracy[each], sets)):
            lines.append(f"| {tracker} | " + " | ".join(_cell(accuracy, tracker, name) for name in sets) + " |")
    for what, times in known.get("times", {}).items():
        columns = list(times[UNIT])
        lines += ["", f"| {what} | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
        for tracker, found in times.items():
            ratios = (found[column] / times[UNIT][column] for column in columns)
            lines.append(f"| {tracker} | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")
    return lines


def _mean(results: dict[str, Any], sets: list[str]) -> float:
    return float(sum(results[name]["HOTA"] + results[name]["IDF1"] for name in sets if name in results))


def _cell(accuracy: dict[str, Any], tracker: str, name: str) -> str:
    if name not in accuracy[tracker]:
        return ""
    best = {key: max(found[name][key] for found in accuracy.values() if name in found) for key in ("HOTA", "IDF1")}
    result = accuracy[tracker][name]
    return " / ".join(f"**{result[key]:.1f}**" if result[key] == best[key] else f"{result[key]:.1f}" for key in best)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

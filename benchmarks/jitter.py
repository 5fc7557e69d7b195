"""`python -m benchmarks jitter [--seeds N,...] [--people N] [--peers PYTHON]`: our rules beside supervision's.

Both are fed with the same observations of the jitter suite (`footfall evaluate jitter`). Supervision counts with
`LineZone` and `PolygonZone` on the lower edge's middle; a visit is told when an id is inside for so many frames in a
row and was not before. Its one setting, the number of frames (`minimum_crossing_threshold`), is tried with 1, 5 and 12 and
the best over all conditions is shown, too. It lives in an environment of its own: name its interpreter with `--peers`.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.regions import without_peers
from footfall.evaluation.jitter import Counting, JitterReport, Score, Suite, Told, count_with_rules, run_suite
from footfall.evaluation.jitter_noise import Crowd
from footfall.evaluation.jitter_walks import HEIGHT_PX, LINES_PX, WIDTH_PX, ZONES_PX

PEER_FRAMES = (1, 5, 12)
SCALE = 4.0
"""The peer's zones are masks of whole pixels: a picture of 2560 x 1440 is fine enough."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks jitter", description=__doc__)
    parser.add_argument("--seeds", default="11,12,13", help="none of them was looked at when settings were chosen")
    parser.add_argument("--people", type=int, default=240)
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter that has supervision; default this one")
    args = parser.parse_args(arguments)
    if args.peers:
        command = [args.peers, "-W", "ignore", "-m", "benchmarks.jitter", *without_peers(arguments, args.peers)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(["src", "."])}
        return subprocess.run(command, check=False, env=environment).returncode
    seeds = [int(part) for part in args.seeds.split(",")]
    counters: dict[str, Counting] = {"footfall": count_with_rules}
    if importlib.util.find_spec("supervision"):
        counters |= {f"supervision, {n} frames": partial(count_with_supervision, least=n) for n in PEER_FRAMES}
    reports = {name: measure(counting, seeds, args.people) for name, counting in counters.items()}
    show(reports)
    return 0


def measure(counting: Counting, seeds: list[int], people: int) -> JitterReport:
    """All seeds added up, condition by condition."""
    sums: dict[str, Counter[str]] = {}
    for seed in seeds:
        for score, _ in run_suite(Suite(seed, people), counting):
            own = sums.setdefault(score.condition, Counter())
            own.update(truth=score.truth, missed=score.missed, extra=score.extra, off=score.off)
    return JitterReport(tuple(Score(name, **own) for name, own in sums.items()))


def show(reports: dict[str, JitterReport]) -> None:
    """One table in Markdown: total error / strict error."""
    peers = [name for name in reports if name != "footfall"]
    best = min(peers, key=lambda name: reports[name].overall.total_error, default=None)
    names = ["footfall", *([peers[0]] if peers else []), *([best] if best and best != peers[0] else [])]
    print("| condition | truth | " + " | ".join(names) + " |")
    print("|---" * (len(names) + 2) + "|")
    for rows in zip(*((*reports[name].scores, reports[name].overall) for name in names), strict=True):
        cells = " | ".join(f"{row.total_error:.1%} / {row.strict_error:.1%}" for row in rows)
        print(f"| {rows[0].condition} | {rows[0].truth} | {cells} |")
    for name in peers:
        overall = reports[name].overall
        print(f"{name}: {overall.total_error:.1%} / {overall.strict_error:.1%} overall")


def count_with_supervision(crowd: Crowd, least: int) -> Iterator[Told]:
    """The peer's lines and zones; `least` frames on a side, or inside, make it sure."""
    import supervision as sv  # noqa: PLC0415 only there in the peers' environment

    foot = sv.Position.BOTTOM_CENTER
    lines = {
        name: sv.LineZone(
            sv.Point(*(SCALE * v for v in start)),
            sv.Point(*(SCALE * v for v in end)),
            triggering_anchors=[foot],
            minimum_crossing_threshold=least,
        )
        for name, (start, end) in LINES_PX.items()
    }
    zones = {
        name: sv.PolygonZone((SCALE * np.array(polygon)).astype(int), triggering_anchors=[foot])
        for name, polygon in ZONES_PX.items()
    }
    stays: dict[str, Counter[str]] = {name: Counter() for name in zones}
    for frame, people in enumerate(crowd.frames):
        if not people:
            continue
        numbers = np.array([hash(person.track_id) for person in people])
        boxes = np.array([p.box_n for p in people]) * SCALE * np.array([WIDTH_PX, HEIGHT_PX, WIDTH_PX, HEIGHT_PX])
        detections = sv.Detections(xyxy=boxes, confidence=np.full(len(people), 0.9), tracker_id=numbers)
        for name, line in lines.items():
            entered, left = line.trigger(detections)
            for what, rows in (("CrossRight", left), ("CrossLeft", entered)):
                yield from ((name, what, people[row].track_id, frame) for row in np.flatnonzero(rows))
        for name, zone in zones.items():
            yield from visits(name, stays[name], zone.trigger(detections), crowd, frame, least)


def visits(name: str, stays: Counter[str], inside: np.ndarray, crowd: Crowd, frame: int, least: int) -> Iterator[Told]:
    """An id that is inside for `least` frames in a row has entered; outside for one, it has left."""
    for person, is_inside in zip(crowd.frames[frame], inside, strict=True):
        stays[person.track_id] = stays[person.track_id] + 1 if is_inside else 0
        if stays[person.track_id] == least:
            yield name, "Enter", person.track_id, frame


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

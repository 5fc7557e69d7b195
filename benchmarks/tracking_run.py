"""One tracker on some sets, a JSON line each; or many trackers on synthetic crowds, in turn.

Child of `benchmarks.tracking`; runs in the Python that has the published trackers, with the measuring tool's folder on
PYTHONPATH (`run`, `motdata`, `motmetric`, `peers`).

    python -m benchmarks.tracking_run MODULE:FACTORY SET [SET ...]
    python -m benchmarks.tracking_run --time PEOPLE[,PEOPLE...] MODULE:FACTORY [MODULE:FACTORY ...]
    python -m benchmarks.tracking_run --time-on SET MODULE:FACTORY [MODULE:FACTORY ...]
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from time import thread_time
from typing import Any

import motdata
import motmetric
import numpy as np
import run

SOURCES: dict[str, tuple[list[str], str, dict[str, bool]]] = {
    "mot17": (motdata.MOT17, "yolox", {"first": True}),
    "mot17-weak": (motdata.MOT17, "yolox", {"first": True, "weak": True}),
    "mot15-frcnn": (motdata.MOT15, "frcnn", {}),
    "mot15-acf": (motdata.MOT15_ACF, "acf", {}),
    "mot20-01": (["MOT20-01"], "yolox", {"first": True}),
}
"""Sequences, detections and how they are cut. Of MOT17 and MOT20 the first halves, MOT15 whole."""
STRIDES = {"10fps": (3, 2), "5fps": (6, 3)}
"""Every so many frames of a sequence at 25 to 30 frames a second, and of one at 7 to 15."""
FAST = 20.0
BOXES = ((10, 15), (15, 25), (25, 35), (35, 50))
"""Of frames whose times are told together."""
ROUNDS, LONGEST, WARM_UP, CROWD_FRAMES = 3, 300, 10, 60
"""Times are the best of so many rounds over so many frames of each sequence, without the first ones."""

motdata._load = functools.cache(motdata._load)


def sequences(name: str) -> Iterator[Any]:
    """The sequences of one set, such as `mot17` or `mot17-weak@5fps`."""
    source, _, rate = name.partition("@")
    names, detections, cut = SOURCES[source]
    for each in names:
        fast, slow = STRIDES.get(rate, (1, 1))
        whole = motdata.load_gt(each)[1]
        yield motdata.make(each, detections, stride=fast if whole > FAST else slow, **cut)


def measure(spec: str, name: str) -> dict[str, Any]:
    """Accuracy of one tracker on one set, of each sequence and of all together."""
    factory = run.resolve(spec)
    parts, spent_ms, each = [], [], {}
    for sequence in sequences(name):
        found, frames_ms = run.run_seq(factory, sequence)
        parts.append(motmetric.evaluate(sequence, found))
        spent_ms += frames_ms
        each[sequence.name] = motmetric.summary(parts[-1])
    total = motmetric.combine(parts)[0]
    return {"tracker": spec, "set": name, **total, "ms": float(np.median(spent_ms)), "sequences": each}


def time_on(specs: list[str], name: str) -> dict[str, dict[str, float]]:
    """Median CPU milliseconds a frame of `BOXES` boxes, all trackers in turn on the same frames; best of `ROUNDS`."""
    spent_ms: dict[str, list[float]] = {spec: [] for spec in specs}
    boxes: list[int] = []
    for sequence in sequences(name):
        rounds = [_round(specs, sequence.dets, sequence.fps, run.info_of(sequence)) for _ in range(ROUNDS)]
        boxes += [len(found) for found, _ in sequence.dets[WARM_UP:LONGEST]]
        for spec in specs:
            spent_ms[spec] += np.min([each[spec] for each in rounds], axis=0).tolist()
    table: dict[str, dict[str, float]] = {spec: {} for spec in specs}
    for low, high in BOXES:
        rows = [k for k, count in enumerate(boxes) if low <= count < high]
        for spec in specs:
            table[spec][f"{low}-{high - 1}"] = float(np.median(np.array(spent_ms[spec])[rows]))
    return table


def time_crowds(specs: list[str], counts: list[int]) -> dict[str, dict[int, dict[str, float]]]:
    """Median CPU milliseconds a frame of so many synthetic people, all trackers in turn; best of `ROUNDS`."""
    table: dict[str, dict[int, dict[str, float]]] = {spec: {} for spec in specs}
    for count in counts:
        frames, size = run.crowd(count, CROWD_FRAMES)
        about = {"name": "crowd", "size": size, "camera": None, "static": True}
        rounds = [_round(specs, frames, 30.0, about) for _ in range(ROUNDS)]
        for spec in specs:
            best_ms = np.min([each[spec] for each in rounds], axis=0)
            table[spec][count] = {"median_ms": float(np.median(best_ms))}
    return table


def _round(specs: list[str], frames: Any, fps: float, about: dict[str, Any]) -> dict[str, list[float]]:
    """Milliseconds of each frame. Who has just run finds its code warm: each frame draws the order of the trackers."""
    live = {spec: run.build(run.resolve(spec), fps, about) for spec in specs}
    spent_ms: dict[str, list[float]] = {spec: [] for spec in specs}
    lots = np.random.default_rng(1)
    for boxes, scores in frames[:LONGEST]:
        for number in lots.permutation(len(specs)):
            found = boxes.copy(), scores.copy()
            start = thread_time()
            live[specs[number]].update(*found)
            spent_ms[specs[number]].append(1e3 * (thread_time() - start))
    return {spec: spent[WARM_UP:] for spec, spent in spent_ms.items()}


def main(arguments: list[str]) -> None:
    if arguments[0] == "--time-on":
        print(json.dumps(time_on(arguments[2:], arguments[1])))
        return
    if arguments[0] == "--time":
        with redirect_stdout(sys.stderr):
            table = time_crowds(arguments[2:], [int(count) for count in arguments[1].split(",")])
        print(json.dumps(table))
        return
    for name in arguments[1:]:
        with redirect_stdout(sys.stderr):
            result = measure(arguments[0], name)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

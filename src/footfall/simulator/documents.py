"""Truth as text: `truth.json` (format "footfall-truth-1") and `tracks.jsonl` (one JSON object a frame)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import degrees

from footfall.core.geometry import Box, Point
from footfall.simulator.truth import Crossing, FrameTruth, PersonTruth, Truth, Visit
from footfall.spatial.ground import Camera

TOLERANCE_S = 0.4
PROBE_EVERY_S = 1.0
DIGITS = 5


def truth_document(
    truth: Truth, fps: float, size_px: tuple[int, int], camera: Camera, origin: Mapping[str, object]
) -> str:
    """The text of `truth.json`; `origin` says where the clip comes from and is copied in."""
    tolerance = max(2, round(TOLERANCE_S * fps))
    document = {
        "format": "footfall-truth-1",
        "coords": "normalised 0..1, origin top-left; frame numbers 0-based in decode order",
        "anchor": "foot = point on the floor under the person, projected",
        "direction": "sign of (x2-x1)*(fy-y1)-(y2-y1)*(fx-x1) AFTER the crossing: +1 CrossRight, -1 CrossLeft",
        **origin,
        "frames": truth.frames,
        "fps": fps,
        "size": list(size_px),
        "camera": {
            "height_m": camera.height_m,
            "focal_w": camera.focal_w,
            "tilt_rad": camera.tilt_rad,
            "tilt_deg": round(degrees(camera.tilt_rad), 3),
        },
        "persons_total": truth.persons_total,
        "lines": {name: _line(truth, name, tolerance) for name in truth.regions.lines},
        "zones": {name: _zone(truth, name, tolerance, fps) for name in truth.regions.zones},
        "occupancy_whole_frame": {
            "probes": _probes(truth.whole_frame, tolerance, fps),
            "max": max((n for n in truth.whole_frame if n is not None), default=0),
        },
        "arguments": truth.regions.arguments(),
    }
    return json.dumps(document, indent=1) + "\n"


def tracks_line(truth: FrameTruth) -> str:
    """One line of `tracks.jsonl`: everybody of whom anything can be seen.

    `box` is the whole figure within the picture, hidden parts too; `full_box` also goes beyond the border.
    """
    people = [_person(p, p.full_box_n, p.visible_box_n) for p in truth.people if p.full_box_n and p.visible_box_n]
    return json.dumps({"frame": truth.frame, "t": round(truth.t_s, 6), "people": people}, separators=(",", ":"))


def _person(person: PersonTruth, full_box_n: Box, visible_box_n: Box) -> dict[str, object]:
    return {
        "id": person.id,
        "box": _rounded([min(1.0, max(0.0, v)) for v in full_box_n]),
        "score": 1.0,
        "footprint": _rounded(person.foot_n),
        "ground_m": _rounded(person.ground_m),
        "full_box": _rounded(full_box_n),
        "visible_box": _rounded(visible_box_n),
        "visibility": round(person.visibility, 4),
    }


def _line(truth: Truth, name: str, tolerance: int) -> dict[str, object]:
    start, end = truth.regions.lines[name]
    crossings = truth.crossings[name]
    rows = [_crossing(c, start, end) for c in crossings]
    words = sorted({_word(sign, start, end) for sign in (1, -1)})
    return {
        "segment": _rounded((*start, *end)),
        "tol_frames": tolerance,
        "crossings": rows,
        "count": {word: sum(row["word"] == word for row in rows) for word in words},
        "cross_right": sum(c.sign > 0 for c in crossings),
        "cross_left": sum(c.sign < 0 for c in crossings),
    }


def _crossing(crossing: Crossing, start: Point, end: Point) -> dict[str, object]:
    row: dict[str, object] = {"frame": crossing.frame, "word": _word(crossing.sign, start, end), "sign": crossing.sign}
    if crossing.optional:
        row["optional"] = True
    return row | {"person": crossing.person}


def _word(sign: int, start: Point, end: Point) -> str:
    """Direction in the picture of somebody who gets to this side of the line."""
    across_x, across_y = -(end[1] - start[1]) * sign, (end[0] - start[0]) * sign
    if abs(across_x) > abs(across_y):
        return "right" if across_x > 0 else "left"
    return "down" if across_y > 0 else "up"


def _zone(truth: Truth, name: str, tolerance: int, fps: float) -> dict[str, object]:
    occupancy = truth.occupancy[name]
    return {
        "polygon": [_rounded(corner) for corner in truth.regions.zones[name]],
        "tol_enter": tolerance,
        "tol_exit": tolerance,
        "visits": [_visit(v) for v in truth.visits[name]],
        "max_occupancy": max(occupancy, default=0),
        "occupancy_probes": _probes(occupancy, tolerance, fps),
    }


def _visit(visit: Visit) -> dict[str, object]:
    return {"enter": visit.enter, "exit": visit.exit, "person": visit.person}


def _probes(counts: Sequence[int | None], tolerance: int, fps: float) -> list[list[int]]:
    """About one [frame, count] a second, only where the count is the same a little before and after."""
    probes: list[list[int]] = []
    for frame, count in enumerate(counts):
        around = set(counts[max(0, frame - tolerance) : frame + tolerance + 1])
        due = not probes or frame - probes[-1][0] >= PROBE_EVERY_S * fps
        if due and count is not None and around == {count}:
            probes.append([frame, count])
    return probes


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), DIGITS) for value in values]

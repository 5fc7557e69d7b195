"""Give the detections of a MOTChallenge text file their identities.

Reads `frame,-1,x,y,w,h,score,...` and writes `frame,id,x,y,w,h,score,-1,-1,-1`; boxes in pixels, frames from 1.

Examples:
  footfall track det.txt --fps 30 --out tracks.txt --image-size 1920x1080
  footfall evaluate tracks gt.txt tracks.txt
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import count
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.cli.files import check_writable, read_text
from footfall.cli.numbers import above_zero, size
from footfall.core.ports import Tracker
from footfall.core.types import Detections
from footfall.evaluation.motchallenge import MotTable, format_tracks, parse
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare options."""
    parser.add_argument("detections", metavar="DETECTIONS.txt", help="MOTChallenge detections, or - for standard input")
    parser.add_argument("--fps", type=above_zero, required=True, metavar="F", help="frames a second of the video")
    parser.add_argument("--out", required=True, metavar="TRACKS.txt", help="where to write the tracks")
    parser.add_argument("--image-size", type=size, metavar="WxH", help="default: what the boxes span")
    parser.add_argument("--tracker", default="footfall", choices=["footfall"], help="which tracker")


def main(args: argparse.Namespace) -> int:
    """Read detections, write tracks."""
    table = parse(read_text(args.detections), args.detections)
    target = check_writable(args.out, "--out")
    numbers = count(1)
    tracker = PeopleTracker(TrackerSettings(), lambda: str(next(numbers)))
    target.write_text(format_tracks(followed(table, tracker, args.fps, args.image_size)), encoding="utf-8")
    return 0


TrackRow: TypeAlias = tuple[int, int, tuple[float, float, float, float], float]


def followed(table: MotTable, tracker: Tracker, fps: float, image_size: tuple[int, int] | None) -> Iterator[TrackRow]:
    """Frame, id, x y w h, score; the tracker sees empty frames too, for as long as it can remember anybody."""
    width, height = image_size or spanned(table)
    order = np.argsort(table.frame, kind="stable")
    numbers = table.frame[order]
    for frame in shown_frames(numbers, fps):
        now = order[slice(*np.searchsorted(numbers, (frame, frame + 1)))]
        x, y, w, h = table.xywh_px[now].T
        scores = table.score[now].astype(np.float32)
        xyxy_px = np.stack([x, y, x + w, y + h], axis=1).astype(np.float32)
        detections = Detections(xyxy_px, scores, np.zeros(len(scores), np.int16), (width, height))
        for person in tracker.update(detections, (frame - 1) / fps, frame):
            x0, y0, x1, y1 = person.box_n
            box_px = (x0 * width, y0 * height, (x1 - x0) * width, (y1 - y0) * height)
            yield frame, int(person.track_id), box_px, person.score


def shown_frames(numbers: NDArray[np.int64], fps: float) -> Iterator[int]:
    """Frames from 1 to the last of the sorted `numbers`; of a long pause only the beginning."""
    pause = int(TrackerSettings().memory_s * fps) + 2
    before = 0
    for number in np.unique(numbers[numbers > 0]).tolist():
        yield from range(before + 1, min(number, before + pause))
        yield number
        before = number


def spanned(table: MotTable) -> tuple[int, int]:
    """(width, height) of the smallest picture that holds all boxes."""
    right, bottom = (table.xywh_px[:, :2] + table.xywh_px[:, 2:]).max(axis=0, initial=1.0)
    return int(np.ceil(right)), int(np.ceil(bottom))

"""What the recording says about the camera itself: frames, people's size, crowds, broken tracks, a knock."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from footfall.spatial.lint.findings import Finding, Place, percent
from footfall.spatial.lint.floor import SMALLEST_PX
from footfall.spatial.lint.recording import Recording
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import CountRule, DistanceRule, SpatialSpec, Trigger

SHORT_S = 10.0
FEW_PEOPLE = 3
GAP_S = 2.0
LONGEST_STEP_HEIGHTS = 0.3
"""Farther in one frame, and the boxes of one person hardly overlap any more."""
MOVING_HEIGHTS = 0.3
NEAR_N = 0.9
MOST = 0.5
UNSURE = 0.35
COVERED = 0.5
CROWDED = 0.3
MOMENTS = 300
SHORT_LIFE_S = 1.0
KNOCK_W = 0.02
KNOCK_TIMES = 5.0


def frames(spec: SpatialSpec, recording: Recording) -> Iterator[Finding]:
    """What the times of the frames say."""
    gaps_s = np.diff(recording.frame_s)
    period_s = float(np.median(gaps_s)) if len(gaps_s) else 0.0
    long = gaps_s[gaps_s > max(GAP_S, 5.0 * period_s)]
    if len(long):
        what = f"nothing was analysed for {long.sum():.0f} seconds in all, {long.max():.0f} at a time"
        yield Finding("recording-with-gaps", what, "look for a lost connection or an overloaded machine")
    if spec.forget_after_s < 2.0 * period_s:
        what = f"people are forgotten after {spec.forget_after_s:g} s, and frames are {period_s:.2f} s apart"
        yield Finding("forgotten-too-soon", what, "raise the memory of tracks to some seconds")
    for number, zone in enumerate(spec.zones):
        ticks = [rule for rule in zone.rules if isinstance(rule, CountRule | DistanceRule)]
        if any(rule.trigger is Trigger.INTERVAL and rule.interval_s < 0.9 * period_s for rule in ticks):
            what = f"its interval is shorter than the {period_s:.2f} s between two frames"
            yield Place(zone, number).found("tick-shorter-than-frame", what, "make the interval longer")


def people(walks: Walks) -> Iterator[Finding]:
    """What the people say, wherever they are."""
    recording = walks.recording
    if recording.duration_s < SHORT_S or walks.people < FEW_PEOPLE:
        what = f"{walks.people} people in {recording.duration_s:.0f} seconds say little"
        yield Finding("recording-too-short", what, "record some minutes with people in them")
    yield from _size(walks)
    yield from _tracks(walks)
    yield from _crowd(walks)
    yield from _knock(walks)


def _size(walks: Walks) -> Iterator[Finding]:
    height_px = float(np.median(walks.height_w)) * walks.recording.size_px[0]
    if height_px < SMALLEST_PX:
        what = f"people are {height_px:.0f} pixels high in the analysed frame, fewer than a detector finds reliably"
        yield Finding("people-too-small", what, "raise the frame's width, use a longer lens, or `look: interest`")
    near = float((walks.height_w / walks.recording.aspect >= NEAR_N).mean())
    if near >= MOST:
        what = f"people are as high as the picture in {percent(near)} of the sights, so that hardly a step is seen"
        yield Finding("people-too-near", what, "hang the camera higher or farther away, or use a wider lens")
    elif (footless := float(walks.cut[:, 3].mean())) >= MOST:
        what = f"the feet of people are below the picture in {percent(footless)} of the sights"
        yield Finding("people-cut-off", what, "tilt the camera down, or rules look at places where nobody stands")
    if (middle := float(np.median(walks.recording.score))) < UNSURE:
        what = f"the detector is no surer of people than {middle:.2f}"
        yield Finding("people-hardly-found", what, "more light, a larger frame, or another detector")


def _tracks(walks: Walks) -> Iterator[Finding]:
    rows = walks.steps[walks.speed_heights[walks.steps] >= MOVING_HEIGHTS]
    if len(rows):
        point = walks.point_w()
        stride = np.hypot(*(point[rows + 1] - point[rows]).T) / walks.height_w[rows]
        if (middle := float(np.median(stride))) > LONGEST_STEP_HEIGHTS:
            what = f"people move {middle:.2f} of their height from frame to frame, too far to be followed surely"
            yield Finding("too-few-frames", what, "analyse more frames a second, five at least")
    broken, short = len(walks.breaks), float((walks.life_s < SHORT_LIFE_S).mean())
    if (broken >= 3 and broken >= 0.3 * walks.people) or (walks.people >= 5 and short > MOST):
        what = f"{broken} of {walks.people} tracks go on under a new id, and {percent(short)} last less than a second"
        yield Finding(
            "tracks-in-pieces", what, "more frames a second, another detector, or a view with less in the way"
        )


def _crowd(walks: Walks) -> Iterator[Finding]:
    """Boxes that are half covered by one whose feet are nearer to the camera, in some hundred frames."""
    recording = walks.recording
    times, index = np.unique(recording.t_s, return_inverse=True)
    moments = np.unique(np.linspace(0, len(times) - 1, MOMENTS).astype(int))
    seen = covered = 0
    for moment in moments:
        box = recording.box_n[index == moment]
        low, high = np.maximum(box[:, None, :2], box[None, :, :2]), np.minimum(box[:, None, 2:], box[None, :, 2:])
        shared = np.prod(np.maximum(high - low, 0.0), axis=2)
        area = np.maximum(np.prod(box[:, 2:] - box[:, :2], axis=1), 1e-9)
        behind = box[:, None, 3] < box[None, :, 3]
        covered += int(((shared / area[:, None] >= COVERED) & behind).any(axis=1).sum())
        seen += len(box)
    if covered >= 10 and covered >= CROWDED * seen:
        what = f"{percent(covered / seen)} of the people are half hidden behind others"
        yield Finding("people-crowded", what, "look more steeply from above, or count where people spread out")


def _knock(walks: Walks) -> Iterator[Finding]:
    """Everybody jumps the same way at once: it was the camera."""
    recording, point = walks.recording, walks.point_w()
    rows = walks.steps[np.diff(recording.t_s)[walks.steps] <= 2.5 * walks.frame_period_s]
    if not len(rows):
        return
    jump = point[rows + 1] - point[rows]
    usual = float(np.median(np.hypot(*jump.T)))
    times, index, counts = np.unique(recording.t_s[rows + 1], return_inverse=True, return_counts=True)
    mean = np.column_stack([np.bincount(index, jump[:, axis]) / counts for axis in (0, 1)])
    apart = np.sqrt(np.bincount(index, ((jump - mean[index]) ** 2).sum(axis=1)) / counts)
    size = np.hypot(*mean.T)
    moved = (counts >= 3) & (size >= max(KNOCK_W, KNOCK_TIMES * usual)) & (apart <= 0.3 * size)
    if moved.any():
        what = f"at {times[moved][0]:.0f} s everybody jumps by {size[moved].max():.2f} picture widths at once"
        yield Finding("camera-moved", what, "fix the camera, draw lines and zones anew, and record again")

"""Hard geometry: jitter on the border, turn-backs, ends of lines, gaps, exchanged ids, boxes without legs, occlusion.

The picture is 640 x 360. The door is a line from (200, 200) to (440, 200), walked down it is `CrossRight`; the till is
the square from (200, 200) to (440, 320). Thresholds are 16 px. Everything is told as a sequence of letters:
R and L for crossings to the right and to the left, I and O for coming in and going out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import exp, hypot, inf, nan
from random import Random

import pytest

from footfall.core.types import TrackObservation
from footfall.spatial.insights import Direction, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.operation import Operation
from footfall.spatial.regions import Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule

WIDTH, HEIGHT = 640.0, 360.0
DOOR = SpatialSpec(lines=(Line("door", (200 / 640, 200 / 360), (440 / 640, 200 / 360), (LineCrossingRule(0.025),)),))
SQUARE = ((200 / 640, 200 / 360), (440 / 640, 200 / 360), (440 / 640, 320 / 360), (200 / 640, 320 / 360))
TILL = SpatialSpec(zones=(Zone("till", SQUARE, (ZoneCrossingRule(0.025),)),))
TALL, SLIM = 90.0, 36.0


def walk(*stations, speed=80.0, fps=15):
    """Feet in pixels, frame by frame; a station is (x, y) or (x, y, seconds to stay)."""
    path = []
    for (x0, y0, *_), (x1, y1, *stay) in pairwise(stations):
        steps = max(1, round(hypot(x1 - x0, y1 - y0) / speed * fps))
        path += [(x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(steps)]
        path += [(x1, y1)] * round((stay[0] if stay else 0.0) * fps)
    return [*path, stations[-1][:2]]


def boxes(path, sigma=0.0, memory_s=0.0, fps=15, seed=1):
    """A box around each foot; every edge trembles, white or with a memory."""
    chance, memory = Random(seed), exp(-1 / (fps * memory_s)) if memory_s else 0.0
    side, top, foot = (chance.gauss(0, sigma) for _ in range(3))
    for x, y in path:
        yield x - SLIM / 2 + side, y - TALL + top, x + SLIM / 2 + side, y + foot
        side, top, foot = (
            memory * noise + chance.gauss(0, sigma * (1 - memory**2) ** 0.5) for noise in (side, top, foot)
        )


def person(name, box, t_s, frame):
    x0, y0, x1, y1 = box[0] / WIDTH, box[1] / HEIGHT, box[2] / WIDTH, box[3] / HEIGHT
    return TrackObservation(name, t_s, frame, (x0, y0, x1, y1), ((x0 + x1) / 2, y1), 0.9)


def story(spec, *tracks, fps=15):
    """What is told of tracks, each a dict frame -> (name, box)."""
    operation, told = Operation(spec, HEIGHT / WIDTH), []
    for frame in range(max(max(track) for track in tracks) + 1):
        seen = [person(*track[frame], frame / fps, frame) for track in tracks if frame in track]
        told += operation.step(seen, frame / fps, frame)
    return letters(told + operation.flush())


def letters(told):
    told = sorted(told, key=lambda insight: insight.t_s)
    kinds = {ZoneEntered: "I", ZoneExited: "O"}
    return "".join(
        ("R" if i.direction is Direction.LEFT_TO_RIGHT else "L") if isinstance(i, LineCrossed) else kinds[type(i)]
        for i in told
    )


def track(path, name="a", start=0, **noise):
    return {start + k: (name, box) for k, box in enumerate(boxes(path, **noise))}


def without(seen, first, last):
    """Nobody sees the frames from first to last."""
    return {frame: sight for frame, sight in seen.items() if not first <= frame <= last}


def renamed(seen, frame, name):
    """Another id from a frame on."""
    return {k: (name if k >= frame else old, box) for k, (old, box) in seen.items()}


def shortened(seen, first, last, left=0.5):
    """Only the upper part of the body shows from first to last."""
    return {
        k: (name, (x0, y0, x1, y0 + left * (y1 - y0)) if first <= k <= last else (x0, y0, x1, y1))
        for k, (name, (x0, y0, x1, y1)) in seen.items()
    }


def stand(off, leave, seconds=12.0, fps=15):
    """Comes from above, stands `off` pixels beyond the line, leaves for below (1) or above (-1)."""
    return walk((320, 130), (320, 200 + off, seconds), (320, 200 + 70 * leave), fps=fps)


JITTER = [
    pytest.param(off, leave, sigma, memory_s, fps, id=f"stands {off} px off, {name}, {sigma} px {kind}, {fps} fps")
    for off in (-8, 0, 8)
    for leave, name in ((1, "goes on"), (-1, "goes back"))
    for sigma, memory_s, kind in ((3.0, 0.0, "white"), (6.0, 0.0, "white"), (6.0, 0.3, "wandering"))
    for fps in (15, 5)
]


@pytest.mark.parametrize(("off", "leave", "sigma", "memory_s", "fps"), JITTER)
def test_standing_on_the_line(off, leave, sigma, memory_s, fps):
    path = stand(off, leave, fps=fps)
    assert story(DOOR, track(path, sigma=sigma, memory_s=memory_s, fps=fps), fps=fps) == ("R" if leave > 0 else "")


WAYS = [
    # turning back
    pytest.param(DOOR, [(320, 130), (320, 195), (320, 130)], "", id="turns 5 px before the line"),
    pytest.param(DOOR, [(320, 130), (320, 180), (320, 130)], "", id="turns 20 px before the line"),
    pytest.param(DOOR, [(320, 130), (320, 208), (320, 130)], "", id="turns 8 px beyond it"),
    pytest.param(DOOR, [(320, 130), (320, 208, 5), (320, 130)], "", id="waits 8 px beyond it and turns"),
    pytest.param(DOOR, [(320, 130), (320, 255), (320, 130)], "RL", id="turns 55 px beyond it"),
    pytest.param(DOOR, [(320, 130), (320, 255, 4), (320, 130)], "RL", id="waits 55 px beyond it and turns"),
    pytest.param(DOOR, [(320, 270), (320, 145), (320, 270)], "LR", id="the same from below"),
    pytest.param(DOOR, [(320, 130), (320, 255), (320, 145), (320, 255)], "RLR", id="there and back and there"),
    pytest.param(DOOR, [(320, 192, 3), (320, 208, 3), (320, 192, 3), (320, 140)], "", id="only ever on the line"),
    pytest.param(DOOR, [(320, 192, 3), (320, 270)], "", id="appears on the line: no side was left"),
    # ends of the line
    pytest.param(DOOR, [(180, 130), (180, 270)], "", id="passes 20 px beside the start"),
    pytest.param(DOOR, [(190, 130), (190, 270)], "", id="passes 10 px beside the start"),
    pytest.param(DOOR, [(450, 270), (450, 130)], "", id="passes 10 px beside the end, upwards"),
    pytest.param(DOOR, [(460, 130), (460, 270)], "", id="passes 20 px beside the end"),
    pytest.param(DOOR, [(210, 130), (210, 270)], "R", id="passes 10 px within the start"),
    pytest.param(DOOR, [(430, 270), (430, 130)], "L", id="passes 10 px within the end, upwards"),
    pytest.param(DOOR, [(320, 140), (480, 140), (480, 260), (320, 260)], "", id="goes round the end"),
    pytest.param(DOOR, [(320, 260), (160, 260), (160, 140), (320, 140)], "", id="goes round the start, upwards"),
    pytest.param(
        DOOR, [(320, 140), (480, 140), (480, 260), (320, 260), (320, 140)], "L", id="round the end, back through"
    ),
    pytest.param(DOOR, [(320, 140), (460, 200), (320, 260)], "", id="bends round the end at 20 px"),
    pytest.param(DOOR, [(480, 180), (425, 200), (480, 230)], "R", id="bends in within the end"),
    pytest.param(DOOR, [(140, 190), (500, 190)], "", id="walks along, 10 px above"),
    pytest.param(DOOR, [(500, 222), (140, 222)], "", id="walks along, 22 px below"),
    pytest.param(DOOR, [(140, 160), (500, 240)], "R", id="crosses at a flat angle"),
    pytest.param(DOOR, [(140, 199), (500, 201)], "R", id="creeps over along the whole line, from end to end"),
    # zones
    pytest.param(TILL, [(320, 140), (320, 260, 3), (320, 140)], "IO", id="a plain visit"),
    pytest.param(TILL, [(320, 140), (320, 208, 6), (320, 140)], "", id="stands 8 px inside the border"),
    pytest.param(TILL, [(320, 140), (320, 192, 6), (320, 140)], "", id="stands 8 px outside"),
    pytest.param(TILL, [(320, 140), (320, 260), (320, 192, 4), (320, 260), (320, 140)], "IO", id="leans out"),
    pytest.param(TILL, [(320, 140), (320, 260), (320, 140), (320, 260), (320, 140)], "IOIO", id="visits twice"),
    pytest.param(TILL, [(180, 220), (220, 180)], "", id="cuts the corner outside"),
    pytest.param(TILL, [(160, 230), (235, 160)], "", id="cuts the corner 2 px inside"),
    pytest.param(TILL, [(170, 310), (310, 170)], "IO", id="cuts the corner 40 px inside"),
    pytest.param(TILL, [(140, 260), (500, 260)], "IO", id="walks through"),
    pytest.param(TILL, [(140, 190), (500, 190)], "", id="walks along 10 px outside"),
    pytest.param(TILL, [(320, 260, 3), (320, 140)], "IO", id="is there from the start"),
    pytest.param(TILL, [(320, 140), (320, 260)], "IO", id="vanishes inside"),
    pytest.param(TILL, [(320, 140), (320, 219)], "IO", id="vanishes 19 px inside"),
]


@pytest.mark.parametrize("fps", [30, 15, 5])
@pytest.mark.parametrize(("spec", "stations", "expected"), WAYS)
def test_ways(spec, stations, expected, fps):
    assert story(spec, track(walk(*stations, fps=fps)), fps=fps) == expected


CROSS = track(walk((320, 130), (320, 270)))
"""Over the line in frame 13, the end in frame 26."""
BACK = track(walk((360, 270), (360, 130)), name="b")
VISIT = track(walk((320, 130), (320, 260, 4), (320, 130)))
"""Inside from frame 14 on, there until frame 84, outside from frame 95 on."""
TWO_NEAR = track(walk((338, 130), (338, 270)), name="b")
WAIT = track(walk((320, 130), (320, 206, 8), (320, 130)))

SIGHTS = [
    # gaps
    pytest.param(DOOR, [without(CROSS, 12, 15)], "R", id="unseen for 0.3 s on the line"),
    pytest.param(DOOR, [without(CROSS, 4, 22)], "R", id="unseen for 1.3 s around the line"),
    pytest.param(DOOR, [without(CROSS, 13, 99)], "", id="never seen beyond"),
    pytest.param(DOOR, [without(CROSS, 18, 99)], "R", id="seen twice beyond, then never more"),
    pytest.param(TILL, [without(VISIT, 10, 20)], "IO", id="comes in unseen"),
    pytest.param(TILL, [without(VISIT, 30, 70)], "IO", id="unseen for 2.7 s within"),
    pytest.param(TILL, [without(VISIT, 30, 84)], "IOIO", id="unseen for 3.7 s within: two visits"),
    pytest.param(TILL, [without(VISIT, 90, 100)], "IO", id="goes out unseen"),
    # other ids
    pytest.param(DOOR, [renamed(CROSS, 8, "x")], "R", id="another id before the line"),
    pytest.param(DOOR, [renamed(CROSS, 13, "x")], "R", id="another id on the line"),
    pytest.param(DOOR, [renamed(CROSS, 15, "x")], "R", id="another id just beyond"),
    pytest.param(DOOR, [renamed(renamed(CROSS, 8, "x"), 14, "y")], "R", id="two other ids"),
    pytest.param(DOOR, [without(renamed(CROSS, 12, "x"), 10, 16)], "R", id="another id after 0.5 s unseen"),
    pytest.param(DOOR, [renamed(WAIT, 60, "x")], "", id="another id while standing on the line"),
    pytest.param(TILL, [renamed(VISIT, 50, "x")], "IO", id="another id within"),
    pytest.param(TILL, [without(renamed(VISIT, 50, "x"), 40, 60)], "IO", id="another id within after 1.4 s"),
    pytest.param(TILL, [renamed(renamed(VISIT, 30, "x"), 60, "a")], "IO", id="another id and the first one again"),
    pytest.param(DOOR, [renamed(CROSS, 11, "b"), renamed(BACK, 11, "a")], "LR", id="two who meet exchange ids"),
    pytest.param(
        TILL,
        [renamed(VISIT, 50, "b"), renamed(track(walk((160, 260, 8)) * 120, name="b"), 50, "a")],
        "IO",
        id="one within and one without exchange ids",
    ),
    pytest.param(DOOR, [CROSS, BACK], "LR", id="two pass each other"),
    pytest.param(DOOR, [CROSS, TWO_NEAR], "RR", id="two side by side, half a body apart"),
    pytest.param(DOOR, [renamed(CROSS, 13, "x"), renamed(TWO_NEAR, 13, "y")], "RR", id="side by side, both new ids"),
    # boxes without legs
    pytest.param(DOOR, [shortened(WAIT, 30, 60)], "", id="legs hidden while standing beyond the line"),
    pytest.param(DOOR, [shortened(track(walk((320, 130), (320, 240, 5), (320, 300))), 40, 70)], "R", id="...below it"),
    pytest.param(DOOR, [shortened(CROSS, 8, 20)], "R", id="legs hidden on the way over the line"),
    pytest.param(DOOR, [shortened(CROSS, 8, 26)], "R", id="legs hidden to the end"),
    pytest.param(DOOR, [shortened(CROSS, 8, 20, 0.25)], "R", id="only the head shows"),
    pytest.param(TILL, [shortened(VISIT, 30, 70)], "IO", id="legs hidden by the till"),
    pytest.param(TILL, [shortened(VISIT, 30, 70, 0.25)], "IO", id="only the head shows within"),
    pytest.param(TILL, [without(shortened(VISIT, 30, 70), 40, 60)], "IO", id="hidden more and more"),
    pytest.param(DOOR, [renamed(shortened(WAIT, 30, 60), 80, "x")], "", id="legs hidden, then another id"),
    # occlusion
    pytest.param(DOOR, [without(CROSS, 11, 17), BACK], "LR", id="hidden behind somebody on the line"),
    pytest.param(DOOR, [without(renamed(CROSS, 14, "x"), 11, 17), BACK], "LR", id="...and comes out with another id"),
    pytest.param(DOOR, [without(CROSS, 11, 17), without(BACK, 9, 12)], "LR", id="both hidden for a moment"),
    # nobody
    pytest.param(DOOR, [renamed(CROSS, 0, "-1")], "", id="never confirmed"),
    pytest.param(DOOR, [renamed(CROSS, 0, "")], "", id="without an id"),
    pytest.param(DOOR, [CROSS, shortened(CROSS, 0, 99)], "R", id="two boxes with one id"),
    pytest.param(DOOR, [CROSS, dict.fromkeys(CROSS, ("n", (nan, 0.0, 1.0, inf)))], "R", id="boxes without a place"),
]


@pytest.mark.parametrize(("spec", "tracks", "expected"), SIGHTS)
def test_sights(spec, tracks, expected):
    told = story(spec, *tracks)
    assert sorted(told) == sorted(expected)


def test_there_are_enough_hard_cases():
    assert len(JITTER) + len(WAYS) + len(SIGHTS) >= 80


def test_a_head_alone_keeps_its_place_only_where_the_tracker_says_nothing():
    """A tracker that knows better is believed."""
    operation = Operation(DOOR, HEIGHT / WIDTH)
    told = []
    for frame, (name, box) in shortened(CROSS, 8, 26).items():
        seen = person(name, box, frame / 15, frame)
        foot = seen.footprint_n if frame < 8 else (seen.footprint_n[0], 130 / HEIGHT)
        told += operation.step([replace(seen, footprint_n=foot)], frame / 15, frame)
    assert told + operation.flush() == []

"""What frames, sizes, crowds and jumps say of a camera, at the very limits; in a picture of 1024 x 512."""

from __future__ import annotations

from math import radians

import numpy as np
import pytest

from footfall.spatial.ground import Camera
from footfall.spatial.lint.floor import Floor, heights, measured, on_floor
from footfall.spatial.lint.recording import Recording
from footfall.spatial.lint.scene import frames, people
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import CountRule, DistanceRule, SpatialSpec, Trigger, Zone
from spatial.lint.crowd import square
from spatial.lint.sights import ASPECT, SIZE, Track, codes, recorded, stay, track, words

TICK = Trigger.INTERVAL


def watch(*rules: CountRule | DistanceRule, **more: float) -> SpatialSpec:
    return SpatialSpec((Zone("z", square(0.1, 0.1, 0.9, 0.9), rules),), (), **more)


def every(period_s: float, count: int, *gaps_s: float) -> list[float]:
    times = [period_s * k for k in range(count)]
    for gap_s in gaps_s:
        times += [times[-1] + gap_s + period_s * k for k in range(count)]
    return times


@pytest.mark.parametrize(
    ("times", "spec", "code"),
    [
        pytest.param(every(0.25, 9, 2.0), watch(), [], id="two seconds"),
        pytest.param(every(0.25, 9, 2.125), watch(), ["recording-with-gaps"], id="more than two"),
        pytest.param(every(1.0, 9, 5.0), watch(), [], id="five frames"),
        pytest.param(every(1.0, 9, 5.125), watch(), ["recording-with-gaps"], id="more than five"),
        pytest.param(every(0.5, 9), watch(forget_after_s=1.0), [], id="people are remembered for two frames"),
        pytest.param(every(0.5, 9), watch(forget_after_s=0.9), ["forgotten-too-soon"], id="for less"),
        pytest.param([7.0], watch(forget_after_s=0.5), [], id="one frame"),
        pytest.param([], watch(forget_after_s=0.5), [], id="no frame"),
        pytest.param(every(1.0, 9), watch(CountRule(trigger=TICK, interval_s=0.9)), [], id="a tick of nine tenths"),
        pytest.param(
            every(1.0, 9), watch(CountRule(trigger=TICK, interval_s=0.85)), ["tick-shorter-than-frame"], id="shorter"
        ),
        pytest.param(
            every(1.0, 9), watch(DistanceRule(trigger=TICK, interval_s=0.5)), ["tick-shorter-than-frame"], id="distance"
        ),
        pytest.param(every(1.0, 9), watch(CountRule(interval_s=0.5)), [], id="no ticks at all"),
        pytest.param(every(0.5, 9), watch(CountRule(trigger=TICK, interval_s=0.46)), [], id="half a second"),
        pytest.param(
            every(1.0, 9),
            watch(CountRule(), CountRule(trigger=TICK, interval_s=0.5)),
            ["tick-shorter-than-frame"],
            id="the second rule's",
        ),
    ],
)
def test_frames(times: list[float], spec: SpatialSpec, code: list[str]) -> None:
    assert codes(frames(spec, recorded(frame_s=times))) == code


def test_gaps_in_words() -> None:
    said = words(frames(watch(forget_after_s=0.3), recorded(frame_s=every(0.25, 9, 3.0, 4.0))))
    assert said == [
        ("recording-with-gaps", "nothing was analysed for 7 seconds in all, 4 at a time"),
        ("forgotten-too-soon", "people are forgotten after 0.3 s, and frames are 0.25 s apart"),
    ]


def rows(*boxes: tuple[float, float, float, float], score: float = 0.875, apart_s: float = 11.0) -> list[Track]:
    """Strangers, one after another, each seen once."""
    return [
        Track(((k * apart_s, (x0 + x1) / 2, y1),), y1 - y0, x1 - x0, score) for k, (x0, y0, x1, y1) in enumerate(boxes)
    ]


def told(*tracks: Track, frame_s: tuple[float, ...] = (0.0, 60.0)) -> list[str]:
    return codes(people(Walks(recorded(*tracks, frame_s=frame_s))))


STRANGERS = [stay(0.25 * k, 0.5, 0.0, 2.0) for k in range(1, 4)]
WHOLE, HIGH, LOW = (0.4, 0.3, 0.5, 0.8), (0.1, 0.0, 0.5, 0.9), (0.4, 0.5, 0.5, 0.9921875)
NEARLY = (0.1, 0.0, 0.5, 0.89)


@pytest.mark.parametrize(
    ("tracks", "frame_s", "code"),
    [
        pytest.param(STRANGERS, (0.0, 10.0), [], id="three people in ten seconds"),
        pytest.param(STRANGERS, (0.0, 9.75), ["recording-too-short"], id="in less"),
        pytest.param(STRANGERS[:2], (0.0, 10.0), ["recording-too-short"], id="two people"),
        pytest.param(STRANGERS[:2], (0.0, 9.0), ["recording-too-short"], id="two people in less"),
    ],
)
def test_too_little_to_say(tracks: list[Track], frame_s: tuple[float, ...], code: list[str]) -> None:
    assert told(*tracks, frame_s=frame_s) == code


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([stay(0.25 * k, 0.5, 0.0, 2.0, tall=20 / 512) for k in (1, 2, 3)], [], id="twenty pixels"),
        pytest.param(
            [stay(0.25 * k, 0.5, 0.0, 2.0, tall=19 / 512) for k in (1, 2, 3)], ["people-too-small"], id="nineteen"
        ),
        pytest.param(rows(WHOLE, WHOLE, HIGH, HIGH), ["people-too-near"], id="half as high as nine tenths"),
        pytest.param(rows(WHOLE, WHOLE, WHOLE, HIGH), [], id="fewer"),
        pytest.param(rows(WHOLE, WHOLE, NEARLY, NEARLY), [], id="less high"),
        pytest.param(rows(WHOLE, WHOLE, LOW, LOW), ["people-cut-off"], id="half without feet"),
        pytest.param(rows(WHOLE, WHOLE, WHOLE, LOW), [], id="fewer without feet"),
        pytest.param(rows(HIGH, HIGH, LOW, LOW), ["people-too-near"], id="near and without feet"),
        pytest.param(rows(WHOLE, WHOLE, WHOLE, score=0.35), [], id="sure enough"),
        pytest.param(rows(WHOLE, WHOLE, WHOLE, score=0.345), ["people-hardly-found"], id="hardly"),
    ],
)
def test_sizes_and_scores(tracks: list[Track], code: list[str]) -> None:
    assert told(*tracks) == code


def step(heights: float) -> Track:
    """Two sights half a second apart."""
    return track((0.0, 0.0, 0.5), (0.5, heights * 0.125, 0.5))


@pytest.mark.parametrize(
    ("steps", "is_told"),
    [
        pytest.param([0.3] * 3, False, id="three tenths of the height from frame to frame"),
        pytest.param([0.305] * 3, True, id="more"),
        pytest.param([0.35] * 3 + [0.225] * 4, False, id="fewer than half"),
        pytest.param([0.35] * 3 + [0.125] * 4, True, id="of those who move at 0.3 heights a second"),
        pytest.param([0.0] * 3, False, id="nobody moves"),
    ],
)
def test_strides(steps: list[float], is_told: bool) -> None:
    assert ("too-few-frames" in told(*map(step, steps))) == is_told


def test_strides_are_those_of_each_person() -> None:
    apart = [track((0.0, 0.25 * k, 0.5), (0.5, 0.25 * k + 0.03125, 0.5)) for k in range(3)]
    assert "too-few-frames" not in told(*apart)


def pieces(count: int) -> list[Track]:
    """So many breaks: each track goes on as the next one, three heights farther to the right."""
    found = [track((0.0, 0.25, 0.5), (1.5, 0.28125, 0.5))]
    for k in range(count):
        x = 0.28125 + 0.0625 * (k % 2)
        found.append(track((2.0 * k + 2.0, x, 0.5), (2.0 * k + 3.5, 0.34375 if k % 2 == 0 else 0.28125, 0.5)))
    return found


def alone(count: int, seconds: float) -> list[Track]:
    """Who comes and goes at the border."""
    return [track((100.0 + 20.0 * k, 0.0625, 0.5), (100.0 + 20.0 * k + seconds, 0.0625, 0.5)) for k in range(count)]


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param([*pieces(3), *alone(6, 2.0)], ["tracks-in-pieces"], id="three breaks of ten tracks"),
        pytest.param([*pieces(3), *alone(7, 2.0)], [], id="three breaks of eleven"),
        pytest.param([*pieces(2), *alone(1, 2.0)], [], id="two breaks"),
        pytest.param(
            [*alone(3, 0.5), *alone(2, 1.0)], ["tracks-in-pieces"], id="three of five last less than a second"
        ),
        pytest.param([*alone(3, 0.5), *alone(3, 1.0)], [], id="three of six"),
        pytest.param(alone(4, 0.5), [], id="four of four"),
        pytest.param(alone(5, 1.0), [], id="five for a second"),
    ],
)
def test_tracks_in_pieces(tracks: list[Track], code: list[str]) -> None:
    assert told(*tracks) == code


def couples(count: int, hidden: float, lower: float = 0.0625, side: float = 1.0) -> list[Track]:
    """Two people one behind the other, of whom the farther one's box is covered by this share."""
    found = []
    for k in range(count):
        x, wide = 0.3125, 0.125
        found += [
            track((10.0 * k, x, 0.5), tall=0.25, wide=wide),
            track((10.0 * k, x + side * wide * (1.0 - hidden), 0.5 + lower), tall=0.25 + lower, wide=wide),
        ]
    return found


@pytest.mark.parametrize(
    ("tracks", "code"),
    [
        pytest.param(couples(10, 0.5), ["people-crowded"], id="ten of twenty, half covered"),
        pytest.param(couples(9, 0.5), [], id="nine of eighteen"),
        pytest.param(couples(10, 0.48), [], id="covered by less than half"),
        pytest.param(couples(10, 0.5, side=-1.0), ["people-crowded"], id="half covered on the left"),
        pytest.param(couples(10, 0.48, side=-1.0), [], id="by less on the left"),
        pytest.param(couples(10, 0.75, lower=0.0), [], id="nobody is nearer than the other"),
        pytest.param([*couples(12, 0.75), *alone(8, 0.0)], ["people-crowded"], id="twelve of forty"),
        pytest.param([*couples(12, 0.75), *alone(9, 0.0)], [], id="twelve of more"),
        pytest.param(
            [*couples(10, 0.75), track((0.0, 0.3, 0.5), tall=0.0)], ["people-crowded"], id="a box of no height"
        ),
    ],
)
def test_crowds(tracks: list[Track], code: list[str]) -> None:
    assert [one for one in told(*tracks) if one == "people-crowded"] == code


def test_crowds_are_looked_at_in_three_hundred_frames() -> None:
    """In one of two frames there is a couple; of 600 frames those are taken that spread best."""
    couple = [track((0.0, 0.3, 0.5)), track((0.0, 0.3, 0.6), tall=0.35)]
    early = [Track(((k / 10, 0.3, 0.5),)) for k in range(591)]
    late = [Track(((59.1 + k / 10, *one.sights[0][1:]),), one.tall) for k in range(9) for one in couple]
    assert "people-crowded" not in told(*early, *late)


def knocked(count: int, right: float, down: float = 0.0, scatter: float = 0.0, gap_s: float = 0.5) -> list[Track]:
    """People who stand, and jump together after five seconds, each by a little more or less to the right."""
    found = []
    for k in range(count):
        x, off = 0.1 + 0.2 * k, scatter * (k - (count - 1) / 2)
        before = [(t / 2, x, 0.5) for t in range(11)]
        after = [(5.0 + gap_s + t / 2, x + right + off, 0.5 + down) for t in range(11)]
        found.append(track(*before, *after))
    return found


@pytest.mark.parametrize(
    ("tracks", "is_moved"),
    [
        pytest.param(knocked(3, 0.021), True, id="three jump by a fiftieth"),
        pytest.param(knocked(3, 0.019), False, id="by less"),
        pytest.param(knocked(2, 0.1), False, id="two only"),
        pytest.param(knocked(3, 0.0, down=0.042), True, id="down by as much"),
        pytest.param(knocked(3, 0.0, down=0.038), False, id="down by less"),
        pytest.param(knocked(3, 0.1, scatter=0.036), True, id="nearly together"),
        pytest.param(knocked(3, 0.1, scatter=0.038), False, id="each for himself"),
        pytest.param(knocked(3, 0.1, gap_s=1.25), True, id="two frames and a half later"),
        pytest.param(knocked(3, 0.1, gap_s=1.375), False, id="later: who knows what happened"),
    ],
)
def test_a_knock(tracks: list[Track], is_moved: bool) -> None:
    assert ("camera-moved" in told(*tracks)) == is_moved


@pytest.mark.parametrize(("right", "is_moved"), [(0.0505, True), (0.0495, False)])
def test_a_knock_is_larger_than_five_usual_steps(right: float, is_moved: bool) -> None:
    """Three people who walk side by side, a hundredth of the picture a frame."""
    walkers = [
        track(*((k / 2, 0.1 * n + 0.01 * k + (right - 0.01) * (k > 10), 0.5) for k in range(21))) for n in range(3)
    ]
    assert ("camera-moved" in told(*walkers)) == is_moved


def test_a_knock_in_words() -> None:
    said = words(people(Walks(recorded(*knocked(3, 0.0625), frame_s=(0.0, 60.0)))))
    assert ("camera-moved", "at 6 s everybody jumps by 0.06 picture widths at once") in said


@pytest.mark.parametrize(
    ("camera", "is_told"),
    [
        pytest.param(Camera(1.0, 0.8, 1.1), False, id="a metre high"),
        pytest.param(Camera(0.99, 0.8, 1.1), True, id="lower"),
        pytest.param(Camera(50.0, 0.8, 1.1), False, id="fifty metres"),
        pytest.param(Camera(50.1, 0.8, 1.1), True, id="higher"),
        pytest.param(Camera(3.0, 0.2, 1.1), False, id="the widest lens"),
        pytest.param(Camera(3.0, 0.199, 1.1), True, id="wider"),
        pytest.param(Camera(3.0, 10.0, 1.1), False, id="the longest lens"),
        pytest.param(Camera(3.0, 10.1, 1.1), True, id="longer"),
        pytest.param(Camera(3.0, 0.8, radians(107.0)), False, id="a little floor"),
        pytest.param(Camera(3.0, 0.8, radians(108.0)), True, id="no floor"),
    ],
)
def test_cameras_that_there_are(camera: Camera, is_told: bool) -> None:
    assert codes(on_floor(SpatialSpec(), Floor(camera), ASPECT)) == (["camera-implausible"] if is_told else [])


@pytest.mark.parametrize(
    ("tilt", "foot_y", "top_y", "is_seen"),
    [
        pytest.param(90.0, 0.51, 0.4, True, id="just below the horizon"),
        pytest.param(90.0, 0.502, 0.4, False, id="at the horizon"),
        pytest.param(45.0, 0.8, 0.2, True, id="half-way down"),
        pytest.param(20.0, 0.6, 0.4, True, id="nearly straight below"),
        pytest.param(20.0, 0.62, 0.4, False, id="straight below"),
        pytest.param(45.0, 0.5, 0.9, False, id="a head straight below"),
        pytest.param(45.0, 0.5, 0.75, True, id="a head not quite below"),
        pytest.param(130.0, 0.95, 0.05, False, id="a head straight above"),
        pytest.param(130.0, 0.95, 0.15, True, id="a head not quite above"),
    ],
)
def test_who_can_be_measured(tilt: float, foot_y: float, top_y: float, is_seen: bool) -> None:
    """A very wide lens sees heads and feet at all angles."""
    box = np.array([[0.4, top_y, 0.6, max(foot_y, top_y)]])
    foot, one = np.array([[0.5, foot_y]]), np.ones(1)
    seen = Recording(one, np.array([1]), box, foot, one, one, SIZE)
    assert len(heights(Walks(seen), Camera(3.0, 0.2, radians(tilt)))) == is_seen


def test_heights_between_which_people_are() -> None:
    camera = Camera(3.0, 0.8, radians(75.0))
    for metres, is_told in ((1.25, True), (1.35, False), (2.15, False), (2.25, True)):
        foot, head = camera.to_image((0.0, 10.0), ASPECT), camera.to_image((0.0, 10.0), ASPECT, up_m=metres)
        assert foot is not None
        assert head is not None
        one = track(*((k / 4, *foot) for k in range(20)), tall=foot[1] - head[1])
        assert bool(codes(measured(Walks(recorded(one)), camera))) == is_told


def test_distance_rules_need_the_floor() -> None:
    for rules, code in ((CountRule(),), []), ((CountRule(), DistanceRule()), ["distance-without-floor"]):
        assert codes(on_floor(watch(*rules), Floor(None, calibrates=False), ASPECT)) == code
        assert codes(on_floor(watch(*rules), Floor(), ASPECT)) == []
        assert codes(on_floor(watch(*rules), Floor(Camera(3.0, 0.8, 1.1)), ASPECT)) == []

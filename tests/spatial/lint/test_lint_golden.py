"""Hundreds of set-ups drawn by lot on scenes drawn by lot: figures and findings, written down."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from random import Random

import numpy as np

from footfall.core.geometry import Point
from footfall.spatial.ground import Camera
from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.at_lines import Passages, at_line
from footfall.spatial.lint.at_zones import Visits, at_zone
from footfall.spatial.lint.drawing import drawn, room_w
from footfall.spatial.lint.findings import Finding, Place
from footfall.spatial.lint.floor import Floor, heights, measured, on_floor
from footfall.spatial.lint.recording import Recording
from footfall.spatial.lint.scene import frames, people
from footfall.spatial.lint.settings import set_up
from footfall.spatial.lint.shapes import deepest_w, depth, distance_to, segment, shared_part
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import (
    Aggregation,
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
    ZoneRule,
)
from spatial.lint.crowd import SIZE, Way, film, square, walk
from spatial.lint.setups import AT_LINES, AT_ZONES, DRAWN, FLOORS, SCENES
from spatial.storyboard import WIDE_PICTURE
from written import assert_as_written, in_json


def spot(lot: Random) -> Point:
    return lot.uniform(0.0, 1.0), lot.uniform(0.2, 1.0)


def ways(lot: Random, count: int = 14) -> list[Way]:
    """Walkers, standers, tracks in pieces; of every size, some of them on one way."""
    found: list[Way] = []
    lane = spot(lot), spot(lot)
    for _ in range(count):
        tall, begin_s = lot.uniform(0.1, 0.4), lot.uniform(0.0, 20.0)
        looks = {"height": tall, "score": lot.uniform(0.2, 1.0), "tremble": lot.choice((0.0, 0.005, 0.02, 0.06))}
        match lot.randrange(5):
            case 0:
                where = spot(lot)
                near = (where[0] + lot.uniform(0.0, 0.03), where[1])
                found.append(walk(where, near, begin_s, lot.uniform(2.0, 30.0), **looks))
            case 1:
                start, end, seconds = spot(lot), spot(lot), lot.uniform(2.0, 8.0)
                hidden_s = lot.uniform(0.2, 12.0)
                middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
                found.append(walk(start, middle, begin_s, seconds, **looks))
                found.append(walk(middle, end, begin_s + seconds + hidden_s, seconds, **looks))
            case 2:
                start, end = lane if lot.random() < 0.7 else lane[::-1]
                found.append(walk(start, end, begin_s, lot.uniform(3.0, 12.0), **looks))
            case _:
                start, end = spot(lot), spot(lot)
                beyond = lot.choice((1.0, 1.6))
                end = (start[0] + beyond * (end[0] - start[0]), start[1] + beyond * (end[1] - start[1]))
                found.append(walk(start, end, begin_s, lot.uniform(1.0, 12.0), **looks))
    return found


def scene(seed: int, fps: float = 5.0, **more: object) -> Walks:
    return Walks(Recording.of(film(ways(Random(seed)), 32.0, fps, seed, **more)))  # type: ignore[arg-type]


def line(lot: Random) -> Line:
    start, end = spot(lot), spot(lot)
    share = lot.choice((1.0, 1.0, 0.3, 0.05))
    end = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    focus = lot.choice(list(Focus))
    rules = tuple(LineCrossingRule(lot.choice((0.005, 0.025, 0.06)), focus) for _ in range(lot.randrange(3)))
    return Line(lot.choice("abcdefgh"), start, end, rules)


def zone(lot: Random) -> Zone:
    (x, y), (width, tall) = spot(lot), (lot.uniform(0.01, 0.5), lot.uniform(0.01, 0.5))
    ring = lot.choice((square(x, y, x + width, y + tall), (spot(lot), spot(lot), spot(lot), spot(lot))))
    if lot.random() < 0.3:
        ring = square(0.0, y - 0.2, width, 1.0)
    focus, threshold_w = lot.choice(list(Focus)), lot.choice((0.005, 0.025, 0.075))
    rules = (ZoneCrossingRule(threshold_w, focus), DwellRule(threshold_w / 2, focus), CountRule(0.01, focus))
    side = lot.choice((None, None, 0, 1, 4, 5))
    return Zone(lot.choice("abcdefgh"), ring, rules[: lot.randrange(4)], side, is_open=lot.random() < 0.4)


def every(values: object, step: int) -> list[object]:
    return list(np.asarray(values)[::step].tolist())


def words(found: Iterator[Finding]) -> list[tuple[str, str, str, int]]:
    return [(finding.code, finding.what, finding.name, finding.number) for finding in found]


def test_figures_of_walks() -> None:
    said = []
    for seed in range(111, 115):
        walks = scene(seed)
        said.append(in_json(every(walks.first, 1), every(walks.last, 1), every(walks.who, 9), every(walks.steps, 9)))
        said.append(in_json(every(walks.height_w, 9), every(walks.life_s, 1), every(walks.credit_s, 9)))
        said.append(
            in_json(walks.frame_period_s, walks.jitter_heights, every(walks.jitter_w, 30), every(walks.head_n, 30))
        )
        said.append(in_json(every(walks.velocity_w, 9), every(walks.speed_heights, 9), every(walks.walked, 1)))
        said.append(in_json(np.packbits(walks.standing).tolist(), np.packbits(walks.cut).tolist()))
        said.append(in_json(np.packbits(walks.near_border).tolist(), walks.breaks.tolist()))
    assert_as_written("spatial/lint-walks", said)


def test_lines_on_scenes() -> None:
    lot, said = Random(121), []
    for seed in range(122, 130):
        walks = scene(seed)
        for number in range(20):
            region = line(lot)
            held = Passages(region, walks)
            rows = [held.passed, held.at_ends, held.beside, held.counted, held.lost, held.along]
            said.append(in_json([np.packbits(row).tolist() for row in rows], held.at_border, held.broken))
            said.append(in_json(float(held.standing_s.sum()), every(held.distance_w, 60), every(held.across_w, 60)))
            said.append(in_json(int(held.near.sum()), words(at_line(Place(region, number), walks))))
    assert_as_written("spatial/lint-lines", said)


def test_zones_on_scenes() -> None:
    lot, said = Random(131), []
    for seed in range(132, 140):
        walks = scene(seed)
        for number in range(20):
            region = zone(lot)
            held = Visits(region, walks)
            rows = [held.visitors, held.heads, held.skipped, held.vanished, held.appeared]
            said.append(in_json([np.packbits(row).tolist() for row in rows], held.broken, held.threshold_w))
            said.append(in_json(float(held.edge_s.sum()), int(held.near.sum()), every(held.depth_w, 60)))
            said.append(in_json(words(at_zone(Place(region, number), walks))))
    assert_as_written("spatial/lint-zones", said)


def test_drawings() -> None:
    lot, said = Random(141), []
    for number in range(60):
        lines = [line(lot) for _ in range(3)]
        start, end = lines[0].start_n, lines[0].end_n
        shift, turn = lot.choice((0.005, 0.02, 0.06)), lot.choice((0.0, 0.02, 0.2))
        lines.append(Line("beside", (start[0] + shift, start[1] + turn), (end[0] + shift, end[1]), lines[0].rules))
        zones = [zone(lot) for _ in range(3)]
        corner, wide = spot(lot), lot.uniform(0.05, 0.4)
        zones += [
            Zone(name, square(*corner, corner[0] + wide * share, corner[1] + 0.3), zones[0].rules)
            for name, share in (("one", 1.0), ("other", lot.choice((0.5, 0.87, 0.95, 1.2, 2.0))))
        ]
        spec = SpatialSpec(tuple(zones), tuple(lines))
        said.append(in_json(words(drawn(spec, WIDE_PICTURE, lot.choice((0.0, 0.02))))))
        said.append(in_json(words(set_up(spec)), room_w(lines[number % 3], WIDE_PICTURE)))
    assert_as_written("spatial/lint-drawings", said)


def test_shapes() -> None:
    lot, said = Random(151), []
    for _ in range(60):
        one, other = ((spot(lot), spot(lot), spot(lot)) for _ in range(2))
        points = np.array([spot(lot) for _ in range(12)])
        is_open = lot.random() < 0.5
        begin, way, length = segment(one[0], one[1], WIDE_PICTURE)
        said.append(
            in_json(
                depth(one, points, WIDE_PICTURE, is_open=is_open).tolist(),
                deepest_w(one, WIDE_PICTURE, is_open=is_open),
                shared_part(one, other),
                (begin.tolist(), way.tolist(), length),
                distance_to(points, begin, begin + length * way).tolist(),
                distance_to(points, begin, begin).tolist(),
            )
        )
    assert_as_written("spatial/lint-shapes", said)


def test_a_line_without_length_points_to_the_right() -> None:
    begin, way, length = segment((0.5, 0.5), (0.5, 0.5), WIDE_PICTURE)
    assert (begin.tolist(), way.tolist(), length) == ([0.5, 0.28125], [1.0, 0.0], 0.0)


def rule(lot: Random) -> ZoneRule:
    trigger, every_nth = lot.choice(list(Trigger)), lot.choice((1, 1, 2, 100, 101, 400))
    interval_s = lot.choice((0.5, 1.0, 10.0, 864.0, 900.0))
    kind = lot.randrange(4)
    if kind == 0:
        smoothing_s = lot.choice((0.0, 0.5, 1.0, 10.0, 60.0, 60.5))
        return CountRule(0.01, Focus.FOOTPRINT, trigger, every_nth, interval_s, smoothing_s)
    if kind == 1:
        return ZoneCrossingRule(0.01, Focus.FOOTPRINT, lot.random() < 0.5, lot.random() < 0.5, every_nth)
    if kind == 2:
        return DwellRule(0.01, Focus.FOOTPRINT, every_nth)
    limits_m = lot.choice((0.0, 0.5, 3.0)), lot.choice((inf, 3.0, 2.0))
    return DistanceRule(0.01, Focus.FOOTPRINT, trigger, every_nth, interval_s, *limits_m, Aggregation.MODE)


def test_settings() -> None:
    lot, said = Random(161), []
    for _ in range(150):
        zones = [Zone("z", square(0.1, 0.1, 0.9, 0.9), tuple(rule(lot) for _ in range(lot.randrange(5))))]
        rules = tuple(LineCrossingRule(0.01, Focus.FOOTPRINT, lot.choice((1, 1, 2))) for _ in range(lot.randrange(3)))
        lines = [Line("l", (0.1, 0.1), (0.9, 0.9), rules)]
        said.append(in_json(words(set_up(SpatialSpec(tuple(zones), tuple(lines))))))
    assert_as_written("spatial/lint-settings", said)


def test_floors() -> None:
    lot, said = Random(171), []
    walks = scene(172)
    for _ in range(120):
        height_m = lot.choice((0.9, 1.1, 3.0, 6.0, 40.0, 51.0))
        camera = Camera(height_m, lot.choice((0.15, 0.3, 0.8, 2.0, 9.0, 11.0)), lot.uniform(0.4, 2.0))
        spec = SpatialSpec(tuple(zone(lot) for _ in range(2)), tuple(line(lot) for _ in range(2)))
        found = heights(walks, camera)
        middle = float(np.median(found)) if len(found) else None
        said.append(in_json(words(on_floor(spec, Floor(camera), WIDE_PICTURE)), len(found), middle))
        said.append(in_json(words(measured(walks, camera))))
    assert_as_written("spatial/lint-floors", said)


def test_recordings() -> None:
    said = []
    for seed in range(181, 211):
        lot = Random(seed)
        knock = (lot.uniform(5.0, 25.0), (lot.choice((0.0, 0.01, 0.03, 0.1)), lot.choice((0.0, 0.02))))
        begin_s = lot.uniform(2.0, 20.0)
        blank_s = (begin_s, begin_s + lot.choice((0.0, 1.0, 2.2, 6.0)))
        crowd = ways(lot, lot.choice((1, 3, 8, 40)))
        if seed % 3 == 0:
            tall, low = lot.choice((0.04, 0.07, 0.7, 1.1)), lot.uniform(0.9, 1.2)
            crowd = [walk((-0.1, low), (1.1, low), 2.0 * k, 6.0, height=tall, score=0.1 * k) for k in range(8)]
        fps, seconds = lot.choice((1.0, 3.0, 10.0)), lot.choice((9.0, 10.5, 30.0))
        recording = Recording.of(film(crowd, seconds, fps, seed, knock, blank_s), lot.choice((0.5, 3.0)))
        ticks = CountRule(0.01, trigger=Trigger.INTERVAL, interval_s=lot.choice((0.09, 0.3, 0.95)))
        spec = SpatialSpec((Zone("z", square(0.1, 0.1, 0.9, 0.9), (ticks,)),), (), lot.choice((0.15, 0.6, 1.9, 3.0)))
        said.append(in_json(words(frames(spec, recording)), recording.duration_s, every(recording.t_s, 40)))
        if len(recording):
            said.append(in_json(words(people(Walks(recording)))))
    assert_as_written("spatial/lint-recordings", said)


def test_every_set_up_that_has_a_name() -> None:
    said = []
    for code, spec, crowd, _ in AT_LINES + AT_ZONES:
        for finding in lint(spec, Recording.of(film(crowd, fps=5.0))):
            said.append(in_json(code, finding, finding.severity))
    for code, spec, more in SCENES:
        for finding in lint(spec, Recording.of(film(**more))):
            said.append(in_json(code, finding, finding.severity))
    assert_as_written("spatial/lint-advice", said)


def test_every_drawing_and_floor_that_has_a_name() -> None:
    said = [in_json(code, finding) for code, spec in DRAWN for finding in lint(spec)]
    distances = SpatialSpec((Zone("z", square(0.1, 0.1, 0.9, 0.9), (DistanceRule(), CountRule())),))
    floors = (
        None,
        Floor(),
        Floor(None, calibrates=False),
        Floor(Camera(3.0, 0.8, 1.1)),
        Floor(Camera(3.0, 0.8, 1.1), False),
    )
    for spec in (distances, SpatialSpec((Zone("z", square(0.1, 0.1, 0.9, 0.9), (CountRule(),)),))):
        said += [in_json(number, finding) for number, floor in enumerate(floors) for finding in lint(spec, floor=floor)]
    said += [in_json(code, finding) for code, spec, floor in FLOORS for finding in lint(spec, floor=floor)]
    assert_as_written("spatial/lint-named", said)


def test_so_many_sights_tell_how_tall_people_are() -> None:
    walks = scene(172)
    recording, high = walks.recording, Camera(30.0, 0.8, 1.1)
    whole = np.flatnonzero(~walks.cut.any(axis=1))
    for number in (19, 20):
        rows = whole[:number]
        part = Recording(
            *(getattr(recording, name)[rows] for name in ("t_s", "person", "box_n", "foot_n", "score")),
            recording.frame_s,
            SIZE,
        )
        assert len(heights(Walks(part), high)) == number
        assert bool(list(measured(Walks(part), high))) == (number == 20)


def test_better_places() -> None:
    lot, said = Random(211), []
    for seed in range(212, 216):
        crowd = ways(lot, 10)
        recording = Recording.of(film(crowd, 30.0, 4.0, seed))
        spec = SpatialSpec(tuple(zone(lot) for _ in range(2)), tuple(line(lot) for _ in range(2)))
        said += [in_json(finding) for finding in lint(spec, recording, Floor(Camera(3.0, 0.8, 1.1)))]
    assert_as_written("spatial/lint-places", said)

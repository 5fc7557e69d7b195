"""Sightings, fits, doubts, placement regions and the whole life of a calibration, written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from math import exp, log, radians
from random import Random

import numpy as np

from footfall.core.geometry import Point
from footfall.core.types import TrackObservation
from footfall.spatial.calibration.body import bodies
from footfall.spatial.calibration.calibrator import Calibration, CalibrationSettings, SelfCalibrator
from footfall.spatial.calibration.certainty import deviation_of, distance_error, objections
from footfall.spatial.calibration.fit import Fit, Prior, _Problem, camera_of, deviation, fit_camera, robust
from footfall.spatial.calibration.placement import person_box, place
from footfall.spatial.calibration.points import camera_from_points, quadrilateral
from footfall.spatial.calibration.sightings import SIGHTING, Sightings, Table, whole_boxes
from footfall.spatial.calibration.store import Store
from footfall.spatial.ground import Camera
from spatial.faults import frames
from spatial.storyboard import WIDE_PICTURE
from written import assert_as_written, in_json

LOBBY = Camera(3.2, 0.8, radians(66.0))
HALL = Camera(6.0, 0.7, radians(55.0))
CAMERAS = (LOBBY, HALL, Camera(2.4, 0.5, radians(85.0)), Camera(9.0, 1.8, radians(30.0)))


class Rod:
    """Somebody as a foot point and a head, who goes to and fro between points of the floor."""

    def __init__(self, name: str, lot: Random, begin_s: float) -> None:
        self._lot, self._name, self._begin_s = lot, name, begin_s
        self._tall_m, self._pace = lot.gauss(1.7, 0.09), lot.uniform(0.9, 1.6)
        self._noise = lot.choice((0.0, 0.005, 0.02))
        self._stops = [(lot.uniform(-3.0, 3.0), lot.uniform(4.0, 12.0)) for _ in range(3)]

    def look(self, camera: Camera, t_s: float) -> TrackObservation | None:
        left = (t_s - self._begin_s) * self._pace
        for start, end in zip(self._stops, self._stops[1:], strict=False):
            length = float(np.hypot(end[0] - start[0], end[1] - start[1]))
            if 0.0 <= left < length:
                share = left / length
                at = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
                return self._seen(camera, at, t_s)
            left -= length
        return None

    def _seen(self, camera: Camera, at: Point, t_s: float) -> TrackObservation | None:
        foot, head = camera.to_image(at, WIDE_PICTURE), camera.to_image(at, WIDE_PICTURE, self._tall_m)
        if foot is None or head is None or not 0.0 < foot[0] < 1.0:
            return None
        tall = foot[1] - head[1]
        shake = [self._lot.gauss(0.0, self._noise * tall) for _ in range(3)]
        box = (foot[0] - 0.1 * tall + shake[0], head[1] + shake[1], foot[0] + 0.1 * tall + shake[0], foot[1] + shake[2])
        return TrackObservation(self._name, t_s, 0, box, (foot[0], foot[1]), 0.9)


def stroll(lot: Random, seconds: float, begin_s: float = 0.0) -> Iterator[tuple[float, list[Rod]]]:
    """(time, people) at five frames a second; somebody new every second."""
    rods = [Rod(f"{begin_s:g} {number}", lot, begin_s + number - 9.0) for number in range(int(seconds) + 9)]
    for number in range(int(seconds * 5)):
        yield begin_s + number / 5, rods


def looked(camera: Camera, t_s: float, rods: Sequence[Rod]) -> list[TrackObservation]:
    return [seen for rod in rods if (seen := rod.look(camera, t_s))]


def sighted(camera: Camera, seed: int, seconds: float = 60.0) -> Table:
    watch = Sightings(WIDE_PICTURE)
    return np.concatenate([watch.step(looked(camera, t_s, rods), t_s) for t_s, rods in stroll(Random(seed), seconds)])


def cameras(lot: Random, number: int) -> list[Camera]:
    return [Camera(lot.uniform(2.0, 9.0), lot.uniform(0.4, 2.0), lot.uniform(0.5, 1.65)) for _ in range(number)]


def test_sightings_of_walkers_and_of_a_crowd_with_every_fault() -> None:
    said = [in_json(row.tolist()) for camera in CAMERAS[:2] for row in sighted(camera, 91, 45.0)]
    for fps in (8.0, 3.0):
        watch = Sightings(WIDE_PICTURE)
        for _, t_s, people in frames(Random(92), fps):
            said += [in_json(row.tolist()) for row in watch.step(people, t_s)]
    assert_as_written("spatial/calibration-sightings", said)


def test_boxes_that_are_whole() -> None:
    rng = np.random.default_rng(93)
    said = []
    for _ in range(120):
        corner = rng.uniform(-0.02, 0.9, (8, 2))
        size = rng.uniform((0.02, 0.04), (0.12, 0.5), (8, 2))
        boxes = np.concatenate([corner, corner + size], axis=1)
        boxes[rng.integers(8), rng.integers(4)] *= rng.choice([1.0, np.nan, 3.0, 0.0])
        said.append(in_json(whole_boxes(boxes, WIDE_PICTURE).tolist()))
    assert_as_written("spatial/calibration-whole", said)


def test_bodies_as_cameras_see_them() -> None:
    said = []
    seen = sighted(LOBBY, 94)[::16]
    for camera in (*CAMERAS, *cameras(Random(95), 8)):
        for margin_w in (0.0, 0.004):
            said.append(in_json([values.tolist() for values in astuple(bodies(camera, seen, margin_w))]))
    assert_as_written("spatial/calibration-bodies", said)


def test_what_speaks_against_a_camera() -> None:
    lot, said = Random(96), []
    seen = sighted(LOBBY, 97)[::6]
    for near in (None, LOBBY, HALL):
        problem = _Problem(seen, Prior(), 0.03, near)
        for camera in (*CAMERAS, *cameras(lot, 3)):
            values = (log(camera.height_m), log(camera.focal_w), camera.tilt_rad, lot.uniform(-0.5, 0.8), 0.004, -0.03)
            said.append(
                in_json(problem(np.array(values)).tolist(), problem.spreads(camera), camera_of(np.array(values)))
            )
    said.append(in_json(robust(np.linspace(-9.0, 9.0, 19)).tolist(), deviation(np.linspace(-1.0, 3.0, 9))))
    assert_as_written("spatial/calibration-residuals", said)


def test_how_sure_a_fit_is() -> None:
    lot, said = Random(98), []
    seen = sighted(LOBBY, 99)
    flat = seen[np.abs(seen["foot"] - np.median(seen["foot"])) < 0.02]
    for camera in (*CAMERAS, *cameras(lot, 30)):
        root = np.array([[lot.gauss(0.0, 0.03) for _ in range(3)] for _ in range(3)]) * lot.choice((0.1, 0.5, 1.0))
        figures = lot.uniform(0.3, 2.3), lot.uniform(0.02, 0.16), lot.uniform(0.01, 0.11)
        fit = Fit(camera, root @ root.T, *figures, cost=1.0)
        for table in (seen, flat):
            error = distance_error(fit, table)
            said.append(in_json(error, objections(fit, table, error), deviation_of(LOBBY, camera, table)))
    assert_as_written("spatial/calibration-certainty", said)


def test_fits() -> None:
    said = []
    for camera, seed in ((LOBBY, 101), (HALL, 102)):
        fit = fit_camera(sighted(camera, seed, 40.0))
        figures = (
            *astuple(fit.camera),
            fit.speed_m_s,
            fit.spread,
            fit.misfit,
            *(100.0 * fit.covariance).ravel().tolist(),
        )
        said.append(in_json([round(figure, 3) for figure in figures]))
    assert_as_written("spatial/calibration-fits", said)


def test_a_memory_that_covers_the_picture() -> None:
    store, said = Store(30, WIDE_PICTURE), []
    seen = sighted(LOBBY, 103)
    for begin in range(0, len(seen), 7):
        store.add(seen[begin : begin + 7])
        said.append(in_json(len(store), store.taken, store.sightings["t_s"].tolist()))
    assert_as_written("spatial/calibration-store", said)


def test_a_memory_of_places_all_over_the_picture_and_beyond() -> None:
    rng, store, said = np.random.default_rng(106), Store(25, WIDE_PICTURE), []
    for _ in range(40):
        new = np.zeros(3, SIGHTING)
        new["x"], new["foot"], new["t_s"] = rng.uniform(-0.8, 0.8, 3), rng.uniform(-0.45, 0.45, 3), rng.random(3)
        store.add(new)
        said.append(in_json(store.sightings["t_s"].tolist()))
    assert_as_written("spatial/calibration-store-wide", said)


def test_where_lines_and_zones_work() -> None:
    said = []
    for camera in (*CAMERAS, Camera(3.5, 0.75, radians(100.0)), Camera(3.0, 1.2, radians(75.0))):
        said.append(in_json(place(camera, WIDE_PICTURE), person_box(camera, WIDE_PICTURE, (0.7, 5.0))))
    assert_as_written("spatial/calibration-placement", said)


def test_cameras_from_points() -> None:
    lot, said = Random(104), []
    for camera in CAMERAS[:2]:
        corners = quadrilateral((3.1, 4.2, 2.6, 4.4), 5.0)
        turn, far = lot.uniform(0.0, 6.0), 9.0
        floor = [(x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn) + far) for x, y in corners]
        seen = [camera.to_image(spot, WIDE_PICTURE) for spot in floor]
        points = [(x + lot.gauss(0.0, 0.002), y + lot.gauss(0.0, 0.002)) for x, y in (at for at in seen if at)]
        found = camera_from_points(points, [(x, y) for x, y in corners], WIDE_PICTURE)
        said.append(in_json([round(figure, 4) for figure in (*astuple(found.camera), found.off_m, found.error)]))
    assert_as_written("spatial/calibration-points", said)


def life(settings: CalibrationSettings, known: Calibration | None = None) -> Iterator[str]:
    """Learns the lobby; then the camera is moved. Told whenever something changes."""
    calibrator, before, lot = SelfCalibrator(WIDE_PICTURE, settings, known), "", Random(105)
    for camera, begin_s, seconds in (
        (LOBBY, 0.0, 100.0),
        (LOBBY, 100.0, 40.0),
        (HALL, 400.0, 90.0),
        (HALL, 900.0, 60.0),
    ):
        for t_s, rods in stroll(lot, seconds, begin_s):
            now = calibrator.step(looked(camera, t_s, rods), t_s)
            known_m = [round(exp(log(figure)), 2) for figure in astuple(now.camera)] if now.camera else None
            said = in_json(
                now.state,
                round(now.progress, 2),
                known_m,
                now.error and round(now.error, 3),
                now.changed_s,
                now.missing,
            )
            if said != before:
                yield in_json(t_s) + said
            before = said


def test_a_camera_is_learnt_watched_and_learnt_anew() -> None:
    assert_as_written("spatial/calibration-life", life(CalibrationSettings(True, 60.0, 30.0, 8, 60)))


def test_a_known_camera_is_checked() -> None:
    known = Calibration(camera=HALL, state=SelfCalibrator(1.0, CalibrationSettings()).calibration.state)
    assert_as_written("spatial/calibration-known", life(CalibrationSettings(True, 45.0, 20.0, 6, 50), known))

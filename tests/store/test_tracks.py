from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from footfall.spatial.ground import Camera
from footfall.store import tracks
from footfall.store.heat import heat
from footfall.store.records import TracksRecord

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def lines(seconds, people, fps=5):
    """People side by side walk down the picture."""
    for frame in range(seconds * fps):
        t_s = frame / fps
        boxes = [
            [0.4 + 0.02 * n, 0.1 + 0.6 * t_s / seconds, 0.45 + 0.02 * n, 0.3 + 0.6 * t_s / seconds] for n in people
        ]
        seen = [{"id": f"{n:x}", "box": box} for n, box in zip(people, boxes, strict=True)]
        head = {"source": "front", "size": [640, 360]} if frame == 0 else {}
        yield json.dumps({"frame": frame, "t": t_s, "people": seen, **head}).encode()


def chunk(minute, seconds=10, people=(1, 2), camera="front"):
    begin = NOON + timedelta(minutes=minute)
    return TracksRecord(
        camera, begin, begin + timedelta(seconds=seconds - 0.2), b"\n".join(lines(seconds, people)) + b"\n"
    )


@pytest.fixture
def recorded(engine):
    for minute in (0, 2, 1):
        tracks.append(engine, chunk(minute))
    tracks.append(engine, chunk(0, people=(9,)))
    tracks.append(engine, chunk(0, camera="back"))
    return engine


def test_chunks_come_back_in_order_as_they_were(recorded):
    found = list(tracks.chunks(recorded, "front", NOON, NOON + timedelta(hours=1)))
    assert found == [chunk(0), chunk(1), chunk(2)]
    assert list(tracks.chunks(recorded, "front", NOON + timedelta(seconds=65), NOON + timedelta(seconds=70))) == [
        chunk(1)
    ]
    assert list(tracks.chunks(recorded, "nobody", NOON, NOON + timedelta(hours=1))) == []


def test_frames_are_one_stream(recorded):
    begin = NOON + timedelta(seconds=5)
    found = list(tracks.frames(recorded, "front", begin, NOON + timedelta(seconds=125)))
    assert len(found) == 25 + 50 + 25
    assert found[0].t_s == pytest.approx(0.0)
    assert found[-1].utc == NOON + timedelta(seconds=124.8)
    assert all(a.t_s < b.t_s for a, b in pairwise(found))
    assert all((begin + timedelta(seconds=each.t_s)) == each.utc for each in found)
    assert {person.t_s for person in found[30].people} == {found[30].t_s}
    assert found[30].size_px == (640, 360)


def test_what_overlaps_is_told_once(engine):
    tracks.append(engine, chunk(0))
    late = chunk(0)
    tracks.append(engine, TracksRecord("front", NOON + timedelta(seconds=5), NOON + timedelta(seconds=15), late.lines))
    times = [each.t_s for each in tracks.frames(engine, "front", NOON, NOON + timedelta(minutes=1))]
    assert times == sorted(times)
    assert len(times) == pytest.approx(75, abs=1)


def test_when_there_are_tracks_and_forgetting_them(recorded):
    assert tracks.span(recorded, "front") == (NOON, chunk(2).end)
    tracks.erase(recorded, "front")
    assert tracks.span(recorded, "front") is None
    assert tracks.span(recorded, "back") is not None


def test_a_heat_map_shows_what_enough_people_share(engine):
    tracks.append(engine, chunk(0, people=(1, 2, 3, 4)))
    frames = list(tracks.frames(engine, "front", NOON, NOON + timedelta(minutes=1)))
    everything, shared = heat(frames, least=1), heat(frames, least=3)
    assert everything.picture.cells
    assert set(shared.picture.cells) < set(everything.picture.cells)
    assert all(cell.people >= 3 for cell in shared.picture.cells.values())
    assert shared.floor is None


def test_a_calibrated_camera_has_a_floor_too(engine):
    tracks.append(engine, chunk(0, people=(1, 2, 3)))
    frames = list(tracks.frames(engine, "front", NOON, NOON + timedelta(minutes=1)))
    camera = Camera(height_m=3.0, focal_w=0.8, tilt_rad=0.9)
    assert heat(frames, camera, least=1).floor.cells
    assert heat([], camera) is None

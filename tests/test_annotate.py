from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from footfall.annotate import Trails, VideoWriter, colour_of, draw
from footfall.core.errors import ConfigError
from footfall.core.types import MaskState, Observed, TrackObservation
from footfall.spatial.regions import Line, SpatialSpec, Zone
from footfall.spatial.totals import Totals

SPATIAL = SpatialSpec(
    (Zone("hall", ((0.55, 0.5), (0.9, 0.5), (0.9, 0.9), (0.55, 0.9)), ()),),
    (Line("door", (0.1, 0.95), (0.5, 0.95), ()),),
)


def seen(*ids: str, t_s: float = 2.0, x: float = 0.4) -> Observed:
    people = tuple(TrackObservation(i, t_s, 20, (x - 0.1, 0.4, x + 0.1, 0.8), (x, 0.8), 0.9) for i in ids)
    return Observed("cam", 20, t_s, datetime(2026, 1, 1, tzinfo=UTC), (640, 360), people)


def grey(width: int = 640, height: int = 360) -> np.ndarray:
    return np.full((height, width, 3), 120, np.uint8)


def changed(image: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> bool:
    height, width = image.shape[:2]
    return bool((image[int(y0 * height) : int(y1 * height), int(x0 * width) : int(x1 * width)] != 120).any())


def test_people_and_regions_are_drawn_where_they_are() -> None:
    image = grey()
    drawn = draw(image, seen("a" * 32), SPATIAL, Totals.of(SPATIAL))
    assert (image == 120).all(), "the input stays as it was"
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert changed(drawn, 0.29, 0.5, 0.31, 0.7), "left side of the box"
    assert changed(drawn, 0.39, 0.79, 0.41, 0.81), "foot"
    assert changed(drawn, 0.7, 0.6, 0.8, 0.7), "inside of the zone"
    assert changed(drawn, 0.2, 0.94, 0.3, 0.96), "line"
    assert not changed(drawn, 0.34, 0.5, 0.46, 0.7), "inside of the box"
    assert not changed(drawn, 0.02, 0.5, 0.2, 0.8), "nothing there"


def test_the_arrow_points_to_the_right_hand_side_of_the_line() -> None:
    upward = SpatialSpec((), (Line("", (0.5, 0.9), (0.5, 0.3), ()),))
    drawn = draw(grey(), seen(), upward, Totals())
    assert changed(drawn, 0.51, 0.5, 0.6, 0.7)
    assert not changed(drawn, 0.4, 0.5, 0.49, 0.7)


def test_nobody_and_nothing_to_watch_leaves_only_the_clock() -> None:
    drawn = draw(grey(), seen(), SpatialSpec(), Totals())
    assert changed(drawn, 0.5, 0.0, 1.0, 0.1)
    assert not changed(drawn, 0.0, 0.1, 1.0, 1.0)


def test_totals_show_in_the_corner() -> None:
    empty, some = Totals.of(SPATIAL), Totals.of(SPATIAL)
    some.zones["hall"].visits, some.zones["hall"].dwell_s = 1, 4.2
    one, two = (draw(grey(), seen(), SPATIAL, totals) for totals in (empty, some))
    assert not np.array_equal(one[:120, :320], two[:120, :320])
    assert np.array_equal(one[120:], two[120:])


def test_a_mask_shows_beside_the_id() -> None:
    unknown = seen("ann")
    people = [
        replace(unknown.people[0], mask=mask) for mask in (MaskState("face_mask", 0.9), MaskState("face_nomask", 0.9))
    ]
    masked, bare = (replace(unknown, people=(person,)) for person in people)
    drawn = [draw(grey(), observed, SpatialSpec(), Totals()) for observed in (unknown, masked, bare)]
    plates = [int((image[: 360 // 2] != 120).any(axis=2).sum()) for image in drawn]
    assert plates[0] < plates[1] < plates[2], "the plate grows with its words"


def test_a_trail_follows_the_foot_and_is_forgotten() -> None:
    trails = Trails(length_s=1.0)
    for k in range(5):
        trails.update(seen("ann", t_s=k * 0.1, x=0.3 + 0.05 * k))
    assert len(trails.of("ann")) == 5
    plain, tailed = (draw(grey(), seen("ann", x=0.5), SpatialSpec(), Totals(), t) for t in (None, trails))
    assert not np.array_equal(plain, tailed)
    assert changed(tailed, 0.32, 0.79, 0.38, 0.81)
    trails.update(seen(t_s=5.0))
    assert trails.of("ann") == []


@pytest.mark.parametrize("name", ["", "7", "abc", "f" * 32, "ümläut-名前", "x" * 500])
def test_ids_of_any_kind(name: str) -> None:
    drawn = draw(grey(), seen(name), SpatialSpec(), Totals())
    assert changed(drawn, 0.29, 0.5, 0.31, 0.7)
    assert colour_of(name) == colour_of(name)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (16, 9), (9, 160), (320, 2), (480, 270), (1920, 1080)])
def test_pictures_of_any_size(size: tuple[int, int]) -> None:
    trails = Trails()
    trails.update(seen("a" * 32, t_s=1.9, x=0.3))
    trails.update(seen("a" * 32))
    drawn = draw(grey(*size), seen("a" * 32), SPATIAL, Totals.of(SPATIAL), trails)
    assert drawn.shape == (size[1], size[0], 3)


def test_people_and_regions_far_outside_do_no_harm() -> None:
    wild = SpatialSpec(
        (
            Zone("z", ((-50.0, -9.0), (90.0, 3.0), (2.0, 70.0)), ()),
            Zone("off", ((1.2, 1.2), (1.4, 1.2), (1.3, 1.5)), ()),
        ),
        (Line("l", (-1e6, 5.0), (1e6, 5.0), ()), Line("dot", (0.5, 0.5), (0.5, 0.5), ())),
    )
    assert draw(grey(), seen("ann", x=400.0), wild, Totals()).shape == (360, 640, 3)


def play(path: Path) -> list[tuple[float, np.ndarray]]:
    with av.open(str(path)) as container:
        return [(float(f.pts * f.time_base), f.to_ndarray(format="bgr24")) for f in container.decode(video=0)]


def test_the_clip_has_every_frame_at_its_time(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 0.7, 0.8]
    with VideoWriter(tmp_path / "clip.mp4", 10.0, (64, 48)) as writer:
        for k, t_s in enumerate(times):
            writer.write(np.full((48, 64, 3), 40 + 40 * k, np.uint8), t_s)
    frames = play(tmp_path / "clip.mp4")
    assert [t for t, _ in frames] == pytest.approx(times, abs=1e-3)
    assert [round(float(image.mean()) / 40) for _, image in frames] == [1, 2, 3, 4, 5]
    with av.open(str(tmp_path / "clip.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
        last = [p for p in container.demux(video=0) if p.pts is not None][-1]
        assert float((last.pts + last.duration) * last.time_base) == pytest.approx(0.9, abs=0.02)


def test_odd_sizes_lose_a_row_and_times_may_stand_still(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "clip.mp4", 25.0, (65, 49))
    for _ in range(3):
        writer.write(grey(65, 49), 1.0)
    writer.close()
    writer.close()
    frames = play(tmp_path / "clip.mp4")
    assert [image.shape for _, image in frames] == [(48, 64, 3)] * 3
    assert [t for t, _ in frames] == pytest.approx([0.0] * 3, abs=1e-3)


def test_a_run_that_was_killed_still_plays(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "clip.mp4", 10.0, (64, 48))
    for k in range(65):
        writer.write(grey(64, 48), k / 10)
    copy = tmp_path / "copy.mp4"
    copy.write_bytes((tmp_path / "clip.mp4").read_bytes())
    writer.close()
    assert len(play(copy)) >= 20


@pytest.mark.parametrize("name", ["missing/clip.mp4", ".", "file/clip.mp4"])
def test_a_path_that_cannot_be_written_is_a_clear_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        VideoWriter(tmp_path / name, 10.0, (64, 48))


def test_a_picture_without_pixels_makes_no_video(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too small"):
        VideoWriter(tmp_path / "clip.mp4", 10.0, (1, 1))

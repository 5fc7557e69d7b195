"""Privacy masks are black before anything looks at the picture."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage import make_clip
from footfall.config.plan import OnEnd, Pace, PrivacyMask, SourceSpec
from footfall.core.errors import ConfigError
from footfall.core.geometry import contains
from footfall.core.types import Packet
from footfall.ingest.decode import VideoSource
from footfall.ingest.masks import Blackout, kept

LEFT = PrivacyMask("left", ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
TOP = PrivacyMask("top", ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5)))


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic_s(self) -> float:
        return 0.0


def spec(clip: Path, *masks: PrivacyMask) -> SourceSpec:
    return SourceSpec("cam", str(clip), OnEnd.STOP, Pace.FAST, max_fps=100.0, masks=masks)


def test_every_picture_is_masked_the_small_and_the_large(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "c.mp4", count=40)
    wanted = iter([0] * 10 + [120] * 10 + [0] * 10 + [80] * 10)
    source = VideoSource(spec(clip, LEFT), image_width_px=64, picture_width_px=lambda: next(wanted), clock=Clock())
    frames = list(source.frames())
    assert [None if f.picture is None else f.picture.shape[1] for f in frames] == (
        [None] * 10 + [120] * 10 + [None] * 10 + [80] * 10
    )
    for image in [picture for f in frames for picture in (f.image, f.picture) if picture is not None]:
        assert not image[:, : image.shape[1] // 2].any()
    assert frames[-1].image[:, 40:].min() > 50


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_mask_lies_where_it_was_drawn_in_the_upright_picture(tmp_path: Path, rotation: int) -> None:
    clip = make_clip(tmp_path / "c.mp4", count=30, rotation=rotation)
    plain = list(VideoSource(spec(clip), clock=Clock()).frames())[-1].image
    masked = list(VideoSource(spec(clip, TOP), clock=Clock()).frames())[-1].image
    height = plain.shape[0]
    assert not masked[: height // 2].any()
    assert (masked[height // 2 + 3 :] == plain[height // 2 + 3 :]).all()


def test_where_masks_overlap_the_picture_stays_black() -> None:
    image = np.full((40, 40, 3), 200, np.uint8)
    masked = Blackout((LEFT, TOP))(image)
    assert not masked[:20].any()
    assert not masked[:, :20].any()
    assert (masked[23:, 23:] == 200).all()
    assert (image == 200).all(), "what was given is left as it is"


def test_without_masks_nothing_is_done() -> None:
    image = np.full((4, 4, 3), 200, np.uint8)
    assert Blackout(())(image) is image


points = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(corners=st.tuples(points, points, points), width=st.integers(2, 90), height=st.integers(2, 90))
def test_every_pixel_whose_middle_is_inside_is_hidden(
    corners: tuple[tuple[float, float], ...], width: int, height: int
) -> None:
    keep = kept([PrivacyMask("m", corners)], height, width)
    for y in range(height):
        for x in range(width):
            if contains(corners, ((x + 0.5) / width, (y + 0.5) / height)):
                assert not keep[y, x].any()


def test_packets_of_a_masked_camera_are_refused(tmp_path: Path) -> None:
    packets: list[Packet] = []
    with pytest.raises(ConfigError, match="cam has privacy masks"):
        VideoSource(spec(tmp_path / "c.mp4", LEFT), clock=Clock(), on_packet=packets.append)

"""Packets for recorders: of made-up cameras, and of real clips."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from footfall.config.plan import OnEnd, Pace, SourceSpec
from footfall.core.types import Packet, VideoFormat
from footfall.ingest.decode import VideoSource
from servers.clock import SetClock

START = datetime(2026, 1, 1, tzinfo=UTC)
FORMAT = VideoFormat("h264", Fraction(1, 1000), b"header")


def packet(
    t_s: float,
    *,
    is_key: bool = False,
    pts_s: float | None = None,
    dts_s: float | None = None,
    size: int = 10,
    video: VideoFormat = FORMAT,
) -> Packet:
    """One that nobody can decode."""
    pts = round((t_s if pts_s is None else pts_s) * 1000)
    dts = pts if dts_s is None else round(dts_s * 1000)
    return Packet("cam", t_s, START + timedelta(seconds=t_s), is_key, bytes(size), pts, dts, 100, video)


def stream(start_s: float, end_s: float, *, every_s: float = 0.1, gop: int = 10, pts_s: float = 0.0) -> list[Packet]:
    """A camera's packets; its own time stamps begin at `pts_s`."""
    count = round((end_s - start_s) / every_s)
    return [
        packet(start_s + number * every_s, is_key=number % gop == 0, pts_s=pts_s + number * every_s)
        for number in range(count)
    ]


def packets_of(clip: Path) -> list[Packet]:
    """A file's packets, as its reader hands them on."""
    packets: list[Packet] = []
    spec = SourceSpec("cam", str(clip), OnEnd.STOP, Pace.FAST, max_fps=1000.0)
    for _ in VideoSource(spec, clock=SetClock(), on_packet=packets.append).frames():
        pass
    return packets


def numbers(clip: Path) -> list[int]:
    """Which pictures of `footage.make_clip` a clip shows, told from their brightness; it decodes from its first one."""
    with av.open(str(clip)) as container:
        first = next(packet for packet in container.demux(video=0) if packet.size)
        assert first.is_keyframe
    with av.open(str(clip)) as container:
        frames = list(container.decode(video=0))
    times_s = [frame.time for frame in frames]
    assert times_s[0] == 0.0
    assert times_s == sorted(times_s)
    assert not any(frame.is_corrupt for frame in frames)
    return [round(float(np.mean(frame.to_ndarray(format="rgb24")[-20:, -20:])) / 2) for frame in frames]

"""What was found out about a camera, and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

LOW_FPS: Final = 8.0
HIGH_FPS: Final = 20.0
MOST_USEFUL_PX: Final = 1920
LEAST_USEFUL_PX: Final = 480
LONG_KEYFRAME_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class CameraReport:
    """What a look of some seconds has shown. Nothing of the picture is kept."""

    url: str
    """Redacted."""
    reason: str = ""
    """Why it cannot be played, as in `SourceUnavailable.reason`; empty: it can."""
    detail: str = ""
    """The same in words."""
    codec: str = ""
    """FFmpeg's name: `h264`, `hevc`, `mjpeg` ..."""
    profile: str = ""
    """`Main`, `High` ...; empty where the codec has none."""
    size_px: tuple[int, int] = (0, 0)
    """(width, height)."""
    fps: float = 0.0
    """As it came, not as it is stated."""
    stated_fps: float = 0.0
    transport: str = ""
    """`tcp`, `udp`, `http`: the first that works; empty for what is not RTSP."""
    keyframe_s: float | None = None
    """From one key frame to the next; None: only one was seen."""
    watched_s: float = 0.0
    bitrate_kbps: int = 0
    has_audio: bool = False
    has_b_frames: bool = False
    damaged: int = 0
    """Packets that came with a part missing."""
    tells_time: bool = False
    """Whether its clock can be read from the stream (RTCP sender reports)."""
    advice: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether it can be played."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Arrival:
    """One packet of video."""

    pts_s: float | None
    dts_s: float | None
    arrived_s: float
    size: int
    is_key: bool
    is_damaged: bool = False


def measured(report: CameraReport, arrivals: list[Arrival]) -> CameraReport:
    """The report with what the packets show.

    A server that begins sends what it has kept in a burst: rates come from the stream's own time where it has one.
    There is at least one packet.
    """
    stamped = [(a.pts_s, a) for a in arrivals if a.pts_s is not None]
    timed = stamped if len(stamped) > 1 else [(a.arrived_s, a) for a in arrivals]
    times_s = [t_s for t_s, _ in timed]
    watched_s = max(times_s) - min(times_s)
    gaps_s = [after - before for before, after in pairwise(sorted(t_s for t_s, a in timed if a.is_key))]
    size = sum(a.size for _, a in timed)
    return replace(
        report,
        fps=round((len(times_s) - 1) / watched_s, 1) if watched_s > 0 else 0.0,
        watched_s=round(watched_s, 1),
        keyframe_s=round(median(gaps_s), 2) if gaps_s else None,
        bitrate_kbps=round(size * 8 / watched_s / 1000) if watched_s > 0 else 0,
        has_b_frames=any(a.pts_s is not None and a.dts_s is not None and a.pts_s > a.dts_s + 1e-6 for a in arrivals),
        damaged=sum(a.is_damaged for a in arrivals),
    )


def advised(report: CameraReport) -> CameraReport:
    """The report with what to do, the most important first."""
    return replace(report, advice=tuple(_refused(report) if report.reason else _playing(report)))


def _refused(report: CameraReport) -> Iterator[str]:
    yield CURES.get(report.reason, "look whether another program, VLC for example, plays this address")


def _playing(report: CameraReport) -> Iterator[str]:
    yield from _of_the_line(report)
    yield from _of_the_picture(report)
    yield from _of_the_coding(report)


def _of_the_line(report: CameraReport) -> Iterator[str]:
    if report.transport == "udp":
        yield "It sends over UDP only: pictures break up when the network is busy. Allow RTSP over TCP in its settings."
    if report.damaged:
        yield f"{report.damaged} packets came damaged: use a cable instead of radio, or a lower bit rate."
    if report.transport and not report.tells_time:
        yield "The stream has not told the camera's clock: events are dated by when pictures arrive."


def _of_the_picture(report: CameraReport) -> Iterator[str]:
    width, height = report.size_px
    if max(width, height) > MOST_USEFUL_PX:
        yield (
            f"{width}x{height} is more than counting needs, and costs CPU. Use the camera's sub stream if it has one "
            "(often the same address with another number), or choose 1920x1080 or less."
        )
    if 0 < max(width, height) < LEAST_USEFUL_PX:
        yield f"{width}x{height} is small: people far away are only some pixels high. Choose 640x360 or more."
    if 0 < report.fps < LOW_FPS:
        yield f"{report.fps:g} pictures a second are few: people who walk fast may be missed. Choose 10 to 15."
    if report.fps > HIGH_FPS:
        yield f"{report.fps:g} pictures a second are more than counting needs: 10 to 15 save CPU."


def _of_the_coding(report: CameraReport) -> Iterator[str]:
    if report.codec == "hevc":
        yield "H.265 costs about twice the CPU of H.264 to decode. Choose H.264 if the camera offers it."
    if report.codec not in {"h264", "hevc"}:
        yield f"{report.codec} is played, but recorded clips of it may not play in a browser. H.264 is the safe choice."
    if report.has_b_frames:
        yield "It reorders pictures (B-frames), which makes all of them later. Choose a profile without them."
    if report.codec in {"h264", "hevc"} and (report.keyframe_s or report.watched_s) > LONG_KEYFRAME_S:
        yield "Key frames are rare: pictures come late after a reconnection. Choose one every 1 to 2 seconds."


CURES: Final = {
    "unauthorized": "The camera refuses this login. Check user and password in the camera's own page; some have a "
    "user of their own for RTSP or ONVIF. It was tried once only, because many cameras lock up after some wrong ones.",
    "not-found": "Host or path are wrong. Paths differ from maker to maker: look into the manual, or let the camera be "
    "found in the network.",
    "refused": "There is a machine at this address, but it sends no video at this port. RTSP is mostly at 554; it may "
    "have to be switched on in the camera.",
    "timeout": "Nobody answers. Check the address, the cable, and that this machine may reach the camera's network.",
    "not-video": "Something answers, but sends no video that can be decoded.",
    "no-frames": "Video comes, but not one picture can be decoded. Choose H.264 in the camera.",
    "ended": "The camera hung up. It may allow only some viewers at a time: close others.",
}

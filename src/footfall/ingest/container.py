"""Opens video with FFmpeg (PyAV) and translates its errors: the only place that knows either."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from footfall.config.plan import RtspTransport, SourceSpec
from footfall.core.errors import Blocked, SourceUnavailable
from footfall.core.ports import Lead
from footfall.ingest.url import at_address, is_rtsp, openable, place_of, redact, scheme

Packets: TypeAlias = "Iterator[Packet[VideoStream]]"

NOMINAL_FPS: Final = 25.0
"""Assumed where neither container nor codec names a frame rate."""
_FORMATS: Final = (
    "rtsp,sdp,rtp,mov,mp4,matroska,webm,avi,mpegts,mpeg,h264,hevc,m4v,mpegvideo,ivf,obu,gif,mjpeg,mpjpeg,jpeg_pipe,"
    "png_pipe,flv,live_flv,asf,ogg,mxf,dhav,nut,yuv4mpegpipe,hls"
)
"""Demuxers that may be used; without this list FFmpeg takes a text file for an ANSI film."""
_REMOTE_PROTOCOLS: Final = "http,https,httpproxy,tcp,tls,udp,rtp,rtsp,rtsps,srtp,crypto,data"
"""What an address may lead to: a remote play list must not read local files, nor a local one the network."""
_REFERENCE_TIME: Final = struct.Struct("=q")
"""First member of FFmpeg's `AVProducerReferenceTime`: microseconds since 1970."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR_9999_US: Final = 253_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What is known about a video before it is played."""

    codec: str
    """FFmpeg's name: `h264`, `hevc`, `vp9`, `mpeg4`, `mjpeg` ..."""
    container: str
    size_px: tuple[int, int]
    """(width, height) as coded."""
    fps: float
    frames: int | None
    """None: not known before the end, as for cameras and raw streams."""
    duration_s: float | None


@dataclass(frozen=True, slots=True)
class Address:
    """How a video is reached."""

    url: str
    transport: RtspTransport = RtspTransport.TCP
    timeout_s: float = 3.0
    """For opening, and again for each read."""
    ca_file: str = ""
    """rtsps: PEM file of those whose certificates are believed; empty: everybody's."""
    lead: Lead | None = None
    """Asked at every connection; None: go by the name."""


@dataclass(frozen=True, slots=True)
class Video:
    """A video that is open."""

    container: InputContainer
    stream: VideoStream
    packets: Packets
    """Of the stream, from the first on; `next_packet` reads them."""


def address_of(spec: SourceSpec, lead: Lead | None = None) -> Address:
    """Where a source's video is."""
    return Address(spec.url, spec.transport, spec.timeout_s, spec.ca_file, lead)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn FFmpeg's errors, and refusals to go somewhere, into `SourceUnavailable`.

    The cause is cut off on purpose: PyAV's exceptions carry the address with its password.
    """
    try:
        yield
    except av.FFmpegError as error:
        raise SourceUnavailable(_reason(error), f"{redact(url)}: {error.strerror}") from None
    except Blocked as error:
        reason = "broken" if error.reason == "unknown-host" else "blocked"
        raise SourceUnavailable(reason, f"{redact(url)}: {error}") from error


@contextmanager
def open_video(address: Address) -> Iterator[Video]:
    """Open the container and find its video; closed at the end.

    An RTSP camera with several addresses is tried at one after the other. Video over HTTP that is led is read by
    ourselves, as FFmpeg goes wherever redirects and play lists lead it.

    Raises:
        SourceUnavailable: every reason but `no-frames`; `ended` where a server hangs up.
    """
    numbers = led(address.url, address.lead)
    if address.lead is not None and numbers[0] and scheme(address.url) in {"http", "https"}:
        with _read(address, address.lead) as video:
            yield video
    else:
        with _opened_at(address, numbers) as container:
            stream = _video_of(container, address.url)
            yield Video(container, stream, container.demux(stream))


def led(url: str, lead: Lead | None) -> Sequence[str]:
    """Numbers of the host that may be connected to, never none; an empty one: go by the name.

    Raises:
        SourceUnavailable: `blocked`, or `broken` where nobody knows the host.
    """
    if lead is None or scheme(url) == "file":
        return [""]
    try:
        with translated(url):
            return lead(*place_of(url)) or [""]
    except ValueError as error:
        raise SourceUnavailable("blocked", f"{redact(url)}: {error}") from None


@contextmanager
def _read(address: Address, lead: Lead) -> Iterator[Video]:
    """Video over HTTP whose every connection is led."""
    from footfall.ingest.http_video import BUFFER_BYTES, OPTIONS, HttpVideo  # noqa: PLC0415 - an HTTP client

    url = address.url
    with translated(url):
        http = HttpVideo(url, lead, address.timeout_s)
    with closing(http):
        with translated(url), http.told():
            container = av.open(
                http.feed,
                "r",
                http.format,
                options={"format_whitelist": _FORMATS, **OPTIONS},
                timeout=(address.timeout_s, address.timeout_s),
                metadata_errors="replace",
                buffer_size=BUFFER_BYTES,
                io_open=http.open,
            )
        with container:
            stream = _video_of(container, url)
            yield Video(container, stream, http.told_by(container.demux(stream)))


def _opened_at(address: Address, numbers: Sequence[str]) -> InputContainer:
    first: SourceUnavailable | None = None
    for number in numbers:
        try:
            return _opened(address, number)
        except SourceUnavailable as error:
            first = first or error
            if error.reason == "unauthorized":
                break  # a login is tried once
    assert first is not None
    raise first


def _opened(address: Address, number: str) -> InputContainer:
    url = address.url
    there = at_address(url, number) if number and is_rtsp(url) else openable(url)
    timeout = None if scheme(url) == "file" else (address.timeout_s, address.timeout_s)
    started_s = time.monotonic()
    try:
        with translated(url):
            return av.open(there, options=_options(address), timeout=timeout, metadata_errors="replace")
    except SourceUnavailable as error:
        if timeout is not None and time.monotonic() - started_s >= address.timeout_s:
            silence = f"{redact(url)}: no answer for {address.timeout_s:g} s"
            raise SourceUnavailable("timeout", silence) from None
        if timeout is None and error.reason == "ended":
            raise SourceUnavailable("not-video", error.detail) from None
        raise


def _video_of(container: InputContainer, url: str) -> VideoStream:
    stream = container.streams.best("video")
    if isinstance(stream, VideoStream) and not stream.disposition & Disposition.attached_pic and stream.codec_context:
        return stream
    raise SourceUnavailable("not-video", f"{redact(url)}: holds no video that can be decoded")


def next_packet(packets: Packets, url: str) -> Packet[VideoStream] | None:
    """Read on; None at the end.

    Raises:
        SourceUnavailable: the connection or the file broke.
    """
    with translated(url):
        try:
            return next(packets, None)
        except IndexError:  # PyAV flushes streams that appeared after opening, which it does not know
            return None


def camera_time(packet: Packet[VideoStream]) -> datetime | None:
    """When a packet's picture was taken, by the camera's clock, as its last RTCP sender report tells; None: not told.

    RFC 3550 section 6.4.1: a camera without a clock reports the time since it was switched on, which looks like 1900.
    """
    if not packet.has_sidedata("prft"):
        return None
    (since_1970_us,) = _REFERENCE_TIME.unpack_from(bytes(packet.get_sidedata("prft")))
    return EPOCH + timedelta(microseconds=since_1970_us) if 0 < since_1970_us < _YEAR_9999_US else None


def probe(address: Address) -> StreamInfo:
    """Open, look and close: for progress bars and advice.

    Raises:
        SourceUnavailable: as for playing.
    """
    with open_video(address) as video:
        stream = video.stream
        return StreamInfo(
            codec=stream.codec_context.name,
            container=video.container.format.name,
            size_px=(stream.width, stream.height),
            fps=frame_rate(stream),
            frames=stream.frames or None,
            duration_s=duration_s(video.container),
        )


def frame_rate(stream: VideoStream) -> float:
    """Nominal frames per second."""
    rate: Fraction | None = stream.average_rate or stream.guessed_rate
    return float(rate) if rate else NOMINAL_FPS


def duration_s(container: InputContainer) -> float | None:
    """Length as the container states it."""
    return container.duration / av.time_base if container.duration else None


def _options(address: Address) -> dict[str, str]:
    timeout_us = str(round(address.timeout_s * 1e6))
    if is_rtsp(address.url):
        return {
            "format_whitelist": _FORMATS,
            "protocol_whitelist": _REMOTE_PROTOCOLS,
            "rtsp_transport": address.transport.value,
            "allowed_media_types": "video",
            "timeout": timeout_us,
            "analyzeduration": "1000000",
            **({"verifyhost": place_of(address.url)[0]} if address.lead and scheme(address.url) == "rtsps" else {}),
            **({"tls_verify": "1", "ca_file": address.ca_file} if address.ca_file else {}),
        }
    if scheme(address.url) == "file":
        return {"format_whitelist": _FORMATS, "protocol_whitelist": "file,crypto,data"}
    return {"format_whitelist": _FORMATS, "protocol_whitelist": _REMOTE_PROTOCOLS, "rw_timeout": timeout_us}


def _reason(error: av.FFmpegError) -> str:
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return reason
    return "broken"


_REASONS: Final[tuple[tuple[tuple[type[BaseException], ...], str], ...]] = (
    ((TimeoutError, av.error.ExitError), "timeout"),
    ((av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError, PermissionError), "unauthorized"),
    ((FileNotFoundError, NotADirectoryError, av.error.HTTPNotFoundError), "not-found"),
    ((ConnectionRefusedError,), "refused"),
    ((IsADirectoryError, av.error.InvalidDataError, av.error.DecoderNotFoundError), "not-video"),
    ((av.error.ProtocolNotFoundError, av.error.DemuxerNotFoundError), "not-video"),
    ((EOFError,), "ended"),
)

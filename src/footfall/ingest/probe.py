"""Looks at a camera for some seconds before it is added: what it sends, and what would be better."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import quote

import av

from footfall.config.media import Endpoint, RtspSource
from footfall.config.plan import RtspTransport
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Lead
from footfall.ingest.container import Address, Packets, frame_rate, next_packet, open_video
from footfall.ingest.describe import OK, described
from footfall.ingest.probe_report import Arrival, CameraReport, advised, measured
from footfall.ingest.url import is_rtsp, redact, scheme

BUDGET_S: Final = 6.0
WATCH_S: Final = 2.5
"""Of pictures, once they come."""
TRANSPORTS: Final = (RtspTransport.TCP, RtspTransport.UDP, RtspTransport.HTTP)
ANOTHER_WAY: Final = {"timeout", "broken", "ended", "no-frames"}
"""After these another transport may work; after all else it would be the same."""
STATUS_REASONS: Final = {401: "unauthorized", 403: "unauthorized", 404: "not-found", 454: "not-found"}


def probe_camera(
    url: str,
    user: str = "",
    password: str = "",
    *,
    transport: RtspTransport | None = None,
    budget_s: float = BUDGET_S,
    lead: Lead | None = None,
) -> CameraReport:
    """Look at a camera or stream; never raises for what is wrong with it. A login is tried once. Blocks.

    Args:
        url: rtsp, rtsps, http or https; a login in it counts if `user` is empty.
        user: of the camera.
        password: of the camera.
        transport: only this one; None: TCP, then the others.
        budget_s: seconds after which there is an answer, about; each transport has its share of them to answer, and the
            question before has as much.
        lead: says at every connection where it may go, for whoever lets strangers choose the address.
    """
    transports = (transport,) if transport else TRANSPORTS
    answer_s = budget_s / len(transports)
    deadline_s = time.monotonic() + budget_s
    report = CameraReport(redact(url))
    address = with_user(url, user, password)
    try:
        if is_rtsp(address):
            report = replace(report, has_audio=_asked(address, answer_s, lead))
        ways = [Address(address, way, answer_s, lead=lead) for way in transports]
        return advised(_tried(report, ways, deadline_s))
    except SourceUnavailable as error:
        return advised(replace(report, reason=error.reason, detail=redact(error.detail)))


def with_user(url: str, user: str, password: str) -> str:
    """The URL with a login, as `openable` reads it."""
    if not user:
        return url
    prefix, _, rest = url.partition("://")
    authority, slash, path = rest.partition("/")
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"{prefix}://{login}@{authority.rpartition('@')[2]}{slash}{path}"


def _asked(address: str, answer_s: float, lead: Lead | None) -> bool:
    """Ask what is sent; whether there is sound.

    Raises:
        SourceUnavailable: it refuses.
    """
    endpoint = Endpoint(address, is_tls=scheme(address) == "rtsps", ignores_signature=True)
    with described(RtspSource(endpoint), answer_s, lead) as answer:
        if answer.status != OK:
            reason = STATUS_REASONS.get(answer.status, "broken")
            raise SourceUnavailable(reason, f"{redact(address)}: the camera answers {answer.status}")
        return "\nm=audio" in answer.sdp


def _tried(report: CameraReport, ways: Sequence[Address], deadline_s: float) -> CameraReport:
    """Watch it over the first transport that works.

    Raises:
        SourceUnavailable: none does; the first says why.
    """
    first: SourceUnavailable | None = None
    for way in ways:
        left_s = deadline_s - time.monotonic()
        if left_s <= 0.0:
            break
        try:
            return _watched(report, replace(way, timeout_s=min(way.timeout_s, left_s)), deadline_s)
        except SourceUnavailable as error:
            first = first or error
            if error.reason not in ANOTHER_WAY or not is_rtsp(way.url):
                break
    raise first or SourceUnavailable("timeout", f"{report.url}: no answer in time")


def _watched(report: CameraReport, address: Address, deadline_s: float) -> CameraReport:
    with open_video(address) as video:
        stream = video.stream
        end_s = min(time.monotonic() + WATCH_S, deadline_s)
        arrivals, tells_time = _arrivals(video.packets, address.url, end_s)
        if not arrivals:
            raise SourceUnavailable("no-frames", f"{report.url}: not one picture came")
        stated = replace(
            report,
            transport=address.transport.value if is_rtsp(address.url) else "",
            codec=stream.codec_context.name,
            profile=stream.codec_context.profile or "",
            size_px=(stream.width, stream.height),
            stated_fps=round(frame_rate(stream), 2),
            tells_time=tells_time,
        )
        return measured(stated, arrivals)


def _arrivals(packets: Packets, url: str, end_s: float) -> tuple[list[Arrival], bool]:
    """What comes until then; whether a time of day came with it.

    Raises:
        SourceUnavailable: it broke before anything came; `no-frames` if not one picture can be decoded.
    """
    arrivals: list[Arrival] = []
    tells_time = is_decoded = False
    while (now_s := time.monotonic()) < end_s:
        try:
            packet = next_packet(packets, url)
        except SourceUnavailable:
            if arrivals:
                break
            raise
        if packet is None:
            break
        if not packet.size:
            continue
        base = float(packet.time_base) if packet.time_base else 0.0
        pts_s, dts_s = (None if tick is None else tick * base for tick in (packet.pts, packet.dts))
        arrivals.append(Arrival(pts_s, dts_s, now_s, packet.size, packet.is_keyframe, packet.is_corrupt))
        tells_time = tells_time or packet.has_sidedata("prft")
        if not is_decoded:
            with suppress(av.FFmpegError):
                is_decoded = bool(packet.decode())
    if arrivals and not is_decoded:
        raise SourceUnavailable("no-frames", f"{redact(url)}: sends data, but no picture can be decoded")
    return arrivals, tells_time

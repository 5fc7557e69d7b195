"""A camera as a media graph plays it: asked what it sends before it is played, dated in media time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from urllib.parse import quote, urlsplit

from footfall.config.media import Endpoint, RtspSource
from footfall.config.plan import OnEnd, RtspTransport, SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.media_time import utc_of
from footfall.core.ports import Source
from footfall.core.types import Frame, Packet
from footfall.ingest.describe import OK, Described, described
from footfall.ingest.media_clock import MediaClock


@dataclass(frozen=True, slots=True)
class Established:
    """The camera has said what it will send."""

    sdp: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The camera answers with an error: 401 a wrong login, 404 a wrong path."""

    status: int


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """The camera sends video that a media graph does not take."""

    codec: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The camera cannot be reached, or has gone; `reason` as in `SourceUnavailable`."""

    reason: str


News: TypeAlias = Established | Refused | Unsuitable | Lost
PacketTaker: TypeAlias = Callable[[Packet], None]
Play: TypeAlias = Callable[[SourceSpec, PacketTaker], Source]
"""Opens the video itself: decoded, or packets alone."""


class MediaCamera:
    """One camera over all its connections.

    Args:
        source: where the camera is; its host as on this machine.
        spec: the same for FFmpeg, from `spec_of`.
        play: opens the video.
        on_packet: gets every packet, `utc` is its media time.
        tell: hears what operators are told; each trouble once until it is over.
    """

    def __init__(
        self,
        source: RtspSource,
        spec: SourceSpec,
        play: Play,
        *,
        on_packet: PacketTaker,
        tell: Callable[[News], None],
    ) -> None:
        self.spec = spec
        self._source = source
        self._play = play
        self._on_packet = on_packet
        self._tell = tell
        self._trouble: News | None = None
        self._last = 0

    def open(self) -> Source:
        """A new connection, not made yet."""
        clock = MediaClock(self._last)

        def take(packet: Packet) -> None:
            self._on_packet(replace(packet, utc=utc_of(clock.ticks(packet.t_s, packet.utc))))

        return _Connection(self, self._play(self.spec, take), clock)

    def ask(self) -> AbstractContextManager[Described]:
        """Ask what the camera sends, and hold the line.

        Raises:
            SourceUnavailable: it does not answer.
        """
        return described(self._source, self.spec.timeout_s)

    def judge(self, answer: Described) -> None:
        """Tell what the camera says.

        Raises:
            SourceUnavailable: it refuses, or sends what nobody can take.
        """
        if answer.status == OK:
            codec = video_codec(answer.sdp)
            self._tell(Established(answer.sdp))
            if codec in {"", H264}:
                self._trouble = None
                return
            self._say(Unsuitable(codec))
            raise SourceUnavailable("not-video", f"{self.spec.source_id}: sends {codec}, a media graph takes {H264}")
        self._say(Refused(answer.status))
        reason = REASONS.get(answer.status, "broken")
        raise SourceUnavailable(reason, f"{self.spec.source_id}: the camera answers {answer.status}")

    def has_ended(self, error: SourceUnavailable, clock: MediaClock) -> None:
        """A connection is over."""
        self._last = max(self._last, clock.last)
        if self._trouble is None and error.reason != "ended":
            self._say(Lost(error.reason))

    def _say(self, trouble: News) -> None:
        if trouble != self._trouble:
            self._tell(trouble)
        self._trouble = trouble


class _Connection:
    """One connection of a camera, a `Source`."""

    def __init__(self, camera: MediaCamera, video: Source, clock: MediaClock) -> None:
        self._camera = camera
        self._video = video
        self._clock = clock

    def frames(self) -> Iterator[Frame]:
        """Frames whose `utc` is their media time.

        Raises:
            SourceUnavailable: as `MediaCamera.ask` and `judge`, and when the video ends.
        """
        try:
            with ExitStack() as line:
                self._camera.judge(line.enter_context(self._camera.ask()))
                for frame in self._video.frames():
                    line.close()
                    yield replace(frame, utc=utc_of(self._clock.ticks(frame.t_s, frame.utc)))
        except SourceUnavailable as error:
            self._camera.has_ended(error, self._clock)
            raise

    def close(self) -> None:
        """Let go of the camera."""
        self._video.close()


def spec_of(name: str, source: RtspSource, max_fps: float, ca_file: str = "") -> SourceSpec:
    """How FFmpeg plays this camera.

    Args:
        name: what logs call it.
        source: where it is.
        max_fps: pictures a second that somebody wants.
        ca_file: PEM file of those whose certificates are believed; empty: everybody's.
    """
    return SourceSpec(
        name,
        _with_login(source.endpoint),
        OnEnd.RECONNECT,
        transport=RtspTransport.HTTP if source.over_http else RtspTransport.TCP,
        max_fps=max_fps,
        ca_file=ca_file,
    )


def video_codec(sdp: str) -> str:
    """Encoding name of the first video stream, upper case; empty where the SDP names none."""
    _, video, rest = sdp.partition("m=video ")
    section = rest.partition("\nm=")[0] if video else ""
    payload = re.match(r"\d+\s+\S+\s+(\d+)", section)
    named = re.search(rf"a=rtpmap:{payload[1]}\s+([\w.-]+)/", section) if payload else None
    return named[1].upper() if named else ""


def _with_login(endpoint: Endpoint) -> str:
    """The URL with the endpoint's login, unless it has one of its own."""
    if not endpoint.user or "@" in urlsplit(endpoint.url).netloc:
        return endpoint.url
    scheme, _, rest = endpoint.url.partition("://")
    return f"{scheme}://{quote(endpoint.user, safe='')}:{quote(endpoint.password, safe='')}@{rest}"


H264: Final = "H264"
REASONS: Final = {401: "unauthorized", 403: "unauthorized", 404: "not-found"}

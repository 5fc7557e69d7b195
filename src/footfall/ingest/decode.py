"""Plays a camera or a file: every frame is decoded, only those that will be analysed are converted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import count
from typing import Final

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.packet import Packet as EncodedPacket
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from footfall.config.plan import OnEnd, Pace, SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Clock, Lead
from footfall.core.types import Frame, Image, Packet
from footfall.ingest.clock import StreamClock
from footfall.ingest.container import (
    Packets,
    Video,
    address_of,
    camera_time,
    duration_s,
    frame_rate,
    next_packet,
    open_video,
    translated,
)
from footfall.ingest.masks import check_recordable
from footfall.ingest.picture import Scaler, processing_size
from footfall.ingest.rate import RateFilter
from footfall.ingest.tap import PacketTap
from footfall.ingest.url import is_rtsp, redact, scheme

logger = logging.getLogger(__name__)

FIRST_PICTURE_S: Final = 15.0
"""Packets of a live stream may come this long before its first picture: some cameras send a key frame every 10 s."""
BEHIND_S: Final = 1.0
"""A paced file that is later than this goes on from where it is instead of hurrying."""
EARLY_END_S: Final = 1.0
"""A file that ends so much before the end that its header states was cut."""


class VideoSource:
    """A camera, a stream or a file as a `Source`. Raises and never retries.

    Pixels arrive `image_width_px` wide (None: as wide as the source), never wider than the source; with
    `picture_width_px` a second time at that width, for people to look at; it may be asked for each frame anew. `wait`
    sleeps between the frames of a file that is played in real time; one that returns early ends the wait. `on_packet`
    gets every packet with its time, in decode order, from the moment the first picture was given out. `asks_camera`:
    dated by the camera's own clock as soon as it tells it; else by arrival, as media time is made of steps without one.
    `lead` says at every connection where it may go.

    Raises:
        ConfigError: packets are wanted of a camera with privacy masks.
    """

    def __init__(  # noqa: PLR0913 - all but the first have a default and a name
        self,
        spec: SourceSpec,
        *,
        image_width_px: int | None = None,
        picture_width_px: int | Callable[[], int] | None = None,
        clock: Clock,
        wait: Callable[[float], object] = time.sleep,
        on_packet: Callable[[Packet], None] | None = None,
        asks_camera: bool = True,
        lead: Lead | None = None,
    ) -> None:
        if on_packet is not None:
            check_recordable(spec)
        self.errors = 0
        """Packets that could not be decoded so far."""
        self._spec = spec
        self._name = redact(spec.url)
        self._clock = clock
        self._wait = wait
        self._on_packet = on_packet
        self._asks_camera = asks_camera
        self._address = address_of(spec, lead)
        self._scaler = Scaler(image_width_px, spec.masks)
        self._picture_width_px = picture_width_px if callable(picture_width_px) else lambda: picture_width_px or 0
        self._picture_scaler: Scaler | None = None
        self._closed = False

    def frames(self) -> Iterator[Frame]:
        """Yield the frames to analyse, in presentation order, until the file ends or `close` is called.

        Each call starts a new life: stream time, index and loop count from 0.

        Raises:
            SourceUnavailable: it does not open, broke, or gives no picture; at the end of a live stream too.
        """
        life: _Life | None = None
        for loop in count():
            with open_video(self._address) as video:
                life = life or self._new_life(video.container)
                yield from self._play(life, video, loop)
            if self._closed:
                return
            if self._spec.on_end is OnEnd.RECONNECT or is_rtsp(self._spec.url):
                raise SourceUnavailable("ended", f"{self._name}: the stream ended")
            if self._spec.on_end is OnEnd.STOP:
                return

    def close(self) -> None:
        """End `frames` at the next packet, at the latest after the read time-out; safe from any thread."""
        self._closed = True

    def _new_life(self, container: InputContainer) -> _Life:
        spec = self._spec
        is_file = scheme(spec.url) == "file"
        live = is_rtsp(spec.url) or (spec.on_end is OnEnd.RECONNECT and not is_file and duration_s(container) is None)
        paced = spec.pace is Pace.REALTIME and not live
        return _Life(live, paced, StreamClock(live=live), RateFilter(spec.max_fps), count())

    def _play(self, life: _Life, video: Video, loop: int) -> Iterator[Frame]:
        stream = video.stream
        fps = frame_rate(stream)
        life.timeline.start(fps)
        first_s = last_s = None
        for picture in self._pictures(life, video):
            t_s, utc = life.timeline.tick(picture.time, self._clock.now(), self._clock.monotonic_s())
            first_s, last_s = t_s if first_s is None else first_s, t_s
            index = next(life.numbers)
            if not life.rate.passes(t_s):
                continue
            utc += timedelta(seconds=self._pace(life, t_s))
            if self._closed:
                return
            with translated(self._spec.url):
                aspect = stream.sample_aspect_ratio
                image = self._scaler.convert(picture, aspect)
                large = self._larger(picture, aspect)
            size_px = processing_size(picture, aspect, self._spec.width_px)
            offset_s = life.timeline.camera.offset_s
            yield Frame(self._spec.source_id, index, t_s, utc, image, size_px, loop, large, offset_s)
        if self._closed:
            return
        if first_s is None or last_s is None:
            raise SourceUnavailable("no-frames", f"{self._name}: not one picture could be decoded")
        stated_s = None if life.live else duration_s(video.container)
        if stated_s is not None and last_s - first_s + 1 / fps < stated_s - EARLY_END_S:
            logger.warning("%s: ends %.1f s in, though it states %.1f s: cut?", self._name, last_s - first_s, stated_s)

    def _larger(self, picture: VideoFrame, aspect: Fraction | None) -> Image | None:
        """The picture for people to look at, if anybody wants one now."""
        width_px = self._picture_width_px()
        if not width_px:
            self._picture_scaler = None
            return None
        if self._picture_scaler is None or self._picture_scaler.width_px != width_px:
            self._picture_scaler = Scaler(width_px, self._spec.masks)
        return self._picture_scaler.convert(picture, aspect)

    def _pictures(self, life: _Life, video: Video) -> Iterator[VideoFrame]:
        """Decode all packets; a broken place at the end of a local file is its end."""
        stream = video.stream
        stream.thread_type = ThreadType.SLICE if life.live else ThreadType.AUTO
        seen = False
        deadline_s = self._clock.monotonic_s() + FIRST_PICTURE_S
        tap = PacketTap(self._spec.source_id, stream, life.timeline, self._on_packet) if self._on_packet else None
        read = self._read_live if life.live else self._read_file
        while (packet := read(video.packets, seen)) is not None:
            if self._closed:
                return
            if life.live:
                self._compare_clocks(life, packet)
            if tap is not None:
                tap.take(packet, self._clock.now(), is_timed=seen)
            pictures = self._decoded(packet)
            now_s = self._clock.monotonic_s()
            if pictures:
                seen = True
                deadline_s = now_s + self._spec.timeout_s
            elif life.live and now_s > deadline_s:
                raise SourceUnavailable("no-frames", f"{self._name}: sends data, but no picture can be decoded")
            yield from pictures
        if tap is not None and seen:
            tap.flush(self._clock.now())

    def _compare_clocks(self, life: _Life, packet: EncodedPacket[VideoStream]) -> None:
        taken = camera_time(packet) if self._asks_camera else None
        if taken is not None and packet.pts is not None:
            pts_s = float(packet.pts * packet.time_base)
            life.timeline.camera.tell(pts_s, taken, self._clock.now(), self._clock.monotonic_s())

    def _read_live(self, packets: Packets, _seen: bool) -> EncodedPacket[VideoStream] | None:
        """Next packet; one that took as long as the time-out is FFmpeg's last, squeezed out of its parser."""
        asked_s = self._clock.monotonic_s()
        packet = next_packet(packets, self._spec.url)
        if self._clock.monotonic_s() - asked_s >= self._spec.timeout_s:
            raise SourceUnavailable("timeout", f"{self._name}: silent for {self._spec.timeout_s:g} s")
        return packet

    def _read_file(self, packets: Packets, seen: bool) -> EncodedPacket[VideoStream] | None:
        try:
            return next_packet(packets, self._spec.url)
        except SourceUnavailable as error:
            if not seen or scheme(self._spec.url) != "file":
                raise
            logger.warning("the rest cannot be read: %s", error.detail)
            return None

    def _decoded(self, packet: EncodedPacket[VideoStream]) -> list[VideoFrame]:
        try:
            return packet.decode()
        except av.FFmpegError as error:
            if self.errors == 0:
                logger.warning("%s: a packet cannot be decoded and is skipped: %s", self._name, error.strerror)
            self.errors += 1
            return []

    def _pace(self, life: _Life, t_s: float) -> float:
        """Sleep until a paced frame is due; returns by how much the whole playback had to be put off."""
        if not life.paced:
            return 0.0
        now_s = self._clock.monotonic_s()
        if life.started_s is None:
            life.started_s = now_s - t_s
        behind_s = now_s - life.started_s - t_s
        if behind_s < 0.0:
            self._wait(-behind_s)
        elif behind_s > BEHIND_S:
            life.started_s += behind_s
            life.timeline.postpone(behind_s)
            return behind_s
        return 0.0


@dataclass(slots=True)
class _Life:
    """What goes on from loop to loop within one call of `frames`."""

    live: bool
    paced: bool
    timeline: StreamClock
    rate: RateFilter
    numbers: Iterator[int]
    started_s: float | None = None
    """Monotonic time at which stream time was 0."""

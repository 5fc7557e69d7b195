"""The asset sink: segments, first into a cache, from there to their asset (spec/recording.md section 6)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import av

from footfall.core.media_time import TICKS_PER_S, ticks_of
from footfall.core.types import Packet
from footfall.recording.asset import About, Asset, is_over
from footfall.recording.cache import Cache
from footfall.recording.gate import Opening
from footfall.recording.names import NamePattern, folder_name
from footfall.recording.notices import (
    DataDropped,
    Output,
    OutputType,
    RecordingAvailable,
    RecordingStarted,
    RecordingStopped,
    StorageError,
)
from footfall.recording.retention import prune
from footfall.recording.segment import Segment
from footfall.recording.sink import Hear, Keeping, reason_of, start_utc

log = logging.getLogger(__name__)

RETRY_TICKS: Final = 10 * TICKS_PER_S
"""After trouble with the disk nothing is tried for so long."""


@dataclass(frozen=True, slots=True)
class AssetPlaces:
    """Where an asset sink writes."""

    assets: Path
    """Each asset is a folder in it."""
    cache: Path
    """Of this sink alone."""
    most_cached_bytes: int | None = None


class AssetSink:
    """Records into assets.

    Args:
        node: The sink's name.
        pattern: Of the assets' names.
        segment_s: A segment ends with the first key frame after so long.
        places: Where to.
        keeping: How they are kept.
        hear: Gets the notices.

    Raises:
        OSError: a folder cannot be made or written.
    """

    def __init__(
        self, node: str, pattern: NamePattern, segment_s: float, places: AssetPlaces, keeping: Keeping, hear: Hear
    ) -> None:
        self._node = node
        self._pattern = pattern
        self._segment_ticks = round(segment_s * TICKS_PER_S)
        self._places = places
        self._keeping = keeping
        self._hear = hear
        self._cache = Cache(places.cache, places.most_cached_bytes)
        self._asset: Asset | None = None
        self._output: Output | None = None
        self._segment: Segment | None = None
        self._is_started = False
        self._is_available = False
        self._not_before_ticks = 0
        self._trouble = ""
        self._store_waiting()
        self._end_what_a_crash_left_open()

    @property
    def appends(self) -> bool:
        """As `sink.Sink`."""
        return not self._pattern.has_time

    def take(self, packet: Packet, opening: Opening, *, continues: bool) -> None:
        """As `sink.Sink`."""
        segment = self._segment
        if segment is not None and not (continues and self._has_room(segment, packet)):
            self._complete()
        try:
            if self._segment is None:
                self._begin(packet, opening, continues=continues)
            if self._segment is not None:
                self._segment.write(packet)
                self._tell_start()
        except (OSError, av.FFmpegError) as error:
            self._fail(error, packet)

    def lose(self, packet: Packet) -> None:
        """As `sink.Sink`."""
        if self._output is not None:
            start_ticks = packet.pts if self._segment is None else min(packet.pts, self._segment.end_ticks)
            self._complete()
            self._hear(DataDropped(self._output, start_ticks, packet.pts))

    def pause(self) -> None:
        """As `sink.Sink`."""
        self._complete()

    def stop(self) -> None:
        """As `sink.Sink`."""
        if self._output is None:
            return
        if self._is_started:
            self._hear(RecordingStopped(self._output))
        self._complete()
        if not self.appends:
            self._leave()
        self._output = None

    def tidy(self, now: datetime) -> None:
        """As `sink.Sink`; of all assets, also those of others that nobody writes any more."""
        days = self._keeping.retention_days
        self._store_waiting()
        try:
            if days is not None and self._asset is not None:
                self._asset.forget_before(ticks_of(now - timedelta(days=days)))
            prune(self._places.assets, now)
        except OSError as error:
            log.warning("%s: old segments stay: %s", self._node, reason_of(error))

    def close(self) -> None:
        """As `sink.Sink`."""
        self.stop()
        self._leave()

    def _has_room(self, segment: Segment, packet: Packet) -> bool:
        return not packet.is_key or packet.pts - segment.start_ticks < self._segment_ticks

    def _begin(self, packet: Packet, opening: Opening, *, continues: bool) -> None:
        """A new segment, if this packet can be its first."""
        may_continue = continues and not self._not_before_ticks
        if packet.pts < self._not_before_ticks or not (packet.is_key or may_continue):
            return
        if self._output is None:
            name = folder_name(self._pattern.at(start_utc(packet, opening)))
            self._output = Output(self._node, OutputType.ASSET, name, opening.number, opening.correlation_id)
            self._is_started = self._is_available = False
        if not packet.format.header:
            raise OSError(0, f"{packet.format.codec} video cannot be put into an MP4 file as it is")
        folder = self._cache.folder(self._output.location)
        self._segment = Segment(folder, packet, self._keeping.ring, continues=may_continue)
        self._not_before_ticks = 0

    def _tell_start(self) -> None:
        if self._output is not None and not self._is_started:
            self._is_started = True
            self._hear(RecordingStarted(self._output))

    def _complete(self) -> None:
        """Finish the open segment, if there is one, and store it."""
        segment, self._segment = self._segment, None
        if segment is None or self._output is None:
            return
        try:
            self._cache.add(self._output.location, segment.finish())
        except (OSError, av.FFmpegError) as error:
            self._complain(error)
            self._hear(DataDropped(self._output, segment.start_ticks, segment.end_ticks))
            return
        self._store_waiting()
        self._make_room()

    def _make_room(self) -> None:
        """Drop what waits beyond the limit of the cache."""
        try:
            dropped = self._cache.make_room()
        except OSError as error:
            self._complain(error)
            return
        for waiting in dropped:
            gone = Output(self._node, OutputType.ASSET, waiting.asset)
            self._hear(DataDropped(gone, waiting.segment.start_ticks, waiting.segment.end_ticks))

    def _store_waiting(self) -> None:
        """Bring to their assets what waits, oldest first; an asset that takes nothing does not hold up the others."""
        blocked: set[str] = set()
        for waiting in self._cache.waiting():
            if waiting.asset in blocked:
                continue
            try:
                self._open(waiting.asset).store(waiting.folder, waiting.segment)
            except OSError as error:
                self._complain(error, waiting.asset)
                blocked.add(waiting.asset)
                continue
            self._cache.stored(waiting)
            self._trouble = self._trouble if blocked else ""
            if self._output is not None and self._output.location == waiting.asset and not self._is_available:
                self._is_available = True
                self._hear(RecordingAvailable(self._output))

    def _open(self, name: str) -> Asset:
        if self._asset is None or self._asset.name != name:
            self._leave()
            about = About(name, self._pattern.names.instance, self._node, self._keeping.retention_days)
            self._asset = Asset(self._places.assets / name, about)
        return self._asset

    def _leave(self) -> None:
        """Nothing more comes for the asset that is open."""
        asset, self._asset = self._asset, None
        if asset is None:
            return
        if self._segment is None or self._output is None or self._output.location != asset.name:
            self._cache.leave(asset.name)
        try:
            asset.close()
        except OSError as error:
            self._complain(error, asset.name)

    def _end_what_a_crash_left_open(self) -> None:
        for folder in self._places.assets.iterdir():
            about = About.read(folder)
            mine = about is not None and (about.instance, about.node) == (self._pattern.names.instance, self._node)
            if mine and not is_over(folder):
                self._open(folder.name)
                self._leave()

    def _fail(self, error: Exception, packet: Packet) -> None:
        """Give the open segment up; a little later the next one is tried."""
        segment, self._segment = self._segment, None
        self._complain(error)
        self._not_before_ticks = packet.pts + RETRY_TICKS
        if segment is not None and self._output is not None:
            segment.discard()
            self._hear(DataDropped(self._output, segment.start_ticks, packet.pts))

    def _complain(self, error: Exception, asset: str = "") -> None:
        """The same trouble is told once."""
        reason = reason_of(error)
        if reason != self._trouble:
            output = self._output or Output(self._node, OutputType.ASSET, asset)
            log.warning("%s: asset %s cannot be written: %s", self._node, output.location, reason)
            self._hear(StorageError(output, reason))
        self._trouble = reason

"""The file sink: one MP4 for each opening of the gate (spec/recording.md section 7)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import av

from footfall.core.types import Packet
from footfall.recording.clip import Clip
from footfall.recording.gate import Opening
from footfall.recording.notices import (
    DataDropped,
    Output,
    OutputType,
    RecordingAvailable,
    RecordingStarted,
    RecordingStopped,
    StorageError,
)
from footfall.recording.sink import Hear, Keeping, reason_of, start_utc

log = logging.getLogger(__name__)


class Folder(Protocol):
    """Where files get their names."""

    def name(self, utc: datetime) -> Path:
        """A name that is free, for media that start at this time.

        Raises:
            OSError: it cannot be given.
        """
        ...

    def make_room(self) -> Sequence[Path]:
        """Delete the oldest files beyond the limit of disk; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        ...

    def forget_before(self, utc: datetime) -> Sequence[Path]:
        """Delete files that are older; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        ...


class FileSink:
    """Records into files. A camera that is lost and comes back within an opening gets a further file.

    Args:
        node: The sink's name.
        folder: Gives the names.
        keeping: How files are kept.
        hear: Gets the notices.
        shown: How a file is called to others: its path inside the container.
    """

    appends = False

    def __init__(
        self, node: str, folder: Folder, keeping: Keeping, hear: Hear, shown: Callable[[Path], str] = str
    ) -> None:
        self._node = node
        self._folder = folder
        self._keeping = keeping
        self._hear = hear
        self._shown = shown
        self._opening: Opening | None = None
        self._clip: Clip | None = None
        self._output: Output | None = None
        self._gives_up = False

    def take(self, packet: Packet, opening: Opening, *, continues: bool) -> None:
        """As `sink.Sink`."""
        if self._opening is None or self._opening.number != opening.number:
            self._gives_up = False
        self._opening = opening
        if self._clip is not None and not continues:
            self._finish()
        if self._gives_up or (self._clip is None and not packet.is_key):
            return
        is_first = self._clip is None
        try:
            if self._clip is None:
                self._clip = self._begin(packet, opening)
            self._clip.write(packet)
        except (OSError, av.FFmpegError) as error:
            self._fail(error, packet)
            return
        if is_first and self._output is not None:
            self._hear(RecordingStarted(self._output))

    def lose(self, packet: Packet) -> None:
        """As `sink.Sink`."""
        if self._output is not None and self._clip is not None:
            self._hear(DataDropped(self._output, min(packet.pts, self._clip.end), packet.pts))

    def pause(self) -> None:
        """As `sink.Sink`."""
        self._finish()

    def stop(self) -> None:
        """As `sink.Sink`."""
        self._finish()
        self._opening = None

    def tidy(self, now: datetime) -> None:
        """As `sink.Sink`."""
        if self._keeping.retention_days is None:
            return
        try:
            for file in self._folder.forget_before(now - timedelta(days=self._keeping.retention_days)):
                log.info("%s: deleted %s: older than %d days", self._node, file, self._keeping.retention_days)
        except OSError as error:
            log.warning("%s: old files stay: %s", self._node, reason_of(error))

    def close(self) -> None:
        """As `sink.Sink`."""
        self.stop()

    def _begin(self, packet: Packet, opening: Opening) -> Clip:
        self._output = Output(self._node, OutputType.FILE, "", opening.number, opening.correlation_id)
        if not packet.format.header:
            raise OSError(0, f"{packet.format.codec} video cannot be put into an MP4 file as it is")
        while True:
            file = self._folder.name(start_utc(packet, opening))
            self._output = replace(self._output, location=self._shown(file))
            with suppress(FileExistsError):  # somebody else has taken the name by now
                return Clip(file, packet, self._keeping.ring)

    def _finish(self) -> None:
        """Complete the open file, if there is one."""
        clip, self._clip = self._clip, None
        if clip is None or self._output is None:
            return
        self._hear(RecordingStopped(self._output))
        try:
            size = clip.finish()
            self._hear(RecordingAvailable(self._output, clip.file, size, clip.length_s))
            for file in self._folder.make_room():
                log.info("%s: deleted the old file %s", self._node, file)
        except (OSError, av.FFmpegError) as error:
            self._hear(StorageError(self._output, reason_of(error)))

    def _fail(self, error: Exception, packet: Packet) -> None:
        """Give this opening up; the next one is tried again."""
        clip, self._clip = self._clip, None
        self._gives_up = True
        assert self._output is not None
        if clip is not None:
            clip.discard()
            self._hear(RecordingStopped(self._output))
        self._hear(StorageError(self._output, reason_of(error)))

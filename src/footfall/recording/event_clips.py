"""Clips of the events of one camera: what `footfall run --clips` writes."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from footfall.recording.file_sink import FileSink
from footfall.recording.folder import ClipFolder
from footfall.recording.gate import GateSettings
from footfall.recording.notices import Notice, RecordingAvailable, StorageError
from footfall.recording.recorder import Recorder
from footfall.recording.ring import MOST_BYTES
from footfall.recording.sink import Keeping

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What a recorder has made."""

    clips: int = 0
    size_bytes: int = 0
    failures: int = 0
    """Clips that could not be written, or not to their end."""


class ClipRecorder(Recorder):
    """Writes a clip around each event of one camera, and keeps count.

    Args:
        name: The camera, for the log.
        folder: Where clips go.
        settings: How much before and after an event.
        keeping: How they are kept.
        most_bytes: Compressed video held in memory.
    """

    def __init__(
        self,
        name: str,
        folder: ClipFolder,
        settings: GateSettings,
        keeping: Keeping | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._camera = name
        self._trouble = ""
        self.tally = Tally()
        super().__init__(name, [FileSink(name, folder, keeping or Keeping(), self._hear)], settings, most_bytes)

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, RecordingAvailable):
            self.tally.clips += 1
            self.tally.size_bytes += notice.size_bytes
            mib = notice.size_bytes / 2**20
            log.info("%s: clip %s, %.1f s, %.1f MiB", self._camera, notice.file, notice.length_s, mib)
            self._trouble = ""
        elif isinstance(notice, StorageError):
            self.tally.failures += 1
            if notice.reason != self._trouble:
                log.warning("%s: a clip is missing: %s; events go on", self._camera, notice.reason)
            self._trouble = notice.reason

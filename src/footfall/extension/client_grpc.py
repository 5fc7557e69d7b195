"""Asks a gRPC extension, again and again if need be (spec/grpc-extension.md sections 1, 6 and 11)."""

from __future__ import annotations

import logging
import threading
from time import monotonic

from footfall.config.media import Protocol
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Frame
from footfall.extension.client import Annotations, Diagnostic, Patience, Trouble
from footfall.extension.placing import Size, fixed_size, place
from footfall.extension.prepare import pixel_format, raw_bytes
from footfall.extension.slots import Region, remove_leftovers
from footfall.extension.stream import Asking, Ending, Stream
from footfall.extension.waiting import Offer, Waiting

log = logging.getLogger(__name__)

WINDOW = 8
"""Unacknowledged frames where no shared memory says how many there may be (section 5)."""
FEW_FRAMES = 3
COGNITIVE_LEAST_BYTES, COGNITIVE_FRAMES = 20 * 1_048_576, 6
ENDS_WITHIN_S = 10.0

_KINDS = {
    "UNAUTHENTICATED": Diagnostic.AUTHENTICATION,
    "PERMISSION_DENIED": Diagnostic.AUTHORIZATION,
    "INVALID_ARGUMENT": Diagnostic.MEDIA_FORMAT,
    "OUT_OF_RANGE": Diagnostic.MEDIA_FORMAT,
    "PictureTooLarge": Diagnostic.MEDIA_FORMAT,
}


def pause_s(failed: int, patience: Patience) -> float:
    """How long to wait after so many failures in a row.

    >>> [pause_s(failed, Patience()) for failed in (1, 2, 3, 5, 6, 99)]
    [1.0, 2.0, 4.0, 16.0, 30.0, 30.0]
    """
    return min(patience.longest_pause_s, patience.first_pause_s * 2.0 ** min(failed - 1, 16))


class GrpcClient:
    """An `ExtensionClient` over gRPC; one stream at a time, each with shared memory of its own.

    Raises:
        ConfigError: pictures that cannot be made, or shared memory that cannot hold one or cannot be had.
    """

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._waiting = Waiting(asking.ears.patience.between_drop_reports_s)
        self._changed = self._waiting.changed
        self._stream: Stream | None = None
        self._closes_at_s: float | None = None
        self._told: set[Diagnostic] = set()
        self._fixed_px = self._checked_size()
        if self._shares_memory:
            remove_leftovers()
        self._spare = self._region(self._fixed_px) if self._fixed_px else None
        self._thread = threading.Thread(target=self._live, name=f"extension {asking.asker.node}", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many frames were offered and never sent."""
        return self._waiting.dropped

    def offer(self, frame: Frame, media_time_90k: int, annotations: Annotations = ()) -> None:
        """Send a frame when there is room for it; never blocks."""
        with self._changed:
            if self._closes_at_s is None:
                room = self._stream.room if self._stream else 1
                self._waiting.put(Offer(frame, media_time_90k, tuple(annotations)), room)

    def close(self, patience_s: float = 2.0) -> None:
        """Wait for the last answers, then end; safe to call twice."""
        with self._changed:
            if self._closes_at_s is None:
                self._closes_at_s = monotonic() + patience_s
                if self._stream:
                    self._stream.leave(self._closes_at_s)
                self._changed.notify_all()
        self._thread.join(patience_s + ENDS_WITHIN_S)

    @property
    def _shares_memory(self) -> bool:
        spec = self._asking.spec
        return spec.shared_memory_bytes is not None or spec.protocol is Protocol.COGNITIVE

    def _live(self) -> None:
        failed = 0
        while (size_px := self._next_size()) is not None:
            ending = self._talk(size_px)
            if self._closes_at_s is not None:
                break
            if not ending.code:
                continue
            if ending.was_good:
                failed = 0
                self._told.clear()
            failed += 1
            self._tell(ending)
            self._pause(pause_s(failed, self._asking.ears.patience))
        with self._changed:
            self._waiting.drop_all()
        if self._spare:
            self._spare.close()

    def _next_size(self) -> Size | None:
        """Of the pictures of the next stream, as soon as it is known; None: there is none."""
        with self._changed:
            self._changed.wait_for(lambda: self._fixed_px or self._closes_at_s is not None or len(self._waiting))
            offer = self._waiting.first()
            if self._closes_at_s is not None and offer is None:
                return None
            if self._fixed_px or offer is None:
                return self._fixed_px
            height, width = offer.frame.image.shape[:2]
            return place((width, height), self._asking.spec.image).sent_px

    def _talk(self, size_px: Size) -> Ending:
        try:
            region, self._spare = self._spare or self._region(size_px), None
        except ConfigError as error:
            return Ending("PictureTooLarge", error.problems[0].what, was_good=False)
        frame_bytes = raw_bytes(size_px, self._asking.spec.image)
        window = region.length_bytes // frame_bytes if region and frame_bytes else WINDOW
        stream = Stream(self._asking, self._waiting, size_px, window, region)
        with self._changed:
            self._stream = stream
            if self._closes_at_s is not None:
                stream.leave(self._closes_at_s)
        ending = stream.run()
        with self._changed:
            self._stream = None
            self._waiting.trim(1)
        return ending

    def _tell(self, ending: Ending) -> None:
        """Once an outage for each kind of trouble."""
        kind = _KINDS.get(ending.code, Diagnostic.NETWORK)
        if kind in self._told:
            return
        self._told.add(kind)
        detail = f"{self._asking.address.target}: {ending.code}: {ending.detail[:200]}"
        log.warning("%s: %s; trying again", self._asking.asker.node, detail)
        key = "code" if kind is Diagnostic.MEDIA_FORMAT else "errorCode"
        self._asking.ears.warn(Trouble(kind, {key: ending.code}, detail))

    def _pause(self, length_s: float) -> None:
        until_s = monotonic() + length_s
        while (left_s := until_s - monotonic()) > 0:
            with self._changed:
                if self._closes_at_s is not None:
                    return
                drops = self._waiting.drops(monotonic())
                if drops is None:
                    self._changed.wait(left_s)
            if drops:
                self._asking.ears.warn(drops)

    def _checked_size(self) -> Size | None:
        try:
            pixel_format(self._asking.spec.image)
            return fixed_size(self._asking.spec.image)
        except ValueError as error:
            raise self._wrong("image", str(error), "see the formats in docs/how-to/frames-over-grpc.md") from error

    def _region(self, size_px: Size) -> Region | None:
        """Shared memory for pictures of this size.

        Raises:
            ConfigError: it holds not one of them, or there is no memory.
        """
        if not self._shares_memory:
            return None
        frame_bytes = raw_bytes(size_px, self._asking.spec.image) or 0
        least = max(COGNITIVE_LEAST_BYTES, COGNITIVE_FRAMES * frame_bytes)
        length = self._asking.spec.shared_memory_bytes or least
        where = "dataTransfer.sharedMemorySizeMiB"
        if frame_bytes > length:
            what = f"{length} bytes of shared memory do not hold one picture of {frame_bytes}"
            raise self._wrong(where, what, f"set it to {-(-3 * frame_bytes // 1_048_576)} or more")
        if frame_bytes * FEW_FRAMES > length:
            count = length // frame_bytes
            log.warning("%s: %s: only %d pictures fit at a time", self._asking.asker.node, where, count)
        try:
            return Region(length)
        except OSError as error:
            what = f"{length} bytes of shared memory cannot be had: {error.strerror}"
            raise self._wrong(where, what, "set it lower, or give /dev/shm more room") from error

    def _wrong(self, where: str, what: str, cure: str) -> ConfigError:
        return ConfigError([Problem("media graph", f"{self._asking.asker.node}.{where}", what, cure)])

"""Recordings of a media graph: its asset and file sinks, with or without a signal gate before them.

One `Recording` stands for the sinks behind one gate, or for those directly behind the camera. Neither the reader nor
whoever tells of events ever waits for a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from footfall.config.media import MediaNode, SignalGate
from footfall.core.outside import PathMap
from footfall.core.types import Packet
from footfall.recording.notices import Notice


@dataclass(frozen=True, slots=True)
class Store:
    """Where recordings go and how they are kept."""

    assets: Path
    """Each asset is a folder in it."""
    paths: PathMap = field(default_factory=PathMap)
    """Where folders inside the container are on this machine."""
    retention_days: int | None = None
    """Recordings are deleted when they are older; None: never."""


@dataclass(frozen=True, slots=True)
class GraphNames:
    """For `${System...}` in the names of recordings."""

    instance: str
    topology: str


class Recording:
    """The recordings of one or two sinks. All methods but `close` return at once and may be called from any thread."""

    def packet(self, packet: Packet) -> None:
        """The next packet of the camera, in the stream time of its connection; see `runtime.Taps.on_packet`."""
        raise NotImplementedError

    def life(self, base_s: float) -> None:
        """A further connection has begun; its stream time is so much behind the camera's; see `Taps.on_life`."""
        raise NotImplementedError

    def trigger(self, t_s: float, correlation_id: str = "") -> None:
        """An event at a stream time of the camera (`Frame.t_s`): an inference message. Without a gate it says nothing."""
        raise NotImplementedError

    def trigger_at(self, utc: datetime | None, correlation_id: str = "") -> None:
        """An event at a media time: a hub message with `eventTime`; None: now."""
        raise NotImplementedError

    def advance(self, t_s: float) -> None:
        """The analysis has come to this stream time: all events until then have been told.

        To be called after each analysed frame where inferences open the gate. Without a call for 30 s of video, and
        where there is no analysis, the gate follows the camera.
        """
        raise NotImplementedError

    def close(self, patience_s: float) -> bool:
        """Finish what is open; whether that was done in time, else it goes on in the background. Safe to call twice."""
        raise NotImplementedError


def open_recording(
    names: GraphNames,
    sinks: Sequence[MediaNode],
    gate: SignalGate | None,
    store: Store,
    notice: Callable[[Notice], None],
) -> Recording:
    """Start recording; `notice` is called from the recording's own thread, in order.

    Args:
        names: What the instance and its topology are called.
        sinks: Nodes whose specs are `AssetSink` or `FileSink`.
        gate: The settings of the gate before them; None: everything is recorded.
        store: Where to.
        notice: Hears of what becomes of recordings.

    Raises:
        ConfigError: a folder cannot be made or written, or a gate that can never record.
    """
    raise NotImplementedError

"""Recordings of a media graph: its asset and file sinks, with or without a signal gate before them.

One `Recording` stands for the sinks behind one gate, or for those directly behind the camera. Neither the reader nor
whoever tells of events ever waits for a disk.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final
from urllib.parse import quote

from footfall.config.media import AssetSink as AssetSpec
from footfall.config.media import FileSink as FileSpec
from footfall.config.media import MediaNode, SignalGate
from footfall.core.errors import ConfigError, Problem, SinkError
from footfall.core.media_time import EPOCH
from footfall.core.outside import PathMap
from footfall.core.ports import Clock
from footfall.core.types import Packet
from footfall.recording.asset_sink import AssetPlaces, AssetSink
from footfall.recording.file_sink import FileSink
from footfall.recording.gate import GateSettings
from footfall.recording.names import GraphNames, NamePattern, folder_name, relative_path
from footfall.recording.notices import Notice
from footfall.recording.own_files import OwnFiles
from footfall.recording.recorder import Recorder
from footfall.recording.sink import Hear, Keeping, Sink
from footfall.recording.stamp import MediaStamp
from footfall.recording.thread import RecordingThread
from footfall.vault.keys import KeyRing
from footfall.vault.sealed import SUFFIX

log = logging.getLogger(__name__)

LONG_DAYS: Final = 3
CACHE: Final = ".cache"
"""In the folder of all assets, for sinks that have no `localMediaCachePath`."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where recordings go and how they are kept."""

    assets: Path
    """Each asset is a folder in it."""
    paths: PathMap = field(default_factory=PathMap)
    """Where folders inside the container are on this machine."""
    ring: KeyRing | None = None
    """Seals recordings; None: they stay in clear."""
    retention_days: int | None = None
    """Recordings are deleted when they are older; None: never."""


class Recording:
    """The recordings of one or two sinks. All methods but `close` return at once; see each for its thread."""

    def __init__(self, recorder: Recorder, thread: RecordingThread, clock: Clock) -> None:
        self._recorder = recorder
        self._thread = thread.start()
        self._clock = clock
        self._stamp = MediaStamp()

    def packet(self, packet: Packet) -> None:
        """Reader's thread: the next packet, in the stream time of its connection; see `runtime.Taps.on_packet`."""
        self._thread.packet(self._stamp.stamp(packet))

    def life(self, base_s: float) -> None:
        """Reader's thread: a further connection has begun; its stream time is so much behind the camera's."""
        self._thread.life(base_s)

    def trigger(self, t_s: float, correlation_id: str = "") -> None:
        """Any thread: an event at a stream time of the camera (`Frame.t_s`), such as an inference message."""
        self._thread.do(partial(self._recorder.trigger, t_s, correlation_id))

    def trigger_at(self, utc: datetime | None, correlation_id: str = "") -> None:
        """Any thread: an event at a time of day, such as a hub message with `eventTime`; None: now."""
        self._thread.do(partial(self._recorder.trigger_at, utc or self._clock.now(), correlation_id))

    def advance(self, t_s: float) -> None:
        """Any thread: the analysis has come to this stream time; all events until then were told.

        To be called after each analysed frame where inferences open the gate. Where it is never called the gate follows
        the camera; where it is not called for 30 s of video, too.
        """
        self._thread.do(partial(self._recorder.reach, t_s), can_wait=True)

    def close(self, patience_s: float) -> bool:
        """Finish what is open; whether that was done in time, else it goes on in the background. Safe to call twice."""
        return self._thread.close(patience_s)


def open_recording(
    names: GraphNames,
    sinks: Sequence[MediaNode],
    gate: SignalGate | None,
    store: Store,
    hear: Hear,
    clock: Clock,
) -> Recording:
    """Start recording.

    Args:
        names: What the instance and its topology are called.
        sinks: Nodes whose specs are `AssetSink` or `FileSink`.
        gate: The settings of the gate before them; None: everything is recorded.
        store: Where to.
        hear: Called with every notice, in order, from the recording's own thread; those about what a crash has left
            come before this returns.
        clock: Tells when an event happened that does not say it, and how old recordings are.

    Raises:
        ConfigError: a folder cannot be made or written, a name that leads elsewhere, or a gate that never records.
    """
    try:
        settings = GateSettings(gate.offset_s, gate.minimum_s, gate.maximum_s, gate.window_s) if gate else None
    except ValueError as error:
        raise ConfigError([Problem(names.instance, "signal gate", str(error), "change its durations")]) from None
    told = partial(_tell, names.instance, hear)
    recorder = Recorder(names.instance, [_sink(names, node, store, told) for node in sinks], settings)
    _announce(names.instance, sinks, store)
    return Recording(recorder, RecordingThread(names.instance, recorder, clock), clock)


def _tell(instance: str, hear: Hear, notice: Notice) -> None:
    """What cannot be told does not end the recording."""
    try:
        hear(notice)
    except SinkError as error:
        log.warning("%s: %s of %s is not told: %s", instance, type(notice).__name__, notice.output.location, error)


def _announce(instance: str, sinks: Sequence[MediaNode], store: Store) -> None:
    """That pictures are stored is no secret, and how long: three days are enough in most cases (EDPB 3/2019, 121)."""
    days = store.retention_days
    kept = "until somebody deletes it" if days is None else f"for {days} days"
    level = logging.INFO if days is not None and days <= LONG_DAYS else logging.WARNING
    log.log(level, "%s: records video: %s; it is kept %s", instance, ", ".join(sink.name for sink in sinks), kept)


def _sink(names: GraphNames, node: MediaNode, store: Store, hear: Hear) -> Sink:
    try:
        if isinstance(node.spec, AssetSpec):
            return _asset_sink(names, node.name, node.spec, store, hear)
        assert isinstance(node.spec, FileSpec)
        return _file_sink(names, node.name, node.spec, store, hear)
    except OSError as error:
        what = f"cannot write{f' to {error.filename}' if error.filename else ''}: {error.strerror or error}"
        raise ConfigError([Problem(names.instance, node.name, what, "name a folder that can be written")]) from error
    except ValueError as error:
        raise ConfigError([Problem(names.instance, node.name, str(error), "change the name's pattern")]) from None


def _asset_sink(names: GraphNames, node: str, spec: AssetSpec, store: Store, hear: Hear) -> AssetSink:
    pattern = NamePattern(spec.name_pattern, names)
    folder_name(pattern.at(EPOCH))
    cache = store.paths.find(spec.cache_folder) if spec.cache_folder else store.assets / CACHE
    own = cache / _quoted(names.instance) / _quoted(node)
    for folder in (store.assets, own):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _try_to_write(folder)
    places = AssetPlaces(store.assets, own, spec.cache_bytes)
    return AssetSink(node, pattern, spec.segment_s, places, _keeping(store), hear)


def _file_sink(names: GraphNames, node: str, spec: FileSpec, store: Store, hear: Hear) -> FileSink:
    where = NamePattern(spec.folder, names)
    if where.has_time:
        raise ValueError(f"the folder {spec.folder} changes with the time")
    inside = where.at(EPOCH).rstrip("/")
    folder, pattern = store.paths.find(inside), NamePattern(spec.name_pattern, names)
    relative_path(pattern.at(EPOCH))
    files = OwnFiles(folder, pattern, node, SUFFIX if store.ring else "", spec.most_bytes)
    _try_to_write(folder)
    return FileSink(node, files, _keeping(store), hear, lambda file: f"{inside}/{file.relative_to(folder)}")


def _keeping(store: Store) -> Keeping:
    return Keeping(store.ring, store.retention_days)


def _try_to_write(folder: Path) -> None:
    TemporaryFile(dir=folder).close()


def _quoted(name: str) -> str:
    return quote(name, safe="").replace(".", "%2E")

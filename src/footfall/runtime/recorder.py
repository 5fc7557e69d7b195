"""Cameras that are recorded without a break: the VideoRecorder (spec/operations.md section 11).

Packets are kept as the camera sends them, nothing is decoded. Only a plan with recorders ever brings this to life.
"""

from __future__ import annotations

import logging
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from footfall.config.plan import GraphPlan, NodePlan, RecorderPlan
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.engine.camera import CameraRunner, Parts
from footfall.engine.graph import Graph
from footfall.engine.runner import State
from footfall.engine.worker import StopSignal
from footfall.ingest.packets import PacketSource
from footfall.recording.endless import EndlessRecorder
from footfall.recording.folder import ClipFolder
from footfall.recording.media import LONG_DAYS
from footfall.recording.schedule import Schedule
from footfall.recording.sink import Keeping
from footfall.recording.thread import RecordingThread
from footfall.runtime.delivery import uniform
from footfall.runtime.options import Options
from footfall.vault.sealed import SUFFIX

log = logging.getLogger(__name__)


class RecorderRunner:
    """Records one camera; what `CameraRunner` is to one that is analysed.

    Args:
        plan: of the recorder.
        options: where recordings are, and where connections lead.
        keeping: how clips are kept.
        clock: time of day.

    Raises:
        ConfigError: the folder cannot be made or written.
    """

    def __init__(self, plan: RecorderPlan, options: Options, keeping: Keeping, clock: Clock) -> None:
        self.plan = plan
        folder, name = options.recordings_folder / plan.folder / quoted(plan.source.source_id), plan.source.source_id
        clips = open_folder(plan.id, folder, quoted(name), SUFFIX if keeping.ring else "")
        self._recorder = EndlessRecorder(name, clips, Schedule(plan.duration_s, plan.overlap_s), keeping)
        self._thread = RecordingThread(name, self._recorder, clock)
        lead = options.lead(plan.source.url)
        parts = Parts(
            GraphPlan(plan.id, "", (NodePlan("source", plan.source),)),
            lambda: PacketSource(plan.source, clock=clock, on_packet=self._thread.packet, lead=lead),
            Graph({}, {}),
            StopSignal(),
            self._thread.life,
        )
        self._camera = CameraRunner(parts, lambda _messages: None, clock, uniform, gives_up=False)
        self.metrics = self._camera.metrics
        self._announcement = announcement(name, folder, plan, keeping)
        self._is_short = keeping.retention_days is not None and keeping.retention_days <= LONG_DAYS

    @property
    def name(self) -> str:
        """What people call the camera."""
        return self._camera.name

    @property
    def last_index(self) -> int:
        """Number of the newest key frame."""
        return self._camera.last_index

    @property
    def state(self) -> State:
        """What it is doing."""
        return State.FAILED if self._thread.failure else self._camera.state

    @property
    def reason(self) -> str:
        """Why."""
        return "recording has stopped" if self._thread.failure else self._camera.reason

    @property
    def failure(self) -> Exception | None:
        """What ended the recording before its time."""
        return self._camera.failure or self._thread.failure

    def start(self) -> RecorderRunner:
        """Begin, and say loudly that pictures are stored; returns itself."""
        log.log(logging.INFO if self._is_short else logging.WARNING, "%s", self._announcement)
        self._thread.start()
        self._camera.start()
        return self

    def stop(self) -> None:
        """Ask for the end; the open clips are finished."""
        self._camera.stop()

    def join(self, timeout_s: float) -> bool:
        """Wait until the camera has ended and the last clip is whole; whether it is."""
        deadline_s = monotonic() + timeout_s
        if not self._camera.join(timeout_s):
            return False
        has_ended = self._thread.close(max(0.0, deadline_s - monotonic())) or self._thread.failure is not None
        self.metrics.counts["clips"] = self._recorder.clips
        return has_ended


def open_folder(recorder: str, path: Path, prefix: str, suffix: str) -> ClipFolder:
    """The folder of one camera's clips, which its owner alone may read.

    Raises:
        ConfigError: it cannot be made or written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return ClipFolder(path, prefix, suffix=suffix)
    except OSError as error:
        what = f"cannot write to {path}: {error.strerror or error}"
        cure = "name a folder that can be written"
        raise ConfigError([Problem(recorder, "OUTPUT_PATH_PARAM", what, cure)]) from error


def announcement(name: str, folder: Path, plan: RecorderPlan, keeping: Keeping) -> str:
    """That pictures are stored is no secret, nor where, nor how long."""
    days = keeping.retention_days
    kept = "until somebody deletes them (FOOTFALL_RECORDING_DAYS)" if days is None else f"for {days} days"
    form = "sealed clips" if keeping.ring else "clips"
    return f"{name}: records video: {form} of {plan.duration_s:g} s go to {folder}; they are kept {kept}"


def quoted(name: str) -> str:
    """The name of a camera as that of a file."""
    return quote(name, safe=" ").replace(".", "%2E")

"""What a run needs beside its plan, and who else looks at what passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from footfall.config.environment import Settings
from footfall.config.plan import GraphPlan
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Lead, Node
from footfall.core.types import Packet
from footfall.sinks.spec import RemoteAddress

Look: TypeAlias = Callable[[object], None]
Patience: TypeAlias = Callable[[SourceUnavailable, int, float], float]
"""Seconds to wait after an error, its number from 1, and chance in [0, 1)."""


@dataclass(frozen=True, slots=True)
class Taps:
    """Observers of one graph, called from its analyst's thread, or where it is said, from its reader's."""

    on_tracked: Look | None = None
    """Sees every `engine.items.Tracked` as it leaves the tracker, or the mask classifier behind it."""
    on_happened: Look | None = None
    """Sees every `engine.items.Happened`."""
    on_packet: Callable[[Packet], None] | None = None
    """Reader's thread: sees what the camera sent, in the stream time of the present connection."""
    keeper: Node | None = None
    """Fed by the rules; its messages are delivered with the events of the same frame."""
    picture_width_px: Callable[[], int] | None = None
    """Reader's thread: how wide a second picture somebody wants of the next frame, for people to look at; 0: none."""
    on_life: Callable[[float], None] | None = None
    """Reader's thread: a further connection has begun; by how much its stream time lags behind the camera's."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run needs beside its plan."""

    models_folder: Path
    outbox_folder: Path
    threads: int = 2
    """CPU threads of a network."""
    media_time: bool = False
    """Date events from 1970-01-01T00:00:00Z plus the media time instead of by the clock."""
    gives_up: bool = False
    """A source that cannot be opened at the start ends the run."""
    picture_width_px: int = 0
    """Frames carry a second picture this wide, for drawings; 0: none. What the detector sees does not change."""
    calibration_folder: Path | None = None
    """Where the calibrations of cameras outlive a restart; None: nowhere."""
    visits_folder: Path | None = None
    """Where open visits outlive a crash; None: nowhere."""
    patience: Callable[[], Patience] | None = None
    """Makes what says how long a camera waits before its next try; None: what is usual."""
    recordings_folder: Path = Path()
    """What relative folders of recorders are in."""
    tells_answers: bool = True
    """What visitors are answered over gRPC goes to the sinks too; False where the visitor tells the hub himself."""
    settings: Settings = field(default_factory=Settings)
    """What holds for graphs that visitors bring along."""
    lead: Callable[[str | RemoteAddress], Lead | None] = field(default=lambda _: None, compare=False)
    """Makes what is asked before each connection to a camera, by its address, or to a receiver; None: nobody is."""
    taps: Callable[[GraphPlan], Taps] = field(default=lambda _: Taps(), compare=False)
    """Who else looks at a graph's items: recorders of tracks, drawings, totals."""

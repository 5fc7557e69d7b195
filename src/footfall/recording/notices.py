"""What sinks tell of their recordings: the events of spec/recording.md section 8 and spec/iot.md section 7.2. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeAlias


class OutputType(Enum):
    """What a recording is, as events word it."""

    ASSET = "assetName"
    FILE = "filePath"


@dataclass(frozen=True, slots=True)
class Output:
    """Which recording a notice is about."""

    node: str
    """The sink: the event's subject."""
    type: OutputType
    location: str
    """Name of the asset, or path of the MP4 file as inside the container."""
    opening: int = 0
    """Counts the openings of the gate from 1; 0: there is no gate (R12)."""
    correlation_id: str = ""
    """Of the event that opened the gate; empty: it had none, or there is no gate (R12)."""


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """The first media reached the sink."""

    output: Output


@dataclass(frozen=True, slots=True)
class RecordingAvailable:
    """Asset: the first segment is stored; file: it is complete. Once a recording."""

    output: Output
    file: Path | None = None
    """A file on this machine."""
    size_bytes: int = 0
    length_s: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """The gate closed, or the recording was ended."""

    output: Output


@dataclass(frozen=True, slots=True)
class StorageError:
    """Something could not be written; the next segment or clip is tried again."""

    output: Output
    reason: str
    """Such as `No space left on device`."""


@dataclass(frozen=True, slots=True)
class DataDropped:
    """Video of a recording is lost."""

    output: Output
    start_ticks: int
    """Media time, spec/recording.md section 5."""
    end_ticks: int


Notice: TypeAlias = RecordingStarted | RecordingAvailable | RecordingStopped | StorageError | DataDropped

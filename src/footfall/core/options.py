"""How events are worded: the one set of options that `config` reads and `events` obeys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class EventSpec:
    """How events are worded. The defaults are the last published form (RULE 1)."""

    schema: str = "2.0"
    """`2.0` or `1.0`."""
    trim_metadata: bool = False
    """Leave out unknown metadata keys instead of sending "0.0", "" and "Infinity" (RULE E1)."""
    always_calibration_info: bool = False
    """Put `cameraCalibrationInfo` into line and zone events too (RULE E2)."""
    timestamp_mode: str = "captured"
    """`captured` (RULE 21) or `emitted`."""
    ground_axes: str = "data"
    """`data` or `prose` (RULE 22)."""
    mask_map_in_metadata: bool = False
    """Add the map `attributes` to the 2.0 metadata for Microsoft's sample web client (RULE E4)."""
    batch_events_per_frame: bool = False
    """One message for all events of a frame (RULE 20)."""
    intervals: bool = False
    """Say in each event how sure it is: a field of our own."""


class InferenceForm(Enum):
    """How the gRPC extension words what it found."""

    LVA = "livevideoanalytics"
    """As for Live Video Analytics (spec/events.md section 11)."""
    AVA = "azurevideoanalyzer"
    """As for Azure Video Analyzer (spec/events.md section 12)."""


@dataclass(frozen=True, slots=True)
class ExtensionSpec:
    """Frames come in, and inferences go out, over gRPC (spec/grpc-extension.md)."""

    address: str
    """`host:port` to listen on (BINDING_ADDRESS)."""
    form: InferenceForm = InferenceForm.LVA
    raw: bool = False
    """Everybody of every frame goes out, not only those of events (SINK_CONFIG `raw_output`)."""

"""An instance of a media graph, once every parameter is put in: frozen specs for `runtime` (spec/media-graph.md).

`mediagraph` reads and checks the documents; nothing here knows of JSON. Only names of recordings may still hold
`${System...}` variables: they change with every recording.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where another party is reached, and how."""

    url: str = field(repr=False)
    """Without blanks around it; may hold credentials."""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    header: tuple[str, str] | None = field(default=None, repr=False)
    """Name and value of a further HTTP header (HttpHeaderCredentials)."""
    is_tls: bool = False
    trusted_pem: tuple[str, ...] = ()
    """Certificates to trust; empty: those of the system."""
    ignores_hostname: bool = False
    ignores_signature: bool = False


@dataclass(frozen=True, slots=True)
class RtspSource:
    """A camera."""

    endpoint: Endpoint
    over_http: bool = False
    """RTSP in an HTTP tunnel instead of RTP interleaved in RTSP's own connection."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """Messages on one of the module's inputs, each a signal."""

    input_name: str


class Sensitivity(Enum):
    """How little motion counts."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"


@dataclass(frozen=True, slots=True)
class MotionDetection:
    """Passes frames in which something moves, and says where."""

    sensitivity: Sensitivity = Sensitivity.MEDIUM
    outputs_regions: bool = True
    """False: one box, the whole frame."""
    aggregation_s: float = 1.0
    """Events of this long are told as one; 0: each."""


@dataclass(frozen=True, slots=True)
class FrameRateFilter:
    """Drops frames, never doubles one."""

    max_fps: float


class ScaleMode(Enum):
    """How a picture comes to its size."""

    KEEP = "PreserveAspectRatio"
    PAD = "Pad"
    STRETCH = "Stretch"


class Encoding(Enum):
    """How a picture travels."""

    RAW = "Raw"
    JPEG = "Jpeg"
    BMP = "Bmp"
    PNG = "Png"


@dataclass(frozen=True, slots=True)
class ImageForm:
    """The picture that an extension is sent."""

    mode: ScaleMode | None = None
    """None: as large as the camera's."""
    width_px: int | None = None
    height_px: int | None = None
    encoding: Encoding = Encoding.JPEG
    pixel_format: str = ""
    """Of RAW: `Bgr24`, `Yuv420p` ... as in spec/media-graph.md section 4.3."""
    quality: int | None = None
    """Of JPEG: 0 to 100."""


class Protocol(Enum):
    """What an extension speaks."""

    GRPC = "Grpc"
    COGNITIVE = "CognitiveServicesVision"
    """gRPC with shared memory that the document does not mention."""
    HTTP = "Http"


@dataclass(frozen=True, slots=True)
class Extension:
    """Another party's model."""

    protocol: Protocol
    endpoint: Endpoint
    image: ImageForm
    only_annotated: bool = False
    """skipSamplesWithoutAnnotation: only frames that something upstream said something about."""
    max_fps: float | None = None
    """maximumSamplesPerSecond; None: every frame."""
    shared_memory_bytes: int | None = None
    """Size of the shared memory for frames under way; None: frames travel inside the messages."""
    configuration: str = ""
    """extensionConfiguration: handed on as it is."""


@dataclass(frozen=True, slots=True)
class SignalGate:
    """Opens for events, closes by time (spec/recording.md section 2)."""

    window_s: float = 1.0
    offset_s: float = 0.0
    minimum_s: float = 30.0
    maximum_s: float = 30.0


@dataclass(frozen=True, slots=True)
class AssetSink:
    """Recordings as assets: segments, an index, a play list."""

    name_pattern: str
    segment_s: float = 30.0
    cache_folder: str = ""
    """As inside the container: `core.outside.PathMap` says where that is."""
    cache_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class FileSink:
    """Recordings as MP4 files."""

    folder: str
    """As inside the container."""
    name_pattern: str
    """Without `.mp4`."""
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class HubSink:
    """Inferences go to one of the module's outputs."""

    output_name: str


MediaSpec: TypeAlias = (
    RtspSource | HubSource | MotionDetection | FrameRateFilter | Extension | SignalGate | AssetSink | FileSink | HubSink
)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which media of its input a node takes."""

    media: str
    """`video`, `audio` or `application`."""
    is_wanted: bool = True
    """False: everything else (`isNot`)."""


@dataclass(frozen=True, slots=True)
class MediaInput:
    """One input of a node; all selectors must hold, none: everything."""

    node: str
    selectors: tuple[Selector, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaNode:
    """One node."""

    name: str
    spec: MediaSpec
    inputs: tuple[MediaInput, ...] = ()


@dataclass(frozen=True, slots=True)
class MediaGraph:
    """One instance, ready to run. Nodes stand behind their inputs."""

    instance: str
    topology: str
    nodes: tuple[MediaNode, ...]

"""What travels along the path of a frame: packet, frame, detections, track observation, message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box, Point

MaskLabel: TypeAlias = Literal["face_mask", "face_nomask"]
Image: TypeAlias = NDArray[np.uint8]
"""(height, width, 3) uint8, BGR."""

CLOCK_LIMIT_S: Final = 3.0
"""A camera's clock that is further off than this is not believed, and people are told."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture that will be analysed."""

    source_id: str
    index: int
    """Number of the frame in its stream, in decode order from 0; gaps where frames were skipped."""
    t_s: float
    """Stream time in seconds since the first frame; never goes back within one life of a source."""
    utc: datetime
    """Capture time, by our clock: as the camera tells it, else when the frame arrived (RULE 21); timezone-aware."""
    image: Image = field(compare=False, repr=False)
    """Pixels at the size the detector asked for; the aspect ratio is the picture's."""
    size_px: tuple[int, int] = (0, 0)
    """(width, height) of the processing frame that events report; all else is normalised."""
    loop: int = 0
    """How often a replayed file has started again: tracks end where this changes (RULE C9)."""
    picture: Image | None = field(default=None, compare=False, repr=False)
    """The same larger, where somebody asked for it: faces are looked for in it, drawings are made on it."""
    clock_offset_s: float | None = None
    """How far the camera's clock is ahead of ours, where the camera tells its time (RTCP)."""


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """What a muxer must know about compressed video before its first packet."""

    codec: str
    """FFmpeg's name: `h264`, `hevc`, `mjpeg` ..."""
    time_base: Fraction
    """Seconds a tick of `Packet.pts`, `dts` and `duration`."""
    header: bytes = field(repr=False)
    """Initialisation segment (ISO/IEC 14496-12): an MP4 file without pictures. Empty: MP4 cannot hold this codec."""
    has_start_codes: bool = False
    """Whether NAL units stand behind start codes (Annex B), as cameras send them, or behind their length, as in MP4."""
    parameter_sets: bytes = field(default=b"", repr=False)
    """Of H.264 and H.265, as the stream states them: behind start codes, where all else is."""


@dataclass(frozen=True, slots=True)
class Packet:
    """Compressed video as the camera sent it, for clips; never decoded here."""

    source_id: str
    t_s: float
    """Stream time at which its picture is shown."""
    utc: datetime
    is_key: bool
    data: bytes | memoryview = field(repr=False)
    pts: int
    """On the camera's own axis, which starts anew with every connection."""
    dts: int | None
    duration: int
    format: VideoFormat = field(repr=False)

    @property
    def decode_s(self) -> float:
        """Stream time at which it must be decoded: earlier than `t_s` where pictures are reordered."""
        if self.dts is None or self.dts == self.pts:
            return self.t_s
        tick_s = self.format.time_base
        return self.t_s - (self.pts - self.dts) * tick_s.numerator / tick_s.denominator


@dataclass(frozen=True, slots=True)
class Detections:
    """What a detector found in one frame: parallel arrays."""

    xyxy_px: NDArray[np.float32]
    """(n, 4) float32, pixels of the analysed image: x0 y0 x1 y1."""
    score: NDArray[np.float32]
    """(n,) float32 in [0, 1]."""
    label: NDArray[np.int16]
    """(n,) int16, index into the model card's labels; 0 is person."""
    frame_size: tuple[int, int]
    """(width, height) in pixels of the image that the boxes are measured in."""

    def __post_init__(self) -> None:
        count = len(self.score)
        if self.xyxy_px.shape != (count, 4) or self.label.shape != (count,):
            raise ValueError(f"shapes differ: boxes {self.xyxy_px.shape}, scores {count}, labels {self.label.shape}")

    @classmethod
    def empty(cls, frame_size: tuple[int, int]) -> Detections:
        """Nothing found."""
        return cls(np.empty((0, 4), np.float32), np.empty(0, np.float32), np.empty(0, np.int16), frame_size)

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Detections:
        return Detections(self.xyxy_px[rows], self.score[rows], self.label[rows], self.frame_size)


@dataclass(frozen=True, slots=True)
class MaskState:
    """Face mask result of one person."""

    label: MaskLabel
    confidence: float
    """In [0, 1]."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a customer's own model tells of one person: one class of one question."""

    label: str
    confidence: float
    """In [0, 1]."""
    task: str = ""
    """The question, where the model answers several."""


@dataclass(frozen=True, slots=True)
class TrackObservation:
    """One confirmed person, seen (not predicted) in one frame. Pixels end here."""

    track_id: str
    """32 lower-case hex digits, or what a recorded track file says."""
    t_s: float
    frame: int
    """Index of the frame it was seen in."""
    box_n: Box
    """Normalised x0 y0 x1 y1."""
    footprint_n: Point
    """Estimated point on the floor under the person, normalised."""
    score: float
    ground_m: Point | None = None
    """(lateral right, forward) in metres from the point under the camera; None without calibration."""
    speed_m_s: float | None = None
    ground_orientation_rad: float | None = None
    """Body direction on the floor, 0 = away from the camera, clockwise from above (RULE 24)."""
    image_orientation_rad: float | None = None
    """The same direction in the picture, 0 = up, clockwise (RULE 24)."""
    mask: MaskState | None = None
    attributes: tuple[Attribute, ...] = ()
    """All classes of a customer's model, the likeliest first; empty where it was not asked yet."""


@dataclass(frozen=True, slots=True)
class Observed:
    """All people of one analysed frame, as they travel from the tracker to the rules."""

    source_id: str
    frame: int
    t_s: float
    utc: datetime
    size_px: tuple[int, int]
    people: tuple[TrackObservation, ...]
    loop: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """All a sink ever sees."""

    topic: str
    """Source id: the order of messages is kept per topic."""
    body: bytes
    key: str
    """Stable id of the message; receivers tell doubles by it."""
    utc: datetime
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether it is no event, but meant for the service's own store alone."""
        return PRIVATE in self.properties


PRIVATE = "footfall"
"""Name of the property of a message that says what is in it for the service's own store."""

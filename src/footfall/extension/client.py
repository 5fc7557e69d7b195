"""Other people's models, asked by a media graph: the port, and what travels through it (spec/grpc-extension.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeAlias

from footfall.core.types import Frame
from footfall.extension.render import Json

Annotations: TypeAlias = Sequence[Json]
"""Inferences as they are published (section 10); boxes are fractions of the camera's picture."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Which node of which graph asks."""

    account: str
    """Resource id of the media account; the `topic` of events."""
    instance: str
    node: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said; one message of it, so that a frame may be answered several times."""

    timestamp_90k: int
    """What it is about, in 1/90000 s since 1970."""
    inferences: tuple[Json, ...]
    """Empty: the frame was merely acknowledged, nothing is published."""
    frame: Frame | None
    """The frame that this answer acknowledges, for the next node; None where it acknowledges none."""
    upstream: tuple[Json, ...] = ()
    """The annotations that were offered with `frame`."""
    opaque: object = None
    """JSON of an HTTP server that follows no schema: the body to publish, as it came (section 12)."""


class Diagnostic(Enum):
    """Last word of the event type `Microsoft.Media.Graph.Diagnostics.<word>` (spec/iot.md section 7)."""

    DATA_DROPPED = "DataDropped"
    NETWORK = "NetworkError"
    AUTHENTICATION = "AuthenticationError"
    AUTHORIZATION = "AuthorizationError"
    MEDIA_FORMAT = "MediaFormatError"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that operators are told."""

    kind: Diagnostic
    body: Mapping[str, str]
    """The event's body."""
    detail: str
    """For people; without secrets."""


Hear: TypeAlias = Callable[[Answer], None]
Warn: TypeAlias = Callable[[Trouble], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client waits, in seconds."""

    first_pause_s: float = 1.0
    """Before the second try to connect; doubles with each further one (section 1)."""
    longest_pause_s: float = 30.0
    unanswered_s: float = 30.0
    """A frame, or the descriptor, that is not answered for so long ends the stream (section 11)."""
    between_drop_reports_s: float = 10.0
    """DataDropped is told at most this often (section 6)."""
    answer_s: float = 30.0
    """Of one HTTP request, from its first byte to its last."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who is told what; both are called from the client's threads, never after `close` has returned."""

    hear: Hear
    warn: Warn
    patience: Patience = field(default_factory=Patience)


class ExtensionClient(Protocol):
    """Sends frames to another party's model."""

    def offer(self, frame: Frame, media_time_90k: int, annotations: Annotations = ()) -> None:
        """Send a frame when there is room for it; never blocks.

        While the server has as many frames as it may have, only the newest waits. samplingOptions are not looked at:
        offer the frames that shall be sent.

        Args:
            frame: `image` is what is scaled and sent.
            media_time_90k: Its time, in 1/90000 s since 1970.
            annotations: What nodes upstream said about it; sent along over gRPC.
        """
        ...

    @property
    def dropped(self) -> int:
        """How many frames were offered and never sent."""
        ...

    def close(self, patience_s: float = 2.0) -> None:
        """Wait for the last answers, at most so long, then end and remove all shared memory; safe to call twice."""
        ...

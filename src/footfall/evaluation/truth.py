"""The truth about a clip, written by hand or by the simulator: format "footfall-truth-1"."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from footfall.evaluation.documents import convert

FORMAT = "footfall-truth-1"
CURE = f'write the truth as "{FORMAT}"'

Number = Annotated[int, Meta(ge=0, le=10**9)]
Tolerance = Annotated[float, Meta(ge=0, le=10**5)]
Probe = tuple[Number, Number]
"""Frame, and how many people are there then."""


class TrueCrossing(Struct, frozen=True):
    """A crossing; `sign` +1 is CrossRight, -1 CrossLeft."""

    frame: Number
    sign: Literal[1, -1]
    optional: bool = False
    """Nobody can say for sure: neither found nor missed."""


class TrueLine(Struct, frozen=True):
    """A line and who crosses it."""

    crossings: tuple[TrueCrossing, ...] = ()
    tol_frames: Tolerance = 5.0


class TrueVisit(Struct, frozen=True):
    """A stay in a zone; None: the clip begins or ends in it, and an event may or may not say so there."""

    enter: Number | None = None
    exit: Number | None = None
    optional: bool = False


class TrueZone(Struct, frozen=True):
    """A zone, who visits it and how many people are in it at some frames; None: nobody looked."""

    visits: tuple[TrueVisit, ...] | None = None
    tol_enter: Tolerance = 5.0
    tol_exit: Tolerance = 5.0
    occupancy_probes: tuple[Probe, ...] = ()


class WholeFrame(Struct, frozen=True):
    """How many people are in the picture at some frames."""

    probes: tuple[Probe, ...] = ()


class Truth(Struct, frozen=True):
    """All that is known about a clip; frames count from 0 in decode order."""

    format: Literal["footfall-truth-1"]
    fps: Annotated[float, Meta(gt=0, le=10**4)]
    frames: Number | None = None
    """Length of the clip."""
    lines: dict[str, TrueLine] = {}
    zones: dict[str, TrueZone] = {}
    occupancy_whole_frame: WholeFrame | None = None


def read_truth(document: Any, file: str = "TRUTH") -> Truth:
    """Check a decoded truth document.

    Raises:
        ConfigError: it is not of this form.
    """
    return convert(document, Truth, file, CURE)

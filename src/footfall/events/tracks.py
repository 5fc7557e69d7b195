"""Recorded tracks: one JSON object a frame, normalised, never pixels (`--tracks`, `footfall replay`).

    {"frame": 12, "t": 0.8, "people": [{"id": "…", "box": [x0, y0, x1, y1], "score": 0.9, "footprint": [x, y],
     "mask": ["face_mask", 0.97], "attributes": [["vest", 0.93, ""]]}]}

The first line also carries `source` and `size` ([width, height] of the processing frame), so that a replay needs no
further flags. `footprint` may be missing and then is the bottom centre of the box; `mask` and
`attributes` are there where they were known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeAlias

import msgspec

from footfall.core.errors import ConfigError, Problem
from footfall.core.geometry import Box, bottom_center
from footfall.core.types import Attribute, MaskLabel, MaskState, Observed, TrackObservation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DEFAULT_SIZE = (640, 360)
LATEST_S = 1e11
"""Later stream times have no date: some 3000 years."""
FARTHEST = 1e6
"""Pictures; whatever lies farther off is no place, and its square is no number."""


Share: TypeAlias = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
MaskPair: TypeAlias = tuple[MaskLabel, Share]
"""(label, confidence)."""
AttributeTriple: TypeAlias = tuple[str, Share, str]
"""(label, confidence, task)."""


class PersonLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person of a recorded frame."""

    id: str
    box: tuple[float, float, float, float]
    score: float = 1.0
    footprint: tuple[float, float] | None = None
    mask: MaskPair | None = None
    attributes: tuple[AttributeTriple, ...] = ()


class FrameLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One recorded frame."""

    frame: Annotated[int, msgspec.Meta(ge=0)]
    t: float
    people: tuple[PersonLine, ...]
    source: str = ""
    size: tuple[int, int] | None = None
    loop: int = 0


def format_frame(observed: Observed, *, is_first: bool) -> bytes:
    """One line of a tracks file, newline included; floats keep every digit, so that a replay computes the same."""
    people = tuple(_line_of(person) for person in observed.people)
    source, size = (observed.source_id, observed.size_px) if is_first else ("", None)
    line = FrameLine(observed.frame, observed.t_s, people, source, size, observed.loop)
    return msgspec.json.encode(line) + b"\n"


def read_tracks(lines: Iterable[bytes], *, file: str, size_px: tuple[int, int] | None = None) -> Iterator[Observed]:
    """Recorded frames in order; capture times are the epoch plus the media time.

    Args:
        lines: The file's lines.
        file: Its name, for error messages.
        size_px: (width, height) of the frame; default what the file says, else 640x360.

    Raises:
        ConfigError: a line is not a recorded frame, or time runs backwards.
    """
    decoder = msgspec.json.Decoder(FrameLine)
    source, size, before = "", size_px or DEFAULT_SIZE, 0.0
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = decoder.decode(text)
        except msgspec.DecodeError as error:
            raise _bad(file, number, str(error), "write one object a frame, as `footfall run --tracks` does") from error
        source, size = line.source or source, size_px or line.size or size
        if not before <= line.t <= LATEST_S:
            what = f"time {line.t} stands after {before}" if line.t < before else f"time {line.t} is no stream time"
            raise _bad(file, number, what, "sort the lines by time; seconds since the first frame, from 0")
        if min(size) <= 0:
            raise _bad(file, number, f"frame size {size} is not positive", "give [width, height] in pixels")
        if crooked := [person.box for person in line.people if not _is_upright(person.box)]:
            what = f"box {list(crooked[0])} ends left of its start, or above it"
            raise _bad(file, number, what, "write [x0, y0, x1, y1]: left, top, right, bottom")
        if lost := [person for person in line.people if not _is_near(person)]:
            what = f"somebody is more than {FARTHEST:g} pictures away, at {list(lost[0].footprint or lost[0].box)}"
            raise _bad(file, number, what, "write boxes and footprints as fractions of the picture, from 0 to 1")
        before = line.t
        people = tuple(_observation(person, line) for person in line.people)
        yield Observed(source, line.frame, line.t, EPOCH + timedelta(seconds=line.t), size, people, line.loop)


def _is_upright(box: Box) -> bool:
    return box[0] <= box[2] and box[1] <= box[3]


def _is_near(person: PersonLine) -> bool:
    return all(abs(value) <= FARTHEST for value in (*person.box, *(person.footprint or ())))


def _observation(person: PersonLine, line: FrameLine) -> TrackObservation:
    footprint = person.footprint or bottom_center(person.box)
    mask = None if person.mask is None else MaskState(*person.mask)
    attributes = tuple(Attribute(*triple) for triple in person.attributes)
    seen = person.id, line.t, line.frame, person.box, footprint, person.score
    return TrackObservation(*seen, mask=mask, attributes=attributes)


def _line_of(person: TrackObservation) -> PersonLine:
    attributes = tuple((one.label, one.confidence, one.task) for one in person.attributes)
    mask = _pair(person.mask)
    return PersonLine(person.track_id, person.box_n, person.score, person.footprint_n, mask, attributes)


def _pair(mask: MaskState | None) -> MaskPair | None:
    return None if mask is None else (mask.label, mask.confidence)


def _bad(file: str, number: int, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(file, f"line {number}", what, cure)])

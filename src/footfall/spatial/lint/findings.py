"""What can be found wrong with a set-up, each kind under a name of its own that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from footfall.core.geometry import Point, Polygon
from footfall.spatial.regions import Line, Zone


class Severity(Enum):
    """How bad it is."""

    ERROR = "error"
    """The rule cannot work."""
    WARNING = "warning"
    """Numbers will be wrong."""
    HINT = "hint"
    """Worth a look."""


_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

CODES = MappingProxyType(
    {
        # the drawing itself
        "line-without-length": _E,
        "line-without-room": _E,
        "line-too-short": _W,
        "line-outside-picture": _W,
        "lines-alike": _W,
        "lines-too-close": _W,
        "lines-crossed": _H,
        "zone-without-inside": _E,
        "zone-a-sliver": _W,
        "zone-crosses-itself": _W,
        "zone-outside-picture": _W,
        "zones-alike": _W,
        "zones-overlap": _H,
        "name-taken": _W,
        "target-side-missing": _E,
        # the rules
        "no-rules": _W,
        "rule-tells-nothing": _W,
        "rule-twice": _W,
        "threshold-too-large": _W,
        "event-too-rare": _W,
        "changes-left-out": _H,
        "frequency-ignored": _H,
        "smoothing-too-long": _W,
        "smoothing-beyond-tick": _H,
        "distance-limits-swapped": _E,
        "distance-never-violated": _W,
        "distance-without-floor": _W,
        # the floor
        "camera-implausible": _W,
        "scale-implausible": _W,
        "line-beyond-horizon": _E,
        "zone-beyond-horizon": _E,
        "line-too-far": _W,
        "zone-too-far": _W,
        # the line and the people
        "line-never-crossed": _W,
        "line-at-head-height": _W,
        "line-near-border": _W,
        "line-where-tracks-begin": _W,
        "line-over-broken-tracks": _W,
        "line-shorter-than-walk": _W,
        "line-along-walk": _W,
        "line-through-standing": _W,
        "line-people-too-small": _W,
        # the zone and the people
        "zone-never-entered": _H,
        "zone-without-feet": _W,
        "zone-stepped-over": _W,
        "zone-smaller-than-person": _W,
        "zone-cut-by-border": _W,
        "zone-where-tracks-break": _W,
        "zone-over-door": _H,
        "zone-edge-through-standing": _W,
        "zone-people-too-small": _W,
        "zone-never-empty": _W,
        # the picture and the recording
        "nobody-seen": _W,
        "recording-too-short": _H,
        "recording-with-gaps": _W,
        "too-few-frames": _W,
        "tick-shorter-than-frame": _W,
        "forgotten-too-soon": _W,
        "people-too-small": _W,
        "people-too-near": _W,
        "people-cut-off": _W,
        "people-hardly-found": _H,
        "people-crowded": _W,
        "tracks-in-pieces": _W,
        "camera-moved": _W,
    }
)
"""Every kind of finding and how bad it is; docs/reference/set-up-findings.md explains them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    code: str
    """A key of `CODES`."""
    what: str
    """One sentence without a full stop."""
    cure: str
    kind: str = "camera"
    """`line`, `zone`, or `camera` for what concerns all of them."""
    name: str = ""
    number: int = 0
    """Which line or zone of the spec, from 0."""
    better_n: Polygon | None = None
    """A better place, tried on the same tracks: two points of a line, or three and more of a zone; normalised."""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return CODES[self.code]


@dataclass(frozen=True, slots=True)
class Place:
    """A line or zone of the spec, to speak of it."""

    region: Line | Zone
    number: int

    @property
    def kind(self) -> str:
        """`line` or `zone`."""
        return "line" if isinstance(self.region, Line) else "zone"

    @property
    def points_n(self) -> tuple[Point, ...]:
        """The ends of the line or the corners of the zone."""
        region = self.region
        return (region.start_n, region.end_n) if isinstance(region, Line) else region.polygon_n

    def found(self, code: str, what: str, cure: str) -> Finding:
        """A finding about this region."""
        return Finding(code, what, cure, self.kind, self.region.name, self.number)


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.0f} %"

"""What is drawn on a camera's picture: lines, zones, privacy masks, floor; what is wrong with it; what it counts."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from footfall.web.models import Answer, Name, Point, Problem, Request, Utc, Whole
from footfall.web.models_cameras import Size

RuleName: TypeAlias = Literal[
    "crossing", "linecrossing", "zonecrossing", "enter", "exit", "count", "dwell", "zonedwelltime", "distance",
    "persondistance",
]  # fmt: skip
Polygon: TypeAlias = Annotated[list[Point], Field(min_length=3, max_length=500)]
Threshold: TypeAlias = Annotated[float, Field(ge=0, le=1e5, description="share of the picture's width")]
Focus: TypeAlias = Literal["footprint", "bottom_center", "center"]
Positive: TypeAlias = Annotated[float, Field(gt=0, le=1e5)]


class Rule(Request):
    """One thing to tell of a region, with its settings; docs/reference/footfall-yaml.md explains them."""

    type: RuleName
    threshold: Threshold | None = None
    focus: Focus | None = None
    output_frequency: Annotated[int, Field(ge=1, le=10**6)] | None = None
    trigger: Literal["event", "interval"] | None = None
    interval: Positive | None = None
    count_smoothing_seconds: Annotated[float, Field(ge=0, le=3600)] | None = None
    minimum_m: Positive | None = None
    maximum_m: Positive | None = None
    aggregation_method: Literal["average", "mode"] | None = None


Rules: TypeAlias = Annotated[
    list[RuleName | Rule] | None, Field(max_length=20, description="null: the usual ones for such a region")
]


class Ways(Request):
    """What people call the two ways over a line."""

    right: Annotated[str, Field(max_length=60, examples=["in"])] = ""
    left: Annotated[str, Field(max_length=60, examples=["out"])] = ""


class LineRegion(Request):
    """A directed line: stand at the first point, look to the second, to tell left from right."""

    name: Name
    points: Annotated[list[Point], Field(min_length=2, max_length=2)]
    names: Ways = Ways()
    events: Rules = None
    threshold: Threshold | None = None


class ZoneRegion(Request):
    """A polygon."""

    name: Name
    points: Polygon
    events: Rules = None
    threshold: Threshold | None = None
    target_side: Annotated[int, Field(ge=1, le=500)] | None = None


class MaskRegion(Request):
    """A part of the picture that nothing ever sees."""

    name: Name
    points: Polygon


class FloorSpec(Request):
    """How the camera looks at the floor: four points and their distances, or height, tilt and focal length."""

    points: Annotated[list[Point], Field(min_length=4, max_length=4)] | None = None
    rectangle_m: Annotated[list[Positive], Field(min_length=2, max_length=2)] | None = None
    sides_m: Annotated[list[Positive], Field(min_length=4, max_length=4)] | None = None
    diagonal_m: Positive | None = None
    frame_shape: Annotated[list[Positive], Field(min_length=2, max_length=2)] | None = None
    height_m: Annotated[float, Field(ge=0.1, le=300)] | None = None
    tilt_deg: Annotated[float, Field(ge=0, le=180)] | None = None
    focal_px: Annotated[float, Field(ge=1, le=1e6)] | None = None
    frame_width: Annotated[float, Field(ge=1, le=1e5)] | None = None


class RegionsSpec(Request):
    """All that is drawn on one camera's picture."""

    lines: Annotated[list[LineRegion], Field(max_length=200)] = Field(default_factory=list)
    zones: Annotated[list[ZoneRegion], Field(max_length=200)] = Field(default_factory=list)
    masks: Annotated[list[MaskRegion], Field(max_length=200)] = Field(default_factory=list)
    floor: FloorSpec | None = Field(default=None, description="null: learnt from people")


class Regions(Answer):
    """The same with the version of the configuration that it is of."""

    version: Whole
    size: Size | None = Field(description="of the analysed frames; null before the first")
    regions: RegionsSpec


class RegionsChange(Request):
    """What is to be drawn from now on."""

    regions: RegionsSpec
    comment: Annotated[str, Field(max_length=500)] = ""


class RegionsCheck(Request):
    """Regions to be judged."""

    regions: RegionsSpec


class Finding(Answer):
    """Something that will not count well."""

    code: str = Field(examples=["line-near-border"])
    kind: Literal["line", "zone", "camera"]
    region: str
    severity: Literal["error", "warning", "hint"]
    what: str
    cure: str
    better: list[Point] | None = Field(description="a better place, tried on the same people")


class CheckAnswer(Answer):
    """What is wrong with the regions, by themselves and for the people who walk there."""

    problems: list[Problem]
    findings: list[Finding]
    recorded_s: float = Field(description="seconds of recorded people that they were tried on; 0: none")


class PreviewRequest(Request):
    """Regions to be tried on the people of the past."""

    regions: RegionsSpec
    begin: Utc | None = Field(default=None, alias="from", description="default: an hour before `to`")
    end: Utc | None = Field(default=None, alias="to", description="default: now")


class PreviewCount(Answer):
    """What one region would have counted."""

    region: str
    measure: Literal["right", "left", "enter", "exit", "visit"]
    count: Whole
    low: Whole
    high: Whole


class Preview(Answer):
    """What these regions would have counted."""

    begin: Utc
    end: Utc
    recorded_s: float = Field(description="of that time so many seconds were recorded")
    counts: list[PreviewCount]
    dwell_s: dict[str, float] = Field(description="zone -> mean length of a visit")

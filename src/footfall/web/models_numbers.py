"""Numbers: how many, how long, where; always with the interval that holds the truth 19 times out of 20."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from footfall.web.models import Answer, Request, Utc, Whole

MeasureWord = Literal["right", "left", "enter", "exit", "visit"]
Span = Literal["minute", "hour", "day"]


class Count(Answer):
    """One figure."""

    camera: str
    region: str
    measure: MeasureWord
    count: Whole
    low: Whole
    high: Whole


class Number(Count):
    """One figure of one minute, hour or day."""

    begin: Utc


class Numbers(Answer):
    """Figures in order of time; where nothing happened there is none."""

    begin: Utc
    end: Utc
    by: Span
    numbers: list[Number]


class ZoneNow(Answer):
    """How many people are in a zone."""

    region: str = Field(description="empty: the whole picture")
    people: Whole
    low: Whole
    high: Whole


class CameraNow(Answer):
    """Who is in view of a camera."""

    camera: str
    state: str
    people: Whole
    zones: list[ZoneNow]


class DoorState(Answer):
    """A line or zone through which people come and go."""

    camera: str = Field(description="empty: any that has such a region")
    region: str
    inward: list[MeasureWord]


class AnchorState(Answer):
    """What is known at a time of day."""

    at: str = Field(examples=["04:00"])
    people: Whole | None
    zone: str | None


class Place(Answer):
    """How many are inside."""

    name: str
    people: Whole
    low: Whole
    high: Whole
    since: Utc | None = Field(description="when it was anchored last")
    entered: Whole = Field(description="since then")
    left: Whole
    drift: float = Field(description="people too many for each passage, as far as anchors have shown; taken off")
    doors: list[DoorState]
    anchors: list[AnchorState]


class Places(Answer):
    """All places whose doors one may see."""

    places: list[Place]


class AnchorRequest(Request):
    """Somebody has counted."""

    people: int = Field(ge=0, le=10**6)


class Now(Answer):
    """This moment."""

    at: Utc
    cameras: list[CameraNow]
    places: list[Place]


class Today(Answer):
    """Since midnight of the time zone."""

    begin: Utc
    end: Utc
    counts: list[Count]
    places: list[Place]


class DwellBar(Answer):
    """Visits of this length."""

    from_s: float
    to_s: float | None = Field(description="null: and longer")
    count: Whole


class Dwell(Answer):
    """How long visits of a zone were."""

    begin: Utc
    end: Utc
    visits: Whole
    visits_low: Whole
    visits_high: Whole
    histogram: list[DwellBar]
    mean: float | None = Field(description="seconds; null where there was no visit")
    low: float | None
    high: float | None
    median: float | None


class Queue(Answer):
    """A zone taken for a queue: how many stand in it, and how long who leaves it now has waited."""

    at: Utc
    length: Whole
    low: Whole
    high: Whole
    wait_s: float | None = Field(description="mean of the last visits; null where there were none")
    wait_low_s: float | None
    wait_high_s: float | None
    expected_wait_s: float | None = Field(description="of who joins now (Little's law); null where nobody leaves")


class DayNumbers(Answer):
    """One day, hour by hour."""

    day: str = Field(examples=["2026-03-01"])
    begin: Utc
    end: Utc
    counts: list[Count] = Field(description="of the whole day")
    hours: list[Number]


class Comparison(Answer):
    """Days side by side."""

    days: list[DayNumbers]


class Heatmap(Answer):
    """Where people were."""

    begin: Utc
    end: Utc
    on: Literal["picture", "floor"]
    columns: Whole
    rows: Whole
    cells: list[list[float]] = Field(
        description="row by row, the top of the picture or the nearest of the floor first; seconds of people"
    )
    cell_m: float | None = Field(default=None, description="side of a cell of the floor")
    origin_m: list[float] | None = Field(default=None, description="lateral and forward of the floor's first corner")

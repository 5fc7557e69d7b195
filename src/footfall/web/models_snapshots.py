"""Pictures of cameras that are kept to learn from: with whose consent, how many, and how it stands."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from footfall.web.models import Answer, Name, Request, Whole

Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Cut = Literal["people", "picture"]


class SnapshotWish(Request):
    """Keep pictures of a camera to learn from, by consent of those who are filmed."""

    project: Name = Field(description="of Custom Vision at this service, by name", examples=["helmets"])
    consent: Words = Field(
        description="what was agreed with those who are filmed; goes to the audit log",
        examples=["Works agreement 12/2026, notice at the gate, ends 2027-01-31"],
    )
    given_by: Name = Field(description="who says so; goes to the audit log", examples=["A. Meier"])
    of: Cut = Field("people", description="`people`: one person, cut out; `picture`: all of it, after privacy masks")
    every: Annotated[float, Field(ge=1, le=86_400, description="seconds between two pictures")] = 30.0
    a_day: Annotated[int, Field(ge=1, le=10_000, description="at most so many a day")] = 50
    in_all: Annotated[int, Field(ge=1, le=100_000, description="at most so many under this consent")] = 500
    days: Annotated[int, Field(ge=1, le=365, description="what nobody has tagged by then is erased")] = 30


class SnapshotSettings(Answer):
    """As they are in the configuration."""

    project: str
    consent: str
    given_by: str
    of: Cut
    every: float
    a_day: Whole
    in_all: Whole
    days: Whole


class Snapshots(Answer):
    """Whether pictures of a camera are kept to learn from, and how many there are."""

    state: Literal["off", "on", "full", "failed"]
    words: str = Field(description="how it stands, for people; empty while it is off")
    settings: SnapshotSettings | None = Field(description="null: none are kept")
    today: Whole
    in_all: Whole = Field(description="under this consent")
    untagged: Whole = Field(description="pictures of this camera in the project that nobody has tagged")


class Erased(Answer):
    """What is gone."""

    pictures: Whole

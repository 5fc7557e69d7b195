"""Accuracy audits: moments somebody looks at, what they counted, and what follows for all counts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from footfall.web.models import Answer, Name, Request, Utc, Whole
from footfall.web.models_events import SnippetFrame

Pair = Annotated[list[Annotated[int, Field(ge=0, le=10_000)]], Field(min_length=2, max_length=2)]


class NewAudit(Request):
    """What is to be looked at: recorded people are needed of that time."""

    camera: Name
    begin: Utc = Field(alias="from")
    end: Utc = Field(alias="to")
    moments: Annotated[int, Field(ge=2, le=500)] = 24
    seconds: Annotated[float, Field(ge=1, le=60, description="length of a moment")] = 4.0


class AuditMoment(Answer):
    """A few seconds at one line or zone. What was told is not shown, so that nobody is led."""

    number: Whole
    region: str
    begin: Utc
    end: Utc
    words: list[str] = Field(description="what is to be counted: the two ways", examples=[["right", "left"]])
    counted: Pair | None = Field(description="null: not answered yet")
    recording: str | None = Field(description="id of a recording that shows it")


class Figure(Answer):
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


class Coverage(Answer):
    """How many moments of one kind there are, and how many were looked at."""

    kind: str
    moments: Whole
    answered: Whole
    missed: Whole
    invented: Whole


class AuditFigures(Answer):
    """How right the counts are. Shares in percent."""

    told: Whole
    true: Figure
    recall: Figure
    invented: Figure
    total_error: Figure
    kinds: list[Coverage]


class AccuracySummary(Answer):
    """One audit."""

    id: str
    camera: str
    begin: Utc
    end: Utc
    at: Utc
    author: str
    moments: Whole
    answered: Whole
    figures: AuditFigures | None = Field(description="null: nothing is answered yet")


class AccuracyAudits(Answer):
    """Newest first."""

    audits: list[AccuracySummary]


class AccuracyAudit(AccuracySummary):
    """One audit with its moments."""

    wanted: list[AuditMoment]


class AuditAnswer(Request):
    """What somebody counted in one moment."""

    moment: Annotated[int, Field(ge=0, le=100_000)]
    counted: Pair | None = Field(description="null takes an answer back")


class AuditAnswers(Request):
    """Some answers; others stay."""

    answers: Annotated[list[AuditAnswer], Field(min_length=1, max_length=500)]


class MomentTrack(Answer):
    """Recorded people of a moment, and where to look."""

    number: Whole
    region: str
    kind: str
    points: list[list[float]]
    aspect: float
    frames: list[SnippetFrame]

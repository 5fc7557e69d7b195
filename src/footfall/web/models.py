"""What all requests and answers are made of: strict models, dates, names, points, and how errors look."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

from footfall.core import errors


def rfc3339(at: datetime) -> str:
    """A moment in UTC, as JSON has it: `2026-03-01T09:30:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Utc: TypeAlias = Annotated[
    AwareDatetime,
    Field(strict=False, description="RFC 3339, UTC", examples=["2026-03-01T09:30:00.000Z"]),
    PlainSerializer(rfc3339, return_type=str, when_used="json"),
]
Name: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
"""Of a camera, region or place: any Unicode but control characters, and not blank."""
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Point: TypeAlias = Annotated[
    list[Share],
    Field(min_length=2, max_length=2, description="x and y, shares of the picture, origin top left"),
]
Whole: TypeAlias = Annotated[int, Field(ge=0, le=2**53)]
JsonObject: TypeAlias = dict[str, Any]
Role: TypeAlias = Literal["viewer", "operator", "admin"]
View: TypeAlias = Literal["privacy", "real"]


class Request(BaseModel):
    """A body that somebody sends: no unknown keys, no numbers in quotes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Answer(BaseModel):
    """A body that we send."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="null")


class Problem(Answer):
    """One thing that is wrong, said so that the reader can mend it."""

    path: str = Field(description="JSON path, `$` for the whole", examples=["$.lines[0].points"])
    what: str
    cure: str
    is_warning: bool = False

    @classmethod
    def of(cls, problem: errors.Problem) -> Problem:
        """The same without the name of a file."""
        return cls(path=problem.path, what=problem.what, cure=problem.cure, is_warning=problem.is_warning)


class ErrorDetail(Answer):
    """Why nothing was done."""

    code: str = Field(description="kebab-case, never changes", examples=["not-found"])
    message: str = Field(examples=["there is no camera 'front'"])
    problems: list[Problem] = Field(default_factory=list)


class ErrorAnswer(Answer):
    """How every error looks."""

    error: ErrorDetail


class Problems(Answer):
    """What is wrong; empty: nothing."""

    problems: list[Problem]

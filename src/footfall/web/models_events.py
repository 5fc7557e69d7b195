"""Events, and the recorded people who explain them."""

from __future__ import annotations

from pydantic import Field

from footfall.web.models import Answer, JsonObject, Point, Share, Utc


class Event(Answer):
    """One event, as every sink gets it."""

    id: str
    camera: str
    at: Utc
    type: str = Field(examples=["personLineEvent"])
    region: str
    track_id: str
    body: JsonObject = Field(description="Azure's schema")


class EventsPage(Answer):
    """Newest first."""

    events: list[Event]
    before: str | None = Field(description="for the next page; null: that was all")


class SnippetPerson(Answer):
    """One person in one frame."""

    id: str
    box: list[float] = Field(min_length=4, max_length=4, description="x0 y0 x1 y1, shares of the picture")
    footprint: list[float] = Field(min_length=2, max_length=2)
    is_subject: bool = Field(description="whether the event is about this person")


class SnippetFrame(Answer):
    """All people of one analysed frame."""

    at: Utc
    people: list[SnippetPerson]


class Snippet(Answer):
    """Recorded people around a moment; pixels never."""

    camera: str
    region: str
    at: Utc
    kind: str = Field(description="`line`, `zone`, or empty where the region is not there any more")
    points: list[list[Share]] | list[Point]
    aspect: float = Field(description="height / width of the picture")
    frames: list[SnippetFrame] = Field(description="empty where tracks are not recorded or are over")

"""The service itself: recordings, versions, disk, licences, health."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from footfall.web.models import Answer, Utc, Whole


class Recording(Answer):
    """A piece of video that was kept."""

    id: str
    camera: str
    begin: Utc
    end: Utc | None = Field(description="null: it is being written")
    size_bytes: Whole
    type: str = Field(examples=["video/mp4"])


class Recordings(Answer):
    """Newest first."""

    is_on: bool = Field(description="whether anything is recorded at all")
    recordings: list[Recording]


class DeletedRecordings(Answer):
    """What has gone, or with `dry_run` would go."""

    recordings: Whole = Field(description="how many", examples=[12])
    size_bytes: Whole = Field(description="of all of them", examples=[734_003_200])
    growing: Whole = Field(
        description="how many of that time are still being written: they stay, delete them once they are complete",
        examples=[0],
    )


class Disk(Answer):
    """Of the data folder."""

    folder: str
    free_bytes: Whole
    total_bytes: Whole


class Model(Answer):
    """A network or other detector."""

    name: str
    kind: str
    is_here: bool = Field(description="whether its weights are on this machine")
    licence: str


class Licence(Answer):
    """Of a library that footfall is made with."""

    name: str
    version: str
    licence: str


class System(Answer):
    """What runs here."""

    version: str
    python: str
    platform: str
    started_at: Utc
    now: Utc
    store: Literal["sqlite", "postgresql"]
    disk: Disk
    models: list[Model]
    licences: list[Licence]


class Ready(Answer):
    """Whether the service does its work."""

    is_ready: bool
    reasons: dict[str, str] = Field(description="code -> words", examples=[{"store-away": "the store does not answer"}])
    waiting: Whole = Field(description="messages in outboxes")

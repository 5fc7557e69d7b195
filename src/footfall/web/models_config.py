"""The configuration and its versions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from footfall.web.models import Answer, ErrorDetail, JsonObject, Request, Utc, Whole

Text = Annotated[str, Field(min_length=1, max_length=1_000_000)]
Comment = Annotated[str, Field(max_length=500)]


class ConfigSummary(Answer):
    """One version, without its text."""

    version: Whole
    at: Utc
    author: str
    comment: str


class Config(ConfigSummary):
    """One version. Secrets are named in it, never held."""

    kind: Literal["footfall", "other"] = Field(description="other: an Azure dialect, which is edited as text")
    text: str
    document: JsonObject | None = Field(description="the same as data; null for other kinds")


class ConfigVersions(Answer):
    """Newest first."""

    versions: list[ConfigSummary]
    before: Whole | None = Field(description="for the next page; null: that was all")


class ConfigChange(Request):
    """The whole new text."""

    text: Text
    comment: Comment = ""


class ConfigCheck(Request):
    """A text to be judged."""

    text: Text


class RestoreRequest(Request):
    """Why an older version is to hold again."""

    comment: Comment = ""


class ConflictAnswer(Answer):
    """Somebody else has changed the configuration in the meantime: nothing was done."""

    error: ErrorDetail
    current: Config = Field(description="what holds now")
    base: Config | None = Field(description="what the edit was made on; null where it is not kept")

"""Models of one's own at cameras: which camera asks which, how a new one compares, switching over and back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from footfall.web.models import Answer, Name, Request, Whole

Uuid = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


class OwnModel(Answer):
    """A model that tells something of people."""

    words: str = Field(description="what people call it", examples=["helmets: Iteration 2"])
    project: str | None = Field(description="id of the project at this service; null: it comes from elsewhere")
    iteration: str | None


class ModelAtCamera(Answer):
    """Which model a camera asks about people."""

    camera: str
    model: OwnModel | None = Field(description="null: it asks none")
    before: OwnModel | None = Field(description="which it asked before, by the last 50 versions; null: none")
    has_before: bool = Field(description="whether it ever asked another one, or none")


class ModelsAtCameras(Answer):
    """All cameras, in the order of the configuration."""

    cameras: list[ModelAtCamera]


CameraNames = Annotated[list[Name], Field(min_length=1, max_length=500)]


class ModelChoice(Request):
    """A trained iteration for some cameras."""

    project: Uuid
    iteration: Uuid
    cameras: CameraNames


class ModelReturn(Request):
    """Some cameras ask again what they asked before."""

    cameras: CameraNames


class NewComparison(Request):
    """A trained iteration, and a camera whose model it is compared with."""

    project: Uuid
    iteration: Uuid
    camera: Name


class ComparedTag(Answer):
    """How both models do on the pictures of one tag."""

    tag: str | None = Field(description="null: all pictures")
    pictures: Whole
    running: Whole = Field(description="so many the running model tells right")
    new: Whole = Field(description="so many the new one tells right")
    mended: Whole = Field(description="only the new one tells right")
    broken: Whole = Field(description="only the running one tells right")


class ModelComparison(Answer):
    """Two models on the same labelled pictures."""

    id: str
    state: Literal["running", "done", "failed"]
    words: str = Field(description="why it failed; empty otherwise")
    running: str = Field(description="what people call the running model")
    new: str
    done: Whole
    total: Whole = Field(description="pictures; 0 while nobody knows")
    is_unseen: bool = Field(description="whether the new model has learned from none of these pictures")
    tags: list[ComparedTag] = Field(description="tag by tag, then all; empty until it is done, and without pictures")

"""What the web needs from Custom Vision beside it. `serve` implements it; every call may block and runs in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from footfall.config.plan import GraphPlan


@dataclass(frozen=True, slots=True)
class Taken:
    """How it stands with the pictures of one camera that are kept to learn from."""

    state: str
    """`on`, `full` or `failed`."""
    words: str
    today: int
    in_all: int
    """Under this consent."""
    untagged: int
    """In the project, from this camera, and nobody has tagged them."""


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that cameras ask about people."""

    words: str
    """What people call it."""
    project: str | None = None
    """Id, where it was trained here and is still there."""
    iteration: str | None = None


@dataclass(frozen=True, slots=True)
class TagCompared:
    """How two models do on the pictures of one tag."""

    tag: str | None
    """None: all pictures."""
    pictures: int
    running: int
    """So many the running one tells right..."""
    new: int
    """...and the new one."""
    mended: int
    """Only the new one tells right."""
    broken: int
    """Only the running one tells right."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two models on the same labelled pictures: how far it is, or what came of it."""

    id: str
    state: str
    """`running`, `done` or `failed`."""
    words: str = ""
    """Why it failed."""
    running: str = ""
    """What people call the running model."""
    new: str = ""
    done: int = 0
    total: int = 0
    is_unseen: bool = False
    """Whether the new one has learned from none of these pictures."""
    tags: tuple[TagCompared, ...] = ()
    """Tag by tag, then all of them."""


class Studio(Protocol):
    """Projects, their pictures and their models.

    Every call raises `Unknown` where there is no such project, and `Refused` where nothing can be opened at present.
    """

    def has_project(self, name: str) -> bool:
        """Whether there is a project of this name."""
        ...

    def taken(self, plan: GraphPlan) -> Taken:
        """Of a camera whose plan has `snapshots`."""
        ...

    def erase(self, plan: GraphPlan, author: str) -> int:
        """Erase what nobody has tagged of a camera whose plan has `snapshots`; how many there were."""
        ...

    def model(self, name: str) -> NamedModel:
        """A model by its path, or by what the configuration calls it."""
        ...

    def take(self, project: str, iteration: str) -> str:
        """Lay the model of an iteration down for cameras; what the configuration calls it."""
        ...

    def compare(self, project: str, iteration: str, model: str) -> Compared:
        """Begin to compare an iteration with the model at a path; `Refused` while another comparison runs."""
        ...

    def comparison(self, comparison_id: str) -> Compared:
        """How far one is; `Unknown` where there is none, or not any more."""
        ...

    def end_comparison(self, comparison_id: str) -> None:
        """End one, and forget it; `Unknown` where there is none."""
        ...

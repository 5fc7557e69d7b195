"""Two classifiers on the same labelled pictures: the one that runs, and the one that may take its place.

Judged by pictures that the new one has not learned from, if there are such: what it has learned from says little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from footfall.customvision.moving.far import Far, FarError

Guess: TypeAlias = Callable[[bytes], str]
"""Encoded picture -> the likeliest tag."""

PAGE: Final = 256


@dataclass(frozen=True, slots=True)
class Judged:
    """One picture, and what both made of it."""

    image_id: str
    truth: tuple[str, ...]
    running: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of it."""

    judged: tuple[Judged, ...]
    is_unseen: bool
    """Whether the new model has learned from none of these pictures."""

    def right(self, which: str, tag: str | None = None) -> int:
        """How many pictures, with this tag or all, `running` or `new` got right."""
        return sum(getattr(one, which) in one.truth for one in self._of(tag))

    def count(self, tag: str | None = None) -> int:
        """How many pictures, with this tag or all."""
        return len(self._of(tag))

    @property
    def tags(self) -> tuple[str, ...]:
        """All that were seen."""
        return tuple(sorted({tag for one in self.judged for tag in one.truth}))

    @property
    def mended(self) -> int:
        """Pictures that only the new one got right."""
        return sum(one.new in one.truth and one.running not in one.truth for one in self.judged)

    @property
    def broken(self) -> int:
        """Pictures that only the running one got right."""
        return sum(one.running in one.truth and one.new not in one.truth for one in self.judged)

    def _of(self, tag: str | None) -> Sequence[Judged]:
        return self.judged if tag is None else [one for one in self.judged if tag in one.truth]


@dataclass(slots=True)
class Candidates:
    """Labelled pictures of a project that two models can be judged by."""

    unseen: list[Mapping[str, Any]] = field(default_factory=list)
    learned: list[Mapping[str, Any]] = field(default_factory=list)
    """The new model has learned from these."""


def candidates(service: Far, project_id: str, iteration_id: str) -> Candidates:
    """All tagged images of the workspace that still have their pictures.

    Raises:
        FarError: the service refuses.
    """
    known = {image["id"] for image in _tagged(service, project_id, iterationId=iteration_id)}
    found = Candidates()
    for image in _tagged(service, project_id):
        if image.get("originalImageUri"):
            (found.learned if image["id"] in known else found.unseen).append(image)
    return found


def compare(
    service: Far, project_id: str, images: Iterable[Mapping[str, Any]], running: Guess, new: Guess
) -> Iterator[Judged]:
    """Fetch each picture, ask both, and forget it; pictures that cannot be read are left out.

    Raises:
        FarError: the service refuses.
    """
    for image in images:
        content = service.picture(image, project_id)
        truth = tuple(str(tag["tagName"]) for tag in image.get("tags") or ())
        try:
            yield Judged(str(image["id"]), truth, running(content), new(content))
        except ValueError:
            continue


def find_iteration(service: Far, project: str, iteration: str) -> tuple[str, Mapping[str, Any]]:
    """(id of the project, the iteration), each by name or id; `newest` is the one that was trained last.

    Raises:
        FarError: there is none, or it is not trained.
    """
    projects = service.get("projects")
    there = [one for one in projects if project in (one["name"], one["id"])]
    if not there:
        known = ", ".join(sorted(str(one["name"]) for one in projects)) or "none"
        raise FarError(service.endpoint, f"there is no project {project}; there are: {known}")
    project_id = str(there[0]["id"])
    trained = [one for one in service.get(f"projects/{project_id}/iterations") if one["status"] == "Completed"]
    trained.sort(key=lambda one: str(one.get("trainedAt") or one["created"]))
    wanted = trained[-1:] if iteration == "newest" else [i for i in trained if iteration in (i["name"], i["id"])]
    if not wanted:
        known = ", ".join(str(one["name"]) for one in trained) or "none"
        raise FarError(service.endpoint, f"{project} has no trained iteration {iteration}; there are: {known}")
    return project_id, wanted[0]


def _tagged(service: Far, project_id: str, **query: object) -> Iterator[Mapping[str, Any]]:
    skip = 0
    while page := service.get(
        f"projects/{project_id}/images", taggingStatus="Tagged", orderBy="Oldest", take=PAGE, skip=skip, **query
    ):
        yield from page
        skip += len(page)

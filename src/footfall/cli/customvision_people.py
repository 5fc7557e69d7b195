"""Two classifiers side by side: on labelled images of a project, or on the people of a clip."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footfall.cli.customvision_pair import Model
from footfall.cli.customvision_sheet import write_sheet
from footfall.cli.playback import EVERY_FRAME_FPS, Pairing, near_s, play, recorded_of
from footfall.cli.record import Watched, follow, watching
from footfall.cli.watch import say
from footfall.config.environment import Settings
from footfall.config.plan import ATTRIBUTES_WIDTH_PX, AttributesSpec, GraphPlan, SourceSpec, TrackSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Frame
from footfall.customvision.moving.comparing import Comparison, candidates, compare
from footfall.customvision.moving.far import Far
from footfall.customvision.moving.guessing import guess_with
from footfall.detect.attributes import AttributeReader
from footfall.engine.items import Tracked
from footfall.evaluation.asking import Interview
from footfall.evaluation.audit_sheet import clock
from footfall.evaluation.opinions import Case, Opinions, opinions
from footfall.evaluation.report import Cell, table
from footfall.evaluation.whereabouts import Whereabouts
from footfall.spatial.regions import SpatialSpec


@dataclass(frozen=True, slots=True)
class OnImages:
    """Both on labelled images."""

    found: Comparison
    names: tuple[str, str]

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        tags = {tag: self._right(tag) for tag in self.found.tags}
        models = {"running": self.names[0], "new": self.names[1], "learned": not self.found.is_unseen}
        only = {"only_new_right": self.found.mended, "only_running_right": self.found.broken}
        return models | {"all": self._right(None), "tags": tags} | only | {"advice": self.advice()}

    def table(self) -> str:
        """Tag by tag, and all."""
        rows: list[Sequence[Cell]] = []
        for tag in (*self.found.tags, None):
            count = self.found.count(tag)
            shares = (f"{self.found.right(which, tag) / count:.0%}" for which in ("running", "new"))
            rows.append(("all" if tag is None else tag, count, *shares))
        return table("labelled images that each tells right", ("tag", "images", *self.names), rows)

    def advice(self) -> str:
        """What it comes to."""
        running, new = self.names
        said = f"{self.found.mended} images only {new} tells right, {self.found.broken} only {running}"
        return said if self.found.is_unseen else f"{said}; {learned(new)}"

    def _right(self, tag: str | None) -> dict[str, int]:
        right = {which: self.found.right(which, tag) for which in ("running", "new")}
        return {"images": self.found.count(tag)} | right


def learned(name: str) -> str:
    """What is said where the new model knows all the images."""
    return f"{name} has learned from all of these images: tag new ones for an honest comparison"


def on_images(
    service: Far, project_id: str, iteration: Mapping[str, Any], models: tuple[Model, Model]
) -> OnImages | None:
    """Ask both about labelled images, those that the new one has not learned from where there are such; None: none.

    Raises:
        DetectorError: a model is no classifier.
        FarError: the service refuses.
    """
    running, new = (model.reader() for model in models)
    found = candidates(service, project_id, str(iteration["id"]))
    images = found.unseen or found.learned
    judged = tuple(compare(service, project_id, images, guess_with(running), guess_with(new)))
    names = models[0].name, models[1].name
    return OnImages(Comparison(judged, bool(found.unseen)), names) if judged else None


def on_clip(
    args: Namespace, path: str, graph: GraphPlan, settings: Settings, models: tuple[Model, Model]
) -> Opinions | None:
    """Ask both about the people of a clip; None: nobody was large enough.

    Args:
        args: of the command line.
        path: where the clip can be read.
        graph: the camera's, as far as the user says.
        settings: of the process.
        models: the running one and the new one.

    Raises:
        ConfigError: the models have no tag in common, or the tracks are of another clip.
        DetectorError: a model is no classifier, or failed.
        SourceUnavailable: the clip cannot be played.
    """
    running, new = (model.reader() for model in models)
    names = models[0].name, models[1].name
    tasks = common_tasks(running, new, names)
    playing = watching(path, graph, args, settings)
    interview = Interview(running, new, time.perf_counter, AttributesSpec("").every_s, playing.spec(TrackSpec).memory_s)
    _hold(interview, args, path, playing)
    found = opinions(interview, names, tasks, Path(args.clip).name, Whereabouts(graph.spec(SpatialSpec)))
    if not found.people:
        return None
    if args.sheet and found.disputed:
        shown = [(case.at_s, case.box_n, _lines(case, names)) for case in found.disputed]
        title = f"{names[0]} / {names[1]}: {len(shown)} they disagree about"
        write_sheet(Path(args.sheet), title, shown, _all_frames(playing, args))
    return found


def _hold(interview: Interview, args: Namespace, path: str, playing: GraphPlan) -> None:
    """Over all people of the clip: those that were recorded, else those that are found now."""
    if not args.tracks:
        follow(args.clip, playing, args, _Listener(interview), ATTRIBUTES_WIDTH_PX)
        return
    recorded = Pairing(recorded_of(args.tracks, path, args.clip), near_s(path), args.tracks, args.clip)
    for frame, observed in recorded.pairs(_all_frames(playing, args)):
        interview.take(frame, observed)


def _all_frames(playing: GraphPlan, args: Namespace) -> Iterator[Frame]:
    return play(playing.spec(SourceSpec), args.clip, EVERY_FRAME_FPS, ATTRIBUTES_WIDTH_PX)


def common_tasks(running: AttributeReader, new: AttributeReader, names: tuple[str, str]) -> list[str]:
    """Questions that both answer; tags that only one has are told.

    Raises:
        ConfigError: they have no tag in common.
    """
    sides = [set(one.tags) for one in (running, new)]
    if not sides[0] & sides[1]:
        what = f"{names[0]} tells {', '.join(running.tags)}; {names[1]} tells {', '.join(new.tags)}"
        raise ConfigError([Problem("command line", "--with", what, "compare models that have tags in common")])
    for name, mine, theirs in ((names[0], sides[0], sides[1]), (names[1], sides[1], sides[0])):
        if only := sorted(mine - theirs):
            say(f"only {name} tells {', '.join(only)}")
    return sorted(running.tasks & new.tasks)


class _Listener(Watched):
    """Puts every followed frame before both models."""

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self._interview = interview

    def __call__(self, item: object) -> None:
        """Take one frame."""
        assert isinstance(item, Tracked)
        assert item.frame is not None
        super().__call__(item)
        self._interview.take(item.frame, item.observed)


def _lines(case: Case, names: tuple[str, str]) -> tuple[str, ...]:
    said = (f"{name}: {one.tag} {one.certainty:.0%}" for name, one in zip(names, case.opinions, strict=True))
    return f"{clock(case.at_s)}  {case.track_id[-4:]}", *said

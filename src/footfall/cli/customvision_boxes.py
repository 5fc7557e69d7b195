"""Two detectors of people side by side: on labelled images of a project, or on a clip."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from footfall.cli.contest import hold
from footfall.cli.customvision_pair import Model, decoded
from footfall.cli.customvision_people import learned
from footfall.cli.customvision_sheet import write_sheet
from footfall.cli.playback import play
from footfall.cli.record import watching
from footfall.cli.recorders import TotalsRecorder
from footfall.config.environment import Settings
from footfall.config.plan import ATTRIBUTES_WIDTH_PX, GraphPlan, SourceSpec, TrackSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.types import Frame
from footfall.customvision.moving.comparing import candidates
from footfall.customvision.moving.far import Far
from footfall.evaluation.audit_sheet import clock
from footfall.evaluation.comparison import Comparison, compare
from footfall.evaluation.finding import Findings, Lone, findings
from footfall.evaluation.following import Rivals, Side
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import PERSON, CocoAnnotation, CocoCategory, CocoImage, CocoTruth
from footfall.evaluation.whereabouts import Whereabouts
from footfall.events.ids import replay_ids
from footfall.ingest.container import Address, probe
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.totals import Totals
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker


@dataclass(frozen=True, slots=True)
class OnImages:
    """Both on labelled images."""

    figures: Comparison
    is_unseen: bool
    """Whether the new model has learned from none of them."""

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return self.figures.to_dict() | {"learned": not self.is_unseen, "advice": self.advice()}

    def table(self) -> str:
        """Figures of both."""
        return self.figures.table()

    def advice(self) -> str:
        """What the figures of people say, in a sentence."""
        said = self._which()
        return said if self.is_unseen else f"{said}; {learned(self.figures.models[1].model)}"

    def _which(self) -> str:
        running, new = self.figures.models
        scores = [one.ap50 if (one := model.of(PERSON)) else None for model in (running, new)]
        if scores[0] is None or scores[1] is None:
            return "the images show no people"
        if abs(scores[1] - scores[0]) < ALIKE:
            return f"both find people alike (AP50 {scores[0]:.2f} and {scores[1]:.2f})"
        (worse, _), (better, name) = sorted(zip(scores, (running.model, new.model), strict=True))
        return f"{name} finds people better (AP50 {better:.2f} against {worse:.2f})"


ALIKE = 0.02
"""Difference in AP50 that some other images would turn round."""


def on_images(
    service: Far, project_id: str, iteration: Mapping[str, Any], models: tuple[Model, Model]
) -> OnImages | None:
    """Score both on labelled images, those that the new one has not learned from where there are such.

    None: no image has a box of a person.

    Raises:
        DetectorError: a model is no detector, or failed.
        FarError: the service refuses.
    """
    contestants = [model.contestant(thorough=True) for model in models]
    found = candidates(service, project_id, str(iteration["id"]))
    truth = _Truth()
    images = found.unseen or found.learned
    hold(truth.frames(service, project_id, images), contestants, len(images))
    if PERSON not in truth.used:
        return None
    return OnImages(compare(truth.document(), contestants, "labelled images"), bool(found.unseen))


def on_clip(
    args: Namespace, path: str, graph: GraphPlan, settings: Settings, models: tuple[Model, Model]
) -> Findings | None:
    """Let both look at a clip, each with a tracker and the user's rules behind it; None: neither finds anybody.

    Args:
        args: of the command line.
        path: where the clip can be read.
        graph: the camera's, as far as the user says.
        settings: of the process.
        models: the running one and the new one.

    Raises:
        DetectorError: a model is no detector, or failed.
        SourceUnavailable: the clip cannot be played.
    """
    contestants = [model.contestant(thorough=False) for model in models]
    playing = watching(path, graph, args, settings)
    spec = playing.spec(SourceSpec)
    rivals = Rivals(*(_side(one, graph, playing.spec(TrackSpec).memory_s) for one in contestants))
    widest = max(one.card.input.width_px for one in contestants)
    seen = count()

    def take(frame: Frame) -> None:
        next(seen)
        rivals.take(frame)

    hold(play(spec, args.clip, spec.max_fps, widest), contestants, _expected(path, spec.max_fps), take)
    rivals.end()
    frames = next(seen)
    if not frames:
        raise SourceUnavailable("no-frames", args.clip)
    if not rivals.boxes:
        return None
    found = findings(rivals, Path(args.clip).name, frames, Whereabouts(graph.spec(SpatialSpec)))
    if args.sheet and found.lone:
        shown = [(one.at_s, one.box_n, _lines(one)) for one in found.lone]
        title = f"{models[0].name} / {models[1].name}: {len(shown)} whom one of them alone follows"
        write_sheet(Path(args.sheet), title, shown, play(spec, args.clip, spec.max_fps, ATTRIBUTES_WIDTH_PX))
    return found


def _expected(path: str, max_fps: float) -> int | None:
    """About how many pictures will be looked at; None where nobody knows."""
    info = probe(Address(path))
    seconds = info.frames / info.fps if info.frames else info.duration_s
    return round(seconds * min(info.fps, max_fps)) if seconds else None


@dataclass(slots=True)
class _Truth:
    """Labelled images of a project as COCO truth; it grows as they are fetched."""

    images: list[CocoImage] = field(default_factory=list)
    boxes: list[CocoAnnotation] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def used(self) -> frozenset[str]:
        """Tags that have boxes."""
        return frozenset(self.numbers)

    def document(self) -> CocoTruth:
        """All so far."""
        kinds = tuple(CocoCategory(number, name) for name, number in self.numbers.items())
        return CocoTruth(tuple(self.images), tuple(self.boxes), kinds)

    def frames(self, service: Far, project_id: str, images: Iterable[Mapping[str, Any]]) -> Iterator[Frame]:
        """Fetch each picture, show it, and forget it; what cannot be read, or has no box, is left out."""
        for image in images:
            regions = image.get("regions") or ()
            picture = decoded(service.picture(image, project_id)) if regions else None
            if picture is None:
                continue
            number, (high, wide) = len(self.images), picture.shape[:2]
            name = str(image["id"])
            self.images.append(CocoImage(number, name, width=wide, height=high))
            for region in regions:
                kind = self.numbers.setdefault(str(region["tagName"]).strip().lower(), len(self.numbers) + 1)
                x, y, w, h = (float(region[side]) for side in ("left", "top", "width", "height"))
                self.boxes.append(CocoAnnotation(number, kind, (x * wide, y * high, w * wide, h * high)))
            at = datetime.fromtimestamp(number, UTC)
            yield Frame(name, number, float(number), at, picture, (wide, high))


def _side(contestant: Contestant, graph: GraphPlan, memory_s: float) -> Side:
    numbers = count(1)
    tracker = PeopleTracker(TrackerSettings(memory_s=memory_s), lambda: f"{next(numbers):04}")
    spatial = graph.spec(SpatialSpec)
    if not (spatial.lines or spatial.zones):
        return Side(contestant, tracker, None, Totals())
    recorder = TotalsRecorder(spatial)
    rules = replay_graph(graph, replay_ids(graph.spec(SourceSpec).source_id), Taps(on_happened=recorder))
    return Side(contestant, tracker, rules, recorder.totals)


def _lines(one: Lone) -> tuple[str, ...]:
    return f"{clock(one.at_s)}  {one.track_id[-4:]}", f"only {one.model}", one.where

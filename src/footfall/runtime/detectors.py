"""The networks of a run: opened once, shared by its cameras."""

from __future__ import annotations

import logging
from pathlib import Path

from footfall.config.plan import DetectSpec, FaceMaskSpec, GraphPlan, LookAt, Pace, SourceSpec
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.ports import Clock, Detector
from footfall.core.types import Image
from footfall.detect.build import open_detector
from footfall.detect.card import ModelCard
from footfall.detect.exchangeable import ExchangeableReader
from footfall.detect.facemask import FaceReader, open_face_reader
from footfall.detect.gate import GatedDetector
from footfall.detect.lookout import InterestDetector, Lookout
from footfall.detect.places import watched_boxes
from footfall.detect.shared import SharedDetector
from footfall.engine.attributes import Asking, Told
from footfall.engine.clock import SystemClock
from footfall.engine.errand import Aside, AtOnce
from footfall.runtime.options import Options
from footfall.spatial.regions import SpatialSpec

log = logging.getLogger(__name__)


class Detectors:
    """Opens each model once: networks are shared by all cameras, motion has one instance a camera."""

    def __init__(self, options: Options, clock: Clock | None = None) -> None:
        self._options = options
        self._clock = clock or SystemClock()
        self._shared: dict[tuple[str, float | None], tuple[SharedDetector, ModelCard]] = {}
        self._faces: dict[str, FaceReader | None] = {}
        self._readers: dict[str, ExchangeableReader] = {}
        self._aside: dict[str, Aside[list[Image], list[Told]]] = {}
        self.served: dict[str, str] = {}
        """Graph id -> the detector that serves it, in words."""

    def open(self, plan: GraphPlan) -> tuple[Detector, int]:
        """The graph's detector and the image width in pixels that it wants.

        Raises:
            ConfigError: no such model, or it finds no people.
            DetectorError: the model is not there or broken.
        """
        spec = plan.spec(DetectSpec)
        key = (spec.model, spec.min_score)
        if key in self._shared:
            self.served[plan.id] = in_words(self._shared[key][1])
            return network_of(plan, *self._shared[key])
        detector, card = open_detector(
            spec.model, folder=self._options.models_folder, min_score=spec.min_score, threads=self._options.threads
        )
        if PERSON not in card.labels:
            what, cure = f"finds {', '.join(card.labels)}, no people", "take one that does: footfall models list"
            raise ConfigError([Problem(plan.id, spec.model, what, cure)])
        self.served[plan.id] = in_words(card)
        if card.decoder == MOTION:
            return detector, card.input.width_px
        self._shared[key] = SharedDetector(detector), card
        return network_of(plan, *self._shared[key])

    def open_faces(self, plan: GraphPlan) -> FaceReader | None:
        """The network that tells masks, shared by all graphs; None where nobody asked, or the built-in one is missing.

        Raises:
            ConfigError: no such model, or one that tells no masks.
            DetectorError: a model file is broken.
        """
        spec = plan.face_mask
        if spec is None:
            return None
        if spec.model not in self._faces:
            self._faces[spec.model] = self._open_faces(spec)
        return self._faces[spec.model]

    def open_attributes(self, plan: GraphPlan) -> Asking | None:
        """A customer's classifier of people; None where nobody asked.

        Cameras do not wait for it: one thread answers all of them. For a file that is read as fast as can be, every
        question is answered at once.

        Raises:
            DetectorError: the model is missing, broken, or no classifier.
        """
        spec = plan.attributes
        if spec is None:
            return None
        if spec.model not in self._readers:
            reader = ExchangeableReader(Path(spec.model), self._clock, self._options.threads)
            self._readers[spec.model] = reader
            log.info("attributes of people are told by %s: %s", spec.model, ", ".join(reader.tags))
        read = self._readers[spec.model].read
        if plan.extension is None and plan.spec(SourceSpec).pace is Pace.FAST:
            return AtOnce(read)
        if spec.model not in self._aside:
            self._aside[spec.model] = Aside(f"attributes {Path(spec.model).name}", read)
        return self._aside[spec.model].line()

    def close(self) -> None:
        """End the threads beside the cameras; they may be opened again."""
        for aside in self._aside.values():
            aside.close()
        self._aside.clear()

    def _open_faces(self, spec: FaceMaskSpec) -> FaceReader | None:
        folder, threads = self._options.models_folder, self._options.threads
        try:
            reader = open_face_reader(spec.model, folder=folder, threads=threads)
        except (ConfigError, DetectorError) as error:
            if spec != FaceMaskSpec():
                raise
            log.warning("the mask classifier does not start, the rest runs: %s", error)
            return None
        log.info("face masks are told by %s (%s)", reader.card.name, reader.card.licence)
        return reader


def in_words(card: ModelCard) -> str:
    """Which model, under which licence."""
    return f"{card.name} ({card.licence})"


def network_of(plan: GraphPlan, shared: SharedDetector, card: ModelCard) -> tuple[Detector, int]:
    """What stands between a camera and the network of all, and the image width in pixels that it wants."""
    if plan.spec(DetectSpec).look is LookAt.WHOLE:
        return GatedDetector(shared), card.input.width_px
    lookout = Lookout(card.input, watched_boxes(plan.spec(SpatialSpec)), card.confident_score)
    return InterestDetector(shared, lookout), max(INTEREST_WIDTH_PX, card.input.width_px)


MOTION = "motion"
PERSON = "person"
INTEREST_WIDTH_PX = 1920
"""Crops are taken from a picture at most this wide; a 1920 wide one costs no more than to scale it down would."""

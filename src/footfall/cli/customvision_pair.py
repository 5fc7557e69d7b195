"""The two models of a comparison: one that runs, one that may take its place; files, names, or iterations."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from footfall.cli.contest import LEAST_SCORE, open_contestant
from footfall.cli.customvision_copy import key_of
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.types import Image
from footfall.customvision.moving.far import Far, FarError
from footfall.customvision.moving.using import fetch_export
from footfall.detect.attributes import AttributeReader
from footfall.detect.exported import Export, beside, is_export, read_archive, read_export
from footfall.detect.onnx import OnnxDetector
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import PERSON


@dataclass(frozen=True, slots=True)
class Model:
    """One side."""

    name: str
    export: Export | None
    """None: a model that is known by its name."""
    word: str = ""
    """How `--model` calls it; empty where it is in no file."""

    @property
    def finds(self) -> bool | None:
        """Whether it finds boxes or tells whole pictures; None: its files do not say."""
        return True if self.export is None else self.export.finds

    def reader(self) -> AttributeReader:
        """It as a classifier of people.

        Raises:
            DetectorError: it is none.
        """
        return AttributeReader(Path(self.word or self.name), export=self.export)

    def contestant(self, *, thorough: bool) -> Contestant:
        """It as a detector of people; `thorough`: weak boxes are kept too.

        Raises:
            ConfigError: it finds no people.
            DetectorError: it is no detector.
        """
        if self.word:
            one = open_contestant(self.word, thorough=thorough)
        else:
            detector = OnnxDetector(None, Path(self.name), export=self.export)
            weak = OnnxDetector(None, Path(self.name), export=self.export, min_score=LEAST_SCORE) if thorough else None
            one = Contestant(self.name, detector, detector.card, weak)
        if PERSON not in one.card.labels:
            what, cure = f"finds {', '.join(one.card.labels)}, no people", "compare detectors of people"
            raise ConfigError([Problem("command line", self.name, what, cure)])
        one.name = self.name
        return one


def model_of(word: str) -> Model:
    """A model that is on this machine: a zip, a folder, a file, or a name such as `person`.

    Raises:
        DetectorError: an export cannot be read.
    """
    path = Path(word)
    if is_export(word):
        return Model(path.name, read_export(path), word)
    return Model(path.name, beside(path) if path.suffix.lower() == ".onnx" else None, word)


def model_from(service: Far, project_id: str, iteration: Mapping[str, Any]) -> Model:
    """An iteration; its export is in memory alone.

    Raises:
        FarError: the service refuses, or what it gives is no model.
    """
    name = str(iteration["name"])
    archive = fetch_export(service, project_id, str(iteration["id"]), time.sleep)
    try:
        return Model(name, read_archive(archive, Path(name)))
    except DetectorError as error:
        raise FarError(service.endpoint, str(error)) from error


def told_apart(running: Model, new: Model) -> tuple[Model, Model]:
    """Both, under names of their own."""
    return running, replace(new, name=f"{new.name} (new)") if new.name == running.name else new


def find_boxes(running: Model, new: Model) -> bool:
    """Whether both find boxes; else both tell whole pictures.

    Raises:
        ConfigError: one does the one, one the other.
    """
    kinds = {model.finds for model in (running, new)} - {None}
    if len(kinds) == 2:
        boxes, tags = (running, new) if running.finds else (new, running)
        what = f"{boxes.name} finds boxes, {tags.name} tells whole pictures"
        raise ConfigError([Problem("command line", "--with", what, "compare like with like")])
    return True in kinds


def service_of(args: Namespace) -> Far:
    """The service that `--at` and `--key-file` name.

    Raises:
        ConfigError: there is no key.
        FarError: the address is none.
    """
    if not args.key_file:
        raise ConfigError([Problem("command line", "--key-file", "is missing", "name a file with a training key")])
    return Far(args.at, key_of(args.key_file), args.ca, pause=time.sleep)


def decoded(content: bytes) -> Image | None:
    """The pixels of a labelled image, BGR; None: it is none."""
    try:
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) if content else None
    except cv2.error:
        return None
    return None if picture is None else np.asarray(picture, np.uint8)

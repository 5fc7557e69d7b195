"""Models of one's own that cameras ask: each a zip in the data folder, named by the iteration that made it.

A zip never changes, so any version of the configuration that names it can hold again. It goes when its iteration is
deleted and no camera asks it any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from footfall.access.files import write_private
from footfall.core.errors import DetectorError
from footfall.customvision.faults import Refused
from footfall.customvision.training.exports import onnx_archive
from footfall.customvision.training.iterations import get_iteration, get_iterations
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.projects import get_projects
from footfall.detect.attributes import AttributeReader
from footfall.detect.exported import read_archive
from footfall.serve.folder import TRAINED_MODELS

_IN_CONFIG: Final = f"${{{TRAINED_MODELS}}}/"


@dataclass(frozen=True, slots=True)
class Iteration:
    """Which iteration a zip is."""

    project_id: str
    iteration_id: str
    words: str
    """Names of the project and of the iteration."""


class OwnModels:
    """The folder.

    Args:
        folder: made with the first model.
        shop: where models are trained.
    """

    def __init__(self, folder: Path, shop: Workshop) -> None:
        self._folder = folder
        self._shop = shop

    def take(self, project_id: str, iteration_id: str) -> str:
        """Put the model of an iteration into the folder; what the configuration calls it.

        Raises:
            Refused: there is no such iteration, it is not trained, cannot be taken away, or tells nothing of people.
            KeyRevoked, Altered, NoObject: it cannot be opened.
            OSError: it cannot be written.
        """
        archive, _ = self.open(project_id, iteration_id)
        path = self._folder / f"{iteration_id}.zip"
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_private(path, archive, 0o600)
        return f"{_IN_CONFIG}{path.name}"

    def open(self, project_id: str, iteration_id: str) -> tuple[bytes, AttributeReader]:
        """The zip of an iteration, and the model in it; nothing is written.

        Raises:
            Refused, KeyRevoked, Altered, NoObject: as `take`.
        """
        name = self.require(project_id, iteration_id)
        archive = onnx_archive(self._shop, project_id, iteration_id)
        try:
            return archive, AttributeReader(Path(name), export=read_archive(archive, Path(name)))
        except DetectorError as error:
            raise Refused("BadRequestInvalid", f"cannot be asked about people: {error}") from error

    def require(self, project_id: str, iteration_id: str) -> str:
        """What people call an iteration that cameras could ask.

        Raises:
            Refused: there is no such iteration, it is not trained, cannot be taken away, or finds things.
        """
        found = get_iteration(self._shop, project_id, iteration_id)
        if not found.exportable:
            what = f"{found.name} is not trained, or in a domain that is not exported: train in a compact one"
            raise Refused("BadRequestExportValidationFailed", what)
        if found.classification_type is None:
            raise Refused("BadRequestInvalid", f"{found.name} finds things: cameras ask what tells pictures")
        return found.name

    def iteration_of(self, model: str) -> Iteration | None:
        """Which iteration a model is, by its path or by what the configuration calls it; None: none of ours.

        Raises:
            StoreUnavailable: the database is away.
        """
        if not model.startswith(_IN_CONFIG) and PurePath(model).parent != self._folder:
            return None
        wanted = PurePath(model).stem
        for project in get_projects(self._shop):
            for one in get_iterations(self._shop, project.id):
                if one.id == wanted:
                    return Iteration(project.id, one.id, f"{project.name}: {one.name}")
        return None

    def prune(self, asked: Collection[str]) -> None:
        """Remove those whose iteration is gone and that nobody asks.

        Raises:
            StoreUnavailable: the database is away.
        """
        for path in self._folder.glob("*.zip"):
            if str(path) not in asked and self.iteration_of(str(path)) is None:
                path.unlink(missing_ok=True)

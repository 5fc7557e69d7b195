"""Custom Vision as the web asks it: pictures of cameras to learn from, and models for cameras to ask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from footfall.config.plan import GraphPlan, SnapshotSpec
from footfall.customvision.faults import Refused as VisionRefused
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.from_cameras import CameraStudio
from footfall.serve.comparisons import Comparisons, Wanted
from footfall.serve.own_models import OwnModels
from footfall.serve.snapshots import Snapshots, name_of
from footfall.vault.faults import Altered, KeyRevoked, NoObject
from footfall.web.desk import Unknown
from footfall.web.security_refusals import Refused
from footfall.web.studio import Compared, NamedModel, Taken


class ServiceStudio:
    """Implements `web.studio.Studio`; every method may be called from any thread.

    Args:
        shop: where projects are.
        snapshots: what takes pictures of cameras.
        folder: of models that cameras ask.
        running: the models that cameras ask now, by their paths.
    """

    def __init__(
        self, shop: Workshop, snapshots: Snapshots, folder: Path, running: Callable[[], Collection[str]]
    ) -> None:
        self.cameras = CameraStudio(shop)
        """Where pictures of cameras go."""
        self._snapshots = snapshots
        self._running = running
        self._models = OwnModels(folder, shop)
        self._comparisons = Comparisons(shop, self._models)

    def close(self) -> None:
        """End what runs in the background."""
        self._comparisons.close()

    def has_project(self, name: str) -> bool:
        """Whether there is a project of this name."""
        with _said():
            return self.cameras.has(name)

    def taken(self, plan: GraphPlan) -> Taken:
        """Of a camera whose plan has `snapshots`."""
        spec = _spec_of(plan)
        found = self._snapshots.standing(plan.id, spec)
        with _said():
            has_project = self.cameras.has(spec.project)
            untagged = self.cameras.untagged(spec.project, name_of(plan.id)) if has_project else 0
        state = found.code.removeprefix("snapshots-")
        return Taken(state, found.words, found.entry.today, found.entry.in_all, untagged)

    def erase(self, plan: GraphPlan, author: str) -> int:
        """Erase what nobody has tagged of a camera whose plan has `snapshots`; how many there were."""
        with _said():
            return self._snapshots.erase(plan.id, _spec_of(plan), author)

    def model(self, name: str) -> NamedModel:
        """A model by its path, or by what the configuration calls it."""
        with _said():
            found = self._models.iteration_of(name)
        if found is None:
            return NamedModel(PurePath(name).name)
        return NamedModel(found.words, found.project_id, found.iteration_id)

    def take(self, project: str, iteration: str) -> str:
        """Lay the model of an iteration down for cameras; what the configuration calls it."""
        with _said():
            self._models.prune(self._running())
            return self._models.take(project, iteration)

    def compare(self, project: str, iteration: str, model: str) -> Compared:
        """Begin to compare an iteration with the model at a path."""
        with _said():
            new = self._models.require(project, iteration)
        wanted = Wanted(project, iteration, Path(model), self.model(model).words, new)
        return self._comparisons.begin(wanted)

    def comparison(self, comparison_id: str) -> Compared:
        """How far one is."""
        return self._comparisons.get(comparison_id)

    def end_comparison(self, comparison_id: str) -> None:
        """End one, and forget it."""
        self._comparisons.end(comparison_id)


def _spec_of(plan: GraphPlan) -> SnapshotSpec:
    assert plan.snapshots is not None
    return plan.snapshots


@contextmanager
def _said() -> Iterator[None]:
    """What Custom Vision refuses, in the words of the web."""
    try:
        yield
    except VisionRefused as error:
        if error.status == 404:
            raise Unknown(error.message) from error
        raise Refused(400, "refused", error.message) from error
    except KeyRevoked as error:
        raise Refused(503, "key-revoked", str(error)) from error
    except (Altered, NoObject) as error:
        raise Refused(400, "model-gone", str(error)) from error
    except OSError as error:
        what = f"it cannot be written: {error.strerror or error}"
        raise Refused(503, "disk", what) from error

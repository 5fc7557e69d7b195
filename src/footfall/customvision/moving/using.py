"""A trained iteration becomes the model that cameras ask, and the one before comes back if it was no good.

The exported zip takes the place of the file that cameras name, in one step; what lay there is kept beside it as
`NAME.before.zip`. Cameras that run take the new one up within seconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from footfall.access.files import write_private
from footfall.core.errors import ConfigError, Problem
from footfall.customvision.moving.far import Far, FarError

POLL_S: Final = 1.0
PLATFORM: Final = "ONNX"


def fetch_export(service: Far, project_id: str, iteration_id: str, pause: Callable[[float], None]) -> bytes:
    """The ONNX zip of an iteration; made, where nobody has asked for it yet.

    Args:
        service: where it was trained.
        project_id: of its project.
        iteration_id: of the iteration, trained in a compact domain.
        pause: waits so many seconds between two questions whether it is done.

    Raises:
        FarError: the service refuses, or could not make it.
    """
    where = f"projects/{project_id}/iterations/{iteration_id}/export"
    made = _plain(service, where)
    if made is None or made["status"] == "Failed":
        service.post(where, platform=PLATFORM)
        made = _plain(service, where)
    while made is not None and made["status"] == "Exporting":
        pause(POLL_S)
        made = _plain(service, where)
    if made is None or made["status"] != "Done":
        raise FarError(service.endpoint, "the export could not be made")
    return service.archive(str(made["downloadUri"]))


def put(target: Path, archive: bytes) -> None:
    """Let cameras ask another model; the one before is kept.

    Args:
        target: the zip that cameras name.
        archive: the new zip, known to be a model that they can ask.

    Raises:
        ConfigError: the target is no zip, or cannot be written.
    """
    if target.suffix.lower() != ".zip":
        raise _wrong(target, "is no zip", "name the .zip that cameras ask, as in `attributes: coats.zip`")
    try:
        if target.exists():
            _spare(target).replace(before(target))
        write_private(target, archive, 0o600)
    except OSError as error:
        raise _wrong(target, error.strerror or str(error), "name a file in a folder that is yours") from error


def back(target: Path) -> None:
    """Exchange the model and the one before it; twice is as before.

    Raises:
        ConfigError: there is none before.
    """
    if not (before(target).exists() and target.exists()):
        raise _wrong(target, f"there is no {before(target).name} beside it", "nothing was exchanged so far")
    try:
        spare = _spare(target)
        before(target).replace(target)
        spare.replace(before(target))
    except OSError as error:
        raise _wrong(target, error.strerror or str(error), "name a file in a folder that is yours") from error


def before(target: Path) -> Path:
    """Where the model is kept that answered before."""
    return target.with_name(f"{target.stem}.before.zip")


def _spare(target: Path) -> Path:
    """A second name of it, for a moment."""
    spare = target.with_name(f".{target.stem}.spare.zip")
    spare.unlink(missing_ok=True)
    os.link(target, spare)
    return spare


def _plain(service: Far, where: str) -> dict[str, str] | None:
    exports = [one for one in service.get(where) if one["platform"] == PLATFORM and not one.get("flavor")]
    return dict(exports[0]) if exports else None


def _wrong(target: Path, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(str(target), "$", what, cure)])

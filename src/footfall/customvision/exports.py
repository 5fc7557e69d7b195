"""Models to take away, as sealed archives (spec/custom-vision.md 3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.customvision.wire import Export

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def export_iteration(
    shop: Workshop, project_id: str, iteration_id: str, platform: str, flavor: str | None = None
) -> Export:
    """Begin to make the archive; what is there already is answered again.

    Raises:
        Refused: it is not trained, its domain is none that exports, the platform is unknown, or it is being made.
    """
    raise NotImplementedError


def get_exports(shop: Workshop, project_id: str, iteration_id: str) -> list[Export]:
    """All of an iteration, the oldest first.

    Raises:
        Refused: there is no such iteration.
    """
    raise NotImplementedError


def export_archive(shop: Workshop, project_id: str, iteration_id: str, export_id: str) -> bytes:
    """The zip file, for signed links.

    Raises:
        Refused: it is not there, or the key is revoked.
    """
    raise NotImplementedError

"""Stored predictions end when their days are over (spec/custom-vision.md 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def purge(shop: Workshop) -> int:
    """Delete what has expired, from rows and disk; how many there were."""
    raise NotImplementedError

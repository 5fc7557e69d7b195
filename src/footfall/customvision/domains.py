"""Domains: kinds of models. Their ids stand in other people's programs (spec/custom-vision.md 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.customvision.wire import Domain

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def get_domains(shop: Workshop) -> list[Domain]:
    """All of them; General comes first among those of a task."""
    raise NotImplementedError


def get_domain(shop: Workshop, domain_id: str) -> Domain:
    """One of them.

    Raises:
        Refused: there is no such domain.
    """
    raise NotImplementedError

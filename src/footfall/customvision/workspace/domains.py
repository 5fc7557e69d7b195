"""Domains: kinds of models. Their ids stand in other people's programs (spec/custom-vision.md 3.1).

All domains of a task are learned in the same way; only compact ones are exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from footfall.customvision.faults import Refused
from footfall.customvision.wire.projects import Domain, ModelInformation
from footfall.customvision.wire.words import Task
from footfall.learning.bundle import FLAVORS

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop

DEFAULT: Final = "ee85a74c-405e-4adc-bb47-ffa8ca0c9f31"
"""General, classification: where a project names none."""
PLATFORMS: Final = tuple(FLAVORS)
"""What models are exported as."""
_MEGABYTES: Final = 5
"""Of an exported model with two tags, rounded up."""


def get_domains(shop: Workshop) -> list[Domain]:
    """All of them; General comes first among those of a task."""
    return list(_DOMAINS.values())


def get_domain(shop: Workshop, domain_id: str) -> Domain:
    """One of them.

    Raises:
        Refused: there is no such domain.
    """
    domain = find_domain(domain_id)
    if domain is None:
        raise Refused("NotFoundDomain", f"there is no domain {domain_id}")
    return domain


def find_domain(domain_id: str) -> Domain | None:
    """One of them, if there is such a one."""
    return _DOMAINS.get(domain_id.lower())


def _domain(task: Task, name: str, id: str, *, is_enabled: bool = True) -> Domain:
    is_compact = "(compact)" in name
    about = f"{name}: one small ONNX model from picture to answer, for two CPU cores or less"
    return Domain(
        id=id,
        name=name,
        type=task,
        exportable=is_compact,
        enabled=is_enabled,
        exportable_platforms=list(PLATFORMS) if is_compact else [],
        model_information=ModelInformation(estimated_model_size_in_megabytes=_MEGABYTES, description=about)
        if is_compact
        else None,
    )


_CLASSIFICATION = (
    ("General", DEFAULT),
    ("General [A1]", "a8e3c40f-fb4a-466f-832a-5e457ae4a344"),
    ("General [A2]", "2e37d7fb-3a54-486a-b4d6-cfc369af0018"),
    ("Food", "c151d5b5-dd07-472a-acc8-15d29dea8518"),
    ("Landmarks", "ca455789-012d-4b50-9fec-5bb63841c793"),
    ("Retail", "b30a91ae-e3c1-4f73-a81e-c270bff27c39"),
    ("General (compact)", "0732100f-1a38-4e49-a514-c9b44c697ab5"),
    ("General (compact) [S1]", "a1db07ca-a19a-4830-bae8-e004a42dc863"),
    ("Landmarks (compact)", "b5cfd229-2ac7-4b2b-8d0a-2b0661344894"),
    ("Retail (compact)", "6b4faeda-8396-481b-9f8b-177b9fa3097f"),
)
_RETIRED = ("Adult", "45badf75-3591-4f26-a705-45678d3e9f5f")
_DETECTION = (
    ("General", "da2e3a8a-40a5-4171-82f4-58522f70fbc1"),
    ("General [A1]", "9c616dff-2e7d-ea11-af59-1866da359ce6"),
    ("Logo", "1d8ffafe-ec40-4fb2-8f90-72b3b6cecea4"),
    ("Products on shelves", "3780a898-81c3-4516-81ae-3a139614e1f3"),
    ("General (compact)", "a27d5ca5-bb19-49d8-a70a-fec086c47f5b"),
    ("General (compact) [S1]", "7ec2ac80-887b-48a6-8df9-8b1357765430"),
)
_DOMAINS = {
    domain.id: domain
    for domain in (
        *(_domain(Task.CLASSIFICATION, name, id) for name, id in _CLASSIFICATION),
        _domain(Task.CLASSIFICATION, *_RETIRED, is_enabled=False),
        *(_domain(Task.DETECTION, name, id) for name, id in _DETECTION),
    )
}

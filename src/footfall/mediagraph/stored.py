"""What a module finds in its store when it starts."""

from __future__ import annotations

from collections.abc import Container
from logging import getLogger

from footfall.mediagraph.slot import KeptTopology, Slot
from footfall.mediagraph.store import Store
from footfall.mediagraph.validator import Invalid, valid_instance, valid_topology

logger = getLogger(__name__)


def stored_topologies(store: Store) -> dict[str, KeptTopology]:
    """All by name; what this version does not understand is logged, and stays where it is."""
    found = {}
    for row in store.topologies():
        try:
            topology, _ = valid_topology(row.document)
        except Invalid as error:
            logger.error("Stored graph topology %s is left out: %s", row.name, error)  # noqa: TRY400
        else:
            found[row.name] = KeptTopology(topology, row.created, row.modified)
    return found


def stored_instances(store: Store, topologies: Container[str]) -> dict[str, Slot]:
    """All by name, inactive; those without a topology, or not understood, are logged, and stay where they are."""
    found = {}
    for row in store.instances():
        try:
            instance, _ = valid_instance(row.document)
        except Invalid as error:
            logger.error("Stored graph instance %s is left out: %s", row.name, error)  # noqa: TRY400
            continue
        if instance.topology in topologies:
            found[row.name] = Slot(instance, row.created, row.modified, row.is_active)
        else:
            logger.error("Stored graph instance %s is left out: there is no %s", row.name, instance.topology)
    return found

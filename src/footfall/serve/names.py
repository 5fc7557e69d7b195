"""What the service calls its cameras."""

from __future__ import annotations

from collections.abc import Iterable

from footfall.config.plan import GraphPlan, SourceSpec


def camera_names(graphs: Iterable[GraphPlan]) -> dict[str, str]:
    """Graph id -> name of the camera: the one that its events bear; a second graph of that source bears its own id."""
    names: dict[str, str] = {}
    for graph in graphs:
        source = graph.spec(SourceSpec).source_id
        names[graph.id] = graph.id if source in names.values() else source
    return names

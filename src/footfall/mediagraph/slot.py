"""One instance in the registry: its document, its state and what runs for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeAlias

from footfall.config.media import MediaGraph
from footfall.mediagraph.documents import Instance, Topology


class State(Enum):
    """Where an instance is in its life (spec/media-graph.md section 6)."""

    INACTIVE = "Inactive"
    ACTIVATING = "Activating"
    ACTIVE = "Active"
    DEACTIVATING = "Deactivating"


class Running(Protocol):
    """A graph at work."""

    def stop(self, patience_s: float) -> bool:
        """Take in no more media, close gates and recordings, flush.

        May be called again: whoever calls waits for the same end.

        Returns:
            True: all is done. False: flushing took longer than `patience_s`, and goes on.
        """
        ...


Start: TypeAlias = Callable[[MediaGraph], Running]
"""Starts the nodes of a graph, without waiting for the camera.

Raises:
    ConfigError: the module cannot run such a graph.
    FootfallError: the nodes could not be started.
"""


@dataclass(frozen=True, slots=True)
class KeptTopology:
    """A topology and its times."""

    document: Topology
    created: str
    modified: str


@dataclass(frozen=True, slots=True)
class KeptInstance:
    """An instance at one moment."""

    document: Instance
    created: str
    modified: str
    state: State
    secrets: frozenset[str]
    """Its parameters whose values are never told."""


@dataclass(slots=True, eq=False)
class Slot:
    """The place of one instance; whoever changes it holds the registry's guard."""

    document: Instance
    created: str
    modified: str
    is_wanted: bool = False
    """It runs again after a restart."""
    state: State = State.INACTIVE
    running: Running | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Held by the one method that is at work on it."""
    idle: threading.Event = field(default_factory=threading.Event)
    """Set once a deactivation that went on in the background is over."""

"""A media module without media, for tests: graphs that start and stop as they are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from footfall.config.media import MediaGraph
from footfall.mediagraph.methods import Methods, Reply
from footfall.mediagraph.registry import Registry
from footfall.mediagraph.store import Store
from media_documents import payload


@dataclass
class Ticking:
    """A clock that goes on by a second whenever it is read."""

    seconds: int = 0

    def now(self) -> datetime:
        self.seconds += 1
        return datetime(2026, 1, 5, 10, 0, tzinfo=UTC) + timedelta(seconds=self.seconds - 1, microseconds=7000)

    def monotonic_s(self) -> float:
        return float(self.seconds)


@dataclass
class Graph:
    """A graph at work. `done` is set where its recordings are written at once."""

    graph: MediaGraph
    done: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def stop(self, patience_s: float) -> bool:
        self.asked.set()
        return self.done.wait(patience_s)


@dataclass
class Bench:
    """Starts graphs and remembers them."""

    started: list[Graph] = field(default_factory=list)
    before: Callable[[MediaGraph], None] = field(default=lambda graph: None)
    are_quick: bool = True

    def start(self, graph: MediaGraph) -> Graph:
        self.before(graph)
        self.started.append(Graph(graph))
        if self.are_quick:
            self.started[-1].done.set()
        return self.started[-1]


class Module:
    """Methods over a registry in a folder."""

    def __init__(self, folder: Path, *, patience_s: float = 5.0, is_strict: bool = False) -> None:
        self.bench = Bench()
        self.clock = Ticking()
        self.registry = Registry(Store(folder), self.bench.start, self.clock, patience_s=patience_s)
        self.registry.allows_unsecured = True
        self.methods = Methods(self.clock)
        self.methods.configure(self.registry, is_strict=is_strict)

    def call(self, name: str, request: Any) -> Reply:
        """One method, with a document, or with the bytes of one."""
        return self.methods.dispatch(name, request if isinstance(request, bytes) else payload(request))

    def close(self) -> None:
        self.registry.close(1.0)

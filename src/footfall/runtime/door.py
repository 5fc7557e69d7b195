"""Graphs whose frames come in over gRPC."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from footfall.config.environment import Settings
from footfall.config.load import load_plan
from footfall.config.plan import ExtensionSpec, GraphPlan
from footfall.core.options import InferenceForm
from footfall.core.ports import Clock
from footfall.core.types import Message
from footfall.engine.door import DoorRunner, Visit
from footfall.engine.graph import Graph
from footfall.extension.contract import ProtoMessage
from footfall.extension.identity import ServerIdentity
from footfall.extension.render import Style, published
from footfall.extension.server import ExtensionServer
from footfall.extension.wire import StreamDescriptor


def open_door(
    plan: GraphPlan,
    spec: ExtensionSpec,
    visitors_graph: Callable[[GraphPlan, StreamDescriptor], Graph],
    deliver: Callable[[Sequence[Message]], None],
    clock: Clock,
) -> DoorRunner:
    """A graph that serves visitors; what goes out is told to the plan's sinks as a hub would hear it."""
    style = Style.FIRST if spec.form is InferenceForm.LVA else Style.SECOND

    def publish(stream: StreamDescriptor, sample: ProtoMessage) -> None:
        deliver([published(stream, sample, style)])

    def serve(runner: DoorRunner) -> ExtensionServer:
        def admit(stream: StreamDescriptor) -> Visit:
            return runner.admit(visitors_graph(plan, stream))

        return ExtensionServer(spec.address, admit, publish, ServerIdentity.from_environment(os.environ))

    return DoorRunner(plan, serve, clock)


def configured(plan: GraphPlan, configuration: str, settings: Settings) -> GraphPlan:
    """The graph a stream asks for by its `extension_configuration` (spec/operations.md 12.3), or the plan's own.

    Raises:
        ConfigError: it asks for a graph that cannot run.
    """
    if not configuration.strip():
        return plan
    own = load_plan(configuration, file="extension_configuration", settings=settings)
    return replace(own.graphs[0], id=plan.id, extension=own.graphs[0].extension or plan.extension)

"""Plans, and what runs of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from engine.scripted import Clock, Endless, Report, Scripted, graph_plan
from footfall.config.plan import GraphPlan, OnEnd, Plan
from footfall.core.types import Frame
from footfall.engine.camera import CameraRunner, Parts
from footfall.engine.graph import Graph
from footfall.engine.supervisor import Supervisor


def test_a_plan_is_applied_by_difference() -> None:
    built: list[str] = []

    def build(plan: GraphPlan) -> CameraRunner:
        built.append(plan.id)
        parts = Parts(plan, lambda: Scripted(0), Graph({"report": Report()}, {}))
        return CameraRunner(parts, lambda _: None, Clock(), lambda: 0.0, gives_up=False)

    supervisor = Supervisor(build)
    one, two, other = graph_plan(OnEnd.STOP, "one"), graph_plan(OnEnd.STOP, "two"), graph_plan(OnEnd.LOOP, "two")
    supervisor.apply(Plan((one, two)))
    first = supervisor.runners[0]
    supervisor.apply(Plan((one, other)))
    assert built == ["one", "two", "two"]
    assert supervisor.runners[0] is first
    supervisor.apply(Plan((one,)))
    assert [runner.plan.id for runner in supervisor.runners] == ["one"]
    supervisor.stop()
    assert supervisor.is_done(60.0)


def test_a_camera_that_will_not_end_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.engine.supervisor.STOP_WITHIN_S", 0.3)
    free = threading.Event()

    class Deaf(Endless):
        def frames(self) -> Iterator[Frame]:
            free.wait()
            yield from ()

    made = iter([Deaf, Endless])

    def build(plan: GraphPlan) -> CameraRunner:
        source = next(made)
        return CameraRunner(
            Parts(plan, source, Graph({"report": Report()}, {})), lambda _: None, Clock(), lambda: 0.0, gives_up=False
        )

    supervisor = Supervisor(build)
    supervisor.apply(Plan((graph_plan(OnEnd.RECONNECT, "deaf"), graph_plan(OnEnd.RECONNECT, "well"))))
    assert not supervisor.stop()
    assert supervisor.runners[1].join(60)
    free.set()
    assert supervisor.is_done(60.0)

"""A camera's life as a script: what the source does, and what the engine makes of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from footfall.config.plan import GraphPlan, OnEnd, Pace, Plan, SourceSpec, pipeline
from footfall.core.errors import ConfigError, DetectorError, Problem, SourceUnavailable
from footfall.core.ports import Source
from footfall.core.types import Frame, Message
from footfall.engine.graph import Graph
from footfall.engine.supervisor import CameraRunner, Parts, State, Supervisor
from footfall.engine.worker import StopSignal

DAY = datetime(2024, 1, 1, tzinfo=UTC)


class Clock:
    """Runs ten seconds further at every look."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return DAY + timedelta(seconds=self.seconds)

    def monotonic_s(self) -> float:
        self.seconds += 10.0
        return self.seconds


class Scripted:
    """Plays one life: so many frames, then the error, or the end."""

    def __init__(self, frames: int, error: Exception | None = None) -> None:
        self._frames = frames
        self._error = error
        self.closed = threading.Event()

    def frames(self) -> Iterator[Frame]:
        for index in range(self._frames):
            yield Frame("cam", index, index / 10, DAY, np.zeros((2, 4, 3), np.uint8), (4, 2))
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed.set()


class Report:
    """One message a frame that tells its time and number; one more at the end."""

    def feed(self, item: object) -> Iterable[object]:
        assert isinstance(item, Frame)
        yield Message("cam", f"{item.index}@{item.t_s:g}".encode(), str(item.index), item.utc)

    def flush(self) -> Iterable[object]:
        yield Message("cam", b"flush", "flush", DAY)


class Broken(Report):
    def feed(self, item: object) -> Iterable[object]:
        raise DetectorError("model.onnx: broken")


def graph_plan(on_end: OnEnd, name: str = "g") -> GraphPlan:
    source = SourceSpec("cam", "rtsp://nobody", on_end=on_end, pace=Pace.FAST)
    return GraphPlan(name, "", pipeline([source]))


def play(
    lives: list[Scripted], on_end: OnEnd, *, node: Report | None = None, gives_up: bool = False
) -> tuple[CameraRunner, list[str]]:
    script = iter(lives)
    told: list[str] = []
    done = threading.Event()

    def open_source() -> Scripted:
        life = next(script, None)
        if life is None:
            done.set()
            raise SourceUnavailable("refused", "the script is over")
        return life

    def deliver(messages: list[Message]) -> None:
        told.extend(message.body.decode() for message in messages)

    parts = Parts(graph_plan(on_end), open_source, Graph({"report": node or Report()}, {}))
    runner = CameraRunner(parts, deliver, Clock(), lambda: 0.0, gives_up=gives_up)
    runner.start()
    if on_end is OnEnd.RECONNECT and not gives_up:
        assert done.wait(60)
        runner.stop()
    assert runner.join(60)
    return runner, told


def test_a_file_runs_once_and_is_flushed() -> None:
    runner, told = play([Scripted(3)], OnEnd.STOP)
    assert told == ["0@0", "1@0.1", "2@0.2", "flush"]
    assert runner.state is State.STOPPED
    assert runner.metrics.counts["frames_analysed"] == 3


def test_a_camera_comes_back_and_time_and_numbers_go_on(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "footfall")
    lost = SourceUnavailable("timeout", "no frame for 3 s")
    runner, told = play([Scripted(2, lost), Scripted(0, lost), Scripted(2, lost)], OnEnd.RECONNECT)
    frames = [text for text in told if text != "flush"]
    assert [text.split("@")[0] for text in frames] == ["0", "1", "2", "3"]
    times = [float(text.split("@")[1]) for text in frames]
    assert times == sorted(times)
    assert times[2] >= 10.0
    states = [record.message.split()[2] for record in caplog.records if record.message.startswith("cam is")]
    assert states == ["running", "reconnecting", "running", "reconnecting", "stopped"]
    assert runner.metrics.counts["source_errors"] >= 3


def test_a_dead_file_fails_and_says_why() -> None:
    runner, told = play([Scripted(0, SourceUnavailable("not-found", "no.mp4"))], OnEnd.STOP)
    assert (runner.state, str(runner.failure)) == (State.FAILED, "not-found: no.mp4")
    assert told == ["flush"]


def test_on_the_command_line_a_camera_that_never_answers_ends_the_run() -> None:
    runner, _ = play([Scripted(0, SourceUnavailable("unauthorized", "cam"))], OnEnd.RECONNECT, gives_up=True)
    assert isinstance(runner.failure, SourceUnavailable)


def test_a_broken_detector_stops_the_camera_and_closes_its_source() -> None:
    life = Scripted(5)
    runner, _ = play([life], OnEnd.STOP, node=Broken())
    assert isinstance(runner.failure, DetectorError)
    assert runner.state is State.FAILED
    assert life.closed.wait(60)


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


def test_config_errors_list_every_problem() -> None:
    error = ConfigError([Problem("a.json", "$.x", "is wrong", "mend it"), Problem("a.json", "$.y", "too", "mend")])
    assert str(error) == "a.json: $.x: is wrong; mend it\na.json: $.y: too; mend"


class Tripping(Report):
    def feed(self, item: object) -> Iterable[object]:
        raise RuntimeError("tripped")


@pytest.mark.parametrize(
    ("life", "node"),
    [
        pytest.param(Scripted(5), Tripping(), id="in the analyst"),
        pytest.param(Scripted(1, RuntimeError("tripped")), Report(), id="in the reader"),
    ],
)
def test_a_mistake_in_the_program_ends_the_camera_as_failed(
    life: Scripted, node: Report, caplog: pytest.LogCaptureFixture
) -> None:
    runner, _ = play([life], OnEnd.STOP, node=node)
    assert isinstance(runner.failure, RuntimeError)
    assert runner.state is State.FAILED
    assert life.closed.wait(60)
    assert len([record for record in caplog.records if record.exc_info]) == 1, "the traceback is told once"


class Steady(Clock):
    """Stands still: the camera's own time stamps run ahead of it."""

    def monotonic_s(self) -> float:
        return self.seconds


def runner_of(open_source: Callable[[], Source], told: list[str], *, stop: StopSignal | None = None) -> CameraRunner:
    def deliver(messages: list[Message]) -> None:
        told.extend(message.body.decode() for message in messages)

    parts = Parts(graph_plan(OnEnd.RECONNECT), open_source, Graph({"report": Report()}, {}), stop or StopSignal())
    return CameraRunner(parts, deliver, Steady(), lambda: 0.0, gives_up=False)


def test_time_never_goes_back_when_a_camera_whose_clock_runs_fast_comes_back() -> None:
    lost = SourceUnavailable("timeout", "silent")
    lives = [Scripted(5, lost), Scripted(3, lost)]
    told: list[str] = []
    over = threading.Event()

    def open_source() -> Scripted:
        if not lives:
            over.set()
            raise lost
        return lives.pop(0)

    runner = runner_of(open_source, told).start()
    assert over.wait(60)
    runner.stop()
    assert runner.join(60)
    times = [float(text.split("@")[1]) for text in told if text != "flush"]
    assert times == sorted(times)
    assert len(times) == 8
    assert runner.metrics.counts["reconnects"] == 1


class Endless:
    """A camera that sends on and on, until it is closed."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    def frames(self) -> Iterator[Frame]:
        index = 0
        while not self.closed.is_set():
            yield Frame("cam", index, index / 10, DAY, np.zeros((2, 4, 3), np.uint8), (4, 2))
            index += 1

    def close(self) -> None:
        self.closed.set()


def test_stop_ends_a_reader_that_waits_for_room() -> None:
    told: list[str] = []
    runner = runner_of(Endless, told).start()
    while len(told) < 3:
        threading.Event().wait(0.01)
    runner.stop()
    assert runner.join(60)
    assert told[-1] == "flush", "what is open is closed and delivered"
    assert runner.state is State.STOPPED


def test_stop_before_the_first_frame_ends_at_once() -> None:
    class Silent(Endless):
        def frames(self) -> Iterator[Frame]:
            self.closed.wait()
            yield from ()

    runner = runner_of(Silent, []).start()
    runner.stop()
    assert runner.join(60)
    assert runner.state is State.STOPPED


def test_stop_while_the_source_is_being_opened_plays_nothing() -> None:
    opening, go_on, told = threading.Event(), threading.Event(), list[str]()
    life = Scripted(3)

    def open_source() -> Scripted:
        opening.set()
        assert go_on.wait(60)
        return life

    runner = runner_of(open_source, told).start()
    assert opening.wait(60)
    runner.stop()
    go_on.set()
    assert runner.join(60)
    assert told == ["flush"]
    assert life.closed.is_set()


def test_stop_ends_a_back_off_and_what_a_source_sleeps_on() -> None:
    stop, asleep = StopSignal(), threading.Event()

    class Sleepy(Endless):
        def frames(self) -> Iterator[Frame]:
            asleep.set()
            stop.wait(3600.0)
            yield from ()

    runner = runner_of(Sleepy, [], stop=stop).start()
    assert asleep.wait(60)
    runner.stop()
    assert runner.join(60)


def test_a_runner_that_was_never_started_can_be_stopped() -> None:
    runner = runner_of(Endless, [])
    runner.stop()
    assert runner.join(0.0)


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

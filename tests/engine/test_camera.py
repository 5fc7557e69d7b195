"""A camera's life as a script, and what the engine makes of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator

import pytest

from engine.scripted import Clock, Endless, Report, Scripted, graph_plan
from footfall.config.plan import OnEnd
from footfall.core.errors import DetectorError, SourceUnavailable
from footfall.core.ports import Source
from footfall.core.types import Frame, Message
from footfall.engine.camera import CameraRunner, Parts
from footfall.engine.graph import Graph
from footfall.engine.runner import State
from footfall.engine.worker import StopSignal


class Broken(Report):
    def feed(self, item: object) -> Iterable[object]:
        raise DetectorError("model.onnx: broken")


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

"""Work aside: nobody waits, nobody asks twice at once, and what fails answers nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest

from footfall.core.errors import DetectorError
from footfall.engine.errand import Aside, AtOnce, Line

PATIENCE_S = 60.0


class Gate:
    """Work that is done when the gate opens."""

    def __init__(self) -> None:
        self.is_open = threading.Event()
        self.done: list[str] = []

    def __call__(self, question: str) -> str:
        assert self.is_open.wait(PATIENCE_S)
        if question == "bad":
            raise DetectorError("it broke")
        self.done.append(question)
        return question.upper()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def aside(gate: Gate) -> Iterator[Aside[str, str]]:
    aside = Aside("aside", gate)
    yield aside
    gate.is_open.set()
    aside.close()


def eventually(collect: Callable[[], str | None]) -> str:
    wait = threading.Event()
    for _ in range(6000):
        found = collect()
        if found is not None:
            return found
        wait.wait(0.01)
    raise AssertionError("no answer came")


def test_at_once_answers_at_once_and_once() -> None:
    errand: AtOnce[str, str] = AtOnce(str.upper)
    assert errand.collect() is None
    assert errand.offer("a")
    assert errand.collect() == "A"
    assert errand.collect() is None


def test_at_once_lets_failures_through() -> None:
    def fails(_: str) -> str:
        raise DetectorError("it broke")

    with pytest.raises(DetectorError):
        AtOnce(fails).offer("a")


def test_nobody_waits_for_an_answer(aside: Aside[str, str], gate: Gate) -> None:
    line = aside.line()
    assert line.offer("a")
    assert line.collect() is None
    assert not line.offer("b")
    gate.is_open.set()
    assert eventually(line.collect) == "A"
    assert line.offer("c")
    assert eventually(line.collect) == "C"
    assert gate.done == ["a", "c"]


def test_every_camera_has_one_question_at_a_time(aside: Aside[str, str], gate: Gate) -> None:
    lines: list[Line[str, str]] = [aside.line() for _ in range(3)]
    assert all(line.offer(name) for line, name in zip(lines, "abc", strict=True))
    gate.is_open.set()
    assert [eventually(line.collect) for line in lines] == ["A", "B", "C"]


def offered(line: Line[str, str], question: str) -> None:
    """Ask as soon as one may."""
    wait = threading.Event()
    for _ in range(6000):
        if line.offer(question):
            return
        line.collect()
        wait.wait(0.01)
    raise AssertionError("never taken")


def test_what_fails_is_told_once_and_may_be_asked_again(
    aside: Aside[str, str], gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="footfall")
    gate.is_open.set()
    line = aside.line()
    for question in ("bad", "bad", "good"):
        offered(line, question)
    assert eventually(line.collect) == "GOOD"
    assert [record.getMessage() for record in caplog.records] == ["aside: it broke", "aside: works again"]


def test_after_the_end_nothing_is_answered(gate: Gate) -> None:
    gate.is_open.set()
    aside = Aside("aside", gate)
    line = aside.line()
    aside.close()
    line.offer("a")
    assert line.collect() is None
    assert gate.done == []

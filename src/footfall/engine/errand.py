"""Work that a camera does not wait for: one question each at a time, done aside by one thread for all of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from footfall.core.errors import FootfallError
from footfall.engine.worker import Mailbox, Policy, Worker

log = logging.getLogger(__name__)

Q = TypeVar("Q")
A = TypeVar("A")
Q_contra = TypeVar("Q_contra", contravariant=True)
A_co = TypeVar("A_co", covariant=True)

_MOST_WAITING = 1024
"""Cameras; each has one question at a time."""


class Errand(Protocol[Q_contra, A_co]):
    """Whom a camera asks."""

    def offer(self, question: Q_contra) -> bool:
        """Ask; whether it was taken: nobody is asked twice at once."""
        ...

    def collect(self) -> A_co | None:
        """The answer, once, when it is there."""
        ...


class AtOnce(Generic[Q, A]):
    """Does the work while one waits: for files, where nobody is in a hurry and every run is to give the same.

    Args:
        work: question -> answer; None where it failed.
    """

    def __init__(self, work: Callable[[Q], A]) -> None:
        self._work = work
        self._answer: A | None = None

    def offer(self, question: Q) -> bool:
        """Answer."""
        self._answer = self._work(question)
        return True

    def collect(self) -> A | None:
        """The answer to the last question, once."""
        answer, self._answer = self._answer, None
        return answer


class Line(Generic[Q, A]):
    """One camera's line to whoever does the work aside. Used by the camera's thread alone."""

    def __init__(self, ask: Callable[[Line[Q, A], Q], None]) -> None:
        self._ask = ask
        self._is_waiting = False
        self._answers: list[A | None] = []

    def offer(self, question: Q) -> bool:
        """Ask, unless an answer is still to come."""
        if self._is_waiting:
            return False
        self._is_waiting = True
        self._ask(self, question)
        return True

    def collect(self) -> A | None:
        """The answer, once, when it is there; None as well where the work failed: one may ask again."""
        if not self._answers:
            return None
        self._is_waiting = False
        return self._answers.pop()

    def answer(self, answer: A | None) -> None:
        """Worker's thread: here it is."""
        self._answers.append(answer)


class Aside(Generic[Q, A]):
    """One thread that does the work of any number of cameras, in the order in which they ask.

    Args:
        name: of the thread.
        work: question -> answer. What it raises is logged when it begins and when it is over, and answers nothing.
    """

    def __init__(self, name: str, work: Callable[[Q], A]) -> None:
        self._name = name
        self._work = work
        self._box: Mailbox[tuple[Line[Q, A], Q]] = Mailbox(_MOST_WAITING, Policy.DROP_OLDEST)
        self._is_failing = False
        self._worker = Worker(name, self._run).start()

    def line(self) -> Line[Q, A]:
        """For one camera."""
        return Line(lambda line, question: self._box.put((line, question)))

    def close(self) -> None:
        """End the thread; what was asked gets no answer any more."""
        self._box.close()
        self._worker.join(5.0)

    def _run(self) -> None:
        for line, question in self._box:
            line.answer(self._done(question))

    def _done(self, question: Q) -> A | None:
        try:
            answer = self._work(question)
        except FootfallError as error:
            if not self._is_failing:
                log.warning("%s: %s", self._name, error)
            self._is_failing = True
            return None
        if self._is_failing:
            log.info("%s: works again", self._name)
        self._is_failing = False
        return answer

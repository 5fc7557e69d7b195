"""Tries mutants against the tests, inside of one pytest session: tests are collected once, each mutant gets a fork."""

from __future__ import annotations

import ast
import gc
import importlib
import os
import resource
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from benchmarks.mutation import surgery
from benchmarks.mutation.operators import Mutant, mutants, parse
from benchmarks.mutation.reach import PACKAGE, Reach, places, reach_of

GRACE_S = 3.0
SLOWDOWN = 4.0
"""A mutant that takes this many times the tests' usual time, and the grace, hangs: killed."""
MEMORY_BYTES = 6 << 30
EXAMPLES = 30
KILLED, SURVIVED, UNTESTED, UNTRIED = "killed", "survived", "untested", "untried"


@dataclass(frozen=True, slots=True)
class Order:
    """What to try, and how."""

    files: Sequence[str]
    """What to mutate, below the package."""
    packages: Sequence[str]
    """Folders of the package whose lines are watched."""
    is_wanted: Callable[[Mutant], bool]
    cache: Path
    """Where it is kept what each test reaches."""
    slowest_s: float
    """Tests that take more CPU time than this are left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    outcome: str


class Trial:
    """A pytest plugin in place of the test loop; `tell` is called with each verdict, `close` after each file."""

    def __init__(self, order: Order, tell: Callable[[Verdict], None], close: Callable[[str], None]) -> None:
        self._order, self._tell, self._close = order, tell, close
        self._failed = False
        self._pipe: int | None = None
        """Where a fork says which test failed."""
        self._kills: Counter[tuple[str, str]] = Counter()
        self._items: dict[str, pytest.Item] = {}
        self._reach: dict[str, Reach] = {}
        self._tests_at: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        """Tests by the lines that they run."""

    def pytest_configure(self) -> None:
        """Few examples, the same ones each time, and no search for the simplest: a fault is a fault."""
        settings.register_profile(
            "mutation",
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Take note of a failure; a fork has nothing more to do then, not even to report it nicely."""
        if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
            self._failed = True
            if self._pipe is not None:
                os.write(self._pipe, item.nodeid.encode())
                os._exit(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure what the tests reach, then try every mutant."""
        order = self._order
        self._items = {item.nodeid: item for item in session.items if not _times_itself(item)}
        reach = reach_of(self._items, order.packages, order.cache, self._passes)
        self._reach = {name: r for name, r in reach.items() if 0.0 <= r.cpu_s <= order.slowest_s}
        for name in reach.keys() - self._reach.keys():
            print(f"left out, {'fails by itself' if reach[name].cpu_s < 0.0 else 'too slow'}: {name}", flush=True)
        for name, reached in self._reach.items():
            for place in ((file, line) for file, lines in reached.lines.items() for line in lines):
                self._tests_at[place].add(name)
        gc.collect()
        gc.freeze()
        for file in order.files:
            tree = parse(PACKAGE / file)
            for mutant in filter(order.is_wanted, mutants(tree, file)):
                self._tell(Verdict(mutant, self._outcome(mutant, tree)))
            self._close(file)
        return True

    def _passes(self, item: pytest.Item) -> bool:
        self._failed = False
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        return not self._failed

    def _tests(self, mutant: Mutant, tree: ast.Module) -> list[str]:
        """Tests that run the mutated lines, or all; of a constant the module's own too; the quick and proven first."""
        wanted = places(mutant, tree, self._order.packages)
        near = {
            name for file, lines in wanted.items() for line in lines for name in self._tests_at.get((file, line), ())
        }
        if not mutant.in_function:
            own = f"test_{Path(mutant.file).name}::"
            near |= {name for name in self._reach if own in name}
        near = near or set(self._reach)
        return sorted(near, key=lambda name: self._reach[name].cpu_s / (1 + 9 * self._kills[mutant.unit, name]))

    def _outcome(self, mutant: Mutant, tree: ast.Module) -> str:
        tests = self._tests(mutant, tree)
        if not tests:
            return UNTESTED
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._pipe = writing
            self._die_trying(mutant, tree, tests)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
        if told == UNTRIED:
            return UNTRIED
        if status == 0:
            return SURVIVED
        self._kills[mutant.unit, told] += 1
        return KILLED

    def _die_trying(self, mutant: Mutant, tree: ast.Module, tests: list[str]) -> None:
        """In the fork, which ends as soon as a test fails."""
        limit_s = int(SLOWDOWN * sum(self._reach[name].cpu_s for name in tests) + GRACE_S)
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        module = importlib.import_module("footfall." + mutant.file.removesuffix(".py").replace("/", "."))
        try:
            gc.unfreeze()
            surgery.put_in(mutant, tree, module)
            for name in tests:
                self._passes(self._items[name])
            os._exit(0)
        except LookupError:
            os.write(self._pipe or 2, UNTRIED.encode())
        finally:
            os._exit(1)


def _times_itself(item: pytest.Item) -> bool:
    """A test that looks at the clock fails on a busy machine, whatever the code."""
    function = getattr(item, "function", None)
    return function is not None and "perf_counter" in function.__code__.co_names

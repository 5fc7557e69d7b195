"""Modules as real processes: started in order, restarted as their policy says, stopped with the agent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from footfall.deploy.agent import Agent
from footfall.deploy.desired import Assignment
from footfall.deploy.launch import Launch, Part
from footfall.deploy.process import ModuleProcess

IMAGE = "me/vision/spatial-analysis:1.0"


class Clock:
    """Time as the story needs it."""

    def __init__(self) -> None:
        self.s = 1000.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.s, UTC)

    def monotonic_s(self) -> float:
        return self.s


class Stage:
    """An agent whose modules are small programs of this Python."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.started: list[str] = []
        self.processes: list[ModuleProcess] = []
        self._folder = folder
        self.agent = Agent(self.start, self.clock)

    def start(self, spec: Assignment, _part: Part, _everybody: Sequence[Assignment]) -> ModuleProcess:
        program = dict(spec.environment)["PROGRAM"]
        self.started.append(spec.name)
        if program == "missing":
            raise FileNotFoundError("no such program")
        launch = Launch((sys.executable, "-c", program), {})
        self.processes.append(ModuleProcess(launch, self._folder / f"{spec.name}.log", os.environ))
        return self.processes[-1]

    def until(self, done: Callable[[], bool]) -> None:
        for _ in range(3000):
            self.agent.step()
            if done():
                return
            time.sleep(0.02)
        raise AssertionError(self.agent.report())

    def of(self, name: str) -> dict[str, Any]:
        module = self.agent.report()["modules"][name]
        assert isinstance(module, dict)
        return module


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.agent.stop()


def deployment(version: int = 1, **modules: dict[str, Any]) -> dict[str, Any]:
    return {
        "schemaVersion": "1.1",
        "$version": version,
        "modules": {
            name: {"settings": {"image": IMAGE}, **module, "env": {"PROGRAM": {"value": module.get("env", SLEEP)}}}
            for name, module in modules.items()
        },
    }


SLEEP = "import time; time.sleep(60)"
FAIL = "import sys; print('oh no'); sys.exit(3)"
READY = "import time; print('up', flush=True); time.sleep(60)"
CHATTY = """
import os, time
print("x" * 9_999_999, flush=True)
os.write(1, b"one more\\n")
while os.fstat(1).st_size:
    time.sleep(0.02)
print("on", flush=True)
time.sleep(60)
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def test_modules_run_and_say_so(stage: Stage) -> None:
    stage.agent.apply(deployment(7, b={"startupOrder": 2}, a={"startupOrder": 1}))
    assert stage.started == ["a", "b"]
    report = stage.agent.report()
    assert report["lastDesiredVersion"] == 7
    assert report["lastDesiredStatus"] == {"code": 200, "description": ""}
    assert stage.of("a")["status"] == stage.of("a")["runtimeStatus"] == "running"


def test_one_that_was_killed_comes_back(stage: Stage) -> None:
    stage.agent.apply(deployment(a={}))
    os.kill(stage.processes[0].pid, signal.SIGKILL)
    stage.until(lambda: stage.of("a")["runtimeStatus"] == "backoff")
    assert stage.of("a")["exitCode"] == 128 + signal.SIGKILL
    stage.clock.s += 1.0
    stage.until(lambda: stage.of("a")["runtimeStatus"] == "running")
    assert stage.of("a")["restartCount"] == 1


@pytest.mark.parametrize(
    ("policy", "program", "state"),
    [
        ("never", FAIL, "failed"),
        ("never", "pass", "stopped"),
        ("on-failure", "pass", "stopped"),
        ("on-failure", FAIL, "backoff"),
        ("always", "pass", "backoff"),
    ],
)
def test_who_is_started_again(stage: Stage, policy: str, program: str, state: str) -> None:
    stage.agent.apply(deployment(a={"restartPolicy": policy, "env": program}))
    stage.until(lambda: stage.of("a")["runtimeStatus"] == state)


def test_pauses_grow_for_one_that_does_not_stay_up(stage: Stage) -> None:
    stage.agent.apply(deployment(a={"env": "missing"}))
    starts = []
    for _ in range(3000):
        before = len(stage.started)
        stage.clock.s += 0.1
        stage.agent.step()
        starts += [stage.clock.s] * (len(stage.started) - before)
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 8.0
    assert "no such program" in stage.of("a")["statusDescription"]


def test_a_new_deployment_leaves_the_unchanged_alone(stage: Stage) -> None:
    stage.agent.apply(deployment(a={}, b={}))
    kept, gone = stage.processes
    stage.agent.apply(deployment(2, a={}, b={"status": "stopped"}, c={}))
    assert kept.exit_code() is None
    assert gone.exit_code() is not None
    assert stage.started == ["a", "b", "c"]
    assert stage.of("b")["runtimeStatus"] == "stopped"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"schemaVersion": "2.0", "modules": {}}, 412),
        ({"schemaVersion": "1.0", "modules": {"a": {}}}, 400),
        ({"modules": []}, 400),
    ],
)
def test_a_wrong_deployment_changes_nothing(stage: Stage, document: dict[str, Any], code: int) -> None:
    stage.agent.apply(deployment(a={}))
    stage.agent.apply({"$version": 2, **document})
    assert stage.agent.report()["lastDesiredStatus"]["code"] == code
    assert stage.of("a")["runtimeStatus"] == "running"


def test_an_image_that_means_nothing_here_is_left_out(stage: Stage) -> None:
    stage.agent.apply(deployment(a={"settings": {"image": "telegraf:1.0"}}))
    assert stage.started == []
    assert "telegraf:1.0" in stage.of("a")["statusDescription"]


def test_the_system_runs_whatever_is_deployed(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    hub = Assignment("edgeHub", IMAGE, environment=(("PROGRAM", SLEEP),))
    stage.agent = Agent(stage.start, stage.clock, [hub])
    stage.agent.step()
    stage.agent.apply(deployment(a={}))
    stage.agent.apply({"modules": {}})
    assert stage.started == ["edgeHub", "a"]
    assert stage.agent.report()["systemModules"]["edgeHub"]["runtimeStatus"] == "running"
    assert stage.agent.report()["modules"] == {}
    stage.processes[0].stop(60.0)
    stage.until(lambda: bool(stage.agent.has_failed("edgeHub")))
    stage.agent.stop()


def test_one_that_will_not_end_is_ended(tmp_path: Path) -> None:
    process = ModuleProcess(Launch((sys.executable, "-c", STUBBORN), {}), tmp_path / "a.log", os.environ)
    while "up" not in (tmp_path / "a.log").read_text():
        time.sleep(0.02)
    process.stop(0.2)
    assert process.exit_code() == 128 + signal.SIGKILL


def test_what_a_module_says_is_in_its_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "a.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * 10_000_001)
    folders = (tmp_path / "volume",)
    process = ModuleProcess(Launch((sys.executable, "-c", FAIL), {}, folders), log, os.environ)
    process.stop(60.0)
    assert process.exit_code() in {3, 128 + signal.SIGTERM}
    assert log.with_name("a.log.1").stat().st_size == 10_000_001
    assert folders[0].is_dir()


def test_a_log_does_not_grow_for_ever(stage: Stage, tmp_path: Path) -> None:
    stage.agent.apply(deployment(a={"env": CHATTY}))
    log = tmp_path / "a.log"
    stage.until(lambda: log.with_name("a.log.1").exists() and log.read_text() == "on\n")
    assert log.with_name("a.log.1").stat().st_size == 10_000_009


AGENT = f"""
import os, sys, time
from pathlib import Path
from footfall.deploy.launch import Launch
from footfall.deploy.process import ModuleProcess
log = Path(sys.argv[1])
process = ModuleProcess(Launch((sys.executable, "-c", {READY!r}), {{}}), log, os.environ)
while "up" not in log.read_text():
    time.sleep(0.02)
print(process.pid, flush=True)
time.sleep(60)
"""


def test_modules_die_with_an_agent_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", AGENT, str(tmp_path / "a.log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as agent:
        assert agent.stdout is not None
        module = Path(f"/proc/{agent.stdout.readline().strip()}/stat")
        agent.kill()
    for _ in range(3000):
        if has_ended(module):
            return
        time.sleep(0.02)
    raise AssertionError("the module outlived its agent")


def has_ended(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True

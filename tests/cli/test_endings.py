"""However a run ends, it ends soon, in good order and with the right exit code: real processes, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.scene import SceneSpec, write_scene

ZONE = "--zone=all=0,0;1,0;1,1;0,1"
FOOTFALL = [sys.executable, "-m", "footfall"]
SOURCES = str(Path(__file__).resolve().parents[2] / "src")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene")
    write_scene(SceneSpec(duration_s=6.0, size_px=(320, 180), story="door", people=4), folder)
    return folder / "clip.mp4"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": SOURCES, "FOOTFALL_DATA": str(tmp_path / "data")}


def shell(line: str, environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which "$@" stands for a command; its exit code is that of the first in the pipe."""
    script = f"{line}; exit ${{PIPESTATUS[0]}}"
    command = ["bash", "-c", script, "bash", *FOOTFALL, *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)


PIPES = [
    pytest.param('"$@" | head -1', 1, id="the reader takes one line and leaves"),
    pytest.param('"$@" 2>&1 | head -1', 1, id="events and log to the same reader"),
    pytest.param('"$@" | true', 0, id="a reader that reads nothing"),
    pytest.param('"$@" >&-', 0, id="no standard output at all"),
]


@pytest.mark.parametrize(("line", "lines"), PIPES)
def test_a_reader_that_leaves_ends_a_run_quietly(line: str, lines: int, clip: Path, environ: dict[str, str]) -> None:
    done = shell(line, environ, "run", str(clip), ZONE)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == lines
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("arguments", [["models", "list"], ["replay", "{tracks}", ZONE], ["--help"]])
def test_a_reader_that_leaves_ends_other_commands_too(
    arguments: list[str], clip: Path, environ: dict[str, str]
) -> None:
    filled = [argument.format(tracks=clip.with_name("tracks.jsonl")) for argument in arguments]
    done = shell('"$@" | head -1', environ, *filled)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def camera(clip: Path) -> Iterator[RtspCamera]:
    with RtspCamera(clip, login=Login("viewer", "hush hush")) as running:
        yield running


def started(url: str, events: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    """A run against a camera, as soon as it has written its first event."""
    command = [*FOOTFALL, "run", url, ZONE, f"--sink=jsonl:{events}"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)
    deadline_s = time.monotonic() + 60
    while not (events.exists() and events.stat().st_size):
        assert time.monotonic() < deadline_s, "no event came"
        time.sleep(0.05)
    return process


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGTERM, signal.SIGINT]])
def test_a_signal_ends_a_camera_in_good_order(
    signals: list[signal.Signals], camera: RtspCamera, tmp_path: Path, environ: dict[str, str]
) -> None:
    events = tmp_path / "e.jsonl"
    process = started(camera.login_url, events, environ)
    for number in (signal.SIGSTOP, *signals, signal.SIGCONT):  # all come at the same moment
        process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "mean dwell" in err
    assert "hush" not in err
    assert "Traceback" not in err
    assert all(json.loads(line) for line in events.read_text().splitlines())


def test_a_second_interrupt_later_leaves_at_once(camera: RtspCamera, environ: dict[str, str]) -> None:
    command = [*FOOTFALL, "run", camera.login_url, ZONE, "--no-progress"]
    reading, writing = os.pipe()
    while True:
        os.set_blocking(writing, False)
        try:
            os.write(writing, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writing, True)
    process = subprocess.Popen(command, env=environ, stdout=writing, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    heard = iter(process.stderr)
    assert any("is running" in line for line in heard)
    process.send_signal(signal.SIGINT)
    assert any("interrupt again to leave at once" in line for line in heard)
    time.sleep(2.0)
    assert process.poll() is None, "it waits for a reader that takes nothing"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    os.close(reading)
    os.close(writing)
    assert process.returncode == 0

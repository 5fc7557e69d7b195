"""The VideoRecorder at a simulated camera: from a manifest to clips that play."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import av
import pytest

from footfall.cli.main import main
from footfall.recording.folder import ClipFolder
from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.rtsp_faults import Fault
from servers.rtsp import camera_clip, rtsp_ready

__all__ = ["camera_clip", "rtsp_ready"]


@pytest.fixture(scope="module")
def camera(camera_clip: Path, rtsp_ready: None) -> Iterator[RtspCamera]:
    with RtspCamera(camera_clip, login=Login("viewer", "sesame")) as running:
        yield running


def manifest(folder: Path, url: str, *, enabled: bool = True) -> Path:
    """Clips of two seconds that overlap by one."""
    parameters = {
        "DEVICES_PATH_PARAM": json.dumps({"devices": {"door": {"url": url, "format": "rtsp"}}}),
        "CONNECTION_STRING_PARAM": "",
        "CONTAINER_NAME_PARAM": "kept",
        "DURATION_TIME_PARAM": 2,
        "SAFE_TIME_PARAM": 1,
        "OUTPUT_PATH_PARAM": str(folder / "video"),
        "PUBLIC_KEY_PARAM": "",
    }
    graph = {"version": 2, "enabled": enabled, "skillId": "Microsoft.ComputerVision.VideoRecorder"}
    file = folder / "twin.json"
    file.write_text(json.dumps({"properties": {"desired": {"graphs": {"rec": graph | {"parameters": parameters}}}}}))
    return file


@contextmanager
def run(file: Path, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """`footfall run` in a process of its own, which ends with the test."""
    environment = (
        os.environ | {"PYTHONPATH": os.pathsep.join(str(Path(path).absolute()) for path in sys.path)} | environ
    )
    command = [sys.executable, "-m", "footfall", "run", str(file), "--no-progress"]
    with subprocess.Popen(command, env=environment, cwd=file.parent, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def clips_of(folder: Path) -> Path:
    return folder / "video" / "kept" / "door"


def wait_for(folder: Path, pattern: str, count: int = 1) -> None:
    deadline_s = time.monotonic() + 60.0
    while not folder.is_dir() or len(list(folder.glob(pattern))) < count:
        assert time.monotonic() < deadline_s, f"no {pattern} came"
        time.sleep(0.05)


def data_of(clip: Path, *, is_cut: bool = False) -> list[bytes]:
    """A clip's packets; it decodes from its first one. A camera that is cut may send half of a last picture."""
    with av.open(str(clip)) as container:
        frames = list(container.decode(video=0))
    assert not any(frame.is_corrupt for frame in (frames[:-1] if is_cut else frames))
    with av.open(str(clip)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.slow
class TestRecorder:
    def test_clips_overlap_and_are_the_cameras_own_pictures(
        self, camera: RtspCamera, camera_clip: Path, tmp_path: Path
    ) -> None:
        with run(manifest(tmp_path, camera.login_url)) as process:
            wait_for(clips_of(tmp_path), "door-*.mp4", 3)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60.0)
        assert process.returncode == 0, err
        clips = ClipFolder(clips_of(tmp_path), "door").clips()
        assert set(clips_of(tmp_path).iterdir()) == set(clips), "no half clip is left"
        written = [data_of(clip) for clip in clips]
        for before, after in pairwise(written):
            assert after[0] in before, "no picture is missing between two clips"
        assert 45 <= len(written[0]) <= 65, "two seconds at 25 frames a second"
        assert f"records video: clips of 2 s go to {clips_of(tmp_path)}" in err
        assert "until somebody deletes them" in err
        assert "sesame" not in err
        assert stat.S_IMODE(clips_of(tmp_path).stat().st_mode) == 0o700
        assert stat.S_IMODE(clips[0].stat().st_mode) == 0o600

    def test_a_kill_leaves_whole_clips_only(self, camera: RtspCamera, tmp_path: Path) -> None:
        with run(manifest(tmp_path, camera.login_url)) as process:
            wait_for(clips_of(tmp_path), "door-*.mp4", 2)
            wait_for(clips_of(tmp_path), ".*.part")
            process.kill()
        whole = list(clips_of(tmp_path).glob("*.mp4"))
        assert all(data_of(clip) for clip in whole)
        ClipFolder(clips_of(tmp_path), "door")
        assert sorted(clips_of(tmp_path).iterdir()) == sorted(whole), "the next start removes what was half done"

    def test_a_camera_that_goes_and_comes_back(self, camera_clip: Path, tmp_path: Path, rtsp_ready: None) -> None:
        with RtspCamera(camera_clip) as camera, run(manifest(tmp_path, camera.login_url)) as process:
            wait_for(clips_of(tmp_path), ".*.part")
            camera.fault(Fault.CUT)
            camera.fault(Fault.OK)
            wait_for(clips_of(tmp_path), "*.mp4", 3)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60.0)
        assert process.returncode == 0, err
        assert "door is reconnecting" in err
        *before, last = ClipFolder(clips_of(tmp_path), "door").clips()
        assert all(data_of(clip, is_cut=True) for clip in before)
        assert data_of(last)

    def test_sealed_clips(self, camera: RtspCamera, tmp_path: Path) -> None:
        key = tmp_path / "my.key"
        assert main(["footage", "key", str(key)]) == 0
        environ = {"FOOTFALL_RECORDING_KEY_FILE": str(key), "FOOTFALL_RECORDING_DAYS": "3"}
        with run(manifest(tmp_path, camera.login_url), **environ) as process:
            wait_for(clips_of(tmp_path), "door-*.mp4.enc")
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60.0)
        assert "sealed clips of 2 s" in err
        assert "kept for 3 days" in err
        [first, *_] = sorted(clips_of(tmp_path).glob("*.enc"))
        assert not list(clips_of(tmp_path).glob("*.mp4"))
        assert main(["footage", "export", str(first), str(tmp_path / "out.mp4"), f"--keys={key}"]) == 0
        assert data_of(tmp_path / "out.mp4")


def test_a_disabled_recorder_writes_nothing(tmp_path: Path) -> None:
    with run(manifest(tmp_path, "rtsp://127.0.0.1:9/live", enabled=False)) as process:
        process.communicate(timeout=60.0)
    assert process.returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["twin.json"]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "video").touch()
    with run(manifest(tmp_path, "rtsp://127.0.0.1:9/live")) as process:
        _, err = process.communicate(timeout=60.0)
    assert process.returncode == 2
    assert "rec/door: OUTPUT_PATH_PARAM: cannot write to" in err
    assert "Traceback" not in err


def test_validate_accepts_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(manifest(tmp_path, "rtsp://10.0.0.7/live"))]) == 0
    assert "error" not in capfd.readouterr().out

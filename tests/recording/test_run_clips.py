"""`footfall run --clips`: files and cameras, from the command line to the clips."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest

from footfall.cli.main import main
from footfall.recording.folder import ClipFolder
from footfall.simulator.rtsp import RtspCamera
from footfall.simulator.rtsp_faults import Fault
from footfall.simulator.scene import SceneSpec, write_scene
from servers.rtsp import rtsp_ready

__all__ = ["rtsp_ready"]

ZONE = "--zone=all=0.3,0;0.7,0;0.7,1;0.3,1"
SHORT = ("--clip-before=1", "--clip-after=1.5", "--clip-longest=3")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene")
    write_scene(SceneSpec(duration_s=8.0, size_px=(320, 180), story="door", people=2), folder)
    return folder / "clip.mp4"


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_DATA", str(tmp_path / "data"))


def data_of(video: Path, *, is_cut: bool = False) -> list[bytes]:
    """The packets of a file; it decodes from its first one. A camera that is cut may send half of a last picture."""
    with av.open(str(video)) as container:
        first = next(packet for packet in container.demux(video=0) if packet.size)
        assert first.is_keyframe
    with av.open(str(video)) as container:
        frames = list(container.decode(video=0))
    assert not any(frame.is_corrupt for frame in (frames[:-1] if is_cut else frames))
    with av.open(str(video)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_every_event_is_in_a_clip_of_the_cameras_own_pictures(
    scene: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    events, folder = tmp_path / "e.jsonl", tmp_path / "clips"
    options = [ZONE, f"--clips={folder}", f"--sink=jsonl:{events}", "--media-time", "--no-progress", *SHORT]
    assert main(["run", str(scene), *options]) == 0
    clips = sorted(folder.glob("clip-1970*.mp4"))
    assert clips
    sent, shown = data_of(scene), set()
    for clip in clips:
        written = data_of(clip)
        at = sent.index(written[0])
        assert written == sent[at : at + len(written)]
        shown |= set(range(at, at + len(written)))
    frames = {int(json.loads(line)["sourceInfo"]["frameId"]) for line in events.read_text().splitlines()}
    assert frames
    assert frames <= shown
    assert f"{folder}: {len(clips)} clip" in capfd.readouterr().err
    assert [path.name for path in folder.iterdir() if path not in clips] == []


def test_the_same_video_gives_the_same_clips(scene: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert main(["run", str(scene), ZONE, f"--clips={tmp_path / name}", "--media-time", *SHORT]) == 0
    first, second = ({path.name: data_of(path) for path in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert first == second


def test_nothing_is_recorded_unless_asked_for(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(scene), ZONE]) == 0
    assert list(tmp_path.rglob("*.mp4")) == []
    assert " clips, " not in capfd.readouterr().err


def test_sealed_clips_and_their_age(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["footage", "key", "my.key"]) == 0
    old = tmp_path / "c" / "clip-20200101T000000Z.mp4"
    old.parent.mkdir()
    old.touch()
    os.utime(old, (1e9, 1e9))
    assert main(["run", str(scene), ZONE, "--clips=c", "--clips-keys=my.key", "--clips-days=3", *SHORT]) == 0
    sealed = sorted(Path("c").glob("clip-*.mp4.enc"))
    assert sealed
    assert not old.exists()
    assert main(["footage", "export", str(sealed[0]), "out.mp4", "--keys=my.key"]) == 0
    assert data_of(Path("out.mp4"))[0] in data_of(scene)
    assert main(["footage", "export", str(sealed[0]), "again.mp4"]) == 2
    assert "there are no keys" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("options", "what"),
    [
        pytest.param(["--clips=c", "--clips-days=0"], "give 1 to 3650", id="no day"),
        pytest.param(["--clips=c", "--clips-days=x"], "no number of days", id="no number"),
        pytest.param(["--clips=c", "--clips-keys=none"], "cannot be read", id="no keys"),
        pytest.param(["--clips-days=3"], "has no --clips", id="age of nothing"),
        pytest.param(["--clip-before=3"], "has no --clips", id="no folder"),
        pytest.param(["--clips=c", "--clip-before=61"], "give 0 to 60", id="too early"),
        pytest.param(["--clips=c", "--clip-after=0.5"], "give 1 to 3600", id="too short"),
        pytest.param(["--clips=c", "--clip-longest=9"], "give 10 (--clip-after)", id="longest below after"),
        pytest.param(["--clips=taken"], "cannot write", id="a file"),
        pytest.param(["--clips=taken/c"], "cannot write", id="below a file"),
    ],
)
def test_bad_wishes(
    scene: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    what: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    assert exit_code(["run", str(scene), ZONE, *options]) == 2
    assert what in capfd.readouterr().err


def exit_code(words: list[str]) -> object:
    """Also of words that are refused before the command begins."""
    try:
        return main(words)
    except SystemExit as end:
        return end.code


def run_camera(camera: RtspCamera, folder: Path, *options: str) -> subprocess.Popen[str]:
    """`footfall run` at a camera, in its own process."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "FOOTFALL_MODEL": "motion"}
    command = [sys.executable, "-m", "footfall", "run", camera.url, ZONE, f"--clips={folder}", "--no-progress"]
    return subprocess.Popen(
        [*command, *options], env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


def wait_for(folder: Path, pattern: str, count: int = 1, timeout_s: float = 60.0) -> None:
    deadline_s = time.monotonic() + timeout_s
    while not folder.is_dir() or len(list(folder.glob(pattern))) < count:
        assert time.monotonic() < deadline_s, f"no {pattern} came"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.usefixtures("rtsp_ready")
class TestCamera:
    def test_clips_of_a_camera_and_the_last_one_is_finished(self, scene: Path, tmp_path: Path) -> None:
        folder = tmp_path / "clips"
        with RtspCamera(scene) as camera, run_camera(camera, folder, *SHORT) as run:
            wait_for(folder, "*.mp4")
            wait_for(folder, ".*.part")
            run.send_signal(signal.SIGINT)
            _, err = run.communicate(timeout=60.0)
        assert run.returncode == 0
        clips = sorted(folder.iterdir())
        assert len(clips) >= 2
        assert all(data_of(clip) for clip in clips)
        assert f"{len(clips)} clips, " in err

    def test_kill_leaves_whole_clips_only(self, scene: Path, tmp_path: Path) -> None:
        folder = tmp_path / "clips"
        with RtspCamera(scene) as camera, run_camera(camera, folder, *SHORT) as run:
            wait_for(folder, "*.mp4")
            wait_for(folder, ".*.part")
            run.kill()
        for clip in folder.glob("*.mp4"):
            assert data_of(clip)
        prefix, _, _ = next(folder.glob("*.mp4")).name.rpartition(".")[0].partition("-")
        ClipFolder(folder, prefix)
        assert list(folder.glob(".*")) == []

    def test_a_camera_lost_within_a_clip(self, scene: Path, tmp_path: Path) -> None:
        folder = tmp_path / "clips"
        with RtspCamera(scene) as camera, run_camera(camera, folder, "--clip-after=30") as run:
            wait_for(folder, ".*.part")
            camera.fault(Fault.CUT)
            camera.fault(Fault.OK)
            wait_for(folder, "*.mp4")
            wait_for(folder, ".*.part")
            run.send_signal(signal.SIGINT)
            run.communicate(timeout=60.0)
        *cut, last = sorted(folder.iterdir(), key=lambda clip: clip.stat().st_mtime_ns)
        assert cut
        assert all(data_of(clip, is_cut=True) for clip in cut)
        assert data_of(last)

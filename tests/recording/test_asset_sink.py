"""Assets when things go wrong: full disks, places that are gone, kills."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from disk import files_at_most, tiny_disk
from footage import make_clip
from footfall.core.media_time import ticks_of
from footfall.core.types import Packet
from footfall.recording.asset import ABOUT, PLAYLIST, is_over, segments_of
from footfall.recording.asset_sink import AssetPlaces, AssetSink
from footfall.recording.names import GraphNames, NamePattern
from footfall.recording.notices import DataDropped, Notice, RecordingAvailable, StorageError
from footfall.recording.recorder import Recorder
from footfall.recording.sink import Keeping
from footfall.recording.stamp import MediaStamp
from recording.camera import START, packets_of
from recording.players import shown

NAMES = GraphNames("shop", "cvr")


class Cameraman:
    """One sink without a gate, in the test's own thread."""

    def __init__(
        self, folder: Path, name: str = "shop-cam", *, segment_s: float = 1.0, most: int | None = None
    ) -> None:
        self.told: list[Notice] = []
        self.folder = folder
        (folder / "assets").mkdir(parents=True, exist_ok=True)
        (folder / "cache").mkdir(exist_ok=True)
        places = AssetPlaces(folder / "assets", folder / "cache" / "shop", most)
        sink = AssetSink("sink", NamePattern(name, NAMES), segment_s, places, Keeping(), self.told.append)
        self.recorder = Recorder("shop", [sink], None)
        self._stamp = MediaStamp()

    def play(self, packets: Sequence[Packet]) -> None:
        for packet in packets:
            self.recorder.take(self._stamp.stamp(packet))
            self.recorder.settle()

    def events(self) -> list[str]:
        return [type(notice).__name__ for notice in self.told]

    def files(self) -> set[str]:
        """All but the asset's own lists."""
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return {file.suffix for file in files if file.suffix not in {".json", ".m3u8"}}


@pytest.fixture(scope="module")
def packets(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    """Ten seconds, ten pictures a second, a key frame every second."""
    return packets_of(make_clip(tmp_path_factory.mktemp("footage") / "a.ts", count=100))


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    """40 s that are hard to compress, five pictures a second, each a key frame."""
    clip = make_clip(tmp_path_factory.mktemp("footage") / "a.avi", "mjpeg", count=200, fps=5, size=(320, 240))
    return packets_of(clip)


def test_a_full_disk_costs_what_cannot_be_written_and_then_it_goes_on(tmp_path: Path, minute: list[Packet]) -> None:
    man = Cameraman(tmp_path, segment_s=5.0)
    man.play(minute[:60])
    with files_at_most(12_000):
        man.play(minute[60:90])
    man.play(minute[90:])
    man.recorder.close()
    assert man.events() == [
        "RecordingStarted",
        "RecordingAvailable",
        "StorageError",
        "DataDropped",
        "RecordingStopped",
    ]
    assert [one.reason for one in man.told if isinstance(one, StorageError)] == ["File too large"]
    (lost,) = [one for one in man.told if isinstance(one, DataDropped)]
    assert (lost.end_ticks - lost.start_ticks) / 90_000 == pytest.approx(1.0, abs=5.0)
    pictures = shown(tmp_path / "assets" / "shop-cam")
    assert len(pictures) == pytest.approx(200 - 50 - 10, abs=20), "what was lost, and ten seconds without a try"
    assert man.files() == {".mp4", ".m4s"}


def test_a_disk_that_is_really_full(tmp_path: Path, minute: list[Packet]) -> None:
    with tiny_disk(tmp_path / "disk", kib=200) as disk:
        man = Cameraman(disk, segment_s=4.0)
        man.play(minute)
        man.recorder.close()
        assert "StorageError" in man.events()
        assert "No space left on device" in {one.reason for one in man.told if isinstance(one, StorageError)}
        asset = disk / "assets" / "shop-cam"
        assert len(shown(asset)) >= 20, "what was stored before plays"
        assert not list(disk.rglob(".*.part"))
        for segment in segments_of(asset)[:2]:
            (asset / segment.file).unlink()
        again = Cameraman(disk, segment_s=4.0)
        again.play([replace(one, utc=one.utc + timedelta(minutes=1)) for one in minute[:40]])
        again.recorder.close()
        assert "RecordingAvailable" in again.events()


def test_what_cannot_be_stored_waits_and_the_oldest_gives_way(tmp_path: Path, packets: list[Packet]) -> None:
    man = Cameraman(tmp_path, most=6000)
    (tmp_path / "assets" / "shop-cam").touch()
    man.play(packets[:71])
    assert man.events()[:2] == ["RecordingStarted", "StorageError"]
    assert man.events().count("StorageError") == 1, "the same trouble is told once"
    dropped = [one for one in man.told if isinstance(one, DataDropped)]
    assert dropped
    assert dropped[0].start_ticks < dropped[-1].start_ticks
    cached = list((tmp_path / "cache").rglob("*.m4s"))
    assert sum(file.stat().st_size for file in cached) <= 6000
    (tmp_path / "assets" / "shop-cam").unlink()
    man.play(packets[71:])
    man.recorder.close()
    assert man.events()[-2:] == ["RecordingAvailable", "RecordingStopped"]
    stored = segments_of(tmp_path / "assets" / "shop-cam")
    assert len(stored) == 10 - man.events().count("DataDropped") >= len(cached)
    assert list((tmp_path / "cache").rglob("*.m*")) == []


def test_a_cache_smaller_than_a_segment_costs_nothing_as_long_as_assets_can_be_written(
    tmp_path: Path, packets: list[Packet]
) -> None:
    man = Cameraman(tmp_path, most=1)
    man.play(packets)
    man.recorder.close()
    assert man.events() == ["RecordingStarted", "RecordingAvailable", "RecordingStopped"]
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 100


def test_what_waited_since_yesterday_gets_its_place(tmp_path: Path, packets: list[Packet]) -> None:
    assets = tmp_path / "assets"
    man = Cameraman(tmp_path)
    man.play([replace(one, utc=one.utc + timedelta(days=1)) for one in packets[:30]])
    man.recorder.close()
    (assets / "shop-cam").rename(assets / "away")
    (assets / "shop-cam").touch()
    man = Cameraman(tmp_path)
    man.play(packets)
    man.recorder.close()
    (assets / "shop-cam").unlink()
    (assets / "away").rename(assets / "shop-cam")
    Cameraman(tmp_path).recorder.close()
    counts = {file.name: file.read_text().count('"start"') for file in (assets / "shop-cam").glob("index-*")}
    assert counts == {"index-20260101.json": 10, "index-20260102.json": 3}
    assert len(shown(assets / "shop-cam")) == 100, "the play list covers 24 hours"


def test_an_asset_that_takes_nothing_does_not_hold_up_the_others(tmp_path: Path, packets: list[Packet]) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "shop-cam").touch()
    man = Cameraman(tmp_path)
    man.play(packets)
    man.recorder.close()
    later = [replace(one, utc=one.utc + timedelta(hours=1)) for one in packets]
    other = Cameraman(tmp_path, name="other")
    other.play(later[:55])
    assert len(segments_of(tmp_path / "assets" / "other")) == 5
    (tmp_path / "assets" / "shop-cam").unlink()
    other.recorder.tidy(START)
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 100
    other.play(later[55:])
    other.recorder.close()
    assert len(shown(tmp_path / "assets" / "other")) == 100, "also the segment that was open meanwhile"
    assert "DataDropped" not in other.events()


def test_a_list_that_could_not_be_written_is_written_later(tmp_path: Path, packets: list[Packet]) -> None:
    asset = tmp_path / "assets" / "shop-cam"
    man = Cameraman(tmp_path)
    man.play(packets[:25])
    (asset / "index-20260101.json").unlink()
    (asset / "index-20260101.json").mkdir()
    man.play(packets[25:55])
    assert man.events().count("StorageError") == 1
    (asset / "index-20260101.json").rmdir()
    man.play(packets[55:])
    man.recorder.close()
    assert len(shown(asset)) == 100
    assert list((tmp_path / "cache").rglob("*.m4s")) == []


def test_what_waited_is_stored_by_the_next_run(tmp_path: Path, packets: list[Packet]) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "shop-cam").touch()
    man = Cameraman(tmp_path)
    man.play(packets)
    man.recorder.close()
    assert not any(isinstance(one, RecordingAvailable) for one in man.told)
    (tmp_path / "assets" / "shop-cam").unlink()
    Cameraman(tmp_path).recorder.close()
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 100
    assert is_over(tmp_path / "assets" / "shop-cam")


def test_what_a_slow_disk_leaves_out_is_told(tmp_path: Path, packets: list[Packet]) -> None:
    man = Cameraman(tmp_path, segment_s=60.0)
    man.play(packets[:35])
    man.recorder.lose()
    man.play(packets[60:])
    man.recorder.close()
    (lost,) = [one for one in man.told if isinstance(one, DataDropped)]
    begun = ticks_of(START)
    assert [(lost.start_ticks - begun) / 90_000, (lost.end_ticks - begun) / 90_000] == [3.5, 6.0]
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 35 + 40


def test_a_codec_that_mp4_does_not_hold_is_told_once(tmp_path: Path) -> None:
    man = Cameraman(tmp_path)
    man.play(packets_of(make_clip(tmp_path / "a.webm", "libvpx", count=150)))
    man.recorder.close()
    assert [one.reason for one in man.told if isinstance(one, StorageError)] == [
        "vp8 video cannot be put into an MP4 file as it is"
    ]
    assert man.events() == ["StorageError"]


def test_a_place_that_is_not_there_any_more(tmp_path: Path, packets: list[Packet]) -> None:
    man = Cameraman(tmp_path)
    man.play(packets[:25])
    shutil.rmtree(tmp_path / "cache")
    man.play(packets[25:])
    man.recorder.close()
    assert {"StorageError", "DataDropped", "RecordingStopped"} <= set(man.events())
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 20


def test_two_recordings_do_not_write_one_asset(tmp_path: Path, packets: list[Packet]) -> None:
    first = Cameraman(tmp_path)
    first.play(packets[:50])
    second = Cameraman(tmp_path / "other")
    second.recorder.close()
    places = AssetPlaces(tmp_path / "assets", tmp_path / "cache" / "other")
    told: list[Notice] = []
    sink = AssetSink("two", NamePattern("shop-cam", GraphNames("b", "t")), 1.0, places, Keeping(), told.append)
    other, stamp = Recorder("other", [sink], None), MediaStamp()
    for packet in packets[:50]:
        other.take(stamp.stamp(packet))
        other.settle()
    assert [one.reason for one in told if isinstance(one, StorageError)] == ["another recording writes to it"]
    first.recorder.close()
    other.close()
    assert len(segments_of(tmp_path / "assets" / "shop-cam")) == 5


KILLED = """
import os, signal, sys
from pathlib import Path
from dataclasses import asdict, replace
from datetime import timedelta
from recording.camera import packets_of
from recording.test_asset_sink import Cameraman
packets = packets_of(Path(sys.argv[2]))
man, at, rounds = Cameraman(Path(sys.argv[1])), int(sys.argv[3]), 0
while True:
    shift = timedelta(seconds=float(sys.argv[4]) + 10.0 * rounds)
    for number, packet in enumerate(packets):
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)
        man.play([replace(packet, utc=packet.utc + shift, t_s=packet.t_s + 10.0 * rounds)])
    rounds += 1
    print(rounds, flush=True)
"""


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("footage") / "a.ts", count=100)


def start(folder: Path, footage: Path, at: int, shift_s: float) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", KILLED, str(folder), str(footage), str(at), str(shift_s)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("at", "stored"),
    [
        pytest.param(5, 0, id="in the first segment"),
        pytest.param(47, 4, id="midway"),
        pytest.param(91, 9, id="in the last"),
    ],
)
def test_a_kill_loses_the_open_segment_at_most(tmp_path: Path, footage: Path, at: int, stored: int) -> None:
    with start(tmp_path, footage, at, 0.0) as run:
        assert run.wait(60.0) == -signal.SIGKILL
    asset = tmp_path / "assets" / "shop-cam"
    if stored:
        assert len(segments_of(asset)) == stored
        assert shown(asset) == pytest.approx(list(range(10 * stored)), abs=1)
        assert not is_over(asset)
    Cameraman(tmp_path).recorder.close()
    assert not list(tmp_path.rglob(".*.part"))
    assert not stored or is_over(asset)


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path, footage: Path) -> None:
    asset, before = tmp_path / "assets" / "shop-cam", 0
    for attempt in range(6):
        with start(tmp_path, footage, -1, 1000.0 * attempt) as run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(random.uniform(0.0, 0.3))
            run.kill()
        stored = segments_of(asset)
        assert len(stored) > before, "nothing that was stored is lost, and more has come"
        before = len(stored)
    Cameraman(tmp_path).recorder.close()
    assert not list(tmp_path.rglob(".*.part"))
    stored = segments_of(asset)
    assert len(stored) >= before, "what was written whole in front of the last kill may have been put in its place"
    assert len(shown(asset)) == 10 * len(stored), "every segment is whole"


def test_what_a_kill_kept_out_of_the_lists_is_found_again(tmp_path: Path, packets: list[Packet]) -> None:
    man = Cameraman(tmp_path)
    man.play(packets)
    man.recorder.close()
    asset = tmp_path / "assets" / "shop-cam"
    (asset / PLAYLIST).unlink()
    (asset / "index-20260101.json").write_text("{}")
    assert not is_over(asset)
    Cameraman(tmp_path).recorder.close()
    assert len(shown(asset)) == 100
    assert (asset / "index-20260101.json").read_text().count('"start"') == 10


def test_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    for name, about in (
        ("theirs", '{"asset": "theirs", "instance": "b", "node": "n", "retention_days": null}'),
        ("no", "x"),
    ):
        (tmp_path / "assets" / name).mkdir(parents=True)
        (tmp_path / "assets" / name / ABOUT).write_text(about)
    Cameraman(tmp_path).recorder.close()
    assert [path.name for path in (tmp_path / "assets").rglob("*") if path.is_file()] == [ABOUT, ABOUT]


def test_a_silent_camera_leaves_everything_stored(tmp_path: Path, packets: list[Packet]) -> None:
    man = Cameraman(tmp_path, segment_s=60.0)
    man.play(packets[:35])
    assert "RecordingAvailable" not in man.events()
    man.recorder.pause(10.0)
    assert man.events() == ["RecordingStarted", "RecordingAvailable"]
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 35
    man.play([replace(one, utc=START + timedelta(seconds=100) + (one.utc - START)) for one in packets[:20]])
    man.recorder.close()
    assert len(shown(tmp_path / "assets" / "shop-cam")) == 55

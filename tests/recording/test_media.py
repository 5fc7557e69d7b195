"""Recordings of a media graph: packets and triggers in; assets, files and events out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import av
import pytest

from disk import files_at_most
from footage import make_clip
from footfall.config.media import AssetSink, FileSink, MediaNode, SignalGate
from footfall.core.errors import ConfigError, SinkUnavailable
from footfall.core.media_time import TICKS_PER_S, ticks_of
from footfall.core.outside import PathMap
from footfall.core.types import Packet
from footfall.recording.asset import PLAYLIST, segments_of
from footfall.recording.export import NothingThere, export_asset, export_clip
from footfall.recording.media import Recording, Store, open_recording
from footfall.recording.names import GraphNames
from footfall.recording.notices import Notice, RecordingStarted
from footfall.recording.playback import Span
from footfall.recording.segment import init_name
from footfall.vault.faults import NotSealed, UnknownKey
from footfall.vault.keys import Keys
from recording.camera import START, numbers, packets_of
from recording.players import code, shown
from servers.clock import SetClock

NAMES = GraphNames("shop", "evr")
GATE = SignalGate(window_s=0.0, offset_s=-1.0, minimum_s=2.0, maximum_s=4.0)
CLIPS = MediaNode("files", FileSink("/var/media", "clip-${System.DateTime}"))
ASSETS = MediaNode("assets", AssetSink("asset-${System.DateTime}", segment_s=6.0))
ALWAYS = MediaNode("always", AssetSink("cvr-${System.GraphInstanceName}", segment_s=3.0))


@dataclass
class Bench:
    """A recording whose notices are kept."""

    folder: Path
    told: list[Notice] = field(default_factory=list)
    clock: SetClock = field(default_factory=SetClock)

    def open(self, gate: SignalGate | None, *sinks: MediaNode, **store: object) -> Recording:
        paths = PathMap((("/var/media", self.media), ("/var/cache", self.folder / "cache")))
        kept = replace(Store(self.folder / "assets", paths), **store)  # type: ignore[arg-type]
        return open_recording(NAMES, sinks, gate, kept, self.told.append, self.clock)

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def events(self) -> list[str]:
        """`files: RecordingStarted` ..."""
        return [f"{notice.output.node}: {type(notice).__name__}" for notice in self.told]

    def asset(self, name: str) -> Path:
        return self.folder / "assets" / name


def play(recording: Recording, packets: Sequence[Packet], *events_s: float) -> None:
    """Feed packets; the analysis follows half a second behind."""
    told: set[float] = set()
    for packet in packets:
        recording.packet(packet)
        now_s = packet.decode_s - 0.5
        for t_s in sorted(t_s for t_s in events_s if t_s <= now_s and t_s not in told):
            recording.trigger(t_s, f"event at {t_s:g}")
            told.add(t_s)
        recording.advance(now_s)
    assert recording.close(60.0)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    return Bench(tmp_path)


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds, ten pictures a second, a key frame every second, with start codes as cameras send them."""
    return make_clip(tmp_path_factory.mktemp("footage") / "a.ts", count=100, bframes=2)


@pytest.fixture(scope="module")
def packets(footage: Path) -> list[Packet]:
    return packets_of(footage)


def test_everything_is_recorded_into_one_asset(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(None, ALWAYS), packets)
    assert bench.events == [f"always: Recording{what}" for what in ("Started", "Available", "Stopped")]
    asset = bench.asset("cvr-shop")
    assert shown(asset) == pytest.approx(list(range(100)), abs=1)
    segments = segments_of(asset)
    lengths_s = [(one.end_ticks - one.start_ticks) / TICKS_PER_S for one in segments]
    assert lengths_s == pytest.approx([3.0, 3.0, 3.0, 1.0], abs=0.01)
    assert segments[0].start_ticks == ticks_of(packets[0].utc)


def test_an_event_makes_an_asset_and_a_file(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(GATE, ASSETS, CLIPS), packets, 3.5)
    assert [event for event in bench.events if event.startswith("assets")] == [
        f"assets: Recording{what}" for what in ("Started", "Stopped", "Available")
    ]
    assert numbers(bench.media / "clip-20260101T000002Z.mp4")[0] == 20
    assert shown(bench.asset("asset-20260101T000002Z"))[0] == 20
    outputs = {notice.output for notice in bench.told}
    assert {output.location for output in outputs} == {"asset-20260101T000002Z", "/var/media/clip-20260101T000002Z.mp4"}
    assert {output.correlation_id for output in outputs} == {"event at 3.5"}


def test_a_long_asset_is_available_before_it_stops(bench: Bench, packets: list[Packet]) -> None:
    short = MediaNode("assets", AssetSink("asset-${System.DateTime}", segment_s=1.0))
    play(bench.open(GATE, short), packets, 3.5)
    assert bench.events == [f"assets: Recording{what}" for what in ("Started", "Available", "Stopped")]


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    """170 s, two pictures a second, a key frame every two seconds at even seconds."""
    clip = make_clip(tmp_path_factory.mktemp("minutes") / "a.ts", count=340, size=(64, 36), fps=2, gop=4)
    return packets_of(clip)


@dataclass(frozen=True)
class Example:
    """Of spec/recording.md section 3."""

    offset_s: float
    minimum_s: float
    maximum_s: float
    events_s: tuple[tuple[float, float], ...]
    """(media time, arrival)."""
    clips_s: tuple[tuple[float, float], ...]
    """(start, end) as told; a file begins with the key frame before."""


def at(*times_s: float) -> tuple[tuple[float, float], ...]:
    return tuple((t_s, t_s) for t_s in times_s)


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(Example(0, 30, 30, at(100), ((100, 130),)), id="1 one event"),
        pytest.param(Example(0, 30, 30, at(100, 110, 125, 131), ((100, 130), (131, 161))), id="2 the longest is over"),
        pytest.param(Example(-5, 10, 60, at(100, 108), ((95, 118),)), id="3 prolonged"),
        pytest.param(
            Example(-5, 10, 20, at(100, 105, 110, 115, 121), ((95, 120), (120, 131))), id="4 right after the last one"
        ),
        pytest.param(Example(0, 5, 5, ((100.0, 100.0), (99.6, 100.4)), ((99.6, 104.6),)), id="5 the earliest counts"),
        pytest.param(Example(0, 5, 5, ((100.0, 100.0), (99.6, 101.5)), ((100, 105),)), id="6 too late"),
        pytest.param(Example(2, 10, 30, at(100), ((102, 110),)), id="7 later than its event"),
        pytest.param(Example(0, 30, 30, at(101), ((101, 131),)), id="8 from the key frame before"),
    ],
)
def test_the_examples_of_the_specification(bench: Bench, minutes: list[Packet], example: Example) -> None:
    gate = SignalGate(1.0, example.offset_s, example.minimum_s, example.maximum_s)
    recording, waiting = bench.open(gate, CLIPS, ASSETS), sorted(example.events_s, key=lambda event: event[1])
    for packet in minutes:
        recording.packet(packet)
        while waiting and waiting[0][1] <= packet.t_s:
            recording.advance(waiting[0][1])
            recording.trigger(waiting.pop(0)[0])
        recording.advance(packet.t_s)
    assert recording.close(60.0)
    stamps = [f"{START + timedelta(seconds=int(start_s)):%Y%m%dT%H%M%SZ}" for start_s, _ in example.clips_s]
    assert [file.name for file in sorted(bench.media.glob("*.mp4"))] == [f"clip-{stamp}.mp4" for stamp in stamps]
    for stamp, (start_s, end_s) in zip(stamps, example.clips_s, strict=True):
        key_s = start_s // 2 * 2
        expected = [round(2 * key_s) + k for k in range(int(2 * (end_s - key_s)) + 1)]
        for pictures in (numbers(bench.media / f"clip-{stamp}.mp4"), shown(bench.asset(f"asset-{stamp}"))):
            assert pictures == pytest.approx([number % 100 for number in expected], abs=1)


def test_the_time_of_an_inference_leads_to_its_picture(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(GATE, CLIPS, ASSETS), packets, 3.5)
    told = next(packet for packet in packets if packet.t_s == pytest.approx(3.5))
    with av.open(str(bench.media / "clip-20260101T000002Z.mp4")) as clip:
        begun = datetime.fromisoformat(clip.metadata["creation_time"])
        wanted_s = (told.utc - begun).total_seconds()
        (frame,) = [frame for frame in clip.decode(video=0) if abs(frame.time - wanted_s) < 0.001]
        assert code(frame) == pytest.approx(35, abs=1)
    asset = bench.asset("asset-20260101T000002Z")
    (segment,) = segments_of(asset)
    whole = BytesIO((asset / init_name(segment.init)).read_bytes() + (asset / segment.file).read_bytes())
    with av.open(whole) as fragments:
        (frame,) = [frame for frame in fragments.decode(video=0) if frame.pts == ticks_of(told.utc)]
        assert code(frame) == pytest.approx(35, abs=1)


def test_deactivation_finishes_what_is_open(bench: Bench, packets: list[Packet]) -> None:
    long = replace(GATE, minimum_s=60.0, maximum_s=60.0)
    play(bench.open(long, CLIPS, ASSETS), packets[:70], 3.5)
    assert bench.events == [
        "files: RecordingStarted",
        "assets: RecordingStarted",
        "files: RecordingStopped",
        "files: RecordingAvailable",
        "assets: RecordingStopped",
        "assets: RecordingAvailable",
    ]
    assert numbers(bench.media / "clip-20260101T000002Z.mp4")[-1] == pytest.approx(69, abs=1)
    assert shown(bench.asset("asset-20260101T000002Z"))[-1] == pytest.approx(69, abs=1)


def test_without_an_event_nothing_is_recorded(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(GATE, CLIPS, ASSETS), packets)
    assert bench.told == []
    assert list(bench.folder.rglob("*.m*")) == []


def later(packets: Sequence[Packet], by_s: float) -> list[Packet]:
    """The same after a new connection: the camera's own time stamps start again."""
    return [replace(packet, utc=packet.utc + timedelta(seconds=by_s)) for packet in packets]


def test_a_camera_lost_in_a_recording(bench: Bench, packets: list[Packet]) -> None:
    gate = replace(GATE, minimum_s=60.0, maximum_s=60.0)
    recording = bench.open(gate, CLIPS, ASSETS)
    for packet in packets[:50]:
        recording.packet(packet)
    recording.trigger(3.0)
    recording.life(8.0)
    for packet in later(packets[:50], 8.0):
        recording.packet(packet)
    assert recording.close(60.0)
    first, second = (numbers(clip) for clip in sorted(bench.media.glob("*.mp4")))
    assert (first[0], second[0]) == (20, 0)
    assert bench.events.count("files: RecordingAvailable") == 2
    assert bench.events.count("assets: RecordingAvailable") == bench.events.count("assets: RecordingStopped") == 1
    asset = bench.asset("asset-20260101T000002Z")
    before, after = segments_of(asset)
    assert (after.start_ticks - before.end_ticks) / TICKS_PER_S == pytest.approx(3.0, abs=0.25)
    assert "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:08.000Z" in (asset / PLAYLIST).read_text()
    assert len(shown(asset)) == len(first) + len(second)


def test_a_name_without_time_is_one_asset_over_openings_and_restarts(bench: Bench, packets: list[Packet]) -> None:
    one = MediaNode("assets", AssetSink("only-one", segment_s=6.0))
    short = SignalGate(0.0, -1.0, 1.0, 1.0)
    play(bench.open(short, one), packets, 2.0, 7.5)
    assert [round(bench.told.index(notice)) for notice in bench.told if isinstance(notice, RecordingStarted)] == [0, 3]
    play(bench.open(short, one), later(packets, 60.0), 2.0)
    asset = bench.asset("only-one")
    starts_s = [one.start_ticks / TICKS_PER_S - START.timestamp() for one in segments_of(asset)]
    assert starts_s == pytest.approx([1.0, 6.0, 61.0])
    assert len(shown(asset)) == pytest.approx(21 + 26 + 21, abs=7), "and what reordered pictures need"
    assert (asset / PLAYLIST).read_text().count("#EXT-X-DISCONTINUITY") == 2


def test_what_follows_at_once_in_the_same_asset_is_not_stored_twice(bench: Bench, minutes: list[Packet]) -> None:
    one = MediaNode("assets", AssetSink("only-one", segment_s=60.0))
    play(bench.open(SignalGate(0.0, -5.0, 5.0, 5.0), one), minutes[:100], 10.0, 17.0)
    asset = bench.asset("only-one")
    pictures = shown(asset)
    assert pictures == pytest.approx(list(range(pictures[0], pictures[-1] + 1)), abs=1)
    before, after = segments_of(asset)
    assert after.start_ticks - before.end_ticks == 0


def test_a_hub_message_opens_the_gate(bench: Bench, packets: list[Packet]) -> None:
    recording = bench.open(GATE, CLIPS)
    for packet in packets[:60]:
        recording.packet(packet)
    bench.clock.t_s = 5.0
    recording.trigger_at(None, "now")
    recording.trigger_at(START + timedelta(seconds=4.2), "earlier, but that comes too late: the window is 0 s")
    for packet in packets[60:]:
        recording.packet(packet)
    assert recording.close(60.0)
    (clip,) = bench.media.glob("*.mp4")
    assert clip.name == "clip-20260101T000004Z.mp4"
    assert bench.told[0].output.correlation_id == "now"


def test_an_event_that_is_faster_than_the_camera_is_waited_for(bench: Bench, packets: list[Packet]) -> None:
    recording = bench.open(replace(GATE, window_s=1.0), CLIPS)
    for packet in packets[:30]:
        recording.packet(packet)
    recording.trigger_at(START + timedelta(seconds=6.5))
    for packet in packets[30:]:
        recording.packet(packet)
    assert recording.close(60.0)
    assert numbers(bench.media / "clip-20260101T000005Z.mp4")[0] == 50


def test_what_lies_far_ahead_happens_now(bench: Bench, packets: list[Packet]) -> None:
    recording = bench.open(GATE, CLIPS)
    for packet in packets[:60]:
        recording.packet(packet)
    recording.trigger_at(START + timedelta(days=1000))
    for packet in packets[60:]:
        recording.packet(packet)
    assert recording.close(60.0)
    assert [clip.name for clip in bench.media.glob("*.mp4")] == ["clip-20260101T000004Z.mp4"]


def test_a_hundred_events_in_ten_seconds_give_one_clip(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(SignalGate(0.0, -5.0, 10.0, 60.0), CLIPS), packets, *(k / 10 for k in range(100)))
    (clip,) = bench.media.glob("*.mp4")
    assert numbers(clip) == pytest.approx(list(range(100)), abs=1)


@pytest.mark.parametrize(
    ("gate", "sink", "what"),
    [
        pytest.param(
            GATE, MediaNode("f", FileSink("/var/media/taken", "a-${System.DateTime}")), "cannot write", id="file"
        ),
        pytest.param(GATE, MediaNode("f", FileSink("/proc/1", "a-${System.DateTime}")), "cannot write", id="no folder"),
        pytest.param(GATE, MediaNode("f", FileSink("/var/media", "../${System.DateTime}")), "'..'", id="file escapes"),
        pytest.param(GATE, MediaNode("f", FileSink("/var/media", "${System.Time}")), "no variable", id="unknown"),
        pytest.param(GATE, MediaNode("f", FileSink("/m/${System.DateTime}", "a")), "changes with", id="folder of time"),
        pytest.param(None, MediaNode("a", AssetSink("../up")), "dot", id="asset escapes"),
        pytest.param(None, MediaNode("a", AssetSink("x", cache_folder="/var/media/taken")), "cannot write", id="cache"),
        pytest.param(SignalGate(offset_s=30.0), CLIPS, "leaves nothing", id="gate that never records"),
    ],
)
def test_what_cannot_be_recorded_is_told_at_once(bench: Bench, gate: SignalGate, sink: MediaNode, what: str) -> None:
    bench.media.mkdir()
    (bench.media / "taken").touch()
    with pytest.raises(ConfigError, match=what):
        bench.open(gate, sink)


def test_a_full_disk_is_told_and_leaves_nothing_half_done(bench: Bench, tmp_path: Path) -> None:
    noisy = packets_of(make_clip(tmp_path / "a.avi", "mjpeg", count=100, size=(640, 480)))
    recording = bench.open(GATE, CLIPS)
    with files_at_most(20_000):
        play(recording, noisy, 3.5)
    assert bench.events == [f"files: {what}" for what in ("RecordingStarted", "RecordingStopped", "StorageError")]
    assert {notice.output.location for notice in bench.told} == {"/var/media/clip-20260101T000002Z.mp4"}
    assert list(bench.media.glob("*clip*")) == []


def test_two_instances_may_record_the_same_moment_under_one_name(bench: Bench, packets: list[Packet]) -> None:
    recordings = [bench.open(GATE, MediaNode(name, CLIPS.spec)) for name in ("one", "two", "three")]
    for packet in packets:
        for recording in recordings:
            recording.packet(packet)
    for recording in recordings:
        recording.trigger(3.5)
    assert all(recording.close(60.0) for recording in recordings)
    stem = "clip-20260101T000002Z"
    assert sorted(clip.name for clip in bench.media.glob("*.mp4")) == [f"{stem}-1.mp4", f"{stem}-2.mp4", f"{stem}.mp4"]
    assert len({notice.output.location for notice in bench.told}) == 3


def test_a_recording_goes_on_when_nobody_can_be_told(bench: Bench, packets: list[Packet]) -> None:
    def nobody(_: Notice) -> None:
        raise SinkUnavailable("storage", "the outbox is on the full disk, too")

    store = Store(bench.folder / "assets")
    play(open_recording(NAMES, [ALWAYS], None, store, nobody, bench.clock), packets)
    assert len(shown(bench.asset("cvr-shop"))) == 100


def test_reordered_pictures_whose_decode_times_are_missing(bench: Bench, tmp_path: Path) -> None:
    reordered = packets_of(make_clip(tmp_path / "a.mkv", count=100, bframes=3))
    assert any(packet.dts is None for packet in reordered)
    play(bench.open(None, ALWAYS), reordered)
    assert shown(bench.asset("cvr-shop")) == pytest.approx(list(range(100)), abs=1)


KEYS = Keys(bytes(range(32)))


def test_sealed_recordings_are_seen_by_those_with_the_keys(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(GATE, CLIPS, ASSETS, ring=KEYS), packets, 3.5)
    clip, asset = bench.media / "clip-20260101T000002Z.mp4.enc", bench.asset("asset-20260101T000002Z")
    assert bench.events.count("files: RecordingAvailable") == bench.events.count("assets: RecordingAvailable") == 1
    secrets = [bytes(packet.data[-40:]) for packet in packets if len(packet.data) > 40]
    for file in (*asset.iterdir(), *bench.media.iterdir()):
        assert not any(secret in file.read_bytes() for secret in secrets)
        assert file.stat().st_mode & 0o077 == 0
    for unplayable in (clip, *asset.glob("*.m4s.enc")):
        with pytest.raises(av.FFmpegError):
            av.open(str(unplayable))
    export_clip(clip, bench.folder / "clip.mp4", KEYS)
    assert export_asset(asset, bench.folder / "asset.mp4", KEYS) == pytest.approx(4.0, abs=0.2)
    assert numbers(bench.folder / "clip.mp4") == numbers(bench.folder / "asset.mp4")
    assert numbers(bench.folder / "clip.mp4")[0] == 20
    with pytest.raises(UnknownKey):
        export_clip(clip, bench.folder / "stolen.mp4", Keys(bytes(32)))
    assert not (bench.folder / "stolen.mp4").exists()


def test_segments_that_were_exchanged_are_refused(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(None, ALWAYS, ring=KEYS), packets)
    asset = bench.asset("cvr-shop")
    first, second = segments_of(asset)[:2]
    (asset / first.file).rename(asset / "swap")
    (asset / second.file).rename(asset / first.file)
    (asset / "swap").rename(asset / second.file)
    with pytest.raises(NotSealed, match="altered or cut, or is not"):
        export_asset(asset, bench.folder / "whole.mp4", KEYS)


def test_a_stretch_of_an_asset(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(None, ALWAYS), packets)
    asset, target = bench.asset("cvr-shop"), bench.folder / "part.mp4"
    start = ticks_of(START + timedelta(seconds=4.5))
    export_asset(asset, target, None, Span(start, start + 2 * TICKS_PER_S))
    assert numbers(target)[0] == 40
    assert numbers(target)[-1] == pytest.approx(64, abs=2)
    with pytest.raises(NothingThere):
        export_asset(asset, bench.folder / "none.mp4", None, Span(0, 1))
    assert not list(bench.folder.glob("*none*"))


@pytest.mark.parametrize(
    ("days", "level", "words"),
    [
        (None, logging.WARNING, "until somebody deletes it"),
        (30, logging.WARNING, "for 30 days"),
        (3, logging.INFO, "for 3 days"),
    ],
)
def test_that_it_records_is_no_secret(
    bench: Bench, days: int | None, level: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert bench.open(GATE, CLIPS, ASSETS, retention_days=days).close(60.0)
    record = caplog.records[0]
    assert (record.levelno, record.getMessage()) == (level, f"shop: records video: files, assets; it is kept {words}")


def test_what_is_too_old_goes(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(GATE, CLIPS, ASSETS, retention_days=2), packets, 3.5)
    clip = bench.media / "clip-20260101T000002Z.mp4"
    os.utime(clip, (START.timestamp(), START.timestamp()))
    for days, is_kept in ((1.99, True), (2.01, False)):
        bench.clock.t_s = timedelta(days=days).total_seconds()
        play(bench.open(GATE, CLIPS, ASSETS, retention_days=2), packets[:1])
        assert clip.exists() is is_kept
        assert bench.asset("asset-20260101T000002Z").exists() is is_kept


def test_an_asset_that_goes_on_loses_what_is_too_old(bench: Bench, packets: list[Packet]) -> None:
    play(bench.open(None, ALWAYS, retention_days=1), packets)
    bench.clock.t_s = timedelta(days=1, seconds=5).total_seconds()
    play(bench.open(None, ALWAYS, retention_days=1), later(packets, bench.clock.t_s))
    asset = bench.asset("cvr-shop")
    starts_s = [one.start_ticks / TICKS_PER_S - START.timestamp() for one in segments_of(asset)]
    assert starts_s[:2] == pytest.approx([3.0, 6.0])
    assert len(starts_s) == 3 + 4
    assert sorted(file.name for file in asset.glob("index*")) == ["index-20260101.json", "index-20260102.json"]

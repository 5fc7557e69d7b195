"""The made-up day is the same for the same seed, can be replayed, and has people who come, pass and go."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from benchmarks.recorded_day import FPS, REGIONS, recorded_day

from footfall.cli.main import main
from footfall.events.tracks import read_tracks

MINUTES = 6


def day(seed: int) -> list[bytes]:
    return list(islice(recorded_day(seed, hours=MINUTES / 60), 100_000))


def test_a_seed_is_a_day() -> None:
    assert day(1) == day(1)
    assert day(1) != day(2)


def test_every_frame_is_there_with_people_who_come_and_go() -> None:
    frames = list(read_tracks(day(1), file="day"))
    assert [frame.frame for frame in frames] == list(range(round(MINUTES * 60 * FPS)))
    crowds = [len(frame.people) for frame in frames]
    assert min(crowds) == 0
    assert max(crowds) >= 2
    assert len({person.track_id for frame in frames for person in frame.people}) > 5


def test_two_replays_give_the_same_bytes(tmp_path: Path) -> None:
    tracks = tmp_path / "day.jsonl"
    tracks.write_bytes(b"".join(day(1)))
    told = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]
    assert [main(["replay", str(tracks), *REGIONS, f"--sink=jsonl:{path}"]) for path in told] == [0, 0]
    assert told[0].read_bytes() == told[1].read_bytes()
    assert len(told[0].read_bytes().splitlines()) > 20

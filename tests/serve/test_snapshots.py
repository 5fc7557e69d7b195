"""Pictures to learn from: consent before the first, caps over restarts, what is told, and where they end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.config.plan import Cut, GraphPlan, SnapshotSpec, SourceSpec, pipeline
from footfall.core.types import Frame, Observed, TrackObservation
from footfall.customvision.faults import Refused
from footfall.engine.items import Tracked
from footfall.serve.snapshot_ledger import SnapshotLedger
from footfall.serve.snapshots import Snapshots, _Taken
from servers.clock import SetClock

SPEC = SnapshotSpec("coats", "agreed on 1 May, notice at the door", "A. Meier", every_s=1.0, a_day=3, in_all=5)
ANN = TrackObservation("a" * 32, 0.0, 0, (0.25, 0.2, 0.5, 0.9), (0.4, 0.9), 0.9)
DAY_S = 86_400.0


@dataclass
class Studio:
    """Keeps what it is given; refuses where a test says so."""

    kept: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    forgotten: list[tuple[str, str, int]] = field(default_factory=list)
    refusal: Refused | None = None
    projects: set[str] = field(default_factory=lambda: {"coats", "hats"})

    def keep(self, project: str, jpeg: bytes, about: Mapping[str, str]) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.kept.append((project, jpeg, about))

    def has(self, project: str) -> bool:
        return project in self.projects

    def forget(self, project: str, camera: str, days: int) -> int:
        self.forgotten.append((project, camera, days))
        return 2


LAST = _Taken("", SPEC, np.zeros((1, 1, 3), np.uint8))


class Attended(Snapshots):
    """Tells when all pictures are worked off."""

    def work_off(self) -> None:
        self._has_come = threading.Event()
        self._box.put(LAST)
        assert self._has_come.wait(60)

    def _keep(self, taken: _Taken) -> None:
        if taken is LAST:
            self._has_come.set()
        else:
            super()._keep(taken)


@dataclass
class World:
    """A service's worth of what pictures need."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    studio: Studio = field(default_factory=Studio)
    audited: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    running: list[Attended] = field(default_factory=list)
    t_s: float = 0.0

    def start(self, *, connected: bool = True) -> Attended:
        snapshots = Attended(self.folder / "snapshots.json", self.clock, self._audit, self._note)
        if connected:
            snapshots.connect(self.studio)
        snapshots.start()
        self.running.append(snapshots)
        return snapshots

    def frames(self, tap: Callable[[object], None] | None, count: int, *people: TrackObservation) -> None:
        """So many frames, a bit more than a second apart; each is worked off before the next one."""
        assert tap is not None
        for _ in range(count):
            self.t_s += 1.1
            tap(tracked(self.t_s, *(people or (ANN,))))
            self.running[-1].work_off()

    def events(self) -> list[str]:
        return [event for event, _ in self.audited]

    def _audit(self, event: str, author: str, what: Mapping[str, object]) -> None:
        assert author == "footfall"
        self.audited.append((event, what))

    def _note(self, code: str, words: str) -> None:
        self.notes.pop(code, None)
        if words:
            self.notes[code] = words


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    for one in world.running:
        one.close()


def camera(spec: SnapshotSpec | None = SPEC, name: str = "door") -> GraphPlan:
    specs = [SourceSpec(name, "rtsp://10.0.0.7"), *([spec] if spec else [])]
    return GraphPlan(f"{name}/{name}", "", pipeline(specs))


def tracked(t_s: float, *people: TrackObservation) -> Tracked:
    image = np.full((180, 320, 3), 60, np.uint8)
    image[36:162, 80:160] = (0, 0, 255)
    utc = SetClock().now()
    frame = Frame("door", round(t_s * 10), t_s, utc, image, (320, 180))
    return Tracked(Observed("door", frame.index, t_s, utc, (320, 180), people), frame)


def test_off_by_default(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera(None)])
    assert snapshots.tap(camera(None)) is None
    assert (world.audited, world.notes, list(world.folder.iterdir())) == ([], {}, [])


def test_people_are_cut_out_and_sealed_with_word_of_where_they_are_from(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera()])
    world.frames(snapshots.tap(camera()), 1)
    ((project, jpeg, about),) = world.studio.kept
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert (project, picture.shape[:2]) == ("coats", (126, 80))
    assert picture[60, 40, 2] > 240
    assert about == {"camera": "door", "taken": world.clock.now().isoformat()}


def test_a_whole_picture_where_that_was_agreed(world: World) -> None:
    snapshots, graph = world.start(), camera(replace(SPEC, cut=Cut.PICTURE))
    snapshots.follow([graph])
    world.frames(snapshots.tap(graph), 1)
    picture = cv2.imdecode(np.frombuffer(world.studio.kept[0][1], np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (180, 320)


def test_consent_is_noted_before_the_first_picture_with_its_words(world: World) -> None:
    snapshots = world.start()
    world.frames(snapshots.tap(camera()), 1)
    assert world.studio.kept == []
    snapshots.follow([camera()])
    event, what = world.audited[0]
    assert event == "snapshots-on"
    assert what == {
        "camera": "door/door", "project": "coats", "consent": "agreed on 1 May, notice at the door",
        "given_by": "A. Meier", "cut": "people", "every_s": 1.0, "a_day": 3, "in_all": 5, "days": 30,
    }  # fmt: skip


def test_it_stops_at_the_cap_of_the_day_and_of_all(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera()])
    tap = snapshots.tap(camera())
    world.frames(tap, 5)
    assert len(world.studio.kept) == 3
    snapshots.tick()
    assert world.notes == {
        "snapshots-full:door": "pictures are kept for coats, by consent of A. Meier: 3 of 3 today, 3 of 5 in all; the "
        "3 of today are taken"
    }
    world.clock.t_s += DAY_S
    world.frames(tap, 4)
    world.clock.t_s += DAY_S
    world.frames(tap, 2)
    assert len(world.studio.kept) == 5
    snapshots.tick()
    assert "5 of 5 in all; all 5 are taken" in world.notes["snapshots-full:door"]
    assert [what["why"] for event, what in world.audited if event == "snapshots-full"] == [
        "the 3 of today are taken", "all 5 are taken",
    ]  # fmt: skip


def test_counts_outlive_a_restart_and_another_consent_begins_anew(world: World) -> None:
    first = world.start()
    first.follow([camera()])
    world.frames(first.tap(camera()), 3)
    first.close()
    again = world.start()
    again.follow([camera()])
    world.frames(again.tap(camera()), 2)
    assert len(world.studio.kept) == 3
    assert world.events().count("snapshots-on") == 1
    other = camera(replace(SPEC, consent="agreed once more"))
    again.follow([other])
    world.frames(again.tap(other), 1)
    assert len(world.studio.kept) == 4
    assert world.events().count("snapshots-on") == 2


def test_what_is_not_kept_does_not_count_and_why_is_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.studio.refusal = Refused("NotFoundProject", "there is no project coats")
    snapshots = world.start()
    snapshots.follow([camera()])
    tap = snapshots.tap(camera())
    world.frames(tap, 4)
    snapshots.tick()
    assert world.notes == {"snapshots-failed:door": "no pictures are taken to learn from: there is no project coats"}
    assert caplog.text.count("there is no project coats") == 1
    world.studio.refusal = None
    world.frames(tap, 1)
    snapshots.tick()
    assert "1 of 3 today, 1 of 5 in all" in world.notes["snapshots-on:door"]


def test_a_crash_before_a_picture_is_kept_has_counted_it(world: World) -> None:
    ledger, today = SnapshotLedger(world.folder / "snapshots.json"), world.clock.now().date()
    ledger.begin("door/door", SPEC, today)
    assert [ledger.take("door/door", SPEC, today) for _ in range(4)] == [True, True, True, False]
    again = SnapshotLedger(world.folder / "snapshots.json")
    assert not again.take("door/door", SPEC, today)


def test_switched_off_is_off_at_once_and_noted(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera()])
    tap = snapshots.tap(camera())
    snapshots.follow([camera(None)])
    world.frames(tap, 2)
    assert world.studio.kept == []
    assert world.events() == ["snapshots-on", "snapshots-erased", "snapshots-off"]
    assert world.notes == {}


def test_on_is_told_with_the_numbers(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera()])
    world.frames(snapshots.tap(camera()), 1)
    snapshots.tick()
    words = "pictures are kept for coats, by consent of A. Meier: 1 of 3 today, 1 of 5 in all"
    assert world.notes == {"snapshots-on:door": words}


def test_without_custom_vision_nothing_is_taken_and_that_is_told(world: World) -> None:
    snapshots = world.start(connected=False)
    snapshots.follow([camera()])
    world.frames(snapshots.tap(camera()), 1)
    assert "start with --customvision" in world.notes["snapshots-failed:door"]


def test_a_broken_ledger_takes_nothing(world: World) -> None:
    (world.folder / "snapshots.json").write_text("{")
    snapshots = world.start()
    snapshots.follow([camera()])
    world.frames(snapshots.tap(camera()), 1)
    assert world.studio.kept == []
    assert "snapshots.json is broken" in world.notes["snapshots-failed:door"]


def test_nobody_there_no_picture(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera()])
    tap = snapshots.tap(camera())
    assert tap is not None
    tap(tracked(1.0))
    tap(replace(tracked(2.0, ANN), frame=None))
    world.frames(tap, 0)
    assert world.studio.kept == []


def test_what_nobody_tags_is_erased_once_an_hour(world: World) -> None:
    snapshots = world.start()
    snapshots.follow([camera()])
    snapshots.tick()
    assert world.studio.forgotten == [("coats", "door", 30)]
    world.clock.t_s += 3600.0
    snapshots.tick()
    assert len(world.studio.forgotten) == 2
    assert world.events().count("snapshots-erased") == 2


def test_what_nobody_tags_is_erased_after_the_consent_has_ended_too(world: World) -> None:
    world.start().follow([camera()])
    world.running.pop().close()
    snapshots = world.start()
    for days in (5, 7):
        snapshots.follow([camera(replace(SPEC, project="hats", days=days))])
    world.clock.t_s += 3600.0
    snapshots.tick()
    assert world.studio.forgotten[-2:] == [("coats", "door", 30), ("hats", "door", 7)]
    snapshots.follow([])
    world.clock.t_s += 3600.0
    snapshots.tick()
    assert world.studio.forgotten[-2:] == [("coats", "door", 30), ("hats", "door", 7)]
    world.studio.projects.remove("hats")
    for _ in range(2):
        world.clock.t_s += 3600.0
        snapshots.tick()
    assert world.studio.forgotten[-2:] == [("coats", "door", 30)] * 2
    assert "hats" not in (world.folder / "snapshots.json").read_text()


def test_the_ledger_is_its_owners_alone_and_holds_no_words(world: World) -> None:
    ledger = SnapshotLedger(world.folder / "snapshots.json")
    ledger.begin("door/door", SPEC, world.clock.now().date())
    file = world.folder / "snapshots.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Meier" not in file.read_bytes()

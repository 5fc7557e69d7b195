"""Rules over the death of their process and over edits: nobody is counted twice, no visit ends by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.core.types import Observed, TrackObservation
from footfall.engine.items import Happened, Tracked
from footfall.engine.rules import SpatialNode
from footfall.engine.visits import VisitsFile
from footfall.simulator.boxes import simulate_boxes
from footfall.simulator.scene import SceneSpec
from footfall.spatial.insights import Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FPS = 10
HALL = Zone("hall", ((0.3, 0.3), (0.7, 0.3), (0.7, 0.9), (0.3, 0.9)), (ZoneCrossingRule(), DwellRule()))
DOOR = Line("door", (0.5, 0.2), (0.5, 1.0), (LineCrossingRule(),))
SPEC = SpatialSpec((HALL,), (DOOR,))
Place = tuple[float, float]
Path_ = Callable[[float], Place | None]


def stands(at: Place, begin_s: float = 0.0, end_s: float = 1e9) -> Path_:
    return lambda t_s: at if begin_s <= t_s < end_s else None


def walks(start: Place, speed: Place, begin_s: float = 0.0, end_s: float = 1e9) -> Path_:
    def at(t_s: float) -> Place | None:
        x, y = (p + v * (t_s - begin_s) for p, v in zip(start, speed, strict=True))
        return (x, y) if begin_s <= t_s < end_s and 0.0 < x < 1.0 else None

    return at


def paces(middle: Place) -> Path_:
    """To and fro in the hall, a body height in a second and a half."""
    return lambda t_s: (middle[0] + 0.12 * abs((t_s / 1.5) % 2.0 - 1.0) - 0.06, middle[1])


def tracked(paths: Sequence[Path_], t_s: float, *, born_s: float, life: str) -> Tracked:
    """What a camera sees at `t_s` of the story; its stream began at `born_s`."""
    frame, own_s = round((t_s - born_s) * FPS), t_s - born_s
    people = []
    for number, path in enumerate(paths):
        if (place := path(t_s)) is not None:
            x, y = place
            box = (x - 0.03, y - 0.25, x + 0.03, y)
            people.append(TrackObservation(f"{life}{number}", own_s, frame, box, place, 0.9))
    utc = NOON + timedelta(seconds=t_s)
    return Tracked(Observed("cam", frame, own_s, utc, (640, 360), tuple(people)))


@dataclass(frozen=True)
class Told:
    at_s: float
    """Of the story."""
    insight: Insight


def live(node: SpatialNode, paths: Sequence[Path_], begin_s: float, end_s: float, life: str) -> Iterator[Told]:
    """One life of the process; it is killed at the end."""
    for step in range(round((end_s - begin_s) * FPS)):
        item = tracked(paths, begin_s + step / FPS, born_s=begin_s, life=life)
        for happened in node.feed(item):
            yield from told(happened)


def told(happened: Happened) -> list[Told]:
    now = happened.observed
    now_s = (now.utc - NOON).total_seconds()
    return [Told(now_s + insight.t_s - now.t_s, insight) for insight in happened.insights]


def over_a_kill(paths: Sequence[Path_], folder: Path, *, kill_s: float, away_s: float, end_s: float) -> list[Told]:
    first = list(live(SpatialNode(SPEC, VisitsFile(folder, "cam")), paths, 0.0, kill_s, "a"))
    node = SpatialNode(SPEC, VisitsFile(folder, "cam"))
    second = list(live(node, paths, kill_s + away_s, end_s, "b"))
    return [*first, *second, *(one for happened in node.flush() for one in told(happened))]


def counts(found: Sequence[Told]) -> tuple[int, int, int, int]:
    """Enters, exits, visits, crossings."""
    kinds = [type(one.insight) for one in found]
    return kinds.count(ZoneEntered), kinds.count(ZoneExited), kinds.count(Dwelled), kinds.count(LineCrossed)


def dwells(found: Sequence[Told]) -> list[float]:
    return sorted(round(one.insight.dwell_s, 1) for one in found if isinstance(one.insight, Dwelled))


@pytest.mark.parametrize(
    ("paths", "away_s", "expected", "lengths"),
    [
        pytest.param([stands((0.4, 0.6))], 2.0, (1, 1, 1, 0), [11.9], id="stands on: one visit"),
        pytest.param([stands((0.4, 0.6))], 20.0, (1, 1, 1, 0), [29.9], id="stands on for long"),
        pytest.param([paces((0.4, 0.6))], 2.0, (1, 1, 1, 0), [11.9], id="paces about"),
        pytest.param([stands((0.4, 0.6)), stands((0.6, 0.6))], 2.0, (2, 2, 2, 0), [11.9, 11.9], id="two stand on"),
        pytest.param([stands((0.4, 0.6), 0.0, 5.5)], 2.0, (1, 1, 1, 0), [4.9], id="gone meanwhile: ends at last sight"),
        pytest.param(
            [stands((0.4, 0.6)), stands((0.6, 0.6), 0.0, 5.5)], 2.0, (2, 2, 2, 0), [4.9, 11.9], id="one of two is gone"
        ),
        pytest.param(
            [stands((0.4, 0.6)), walks((0.95, 0.6), (-0.09, 0.0), 7.0, 12.0)], 2.0, (2, 2, 2, 0), None, id="one comes"
        ),
        pytest.param([walks((0.4, 0.6), (-0.06, 0.0))], 2.0, (1, 1, 1, 0), None, id="walks out, seen outside"),
        pytest.param([walks((0.3, 0.6), (0.04, 0.0))], 2.0, (1, 1, 1, 1), None, id="crosses the line meanwhile"),
        pytest.param([walks((0.29, 0.6), (0.043, 0.0))], 0.5, (1, 1, 1, 1), None, id="killed on the line"),
        pytest.param([walks((0.38, 0.6), (0.03, 0.0))], 2.0, (1, 1, 1, 1), None, id="crossed just before"),
        pytest.param([stands((0.4, 0.6))], 45.0, (2, 2, 2, 0), [4.9, 4.9], id="too long away: a visit each"),
    ],
)
def test_a_kill_neither_ends_nor_doubles_anything(
    tmp_path: Path,
    paths: Sequence[Path_],
    away_s: float,
    expected: tuple[int, int, int, int],
    lengths: list[float] | None,
) -> None:
    found = over_a_kill(paths, tmp_path, kill_s=5.0, away_s=away_s, end_s=10.0 + away_s)
    assert counts(found) == expected, [one.insight for one in found]
    if lengths is not None:
        assert dwells(found) == pytest.approx(lengths, abs=1.0), "the last sight is known to a second"


def test_who_went_meanwhile_has_left_when_last_seen(tmp_path: Path) -> None:
    found = over_a_kill([stands((0.4, 0.6), 0.0, 5.5)], tmp_path, kill_s=5.0, away_s=3.0, end_s=16.0)
    [left] = [one for one in found if isinstance(one.insight, ZoneExited)]
    assert 3.9 <= left.at_s <= 4.95
    assert left.insight.side is None


def test_a_clean_end_leaves_nothing_behind(tmp_path: Path) -> None:
    node = SpatialNode(SPEC, VisitsFile(tmp_path, "cam"))
    list(live(node, [stands((0.4, 0.6))], 0.0, 5.0, "a"))
    assert list(tmp_path.iterdir())
    list(node.flush())
    assert list(tmp_path.iterdir()) == []


def test_a_torn_half_is_passed_by(tmp_path: Path) -> None:
    memory = VisitsFile(tmp_path, "cam")
    list(live(SpatialNode(SPEC, memory), [stands((0.4, 0.6))], 0.0, 5.0, "a"))
    whole = memory.load()
    newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    newest.write_bytes(newest.read_bytes()[:-3])
    older = memory.load()
    assert whole is not None
    assert older is not None
    assert older.utc < whole.utc


def test_a_folder_that_is_gone_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    node = SpatialNode(SPEC, VisitsFile(tmp_path / "gone", "cam"))
    found = list(live(node, [stands((0.4, 0.6))], 0.0, 5.0, "a"))
    assert counts(found) == (1, 0, 0, 0)
    assert caplog.text.count("open visits are not kept") == 1


ROOM = SpatialSpec(
    (Zone("middle", ((0.25, 0.2), (0.75, 0.2), (0.75, 0.9), (0.25, 0.9)), (ZoneCrossingRule(), DwellRule())),),
    (Line("across", (0.5, 0.0), (0.5, 1.0), (LineCrossingRule(),)),),
)


@pytest.mark.parametrize("seed", range(4))
def test_a_busy_room_over_a_kill_counts_as_without_one(tmp_path: Path, seed: int) -> None:
    """Simulated people walk about; the process is away for a second. Figures differ by those who came or went then."""
    scene = SceneSpec(duration_s=40.0, fps=10, size_px=(640, 360), people=6, seed=seed)
    frames = [
        [
            TrackObservation(one.id, truth.t_s, truth.frame, one.visible_box_n, one.foot_n, 0.9)
            for one in truth.people
            if one.visible_box_n is not None
        ]
        for truth in simulate_boxes(scene)
    ]

    def told_of(node: SpatialNode, begin: int, end: int, life: str) -> list[Insight]:
        found: list[Insight] = []
        for number in range(begin, end):
            own_s = (number - begin) / 10
            people = tuple(replace(p, track_id=life + p.track_id, t_s=own_s) for p in frames[number])
            utc = NOON + timedelta(seconds=number / 10)
            observed = Observed("cam", number, own_s, utc, (640, 360), people)
            found += [insight for happened in node.feed(Tracked(observed)) for insight in happened.insights]
        return found

    def tally(found: Sequence[Insight]) -> tuple[int, int]:
        return sum(isinstance(i, ZoneEntered) for i in found), sum(isinstance(i, LineCrossed) for i in found)

    whole = tally(told_of(SpatialNode(ROOM), 0, 400, "a"))
    first = told_of(SpatialNode(ROOM, VisitsFile(tmp_path, "cam")), 0, 200, "a")
    second = told_of(SpatialNode(ROOM, VisitsFile(tmp_path, "cam")), 210, 400, "b")
    broken = tally([*first, *second])
    assert abs(broken[0] - whole[0]) <= 1
    assert abs(broken[1] - whole[1]) <= 1
    assert whole[0] > 3


def change(spec: SpatialSpec, paths: Sequence[Path_], at_s: float, end_s: float) -> list[Told]:
    """The rules are changed while people go on."""
    node, heir = SpatialNode(SPEC), SpatialNode(spec)
    found = list(live(node, paths, 0.0, at_s, "a"))
    ending = node.hand_over(heir)
    found += told(ending) if ending else []
    for step in range(round(at_s * FPS), round(end_s * FPS)):
        for happened in heir.feed(tracked(paths, step / FPS, born_s=0.0, life="a")):
            found += told(happened)
    return [*found, *(one for happened in heir.flush() for one in told(happened))]


TILL = Zone("till", ((0.3, 0.4), (0.5, 0.4), (0.5, 0.8), (0.3, 0.8)), (ZoneCrossingRule(), DwellRule()))


@pytest.mark.parametrize(
    ("spec", "paths", "expected"),
    [
        pytest.param(replace(SPEC, lines=()), [stands((0.4, 0.6))], (1, 1, 1, 0), id="a line goes: the visit goes on"),
        pytest.param(replace(SPEC, zones=()), [stands((0.4, 0.6))], (1, 1, 1, 0), id="the zone goes, and the visit"),
        pytest.param(replace(SPEC, zones=(HALL, TILL)), [stands((0.4, 0.6))], (2, 2, 2, 0), id="another zone comes"),
        pytest.param(SPEC, [walks((0.29, 0.6), (0.043, 0.0))], (1, 1, 1, 1), id="changed while somebody crosses"),
        pytest.param(
            replace(SPEC, zones=(replace(HALL, polygon_n=((0.3, 0.3), (0.9, 0.3), (0.9, 0.9), (0.3, 0.9))),)),
            [stands((0.6, 0.6))],
            (1, 1, 1, 0),
            id="the zone grows",
        ),
        pytest.param(
            replace(SPEC, zones=(replace(HALL, polygon_n=((0.3, 0.3), (0.45, 0.3), (0.45, 0.9), (0.3, 0.9))),)),
            [stands((0.6, 0.6))],
            (1, 1, 1, 0),
            id="the zone shrinks: whoever is outside now leaves once",
        ),
    ],
)
def test_a_change_of_rules_ends_only_what_is_gone(
    spec: SpatialSpec, paths: Sequence[Path_], expected: tuple[int, int, int, int]
) -> None:
    found = change(spec, paths, 5.0, 10.0)
    assert counts(found) == expected, [one.insight for one in found]
    assert all(4.0 <= dwell_s <= 9.9 for dwell_s in dwells(found))


def test_totals_go_on_over_a_change_of_rules() -> None:
    node, heir = SpatialNode(SPEC), SpatialNode(replace(SPEC, lines=()))
    list(live(node, [stands((0.4, 0.6))], 0.0, 5.0, "a"))
    node.hand_over(heir)
    [happened] = heir.feed(tracked([stands((0.4, 0.6))], 5.0, born_s=0.0, life="a"))
    assert happened.ledger is not None
    assert happened.ledger.zones["hall"].enters.told == 1
    assert not happened.ledger.lines

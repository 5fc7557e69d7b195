"""Who is whom in one frame, round by round. The numbers are these tests' own; the usual ones are tuned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from footfall.track import camera
from footfall.track.cascade import Cascade
from footfall.track.settings import TrackerSettings
from footfall.track.tracks import TRACK, Sight

NOW_S, DT_S = 10.0, 0.1
SETTINGS: dict[str, float] = {
    "high": 0.6,
    "low": 0.2,
    "start": 0.75,
    "min_overlap_high": 0.2,
    "min_overlap_low": 0.4,
    "min_overlap_tentative": 0.25,
    "min_overlap_head": 0.4,
    "hidden_share": 0.3,
    "half_hidden_s": 0.3,
    "expand": 0.0,
    "expand_uncertainty": 0.0,
    "score_cost": 0.0,
    "lost_cost": 0.0,
    "doubtful_revival_s": 0.5,
    "revival_gate": 0.0,
    "revival_reach": 1.0,
    "revival_growth": 0.35,
    "revival_walk": 3.0,
    "contested_s": 0.7,
}
Place = tuple[float, float, float, float]
BODY: Place = (0.5, 0.5, 0.1, 0.2)
"""cx cy w h in image widths."""
ALL = np.s_[:]


def table(
    *places: Place, gap_s: float = DT_S, score: float = 1.0, tentative: Sequence[int] = (), var: float = 0.0
) -> np.ndarray:
    """People last seen where they are expected now, a frame ago."""
    tracks = np.zeros(len(places), TRACK)
    tracks["cxcywh"] = tracks["last_cxcywh"] = np.array(places).reshape(-1, 4)
    tracks["stature"] = tracks["cxcywh"][:, 3]
    tracks["id"] = [None if k in tentative else f"p{k}" for k in range(len(places))]
    tracks["seen_s"], tracks["score"], tracks["var"] = NOW_S - gap_s, score, var
    return tracks


def seen(*places: Place, score: float | Sequence[float] = 1.0, noise: float = 0.1) -> Sight:
    count = len(places)
    return Sight(
        np.arange(count), np.array(places).reshape(-1, 4), np.broadcast_to(score, count) * 1.0, np.full(count, noise)
    )


def pairs(tracks: np.ndarray, sight: Sight, **changes: float) -> set[tuple[int, int]]:
    """(track, detection) pairs."""
    settings = TrackerSettings(**{**SETTINGS, **changes})  # type: ignore[arg-type]
    rows, columns = Cascade(tracks, sight, NOW_S, DT_S, settings).match()
    assert len(set(rows.tolist())) == len(rows) == len(set(columns.tolist())) == len(columns)
    return set(zip(rows.tolist(), columns.tolist(), strict=True))


def beside(overlap: float, place: Place = BODY) -> Place:
    """As large, and so far to the right that the overlap is this."""
    x, y, w, h = place
    return x + w * (1.0 - overlap) / (1.0 + overlap), y, w, h


@pytest.mark.parametrize(
    ("who", "what", "changes", "least"),
    [
        pytest.param({}, {}, {}, 0.2, id="a trusted detection"),
        pytest.param({"gap_s": 0.4}, {}, {}, 0.2, id="after a while too"),
        pytest.param({}, {"score": 0.6}, {}, 0.2, id="just trusted"),
        pytest.param({}, {"score": 0.5}, {}, 0.4, id="a doubtful detection"),
        pytest.param({}, {"score": 0.2}, {}, 0.4, id="just not ignored"),
        pytest.param({"tentative": [0]}, {}, {}, 0.25, id="a tentative track"),
        pytest.param({"score": 0.5}, {}, {"score_cost": 0.4}, 0.4, id="scores differ by a half"),
        pytest.param({}, {"score": 0.75}, {"score_cost": 0.4}, 0.3, id="the other way round"),
        pytest.param({"gap_s": 0.2}, {}, {"lost_cost": 0.1}, 0.3, id="lost in the frame before"),
        pytest.param({"gap_s": 0.14}, {}, {"lost_cost": 0.1}, 0.2, id="not lost, only late"),
        pytest.param({"gap_s": 0.6}, {"score": 0.5}, {}, 0.4, id="lost for long, doubtful"),
    ],
)
def test_how_much_overlap_a_match_takes(
    who: dict[str, float], what: dict[str, float], changes: dict[str, float], least: float
) -> None:
    def is_matched(overlap: float) -> bool:
        return pairs(table(BODY, **who), seen(beside(overlap), **what), **changes) == {(0, 0)}

    assert is_matched(least + 0.01)
    assert not is_matched(least - 0.01)


@pytest.mark.parametrize(
    ("who", "score"),
    [
        pytest.param({}, 0.1, id="a detection hardly worth the name"),
        pytest.param({"tentative": [0]}, 0.5, id="a doubtful detection of somebody tentative"),
        pytest.param({"gap_s": 0.7}, 0.5, id="a doubtful detection of somebody lost for too long"),
    ],
)
def test_what_is_never_matched(who: dict[str, float], score: float) -> None:
    assert pairs(table(BODY, **who), seen(BODY, score=score)) == set()


def test_trusted_detections_are_given_away_first() -> None:
    assert pairs(table(BODY), seen(BODY, beside(0.5), score=[0.5, 0.9])) == {(0, 1)}


def test_people_come_before_tentative_tracks() -> None:
    assert pairs(table(BODY, beside(0.5), tentative=[0]), seen(BODY)) == {(1, 0)}
    assert pairs(table(BODY, beside(0.5), tentative=[0]), seen(BODY, score=0.5)) == {(1, 0)}


def test_nobody_and_nothing_match_nothing() -> None:
    assert pairs(table(), seen(BODY)) == set()
    assert pairs(table(BODY), seen()) == set()


@pytest.mark.parametrize(
    ("changes", "var", "gap_w", "meets"),
    [
        pytest.param({}, 0.0, -0.001, True, id="touching"),
        pytest.param({}, 0.0, 0.001, False, id="apart"),
        pytest.param({"expand": 0.1}, 0.0, 0.019, True, id="both a tenth larger on each side"),
        pytest.param({"expand": 0.1}, 0.0, 0.021, False, id="farther apart"),
        pytest.param({"expand_uncertainty": 0.2}, 0.25, 0.019, True, id="the same by uncertainty: 0.2 x 0.5"),
        pytest.param({"expand_uncertainty": 0.2}, 0.25, 0.021, False, id="no farther"),
        pytest.param({"expand": 0.1, "expand_uncertainty": 0.2}, 0.25, 0.039, True, id="both add up"),
        pytest.param({"expand": 0.1, "expand_uncertainty": 0.2}, 0.25, 0.041, False, id="and no more"),
    ],
)
def test_boxes_that_meet_when_expanded(changes: dict[str, float], var: float, gap_w: float, meets: bool) -> None:
    x, y, w, h = BODY
    found = pairs(table(BODY, var=var), seen((x + w + gap_w, y, w, h)), min_overlap_high=1e-6, **changes)
    assert found == ({(0, 0)} if meets else set())


def test_expansion_goes_by_the_uncertainty_across() -> None:
    x, y, w, h = BODY
    tracks = table(BODY)
    tracks["var"] = [0.25, 9.0, 9.0, 9.0]
    nearby = seen((x + w + 0.021, y, w, h))
    assert pairs(tracks, nearby, min_overlap_high=1e-6, expand_uncertainty=0.2) == set()


def test_boxes_that_do_not_meet_are_nobody_however_little_is_asked() -> None:
    assert pairs(table(BODY), seen((0.8, 0.5, 0.1, 0.2)), min_overlap_high=-0.5, min_overlap_head=-0.5) == set()


@pytest.mark.parametrize(
    ("who", "place", "what", "changes", "revived"),
    [
        pytest.param({}, (0.62, 0.5, 0.1, 0.2), {}, {}, True, id="beside where expected"),
        pytest.param({}, (0.62, 0.5, 0.1, 0.2), {"score": 0.74}, {}, False, id="not surely a person"),
        pytest.param({}, (0.62, 0.5, 0.1, 0.2), {"score": 0.75}, {}, True, id="just surely enough"),
        pytest.param({"tentative": [0]}, (0.62, 0.5, 0.1, 0.2), {}, {}, False, id="tentative tracks never"),
        pytest.param({}, (0.69, 0.5, 0.1, 0.2), {}, {}, True, id="nearly a body aside"),
        pytest.param({}, (0.71, 0.5, 0.1, 0.2), {}, {}, False, id="more than a body aside"),
        pytest.param({}, (0.62, 0.66, 0.1, 0.2), {}, {}, False, id="a diagonal as long as a body"),
        pytest.param({}, (0.62, 0.5, 0.1, 0.27), {}, {}, True, id="a third taller"),
        pytest.param({}, (0.62, 0.5, 0.1, 0.29), {}, {}, False, id="half as tall again"),
        pytest.param({}, (0.62, 0.5, 0.1, 0.148), {}, {}, True, id="a quarter shorter"),
        pytest.param({}, (0.62, 0.5, 0.1, 0.135), {}, {}, False, id="a third shorter"),
        pytest.param({"var": 0.0}, (0.62, 0.5, 0.1, 0.2), {}, {"revival_gate": 36.5}, True, id="0.6 bodies, noise 0.1"),
        pytest.param({"var": 0.0}, (0.62, 0.5, 0.1, 0.2), {}, {"revival_gate": 35.0}, False, id="too unlikely"),
    ],
)
def test_who_comes_back_without_overlap(
    who: dict[str, float], place: Place, what: dict[str, float], changes: dict[str, float], revived: bool
) -> None:
    tracks = table(BODY, **{"gap_s": 2.0, "var": 1.0, **who})  # type: ignore[arg-type]
    found = pairs(tracks, seen(place, **what), **{"revival_gate": 12.0, "revival_fade_s": 1e9, **changes})  # type: ignore[arg-type]
    assert found == ({(0, 0)} if revived else set())


@pytest.mark.parametrize(
    ("gap_s", "share"),
    [
        pytest.param(0.1, 1.0, id="seen in the frame before"),
        pytest.param(0.6, 0.5, id="missed for the time of fading: half"),
        pytest.param(0.35, 2 / 3, id="for half of it"),
        pytest.param(0.0, 1.0, id="seen at the same moment: no more than all"),
    ],
)
def test_the_longer_away_the_likelier_must_a_return_be(gap_s: float, share: float) -> None:
    """0.6 bodies off with a noise of 0.1 are a squared distance of 36."""
    for gate, revived in ((36.4 / share, {(0, 0)}), (35.6 / share, set())):
        tracks = table(BODY, gap_s=gap_s)
        found = pairs(tracks, seen((0.62, 0.5, 0.1, 0.2)), revival_gate=gate, revival_fade_s=0.5)
        assert found == revived


@pytest.mark.parametrize(("speed_w_s", "revived"), [(0.153, True), (0.157, False)], ids=["strolled", "walked"])
def test_walkers_do_not_wait_to_be_found(speed_w_s: float, revived: bool) -> None:
    """Two seconds at 0.155 widths a second, that have since faded by e^-2/3, are three bodies of 0.2."""
    tracks = table(BODY, gap_s=2.0, var=1.0)
    tracks["rate"][:, 0] = speed_w_s
    found = pairs(tracks, seen((0.62, 0.5, 0.1, 0.2)), revival_gate=12.0)
    assert found == ({(0, 0)} if revived else set())


@pytest.mark.parametrize(
    ("gap_s", "expected"),
    [
        pytest.param(0.6, {(0, 1)}, id="lost a moment ago: the nearest one"),
        pytest.param(0.8, set(), id="lost for longer: only if nobody else comes into question"),
    ],
)
def test_contested_revivals(gap_s: float, expected: set[tuple[int, int]]) -> None:
    tracks = table(BODY, gap_s=gap_s, var=1.0)
    assert pairs(tracks, seen((0.65, 0.5, 0.1, 0.2), (0.62, 0.5, 0.1, 0.2)), revival_gate=12.0) == expected


def test_who_is_matched_neither_comes_back_nor_is_come_back_to() -> None:
    tracks = table(BODY, (0.62, 0.5, 0.1, 0.2), gap_s=0.5, var=1.0)
    assert pairs(tracks, seen((0.62, 0.5, 0.1, 0.2)), revival_gate=12.0) == {(1, 0)}
    assert pairs(tracks[:1], seen(BODY, (0.62, 0.5, 0.1, 0.2)), revival_gate=12.0) == {(0, 0)}
    two = pairs(tracks, seen((0.62, 0.5, 0.1, 0.2), (0.38, 0.5, 0.1, 0.2)), revival_gate=12.0)
    assert two == {(1, 0), (0, 1)}


HEAD: Place = (0.5, 0.45, 0.1, 0.1)
"""The upper half of the body."""
FRONT: Place = (0.5, 0.6, 0.1, 0.2)
"""Somebody in front, from the body's middle to below its feet."""


def in_front(share: float) -> Place:
    """Somebody who covers this share of the lower half."""
    x, y, w, h = FRONT
    return x + w * (1.0 - share), y, w, h


@pytest.mark.parametrize(
    ("who", "places", "changes", "matched"),
    [
        pytest.param({}, [HEAD, FRONT], {}, True, id="somebody in front hides the rest"),
        pytest.param({}, [HEAD, in_front(0.35)], {}, True, id="more than three tenths of it"),
        pytest.param({}, [HEAD, in_front(0.25)], {}, False, id="less"),
        pytest.param({}, [HEAD, (0.9, 0.6, 0.1, 0.2)], {}, False, id="nobody there"),
        pytest.param({}, [HEAD], {}, False, id="nobody else at all"),
        pytest.param({"gap_s": 0.25}, [HEAD, FRONT], {}, True, id="seen a moment ago"),
        pytest.param({"gap_s": 0.35}, [HEAD, FRONT], {}, False, id="not seen lately"),
        pytest.param({"tentative": [0]}, [HEAD, FRONT], {}, False, id="somebody tentative"),
        pytest.param({}, [(0.5, 0.483, 0.1, 0.166), FRONT], {}, True, id="a sixth is missing"),
        pytest.param({}, [(0.5, 0.49, 0.1, 0.18), FRONT], {}, False, id="hardly anything is missing"),
        pytest.param({}, [beside(0.45, HEAD), FRONT], {}, True, id="a little aside"),
        pytest.param({}, [beside(0.35, HEAD), FRONT], {}, False, id="too far aside"),
        pytest.param({}, [beside(0.35, HEAD), FRONT], {"expand": 0.1}, True, id="expanded, it is near enough"),
    ],
)
def test_upper_parts_of_people_whom_others_hide(
    who: dict[str, float], places: list[Place], changes: dict[str, float], matched: bool
) -> None:
    settings = {"min_overlap_high": 0.9, "min_overlap_tentative": 0.9, **changes}
    assert ((0, 0) in pairs(table(BODY, **who), seen(*places), **settings)) is matched  # type: ignore[arg-type]


def test_who_was_hidden_already_may_stay_so() -> None:
    tracks = table(BODY)
    tracks["last_cxcywh"] = HEAD
    assert pairs(tracks, seen(HEAD, (0.9, 0.6, 0.1, 0.2)), min_overlap_high=0.9) == {(0, 0)}


def test_an_upper_part_with_nobody_else_in_the_picture_is_nobodys() -> None:
    tracks = table(BODY)
    tracks["last_cxcywh"] = HEAD
    assert pairs(tracks, seen(HEAD), min_overlap_high=0.9) == set()


FIVE: tuple[Place, ...] = tuple((0.1 + 0.18 * k, 0.3 + 0.05 * (k % 2), 0.1, 0.2) for k in range(5))


def followed(tracks: np.ndarray, shift: tuple[float, float]) -> np.ndarray:
    """What is known of people after everybody has shifted in the picture."""
    tracks["foot_y"], tracks["sure_foot_y"] = tracks["cxcywh"][:, 1] + 0.1, tracks["cxcywh"][:, 1] + 0.2
    there = [(x + shift[0], y + shift[1], w, h) for x, y, w, h in tracks["cxcywh"].tolist()]
    assert pairs(tracks, seen(*there)) == {(k, k) for k in range(len(tracks))}
    return tracks


@pytest.mark.parametrize("shift", [(0.01, -0.02), (-0.06, 0.05), (0.12, 0.0)], ids=["a jolt", "a leap", "far across"])
def test_the_tracks_move_with_the_camera(shift: tuple[float, float]) -> None:
    before, after = table(*FIVE), followed(table(*FIVE), shift)
    for field in ("cxcywh", "last_cxcywh"):
        assert after[field] == pytest.approx(before[field] + [*shift, 0.0, 0.0])
    assert after["foot_y"] == pytest.approx(before["cxcywh"][:, 1] + 0.1 + shift[1])
    assert after["sure_foot_y"] == pytest.approx(before["cxcywh"][:, 1] + 0.2 + shift[1])


@pytest.mark.parametrize(
    "tracks",
    [
        pytest.param(table(*FIVE[:3]), id="three people"),
        pytest.param(table(*FIVE, tentative=[0, 1]), id="three and two tentative ones"),
    ],
)
def test_the_camera_moves_only_where_four_people_say_so(tracks: np.ndarray) -> None:
    before = tracks["cxcywh"].copy()
    assert followed(tracks, (0.01, -0.02))["cxcywh"].tolist() == before.tolist()


def test_people_lost_from_sight_do_not_tell_where_the_camera_moves() -> None:
    tracks = table(*FIVE)
    tracks["seen_s"][:2] -= 0.2
    before = tracks["cxcywh"].copy()
    assert followed(tracks, (0.01, -0.02))["cxcywh"].tolist() == before.tolist()


def test_a_leap_is_looked_for_though_one_stands_by_chance_where_another_was_expected() -> None:
    places = (
        (0.1, 0.3, 0.1, 0.2),
        (0.3, 0.3, 0.1, 0.2),
        (0.15, 0.7, 0.1, 0.2),
        (0.2, 1.1, 0.1, 0.2),
        (0.25, 1.5, 0.1, 0.2),
    )
    after = followed(table(*places), (0.2, 0.0))
    assert after["cxcywh"][:, 0] == pytest.approx([0.3, 0.5, 0.35, 0.4, 0.45])


@pytest.mark.parametrize(
    ("people", "is_moved"),
    [pytest.param(3, False, id="three people are not four"), pytest.param(5, True, id="five people are enough")],
)
def test_who_is_found_twice_tells_once_where_the_camera_moves(people: int, is_moved: bool) -> None:
    tracks, shift = table(*FIVE[:people]), np.array([0.01, -0.01])
    places = [(x + shift[0], y + shift[1], w, h) for x, y, w, h in FIVE[:people]]
    x, y, w, h = places[0]
    pairs(tracks, seen(*places, (x + 0.001, y, w, h)))
    before = np.array(FIVE[:people])[:, :2]
    assert tracks["cxcywh"][:, :2] == pytest.approx(before + shift if is_moved else before)


def test_while_most_people_are_met_they_all_tell_how_far_the_camera_moved() -> None:
    """A sixth of a body height aside and more, not all by the same: no leap to where one of them is."""
    tracks, shifts = table(*FIVE), np.array([0.03, 0.034, 0.05, 0.03, 0.05])
    pairs(tracks, seen(*((x + shift, y, w, h) for (x, y, w, h), shift in zip(FIVE, shifts, strict=True))))
    moved = tracks["cxcywh"][:, :2] - np.array(FIVE)[:, :2]
    assert moved == pytest.approx(np.tile(camera.drift(np.stack([shifts, 0 * shifts], axis=1)), (5, 1)), abs=1e-9)


@pytest.mark.parametrize(
    ("met", "moved"), [pytest.param(3, 0.0, id="three of five"), pytest.param(2, 0.04, id="two of five")]
)
def test_a_leap_is_looked_for_where_fewer_than_three_fifths_are_met(met: int, moved: float) -> None:
    """All shift by 0.04: whoever is narrower than that is not met."""
    places = [(x, y, *((0.1, 0.2) if k < met else (0.03, 0.06))) for k, (x, y, _, _) in enumerate(FIVE)]
    tracks = table(*places)
    pairs(tracks, seen(*((x + 0.04, y, w, h) for x, y, w, h in places)))
    assert tracks["cxcywh"][:, 0] == pytest.approx(np.array(FIVE)[:, 0] + moved)

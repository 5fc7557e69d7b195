"""Storyboards of a place: people in, people out, mistakes, anchors, restarts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.spatial.interval import Estimate
from footfall.spatial.occupancy import Anchor, Door, Occupancy, Place, advance
from footfall.spatial.signs import Evidence, Sign, What

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=1)))
SHOP = Place("shop", (Door.of("front"), Door.of("back", is_turned=True)))
CLEAN = {Sign.TOLD: 1.0}


def passage(region: str, what: What) -> Evidence:
    return Evidence(region, what, 0.0, CLEAN)


RIGHT, LEFT = passage("front", What.RIGHT), passage("front", What.LEFT)
BACK_RIGHT, BACK_LEFT = passage("back", What.RIGHT), passage("back", What.LEFT)
ENTER, EXIT = passage("front", What.ENTER), passage("front", What.EXIT)


def after(place: Place, story: list[Evidence], start: Occupancy | None = None) -> Occupancy:
    return advance(place, start or Occupancy(), story, NOON)


@pytest.mark.parametrize(
    ("story", "people"),
    [
        pytest.param([], 0, id="nobody yet"),
        pytest.param([RIGHT, RIGHT, LEFT], 1, id="two in, one out"),
        pytest.param([RIGHT, BACK_RIGHT], 0, id="in at the front, out at the back"),
        pytest.param([BACK_LEFT, BACK_LEFT], 2, id="the back door is turned"),
        pytest.param([ENTER, ENTER, EXIT], 1, id="a zone is a door too"),
        pytest.param([LEFT, LEFT, LEFT], 0, id="never below nobody"),
        pytest.param([LEFT, LEFT, RIGHT], 1, id="who leaves an empty place was inside: the next one counts"),
        pytest.param([RIGHT, LEFT, LEFT, RIGHT, RIGHT], 2, id="and so does everybody after"),
        pytest.param([passage("till", What.ENTER), passage("front", What.VISIT)], 0, id="other regions, and visits"),
        pytest.param([replace(RIGHT, is_told=False)], 0, id="what was not told moves nobody"),
    ],
)
def test_how_many_are_inside(story: list[Evidence], people: int) -> None:
    assert after(SHOP, story).people == people
    one_by_one = Occupancy()
    for item in story:
        one_by_one = advance(SHOP, one_by_one, [item], NOON)
    assert one_by_one.people == people


def test_a_door_may_belong_to_one_camera() -> None:
    place = Place("shop", (Door.of("front", camera="east"),))
    assert advance(place, Occupancy(), [RIGHT], NOON, camera="west").people == 0
    assert advance(place, Occupancy(), [RIGHT], NOON, camera="east").people == 1


def test_doubts_at_doors_become_an_interval() -> None:
    doubtful = Evidence("front", What.RIGHT, 0.0, {Sign.TOLD: 1.0, Sign.COVERED: 1.0, Sign.HOLES: 1.0})
    unseen = Evidence("front", What.LEFT, 0.0, {Sign.PASSED: 1.0}, is_told=False)
    clean, vague = after(SHOP, [RIGHT] * 5), after(SHOP, [doubtful, unseen] * 5)
    assert clean.people == vague.people == 5
    assert clean.interval().high - clean.interval().low < vague.interval().high - vague.interval().low
    assert vague.interval().low < 4
    assert vague.estimate.told == 5


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return NOON.replace(hour=hour, minute=minute) + timedelta(days=days)


NIGHTLY = Place("shop", SHOP.doors, (Anchor(time(4)),))
EVENING = Place("shop", SHOP.doors, (Anchor(time(4)), Anchor(time(18), 7)))


@pytest.mark.parametrize(
    ("place", "moments", "people"),
    [
        pytest.param(NIGHTLY, [at(12), at(23)], 3, id="the same day: nothing happens"),
        pytest.param(NIGHTLY, [at(12), at(3, 59, 1)], 3, id="a minute before"),
        pytest.param(NIGHTLY, [at(12), at(4, 0, 1)], 0, id="at four in the morning nobody is there"),
        pytest.param(NIGHTLY, [at(12), at(9, 0, 3)], 0, id="away for days"),
        pytest.param(NIGHTLY, [at(5), at(5, 1)], 3, id="started after the anchor: not anchored backwards"),
        pytest.param(EVENING, [at(12), at(18, 1)], 7, id="seven in the evening"),
        pytest.param(EVENING, [at(12), at(5, 0, 1)], 0, id="of two the later counts"),
        pytest.param(EVENING, [at(12), at(1, 0, 1)], 7, id="past midnight: the evening before"),
        pytest.param(NIGHTLY, [at(12), at(11)], 3, id="a clock that goes back an hour"),
    ],
)
def test_anchors_by_the_clock(place: Place, moments: list[datetime], people: int) -> None:
    state = advance(place, Occupancy(), [RIGHT] * 3, moments[0])
    for moment in moments[1:]:
        state = advance(place, state, [], moment)
    assert state.people == people


def test_an_anchor_works_once_a_day() -> None:
    state = advance(NIGHTLY, Occupancy(), [RIGHT], at(12))
    state = advance(NIGHTLY, state, [RIGHT], at(4, 1, 1))
    assert advance(NIGHTLY, state, [RIGHT], at(4, 2, 1)).people == 2


def test_a_count_rule_can_be_the_anchor() -> None:
    place = Place("shop", SHOP.doors, (Anchor(time(18), zone="hall"),))
    state = advance(place, Occupancy(), [RIGHT] * 9, at(12))
    assert advance(place, state, [], at(18, 1)).people == 9, "not before the zone is known"
    assert advance(place, state, [], at(18, 1), {"hall": 4}).people == 4


def test_a_person_counts() -> None:
    state = after(SHOP, [RIGHT] * 9).anchored(11, NOON)
    assert (state.people, state.interval()) == (11, (11, 11))
    assert after(SHOP, [RIGHT], state).people == 12


def test_drift_is_learnt_from_anchors_and_taken_off() -> None:
    """One in twenty exits is missed: without anchors the place fills up with ghosts."""
    state, errors = Occupancy(), []
    for day in range(12):
        state = advance(NIGHTLY, state, [RIGHT] * 200 + [LEFT] * 190, at(22, 0, day))
        errors.append(state.people)
        state = advance(NIGHTLY, state, [], at(4, 1, day + 1))
        assert state.people == 0
    assert errors[0] == 10
    assert max(errors[6:]) <= 3
    assert state.rate == pytest.approx(10 / 390, rel=0.25)


def test_without_passages_nothing_is_learnt() -> None:
    assert Occupancy(5).anchored(11, NOON).drift == 0.0


def test_drift_has_limits() -> None:
    state = Occupancy(entered=10_000).anchored(0, NOON)
    assert state.rate == 0.2
    assert Occupancy(left=10_000).anchored(5000, NOON).rate == -0.2


@pytest.mark.parametrize(
    ("numbers", "what"),
    [
        pytest.param({"entered": -1}, "negative", id="people"),
        pytest.param({"since": datetime(2026, 1, 1)}, "time zone", id="a naive date"),  # noqa: DTZ001
    ],
)
def test_a_broken_state_is_refused(numbers: dict[str, object], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Occupancy(**numbers)  # type: ignore[arg-type]


def test_nobody_counts_fewer_than_nobody() -> None:
    with pytest.raises(ValueError, match="negative"):
        Occupancy().anchored(-1, NOON)


events = st.lists(
    st.tuples(
        st.sampled_from([RIGHT, LEFT, BACK_RIGHT, BACK_LEFT, ENTER, EXIT]),
        st.floats(0.0, 40_000.0),
        st.floats(0.0, 1.0),
        st.booleans(),
    ),
    max_size=40,
)


@given(events, st.integers(0, 40))
@settings(deadline=None)
def test_a_restart_changes_nothing_and_nobody_is_ever_owed(
    story: list[tuple[Evidence, float, float, bool]], stop: int
) -> None:
    """Written to JSON and read back at any moment, the place goes on exactly as if nothing had been."""
    whole = broken = Occupancy()
    now = NOON
    for number, (item, pause_s, doubt, is_told) in enumerate(story):
        if number == stop:
            broken = msgspec.json.decode(msgspec.json.encode(broken), type=Occupancy)
        now += timedelta(seconds=pause_s)
        seen = replace(item, signs={Sign.TOLD: 1.0, Sign.COVERED: doubt}, is_told=is_told)
        whole, broken = (advance(EVENING, state, [seen], now) for state in (whole, broken))
        assert whole.people >= 0
        assert whole.interval().low >= 0
    assert (broken.people, broken.interval(), broken.rate) == (whole.people, whole.interval(), whole.rate)
    assert replace(broken, since=None) == replace(whole, since=None)


def test_a_moment_is_kept_with_its_zone() -> None:
    state = Occupancy(since=NOON)
    read = msgspec.json.decode(msgspec.json.encode(state), type=Occupancy)
    assert read.since == NOON.astimezone(UTC)
    assert read.doubts == Estimate()

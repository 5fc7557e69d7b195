"""From evidence to a ledger of totals with intervals."""

from __future__ import annotations

import pytest

from footfall.spatial.certainty import WEIGHTS, Certainty, Ledger, weigh
from footfall.spatial.insights import (
    Counted,
    Direction,
    DistanceMeasured,
    Dwelled,
    Insight,
    LineCrossed,
    Proximity,
    ZoneEntered,
    ZoneExited,
)
from footfall.spatial.interval import Estimate
from footfall.spatial.operation import Operation
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    DwellRule,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
)
from footfall.spatial.signs import Evidence, Sign, What
from spatial.storyboard import between, person
from written import assert_as_written, in_json

SQUARE = ((0.5, 0.3), (0.9, 0.3), (0.9, 0.7), (0.5, 0.7))
HALL = Zone("hall", SQUARE, (CountRule(0.01), ZoneCrossingRule(0.01), DwellRule(0.01), DistanceRule(0.01)))
DOOR = Line("door", (0.5, 0.1), (0.5, 0.9), (LineCrossingRule(0.01),))
SPEC = SpatialSpec((HALL,), (DOOR,))
IN_AND_OUT = [*between((0.3, 0.5), (0.7, 0.5), 20), *between((0.7, 0.5), (0.3, 0.5), 20)]


def live(certainty: Certainty, spec: SpatialSpec, start: int = 0) -> list[Insight]:
    """Ann walks in and out again; the stream ends."""
    operation, told = Operation(spec, 1.0), []
    for frame, foot in enumerate(IN_AND_OUT, start):
        seen = [person("ann", foot, frame / 10, frame)]
        told += certainty.step(seen, frame / 10, 1.0, operation.step(seen, frame / 10, frame))
    return told + certainty.flush(operation.flush())


def test_every_insight_is_marked_and_the_ledger_agrees_with_the_totals() -> None:
    certainty = Certainty(SPEC)
    told = live(certainty, SPEC)
    passages = [i for i in told if isinstance(i, LineCrossed | ZoneEntered | ZoneExited | Dwelled)]
    assert [type(i) for i in passages].count(LineCrossed) == 2
    assert all(i.certainty is not None and 0.8 < i.certainty <= 1.0 for i in passages)
    counts = [i for i in told if isinstance(i, Counted)]
    assert [i.count for i in counts] == [0, 1, 0]
    assert all(i.interval is not None and i.interval.low <= i.count <= i.interval.high for i in counts)
    hall, door = certainty.ledger.zones["hall"], certainty.ledger.lines["door"]
    assert (door.right.told, door.left.told) == (1, 1)
    assert (hall.enters.told, hall.exits.told, hall.visits.told, hall.now.told) == (1, 1, 1, 0)
    assert hall.dwell_s == pytest.approx(2.0, abs=0.2)
    interval = hall.mean_dwell_s()
    assert interval is not None
    assert interval[0] <= hall.dwell_s <= interval[1]


def test_what_happened_is_the_same_with_and_without_a_mark() -> None:
    operation, plain = Operation(SPEC, 1.0), []
    for frame, foot in enumerate(IN_AND_OUT):
        plain += operation.step([person("ann", foot, frame / 10, frame)], frame / 10, frame)
    assert live(Certainty(SPEC), SPEC) == plain + operation.flush()


def test_a_stream_that_starts_again_goes_on_in_the_same_ledger() -> None:
    certainty = Certainty(SPEC)
    live(certainty, SPEC)
    live(certainty, SPEC)
    assert certainty.ledger.lines["door"].left.told == 2
    assert certainty.flush([]) == []


def test_without_a_count_rule_who_is_there_follows_from_entries_and_exits() -> None:
    zone = Zone("hall", SQUARE, (ZoneCrossingRule(0.01),))
    certainty, operation = Certainty(SpatialSpec((zone,), ())), Operation(SpatialSpec((zone,), ()), 1.0)
    for frame, foot in enumerate(IN_AND_OUT[:20]):
        seen = [person("ann", foot, frame / 10, frame)]
        certainty.step(seen, frame / 10, 1.0, operation.step(seen, frame / 10, frame))
    assert certainty.ledger.zones["hall"].now.told == 1
    certainty.flush(operation.flush())
    assert certainty.ledger.zones["hall"].now.told == 0


@pytest.mark.parametrize("what", list(What))
def test_more_signs_never_make_anything_surer(what: What) -> None:
    clean = weigh(Evidence("r", what, 0.0, {Sign.TOLD: 1.0}))
    for sign in Sign:
        doubtful = weigh(Evidence("r", what, 0.0, {Sign.TOLD: 1.0, sign: 1.0}))
        assert doubtful.extra >= clean.extra
        assert doubtful.missed >= clean.missed


def test_nothing_told_is_surely_false() -> None:
    dreadful = weigh(Evidence("r", What.ENTER, 0.0, dict.fromkeys(Sign, 5.0)))
    assert dreadful.told == 1
    assert 0.5 < dreadful.extra <= 0.9


def test_what_was_not_told_only_adds() -> None:
    unseen = weigh(Evidence("r", What.VISIT, 0.0, {Sign.STAYED: 1.0}, is_told=False))
    assert (unseen.told, unseen.extra) == (0, 0.0)
    assert unseen.missed > 0.5


def test_every_weight_is_at_least_nothing_and_every_sign_matters_somewhere() -> None:
    used = {sign for pair in WEIGHTS.values() for weights in pair for sign, weight in weights.items() if weight > 0.0}
    assert all(weight >= 0.0 for pair in WEIGHTS.values() for weights in pair for weight in weights.values())
    assert used == set(Sign)


def test_what_every_sign_weighs() -> None:
    """How much of what was told is doubted, and how many more are expected."""
    said = []
    for what in What:
        for sign in Sign:
            found = weigh(Evidence("r", what, 0.0, {sign: 1.0}))
            if found.extra or found.missed:
                said.append(in_json(what, sign, found.extra, found.missed))
    assert_as_written("spatial/certainty-weights", said)


@pytest.mark.parametrize(("number", "share"), [(1, 0.424), (2, 0.212)])
def test_doubts_about_several_told_are_shared_by_them(number: int, share: float) -> None:
    """Each of them is false with the same probability, whatever the others are."""
    found = weigh(Evidence("r", What.ENTER, 0.0, {Sign.FAINT: 1.0}, number=number))
    assert (found.told, found.extra) == (number, pytest.approx(0.424))
    assert found.extra_variance == pytest.approx(number * share * (1.0 - share))


def test_where_a_count_rule_tells_who_is_there_entries_do_not() -> None:
    ledger, entered = Ledger.of(SPEC), Evidence("hall", What.ENTER, 0.0, {Sign.TOLD: 1.0})
    ledger.add([entered])
    assert ledger.zones["hall"].now.told == 1
    ledger.count("hall", Estimate(3))
    ledger.add([entered])
    assert (ledger.zones["hall"].now, ledger.zones["hall"].enters.told) == (Estimate(3), 2)


def test_a_count_allows_for_who_was_lost_sight_of() -> None:
    """Ann stands in the hall; Bob, who stood beside her, was just lost there."""
    spec = SpatialSpec((Zone("hall", SQUARE, (CountRule(0.01),)),), ())
    certainty, operation, told = Certainty(spec), Operation(spec, 1.0), []
    for frame in range(40):
        people = [person("ann", (0.6, 0.5), frame / 10, frame), person("bob", (0.75, 0.5), frame / 10, frame)]
        del people[1 if frame > 19 else 2 :]
        told += certainty.step(people, frame / 10, 1.0, operation.step(people, frame / 10, frame))
    now, last = certainty.ledger.zones["hall"].now, told[-1]
    assert isinstance(last, Counted)
    assert (now.told, last.count, last.interval) == (1, 1, now.interval())
    assert now.missed > 0.5


def test_a_ledger_begins_with_nothing_for_everything() -> None:
    ledger = Ledger.of(SPEC)
    assert ledger.lines["door"].right.interval() == (0, 0)
    assert ledger.zones["hall"].mean_dwell_s() is None


def test_distances_are_passed_on_as_they_are() -> None:
    distance = DistanceMeasured("hall", 0.0, 0, Trigger.EVENT, Proximity.TOO_CLOSE, 2, 1.0, 1.0, 2.0, ())
    certainty = Certainty(SPEC)
    assert certainty.step([], 0.0, 1.0, [distance]) == [distance]
    assert certainty.evidence == ()


def test_a_stream_that_never_began_ends_without_a_word() -> None:
    assert Certainty(SPEC).flush([]) == []


def test_what_was_not_told_cannot_be_false() -> None:
    unseen = Evidence("door", What.RIGHT, 0.0, {Sign.FAINT: 1.0, Sign.PASSED: 1.0}, is_told=False)
    assert (weigh(unseen).told, weigh(unseen).extra) == (0, 0.0)
    assert weigh(unseen).missed > 0.0


def test_visits_are_summed_up_with_their_squares() -> None:
    ledger, ann = Ledger.of(SPEC), person("ann", (0.5, 0.5))
    assert (ledger.zones["hall"].dwell_s, ledger.zones["hall"].squares_s2) == (0.0, 0.0)
    for seconds in (3.0, 5.0):
        ledger.dwell(Dwelled("hall", 9.0, ann, None, seconds, 9))
    assert (ledger.zones["hall"].dwell_s, ledger.zones["hall"].squares_s2) == (8.0, 34.0)


def test_after_the_end_nothing_is_known_of_the_stream() -> None:
    certainty = Certainty(SPEC)
    live(certainty, SPEC)
    late = [LineCrossed("door", 9.0, person("ann", (0.5, 0.5)), Direction.LEFT_TO_RIGHT)]
    assert [item.certainty for item in certainty.flush(late) if isinstance(item, LineCrossed)] == [None]


def test_a_ledger_goes_on_in_what_is_still_there() -> None:
    """The door stays, the hall goes, a shop comes."""
    before = Certainty(SPEC)
    live(before, SPEC)
    shop = Zone("shop", SQUARE, HALL.rules)
    ledger = Certainty(SpatialSpec((shop,), (DOOR, Line("gate", (0.1, 0.1), (0.1, 0.9), ()))), before.ledger).ledger
    assert ledger.lines["door"] == before.ledger.lines["door"]
    assert ledger.lines["door"].left.told == 1
    assert ledger.lines["gate"].left.told == 0
    assert (list(ledger.lines), list(ledger.zones)) == (["door", "gate"], ["shop"])
    assert ledger.zones["shop"].enters.told == 0
    assert Certainty(SPEC, before.ledger).ledger.zones["hall"] == before.ledger.zones["hall"]
    assert Certainty(SPEC).ledger.zones["hall"].enters.told == 0

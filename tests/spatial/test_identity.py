from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.identity import Identity
from footfall.spatial.insights import Direction, Dwelled, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from spatial.storyboard import WIDE_PICTURE, between, person, play

HALL = Zone("hall", ((0.2, 0.4), (0.8, 0.4), (0.8, 0.9), (0.2, 0.9)), (ZoneCrossingRule(0.025), DwellRule(0.025)))
DOOR = Line("door", (0.0, 0.4), (1.0, 0.4), (LineCrossingRule(),))
FPS = 10.0


def keys(frames, fps=FPS, forget_after_s=3.0):
    """Track id -> key it had last; frames map track ids to foot points or ready observations."""
    identity = Identity(forget_after_s, 1.0)
    last = {}
    for k, people in enumerate(frames):
        seen = [foot if not isinstance(foot, tuple) else person(i, foot, k / fps, k) for i, foot in people.items()]
        last |= {sighting.person.track_id: sighting.key for sighting in identity.step(seen, k / fps)}
    return last


def walk(track_id, start, end, steps):
    return [{track_id: point} for point in between(start, end, steps)]


@pytest.mark.parametrize(
    ("frames", "goes_on"),
    [
        pytest.param([{"a": (0.5, 0.6)}] * 5 + [{"b": (0.51, 0.6)}], True, id="stands, id changes from frame to frame"),
        pytest.param(
            [{"a": (0.5, 0.6)}] * 5 + [{}] * 10 + [{"b": (0.52, 0.6)}], True, id="stands, unseen for a second"
        ),
        pytest.param(
            walk("a", (0.2, 0.6), (0.3, 0.6), 10) + [{}] * 10 + [{"b": (0.41, 0.6)}], True, id="walks on while unseen"
        ),
        pytest.param(
            walk("a", (0.2, 0.6), (0.3, 0.6), 10) + [{}] * 10 + [{"b": (0.31, 0.6)}], True, id="stops while unseen"
        ),
        pytest.param(
            walk("a", (0.2, 0.6), (0.3, 0.6), 10) + [{}] * 10 + [{"b": (0.17, 0.6)}],
            False,
            id="somebody comes from behind",
        ),
        pytest.param(
            [{"a": (0.5, 0.6)}] * 5 + [{"b": (0.6, 0.6)}], False, id="somebody appears half a body away at once"
        ),
        pytest.param([{"a": (0.5, 0.6)}] * 5 + [{}] * 31 + [{"b": (0.5, 0.6)}], False, id="after too long"),
        pytest.param(
            [{"a": (0.5, 0.6)}] * 5 + [{"a": (0.5, 0.6), "b": (0.5, 0.6)}], False, id="the old one is still there"
        ),
        pytest.param(
            walk("a", (0.8, 0.6), (0.98, 0.6), 10) + [{}] * 5 + [{"b": (0.98, 0.6)}],
            False,
            id="one walks out of the picture, one comes in",
        ),
        pytest.param(
            [{"a": (0.5, 0.6)}] * 5 + [{"b": person("b", (0.5, 0.6), box_n=(0.49, 0.5, 0.51, 0.6))}],
            False,
            id="a child where an adult was",
        ),
        pytest.param(
            [{"a": (0.5, 0.6)}] * 5 + [{"b": person("b", (0.5, 0.6), box_n=(0.49, 0.6, 0.51, 0.6))}],
            False,
            id="a box without height",
        ),
        pytest.param(
            [{"a": (0.49, 0.6), "x": (0.51, 0.6)}] * 5 + [{"b": (0.5, 0.6)}], False, id="two are lost: who is it?"
        ),
        pytest.param(
            [{"a": (0.5, 0.6)}] * 5 + [{"b": (0.49, 0.6), "y": (0.51, 0.6)}], False, id="two are new: who is it?"
        ),
        pytest.param(
            [{"a": (0.5, 0.6), "x": (0.54, 0.6)}] * 5 + [{"b": (0.5, 0.6), "y": (0.54, 0.6)}],
            True,
            id="two at once, each its own",
        ),
    ],
)
def test_who_goes_on_as_whom(frames, goes_on):
    found = keys(frames)
    assert (found["a"] == found["b"]) is goes_on


def test_a_lost_track_that_returns_after_its_heir_is_a_newcomer():
    found = keys([{"a": (0.5, 0.6)}] * 3 + [{"b": (0.5, 0.6)}] * 3 + [{"a": (0.52, 0.6), "b": (0.5, 0.6)}])
    assert found["a"] != found["b"]


def test_two_who_exchange_their_ids_keep_their_places():
    found = keys([{"a": (0.3, 0.6), "b": (0.6, 0.6)}] * 5 + [{"a": (0.6, 0.6), "b": (0.3, 0.6)}])
    before = keys([{"a": (0.3, 0.6), "b": (0.6, 0.6)}] * 5)
    assert (found["a"], found["b"]) == (before["b"], before["a"])


def test_two_who_pass_each_other_closely_have_not_exchanged_their_ids():
    frames = [{"a": (0.5, 0.6), "b": (0.54, 0.6)}] * 5
    assert keys([*frames, {"a": (0.54, 0.6), "b": (0.5, 0.6), "c": (0.9, 0.9)}])["a"] == keys(frames)["a"]


def test_of_who_exchange_their_ids_nobody_is_gone():
    identity = Identity(3.0, 1.0)
    for k in range(5):
        identity.step([person("a", (0.3, 0.6)), person("b", (0.6, 0.6))], k / 10)
    seen = identity.step([person("b", (0.3, 0.6)), person("a", (0.6, 0.6))], 0.5)
    assert [trace.key for trace in seen] == [1, 2]
    assert identity.gone == []


def test_people_come_in_the_order_of_their_arrival():
    identity, ann, bob = Identity(3.0, 1.0), person("ann", (0.3, 0.6)), person("bob", (0.6, 0.6))
    identity.step([ann, bob], 0.0)
    assert [trace.person.track_id for trace in identity.step([bob, ann], 0.1)] == ["ann", "bob"]


@pytest.mark.parametrize("names", [("ann", "bob"), ("bob", "ann")])
def test_people_who_arrive_together_come_from_left_to_right_whatever_their_ids_are(names):
    left, right = (person(name, (x, 0.6)) for name, x in zip(names, (0.3, 0.6), strict=True))
    for people in ([left, right], [right, left]):
        assert [trace.person.track_id for trace in Identity(3.0, 1.0).step(people, 0.0)] == list(names)


def test_who_jumps_alone_to_where_somebody_was_lost_stays_who_it_was():
    found = keys([{"a": (0.3, 0.6), "b": (0.6, 0.6)}] * 5 + [{"a": (0.6, 0.6)}])
    assert found["a"] != found["b"]


def test_people_are_forgotten_when_the_time_is_over_and_not_before():
    identity = Identity(3.0, 1.0)
    [trace] = identity.step([person("ann", (0.5, 0.6))], 0.0)
    assert identity.step([], 3.0) == []
    assert identity.gone == []
    identity.step([], 3.125)
    assert identity.gone == [trace.key]
    identity.step([], 3.25)
    assert identity.gone == []


def test_who_is_waited_for_is_forgotten_later():
    identity = Identity(3.0, 1.0)
    ann, bob = identity.step([person("ann", (0.3, 0.6)), person("bob", (0.7, 0.6))], 0.0)
    assert identity.wait_for(["ann", "nobody"], 10.0) == {"ann": ann.key}
    identity.step([], 3.125)
    assert identity.gone == [bob.key]
    assert identity.known() == [ann]
    identity.step([], 10.0)
    assert identity.gone == []
    identity.step([], 10.125)
    assert identity.gone == [ann.key]
    assert identity.known() == []


def awaited(**people):
    """People of another life, last seen at 0.1, for whom is waited until 9.0; their keys."""
    identity = Identity(3.0, 1.0)
    for t_s in (0.0, 0.1):
        seen = identity.step([person(name, foot, t_s) for name, foot in people.items()], t_s)
    identity.wait_for([name for name in people if name != "stranger"], 9.0)
    return identity, {trace.person.track_id: trace.key for trace in seen}


def test_who_is_waited_for_may_turn_up_anywhere_near():
    identity, known = awaited(ann=(0.3, 0.6), bob=(0.7, 0.6))
    new, old = identity.step([person("new", (0.45, 0.6), 2.0), person("bob", (0.7, 0.6), 2.0)], 2.0)
    assert (new.key, new.person.track_id) == (known["ann"], "new")
    assert old.key == known["bob"]
    assert identity.gone == []
    assert [trace.key for trace in identity.known()] == sorted(known.values())


def test_nobody_is_waited_for_who_is_back():
    identity, known = awaited(ann=(0.3, 0.6))
    assert [t.key for t in identity.step([person("new", (0.4, 0.6), 2.0)], 2.0)] == [known["ann"]]
    later = identity.step([person("third", (0.7, 0.6), 4.0)], 4.0)
    assert known["ann"] not in [trace.key for trace in later]
    identity.step([], 6.0)
    assert identity.gone == [known["ann"]]


def test_who_goes_on_in_place_is_waited_for_no_longer():
    identity, known = awaited(ann=(0.3, 0.6))
    assert [t.key for t in identity.step([person("new", (0.3, 0.6), 0.2)], 0.2)] == [known["ann"]]
    identity.step([], 4.0)
    assert identity.gone == [known["ann"]]


def test_strangers_are_not_waited_for():
    identity, known = awaited(ann=(0.1, 0.6), stranger=(0.6, 0.6))
    [new] = identity.step([person("new", (0.75, 0.6), 2.0)], 2.0)
    assert new.key not in known.values()


def test_a_newcomer_in_the_very_place_leaves_the_awaited_to_the_next():
    identity, known = awaited(ann=(0.3, 0.6), bob=(0.36, 0.6))
    people = [person("x", (0.3, 0.6), 0.2), person("y", (0.4, 0.6), 0.2), person("z", (0.41, 0.6), 0.2)]
    seen = {trace.person.track_id: trace.key for trace in identity.step(people, 0.2)}
    assert seen["x"] == known["ann"]
    assert seen["y"] == known["bob"]
    assert seen["z"] not in known.values()


def test_who_has_found_a_heir_in_place_is_not_looked_for_elsewhere():
    identity, known = awaited(ann=(0.3, 0.6), bob=(0.4, 0.6))
    [new] = identity.step([person("new", (0.3, 0.6), 0.2)], 0.2)
    assert new.key == known["ann"]


@pytest.mark.parametrize("place", [(0.4, 0.6), (0.39, 0.6)], ids=["surely", "nearer to who is waited for"])
def test_somebody_known_who_jumps_is_not_somebody_who_was_waited_for(place):
    identity, known = awaited(bob=(0.3, 0.6), stranger=(0.55, 0.6))
    people = [person("stranger", place, 2.0), person("new", (0.9, 0.9), 2.0)]
    assert identity.step(people, 2.0)[0].key == known["stranger"]


def test_people_are_forgotten_one_by_one():
    identity, moments = Identity(3.0, 1.0), {"ann": 0.0, "bob": 0.125, "cat": 0.5, "dan": 2.0}
    known = {}
    for n, (name, t_s) in enumerate(moments.items()):
        [trace] = identity.step([person(name, (0.2 + 0.2 * n, 0.6), t_s)], t_s)
        known[trace.key] = name
    gone = {}
    for t_s in (3.0, 3.125, 3.25, 3.5, 3.75, 5.0, 5.125):
        identity.step([], t_s)
        gone[t_s] = [known[key] for key in identity.gone]
    assert gone == {3.0: [], 3.125: ["ann"], 3.25: ["bob"], 3.5: [], 3.75: ["cat"], 5.0: [], 5.125: ["dan"]}


def test_of_two_boxes_with_one_id_the_surer_one_is_meant():
    here, there = person("ann", (0.5, 0.6), score=0.4), person("ann", (0.7, 0.6), score=0.8)
    for people in ([here, there], [there, here]):
        [trace] = Identity(3.0, 1.0).step(people, 0.0)
        assert trace.person is there


@pytest.mark.parametrize(
    "nobody",
    [
        pytest.param(person("", (0.5, 0.6)), id="no id yet"),
        pytest.param(person("-1", (0.5, 0.6)), id="the id of nobody"),
        pytest.param(person("ann", (float("nan"), 0.6), box_n=(0.4, 0.4, 0.5, 0.6)), id="feet nowhere"),
        pytest.param(person("ann", (0.5, 0.6), box_n=(0.4, 0.4, float("inf"), 0.6)), id="a box without end"),
    ],
)
def test_who_is_nobody(nobody):
    assert Identity(3.0, 1.0).step([nobody], 0.0) == []


def test_who_jumps_into_the_place_of_somebody_lost_leaves_nothing_behind() -> None:
    identity = Identity(3.0, 1.0)
    for k in range(5):
        identity.step([person("a", (0.2, 0.6), k / FPS, k), person("c", (0.8, 0.6), k / FPS, k)], k / FPS)
    seen = identity.step([person("a", (0.8, 0.6), 0.5, 5), person("z", (0.5, 0.9), 0.5, 5)], 0.5)
    assert [(trace.person.track_id, trace.key) for trace in seen] == [("a", 2), ("z", 3)]
    assert identity.gone == [1]
    assert [trace.key for trace in identity.step([person("a", (0.8, 0.6), 0.6, 6)], 0.6)] == [2]
    assert identity.gone == []


def test_ids_that_flip_back_keep_the_person():
    found = keys([{"a": (0.5, 0.6)}] * 3 + [{"b": (0.5, 0.6)}] * 3 + [{"a": (0.5, 0.6)}] * 3)
    assert found["a"] == found["b"]


def switching(path, every):
    """One person whose track id changes every so many frames."""
    return [{f"id{k // every}": point} for k, point in enumerate(path)]


@pytest.mark.parametrize("every", [4, 7, 10, 25])
def test_a_crossing_survives_switches(every):
    path = between((0.5, 0.2), (0.5, 0.7), 40)
    told = play(SpatialSpec(lines=(DOOR,)), switching(path, every), fps=FPS)
    assert [i.direction for i in told] == [Direction.LEFT_TO_RIGHT]
    assert told[0].person.t_s == pytest.approx(1.6, abs=0.11)


@pytest.mark.parametrize("every", [4, 7, 10, 25])
def test_a_visit_survives_switches(every):
    path = [*between((0.5, 0.2), (0.5, 0.7), 40), *[(0.5, 0.7)] * 50, *between((0.5, 0.7), (0.5, 0.2), 40)]
    told = play(SpatialSpec(zones=(HALL,)), switching(path, every), fps=FPS)
    assert [type(i) for i in told] == [ZoneEntered, ZoneExited, Dwelled]
    entered, exited, dwelled = told
    assert (entered.side, exited.side) == (1, 1)
    assert entered.person.track_id != exited.person.track_id
    assert dwelled.dwell_s == pytest.approx(9.8, abs=0.21)


def test_a_switch_during_an_occlusion_keeps_the_visit():
    path = [*between((0.5, 0.3), (0.5, 0.6), 30), *between((0.5, 0.6), (0.5, 0.3), 30)]
    frames = [{} if 25 <= k < 37 else {"old" if k < 25 else "new": point} for k, point in enumerate(path)]
    frames[25:37] = [{}] * 12
    told = play(SpatialSpec(zones=(HALL,)), frames, fps=FPS)
    assert [type(i) for i in told] == [ZoneEntered, ZoneExited, Dwelled]


def test_switches_in_company():
    """Six people walk side by side through the line, each changing id at random with gaps: totals stay right."""
    chance = random.Random(11)
    right = wrong = 0
    for _ in range(30):
        lanes = [0.1 + 0.16 * n for n in range(6)]
        frames = [{} for _ in range(50)]
        for n, x in enumerate(lanes):
            switch, gap = chance.randrange(8, 40), chance.randrange(1, 8)
            for k, point in enumerate(between((x, 0.15), (x, 0.65), 49)):
                if not switch <= k < switch + gap:
                    name = f"{n}{'a' if k < switch else 'b'}"
                    frames[k][name] = point[0] + chance.gauss(0, 0.002), point[1] + chance.gauss(0, 0.002)
        told = [
            i
            for i in play(SpatialSpec(lines=(DOOR,)), frames, fps=FPS, aspect=WIDE_PICTURE)
            if isinstance(i, LineCrossed)
        ]
        right += sum(i.direction is Direction.LEFT_TO_RIGHT for i in told)
        wrong += sum(i.direction is Direction.RIGHT_TO_LEFT for i in told)
    assert wrong == 0
    assert 178 <= right <= 180


places = st.tuples(st.floats(0.0, 1.0), st.floats(0.2, 1.0))


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), places), max_size=40))
def test_keys_are_one_to_one_in_every_frame(frames):
    identity = Identity(3.0, 1.0)
    for k, people in enumerate(frames):
        sightings = identity.step([person(i, foot) for i, foot in people.items()], k / 5)
        found = [sighting.key for sighting in sightings]
        assert found == sorted(set(found))
        assert {sighting.person.track_id for sighting in sightings} == set(people)


@given(st.lists(st.tuples(st.floats(0.0, 9.0), st.sets(st.sampled_from("abcde"))), max_size=40))
def test_the_forgotten_are_those_unseen_for_too_long_whenever_the_clock_goes_back(frames):
    """Everybody stands in a place of their own, so that nobody takes over from anybody."""
    identity, last_s, place = Identity(3.0, 1.0), {}, {name: (0.1 + 0.2 * n, 0.6) for n, name in enumerate("abcde")}
    names = {}
    for t_s, seen in frames:
        sightings = identity.step([person(name, place[name], t_s) for name in sorted(seen)], t_s)
        forgotten = {name for name, seen_s in last_s.items() if seen_s < t_s - 3.0}
        assert {names.pop(key) for key in identity.gone} == forgotten
        last_s = {name: seen_s for name, seen_s in last_s.items() if name not in forgotten} | dict.fromkeys(seen, t_s)
        names |= {sighting.key: sighting.person.track_id for sighting in sightings}


@pytest.mark.parametrize("number", range(6))
def test_who_is_farther_off_than_any_picture_is_nobody(number):
    figures = [0.4, 0.4, 0.6, 0.8, 0.5, 0.8]
    assert len(Identity(3.0, 1.0).step([person("ann", tuple(figures[4:]), box_n=tuple(figures[:4]))], 0.0)) == 1
    figures[number] = 1e7
    assert not Identity(3.0, 1.0).step([person("ann", tuple(figures[4:]), box_n=tuple(figures[:4]))], 0.0)

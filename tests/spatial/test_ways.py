"""From zone to zone: how many people, each once a pair."""

from __future__ import annotations

import pytest

from footfall.spatial.ways import Ways

STORIES = [
    pytest.param("aaa...bbb", {("a", "b"): 1}, id="from one zone to the next"),
    pytest.param("aaabbb", {("a", "b"): 1}, id="zones that touch"),
    pytest.param("aaabbbaaabbb", {("a", "b"): 1, ("b", "a"): 1}, id="to and fro counts once each way"),
    pytest.param("aaa.b.ccc", {("a", "c"): 1}, id="a zone only touched is none"),
    pytest.param("aaa...aaa", {}, id="out and in again leads nowhere"),
    pytest.param("...aaa", {}, id="one zone alone"),
    pytest.param("aaa____bbb", {}, id="who was away too long is somebody new"),
    pytest.param("aabb", {("a", "b"): 1}, id="a second itself is a stay"),
    pytest.param("aaa__bbb", {("a", "b"): 1}, id="hidden for as long as is remembered"),
    pytest.param("aaa_bbb", {("a", "b"): 1}, id="hidden for a moment"),
]


def walk(ways: Ways, story: str, key: int = 1, step_s: float = 1.0) -> None:
    """One letter a second, or so: the zone, `.` for none, `_` for nobody seen."""
    for number, zone in enumerate(story):
        ways.step({} if zone == "_" else {key: None if zone == "." else zone}, number * step_s)
    ways.flush()


@pytest.mark.parametrize(("story", "people"), STORIES)
def test_ways(story: str, people: dict[tuple[str, str], int]) -> None:
    ways = Ways(forget_after_s=3.0)
    walk(ways, story)
    assert ways.people == people


def test_a_zone_that_somebody_passes_in_less_than_a_second_is_none() -> None:
    ways = Ways(forget_after_s=3.0)
    walk(ways, "aaaaaabbbbcccccc", step_s=0.25)
    assert ways.people == {("a", "c"): 1}


def test_another_recording_has_other_people() -> None:
    ways = Ways(forget_after_s=3.0)
    walk(ways, "aaa")
    walk(ways, "bbb")
    assert ways.people == {}


def test_every_person_counts() -> None:
    ways = Ways(forget_after_s=3.0)
    for key in range(5):
        walk(ways, "aaa.bbb", key)
    assert ways.people == {("a", "b"): 5}


def test_nobody_is_remembered_for_long() -> None:
    ways = Ways(forget_after_s=3.0)
    for t_s in range(1000):
        ways.step({t_s: "a"}, float(t_s))
        assert len(ways._visitors) <= 4

"""What is said about two classifiers that were asked about the same people."""

from __future__ import annotations

import json

import pytest

from footfall.core.types import Attribute
from footfall.engine.attributes import Told
from footfall.evaluation.asking import Interview, Look, Presence
from footfall.evaluation.opinions import Opinions, opinions
from footfall.evaluation.whereabouts import Whereabouts

NAMES = ("old.zip", "Iteration 2")


class Nobody:
    """Is not asked."""

    def read(self, crops: object) -> list[Told]:
        raise AssertionError


def says(tag: str, share: float = 0.9) -> Told:
    task, _, label = tag.rpartition(":")
    return (Attribute(label, share, task), Attribute("other", 1 - share, task))


def look(
    person: str, t_s: float, old: str, new: str, *, read: tuple[str, str] | None = None, size: float = 0.1
) -> Look:
    alone = read or (old, new)
    box_n = (0.1, 0.5, 0.1 + size, 0.5 + 2 * size)
    return Look(person, t_s, box_n, (0.15, 0.9), (says(alone[0]), says(alone[1])), (says(old), says(new)))


def asked(*looks: Look, unasked: int = 0, tasks: tuple[str, ...] = ("",)) -> Opinions:
    interview = Interview(Nobody(), Nobody(), lambda: 0.0, looks=list(looks))
    interview.seconds = [0.002] * len(looks), [0.004] * len(looks)
    for one in looks:
        interview.met.setdefault(one.track_id, Presence(one.t_s, one.t_s)).last_s = one.t_s + 1
    for number in range(unasked):
        interview.met[f"far{number}"] = Presence(0.0, 0.0)
    return opinions(interview, NAMES, tasks, "door.mp4", Whereabouts())


def crowd(agreed: int, disputed: int) -> list[Look]:
    alike = [look(f"a{number:03}", number, "coat", "coat") for number in range(agreed)]
    return alike + [look(f"d{number:03}", agreed + number, "coat", "vest") for number in range(disputed)]


@pytest.mark.parametrize(
    ("agreed", "disputed", "advice"),
    [
        pytest.param(12, 0, "they agree about everybody, rightly or wrongly: look at some people yourself", id="all"),
        pytest.param(33, 1, "they agree about 97 % of people (33 of 34); look at this one before", id="one"),
        pytest.param(194, 6, "they agree about 97 % of people (194 of 200); look at these 6 before", id="six"),
        pytest.param(999, 1, "they agree about 99 % of people (999 of 1000)", id="never 100 % with one missing"),
        pytest.param(4, 8, "about 33 % of people (4 of 12): these are two different opinions", id="most"),
        pytest.param(2, 1, "3 people are few: take a longer clip", id="few"),
    ],
)
def test_the_advice_fits_the_figures(agreed: int, disputed: int, advice: str) -> None:
    found = asked(*crowd(agreed, disputed))
    assert advice in found.advice()
    assert (found.people, found.agreed, len(found.disputed)) == (agreed + disputed, agreed, disputed)


def test_the_person_is_what_the_vote_says_in_the_end() -> None:
    found = asked(
        look("ann", 0, "coat", "vest", read=("coat", "vest")),
        look("ann", 2, "vest", "vest", read=("vest", "vest")),
        look("ann", 4, "coat", "vest", read=("coat", "coat")),
        look("ann", 6, "coat", "vest", read=("vest", "vest")),
    )
    [case] = found.disputed
    old, new = case.opinions
    assert (old.tag, old.changes, old.steadiness) == ("coat", 2, 0.5)
    assert (new.tag, new.changes, new.steadiness) == ("vest", 0, 0.75)
    assert "Iteration 2 is steadier: 0.0 changes of mind a person against 2.0" in found.advice()


def test_the_moment_that_is_shown_is_one_in_which_both_say_what_they_say_in_the_end() -> None:
    found = asked(
        look("ann", 0, "coat", "vest", read=("coat", "coat"), size=0.3),
        look("ann", 2, "coat", "vest", size=0.1),
        look("ann", 4, "coat", "vest", size=0.2),
    )
    [case] = found.disputed
    assert (case.at_s, case.where, case.seen) == (4, "bottom left", Presence(0, 5))


def test_figures_of_both_over_all() -> None:
    found = asked(
        look("ann", 0, "coat", "vest"), look("bob", 1, "coat", "coat"), look("bob", 3, "coat", "coat"), unasked=2
    )
    old, new = found.models
    assert (dict(old.tags), dict(new.tags)) == ({"coat": 2}, {"vest": 1, "coat": 1})
    assert (old.ms, new.ms) == pytest.approx((2.0, 4.0))
    assert old.certainty == pytest.approx(0.9)
    assert found.unasked == 2


def test_questions_are_told_apart_and_a_person_is_agreed_upon_only_if_all_are() -> None:
    looks = [
        Look("ann", 0.0, (0, 0, 1, 1), (0.5, 0.5), *[(says("head:bare") + says("body:vest"), new)] * 2)
        for new in [says("head:bare") + says("body:coat")]
    ]
    found = asked(*looks, tasks=("body", "head"))
    assert [(case.task, case.is_agreed) for case in found.cases] == [("body", False), ("head", True)]
    assert (found.people, found.agreed) == (1, 0)
    assert found.models[1].tags == {"body:coat": 1, "head:bare": 1}


def test_the_table_is_for_people_and_the_json_for_programs() -> None:
    found = asked(*crowd(2, 1), unasked=1)
    text = found.table()
    assert "3 people of door.mp4, told by both (1 more were too small)" in text
    assert "people told coat" in text
    assert "d000" in text
    assert "00:02.0 to 00:03.0" in text
    assert "vest (90%)" in text
    told = json.loads(json.dumps(found.to_dict()))
    assert (told["people"], told["agreed"], told["too_small"]) == (3, 2, 1)
    assert told["disputed"][0]["new"]["tag"] == "vest"
    assert told["running"]["tags"] == {"coat": 3}


def test_nobody_was_asked_about() -> None:
    found = asked(unasked=3)
    assert (found.people, found.cases, found.models[0].ms) == (0, (), 0.0)

"""Two classifiers are asked about the same people, when and how a camera would ask one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

import numpy as np
import pytest

from footfall.core.types import Attribute, Frame, Image, Observed, TrackObservation
from footfall.engine.attributes import AT_ONCE, PAUSE_S, AttributeNode, Told
from footfall.engine.errand import AtOnce
from footfall.engine.items import Tracked
from footfall.evaluation.asking import Interview

DAY = datetime(2026, 3, 1, tzinfo=UTC)
SIZE = (320, 180)


class Teller:
    """Tells how bright a crop is; `sign` -1 says the opposite."""

    def __init__(self, sign: int = 1) -> None:
        self.sign = sign
        self.shown: list[tuple[int, ...]] = []

    def read(self, crops: Sequence[Image]) -> list[Told]:
        self.shown += [crop.shape for crop in crops]
        return [self.tell(float(crop.mean() / 255)) for crop in crops]

    def tell(self, bright: float) -> Told:
        return (Attribute("bright", bright if self.sign > 0 else 1 - bright), Attribute("dark", 0.5))


def scene(t_s: float, *people: tuple[str, float], loop: int = 0, width: float = 0.2) -> tuple[Frame, Observed]:
    """People at x who flicker with time."""
    rng = np.random.default_rng(round(t_s * 100))
    image = rng.integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8) // (1 + round(t_s * 2) % 3)
    index = round(t_s * 10)
    seen = tuple(
        TrackObservation(name, t_s, index, (x, 0.2, x + width, 0.9), (x + width / 2, 0.9), 0.9) for name, x in people
    )
    return Frame("cam", index, t_s, DAY, image.astype(np.uint8), SIZE, loop), Observed(
        "cam", index, t_s, DAY, SIZE, seen, loop
    )


def interview(running: Teller, new: Teller) -> Interview:
    ticks = count()
    return Interview(running, new, lambda: float(next(ticks)))


STREAM = [
    scene(number / 10, *[(name, x) for name, x, since, until in (("ann", 0.0, 0, 90), ("bob", 0.3, 3, 40),
     ("cid", 0.6, 5, 90), ("dan", 0.75, 35, 38), ("ann", 0.1, 200, 230)) if since <= number < until])
    for number in (*range(90), *range(195, 230))
]  # fmt: skip


@pytest.mark.parametrize("which", [pytest.param(0, id="the running one"), pytest.param(1, id="the new one")])
def test_events_would_say_the_same(which: int) -> None:
    """Frame by frame what is told is what the camera's own node tells: same cut, same rhythm, same vote."""
    tellers = Teller(), Teller(-1)
    asked = interview(*tellers)
    alone = Teller(1 if which == 0 else -1)
    node = AttributeNode(AtOnce(alone.read), every_s=asked.every_s, forget_after_s=asked.forget_after_s)
    told: dict[str, Told] = {}
    for frame, observed in STREAM:
        asked.take(frame, observed)
        told |= {look.track_id: look.told[which] for look in asked.looks if look.t_s == frame.t_s}
        [out] = node.feed(Tracked(observed, frame))
        for person in out.observed.people:
            assert person.attributes == told.get(person.track_id, ())
    assert alone.shown == tellers[which].shown
    assert len(asked.looks) == len(alone.shown) > 10


def test_both_are_shown_the_same_pictures_and_take_turns_in_beginning() -> None:
    running, new = Teller(), Teller()
    asked = interview(running, new)
    for frame, observed in STREAM:
        asked.take(frame, observed)
    assert running.shown == new.shown
    assert all(look.read[0] == look.read[1] for look in asked.looks)
    assert [len(seconds) for seconds in asked.seconds] == [len(asked.looks)] * 2
    assert set(asked.seconds[0]) == {1.0}


def test_no_more_people_at_once_and_no_more_often_than_a_camera_asks() -> None:
    asked = interview(Teller(), Teller())
    crowd = [(f"p{number}", number / 20) for number in range(12)]
    for number in range(20):
        asked.take(*scene(number / 10, *crowd))
    times = sorted({look.t_s for look in asked.looks})
    assert max(sum(look.t_s == t_s for look in asked.looks) for t_s in times) == AT_ONCE
    assert min(np.diff(times)) >= PAUSE_S - 1e-9


def test_who_is_too_small_is_met_and_not_asked_about() -> None:
    asked = interview(Teller(), Teller())
    asked.take(*scene(0.0, ("far", 0.5), width=0.02))
    assert (list(asked.met), asked.looks) == (["far"], [])


def test_a_recording_that_begins_anew_knows_nobody() -> None:
    asked = interview(Teller(), Teller(-1))
    asked.take(*scene(0.0, ("ann", 0.3)))
    asked.take(*scene(0.1, ("ann", 0.3), loop=1))
    assert len(asked.looks) == 2
    assert asked.looks[1].told[0] == asked.looks[1].read[0]

"""What is remembered of people, on another clock."""

from __future__ import annotations

from footfall.spatial.visits import Known, OpenVisit, OpenWalk
from spatial.storyboard import person

SIGHT = person("ann", (0.5, 0.6), 2.0)
OPEN = OpenVisit(1.0, 2.0, True, 2, 0.5, 1, 3, 4, 5.0, 6.0, 7.0)


def test_moved_to_another_clock():
    known = Known((SIGHT,), {"v": OPEN}, {"w": OpenWalk(1, 0, 2, 1.5), "still": OpenWalk(-1, 1, 0)}).moved(10.0)
    assert known == Known(
        (person("ann", (0.5, 0.6), 12.0),),
        {"v": OpenVisit(11.0, 12.0, True, 2, 10.5, 1, 3, 4, 5.0, 6.0, 7.0)},
        {"w": OpenWalk(1, 0, 2, 11.5), "still": OpenWalk(-1, 1, 0)},
    )


def test_a_visit_of_which_no_speed_is_measured():
    visit = OpenVisit(1.0, 2.0, True, 2, 0.5, 1)
    assert (visit.frames, visit.speeds, visit.speed_sum) == (0, 0, 0.0)

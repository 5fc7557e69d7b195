"""What a camera's rules must remember to go on elsewhere: after a restart, or under changed regions.

Of everybody who may still be there: the last sights, which visits are open since when, and which lines are half
crossed. No appearance, and nothing of those who were forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from footfall.core.types import TrackObservation

RECENT_S = 1.2
"""Sights of so long tell where somebody was going..."""
STEP_S = 0.15
"""...at least so far apart."""


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """Somebody is in a zone, or was not yet confirmed to have left it."""

    first_inside_s: float
    last_inside_s: float
    is_confirmed: bool
    """Whether it was told."""
    row: int
    """Sights a threshold deep, in a row, while it is not confirmed."""
    turn_s: float
    """When the border was last passed..."""
    side: int | None
    """...and the side passed, if anybody saw it."""
    frames: int = 0
    """How often seen inside; of a dwell rule."""
    speeds: int = 0
    speed_sum: float = 0.0
    slowest: float | None = None
    facing_s: float | None = None


@dataclass(frozen=True, slots=True)
class OpenWalk:
    """Somebody is on the way over a line."""

    side: int
    """Confirmed side: 1 right, -1 left, 0 not yet."""
    balance: int
    """Passages since then: to the right less to the left."""
    row: int
    """Sights on the other side in a row."""
    passage_s: float | None = None
    """When the last passage away from the confirmed side was."""


AWAY_S = 30.0
"""Whoever was last seen so long before the pictures go on is not waited for."""
WAIT_S = 3.0
"""So long everybody else is waited for, once they go on."""


@dataclass(frozen=True, slots=True)
class Known:
    """One person who may still be there."""

    sights: tuple[TrackObservation, ...]
    """The last ones, oldest first; at least one."""
    visits: Mapping[str, OpenVisit]
    """By zone and rule, as `Operation` calls them."""
    walks: Mapping[str, OpenWalk]
    """By line and place, as `Operation` calls them."""

    def moved(self, by_s: float) -> Known:
        """The same in the time of another stream."""
        return Known(
            tuple(replace(sight, t_s=sight.t_s + by_s) for sight in self.sights),
            {name: _moved_visit(visit, by_s) for name, visit in self.visits.items()},
            {name: _moved_walk(walk, by_s) for name, walk in self.walks.items()},
        )


def _moved_visit(visit: OpenVisit, by_s: float) -> OpenVisit:
    return replace(
        visit,
        first_inside_s=visit.first_inside_s + by_s,
        last_inside_s=visit.last_inside_s + by_s,
        turn_s=visit.turn_s + by_s,
    )


def _moved_walk(walk: OpenWalk, by_s: float) -> OpenWalk:
    return walk if walk.passage_s is None else replace(walk, passage_s=walk.passage_s + by_s)

"""Events in words, for people who watch a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from footfall.engine.items import Happened
from footfall.runtime.options import Look
from footfall.spatial.insights import (
    Counted,
    DistanceMeasured,
    Dwelled,
    Insight,
    LineCrossed,
    ZoneEntered,
    ZoneExited,
)


class EventPrinter:
    """Prints what happens on standard output, one line an event."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self.is_deserted = False
        """Whether the reader of standard output has gone, as `head` does."""

    def before(self, look: Look | None) -> Look:
        """A look that prints and then lets the next one look."""

        def print_then(item: object) -> None:
            assert isinstance(item, Happened)
            if not (self._silent or self.is_deserted):
                self._print(item.insights)
            if look is not None:
                look(item)

        return print_then

    def _print(self, insights: Iterable[Insight]) -> None:
        try:
            for insight in insights:
                print(in_words(insight), flush=True)  # noqa: T201
        except BrokenPipeError:
            self.is_deserted = True


def in_words(insight: Insight) -> str:
    """One event as a line: when, where, what, who (the last four digits of the track)."""
    minutes, seconds = divmod(insight.t_s, 60.0)
    where = insight.line if isinstance(insight, LineCrossed) else insight.zone
    return f"{int(minutes):02}:{seconds:04.1f}  {where:14} {what(insight)}"


def what(insight: Insight) -> str:
    """What happened, without time and place."""
    match insight:
        case LineCrossed(person=person, direction=direction):
            return f"{person.track_id[-4:]} crosses ({direction.value})"
        case ZoneEntered(person=person):
            return f"{person.track_id[-4:]} comes in"
        case ZoneExited(person=person):
            return f"{person.track_id[-4:]} leaves"
        case Dwelled(person=person, dwell_s=dwell_s):
            return f"{person.track_id[-4:]} stayed {dwell_s:.1f} s"
        case Counted(count=count):
            return f"{count} {'person' if count == 1 else 'people'} inside"
        case DistanceMeasured(proximity=proximity, violators=violators):
            return f"{proximity.value}: {len(violators)} people"

"""Rules whose settings contradict each other or can never tell anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import inf

from footfall.spatial.lint.findings import Finding, Place
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    Line,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
    ZoneRule,
)

DAY_S = 86400.0
RARE = 100
"""With trigger `event`, one of so many changes is told."""
LATE_S = 60.0


def set_up(spec: SpatialSpec) -> Iterator[Finding]:
    """Every finding about rules that needs no recording."""
    places = [
        *(Place(zone, number) for number, zone in enumerate(spec.zones)),
        *(Place(line, number) for number, line in enumerate(spec.lines)),
    ]
    for place in places:
        if not place.region.rules:
            yield place.found("no-rules", "it has no rules, so that nothing is ever told of it", "give it events")
        yield from _twice(place)
        if isinstance(place.region, Line):
            yield from _line_rules(place, place.region)
        else:
            yield from _zone_rules(place, place.region)


def _twice(place: Place) -> Iterator[Finding]:
    for kind, count in Counter(type(rule) for rule in place.region.rules).items():
        halves = sorted((r.enter, r.exit) for r in place.region.rules if isinstance(r, ZoneCrossingRule))
        if count > 1 and not (kind is ZoneCrossingRule and halves == [(False, True), (True, False)]):
            what = f"it has {count} rules of the kind {_word(kind)}, and their events cannot be told apart"
            yield place.found("rule-twice", what, "keep one, or draw a second region under another name")


def _word(kind: type) -> str:
    return kind.__name__.removesuffix("Rule").lower()


def _line_rules(place: Place, line: Line) -> Iterator[Finding]:
    if any(rule.output_frequency > 1 for rule in line.rules):
        yield _ignored(place)


def _zone_rules(place: Place, zone: Zone) -> Iterator[Finding]:
    for rule in zone.rules:
        if isinstance(rule, CountRule | DistanceRule):
            yield from _frequency(place, rule)
        elif rule.output_frequency > 1:
            yield _ignored(place)
        if isinstance(rule, ZoneCrossingRule) and not (rule.enter or rule.exit):
            what = "its crossing rule tells neither who enters nor who leaves"
            yield place.found("rule-tells-nothing", what, "switch one of the two on")
        if isinstance(rule, CountRule):
            yield from _smoothing(place, rule)
        if isinstance(rule, DistanceRule):
            yield from _limits(place, rule)


def _ignored(place: Place) -> Finding:
    what = "output_frequency does nothing here: every crossing and every visit is told"
    return place.found("frequency-ignored", what, "remove it; only count and distance rules know it")


def _frequency(place: Place, rule: CountRule | DistanceRule) -> Iterator[Finding]:
    every = rule.output_frequency
    word = _word(type(rule))
    if rule.trigger is Trigger.INTERVAL and every * rule.interval_s > DAY_S:
        hours = every * rule.interval_s / 3600.0
        what = f"its {word} rule tells one event in {hours:.0f} hours ({every} ticks of {rule.interval_s:g} s)"
        yield place.found("event-too-rare", what, "lower output_frequency or interval")
    elif rule.trigger is Trigger.EVENT and every > RARE:
        what = f"its {word} rule tells one of {every} changes, which few places ever see in a day"
        yield place.found("event-too-rare", what, "set output_frequency to 1, or use trigger interval")
    elif rule.trigger is Trigger.EVENT and every > 1:
        what = (
            f"its {word} rule tells one of {every} changes, so that the last number told is mostly not the present one"
        )
        yield place.found("changes-left-out", what, "set output_frequency to 1, or use trigger interval")


def _smoothing(place: Place, rule: CountRule) -> Iterator[Finding]:
    if rule.trigger is Trigger.INTERVAL and rule.smoothing_s > rule.interval_s:
        what = (
            f"it smooths over {rule.smoothing_s:g} s, but tells every {rule.interval_s:g} s: ticks repeat the old count"
        )
        yield place.found("smoothing-beyond-tick", what, "smooth over no more than the interval")
    elif rule.trigger is Trigger.EVENT and rule.smoothing_s > LATE_S:
        what = f"it smooths over {rule.smoothing_s:g} s, so that who stays for less than half of that is never counted"
        yield place.found("smoothing-too-long", what, "smooth over some seconds at most, or use trigger interval")


def _limits(place: Place, rule: DistanceRule) -> Iterator[Finding]:
    if rule.minimum_m > rule.maximum_m:
        what = f"the minimum distance ({rule.minimum_m:g} m) is larger than the maximum ({rule.maximum_m:g} m)"
        yield place.found("distance-limits-swapped", what, "exchange the two")
    elif rule.minimum_m <= 0.0 and rule.maximum_m == inf and rule.trigger is Trigger.EVENT:
        what = "no distance is too small and none too large, so that its distance rule never has anything to tell"
        yield place.found("distance-never-violated", what, "give a minimum or a maximum distance")


def distance_rules(rules: tuple[ZoneRule, ...]) -> list[DistanceRule]:
    """Those that need the floor."""
    return [rule for rule in rules if isinstance(rule, DistanceRule)]

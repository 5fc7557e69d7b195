"""The `events` of a zone or line -> rules (spec/operations.md sections 5.2 to 5.4; RULES 4 and 11 to 14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, inf

from footfall.config.section import Entry, Section, as_number, shown, suggest
from footfall.spatial.ground import FOOT_M
from footfall.spatial.regions import (
    DEFAULT_THRESHOLD_W,
    ZONE_CROSSING_THRESHOLD_W,
    Aggregation,
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    LineCrossingRule,
    Trigger,
    ZoneCrossingRule,
    ZoneRule,
)

Rule = ZoneRule | LineCrossingRule
PIXEL_WIDTH = 640.0
"""Thresholds of 1 and above are pixels of a frame this wide (RULE 13)."""
OWN_THRESHOLD_W = 0.01
_DEFAULT_TYPES = {
    "personcount": "count",
    "personcrossingline": "linecrossing",
    "personcrossingpolygon": "zonecrossing",
    "persondistance": "persondistance",
}
_OPERATION_TYPES = {
    "personcount": {"count"},
    "personcrossingline": {"linecrossing"},
    "personcrossingpolygon": {"zonecrossing", "zonedwelltime"},
    "persondistance": {"persondistance"},
}


@dataclass(frozen=True, slots=True)
class RegionStyle:
    """How regions are read: what the document leaves open."""

    operation: str | None = None
    """Short name, empty for the generic operation, None when the document does not tell (a bare region file)."""
    own: bool = False
    """One of our own dialects: small thresholds, all rules by default, double names refused."""
    confidence: bool = False
    """Zone-level thresholds are confidences, as in the first preview."""
    threshold_w: float = DEFAULT_THRESHOLD_W
    zone_crossing_threshold_w: float = ZONE_CROSSING_THRESHOLD_W
    count_smoothing_s: float = 0.5
    forget_after_s: float = 3.0

    def default_threshold_w(self, event_type: str, depth_w: float) -> float:
        """The threshold of an event that has none."""
        if self.own:
            return min(OWN_THRESHOLD_W, depth_w / 4)
        return self.zone_crossing_threshold_w if event_type == "zonecrossing" else self.threshold_w


@dataclass(frozen=True, slots=True)
class Place:
    """The region whose events are read."""

    kind: str
    """`zone` or `line`."""
    label: str
    """Its name, as it may stand in a message."""
    depth_w: float = inf
    """Inradius of a zone in image widths."""
    threshold: Entry | None = None
    """A threshold that the region itself has: events without their own inherit it."""


@dataclass(frozen=True, slots=True)
class EventType:
    """One spelling of an event type."""

    name: str
    region: str
    enter: bool = True
    exit: bool = True


_COUNT = EventType("count", "zone")
_LINE = EventType("linecrossing", "line")
_ZONE = EventType("zonecrossing", "zone")
_DWELL = EventType("zonedwelltime", "zone")
_DISTANCE = EventType("persondistance", "zone")
_ENTER = EventType("zonecrossing", "zone", exit=False)
_EXIT = EventType("zonecrossing", "zone", enter=False)
EVENT_TYPES = {
    "count": _COUNT,
    "linecrossing": _LINE,
    "zonecrossing": _ZONE,
    "zonedwelltime": _DWELL,
    "persondistance": _DISTANCE,
    "zone_crossing": _ZONE,
    "enter/exit": _ZONE,
    "enter": _ENTER,
    "exit": _EXIT,
    "people_distance": _DISTANCE,
}
_OWN_TYPES = {
    "zone": {"crossing": _ZONE, "dwell": _DWELL, "distance": _DISTANCE},
    "line": {"crossing": _LINE},
}


def read_rules(region: Section, place: Place, style: RegionStyle) -> list[Rule]:
    """All rules of one region."""
    items = region.items("events")
    if not items:
        return [rule for event in _default_events(region, place, style) for rule in _rule(event, place, style)]
    return [rule for item in items for rule in _rule(_event(item, region), place, style)]


def _event(item: Entry, region: Section) -> Section | None:
    """One member of `events`, with its `config` on top of what stands beside it (first preview)."""
    if isinstance(item.value, str) and not item.value.lstrip().startswith("{"):
        return Section(item.path, [Entry("type", item.value, item.path)], region.document)
    event = Section.of(item.value, item.path, region.document)
    if event is None:
        return None
    config = event.section("config")
    return event.without("config").overlaid(*([config] if config else []))


def _default_events(region: Section, place: Place, style: RegionStyle) -> list[Section]:
    """RULE 4: the operation's own type, provided that it fits the region."""
    if style.own or (style.operation is None and place.kind == "line"):
        names = ["linecrossing"] if place.kind == "line" else ["count", "zonecrossing", "zonedwelltime"]
    else:
        names = [_DEFAULT_TYPES.get(style.operation or "", "")]
        if not names[0] or EVENT_TYPES[names[0]].region != place.kind:
            fitting = [name for name, kind in EVENT_TYPES.items() if kind.region == place.kind][:4]
            what = f"the {place.kind} {place.label} has no events, and its operation has no default for a {place.kind}"
            region.document.error(region.path, what, f'add "events": [{{"type": ...}}] with {", ".join(fitting)}')
            return []
    return [Section(region.path, [Entry("type", name, region.path)], region.document) for name in names]


def _rule(event: Section | None, place: Place, style: RegionStyle) -> list[Rule]:
    """The rule of one event, or none with an error noted."""
    if event is None:
        return []
    document = event.document
    word = event.text("type", "eventType").strip()
    known = EVENT_TYPES | (_OWN_TYPES[place.kind] if style.own else {})
    found = known.get(word.lower())
    fitting = [name for name, kind in known.items() if kind.region == place.kind]
    if found is None:
        what = f"the event type {shown(word)} is not known" if word else "the event has no type"
        document.error(event.path, what, suggest(word, known) or f"write one of {', '.join(fitting)}")
        return []
    if found.region != place.kind:
        what = f"{found.name} does not fit the {place.kind} {place.label}"
        document.error(event.path, what, f"write one of {', '.join(fitting)}")
        return []
    if style.operation and found.name not in _OPERATION_TYPES[style.operation]:
        what = f"{found.name} is unusual for {style.operation}"
        document.warn(event.path, what, "it runs; the generic operation id says so more clearly")
    rule = _BUILDERS[found.name](event, found, _threshold(event, found.name, place, style), style)
    event.finish("target_side")
    return [rule]


def _threshold(event: Section, name: str, place: Place, style: RegionStyle) -> float:
    """RULE 13, in image widths."""
    own = event.get("threshold")
    entry = own or (None if style.confidence else place.threshold)
    default_w = style.default_threshold_w(name, place.depth_w)
    value = default_w if entry is None else _threshold_w(event, entry, default_w)
    if not style.own and value >= place.depth_w:
        useful = max(0.0, floor((place.depth_w - 0.0001) * 1000) / 1000)
        what = f"threshold {value:.4g} (image widths) of {name}: no point of the zone {place.label} lies so deep inside"
        cure = f"use at most {useful:g} (on a 16:9 picture), or draw a larger zone"
        event.document.warn(entry.path if entry else event.path, what, cure)
    return value


def _threshold_w(event: Section, entry: Entry, default_w: float) -> float:
    number = as_number(entry.value)
    if number is None or number < 0:
        event.document.error(
            entry.path,
            f"is {shown(entry.value)}, not a threshold",
            "write a share of the image width below 1, or pixels of a 640 wide picture; 0 for none",
        )
        return default_w
    return number / PIXEL_WIDTH if number >= 1 else number


def _focus(event: Section) -> Focus:
    words = {"footprint": Focus.FOOTPRINT, "center": Focus.CENTER}
    return event.choice(
        "focus",
        options=words | {"bottom_center": Focus.BOTTOM_CENTER, "bottomcenter": Focus.BOTTOM_CENTER},
        default=Focus.FOOTPRINT,
    )


def _trigger(event: Section, *, periodic: bool) -> Trigger:
    trigger = event.choice("trigger", options={t.value: t for t in Trigger}, default=Trigger.EVENT)
    entry = event.get("trigger")
    if trigger is Trigger.INTERVAL and not periodic and entry:
        event.document.warn(entry.path, "only count and persondistance have the trigger interval", "write event")
    return trigger


def _frequency(event: Section) -> int:
    return event.integer("output_frequency", "outputFrequency", default=1, low=1, high=1_000_000)


def _interval_s(event: Section) -> float:
    return event.number("interval", default=1.0, low=0.001, high=86400)


def _count(event: Section, _: EventType, threshold_w: float, style: RegionStyle) -> Rule:
    """RULE 14; a V0 `interval` is also the window of the most common count, with both triggers."""
    interval_s = _interval_s(event)
    window_s = interval_s if "interval" in event else style.count_smoothing_s
    return CountRule(
        threshold_w=threshold_w,
        focus=_focus(event),
        trigger=_trigger(event, periodic=True),
        output_frequency=_frequency(event),
        interval_s=interval_s,
        smoothing_s=event.number("count_smoothing_seconds", default=window_s, low=0, high=86400),
    )


def _zone_crossing(event: Section, spelling: EventType, threshold_w: float, _: RegionStyle) -> Rule:
    _trigger(event, periodic=False)
    return ZoneCrossingRule(threshold_w, _focus(event), spelling.enter, spelling.exit, _frequency(event))


def _dwell(event: Section, _: EventType, threshold_w: float, __: RegionStyle) -> Rule:
    _trigger(event, periodic=False)
    return DwellRule(threshold_w, _focus(event), _frequency(event))


def _line_crossing(event: Section, _: EventType, threshold_w: float, __: RegionStyle) -> Rule:
    _trigger(event, periodic=False)
    return LineCrossingRule(threshold_w, _focus(event), _frequency(event))


def _distance(event: Section, _: EventType, threshold_w: float, style: RegionStyle) -> Rule:
    """RULE 12. The Azure keys are feet, `minimum_m` and `maximum_m` of ours are metres."""
    minimum_ft = event.number("minimum_distance_threshold", default=6.0, low=0)
    maximum = event.get("maximum_distance_threshold")
    unlimited = maximum is None or (isinstance(maximum.value, str) and maximum.value.lower() in {"infinity", "inf"})
    maximum_ft = inf if unlimited else event.number("maximum_distance_threshold", default=inf, low=0)
    minimum_m = event.number("minimum_m", default=minimum_ft * FOOT_M, low=0) if style.own else minimum_ft * FOOT_M
    maximum_m = event.number("maximum_m", default=maximum_ft * FOOT_M, low=0) if style.own else maximum_ft * FOOT_M
    if minimum_m > maximum_m:
        event.document.error(event.path, "the minimum distance is larger than the maximum", "exchange the two")
    return DistanceRule(
        threshold_w=threshold_w,
        focus=_focus(event),
        trigger=_trigger(event, periodic=True),
        output_frequency=_frequency(event),
        interval_s=_interval_s(event),
        minimum_m=minimum_m,
        maximum_m=maximum_m,
        aggregation=event.choice(
            "aggregation_method",
            "aggregationMethod",
            options={"mode": Aggregation.MODE, "average": Aggregation.AVERAGE},
            default=Aggregation.AVERAGE,
        ),
    )


_BUILDERS: dict[str, Callable[[Section, EventType, float, RegionStyle], Rule]] = {
    "count": _count,
    "linecrossing": _line_crossing,
    "zonecrossing": _zone_crossing,
    "zonedwelltime": _dwell,
    "persondistance": _distance,
}

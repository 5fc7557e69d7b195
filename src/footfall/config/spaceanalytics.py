"""SPACEANALYTICS_CONFIG, and the regions of our own dialects -> SpatialSpec (spec/operations.md section 5, RULE 10)."""

from __future__ import annotations

from collections.abc import Iterable

from footfall.config.document import parse_json
from footfall.config.inradius import inradius_w
from footfall.config.rules import Place, RegionStyle, Rule, read_rules
from footfall.config.section import Entry, Section, as_number, shown
from footfall.core.geometry import Point, Polygon, is_self_intersecting
from footfall.spatial.regions import Line, LineCrossingRule, SpatialSpec, Zone

_SLACK = 0.001
"""Coordinates this far outside the picture are pulled in."""
_MOST_VERTICES = 500
_FLAT_W = 1e-6
WORDS = ("names",)
"""What people call the two ways over a line, `{right, left}`: for pages, no rule needs it."""


def read_regions(section: Section, style: RegionStyle) -> SpatialSpec:
    """Zones and lines; problems are noted in the section's document."""
    zones = [zone for item in section.items("zones") if (zone := _zone(item, section, style))]
    lines = [line for item in section.items("lines") if (line := _line(item, section, style))]
    if not section.items("zones") and not section.items("lines") and not style.own:
        section.document.error(section.path, "holds no zones and no lines", 'add "zones": [...] or "lines": [...]')
    _check_names(section, style)
    return SpatialSpec(tuple(zones), tuple(lines), forget_after_s=style.forget_after_s)


def region_confidence(section: Section) -> float | None:
    """The lowest zone- or line-level `threshold` read as a confidence in [0, 1] (first preview, RULE 13); 0 is none."""
    values = []
    for item in (*section.items("zones"), *section.items("lines")):
        threshold = item.value.get("threshold") if isinstance(item.value, dict) else None
        value = as_number(threshold)
        if value is not None and value > 0:
            values.append(min(1.0, value / 100 if value > 1 else value))
    if len(set(values)) > 1:
        section.document.warn(section.path, "regions have different confidences", "the lowest one holds for the camera")
    return min(values, default=None)


def _zone(item: Entry, parent: Section, style: RegionStyle) -> Zone | None:
    section = Section.of(item.value, item.path, parent.document)
    if section is None:
        return None
    name = _name(section, "zone")
    polygon = read_polygon(section, style)
    if polygon is None:
        section.finish("name", "events", "threshold", "target_side")
        return None
    depth_w = inradius_w(polygon)
    if depth_w < _FLAT_W:
        note = section.document.error if style.own else section.document.warn
        note(section.path, f"the zone {shown(name)} has no inside", "move a vertex away from the line")
    place = Place("zone", shown(name), depth_w, _region_threshold(section, style))
    rules: list[Rule] = read_rules(section, place, style)
    zone_rules = tuple(rule for rule in rules if not isinstance(rule, LineCrossingRule))
    target_side = _target_side(section, len(polygon))
    section.finish()
    return Zone(name, polygon, zone_rules, target_side, is_open=style.own)


def _line(item: Entry, parent: Section, style: RegionStyle) -> Line | None:
    section = Section.of(item.value, item.path, parent.document)
    if section is None:
        return None
    name = _name(section, "line")
    ends = _line_ends(section, style)
    place = Place("line", shown(name), threshold=_region_threshold(section, style))
    rules = read_rules(section, place, style)
    section.finish(*(WORDS if style.own else ()))
    if ends is None:
        return None
    return Line(name, *ends, tuple(rule for rule in rules if isinstance(rule, LineCrossingRule)))


def _name(section: Section, kind: str) -> str:
    name = section.text("name")
    if not name.strip():
        section.document.error(section.path, f"the {kind} has no name", 'add "name": "..."; events carry it')
    return name


def _region_threshold(section: Section, style: RegionStyle) -> Entry | None:
    entry = section.get("threshold")
    if entry and not style.own:
        meaning = "a confidence" if style.confidence else "the threshold of its events that have none"
        section.document.warn(entry.path, f"old place of a threshold, read as {meaning}", "move it into event config")
    return entry


def read_polygon(section: Section, style: RegionStyle) -> Polygon | None:
    """RULE 10: unclosed or closed by the first vertex; at least three distinct vertices. None, with an error noted."""
    entry = section.get("polygon", "points") if style.own else section.get("polygon")
    points = _points(entry, section, "polygon")
    if points is None or entry is None:
        return None
    ring = points[:-1] if len(points) > 1 and points[0] == points[-1] else points
    if not 3 <= len(set(ring)) <= _MOST_VERTICES:
        what = f"the polygon has {len(set(ring))} distinct vertices"
        section.document.error(entry.path, what, f"give 3 to {_MOST_VERTICES}")
        return None
    if is_self_intersecting(ring):
        section.document.warn(
            entry.path, "the polygon crosses itself, filled even-odd", "list vertices in walking order"
        )
    return ring


def _line_ends(section: Section, style: RegionStyle) -> tuple[Point, Point] | None:
    entry = section.get("line", "points") if style.own else section.get("line")
    if entry is not None and isinstance(entry.value, str | dict):
        ends = Section.of(entry.value, entry.path, section.document)
        if ends is None:
            return None
        start = _point(ends.get("start"), ends, "start")
        end = _point(ends.get("end"), ends, "end")
        ends.finish()
        return None if start is None or end is None else _distinct(start, end, entry, section)
    points = _points(entry, section, "line")
    if points is None or entry is None:
        return None
    if len(points) != 2:
        section.document.error(entry.path, f"the line has {len(points)} points", "give its start and its end")
        return None
    return _distinct(points[0], points[1], entry, section)


def _distinct(start: Point, end: Point, entry: Entry, section: Section) -> tuple[Point, Point] | None:
    if start == end:
        section.document.error(entry.path, "the line has no length", "move its start or its end")
        return None
    return start, end


def _points(entry: Entry | None, section: Section, key: str) -> tuple[Point, ...] | None:
    if entry is None:
        section.document.error(section.path, f"{key} is missing", f'add "{key}" with coordinates from 0 to 1')
        return None
    value = entry.value
    if isinstance(value, str):
        value = parse_json(value, entry.path, section.document)
    if not isinstance(value, list):
        section.document.error(entry.path, f"is {shown(entry.value)}, not a list of points", "write [[x, y], ...]")
        return None
    items = [Entry(key, member, f"{entry.path}[{index}]") for index, member in enumerate(value)]
    points = [_point(item, section, key) for item in items]
    found = [point for point in points if point is not None]
    return tuple(found) if len(found) == len(points) else None


def _point(entry: Entry | None, section: Section, key: str) -> Point | None:
    """`[x, y]` or `{"x": x, "y": y}` inside the picture."""
    if entry is None:
        section.document.error(section.path, f"{key} is missing", f'add "{key}": {{"x": ..., "y": ...}}')
        return None
    pair: Iterable[object] = ()
    if isinstance(entry.value, list):
        pair = entry.value
    elif isinstance(entry.value, dict):
        lower = {name.lower(): value for name, value in entry.value.items()}
        pair = (lower.get("x"), lower.get("y"))
    numbers = [as_number(value) for value in pair]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        section.document.error(entry.path, f"is {shown(entry.value)}, not a point", "write two numbers x and y")
        return None
    return _inside(numbers[0], numbers[1], entry, section)


def _inside(x: float, y: float, entry: Entry, section: Section) -> Point | None:
    if not all(-_SLACK <= value <= 1 + _SLACK for value in (x, y)):
        what = f"the point ({x:g}, {y:g}) is outside the picture"
        section.document.error(entry.path, what, "write shares of the picture's width and height, from 0 to 1")
        return None
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


def _target_side(section: Section, sides: int) -> int | None:
    """RULE 18: 1-based; 0 counts as 1. Beside the polygon, or in an event's config."""
    inner = [config for item in section.items("events") if (config := _event_config(item)) is not None]
    given = [entry for entry in (section.get("target_side"), *inner) if entry is not None]
    if not given:
        return None
    entry = given[0]
    number = as_number(entry.value)
    if number is None or number != int(number) or not 0 <= number <= sides:
        what = f"is {shown(entry.value)}, not a side of the polygon"
        section.document.error(entry.path, what, f"write a number from 1 to {sides}: side 1 starts at the first vertex")
        return None
    if number == 0:
        section.document.warn(entry.path, "sides are numbered from 1, 0 is read as 1", "write 1")
    return max(1, int(number))


def _event_config(item: Entry) -> Entry | None:
    config = item.value.get("config") if isinstance(item.value, dict) else None
    value = config.get("target_side") if isinstance(config, dict) else None
    return None if value is None else Entry("target_side", value, f"{item.path}.config.target_side")


def _check_names(section: Section, style: RegionStyle) -> None:
    """RULE 10: names are unique per camera."""
    seen: set[str] = set()
    for item in (*section.items("zones"), *section.items("lines")):
        name = item.value.get("name") if isinstance(item.value, dict) else None
        if isinstance(name, str) and name in seen:
            note = section.document.error if style.own else section.document.warn
            note(item.path, f"the name {shown(name)} is used twice", "rename one: events carry the name")
        elif isinstance(name, str):
            seen.add(name)

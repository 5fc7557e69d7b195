"""`occupancy` of footfall.yaml and `--occupancy`: places whose people are counted through their doors.

A door is written as the name of a line or zone with a sign: `door+`, in is to the right over the line or into the zone;
`door-`, the other way round. `cam/door+` means the one of that camera.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import time

from footfall.config.document import Document
from footfall.config.plan import GraphPlan, SourceSpec
from footfall.config.section import Entry, Section, shown, suggest
from footfall.core.errors import ConfigError, Problem
from footfall.spatial.occupancy import Anchor, Door, Place
from footfall.spatial.regions import CountRule, SpatialSpec, ZoneCrossingRule

DOOR_FORM = "write the name of a line or zone and + or -, as in door+"
SIGNS = {"+": False, "-": True}


def read_places(root: Section) -> tuple[Place, ...]:
    """The places of a footfall.yaml; errors are noted in its document."""
    return tuple(place for item in root.items("occupancy") if (place := _place(item, root.document)) is not None)


def _place(item: Entry, document: Document) -> Place | None:
    section = Section.of(item.value, item.path, document)
    if section is None:
        return None
    name = section.text("name").strip()
    if not name:
        document.error(section.path, "the place has no name", "add name: ...")
    doors = [_door(str(door.value), door.path, document) for door in section.items("doors")]
    if not doors:
        document.error(section.path, "the place has no doors", "add doors: [door+]")
    anchors = [_anchor(anchor, document) for anchor in section.items("anchors")]
    section.finish()
    return Place(name, tuple(d for d in doors if d is not None), tuple(a for a in anchors if a is not None))


def _door(text: str, path: str, document: Document) -> Door | None:
    camera, _, region = text.strip()[:-1].rpartition("/")
    if not region or text.strip()[-1] not in SIGNS:
        document.error(path, f"{shown(text)} is no door", DOOR_FORM)
        return None
    return Door.of(region, is_turned=SIGNS[text.strip()[-1]], camera=camera)


def _anchor(item: Entry, document: Document) -> Anchor | None:
    section = Section.of(item.value, item.path, document)
    if section is None:
        return None
    at = _time(section.text("at"), section.path, document)
    people, zone = section.integer("people", default=0, low=0), section.text("zone").strip()
    if "people" in section and zone:
        document.error(section.path, "has both people and a zone", "keep one of them")
    section.finish()
    return None if at is None else Anchor(at, people, zone)


def _time(text: str, path: str, document: Document) -> time | None:
    try:
        at = time.fromisoformat(text.strip())
    except ValueError:
        at = time(tzinfo=None)
        text = ""
    if not text.strip() or at.tzinfo is not None:
        document.error(path, "has no time of day", 'write it like "04:00"')
        return None
    return at


def parse_place(text: str) -> Place:
    """`NAME=door+,back-` of the command line.

    Raises:
        ConfigError: at `--occupancy`.
    """
    document = Document("command line")
    name, _, rest = text.partition("=")
    path = f"--occupancy {name.strip()[:60]}".rstrip()
    doors = [_door(door, path, document) for door in rest.split(",")] if name.strip() and rest.strip() else []
    if not doors:
        document.error(path, "is not of the form NAME=DOOR,DOOR", "write for example --occupancy shop=door+,back-")
    document.raise_errors()
    return Place(name.strip(), tuple(door for door in doors if door is not None))


def parse_anchor(text: str) -> Anchor:
    """`HH:MM=PEOPLE` or `HH:MM=ZONE` of the command line.

    Raises:
        ConfigError: at `--occupancy-anchor`.
    """
    document = Document("command line")
    clock, _, what = (part.strip() for part in text.partition("="))
    path = f"--occupancy-anchor {text[:60]}".rstrip()
    at = _time(clock, path, document)
    if at is not None and not what:
        document.error(path, "does not say how many", "write 04:00=0, or a zone with a count rule: 18:00=hall")
    document.raise_errors()
    assert at is not None
    return Anchor(at, int(what)) if what.isascii() and what.isdigit() else Anchor(at, zone=what)


def with_anchors(places: Iterable[Place], anchors: tuple[Anchor, ...]) -> tuple[Place, ...]:
    """The places, each with these anchors too."""
    return tuple(replace(place, anchors=(*place.anchors, *anchors)) for place in places)


def check_places(places: Sequence[Place], graphs: Iterable[GraphPlan], file: str) -> None:
    """Whether every door and zone of the places is watched; problems are told at the names of the places.

    Raises:
        ConfigError: one is not, or two places have one name.
    """
    found = _misfits(places, graphs)
    problems = [Problem(file, places[number].name, what, cure) for number, _, what, cure in found]
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))


def note_misfits(places: Sequence[Place], graphs: Iterable[GraphPlan], document: Document) -> None:
    """The same for the places of a footfall.yaml: problems are noted where they stand in its document."""
    for number, below, what, cure in _misfits(places, graphs):
        document.error(f"$.occupancy[{number}]{below}", what, cure)


def _misfits(places: Sequence[Place], graphs: Iterable[GraphPlan]) -> Iterator[tuple[int, str, str, str]]:
    """Number of the place, path below it, what is wrong, and how to mend it."""
    watched = [(graph.spec(SourceSpec).source_id, graph.spec(SpatialSpec)) for graph in graphs]
    passable = {(camera, name) for camera, spec in watched for name in _passable(spec)}
    counted = {
        zone.name for _, spec in watched for zone in spec.zones if any(isinstance(r, CountRule) for r in zone.rules)
    }
    names = [place.name for place in places]
    for number, place in enumerate(places):
        if place.name in names[:number]:
            yield number, ".name", "two places have this name", "rename one"
        for index, door in enumerate(place.doors):
            known = sorted({region for camera, region in passable if door.camera in ("", camera)})
            if door.region not in known:
                what = f"the door {shown(door.region)} is no line, and no zone whose enters and exits are counted"
                yield number, f".doors[{index}]", what, suggest(door.region, known) or DOOR_FORM
        for index, anchor in enumerate(place.anchors):
            if anchor.zone and anchor.zone not in counted:
                cure = suggest(anchor.zone, sorted(counted)) or "give a number of people, or name such a zone"
                yield number, f".anchors[{index}].zone", f"{shown(anchor.zone)} is no zone with a count rule", cure


def _passable(spec: SpatialSpec) -> Iterator[str]:
    """Lines, and zones whose enters and exits are counted."""
    yield from (line.name for line in spec.lines if line.rules)
    for zone in spec.zones:
        if any(isinstance(rule, ZoneCrossingRule) and rule.enter and rule.exit for rule in zone.rules):
            yield zone.name

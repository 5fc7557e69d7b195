"""Regions between the page and footfall.yaml. Keys of a region that the page does not know stay where they are."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from footfall.spatial.regions import Line, SpatialSpec, Zone
from footfall.web.desk import CameraState, Document, Edit, Version
from footfall.web.documents import find_camera
from footfall.web.models_regions import (
    FloorSpec,
    LineRegion,
    MaskRegion,
    RegionsSpec,
    Rule,
    RuleName,
    Rules,
    Ways,
    ZoneRegion,
)

Section: TypeAlias = dict[str, Any]
T = TypeVar("T", bound=BaseModel)
KNOWN: Final = frozenset({"name", "points", "polygon", "line", "names", "events", "threshold", "target_side"})
"""Keys of a region that the page knows, in all spellings."""
RULES: Final[TypeAdapter[list[RuleName | Rule] | None]] = TypeAdapter(Rules)


def drawn_regions(camera: str, spec: RegionsSpec) -> Edit:
    """The edit that puts regions into one camera of a document."""

    def change(document: Document) -> Document:
        after = deepcopy(document)
        put_regions(find_camera(after, camera), spec)
        return after

    return change


def put_regions(camera: Section, spec: RegionsSpec) -> None:
    """Put regions into the section of a camera."""
    _put(camera, "lines", spec.lines)
    _put(camera, "zones", spec.zones)
    _put(camera, "masks", spec.masks)
    if spec.floor is None:
        camera.pop("camera", None)
    else:
        camera["camera"] = spec.floor.model_dump(exclude_none=True)


def _put(camera: Section, kind: str, regions: Sequence[LineRegion | ZoneRegion | MaskRegion]) -> None:
    before = {str(one.get("name")): one for one in _sections(camera, kind)}
    if regions:
        camera[kind] = [_section_of(region, before.get(region.name, {})) for region in regions]
    else:
        camera.pop(kind, None)


def _section_of(region: LineRegion | ZoneRegion | MaskRegion, before: Section) -> Section:
    after = region.model_dump(exclude_none=True)
    names = {way: text for way, text in after.pop("names", {}).items() if text}
    kept = {key: value for key, value in before.items() if key.lower() not in KNOWN}
    if "events" not in after and "events" in before and _rules(before) is None:
        kept["events"] = before["events"]  # the page cannot show these, so nobody has meant to remove them
    return {**after, **({"names": names} if names else {}), **kept}


def regions_of(version: Version, state: CameraState) -> RegionsSpec:
    """What is drawn now: places from the plan, the rest from the document where there is one."""
    camera = {} if version.document is None else find_camera(version.document, state.name)
    spatial = state.plan.spec(SpatialSpec)
    lines = {str(one.get("name")): one for one in _sections(camera, "lines")}
    zones = {str(one.get("name")): one for one in _sections(camera, "zones")}
    return RegionsSpec(
        lines=[_line(line, lines.get(line.name, {})) for line in spatial.lines],
        zones=[_zone(zone, zones.get(zone.name, {})) for zone in spatial.zones],
        masks=[mask for one in _sections(camera, "masks") if (mask := _read(MaskRegion, one)) is not None],
        floor=_read(FloorSpec, camera.get("camera")),
    )


def _line(line: Line, section: Section) -> LineRegion:
    return LineRegion(
        name=line.name,
        points=[list(line.start_n), list(line.end_n)],
        names=_read(Ways, section.get("names")) or Ways(),
        events=_rules(section),
        threshold=_threshold(section),
    )


def _zone(zone: Zone, section: Section) -> ZoneRegion:
    return ZoneRegion(
        name=zone.name,
        points=[list(point) for point in zone.polygon_n],
        events=_rules(section),
        threshold=_threshold(section),
        target_side=zone.target_side,
    )


def _rules(section: Section) -> list[RuleName | Rule] | None:
    """The events of a region; None where there are none, or some that the page has no words for."""
    try:
        return RULES.validate_python(section.get("events"))
    except ValidationError:
        return None


def _threshold(section: Section) -> float | None:
    value = section.get("threshold")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _read(model: type[T], value: object) -> T | None:
    """A part of a document as a model; None where it does not fit."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def _sections(camera: Section, kind: str) -> list[Section]:
    found = camera.get(kind)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

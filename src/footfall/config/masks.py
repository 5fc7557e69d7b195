"""`masks` of a camera: what nobody is to see."""

from __future__ import annotations

from footfall.config.plan import PrivacyMask
from footfall.config.rules import RegionStyle
from footfall.config.section import Section, shown
from footfall.config.spaceanalytics import read_polygon
from footfall.core.geometry import is_self_intersecting, polygon_area


def read_masks(camera: Section, style: RegionStyle) -> tuple[PrivacyMask, ...]:
    """Privacy masks; problems are noted, and all of them are errors: a mask that hides something else is none."""
    masks: list[PrivacyMask] = []
    for item in camera.items("masks"):
        section = Section.of(item.value, item.path, camera.document)
        mask = _mask(section, style) if section else None
        if mask is None:
            continue
        if mask.name in [other.name for other in masks]:
            camera.document.error(item.path, f"the name {shown(mask.name)} is used twice", "rename one")
        masks.append(mask)
    return tuple(masks)


def _mask(section: Section, style: RegionStyle) -> PrivacyMask | None:
    name = section.text("name").strip()
    if not name:
        section.document.error(section.path, "the mask has no name", "add name: ..., so that people can talk of it")
    polygon = read_polygon(section, style)
    section.finish()
    if polygon is None:
        return None
    if is_self_intersecting(polygon):
        what = f"the mask {shown(name)} crosses itself, so that parts of it may stay visible"
        section.document.error(section.path, what, "list its corners in walking order")
    elif polygon_area(polygon) == 0.0:
        section.document.error(
            section.path, f"the mask {shown(name)} has no inside", "move a corner away from the line"
        )
    return PrivacyMask(name, polygon)

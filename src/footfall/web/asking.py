"""Which model each camera asks about people, by the configuration: now, before, and from now on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias

from footfall.web.desk import Desk, Document, Edit, Unknown, Version
from footfall.web.documents import changed_camera, find_camera

Asked: TypeAlias = str | bool | None
"""What `attributes` says, for a camera or for all; True: the environment's model, None: none."""
KEY: Final = "attributes"
VERSIONS: Final = 50
"""So many are looked through."""
_PAGE: Final = 10


def asked_by(document: Document | None, camera: str) -> Asked:
    """What a camera asks.

    Raises:
        Unknown: there is no such camera.
    """
    if document is None:
        raise Unknown("this configuration is not footfall's own: change its text")
    section = find_camera(document, camera)
    value: Any = section[KEY] if KEY in section else document.get(KEY)
    return value if value is True or (isinstance(value, str) and value.strip()) else None


def before(desk: Desk, cameras: Collection[str]) -> Mapping[str, Asked]:
    """What cameras asked before they came to ask what they ask now; those that never asked anything else are left out.

    Raises:
        Unknown: the configuration is not footfall's own.
    """
    now = {camera: asked_by(desk.version().document, camera) for camera in cameras}
    found: dict[str, Asked] = {}
    for version in _older(desk):
        open_ones = [camera for camera in now if camera not in found]
        if not open_ones:
            break
        for camera in open_ones:
            try:
                then = asked_by(version.document, camera)
            except Unknown:
                continue
            if then != now[camera]:
                found[camera] = then
    return found


def asking(values: Mapping[str, Asked]) -> Edit:
    """The edit after which cameras ask these models."""

    def change(document: Document) -> Document:
        after = deepcopy(document)
        for camera, value in values.items():
            none = False if document.get(KEY) else None
            after = changed_camera(camera, {KEY: none if value is None else value})(after)
        return after

    return change


def _older(desk: Desk) -> Iterator[Version]:
    """Versions before the present one, newest first."""
    number = desk.version().number
    for _ in range(VERSIONS // _PAGE):
        page = desk.versions(number, _PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        number = page[-1].number

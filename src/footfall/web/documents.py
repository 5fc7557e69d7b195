"""Edits of the configuration as functions of its document: unknown keys stay, whoever wrote them."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any, Final

from footfall.access.roles import Caller, Role
from footfall.config.plan import DetectSpec, GroundSpec, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.spatial.regions import SpatialSpec
from footfall.web.desk import CameraState, Document, Edit, Unknown, Version
from footfall.web.models_cameras import Camera, RegionNames, Size
from footfall.web.models_config import Config, ConfigSummary

REMOVED: Final = None
LOGIN_IN_URL: Final = re.compile(r"^(\w+://)[^/]*@")


def config_of(version: Version) -> Config:
    """A version for an answer."""
    return Config(
        version=version.number,
        at=version.at,
        author=version.author,
        comment=version.comment,
        kind="other" if version.document is None else "footfall",
        text=version.text,
        document=version.document,
    )


def config_for(caller: Caller, version: Version) -> Config:
    """The same for anybody: who is no admin gets the sections of cameras that they see, and no text."""
    whole = config_of(version)
    if caller.role is Role.ADMIN:
        return whole
    cameras = [one for one in _cameras(version.document or {}) if caller.sees(_name(one))]
    document = None if version.document is None else {"cameras": cameras}
    return whole.model_copy(update={"text": "", "document": document})


def summary_of(version: Version) -> ConfigSummary:
    """The same without its text."""
    return ConfigSummary(version=version.number, at=version.at, author=version.author, comment=version.comment)


def camera_of(state: CameraState) -> Camera:
    """A camera for an answer."""
    source, spatial = state.plan.spec(SourceSpec), state.plan.spec(SpatialSpec)
    return Camera(
        name=state.name,
        url=state.url,
        is_enabled=state.plan.enabled,
        state=state.state,  # type: ignore[arg-type]  # checked by the model
        reason=state.reason,
        reason_code=state.reason_code,
        since=state.since,
        size=size_of(state),
        counts=dict(state.counts),
        fps_in=state.fps_in,
        fps_analysed=state.fps_analysed,
        lag_s=state.lag_s,
        people=state.people,
        zones=dict(state.zones),
        detector_s=state.detector_s,
        clock_offset_s=state.clock_offset_s,
        model=state.plan.spec(DetectSpec).model,
        fps=source.max_fps,
        width=source.width_px,
        transport=source.transport.value,
        is_calibrated=state.plan.spec(GroundSpec).camera is not None,
        regions=RegionNames(lines=[line.name for line in spatial.lines], zones=[zone.name for zone in spatial.zones]),
    )


def size_of(state: CameraState) -> Size | None:
    """Of the analysed frames."""
    return None if state.size_px is None else Size(width=state.size_px[0], height=state.size_px[1])


def find_camera(document: Document, name: str) -> dict[str, Any]:
    """The section of one camera in a document.

    Raises:
        Unknown: there is none.
    """
    for camera in _cameras(document):
        if _name(camera) == name:
            return camera
    raise Unknown(f"there is no camera {name!r}")


def with_camera(section: dict[str, Any]) -> Edit:
    """One more camera."""

    def change(document: Document) -> Document:
        after = deepcopy(document)
        if section["name"] in map(_name, _cameras(after)):
            raise ConfigError([Problem("request", "$.name", "there is such a camera already", "take another name")])
        after["cameras"] = [*(after.get("cameras") or []), section]
        return after

    return change


def changed_camera(name: str, keys: dict[str, Any]) -> Edit:
    """Other settings of one camera; None takes a key away."""

    def change(document: Document) -> Document:
        after = deepcopy(document)
        camera = find_camera(after, name)
        if "url" in keys and "login" not in keys and camera.get("login"):
            _check_same_place(str(camera.get("url")), keys["url"])
        if keys.get("login") and isinstance(camera.get("url"), str):
            camera["url"] = LOGIN_IN_URL.sub(r"\1", camera["url"])
        for key, value in keys.items():
            if value is REMOVED:
                camera.pop(key, None)
            else:
                camera[key] = value
        return after

    return change


def without_camera(name: str) -> Edit:
    """One camera less."""

    def change(document: Document) -> Document:
        after = deepcopy(document)
        gone = find_camera(after, name)
        after["cameras"] = [camera for camera in after["cameras"] if camera is not gone]
        return after

    return change


def _check_same_place(before: str, after: str) -> None:
    """A password goes to nobody whom it was not given for."""
    if _host(before) != _host(after):
        what = "leads to another camera, which must not get the password of this one"
        cure = "give `login` again, or null"
        raise ConfigError([Problem("request", "$.url", what, cure)])


def _host(url: str) -> str:
    return re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2].lower()


def _cameras(document: Document) -> list[dict[str, Any]]:
    return [camera for camera in document.get("cameras") or [] if isinstance(camera, dict)]


def _name(camera: dict[str, Any]) -> str:
    return str(camera.get("name", "")).strip()

"""Cameras: what they do now, adding and changing them, probing, discovery."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from footfall.web.models import Answer, Name, Request, Utc, Whole

CameraWord = Literal["starting", "running", "reconnecting", "failed", "stopped", "disabled"]
Transport = Literal["tcp", "udp", "http"]
Address = Annotated[str, Field(min_length=1, max_length=2000, examples=["rtsp://10.0.0.7/stream1"])]


class Size(Answer):
    """Of a picture, in pixels."""

    width: Whole
    height: Whole


class RegionNames(Answer):
    """Which regions a camera has, for menus."""

    lines: list[str]
    zones: list[str]


class Camera(Answer):
    """One camera, its settings and how it does."""

    name: str
    url: str = Field(description="without login")
    is_enabled: bool
    state: CameraWord
    reason: str = Field(description="why, in words; empty while it runs")
    reason_code: str = Field(examples=["unauthorized"])
    since: Utc
    size: Size | None = Field(description="of the analysed frames; null before the first")
    counts: dict[str, Whole] = Field(
        description="since it was started: frames_in, frames_analysed, frames_dropped, events, reconnects, ..."
    )
    fps_in: float = Field(description="over the last ten seconds, as are the others")
    fps_analysed: float
    lag_s: float = Field(description="how old a frame is when it has been analysed")
    people: Whole = Field(description="in view now")
    zones: dict[str, Whole] = Field(description="people in each zone now")
    detector_s: float = Field(description="mean time of one analysis")
    clock_offset_s: float | None = Field(description="how far the camera's clock is ahead; null: it tells no time")
    model: str
    fps: float = Field(description="at most so many frames a second are analysed")
    width: Whole = Field(description="of the analysed frame")
    transport: Transport
    is_calibrated: bool = Field(description="whether the floor is known by the configuration")
    regions: RegionNames


class Cameras(Answer):
    """All cameras that one may see."""

    cameras: list[Camera]


class Login(Request):
    """Of a camera; kept sealed, never shown again."""

    user: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^${}]*$")]
    password: Annotated[str, Field(max_length=1024, json_schema_extra={"writeOnly": True})]


class NewCamera(Request):
    """A camera to be added."""

    name: Name
    url: Address
    login: Login | None = None
    transport: Transport | None = None
    model: Name | None = None
    fps: Annotated[float, Field(ge=0.1, le=240)] | None = None
    width: Annotated[int, Field(ge=64, le=7680)] | None = None
    is_enabled: bool = True
    comment: Annotated[str, Field(max_length=500)] = ""


class CameraChange(Request):
    """What is not given stays; null takes the default again, and a login away."""

    url: Address | None = None
    login: Login | None = None
    transport: Transport | None = None
    model: Name | None = None
    fps: Annotated[float, Field(ge=0.1, le=240)] | None = None
    width: Annotated[int, Field(ge=64, le=7680)] | None = None
    is_enabled: bool | None = None
    comment: Annotated[str, Field(max_length=500)] = ""


class ProbeRequest(Request):
    """An address to try."""

    url: Address
    login: Login | None = None
    transport: Transport | None = None


class ProbeAnswer(Answer):
    """What is there."""

    ok: bool
    codec: str | None = Field(default=None, examples=["h264"])
    width: Whole | None = None
    height: Whole | None = None
    fps: float | None = None
    transport: str | None = None
    advice: list[str] = Field(default_factory=list)
    reason: str | None = Field(default=None, description="code where it is not ok", examples=["unauthorized"])
    detail: str | None = None


class DiscoveryRequest(Request):
    """What to ask with."""

    login: Login | None = Field(default=None, description="tried once with each camera that answers")


class Stream(Answer):
    """One of a camera's streams."""

    url: str = Field(description="without login")
    name: str
    codec: str = Field(examples=["H264"])
    size: Size
    fps: float


class FoundDevice(Answer):
    """A camera that answered in the local network."""

    name: str
    address: str
    urls: list[str] = Field(description="of its streams, the largest first")
    streams: list[Stream]
    reason: str | None = Field(description="why it tells no streams; `unauthorized`: it wants a login")


class DiscoveryAnswer(Answer):
    """Everybody who answered."""

    devices: list[FoundDevice]

"""Asks cameras that were found for their streams: GetCapabilities, GetProfiles, GetStreamUri (ONVIF Core and Media 1).

Nobody is asked but the machine that answered the discovery, and no address it tells leads to another one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import httpx

from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Clock
from footfall.ingest.discovery import WAIT_S, Device, discover
from footfall.ingest.soap import MOST_BYTES, Element, envelope, parse, security

TIMEOUT_S: Final = 3.0
"""For each answer."""
CAMERA_S: Final = 8.0
"""For all answers of one camera."""
AT_ONCE: Final = 8
MOST_PROFILES: Final = 8
REFUSALS: Final = {401, 403}
"""Of HTTP."""
_DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"
_MEDIA: Final = "http://www.onvif.org/ver10/media/wsdl"
_SCHEMA: Final = "http://www.onvif.org/ver10/schema"


@dataclass(frozen=True, slots=True)
class FoundStream:
    """One of a camera's profiles."""

    url: str
    """rtsp, without a login."""
    name: str = ""
    codec: str = ""
    """As the camera says: `H264`, `H265`, `JPEG`."""
    size_px: tuple[int, int] = (0, 0)
    fps: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundCamera:
    """A camera in the local network."""

    name: str
    address: str
    streams: tuple[FoundStream, ...] = ()
    reason: str = ""
    """Why it told no streams, as in `SourceUnavailable.reason`; `unauthorized`: it wants a login."""


@dataclass(frozen=True, slots=True)
class OnvifLogin:
    """Of the cameras."""

    user: str
    password: str = field(repr=False)


async def find_cameras(
    clock: Clock, login: OnvifLogin | None = None, hosts: Sequence[str] = (), *, wait_s: float = WAIT_S
) -> tuple[FoundCamera, ...]:
    """Every camera that answers, with its streams if it tells them; a login is tried once with each.

    Args:
        clock: for logins, which are dated.
        login: for all of them; None: ask without one.
        hosts: private addresses to ask beside the multicast.
        wait_s: for the first answer of each.
    """
    return await ask_all(await discover(hosts, wait_s=wait_s), clock, login)


async def ask_all(devices: Sequence[Device], clock: Clock, login: OnvifLogin | None = None) -> tuple[FoundCamera, ...]:
    """The streams of these devices, some of them at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(device: Device) -> FoundCamera:
        name = device.name or device.hardware or device.address
        try:
            async with gate, asyncio.timeout(CAMERA_S):
                return FoundCamera(name, device.address, await streams_of(device, clock, login))
        except TimeoutError:
            return FoundCamera(name, device.address, reason="timeout")
        except SourceUnavailable as error:
            return FoundCamera(name, device.address, reason=error.reason)

    return tuple(await asyncio.gather(*map(ask, devices)))


async def streams_of(device: Device, clock: Clock, login: OnvifLogin | None = None) -> tuple[FoundStream, ...]:
    """A device's streams, largest first.

    Raises:
        SourceUnavailable: it refuses the login, or does not answer in ONVIF's words.
    """
    async with httpx.AsyncClient(
        timeout=TIMEOUT_S,
        follow_redirects=False,
        trust_env=False,
        verify=False,  # noqa: S501 - cameras sign for themselves; the password is never sent
    ) as http:
        talk = _Talk(http, device, clock, login)
        await talk.set_clock()
        media = await talk.media_service()
        profiles = await talk.ask(media, f'<m:GetProfiles xmlns:m="{_MEDIA}"/>')
        streams = []
        for profile in list(profiles.all("Profiles"))[:MOST_PROFILES]:
            streams.append(await talk.stream(media, profile))
    return tuple(sorted(filter(None, streams), key=lambda stream: -stream.size_px[0] * stream.size_px[1]))


class _Talk:
    """One device."""

    def __init__(self, http: httpx.AsyncClient, device: Device, clock: Clock, login: OnvifLogin | None) -> None:
        self._http = http
        self._address = device.address
        self._service = device.services[0]
        self._clock = clock
        self._login = login
        self._ahead = timedelta()

    async def set_clock(self) -> None:
        """How far the camera's clock is ahead: logins are dated by it. Some do not tell."""
        with suppress(SourceUnavailable, ValueError):
            answer = await self.ask(self._service, f'<d:GetSystemDateAndTime xmlns:d="{_DEVICE}"/>', named=False)
            date, time = answer.first("UTCDateTime", "Date"), answer.first("UTCDateTime", "Time")
            if date is not None and time is not None:
                year, month, day = (whole(date.words(word)) for word in ("Year", "Month", "Day"))
                hour, minute, second = (whole(time.words(word)) for word in ("Hour", "Minute", "Second"))
                self._ahead = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - self._clock.now()

    async def media_service(self) -> str:
        """Where the camera's streams are told."""
        request = f'<d:GetCapabilities xmlns:d="{_DEVICE}"><d:Category>Media</d:Category></d:GetCapabilities>'
        told = (await self.ask(self._service, request)).words("Media", "XAddr")
        return self._own(told, {"http", "https"}) or self._service

    async def stream(self, media: str, profile: Element) -> FoundStream | None:
        """One profile; None where it has no address."""
        token = escape(profile.attributes.get("token", ""), {'"': "&quot;"})
        answer = await self.ask(
            media,
            f'<m:GetStreamUri xmlns:m="{_MEDIA}" xmlns:t="{_SCHEMA}"><m:StreamSetup><t:Stream>RTP-Unicast</t:Stream>'
            "<t:Transport><t:Protocol>RTSP</t:Protocol></t:Transport></m:StreamSetup>"
            f"<m:ProfileToken>{token}</m:ProfileToken></m:GetStreamUri>",
        )
        url = self._own(answer.words("MediaUri", "Uri"), {"rtsp", "rtsps"})
        encoder = profile.first("VideoEncoderConfiguration") or Element("", {})
        if not url:
            return None
        size_px = whole(encoder.words("Resolution", "Width")), whole(encoder.words("Resolution", "Height"))
        fps = whole(encoder.words("RateControl", "FrameRateLimit"))
        return FoundStream(url, printable(profile.words("Name")), printable(encoder.words("Encoding")), size_px, fps)

    async def ask(self, url: str, body: str, *, named: bool = True) -> Element:
        """One call.

        Raises:
            SourceUnavailable: it fails.
        """
        header = ""
        if named and self._login is not None:
            created = self._clock.now() + self._ahead
            header = security(self._login.user, self._login.password, secrets.token_bytes(16), created)
        status, document = await self._post(url, envelope(body, header))
        if status in REFUSALS:
            raise SourceUnavailable("unauthorized", f"{self._address}: wants a login")
        try:
            answer = parse(document)
        except ValueError as error:
            raise SourceUnavailable("broken", f"{self._address}: {error}") from error
        fault = answer.first("Fault")
        if fault is None:
            return answer
        if is_refusal(fault):
            raise SourceUnavailable("unauthorized", f"{self._address}: wants a login, or refuses this one")
        raise SourceUnavailable("broken", f"{self._address}: {printable(fault.words('Text'))}")

    async def _post(self, url: str, message: bytes) -> tuple[int, bytes]:
        headers = {"content-type": "application/soap+xml; charset=utf-8", "accept-encoding": "identity"}
        document = b""
        try:
            async with self._http.stream("POST", url, content=message, headers=headers) as response:
                async for part in response.aiter_raw():
                    document += part
                    if len(document) > MOST_BYTES:
                        break
        except httpx.TimeoutException as error:
            raise SourceUnavailable("timeout", f"{self._address}: no answer") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceUnavailable("refused", f"{self._address}: {type(error).__name__}") from error
        return response.status_code, document

    def _own(self, url: str, schemes: set[str]) -> str:
        """An address that the camera tells, at the camera's own address whatever host it names, without a login."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return ""
        if parts.scheme not in schemes or not parts.hostname:
            return ""
        return parts._replace(netloc=f"{self._address}:{port}" if port else self._address).geturl()


def is_refusal(fault: Element) -> bool:
    """Whether a SOAP fault is about the login."""
    return any("NotAuthorized" in code.text or "FailedAuthentication" in code.text for code in fault.all("Value"))


def whole(text: str) -> int:
    """A number from 0 on; 0 where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def printable(text: str) -> str:
    """What a camera says, fit to be shown."""
    return "".join(letter for letter in text if letter.isprintable())[:100]

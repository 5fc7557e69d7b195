"""Pictures that clients name by address: fetched by us, which is a door into other people's networks (ASVS 13.2.4).

Shut unless the operator opens it: for all public addresses, or for hosts by name. Every hop of a redirect is judged
like the first; who is refused is never told why.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast
from urllib.parse import urljoin, urlsplit

import httpx

from footfall.access.outbound import WEB, Reach, Resolve, addresses_of
from footfall.access.outbound_http import AnswerTooLarge, Outbound, read
from footfall.core.errors import Blocked
from footfall.customvision.door.multipart import looks_like_picture
from footfall.customvision.faults import Refused
from footfall.customvision.workspace.intake import Upload

log = logging.getLogger(__name__)

CODE: Final = "BadRequestImageUrl"
TIMEOUT_S: Final = 10.0
MOST_HOPS: Final = 4
AT_ONCE: Final = 4
"""So many pictures of a batch are fetched at the same time."""
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {"User-Agent": "footfall", "Accept": "image/*", "Accept-Encoding": "identity"}
_SHUT: Final = "this service fetches no pictures: send the picture itself, or start it with --allow-image-urls"
_FAILED: Final = "the picture cannot be fetched from this address"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where pictures may come from."""

    public: bool = False
    """Every public address."""
    hosts: frozenset[str] = frozenset()
    """These in any case, in lower case, on a private network or on this machine, too."""

    def reach(self, host: str) -> Reach | None:
        """How far connections to a host may go; None: not at all."""
        if host.lower().rstrip(".") in self.hosts:
            return Reach(WEB, private=True, loopback=True)
        return Reach(WEB) if self.public else None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Gets pictures."""

    allowed: Allowed
    timeout_s: float = TIMEOUT_S
    """For all of one picture, redirects included."""
    resolve: Resolve = addresses_of
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def require_open(self) -> None:
        """Refuse where no picture is ever fetched.

        Raises:
            Refused: so it is.
        """
        if not (self.allowed.public or self.allowed.hosts):
            raise Refused(CODE, _SHUT)

    async def fill(self, asked: Mapping[str, object], largest: int, most: int) -> dict[str, object]:
        """Put pictures where addresses stand: in `image_data`, and in `uploads` by their names.

        Args:
            asked: arguments of an operation.
            largest: picture, in bytes.
            most: pictures of a batch; of one that is longer, none is fetched.

        Raises:
            Refused: as `picture`, for `image_data`; a picture of a batch that cannot be had stays None.
        """
        self.require_open()
        filled = dict(asked)
        if isinstance(url := asked.get("image_data"), str):
            filled["image_data"] = await self.picture(url, largest)
        uploads = cast(tuple[Upload, ...], asked.get("uploads", ()))
        if uploads and len(uploads) <= most:
            waiting = asyncio.Semaphore(AT_ONCE)
            filled["uploads"] = await asyncio.gather(*(self._upload(one, largest, waiting) for one in uploads))
        return filled

    async def _upload(self, upload: Upload, largest: int, waiting: asyncio.Semaphore) -> Upload:
        async with waiting:
            try:
                return replace(upload, content=await self.picture(upload.name, largest))
            except Refused:
                return upload

    async def picture(self, url: str, largest: int) -> bytes:
        """The bytes of a picture.

        Raises:
            Refused: it may not be fetched, cannot be fetched, is too large, or is no picture.
        """
        self.require_open()
        try:
            async with asyncio.timeout(self.timeout_s):
                content = await self._follow(url, largest)
        except AnswerTooLarge:
            raise Refused("BadRequestImageSizeBytes", f"a picture has at most {largest} bytes") from None
        except (httpx.HTTPError, httpx.InvalidURL, Blocked, TimeoutError, ValueError, OSError) as error:
            log.info("a picture was not fetched: %s", type(error).__name__)
            raise Refused(CODE, _FAILED) from None
        if not looks_like_picture(content):
            raise Refused(CODE, _FAILED)
        return content

    async def _follow(self, url: str, largest: int) -> bytes:
        for _ in range(MOST_HOPS):
            answer = await self._ask(url, largest)
            if isinstance(answer, bytes):
                return answer
            url = answer
        raise Blocked("redirects", "too many redirects")

    async def _ask(self, url: str, largest: int) -> bytes | str:
        """The answer, or where it is now."""
        host = urlsplit(url).hostname or ""
        reach = self.allowed.reach(host)
        if reach is None:
            raise Blocked("not-allowed", "this host is not on the list")
        outbound = Outbound(reach, self.trust, self.timeout_s, self.resolve)
        async with outbound.client() as client:
            places: list[str] = []

            async def note(response: httpx.Response) -> None:
                places.append(response.headers.get("location", ""))

            client.event_hooks = {"response": [note]}
            status, body = await read(client, client.build_request("GET", url, headers=_HEADERS), largest)
        if status in _REDIRECTS:
            return urljoin(url, places[0])
        if status != httpx.codes.OK:
            raise Blocked("status", f"it answers {status}")
        return body

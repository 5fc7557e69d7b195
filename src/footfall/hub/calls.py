"""Direct methods that wait for their answer (spec/iot.md section 5). One asyncio loop; the clock is the loop's."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Final, TypeAlias
from uuid import uuid4

import msgspec

from footfall.edge.topics import Identity
from footfall.hub.messages import BadRequest, NoReply, NotConnected, Reply

LONGEST_NAME: Final = 100
LARGEST_PAYLOAD: Final = 128 * 1024
RESPONSE_S: Final = (5, 300)
CONNECT_S: Final = (0, 300)

Send: TypeAlias = Callable[[Identity, str, str, bytes], bool]
"""`(who, method name, rid, payload)`: asks a client; False: it is not there, or does not listen to methods."""


class MethodRequest(msgspec.Struct, frozen=True, rename="camel"):
    """The envelope of a direct method, as REST has it."""

    method_name: str
    payload: msgspec.Raw = msgspec.Raw(b"null")
    response_timeout_in_seconds: int | None = None
    connect_timeout_in_seconds: int | None = None

    @property
    def response_timeout_s(self) -> int:
        """How long the module may take."""
        return 30 if self.response_timeout_in_seconds is None else self.response_timeout_in_seconds

    @property
    def connect_timeout_s(self) -> int:
        """How long the module may take to come."""
        return self.connect_timeout_in_seconds or 0


def method_request(body: bytes) -> MethodRequest:
    """Read the envelope `{"methodName", "payload", "responseTimeoutInSeconds", "connectTimeoutInSeconds"}`.

    Raises:
        BadRequest: it is something else, or breaks a limit.
    """
    try:
        request = msgspec.json.decode(body, type=MethodRequest)
    except ValueError as error:
        raise BadRequest(f"not a method's envelope: {error}") from None
    except RecursionError:
        raise BadRequest("not a method's envelope: nested too deeply") from None
    check_call(request.method_name, bytes(request.payload), request.response_timeout_s, request.connect_timeout_s)
    return request


def check_call(name: str, payload: bytes, response_timeout_s: float, connect_timeout_s: float) -> None:
    """Hold a call to its limits.

    Raises:
        BadRequest: says which it breaks.
    """
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadRequest(f"a method's name has 1 to {LONGEST_NAME} characters, this one {len(name)}")
    if len(payload) > LARGEST_PAYLOAD:
        raise BadRequest(f"a method's payload has at most {LARGEST_PAYLOAD} bytes, this one {len(payload)}")
    for what, seconds, (least, most) in (
        ("responseTimeoutInSeconds", response_timeout_s, RESPONSE_S),
        ("connectTimeoutInSeconds", connect_timeout_s, CONNECT_S),
    ):
        if not least <= seconds <= most:
            raise BadRequest(f"{what} is {seconds}, it must be {least} to {most}")


class Calls:
    """The direct methods that are open: matched by rid, each asked once."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._open: dict[tuple[Identity, str], asyncio.Future[Reply]] = {}
        self._awaited: defaultdict[Identity, set[asyncio.Event]] = defaultdict(set)

    async def invoke(
        self, who: Identity, name: str, payload: bytes, response_timeout_s: float, connect_timeout_s: float
    ) -> Reply:
        """Ask, and wait for the answer.

        Raises:
            BadRequest: the call breaks a limit.
            NotConnected: the client does not listen to methods, nor came to within the connect time-out.
            NoReply: it did not answer in time; what it says later is dropped.
        """
        check_call(name, payload, response_timeout_s, connect_timeout_s)
        rid = uuid4().hex
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._open[who, rid] = reply
        try:
            await self._ask(who, name, rid, payload, connect_timeout_s)
            async with asyncio.timeout(response_timeout_s):
                return await reply
        except TimeoutError:
            raise NoReply(f"{who.client_id} did not answer {name} within {response_timeout_s:g} s") from None
        finally:
            del self._open[who, rid]

    def listens(self, who: Identity) -> None:
        """A client has come, or has subscribed to methods: whoever waits for it asks again."""
        for came in self._awaited.get(who, ()):
            came.set()

    def replied(self, who: Identity, rid: str, reply: Reply) -> bool:
        """An answer came in; False: nobody waits for it any more, or it is not this client's to give."""
        waiting = self._open.get((who, rid))
        if waiting is None or waiting.done():
            return False
        waiting.set_result(reply)
        return True

    async def _ask(self, who: Identity, name: str, rid: str, payload: bytes, connect_timeout_s: float) -> None:
        came = asyncio.Event()
        self._awaited[who].add(came)
        try:
            async with asyncio.timeout(connect_timeout_s):
                while not self._send(who, name, rid, payload):
                    await came.wait()
                    came.clear()
        except TimeoutError:
            raise NotConnected(f"{who.client_id} is not online") from None
        finally:
            self._awaited[who].discard(came)
            if not self._awaited[who]:
                del self._awaited[who]

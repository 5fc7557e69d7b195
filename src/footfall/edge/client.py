"""A module of an edge hub: stays connected for ever, keeps its twin, answers direct methods, sends messages.

spec/iot.md sections 2 to 5. The hub may be any: ours, Azure IoT Edge, an IoT Hub itself. Nothing is kept here: a
message is the hub's when `send` returns, and the sender's when it raises.
"""

from __future__ import annotations

import json
import logging
import queue
import random
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from footfall.core.errors import FootfallError, SinkRejected, SinkUnavailable
from footfall.core.ports import Clock
from footfall.core.retry import backoff_s
from footfall.edge import topics
from footfall.edge.bag import decode_bag, encode_bag
from footfall.edge.connection import Acknowledge, Connection, Packet
from footfall.edge.identity import ModuleIdentity
from footfall.edge.messages import Handlers, Json, Outgoing, Properties, Twin
from footfall.edge.shadow import Shadow, read_twin

log = logging.getLogger(__name__)

Errand: TypeAlias = Callable[[], None]
Answer: TypeAlias = tuple[int, int | None, bytes]
"""Status, version and payload of an answer to a twin request."""

LARGEST_MESSAGE: Final = 262_144
TOKEN_LIFE_S: Final = 3600
RENEW_BEFORE_S: Final = 120
LONGEST_WAIT_S: Final = 5.0
"""Between two tries to reach the hub."""
PATIENCE_S: Final = 10.0
"""For one answer of the hub."""
LAST_ANSWERS_S: Final = 5.0
"""For a method that runs when the module ends."""
GOODBYE_S: Final = 2.0
TRY_LATER: Final = (408, 429)
NO_ANSWER: Final[Answer] = (0, None, b"")
"""The connection has ended before there was an answer."""


class ModuleClient:
    """One module's side of its hub.

    Args:
        identity: who it is.
        handlers: what to do when told something.
        clock: time of day, for the ends of tokens.
        token_life_s: how long a token is valid; it is renewed before its end, by connecting anew.
    """

    def __init__(
        self, identity: ModuleIdentity, handlers: Handlers, clock: Clock, *, token_life_s: int = TOKEN_LIFE_S
    ) -> None:
        self.identity = identity
        self._handlers = handlers
        self._clock = clock
        self._token_life_s = token_life_s
        self._stop = threading.Event()
        self._connection: Connection | None = None
        self._connected = threading.Event()
        self._sending = threading.Lock()
        self._shadow = Shadow()
        self._answers: dict[str, queue.SimpleQueue[Answer]] = {}
        self._news: queue.SimpleQueue[Errand | None] = queue.SimpleQueue()
        self._calls: queue.SimpleQueue[Errand | None] = queue.SimpleQueue()
        self._handling = [
            threading.Thread(target=run_errands, args=(errands,), name=f"edge {name}", daemon=True)
            for name, errands in (("news", self._news), ("methods", self._calls))
        ]
        self._threads = [threading.Thread(target=self._stay_connected, name="edge connection", daemon=True)]
        self._threads += self._handling

    def start(self) -> ModuleClient:
        """Begin to connect; returns itself, and at once."""
        for thread in self._threads:
            thread.start()
        return self

    def wait_connected(self, timeout_s: float) -> bool:
        """Wait until there is a connection; whether there is one."""
        return self._connected.wait(timeout_s)

    def close(self) -> None:
        """Let handlers finish what they were told, answers included, and say goodbye. Safe to call twice."""
        self._stop.set()
        for errands in (self._news, self._calls):
            errands.put(None)
        join(self._handling, LAST_ANSWERS_S)
        connection = self._connection
        if connection is not None:
            connection.close()
        join(self._threads, GOODBYE_S)

    def send(self, messages: Sequence[Outgoing], timeout_s: float = PATIENCE_S) -> None:
        """Send messages in order, each at least once; returns when the hub has taken all of them.

        Raises:
            SinkUnavailable: try again later; the first `delivered` were taken, perhaps more.
            SinkRejected: message number `delivered` is larger than any hub takes; those before it were taken.
        """
        packets = [self._packet(message) for message in messages]
        large = next((at for at, packet in enumerate(packets) if len(packet.payload) > LARGEST_MESSAGE), None)
        with self._sending:
            connection = self._present()
            try:
                connection.publish(packets[:large], timeout_s)
            except SinkUnavailable:
                connection.close()  # or what is late would go out behind the sender's back
                raise
        if large is not None:
            raise SinkRejected("too-large", f"a hub takes {LARGEST_MESSAGE} bytes", delivered=large)

    def twin(self, timeout_s: float = PATIENCE_S) -> Twin:
        """The twin as the hub knows it now.

        Raises:
            SinkUnavailable: the hub does not answer in time, or asks for patience.
            SinkRejected: the hub refuses.
        """
        _, payload = self._ask(topics.twin_get, b" ", timeout_s)
        try:
            return read_twin(payload)
        except ValueError as error:
            raise SinkUnavailable("broken", "the hub's answer is no twin") from error

    def report(self, patch: Properties, timeout_s: float = PATIENCE_S) -> int | None:
        """Change reported properties by a merge patch; their new `$version` where the hub tells it.

        Raises:
            SinkUnavailable: the hub does not answer in time, or asks for patience.
            SinkRejected: the hub refuses the patch.
        """
        version, _ = self._ask(topics.reported_patch, json.dumps(patch).encode(), timeout_s)
        return version

    def _ask(self, topic: Callable[[str], str], payload: bytes, timeout_s: float) -> tuple[int | None, bytes]:
        rid = uuid.uuid4().hex
        answer: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._answers[rid] = answer
        try:
            self._present().tell(Packet(topic(rid), payload))
            status, version, body = answer.get(timeout=timeout_s)
        except queue.Empty:
            raise SinkUnavailable("timeout", "the hub does not answer") from None
        finally:
            self._answers.pop(rid, None)
        if status == NO_ANSWER[0]:
            raise SinkUnavailable("broken", "the connection to the hub has ended")
        if status in TRY_LATER or status >= 500:
            raise SinkUnavailable("busy", f"the hub answers {status}")
        if status >= 300:
            raise SinkRejected("invalid", f"the hub answers {status}")
        return version, body

    def _present(self) -> Connection:
        connection = self._connection
        if connection is None:
            raise SinkUnavailable("closed", "there is no connection to the hub")
        return connection

    def _packet(self, message: Outgoing) -> Packet:
        system = {"$.on": message.output, "$.mid": message.message_id}
        bag = {name: value for name, value in system.items() if value} | dict(message.properties)
        return Packet(topics.telemetry(self.identity.who, encode_bag(bag)), message.body)

    def _stay_connected(self) -> None:
        attempt, trouble = 0, ""
        while not self._stop.is_set():
            try:
                connection = self._connect()
            except FootfallError as error:
                if str(error) != trouble:
                    log.warning("no connection to the hub (%s); trying again", error)
                attempt, trouble = attempt + 1, str(error)
                self._stop.wait(backoff_s(attempt, jitter(), LONGEST_WAIT_S))
                continue
            log.info("connected to the hub at %s as %s", self.identity.host, self.identity.who.client_id)
            attempt, trouble = 0, ""
            self._use(connection)

    def _connect(self) -> Connection:
        token = self.identity.token(int(self._clock.now().timestamp()) + self._token_life_s)
        has_inputs = self._handlers.on_input is not None
        return Connection(self.identity, token, self._arrived, has_inputs=has_inputs)

    def _use(self, connection: Connection) -> None:
        """Be connected until the connection breaks, its token grows old, or it is time to end."""
        self._connection = connection
        self._connected.set()
        self._news.put(self._look_at_twin)
        if self._stop.is_set() or connection.ended.wait(
            self._token_life_s - min(RENEW_BEFORE_S, self._token_life_s / 4)
        ):
            log.log(logging.DEBUG if self._stop.is_set() else logging.WARNING, "the connection to the hub has ended")
        with self._sending:
            self._connected.clear()
            self._connection = None
        connection.close()
        for answer in tuple(self._answers.values()):
            answer.put(NO_ANSWER)

    def _arrived(self, topic: str, payload: bytes, acknowledge: Acknowledge) -> None:
        """Network's thread: hand on what came; only inputs are acknowledged when they were looked at."""
        match topics.from_hub(topic):
            case topics.TwinAnswer(status, rid, version):
                if rid in self._answers:
                    self._answers[rid].put((status, version, payload))
            case topics.DesiredPatch(version):
                self._news.put(lambda: self._take_patch(version, payload))
            case topics.MethodCall(name, rid):
                self._calls.put(lambda: self._answer(name, rid, payload))
            case topics.InputMessage(name, bag):
                self._news.put(lambda: self._take_input(name, payload, bag, acknowledge))
                return
        acknowledge()

    def _look_at_twin(self) -> None:
        """After a connection: what was missed while away is in the twin."""
        attempt = 0
        while self._connection is not None and not self._stop.is_set():
            try:
                twin = self.twin()
            except SinkUnavailable:
                attempt += 1
                self._stop.wait(backoff_s(attempt, jitter(), LONGEST_WAIT_S))
            except SinkRejected as error:
                log.warning("the hub does not give the twin (%s)", error)
                return
            else:
                if self._shadow.take(twin):
                    self._handlers.on_twin(twin)
                return

    def _take_patch(self, version: int | None, payload: bytes) -> None:
        known = self._shadow.patch(version, payload)
        if known is None:
            self._look_at_twin()
        elif known:
            self._handlers.on_twin(self._shadow.twin)

    def _take_input(self, name: str, body: bytes, bag: str, acknowledge: Acknowledge) -> None:
        if self._handlers.on_input is not None:
            self._handlers.on_input(name, body, decode_bag(bag))
        acknowledge()

    def _answer(self, name: str, rid: str, payload: bytes) -> None:
        status, answer = self._run_method(name, payload)
        self._connected.wait(PATIENCE_S)  # a call may come before all of a connection is there
        try:
            self._present().tell(Packet(topics.method_reply(status, rid), json.dumps(answer).encode()))
        except SinkUnavailable:
            log.warning("the answer of %s came too late: the connection to the hub has ended", name)

    def _run_method(self, name: str, payload: bytes) -> tuple[int, Json]:
        try:
            asked = json.loads(payload) if payload.strip() else None
        except (ValueError, RecursionError):
            return 400, {"message": "the payload is no JSON"}
        try:
            return self._handlers.on_method(name, asked)
        except Exception as error:  # the caller hears of it, and the module goes on
            log.exception("a mistake in the program: method %s", name)
            return 500, {"message": f"{type(error).__name__} in {name}"}


def run_errands(errands: queue.SimpleQueue[Errand | None]) -> None:
    """Run one after the other until there is a None among them; a mistake in one does not keep the others from it."""
    while (errand := errands.get()) is not None:
        try:
            errand()
        except Exception:
            log.exception("a mistake in the program")


def join(threads: Sequence[threading.Thread], patience_s: float) -> None:
    """Wait for their end, each for so long; one that was never started has ended."""
    for thread in threads:
        if thread.is_alive() and thread is not threading.current_thread():
            thread.join(patience_s)


jitter = random.SystemRandom().random

"""The event log as a viewer shows it (spec/iot.md section 7.3): read from the hub's folder, or from its HTTPS door."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from logging import getLogger
from pathlib import Path
from typing import Final

import httpx

from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.core.ports import Clock
from footfall.core.retry import backoff_s
from footfall.edge.sas import signed
from footfall.edge.service import ServiceIdentity
from footfall.hub.log import Tail, beginning, ending
from footfall.hub.record import message_of

log = getLogger(__name__)

LOOK_S: Final = 0.2
"""How often to look whether the log has grown."""
TOKEN_LIFE_S: Final = 3600
SILENCE_S: Final = 45.0
"""A feed says every 15 s that it is there."""
LONGEST_WAIT_S: Final = 5.0


class FeedRefused(FootfallError):
    """The hub does not let this caller see its events."""


def shown(line: bytes, zone: tzinfo | None, *, is_verbose: bool) -> str:
    """An event as the monitor of VS Code prints it; one that no route took is marked.

    Args:
        line: of the event log (`hub.record`).
        zone: whose time of day is shown; None: this machine's.
        is_verbose: also application properties.

    Raises:
        ValueError: it is no line of an event log.
    """
    message, is_unrouted = message_of(line)
    at = message.time.astimezone(zone)
    o_clock = f"{at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"
    mark = " (unrouted)" if is_unrouted else ""
    head = f"[IoTHubMonitor] [{o_clock}] Message received from [{message.sender.client_id}]{mark}:"
    properties = {"applicationProperties": dict(message.properties)} if is_verbose else {}
    return f"{head}\n{json.dumps({'body': _body(message.body), **properties}, indent=2, ensure_ascii=False)}"


def is_unrouted(line: bytes) -> bool:
    """Whether no route took the message of a line."""
    return message_of(line)[1]


def from_folder(folder: Path, *, from_start: bool, sleep: Callable[[float], None] = time.sleep) -> Iterator[bytes]:
    """The lines of a hub's event log as they are written, for ever.

    Raises:
        ConfigError: no hub has ever run with this folder.
    """
    events = folder / "events"
    if not events.is_dir():
        cure = "start one with footfall hub, or name its folder with --data"
        raise ConfigError([Problem("command line", "--data", f"there is no hub in {folder}", cure)])
    tail = Tail(events, beginning(events) if from_start else ending(events))
    while True:
        lines = tail.read()
        yield from lines
        if not lines:
            sleep(LOOK_S)


@dataclass(frozen=True, slots=True)
class Feed:
    """The events of a hub over HTTPS; begins again where it was when the hub was gone."""

    service: ServiceIdentity
    trusted: ssl.SSLContext
    clock: Clock
    sleep: Callable[[float], None] = time.sleep

    def lines(self, *, from_start: bool, unrouted: bool) -> Iterator[bytes]:
        """Lines of the event log, for ever.

        Raises:
            FeedRefused: the hub is there, but says no.
        """
        at = "start" if from_start else ""
        failures = 0
        while True:
            try:
                for position, line in self._once(at, unrouted=unrouted):
                    at, failures = position, 0
                    yield line
            except httpx.HTTPError as error:
                failures += 1
                if failures == 1:
                    log.warning("%s: %s; trying again", self.service.host, error or type(error).__name__)
                self.sleep(backoff_s(failures, 1.0, LONGEST_WAIT_S))

    def _once(self, at: str, *, unrouted: bool) -> Iterator[tuple[str, bytes]]:
        headers = {"Authorization": self._token(), "Last-Event-ID": at}
        params = {"all": "true"} if unrouted else {}
        timeout = httpx.Timeout(SILENCE_S)
        with (
            httpx.Client(verify=self.trusted, timeout=timeout) as client,
            client.stream("GET", f"https://{self.service.host}/events", headers=headers, params=params) as answer,
        ):
            if answer.is_client_error:
                reason = f"{self.service.host} answers {answer.status_code}: is the connection string its own?"
                raise FeedRefused(reason)
            answer.raise_for_status()
            for name, value in _fields(answer.iter_lines()):
                if name == "id":
                    at = value
                elif name == "data":
                    yield at, value.encode()

    def _token(self) -> str:
        end_s = int(self.clock.now().timestamp()) + TOKEN_LIFE_S
        return signed(self.service.key, self.service.resource, end_s, self.service.policy).token


def trusting(authority: Path | None) -> ssl.SSLContext:
    """TLS that trusts a PEM file, or else what the machine trusts.

    Raises:
        ConfigError: the file is missing, or holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        what, cure = f"{authority} is no file of certificates: {error.strerror}", "name the hub's ca.pem"
        raise ConfigError([Problem("command line", "--ca", what, cure)]) from error


def _fields(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name, value.removeprefix(" ")


def _body(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")

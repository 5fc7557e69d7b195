"""A module's way to its hub, as a sink: a message's `topic` is the output that it leaves by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from footfall.core.types import Message
from footfall.edge.messages import Outgoing

JSON = {"$.ct": "application/json", "$.ce": "utf-8"}
"""System properties of a message body that is JSON; routes look into such bodies (spec/iot.md section 6)."""


class Sends(Protocol):
    """What there must be of a module client."""

    def send(self, messages: Sequence[Outgoing]) -> None:
        """Deliver all, in order; raises as a `Sink` does."""
        ...


class ModuleSink:
    """Messages go to the hub, which has taken them when `send` returns."""

    def __init__(self, client: Sends) -> None:
        self._client = client

    def send(self, messages: Sequence[Message]) -> None:
        """As `Sink.send`."""
        if messages:
            self._client.send([_outgoing(message) for message in messages])

    def close(self) -> None:
        """The client belongs to somebody else."""


def _outgoing(message: Message) -> Outgoing:
    return Outgoing(message.topic, message.body, JSON | dict(message.properties), message.key)

"""Messages of the project as messages of a module; stands behind an outbox, so that none is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from footfall.core.types import Message
from footfall.edge.client import ModuleClient
from footfall.edge.messages import Outgoing
from footfall.engine.delivery import RemoteSink
from footfall.runtime.delivery import behind_outbox

SYSTEM: Final = {"content-type": "$.ct", "encoding": "$.ce"}
"""Properties of a `Message` that are system properties of a hub (spec/iot.md section 3.1)."""
JSON: Final = {"$.ct": "application/json", "$.ce": "utf-8"}


class EdgeSink:
    """Sends to the outputs of a module.

    Args:
        client: of the module.
        output_of: names the output of a message.
    """

    def __init__(self, client: ModuleClient, output_of: Callable[[Message], str]) -> None:
        self._client = client
        self._output_of = output_of

    def send(self, messages: Sequence[Message]) -> None:
        """Send messages in order; returns when the hub has taken all. The client keeps the connection alive itself.

        Raises:
            SinkUnavailable: try again later.
            SinkRejected: the first message that was not taken is larger than any hub takes.
        """
        if messages:
            self._client.send([self._outgoing(message) for message in messages])

    def close(self) -> None:
        """Nothing to let go: the client belongs to the module."""

    def _outgoing(self, message: Message) -> Outgoing:
        own = {SYSTEM.get(name, name): value for name, value in message.properties.items()}
        return Outgoing(self._output_of(message), message.body, JSON | own, message.key)


def edge_outlet(client: ModuleClient, folder: Path, output_of: Callable[[Message], str]) -> RemoteSink:
    """The way of a module's messages to its hub, behind an outbox in a folder; not started.

    Raises:
        ConfigError: the outbox cannot be made, or is in use.
    """
    name = f"hub at {client.identity.host}"
    receiver = f"edge://{client.identity.hub}/{client.identity.who.client_id}"
    return behind_outbox(EdgeSink(client, output_of), name, receiver, folder)

"""What an instance of a media graph tells the hub: inferences, and events for the outputs that the twin names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from footfall.core.ports import Clock
from footfall.core.types import Message
from footfall.events.media import DIAGNOSTICS, INFERENCE, OPERATIONAL, RUNTIME_ERROR, properties, subject
from footfall.extension.client import Trouble
from footfall.ingest.camera import Established, Lost, News, Refused, Unsuitable
from footfall.ingest.url import redact
from footfall.recording.notices import (
    DataDropped,
    Notice,
    RecordingAvailable,
    RecordingStarted,
    RecordingStopped,
    StorageError,
)
from footfall.runtime.wiring import random_id

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outputs:
    """What the module twin says about messages (spec/media-graph.md section 10)."""

    account: str
    """azureMediaServicesArmId: the `topic` of all events."""
    diagnostics: str = ""
    """Name of the output for troubles; empty: they are not sent."""
    operational: str = ""
    """The same for what becomes of recordings."""


class Reporter:
    """Makes the messages of one instance; safe to use from several threads.

    Args:
        instance: its name.
        outputs: what the twin says at the moment.
        deliver: takes messages; their `topic` is the output.
        clock: time of day.
    """

    def __init__(
        self,
        instance: str,
        outputs: Callable[[], Outputs],
        deliver: Callable[[Sequence[Message]], None],
        clock: Clock,
    ) -> None:
        self._instance = instance
        self._outputs = outputs
        self._deliver = deliver
        self._clock = clock

    def inference(self, node: str, output: str) -> Callable[[bytes, datetime], Message]:
        """Makes the messages of a processor for a hub sink's output, out of a body and its media time."""
        who = subject(self._instance, "processors", node)

        def write(body: bytes, utc: datetime) -> Message:
            return Message(output, body, random_id(), utc, properties(self._outputs().account, who, INFERENCE, utc))

        return write

    def camera(self, node: str, url: str, news: News) -> None:
        """The RTSP source has news; `url` may hold a login."""
        target = redact(url)
        match news:
            case Established(sdp=sdp):
                kind, body = "MediaSessionEstablished", {"sdp": f"SDP:\n{sdp}"}
            case Refused(status=status):
                kind, body = "ProtocolError", {"code": str(status), "target": target, "protocol": "rtsp"}
            case Unsuitable(codec=codec):
                kind, body = "MediaFormatError", {"code": codec}
            case Lost(reason=reason):
                kind, body = "NetworkError", {"errorCode": reason}
        level = logging.INFO if isinstance(news, Established) else logging.WARNING
        log.log(level, "%s: %s: %s at %s", self._instance, node, news, target)
        self._diagnose(kind, subject(self._instance, "sources", node), body)

    def extension(self, node: str, trouble: Trouble) -> None:
        """A model of other people does not do what it should."""
        log.warning("%s: %s: %s: %s", self._instance, node, trouble.kind.value, trouble.detail)
        self._diagnose(trouble.kind.value, subject(self._instance, "processors", node), trouble.body)

    def failure(self, code: str) -> None:
        """The program has made a mistake, and goes on."""
        self._tell(self._outputs().diagnostics, RUNTIME_ERROR, subject(self._instance), {"code": code})

    def recording(self, notice: Notice) -> None:
        """A sink has news."""
        output = notice.output
        who = subject(self._instance, "sinks", output.node)
        match notice:
            case RecordingStarted() | RecordingAvailable() | RecordingStopped():
                log.info("%s: %s: %s: %s", self._instance, output.node, type(notice).__name__, output.location)
                body = {"outputType": output.type.value, "outputLocation": output.location}
                self._tell(self._outputs().operational, OPERATIONAL + type(notice).__name__, who, body)
            case StorageError(reason=reason):
                log.warning("%s: %s: %s: %s", self._instance, output.node, output.location, reason)
                self._diagnose("StorageError", who, {"storageAccountName": output.location})
            case DataDropped():
                log.warning("%s: %s: video of %s is lost", self._instance, output.node, output.location)
                self._diagnose("DataDropped", who, {"dataType": "video"})

    def _diagnose(self, kind: str, who: str, body: Mapping[str, str]) -> None:
        self._tell(self._outputs().diagnostics, DIAGNOSTICS + kind, who, body)

    def _tell(self, output: str, event_type: str, who: str, body: Mapping[str, str]) -> None:
        if output:
            now = self._clock.now()
            said = properties(self._outputs().account, who, event_type, now)
            self._deliver([Message(output, msgspec.json.encode(body), random_id(), now, said)])

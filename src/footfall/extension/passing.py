"""What nodes upstream said, sent along with a frame: gRPC -> gRPC chains. Pure (spec/media-graph.md section 5)."""

from __future__ import annotations

import logging

from google.protobuf.json_format import ParseDict, ParseError

from footfall.extension.client import Annotations
from footfall.extension.contract import Inference, ProtoMessage
from footfall.extension.placing import Placing, boxes_to_sent

log = logging.getLogger(__name__)


def passed_on(annotations: Annotations, placing: Placing) -> list[ProtoMessage]:
    """Messages of the inferences; what no message can hold is left out."""
    messages = []
    for annotation in annotations:
        moved = boxes_to_sent(annotation, placing)
        try:
            kind = str(moved.get("type", "auto")).upper()
            messages.append(ParseDict({**moved, "type": kind}, Inference(), ignore_unknown_fields=True))
        except (ParseError, ValueError) as error:
            log.debug("an inference is not passed on: %s", error)
    return messages

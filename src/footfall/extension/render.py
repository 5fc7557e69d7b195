"""Inferences -> the JSON that a hub publishes, in both published renderings (spec/grpc-extension.md section 10)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

import msgspec
import numpy as np

from footfall.core.types import Message
from footfall.extension.contract import ProtoMessage
from footfall.extension.wire import EPOCH, LATEST_S, StreamDescriptor

Json = dict[str, object]


class Style(Enum):
    """Which module's rendering."""

    FIRST = "1.0"
    """Everything is written, empty or not; `valueCase` says which value is set."""
    SECOND = "2.0"
    """Nothing empty is written."""


def published(stream: StreamDescriptor, sample: ProtoMessage, style: Style) -> Message:
    """What a media graph makes of an answer when it sends it to a hub (spec/iot.md section 7)."""
    utc = EPOCH + timedelta(seconds=min(sample.timestamp / stream.timescale, LATEST_S))
    properties = {
        "topic": stream.account,
        "subject": f"/graphInstances/{stream.instance}/processors/{stream.node}",
        "eventType": "Microsoft.Media.Graph.Analytics.Inference",
        "eventTime": cut_timestamp(utc),
        "dataVersion": "1.0",
        "content-type": "application/json",
        "encoding": "utf-8",
    }
    return Message(stream.instance, body(sample, style), sample.inferences[0].inference_id, utc, properties)


def body(sample: ProtoMessage, style: Style) -> bytes:
    """The message body of a `MediaSample`: UTF-8 JSON; inferences without a value are left out."""
    rendered = [inference(one, style) for one in sample.inferences if one.WhichOneof("value")]
    return msgspec.json.encode({"timestamp": sample.timestamp, "inferences": rendered})


def cut_timestamp(utc: datetime) -> str:
    """ISO 8601 with milliseconds, the rest cut off (spec/grpc-extension.md section 7)."""
    return f"{utc.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def inference(message: ProtoMessage, style: Style) -> Json:
    """One inference; its `type` follows from the value that is set (section 9)."""
    case = message.WhichOneof("value")
    value = _VALUES[case](getattr(message, case), style)
    known: Json = {
        "type": case,
        "subtype": message.subtype,
        "inferenceId": message.inference_id,
        "relatedInferences": list(message.related_inferences),
        case: value,
        "extensions": dict(message.extensions),
    }
    if style is Style.FIRST:
        return known | {"valueCase": case}
    if message.sequence_id:
        known["sequenceId"] = message.sequence_id
    return {key: part for key, part in known.items() if part not in ("", [], {})}


def number(value: float) -> float | int:
    """The shortest decimal that gives the same 32-bit float; whole numbers without a point."""
    if value == int(value):
        return int(value)
    return float(str(np.float32(value)))


def _tag(tag: ProtoMessage) -> Json:
    return {"value": tag.value, "confidence": number(tag.confidence)}


def _box(box: ProtoMessage) -> Json:
    return {side: number(getattr(box, side)) for side in "ltwh"}


def _attributes(message: ProtoMessage, style: Style) -> Json:
    listed = [{"name": a.name, "value": a.value, "confidence": number(a.confidence)} for a in message.attributes]
    return {"attributes": listed} if listed or style is Style.FIRST else {}


def _classification(message: ProtoMessage, style: Style) -> Json:
    return {"tag": _tag(message.tag), **_attributes(message, style)}


def _motion(message: ProtoMessage, _style: Style) -> Json:
    return {"box": _box(message.box)}


def _entity(message: ProtoMessage, style: Style) -> Json:
    known: Json = {"tag": _tag(message.tag), **_attributes(message, style), "box": _box(message.box)}
    return known | ({"id": message.id} if message.id and style is Style.SECOND else {})


def _text(message: ProtoMessage, _style: Style) -> Json:
    return {
        "value": message.value,
        "language": message.language,
        "startTimestamp": message.start_timestamp,
        "endTimestamp": message.end_timestamp,
    }


def _event(message: ProtoMessage, _style: Style) -> Json:
    return {"name": message.name, "properties": dict(message.properties)}


def _other(message: ProtoMessage, _style: Style) -> Json:
    return {"contentType": message.content_type, "contentBytes": base64.b64encode(message.content_bytes).decode()}


_VALUES: dict[str, Callable[[ProtoMessage, Style], Json]] = {
    "classification": _classification,
    "motion": _motion,
    "entity": _entity,
    "text": _text,
    "event": _event,
    "other": _other,
}

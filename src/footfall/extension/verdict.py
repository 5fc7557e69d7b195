"""What an HTTP extension's reply comes to. Pure (spec/grpc-extension.md sections 9 and 12)."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from footfall.extension.placing import Placing, boxes_from_sent
from footfall.extension.render import Json

Fraction = Annotated[float, msgspec.Meta(ge=0, le=1)]


class _Struct(msgspec.Struct, rename="camel"):
    """Further fields may stand beside those named."""


class _Tag(_Struct):
    value: str
    confidence: Fraction = 0.0


class _Attribute(_Struct):
    name: str
    value: str
    confidence: Fraction = 0.0


class _Rectangle(_Struct):
    l: Fraction  # noqa: E741 as on the wire
    t: Fraction
    w: Fraction
    h: Fraction


class _Entity(_Struct):
    tag: _Tag
    box: _Rectangle
    attributes: list[_Attribute] = []


class _Classification(_Struct):
    tag: _Tag
    attributes: list[_Attribute] = []


class _Motion(_Struct):
    box: _Rectangle


class _Text(_Struct):
    value: str


class _Event(_Struct):
    name: str
    properties: dict[str, str] = {}


class _Other(_Struct):
    content_type: str
    content_bytes: bytes


class _Inference(_Struct):
    type: Literal["classification", "motion", "entity", "text", "event", "other"]
    classification: _Classification | None = None
    motion: _Motion | None = None
    entity: _Entity | None = None
    text: _Text | None = None
    event: _Event | None = None
    other: _Other | None = None
    subtype: str = ""
    inference_id: str = ""
    related_inferences: list[str] = []


class _Reply(_Struct):
    inferences: list[_Inference]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a model said about a picture; boxes in fractions of the camera's."""

    inferences: tuple[Json, ...] = ()
    opaque: object = None
    """JSON that follows no schema."""


def verdict(content_type: str, content: bytes, placing: Placing) -> Verdict:
    """Of the body of a reply with status 200; inferences keep fields that the schema does not know."""
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.endswith("json"):
        return _other(content_type, content)
    try:
        document: Any = msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError):
        return _other(content_type, content)
    if not _follows_the_schema(document):
        return Verdict(opaque=document)
    return Verdict(tuple(boxes_from_sent(one, placing) for one in document["inferences"]))


def _follows_the_schema(document: object) -> bool:
    try:
        reply = msgspec.convert(document, _Reply)
    except msgspec.ValidationError:
        return False
    return all(getattr(one, one.type) is not None for one in reply.inferences)


def _other(content_type: str, content: bytes) -> Verdict:
    data = base64.b64encode(content).decode()
    kind = content_type or "application/octet-stream"
    return Verdict(({"type": "other", "other": {"contentType": kind, "contentBytes": data}},))

"""Messages of the gRPC extension <-> our types. Pure (spec/grpc-extension.md sections 2 to 4).

Times are counts of 1/timescale seconds since 1970-01-01T00:00:00Z; boxes are left, top, width, height in fractions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from footfall.events.inferences import Inference, NamedEvent, PersonEntity
from footfall.extension import contract
from footfall.extension.contract import ProtoMessage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_S = 253_402_300_799.0
"""The end of the year 9999: a later timestamp is no time of day."""
TIMESCALE = 90_000
"""Ticks a second where a descriptor names no other."""


class Encoding(IntEnum):
    """How the bytes of a sample hold a picture."""

    BMP = 0
    JPG = 1
    PNG = 2
    RAW = 3


class PixelFormat(IntEnum):
    """Order of the bytes of a raw picture."""

    NONE = 0
    YUV420P = 20
    RGB565BE = 40
    RGB565LE = 41
    RGB555BE = 42
    RGB555LE = 43
    RGB24 = 60
    BGR24 = 61
    ARGB = 80
    RGBA = 81
    ABGR = 82
    BGRA = 83


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What the samples of a stream hold; sides in pixels."""

    encoding: int
    pixel_format: int
    width: int
    height: int
    stride_bytes: int


@dataclass(frozen=True, slots=True)
class SharedRegion:
    """A POSIX shared-memory file."""

    name: str
    length_bytes: int


@dataclass(frozen=True, slots=True)
class StreamDescriptor:
    """The first message of a client."""

    account: str
    """Resource id of the media account; empty where the client names none, as are instance and node."""
    instance: str
    node: str
    configuration: str
    """`extension_configuration`: empty, or a graph of Azure Video Analyzer."""
    timescale: int
    format: PictureFormat | None
    region: SharedRegion | None
    """None: the samples carry their pictures."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where in the shared region a picture lies."""

    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of a client."""

    timestamp: int
    content: bytes | memoryview | Reference | None


@dataclass(frozen=True, slots=True)
class Received:
    """One message of a client; `payload` None where it carries none."""

    sequence: int
    payload: StreamDescriptor | Sample | None


def read_message(message: ProtoMessage) -> Received:
    """Take a `MediaStreamMessage` apart."""
    kind = message.WhichOneof("payload")
    payload: StreamDescriptor | Sample | None = None
    if kind == "media_stream_descriptor":
        payload = _descriptor(message.media_stream_descriptor)
    elif kind == "media_sample":
        payload = _sample(message.media_sample)
    return Received(message.sequence_number, payload)


def descriptor_reply(sequence: int, acknowledged: int) -> ProtoMessage:
    """The server's first message: what time is counted in."""
    reply = contract.MediaStreamMessage(sequence_number=sequence, ack_sequence_number=acknowledged)
    reply.media_stream_descriptor.media_descriptor.timescale = TIMESCALE
    return reply


def sample_reply(sequence: int, acknowledged: int, timestamp: int, inferences: Iterable[Inference]) -> ProtoMessage:
    """Acknowledge one picture and say what was found in it; without inferences a mere acknowledgement."""
    reply = contract.MediaStreamMessage(sequence_number=sequence, ack_sequence_number=acknowledged)
    sample = reply.media_sample
    sample.SetInParent()
    for inference in inferences:
        sample.timestamp = timestamp
        _write(inference, sample.inferences.add())
    return reply


def _descriptor(message: ProtoMessage) -> StreamDescriptor:
    media, region = message.media_descriptor, None
    if message.HasField("shared_memory_buffer_transfer_properties"):
        shared = message.shared_memory_buffer_transfer_properties
        region = SharedRegion(shared.handle_name, shared.length_bytes)
    return StreamDescriptor(
        account=message.graph_identifier.media_services_arm_id,
        instance=message.graph_identifier.graph_instance_name,
        node=message.graph_identifier.graph_node_name,
        configuration=message.extension_configuration,
        timescale=media.timescale or TIMESCALE,
        format=_format(media.video_frame_sample_format) if media.HasField("video_frame_sample_format") else None,
        region=region,
    )


def _format(message: ProtoMessage) -> PictureFormat:
    sides = message.dimensions
    return PictureFormat(message.encoding, message.pixel_format, sides.width, sides.height, message.stride_bytes)


def _sample(message: ProtoMessage) -> Sample:
    kind = message.WhichOneof("content")
    if kind == "content_bytes":
        return Sample(message.timestamp, message.content_bytes.bytes)
    if kind == "content_reference":
        where = message.content_reference
        return Sample(message.timestamp, Reference(where.address_offset, where.length_bytes))
    return Sample(message.timestamp, None)


def _write(inference: Inference, into: ProtoMessage) -> None:
    into.inference_id = inference.id
    match inference:
        case PersonEntity():
            _write_person(inference, into)
        case NamedEvent():
            into.type = contract.ENUMS["Inference.InferenceType"]["EVENT"]
            into.related_inferences.extend(inference.related)
            into.event.name = inference.name
            into.event.properties.update(inference.properties)


def _write_person(person: PersonEntity, into: ProtoMessage) -> None:
    into.type = contract.ENUMS["Inference.InferenceType"]["ENTITY"]
    entity = into.entity
    entity.tag.value, entity.tag.confidence = "person", person.confidence
    if person.mask is not None:
        entity.attributes.add(name=person.mask.label, value="true", confidence=person.mask.confidence)
    for one in person.attributes:
        entity.attributes.add(name=one.task or "attribute", value=one.label, confidence=one.confidence)
    x0, y0, x1, y1 = person.box_n
    entity.box.l, entity.box.t, entity.box.w, entity.box.h = x0, y0, x1 - x0, y1 - y0
    into.extensions.update(person.extensions)

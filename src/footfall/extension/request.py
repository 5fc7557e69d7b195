"""What a client says, as bytes (spec/grpc-extension.md sections 2 and 4). Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footfall.extension.client import Asker
from footfall.extension.contract import MediaStreamMessage, ProtoMessage
from footfall.extension.wire import TIMESCALE, PictureFormat, Reference, SharedRegion


def descriptor(asker: Asker, configuration: str, pictures: PictureFormat, region: SharedRegion | None) -> bytes:
    """The first message of a stream."""
    message = MediaStreamMessage(sequence_number=1)
    stream = message.media_stream_descriptor
    graph = stream.graph_identifier
    graph.media_services_arm_id = asker.account
    graph.graph_instance_name, graph.graph_node_name = asker.instance, asker.node
    stream.extension_configuration = configuration
    media = stream.media_descriptor
    media.timescale = TIMESCALE
    sample = media.video_frame_sample_format
    sample.encoding, sample.pixel_format = pictures.encoding, pictures.pixel_format
    sample.dimensions.width, sample.dimensions.height = pictures.width, pictures.height
    sample.stride_bytes = pictures.stride_bytes
    if region is not None:
        shared = stream.shared_memory_buffer_transfer_properties
        shared.handle_name, shared.length_bytes = region.name, region.length_bytes
    return _bytes(message)


def by_reference(sequence: int, timestamp_90k: int, where: Reference, inferences: Sequence[ProtoMessage]) -> bytes:
    """A picture that lies in shared memory."""
    message = _sample(sequence, timestamp_90k, inferences)
    reference = message.media_sample.content_reference
    reference.address_offset, reference.length_bytes = where.offset, where.length
    return _bytes(message)


def embedded(
    sequence: int, timestamp_90k: int, content: NDArray[np.uint8], inferences: Sequence[ProtoMessage]
) -> bytes:
    """A picture inside the message; put together by hand, because protobuf would copy megabytes twice."""
    sample = _sample(sequence, timestamp_90k, inferences).media_sample
    content_head = _head(_BYTES, len(content))
    picture_head = _head(_CONTENT_BYTES, len(content_head) + len(content))
    known = _bytes(sample)
    sample_head = _head(_SAMPLE, len(known) + len(picture_head) + len(content_head) + len(content))
    numbered = _bytes(MediaStreamMessage(sequence_number=sequence))
    return b"".join([numbered, sample_head, known, picture_head, content_head, content.data])


def _sample(sequence: int, timestamp_90k: int, inferences: Sequence[ProtoMessage]) -> ProtoMessage:
    message = MediaStreamMessage(sequence_number=sequence)
    message.media_sample.timestamp = timestamp_90k
    message.media_sample.inferences.extend(inferences)
    return message


_SAMPLE, _CONTENT_BYTES, _BYTES = 6, 5, 1


def _head(number: int, length: int) -> bytes:
    """What stands before so many bytes of a field: its number and type, and their count in groups of seven bits."""
    head = bytearray([number << 3 | 2])
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head)


def _bytes(message: ProtoMessage) -> bytes:
    data: bytes = message.SerializeToString()
    return data
